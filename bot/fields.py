"""Parts of Slack's payloads as values that can be kept, whatever shape they come in."""

from collections.abc import Mapping
from typing import Any

from bot.writable import writable

MAX_TEXT = 40_000  # Slack truncates a message here
MAX_ID = 32  # as the columns that hold one
MAX_REACTION = 100
MAX_NAME = 200  # Slack stops at 80, for channels as for people


def read_id(value: object, *, longest: int = MAX_ID) -> str | None:
    """Take a value as an id of Slack's; None if it cannot be one."""
    if not isinstance(value, str) or not (value.isascii() and value.isprintable()):
        return None
    return value if 0 < len(value) <= longest else None


def object_of(value: object) -> Mapping[str, Any]:
    """Take a part of a payload as an object; an empty one if it is none."""
    return value if isinstance(value, Mapping) else {}


def text_of(value: object, most: int) -> str:
    """Take a value as text that can be kept; empty if it is none."""
    return writable(value)[:most] if isinstance(value, str) else ""
