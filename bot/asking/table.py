"""Phrases laid out by their first word, so that a word costs one look-up."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence


def words(text: str) -> frozenset[str]:
    """Return the words of a list written as one line of text."""
    return frozenset(text.split())


class Table:
    """Finds which named phrases stand in a clause; `a|b` in a phrase is either word."""

    __slots__ = ("_by_first",)

    def __init__(self, named: Mapping[str, Iterable[str]]) -> None:
        by_first: dict[str, list[tuple[tuple[frozenset[str], ...], str]]] = defaultdict(
            list
        )
        for name, phrases in named.items():
            for phrase in phrases:
                first, *rest = (frozenset(part.split("|")) for part in phrase.split())
                for word in first:
                    by_first[word].append((tuple(rest), name))
        self._by_first = dict(by_first)

    def at(self, words: Sequence[str], place: int) -> set[str]:
        """Return the names of the phrases that begin at a place."""
        found: set[str] = set()
        self._add(words, place, found)
        return found

    def anywhere(self, words: Sequence[str]) -> set[str]:
        """Return the names of the phrases that begin at any place."""
        found: set[str] = set()
        for place, word in enumerate(words):
            if word in self._by_first:
                self._add(words, place, found)
        return found

    def _add(self, words: Sequence[str], place: int, found: set[str]) -> None:
        if place >= len(words):
            return
        for rest, name in self._by_first.get(words[place], ()):
            if name in found:
                continue
            follow = words[place + 1 : place + 1 + len(rest)]
            if len(follow) == len(rest) and all(
                word in allowed for word, allowed in zip(follow, rest, strict=True)
            ):
                found.add(name)
