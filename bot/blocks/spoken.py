"""The parts every surface is made of, each within Slack's limits.

https://docs.slack.dev/reference/block-kit/blocks
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.text import escape

Block = dict[str, Any]

MAX_TEXT = 3_000  # of a section
MAX_FALLBACK = 3_900  # Slack advises 4,000 and shows only this to screen readers
MAX_BUTTON = 75
MAX_VALUE = 2_000  # of a button
MAX_HEADER = 150

# What people named something; longer ones say no more and crowd the line out.
MAX_NAME = 80

_ELLIPSIS = "\u2026"

# Sets apart what stands on one line and is no sentence.
DOT = " \u00b7 "


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message: its blocks, and the same in words for screen readers."""

    text: str
    blocks: list[Block]

    def payload(self) -> dict[str, Any]:
        """Give the arguments that `chat.postMessage` and its kin take."""
        return {"text": self.text, "blocks": self.blocks}


def clip(text: str, most: int) -> str:
    """Cut text to a length, marking the cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + _ELLIPSIS


def clip_marked(text: str, most: int) -> str:
    """Cut marked-up text between its lines, so that no link is cut in two."""
    if len(text) <= most:
        return text
    kept = text[: most - 1].rpartition("\n")[0]
    if not kept:  # a single line: better without its last, half word
        kept = text[: most - 1].rpartition(" ")[0]
    return kept.rstrip() + _ELLIPSIS


def named(text: str, most: int = MAX_NAME) -> str:
    """Show what a person wrote: on one line, cut, and unable to call anybody."""
    return escape(clip(" ".join(text.split()), most))


def say(text: str, blocks: Iterable[Block] | None = None) -> Spoken:
    """Say something; without blocks it is one section of the same words."""
    shown = [section(text)] if blocks is None else list(blocks)
    return Spoken(clip_marked(text, MAX_FALLBACK), shown)


def plain(text: str, most: int) -> Block:
    """Make a text object without markup."""
    return {"type": "plain_text", "text": clip(text, most), "emoji": False}


def header(text: str) -> Block:
    """Make a heading; it knows no markup, so nothing in it needs escaping."""
    return {"type": "header", "text": plain(text, MAX_HEADER)}


def section(text: str, *, accessory: Block | None = None) -> Block:
    """Make a paragraph, with one control beside it if wanted."""
    block: Block = {
        "type": "section",
        "text": {"type": "mrkdwn", "text": clip_marked(text, MAX_TEXT)},
    }
    return block | ({"accessory": accessory} if accessory else {})


def context(*parts: str) -> Block:
    """Make a line of small print; its parts are set apart by a dot."""
    shown = clip_marked(DOT.join(parts), MAX_TEXT)
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": shown}]}


def actions(*elements: Block) -> Block:
    """Make a row of controls."""
    return {"type": "actions", "elements": list(elements)}


def divider() -> Block:
    """Make a line across."""
    return {"type": "divider"}


def button(
    text: str,
    action_id: str,
    *,
    value: str = "",
    style: str = "",
    confirm: Block | None = None,
) -> Block:
    """Make a button; its words are in title case, as Slack's own are."""
    made: Block = {
        "type": "button",
        "action_id": action_id,
        "text": plain(text, MAX_BUTTON),
    }
    made |= {"value": value} if value else {}
    made |= {"style": style} if style else {}
    return made | ({"confirm": confirm} if confirm else {})


def confirm(title: str, text: str, yes: str, *, is_danger: bool = False) -> Block:
    """Make the question before a step that others see or nobody can undo."""
    asked: Block = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain("Cancel", 30),
    }
    return asked | ({"style": "danger"} if is_danger else {})


def day(at: datetime) -> str:
    """Show a day in the reader's own zone and manner."""
    return f"<!date^{int(at.timestamp())}^{{date_short_pretty}}|{plain_day(at)}>"


def linked_day(at: datetime, url: str) -> str:
    """Show a day as `day` does, as a link to what happened then.

    https://docs.slack.dev/messaging/formatting-message-text#date-formatting
    """
    return (
        f"<!date^{int(at.timestamp())}^{{date_short_pretty}}^{escape(url)}"
        f"|{plain_day(at)}>"
    )


def plain_day(at: datetime) -> str:
    """Write a day in words, as `5 Mar 2026`."""
    return f"{at.day} {at:%b %Y}"


def link(url: str, words: str) -> str:
    """Link words of ours; the address is ours too and needs no escaping."""
    return f"<{url}|{words}>"


def counted(n: int, one: str, many: str | None = None) -> str:
    """Write a number with its noun, as `1 question` or `4 questions`."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def times(n: int) -> str:
    """Write how often: `once`, `twice` or `3 times`."""
    return {1: "once", 2: "twice"}.get(n) or counted(n, "time")


def bulleted(*lines: str) -> str:
    """Write lines as a list with bullets."""
    return "\n".join(f"\u2022 {line}" for line in lines)


def listed(parts: Sequence[str]) -> str:
    """Write a list as English does: a, b and c."""
    if len(parts) < 2:  # noqa: PLR2004 - one or none needs no "and"
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def modal(title: str, blocks: Iterable[Block]) -> Block:
    """Make a modal that only shows something."""
    return {
        "type": "modal",
        "title": plain(title, 24),
        "close": plain("Close", 24),
        "blocks": list(blocks),
    }
