"""Earlier questions that mean the same, as links: never a word of what was asked."""

from collections.abc import Callable, Sequence

from bot.answers import Earlier
from bot.ballots import repeat_ballot
from bot.blocks.spoken import (
    Block,
    actions,
    bulleted,
    button,
    counted,
    linked_day,
    listed,
    plain_day,
    section,
)

SAME_ACTION = "repeat_same"
NOT_SAME_ACTION = "repeat_not_same"

# More would be a list to search, not an answer.
MOST = 3
_TITLE = "*Asked before*"

# Gives the address of a message from its channel's id and its `ts`.
Permalink = Callable[[str, str], str]


def asked_before(
    earlier: Sequence[Earlier], permalink: Permalink, *, question: str = ""
) -> list[Block]:
    """Show where the same was asked and answered before; nothing if it was not.

    Args:
        earlier: The surest first.
        permalink: Addresses of messages.
        question: The new question's digest, so that the asker can say of each
            whether it was the same; "" where nobody can.
    """
    if not earlier:
        return []
    shown = earlier[:MOST]
    if not question:
        lines = [_line(one, permalink) for one in shown]
        return [section(f"{_TITLE}\n{bulleted(*lines)}")]
    blocks = [section(_TITLE)]
    for one in shown:
        blocks += [section(_line(one, permalink)), _ballot(one, question)]
    return blocks


def _line(one: Earlier, permalink: Permalink) -> str:
    asked = linked_day(one.at, permalink(one.channel_id, one.ts))
    return f"Asked {asked} in <#{one.channel_id}>: {_answered(one)}"


def _ballot(one: Earlier, question: str) -> Block:
    ballot = repeat_ballot(question, one.channel_id, one.ts, score=one.score).dump()
    return actions(
        button("That's It", SAME_ACTION, value=ballot),
        button("Not the Same", NOT_SAME_ACTION, value=ballot),
    )


def asked_before_in_words(earlier: Sequence[Earlier]) -> str:
    """Say the same in words, for screen readers."""
    if not earlier:
        return ""
    told = [f"on {plain_day(one.at)} ({_answered(one)})" for one in earlier[:MOST]]
    return f"\nIt was asked before, {listed(told)}."


def _answered(one: Earlier) -> str:
    return f"{counted(one.answers, 'person', 'people')} answered"
