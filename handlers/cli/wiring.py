"""How `run` stands to Slack: for one workspace by its token, or for many by OAuth."""

import logging
from dataclasses import dataclass, field

from slack_sdk import WebClient
from sqlalchemy import select

from bot import departures
from bot.deps import Deps
from bot.errors import (
    BadInputError,
    GrapevineError,
    SlackBusyError,
    SlackLockedOutError,
    SlackRefusedError,
)
from bot.manifest import scopes
from bot.settings import Settings
from bot.tokens import Tokens
from handlers import Authorize
from handlers.cli.runtime import Runtime
from handlers.http import Pages
from handlers.oauth import App, Installer, authorizer
from models import Installation

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What the listeners need to know whose Slack they are in.

    Attributes:
        client: With the bot's token, if there is one for all.
        authorize: Finds the token of a workspace, if there are many.
        pages: To install Grapevine, if there are many.
    """

    client: WebClient
    authorize: Authorize | None = None
    pages: Pages = field(default_factory=dict)


def wire(runtime: Runtime, deps: Deps) -> Wiring:
    """Find out whose Slack it is, by the settings.

    Raises:
        BadInputError: A setting is missing, or one too many.
        GrapevineError: Slack does not know the token, or ours cannot be opened.
    """
    settings = runtime.settings
    if settings.is_for_many:
        tokens = runtime.tokens(deps.database, deps.metrics.calls.add)
        _try_key(tokens)
        app = App(
            client_id=settings.slack_client_id,
            scopes=",".join(scopes("bot", "bot_optional")),
            authorize_url=_authorize_url(settings),
        )
        return Wiring(
            WebClient(base_url=settings.slack_api_url),
            authorizer(tokens),
            Installer(tokens, app).pages,
        )
    token = needed(settings.slack_bot_token.get_secret_value(), "SLACK_BOT_TOKEN")
    _return(deps)
    return Wiring(WebClient(token=token, base_url=settings.slack_api_url))


def needed(value: str, name: str) -> str:
    """Take a setting that this cannot do without.

    Raises:
        BadInputError: It is not set.
    """
    if not value:
        raise BadInputError(
            f"{name} is not set; README, “Connect it to Slack”, says where to find it"
        )
    return value


def not_connected(code: object) -> GrapevineError:
    """Say that Slack refuses us, and what to look at."""
    return GrapevineError(
        f"Slack does not let Grapevine in ({code}): check SLACK_BOT_TOKEN and "
        "SLACK_APP_TOKEN, or run `doctor`"
    )


def _authorize_url(settings: Settings) -> str:
    return f"{settings.slack_api_url.removesuffix('api/')}oauth/v2/authorize"


def _try_key(tokens: Tokens) -> None:
    """Open what is sealed now, rather than fail at the first event."""
    with tokens.database.readers() as session:
        for sealed in session.scalars(select(Installation.token)):
            tokens.vault.open(sealed)


def _return(deps: Deps) -> None:
    """A token that works says that its workspace is there, if it had left."""
    try:
        who = deps.slack_of("").call("auth.test", {})
    except (SlackLockedOutError, SlackRefusedError) as refused:
        raise not_connected(refused.code) from refused
    except SlackBusyError as busy:
        log.warning("%s", busy)
        return
    with deps.database.sessions.begin() as session:
        departures.welcome_back(session, str(who["team_id"]), now=deps.clock())
