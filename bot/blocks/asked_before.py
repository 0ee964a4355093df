"""Earlier questions that mean the same, as links: never a word of what was asked."""

from collections.abc import Callable, Sequence

from bot.answers import Earlier
from bot.blocks.spoken import (
    Block,
    bulleted,
    counted,
    day,
    link,
    listed,
    plain_day,
    section,
)

# More would be a list to search, not an answer.
MOST = 3

# Gives the address of a message from its channel's id and its `ts`.
Permalink = Callable[[str, str], str]


def asked_before(earlier: Sequence[Earlier], permalink: Permalink) -> list[Block]:
    """Show where the same was asked and answered before; nothing if it was not."""
    if not earlier:
        return []
    lines = [
        f"{link(permalink(one.channel_id, one.ts), 'a question')} in "
        f"<#{one.channel_id}>, {day(one.at)}: {_answered(one)}"
        for one in earlier[:MOST]
    ]
    return [section(f"*Asked before*\n{bulleted(*lines)}")]


def asked_before_in_words(earlier: Sequence[Earlier]) -> str:
    """Say the same in words, for screen readers."""
    if not earlier:
        return ""
    told = [f"{_answered(one)} on {plain_day(one.at)}" for one in earlier[:MOST]]
    return f"\nIt was asked before: {listed(told)}."


def _answered(one: Earlier) -> str:
    return f"{counted(one.answers, 'person', 'people')} answered"
