"""Every way in: Slack's listeners and the command line, a module a surface."""

import logging
import secrets
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from typing import cast

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.deps import Deps
from handlers import (
    actors,
    communities,
    daily,
    errors,
    grapevine,
    home,
    inbox,
    topics,
    who_knows,
)

# Bolt's own five are taken by five slow answers, and the sixth person's command
# then fails after three seconds.
LISTENER_THREADS = 20

NOT_INSTALLED = (
    "Grapevine is not installed in this workspace any more. Whoever looks after its "
    "apps can install it again."
)

# None: the workspace has not installed Grapevine. Bolt takes it, and forgot to say.
Authorize = Callable[..., AuthorizeResult | None]

log = logging.getLogger("grapevine.bolt")


def build_app(  # noqa: PLR0913 - all but the first by name
    deps: Deps,
    *,
    client: WebClient,
    wake: Callable[[], None],
    signing_secret: str | None = None,
    authorize: Authorize | None = None,
    executor: Executor | None = None,
) -> App:
    """Build Bolt's app with every listener; nothing is asked of Slack yet.

    Args:
        deps: Collaborators.
        client: With the address of the Web API, and for one workspace its token.
        wake: Called when an event has been made durable.
        signing_secret: Verifies what comes over HTTP. Without one nothing that
            comes that way is believed; Socket Mode needs none.
        authorize: For many workspaces: says who has installed Grapevine.
        executor: Runs listeners; `close_app` ends it.
    """
    app = App(
        name="grapevine",
        logger=log,
        client=client,
        signing_secret=signing_secret or secrets.token_hex(32),
        token_verification_enabled=False,
        authorize=cast("Callable[..., AuthorizeResult] | None", authorize),
        user_facing_authorize_error_message=NOT_INSTALLED,
        before_authorize=inbox.recorder(deps, wake=wake),
        listener_executor=executor or ThreadPoolExecutor(LISTENER_THREADS, "listener"),
        # Bolt would log the whole request otherwise, and with it what people wrote.
        raise_error_for_unhandled_request=True,
    )
    register(app, deps)
    return app


def register(app: App, deps: Deps) -> None:
    """Add every surface to an app."""
    errors.register(app, deps)
    actors.register(app, deps)
    who_knows.register(app, deps)
    grapevine.register(app, deps)
    home.register(app, deps)
    daily.register(app, deps)
    communities.register(app, deps)
    topics.register(app, deps)


def close_app(app: App) -> None:
    """Let listeners finish what they are at, and end their threads."""
    app.listener_runner.listener_executor.shutdown(wait=True, cancel_futures=True)
