"""What to call a topic: words that people used there and seldom elsewhere.

Only ways of writing that two or more people used are ever seen here, so no label
can show a word that one person alone wrote.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from bot.corpus import Corpus, Ints
from bot.text import Kind, kind_of, stem
from bot.topics.alike import other_names
from bot.topics.contrast import Telling, contrast
from bot.topics.names import Key, aliases_of, key_of, same_thing, stems_of, written
from bot.topics.wording import (
    can_stand_alone,
    is_plain,
    is_sayable,
    surname_after,
    tidy,
)

MOST_RELATED = 5
_LABEL_TERMS = 3  # on which the strength of a label rests

# What a person would say first: a name, then two words, then one. Code says how,
# seldom what, and only what reads as a word gets so far; addresses are not names.
KIND_WEIGHT = {Kind.NAME: 1.25, Kind.PAIR: 1.1, Kind.WORD: 1.0, Kind.CODE: 0.8}

# A word that people begin with a capital is a name, whatever its shape: Turing, Pluto.
_CAPITAL = 1.15

# What the shipped table of aliases knows is a name that people use elsewhere too.
_KNOWN = 1.15

# A second word joins the label when it tells nearly as much as the first.
_JOINS = 0.75
_COVERS = 0.5  # a first word around so many of the questions needs no second
# Two words say more than one ("General registry"), if they tell nearly as much and
# are said nearly as often.
_FULLER_TELLS = 0.6
_FULLER_SHARE = 0.35
# A label that tells less than so much, in bits, of whether a question is of its topic
# would be read as a mistake; so would one that tells by chance, as of some ten thousand
# words one or two reach four deviations. A topic without a better one is not shown.
LEAST_BITS = 0.7
LEAST_Z = 4.0

# Of two words that tell as much, the one around more of the questions goes first.
_SHARE_POWER = 0.25
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


@dataclass(frozen=True, slots=True)
class _Name:
    """A candidate: how it is written, what it is compared by, and what it tells.

    Attributes:
        tells: Whether it tells enough of the topic to be its label.
    """

    text: str
    key: Key
    kind: Kind
    score: float
    share: float
    tells: bool


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
    heard = frozenset(surface.lower() for surface in surfaces.values())
    used = {same_thing(label) for label in taken}
    found: list[Naming | None] = []
    for rows, tellings in zip(groups, contrast(corpus, groups), strict=True):
        size = max(len(rows), 1)
        named = (_candidates(corpus, one, surfaces, closed, size) for one in tellings)
        # What few people say names a topic only where many say nothing.
        candidates = next((names for names in named if names), [])
        naming = _choose(candidates, used, heard)
        if naming is not None:
            used.add(same_thing(naming.label))
        found.append(naming)
    return found


def _candidates(
    corpus: Corpus,
    telling: Telling,
    surfaces: Mapping[int, str],
    closed: frozenset[str],
    size: int,
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
        score = z * _weight(text, kind) * share**_SHARE_POWER
        bits = z**2 / (2 * log(2) * size)  # z² is twice a log-likelihood, in nats
        tells = z >= LEAST_Z and bits >= LEAST_BITS
        name = _Name(text, key_of(text), kind, score, share, tells)
        if name.key not in found or name.score > found[name.key].score:
            found[name.key] = name
    return sorted(found.values(), key=lambda n: (-n.score, n.text))


def _weight(text: str, kind: Kind) -> float:
    is_name = kind == Kind.WORD and text[:1].isupper()
    known = _KNOWN if aliases_of(text) else 1.0
    return KIND_WEIGHT[kind] * known * (_CAPITAL if is_name else 1.0)


def _choose(
    candidates: list[_Name], used: set[Key], heard: frozenset[str]
) -> Naming | None:
    for first in candidates:
        if not first.tells:
            continue
        label = _label(first, candidates, used)
        if label is not None:
            told = [name.text for name in candidates]
            aliases = other_names(label, told, heard)
            related = _related(label, aliases, first, candidates)
            return Naming(label, aliases, related, _strength(candidates))
    return None


def _strength(candidates: list[_Name]) -> float:
    return float(np.mean([n.score for n in candidates[:_LABEL_TERMS]]))


def _label(first: _Name, candidates: list[_Name], used: set[Key]) -> str | None:
    """The first name, fuller where one word says too little or is taken."""
    fuller = _fuller(first, candidates)
    second = _second(first, candidates) if len(first.key) == 1 else None
    label = _titled(first.text)
    wanted = [_titled(name.text) for name in fuller if is_plain(name.text)]
    if second is not None and _joins(first, second):
        wanted.append(f"{label} and {second.text}")
    wanted += [label, *(_titled(name.text) for name in fuller)]
    if second is not None and second.tells:
        # Another topic has the name: what it is about here tells the two apart.
        wanted.append(f"{label} and {second.text}")
    return next((one for one in wanted if same_thing(one) not in used), None)


def _fuller(first: _Name, candidates: list[_Name]) -> list[_Name]:
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


def _related(
    label: str, aliases: tuple[str, ...], first: _Name, candidates: list[_Name]
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
