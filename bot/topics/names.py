"""Names as they are compared: by stems, with known aliases meaning one thing."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from bot.text import plain, stem, stop_words, words

Key = tuple[str, ...]

_LONGEST = 5  # words in an alias
_SHORT = 3  # a word this short keeps its "s": AWS, iOS
_EXACT_LABEL = 5.0
_EXACT_ALIAS = 4.0
_SAID = 2.0  # the query holds the whole name
_ENOUGH = 0.5  # of the query's words, at least, when the name holds them in part


def key_of(name: str) -> Key:
    """Reduce a name to what is compared: its stems, without stop words.

    A name made of stop words alone ("Go") keeps them.
    """
    whole = [_bare(w) for w in words(name)]
    told = tuple(stem(w) for w in whole if w not in stop_words())
    return told or tuple(stem(w) for w in whole)


def _bare(word: str) -> str:
    return word.lower().replace("'", "").replace("\u2019", "")


@lru_cache(maxsize=1)
def _groups() -> tuple[tuple[str, ...], ...]:
    """The shipped aliases, the name to show first."""
    listed = Path(__file__).with_name("aliases.txt").read_text(encoding="utf-8")
    lines = [line for line in listed.splitlines() if line and line[0] != "#"]
    return tuple(tuple(part.strip() for part in line.split(" = ")) for line in lines)


@lru_cache(maxsize=1)
def _group_of() -> Mapping[Key, int]:
    found: dict[Key, int] = {}
    for number, group in enumerate(_groups()):
        for name in group:
            found.setdefault(_exact(name), number)
    return found


def _exact(name: str) -> Key:
    """The key of an alias: every word counts, "on call" as much as "CI".

    Plurals alone are undone: by stems a "terminal" would be a "termination".
    """
    return tuple(_singular(_bare(w)) for w in words(name))


def _singular(word: str) -> str:
    is_plural = len(word) > _SHORT and word[-1] == "s" and word[-2] not in "sui"
    return word[:-1] if is_plural else word


def aliases_of(name: str) -> tuple[str, ...]:
    """Other names that mean the same, the one to show first."""
    number = _group_of().get(_exact(name))
    return () if number is None else _groups()[number]


def written(name: str) -> str | None:
    """How a known name is written ("GraphQL", "macOS"), or None."""
    own = _bare(name)
    known = (n for n in aliases_of(name) if n.lower() == own and not n.islower())
    return next(known, None)


def same_thing(name: str) -> Key:
    """Reduce a name, known aliases to one key: what "means the same" compares."""
    return _replaced(name) or key_of(name)


def _replaced(name: str) -> Key:
    """Stems without stop words, known aliases replaced by their group."""
    whole = [_bare(w) for w in words(name)]
    exact = _exact(name)
    out: list[str] = []
    i = 0
    while i < len(exact):
        length, number = _known_at(exact, i)
        if number is not None:
            out.append(f"={number}")
        elif whole[i] not in stop_words():
            out.append(stem(whole[i]))
        i += length
    return tuple(out)


def _known_at(exact: Key, start: int) -> tuple[int, int | None]:
    """The longest alias that starts at a word: its length and its group."""
    for length in range(min(_LONGEST, len(exact) - start), 0, -1):
        number = _group_of().get(exact[start : start + length])
        if number is not None:
            return length, number
    return 1, None


def find_topics(subject: str, names: Mapping[int, Sequence[str]]) -> list[int]:
    """List the topics a subject names, best first: exact names before all others.

    Args:
        subject: What somebody asks about, as written.
        names: The label of each topic, then its aliases.
    """
    asked = same_thing(plain(subject))
    if not asked:
        return []
    scored = [
        (max((_match(asked, n, first=not i) for i, n in enumerate(all_)), default=0), t)
        for t, all_ in names.items()
    ]
    return [t for score, t in sorted(scored, key=lambda s: (-s[0], s[1])) if score > 0]


def _match(asked: Key, name: str, *, first: bool) -> float:
    """Score one name of a topic: 0 when it is about something else."""
    key = same_thing(name)
    if not key:
        return 0.0
    if key == asked:
        return _EXACT_LABEL if first else _EXACT_ALIAS
    if _holds(asked, key):
        return _SAID + len(key) / len(asked)
    common = set(asked) & set(key)
    share = len(common) / len(set(asked))
    if share < _ENOUGH:
        return 0.0
    return share * len(common) / len(key) + (0.1 if first else 0.0)


def _holds(asked: Key, key: Key) -> bool:
    size = len(key)
    return any(asked[i : i + size] == key for i in range(len(asked) - size + 1))


def stems_of(names: Iterable[str]) -> frozenset[str]:
    """Every stem in some names, for leaving them out of labels."""
    return frozenset(stem(_bare(w)) for name in names for w in words(name))
