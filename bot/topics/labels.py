"""What to call a topic: words that people used there and seldom elsewhere.

Only ways of writing that two or more people used are ever seen here, so no label
can show a word that one person alone wrote.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.corpus import Corpus, Ints
from bot.text import Kind, kind_of, stem
from bot.topics.contrast import Telling, contrast
from bot.topics.names import Key, aliases_of, key_of, same_thing, stems_of, written
from bot.topics.wording import can_stand_alone, is_sayable, surname_after, tidy

MOST_ALIASES = 5
_LABEL_TERMS = 3  # on which the strength of a label rests

# What a person would say first: a name, then two words, then one. Code says how,
# seldom what, and only what reads as a word gets so far; addresses are not names.
KIND_WEIGHT = {Kind.NAME: 1.25, Kind.PAIR: 1.1, Kind.WORD: 1.0, Kind.CODE: 0.8}

# A second word joins the label when it tells nearly as much as the first.
_JOINS = 0.75
_COVERS = 0.5  # a first word in so many of the threads needs no second
_ALSO = 0.35  # an alias tells at least this much of what the label tells


@dataclass(frozen=True, slots=True)
class Naming:
    """How a topic is called.

    Attributes:
        label: One to three words as people write them.
        aliases: Other names, `MOST_ALIASES` at most.
        strength: How much its best words set it apart (a mean z score).
    """

    label: str
    aliases: tuple[str, ...]
    strength: float


@dataclass(frozen=True, slots=True)
class _Name:
    """A candidate: how it is written and what it is compared by."""

    text: str
    key: Key
    kind: Kind
    score: float
    share: float


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
        groups: Questions of each topic, rows of the corpus; earlier topics choose
            their label first.
        surfaces: How two or more people wrote a term, by its hash.
        names: Names of people, which no label may contain.
        taken: Labels in use that stay.
    """
    closed = stems_of(names)
    used = {same_thing(label) for label in taken}
    found: list[Naming | None] = []
    for tellings in contrast(corpus, groups):
        namings = (
            _choose(_candidates(corpus, telling, surfaces, closed), used)
            for telling in tellings
        )
        naming = next((n for n in namings if n is not None), None)
        if naming is not None:
            used.add(same_thing(naming.label))
        found.append(naming)
    return found


def _candidates(
    corpus: Corpus,
    telling: Telling,
    surfaces: Mapping[int, str],
    closed: frozenset[str],
) -> list[_Name]:
    """Names a topic could have, best first."""
    hashes = corpus.vocabulary[telling.terms].tolist()
    written_as = [surfaces.get(word) for word in hashes]
    closed |= {stem(n) for s in written_as if s and (n := surname_after(s))}
    found: dict[Key, _Name] = {}
    for word, surface, z, share in zip(
        hashes, written_as, telling.z.tolist(), telling.share.tolist(), strict=True
    ):
        kind = kind_of(word)
        if surface is None or kind not in KIND_WEIGHT:
            continue
        text = tidy(surface)
        if not is_sayable(text, closed) or not can_stand_alone(text):
            continue
        name = _Name(text, key_of(text), kind, z * KIND_WEIGHT[kind], share)
        if name.key not in found or name.score > found[name.key].score:
            found[name.key] = name
    return sorted(found.values(), key=lambda n: (-n.score, n.text))


def _choose(candidates: list[_Name], used: set[Key]) -> Naming | None:
    for first in candidates:
        label = _label(first, candidates, used)
        if label is not None:
            aliases = _aliases(label, first, candidates)
            return Naming(label, aliases, _strength(candidates))
    return None


def _strength(candidates: list[_Name]) -> float:
    return float(np.mean([n.score for n in candidates[:_LABEL_TERMS]]))


def _label(first: _Name, candidates: list[_Name], used: set[Key]) -> str | None:
    """The first name, with a second where one alone says too little or is taken."""
    label = _titled(first.text)
    is_taken = same_thing(label) in used
    second = _second(first, candidates) if len(first.key) == 1 else None
    if second is not None and (is_taken or _joins(first, second)):
        label = f"{label} and {second.text}"
    return None if same_thing(label) in used else label


def _second(first: _Name, candidates: list[_Name]) -> _Name | None:
    """The best other name of one word that adds something."""
    return next(
        (
            n
            for n in candidates
            if len(n.key) == 1
            and not set(n.key) & set(first.key)
            and same_thing(n.text) != same_thing(first.text)
        ),
        None,
    )


def _joins(first: _Name, second: _Name) -> bool:
    """Two names may stand together; a name and a verb read as nothing."""
    both_names = first.kind == second.kind == Kind.NAME
    return both_names and first.share < _COVERS and second.score >= _JOINS * first.score


def _aliases(label: str, first: _Name, candidates: list[_Name]) -> tuple[str, ...]:
    """Other names: known ones of the label, then what else tells the topic."""
    found: dict[Key, str] = {}
    own = set(key_of(label))
    for known in aliases_of(first.text):
        found.setdefault(key_of(known), known)
    for name in candidates:
        if name.score >= _ALSO * first.score and not set(name.key) <= own:
            found.setdefault(name.key, name.text)
    found.pop(key_of(label), None)
    return tuple(list(found.values())[:MOST_ALIASES])


def _titled(text: str) -> str:
    """Start with a capital, unless people are known to write it otherwise."""
    known = written(text)
    if known is not None:
        return known
    first, *_ = text.split(" ", 1)
    if any(c.isupper() or c.isdigit() for c in first) or "." in first:
        return text
    return text[:1].upper() + text[1:]
