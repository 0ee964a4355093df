"""Cursor pagination: https://docs.slack.dev/apis/web-api/pagination."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from bot.standin.calls import ApiError, Call

T = TypeVar("T")
_MARK = "next:"


def page(
    call: Call, rows: Sequence[T], *, default: int, most: int, cap: int | None = None
) -> tuple[list[T], str]:
    """Cut the page that a call asks for, and give the cursor of the next one.

    Args:
        call: With `limit` and `cursor`.
        rows: All there are.
        default: Rows a page if the call does not say.
        most: More than this is refused.
        cap: More than this is not given, whatever was asked for.

    Returns:
        The rows and the cursor, which is empty on the last page.

    Raises:
        ApiError: `invalid_cursor` or `invalid_limit`.
    """
    size = min(call.number("limit", default, most), cap or most)
    start = _decode(call.text("cursor"))
    after = start + size
    cursor = _encode(after) if after < len(rows) else ""
    return list(rows[start:after]), cursor


def _encode(start: int) -> str:
    return base64.b64encode(f"{_MARK}{start}".encode()).decode()


def _decode(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        mark = base64.b64decode(cursor, validate=True).decode()
        return int(mark.removeprefix(_MARK))
    except (binascii.Error, ValueError):
        raise ApiError("invalid_cursor") from None
