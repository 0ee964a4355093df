"""Text from outside that can be written down.

JSON may hold what a database cannot: NUL, which PostgreSQL refuses in text, and half
of a surrogate pair, which UTF-8 has no bytes for.
"""

import re

_UNWRITABLE = re.compile("[\0\ud800-\udfff]")
_REPLACEMENT = "\ufffd"


def writable(text: str) -> str:
    """Put U+FFFD in the place of every character that cannot be kept."""
    return _UNWRITABLE.sub(_REPLACEMENT, text)
