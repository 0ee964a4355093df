"""What to call a topic: words that people used there and seldom elsewhere.

Only ways of writing that two or more people used are ever seen here, so no label
can show a word that one person alone wrote.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bot.corpus import Corpus, Ints
from bot.text import Kind, kind_of
from bot.topics.contrast import Telling, contrast
from bot.topics.names import Key, aliases_of, key_of, same_thing, stems_of, written
from bot.topics.wording import can_stand_alone, is_sayable, tidy

MOST_ALIASES = 5
_LABEL_TERMS = 3  # on which the strength of a label rests

# What a person would say first: a name, then two words, then one. Code says how,
# seldom what; addresses are not names.
KIND_WEIGHT = {Kind.NAME: 1.15, Kind.PAIR: 1.1, Kind.WORD: 1.0}

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
    for telling in contrast(corpus, groups):
        candidates = _candidates(corpus, telling, surfaces, closed)
        naming = _choose(candidates, used)
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
    found: list[_Name] = []
    hashes = corpus.vocabulary[telling.terms].tolist()
    for word, z, share in zip(
        hashes, telling.z.tolist(), telling.share.tolist(), strict=True
    ):
        surface = surfaces.get(word)
        weight = KIND_WEIGHT.get(kind_of(word))
        if surface is None or weight is None or not is_sayable(surface, closed):
            continue
        found.append(_Name(tidy(surface), key_of(surface), z * weight, share))
    return sorted(found, key=lambda n: (-n.score, n.text))


def _choose(candidates: list[_Name], used: set[Key]) -> Naming | None:
    alone = [n for n in candidates if can_stand_alone(n.text)]
    for first in alone:
        label = _label(first, alone, used)
        if label is not None:
            return Naming(label, _aliases(label, first, alone), _strength(alone))
    return None


def _strength(alone: list[_Name]) -> float:
    return float(np.mean([n.score for n in alone[:_LABEL_TERMS]]))


def _label(first: _Name, alone: list[_Name], used: set[Key]) -> str | None:
    """The first name, with a second where one alone says too little or is taken."""
    label = _titled(first.text)
    seconds = [n for n in alone if not _shares(n.key, first.key)]
    is_taken = same_thing(label) in used
    second = seconds[0] if seconds else None
    if (
        second is not None
        and len(first.key) == 1
        and (
            is_taken or (first.share < _COVERS and second.score >= _JOINS * first.score)
        )
        and len(second.key) == 1
    ):
        label = f"{label} and {second.text}"
    return None if same_thing(label) in used else label


def _aliases(label: str, first: _Name, alone: list[_Name]) -> tuple[str, ...]:
    """Other names: known ones of the label, then what else tells the topic."""
    found: dict[Key, str] = {}
    own = key_of(label)
    for known in aliases_of(first.text):
        found.setdefault(key_of(known), known)
    for name in alone:
        if name.score >= _ALSO * first.score and not set(name.key) <= set(own):
            found.setdefault(name.key, name.text)
    found.pop(own, None)
    return tuple(list(found.values())[:MOST_ALIASES])


def _shares(one: Key, other: Key) -> bool:
    return bool(set(one) & set(other))


def _titled(text: str) -> str:
    """Start with a capital, unless people are known to write it otherwise."""
    known = written(text)
    if known is not None:
        return known
    first, *_ = text.split(" ", 1)
    if any(c.isupper() or c.isdigit() for c in first) or "." in first:
        return text
    return text[:1].upper() + text[1:]
