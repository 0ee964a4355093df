"""When something fails: a traceback for who runs the bot, calm words for people."""

import logging
import traceback
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Protocol

from slack_bolt import Ack, App, BoltContext, BoltResponse
from slack_bolt.error import BoltUnhandledRequestError

from bot.blocks.spoken import modal, say, section
from bot.deps import Deps
from bot.errors import GrapevineError, SlackBusyError
from handlers.replies import reply

Body = dict[str, Any]

log = logging.getLogger(__name__)

CALM = (
    "Something went wrong on my side. Please try again in a minute; if it happens "
    "again, tell whoever runs Grapevine."
)
BUSY = "Slack is busy right now. Please try again in a minute."


def register(app: App, deps: Deps) -> None:
    """Catch what no listener does."""
    app.error(partial(on_error, deps=deps))


class Listener(Protocol):
    """A listener of ours: acknowledges, then acts for somebody."""

    def __call__(
        self, ack: Ack, body: Body, context: BoltContext, *, deps: Deps
    ) -> None:
        """Act; what it raises is told to the person calmly."""
        ...


def guarded(listener: Listener, deps: Deps) -> Callable[[Ack, Body, BoltContext], None]:
    """Keep a listener's failure from Bolt, which would take back its answer.

    Bolt drops an acknowledgement when the listener fails within milliseconds of
    it, so that Slack shows a timeout beside our own words (seen in 1.30).
    """

    @wraps(listener)
    def run(ack: Ack, body: Body, context: BoltContext) -> None:
        try:
            listener(ack, body, context, deps=deps)
        except Exception as error:  # noqa: BLE001 - see above
            report(error, body, context, deps)

    return run


def on_error(
    error: Exception, body: Body, context: BoltContext, *, deps: Deps
) -> BoltResponse | None:
    """Handle what fails outside our listeners, or has none."""
    if isinstance(error, BoltUnhandledRequestError):
        # Old buttons, or a manifest ahead of the code: acknowledged, so that
        # nobody is shown a failure they can do nothing about.
        log.info("no listener", extra={"kind": str(body.get("type"))})
        return BoltResponse(status=200, body="")
    report(error, body, context, deps)
    # A press or a form that Bolt cannot read is no fault of the server's.
    return BoltResponse(status=400, body="") if _is_misshapen(error, body) else None


def _is_misshapen(error: Exception, body: Body) -> bool:
    unreadable = isinstance(error, AttributeError | LookupError | TypeError)
    return unreadable and body.get("type") != "event_callback"


def report(error: Exception, body: Body, context: BoltContext, deps: Deps) -> None:
    """Log where it failed, and tell the person that it did.

    Neither the log nor the person sees the error's own message: it may quote
    what somebody wrote, as a database's does.
    """
    log.error(
        "a listener failed: %s\n%s",
        kinds_of(error),
        places_of(error),
        extra={"workspace_id": context.team_id, "user_id": context.user_id},
    )
    if body.get("type") != "event_callback":
        _tell(error, body, context, deps)


def kinds_of(error: BaseException) -> str:
    """Name an error and what caused it, without their messages.

    Ours are told whole: they are written by us, for a person to read.
    """
    names = []
    cause: BaseException | None = error
    while cause is not None:
        own = isinstance(cause, GrapevineError)
        name = type(cause).__name__
        names.append(f"{name}: {cause}" if own else name)
        cause = cause.__cause__ or cause.__context__
    return " from ".join(names)


def places_of(error: BaseException) -> str:
    """List the lines of code that an error came through."""
    return "".join(traceback.format_tb(error.__traceback__)).rstrip()


def _tell(error: Exception, body: Body, context: BoltContext, deps: Deps) -> None:
    words = BUSY if isinstance(error, SlackBusyError) else CALM
    if context.response_url:
        reply(context, say(words))
        return
    trigger_id, workspace_id = body.get("trigger_id"), context.team_id
    if not trigger_id or not workspace_id:
        return
    view = modal("That did not work", [section(words)])
    try:
        deps.slack_of(workspace_id).call(
            "views.open", {"trigger_id": trigger_id, "view": view}
        )
    except GrapevineError as refused:
        log.info("could not tell the person: %s", kinds_of(refused))
