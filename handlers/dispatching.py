"""Hand what Slack sends to Bolt; tell what can never be read from what failed now."""

import traceback
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from slack_bolt import App, BoltRequest, BoltResponse

from bot.errors import GrapevineError

# How Bolt fails at what is of another shape than Slack's.
_MISSHAPEN = (AttributeError, LookupError, RecursionError, TypeError, ValueError)

BAD_REQUEST = 400


class UnreadableError(GrapevineError):
    """What was sent is not of Slack's shape; sent again it would be no better."""


def read(
    body: str | dict[str, Any],
    headers: Mapping[str, str | Sequence[str]],
    mode: Literal["http", "socket_mode"],
) -> BoltRequest:
    """Read what was sent as Bolt wants it.

    Raises:
        UnreadableError: It is not JSON, nested too deeply, or of another shape.
    """
    if not isinstance(body, str | dict):
        raise UnreadableError("no object")
    try:
        return BoltRequest(body=body, headers=dict(headers), mode=mode)
    except _MISSHAPEN as error:
        raise UnreadableError from error


def dispatch(app: App, request: BoltRequest) -> BoltResponse:
    """Run the app.

    Raises:
        UnreadableError: Bolt cannot read it.
    """
    try:
        return app.dispatch(request)
    except _MISSHAPEN as error:
        if "slack_bolt" in traceback.extract_tb(error.__traceback__)[-1].filename:
            raise UnreadableError from error
        raise  # a defect of ours may be mended before it comes again
