"""Answer an interaction where it happened, to one person's eyes.

Both do nothing where Slack gave no address to answer to.
"""

from slack_bolt import BoltContext

from bot.blocks.spoken import Spoken


def reply(
    context: BoltContext, spoken: Spoken, *, thread_ts: str | None = None
) -> None:
    """Say something to the person alone, and leave what is there."""
    if context.response_url and context.respond:
        context.respond(
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
    if context.response_url and context.respond:
        context.respond(text=spoken.text, blocks=spoken.blocks, replace_original=True)
