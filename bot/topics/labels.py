"""What to call a topic: words that people used there and seldom elsewhere.

Only ways of writing that two or more people used are ever seen here, so no label
can show a word that one person alone wrote.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.corpus import Corpus, Ints
from bot.text import Kind
from bot.topics.alike import other_names
from bot.topics.candidate_names import Candidate, candidates_of
from bot.topics.contrast import contrast
from bot.topics.names import Key, key_of, same_thing, stems_of, written
from bot.topics.wording import is_plain

MOST_RELATED = 5
_LABEL_TERMS = 3  # on which the strength of a label rests

# A second word joins the label when it tells nearly as much as the first.
_JOINS = 0.75
_COVERS = 0.5  # a first word around so many of the questions needs no second
# Two words say more than one ("General registry"), if they tell nearly as much and
# are said nearly as often.
_FULLER_TELLS = 0.6
_FULLER_SHARE = 0.35
# Where another topic has the name, the next best word is it if it tells so much of what
# the first one tells; else the first one with a word beside it.
_NEXT_BEST = 0.9
_RELATED = 0.35  # a related word tells at least this much of what the label tells


@dataclass(frozen=True, slots=True)
class Naming:
    """How a topic is called.

    Attributes:
        label: One to three words as people write them.
        aliases: Other names of the same thing.
        related: Words that tell the topic as well but mean something else: by them
            it is found, but they are not shown as its names.
        strength: How much its best words set it apart (a mean z score).
    """

    label: str
    aliases: tuple[str, ...]
    related: tuple[str, ...]
    strength: float


def name_topics(
    corpus: Corpus,
    groups: Sequence[Ints],
    *,
    surfaces: Mapping[int, str],
    names: Collection[str] = (),
    taken: Iterable[str] = (),
) -> list[Naming | None]:
    """Name topics, each unlike the others; None where no words may be shown.

    Args:
        corpus: Everything heard.
        groups: Questions of each topic, rows of the corpus; of two, the one of which
            a word tells more has it.
        surfaces: How two or more people wrote a term, by its hash.
        names: Names of people, which no label may contain.
        taken: Labels in use that stay.
    """
    closed = stems_of(names)
    heard = frozenset(surface.lower() for surface in surfaces.values())
    used = {same_thing(label) for label in taken}
    told: list[list[Candidate]] = []
    for rows, tellings in zip(groups, contrast(corpus, groups), strict=True):
        size = max(len(rows), 1)
        named = (candidates_of(corpus, one, surfaces, closed, size) for one in tellings)
        # What few people say names a topic only where many say nothing.
        told.append(next((names for names in named if names), []))
    found: list[Naming | None] = [None] * len(told)
    for place in sorted(range(len(told)), key=lambda i: (-_best(told[i]), i)):
        found[place] = naming = _choose(told[place], used, heard)
        if naming is not None:
            used.add(same_thing(naming.label))
    return found


def _best(candidates: list[Candidate]) -> float:
    return next((name.score for name in candidates if name.tells), 0.0)


def _choose(
    candidates: list[Candidate], used: set[Key], heard: frozenset[str]
) -> Naming | None:
    telling = [name for name in candidates if name.tells]
    near = [n for n in telling if n.score >= _NEXT_BEST * telling[0].score]
    ways = [way for first in near for way in _labels(first, candidates)]
    for first in telling:
        ways += _labels(first, candidates)
        # Another topic has the name: what it is about here tells the two apart.
        second = _second(first, candidates)
        if second is not None and second.tells and len(first.key) == 1:
            ways.append(_beside(first, second))
    free = ((text, own) for text, own in ways if same_thing(text) not in used)
    label, own = next(free, ("", ()))
    if not own:
        return None
    told = [name.text for name in candidates]
    aliases = other_names(label, told, heard)
    related = _related(label, aliases, own[0], candidates)
    return Naming(label, aliases, related, _strength(candidates))


def _strength(candidates: list[Candidate]) -> float:
    return float(np.mean([n.score for n in candidates[:_LABEL_TERMS]]))


_Way = tuple[str, tuple[Candidate, ...]]  # a label, and the names that it is made of


def _labels(first: Candidate, candidates: list[Candidate]) -> list[_Way]:
    """The first name, fuller where one word says too little; the best way first."""
    fuller = [(_titled(name.text), (name,)) for name in _fuller(first, candidates)]
    second = _second(first, candidates) if len(first.key) == 1 else None
    ways: list[_Way] = [way for way in fuller if is_plain(way[0])]
    if second is not None and _joins(first, second):
        ways.append(_beside(first, second))
    return [*ways, (_titled(first.text), (first,)), *fuller]


def _beside(first: Candidate, second: Candidate) -> _Way:
    return f"{_titled(first.text)} and {second.text}", (first, second)


def _fuller(first: Candidate, candidates: list[Candidate]) -> list[Candidate]:
    """Pairs of words that hold the first name and tell nearly as much."""
    return [
        n
        for n in candidates
        if n.kind == Kind.PAIR
        and len(first.key) == 1
        and set(first.key) < set(n.key)
        and n.score >= _FULLER_TELLS * first.score
        and n.share >= _FULLER_SHARE * first.share
    ]


def _second(first: Candidate, candidates: list[Candidate]) -> Candidate | None:
    """The best other name of one word that adds something."""
    return next(
        (
            n
            for n in candidates
            if len(n.key) == 1
            and not n.is_broad
            and not set(n.key) & set(first.key)
            and same_thing(n.text) != same_thing(first.text)
        ),
        None,
    )


def _joins(first: Candidate, second: Candidate) -> bool:
    """Two names may stand together; a name and a verb read as nothing."""
    both_names = first.kind == second.kind == Kind.NAME
    return both_names and first.share < _COVERS and second.score >= _JOINS * first.score


def _related(
    label: str, aliases: tuple[str, ...], first: Candidate, candidates: list[Candidate]
) -> tuple[str, ...]:
    """What else tells the topic: `MOST_RELATED` at most."""
    own = set(key_of(label))
    known = {key_of(alias) for alias in aliases}
    found = [
        name.text
        for name in candidates
        if name.score >= _RELATED * first.score
        and not set(name.key) <= own
        and name.key not in known
    ]
    return tuple(found[:MOST_RELATED])


def _titled(text: str) -> str:
    """Start with a capital, unless people are known to write it otherwise."""
    known = written(text)
    if known is not None:
        return known
    first, *_ = text.split(" ", 1)
    if any(c.isupper() or c.isdigit() for c in first) or "." in first:
        return text
    return text[:1].upper() + text[1:]
