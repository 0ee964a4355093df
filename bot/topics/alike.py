"""Which names mean the same thing as another: aliases in the strict sense.

The shipped table says so, or the letters do ("data frame" and DataFrame, AD and
automatic differentiation). Words that merely occur together are no aliases.
"""

import re
from collections.abc import Collection, Iterable

from bot.text import stem, words
from bot.topics.names import aliases_of

MOST_ALIASES = 5
_APART = re.compile(r"[^\w+#]|_")
_SHORTEST = 2  # letters of an abbreviation


def other_names(
    label: str, told: Iterable[str], heard: Collection[str]
) -> tuple[str, ...]:
    """List other names of what a label names, `MOST_ALIASES` at most.

    Args:
        label: The label.
        told: Names that people use about the same subject, best first.
        heard: Every way of writing in use, lower-case: a known alias that nobody
            here uses is not shown.
    """
    found: dict[str, str] = {}
    for name in aliases_of(label):
        if _is_heard(name, heard):
            found.setdefault(name.lower(), name)
    for name in told:
        if is_spelling(label, name) or is_abbreviation(label, name):
            found.setdefault(name.lower(), name)
    found.pop(label.lower(), None)
    return tuple(found.values())[:MOST_ALIASES]


def _is_heard(name: str, heard: Collection[str]) -> bool:
    """Pairs of words are heard as such; of longer names each pair is."""
    whole = [word.lower() for word in words(name)]
    pairs = [" ".join(whole[i : i + 2]) for i in range(max(len(whole) - 1, 1))]
    return bool(whole) and all(pair in heard for pair in pairs)


def _letters(name: str) -> str:
    return stem(_APART.sub("", name.lower()))


def is_spelling(one: str, other: str) -> bool:
    """Say whether two names are one, written together, apart or with a hyphen."""
    return _letters(one) == _letters(other) and one.lower() != other.lower()


def is_abbreviation(one: str, other: str) -> bool:
    """Say whether one name is made of the other's first letters."""
    return _shortens(one, other) or _shortens(other, one)


def _shortens(short: str, long: str) -> bool:
    parts = re.split(r"[\s-]+", long)
    initials = "".join(part[:1] for part in parts).upper()
    return len(parts) >= _SHORTEST and short.rstrip("s") == initials
