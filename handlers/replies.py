"""Answer an interaction where it happened, to one person's eyes.

Both do nothing where Slack gave no address to answer to.
"""

from http.client import HTTPException
from typing import Any

from slack_bolt import BoltContext

from bot.blocks.spoken import Spoken

# Where a context has what counts calls of Slack, by method and result.
COUNT = "count"

_METHOD = "response_url"
_OK = 200


def _uncounted(_method: str, _result: str) -> None:
    """Count nothing: whoever is answered was not admitted."""


def reply(
    context: BoltContext, spoken: Spoken, *, thread_ts: str | None = None
) -> None:
    """Say something to the person alone, and leave what is there."""
    _respond(
        context,
        text=spoken.text,
        blocks=spoken.blocks,
        response_type="ephemeral",
        replace_original=False,
        unfurl_links=False,
        unfurl_media=False,
        thread_ts=thread_ts,
    )


def replace(context: BoltContext, spoken: Spoken) -> None:
    """Put the outcome in the place of the message whose button was pressed."""
    _respond(context, text=spoken.text, blocks=spoken.blocks, replace_original=True)


def _respond(context: BoltContext, **said: Any) -> None:  # noqa: ANN401 - Bolt's own
    if not (context.response_url and context.respond):
        return
    count = context.get(COUNT) or _uncounted
    try:
        answer = context.respond(**said)
    except (OSError, HTTPException):
        count(_METHOD, "busy")
        raise
    count(_METHOD, "ok" if answer.status_code == _OK else f"http_{answer.status_code}")
