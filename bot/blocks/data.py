"""Everything held about a person, shown to them page by page in a modal."""

import json
from collections.abc import Mapping
from typing import Any

from bot.blocks.spoken import Block, actions, button, context, plain, section
from bot.text import escape

CALLBACK = "my_data"
BEFORE_ACTION = "data_before"
AFTER_ACTION = "data_after"

# Escaped text of one block, with room for the fence around it under 3,000.
_PIECE = 2_900

# Keeps a page well under the 250,000 bytes that a view may have.
_PIECES_A_PAGE = 20


def data_modal(held: Mapping[str, Any], *, page: int) -> Block:
    """Show one page of what is held, as JSON lines under each table's name.

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
    for name, rows in held.items():
        if not isinstance(rows, list):
            lines.append(f"{name}: {rows}")
            continue
        lines.append(f"{name}: {len(rows)}")
        lines += [json.dumps(row, ensure_ascii=False, default=str) for row in rows]
    # A fence in the data would end ours.
    return [line.replace("```", "'''") for line in lines]


def _split(line: str) -> list[str]:
    """Cut a long line; each part fits a block even when every sign is escaped."""
    most = _PIECE // 5  # "&amp;"
    return [escape(line[i : i + most]) for i in range(0, len(line), most)]
