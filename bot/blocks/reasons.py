"""Why a topic has momentum: in numbers, and as links to what was said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks.spoken import bulleted, counted, linked_day
from bot.text import escape

# More links than this are not read, and each is a line.
MAX_LINKS = 5

# The gates that say in numbers how much there is, and their nouns.
_COUNTED = (
    ("questions", "question", "questions", ""),
    ("people", "person", "people", "by "),
    ("channels", "channel", "channels", "in "),
    ("weeks", "week", "weeks", "over "),
)


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation that anybody in the workspace may read."""

    channel_id: str
    at: datetime
    url: str


def in_numbers(gates: Sequence[Mapping[str, Any]]) -> str:
    """Explain momentum: "14 questions by 9 people in 4 channels over 6 weeks".

    Gates that count something else are told in their own words.
    """
    values = {str(gate["name"]): gate["value"] for gate in gates}
    told = [
        f"{before}{counted(int(values[name]), one, many)}"
        for name, one, many, before in _COUNTED
        if name in values
    ]
    if told:
        return " ".join(told)
    return escape("; ".join(str(gate["says"]) for gate in gates if gate.get("says")))


def linked(heading: str, conversations: Sequence[Conversation]) -> str:
    """List conversations as links under a heading, a few at most."""
    shown = bulleted(*map(_link, conversations[:MAX_LINKS]))
    return f"*{heading}*\n{shown}"


def _link(one: Conversation) -> str:
    return f"{linked_day(one.at, one.url)} in <#{one.channel_id}>"
