"""Phrases laid out by their first word, so that a word costs one look-up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import contains


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as one line of text."""
    return frozenset(text.split())


# What follows the first two words of a phrase, and the phrase's name.
_Rest = tuple[tuple[frozenset[str], ...], str]


class Table:
    """Finds which named phrases stand in a clause; `a|b` in a phrase is either word."""

    __slots__ = ("_alone", "_followed")

    def __init__(self, named: Mapping[str, Iterable[str]]) -> None:
        self._alone: dict[str, set[str]] = defaultdict(set)
        self._followed: dict[str, dict[str, list[_Rest]]] = defaultdict(dict)
        for name, phrases in named.items():
            for phrase in phrases:
                self._add(name, [part.split("|") for part in phrase.split()])
        self._alone, self._followed = dict(self._alone), dict(self._followed)

    def _add(self, name: str, parts: Sequence[Sequence[str]]) -> None:
        if len(parts) == 1:
            for word in parts[0]:
                self._alone[word].add(name)
            return
        rest = tuple(frozenset(part) for part in parts[2:])
        for first in parts[0]:
            for second in parts[1]:
                self._followed[first].setdefault(second, []).append((rest, name))

    def at(self, words: Sequence[str], place: int) -> set[str]:
        """Return the names of the phrases that begin at a place."""
        if place >= len(words):
            return set()
        found = set(self._alone.get(words[place], ()))
        by_second = self._followed.get(words[place])
        if by_second and place + 1 < len(words):
            for rest, name in by_second.get(words[place + 1], ()):
                if not rest or _continues(words, place + 2, rest):
                    found.add(name)
        return found

    def anywhere(self, words: Sequence[str]) -> set[str]:
        """Return the names of the phrases that begin at any place."""
        found: set[str] = set()
        for place, word in enumerate(words):
            if word in self._followed or word in self._alone:
                found |= self.at(words, place)
        return found


def _continues(
    words: Sequence[str], place: int, rest: Sequence[frozenset[str]]
) -> bool:
    follow = words[place : place + len(rest)]
    return len(follow) == len(rest) and all(map(contains, rest, follow))
