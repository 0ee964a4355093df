"""Everything held about a person, shown to them page by page in a modal."""

import json
from collections.abc import Mapping
from typing import Any

from bot.blocks.spoken import (
    Block,
    actions,
    bulleted,
    button,
    context,
    counted,
    plain,
    section,
)
from bot.text import escape

CALLBACK = "my_data"
BEFORE_ACTION = "data_before"
AFTER_ACTION = "data_after"

# What the rows of a table are to the person they are about, one and several; those
# first that tell most.
WORDS = {
    "messages": (
        "message of yours: where, when, what kind, hashed words, a question's vector",
        "messages of yours: where, when, what kind, hashed words, questions' vectors",
    ),
    "questions": ("question of yours", "questions of yours"),
    "answers": ("answer of yours", "answers of yours"),
    "evidence": (
        "note that you asked, answered or were thanked",
        "notes that you asked, answered or were thanked",
    ),
    "reactions": ("reaction you gave", "reactions you gave"),
    "mentioned_in": (
        "message of somebody else that mentions you",
        "messages of others that mention you",
    ),
    "events": (
        "message I have yet to read, with its text",
        "messages I have yet to read, with their text",
    ),
    "memberships": ("channel you are or were in", "channels you are or were in"),
    "people": (
        "entry with your name, time zone and role",
        "entries with your name, time zone and role",
    ),
    "preferences": ("entry with your wishes", "entries with your wishes"),
    "topic_preferences": ("choice about a topic", "choices about topics"),
    "votes": ("vote by you or about you", "votes by you or about you"),
    "repeat_votes": (
        "vote on whether two questions are the same",
        "votes on whether two questions are the same",
    ),
    "asks": ("suggestion put to you", "suggestions put to you"),
    "suggestions": ("suggestion you settled", "suggestions you settled"),
    "communities": ("community you started", "communities you started"),
    "invitations": ("invitation to a community", "invitations to communities"),
    "schedules": ("daily question you set up", "daily questions you set up"),
    "curations": ("change you made to a topic", "changes you made to topics"),
    "posts": ("message of mine to you", "messages of mine to you"),
    "words": (
        "way to write a word, first heard from you",
        "ways to write words, first heard from you",
    ),
}

# Escaped text of one block, with room for the fence around it under 3,000.
_PIECE = 2_900

# Keeps a page well under the 250,000 bytes that a view may have.
_PIECES_A_PAGE = 20


def data_modal(held: Mapping[str, Any], *, page: int) -> Block:
    """Show one page of what is held: in words, then row by row under its table's name.

    Args:
        held: As `export_person` gives it.
        page: Which, from 0; one past the end shows the last.
    """
    pieces = _pieces(held)
    pages = max(-(-len(pieces) // _PIECES_A_PAGE), 1)
    page = min(max(page, 0), pages - 1)
    shown = pieces[page * _PIECES_A_PAGE : (page + 1) * _PIECES_A_PAGE]
    blocks = [
        context(
            "Everything held about you, for your eyes only",
            f"page {page + 1} of {pages}",
        ),
        *([section(_in_words(held))] if page == 0 else []),
        *(section(f"```{piece}```") for piece in shown),
    ]
    turning = _turning(page, pages)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain("Your data", 24),
        "close": plain("Close", 24),
        "blocks": [*blocks, actions(*turning)] if turning else blocks,
    }


def _in_words(held: Mapping[str, Any]) -> str:
    counts = {name: len(rows) for name, rows in held.items() if isinstance(rows, list)}
    told = [
        counted(counts[name], *WORDS.get(name, (f"row of {name}", f"rows of {name}")))
        for name in dict.fromkeys([*WORDS, *counts])
        if counts.get(name)
    ]
    if not told:
        return "Nothing is held about you."
    return f"*What is held*\n{bulleted(*told)}\n*Row by row*"


def _turning(page: int, pages: int) -> list[Block]:
    turning = []
    if page > 0:
        turning.append(button("Page Before", BEFORE_ACTION, value=str(page - 1)))
    if page + 1 < pages:
        turning.append(button("Next Page", AFTER_ACTION, value=str(page + 1)))
    return turning


def _pieces(held: Mapping[str, Any]) -> list[str]:
    """Pack lines into blocks, none cut in two unless it fills one by itself."""
    pieces: list[str] = []
    current = ""
    for line in _lines(held):
        for part in _split(line):
            if current and len(current) + len(part) + 1 > _PIECE:
                pieces.append(current)
                current = ""
            current = f"{current}\n{part}" if current else part
    return [*pieces, current] if current else pieces


def _lines(held: Mapping[str, Any]) -> list[str]:
    lines = []
    # What is the same in every row is said once.
    same = {name: value for name, value in held.items() if not isinstance(value, list)}
    for name, rows in held.items():
        if name in same:
            lines.append(f"{name}: {rows}")
        elif rows:
            lines.append(f"{name}: {len(rows)}")
            lines += [_row(row, same) for row in rows]
    # A fence in the data would end ours.
    return [line.replace("```", "'''") for line in lines]


def _row(row: Mapping[str, Any], same: Mapping[str, Any]) -> str:
    own = {k: v for k, v in row.items() if k not in same or same[k] != v}
    return json.dumps(own, ensure_ascii=False, default=str)


def _split(line: str) -> list[str]:
    """Cut a long line; each part fits a block even when every sign is escaped."""
    most = _PIECE // 5  # "&amp;"
    return [escape(line[i : i + most]) for i in range(0, len(line), most)]
