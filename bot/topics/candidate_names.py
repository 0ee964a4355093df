"""Names that a topic could have, and how well each would do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import log

import numpy as np

from bot.corpus import Corpus
from bot.text import Kind, kind_of, stem
from bot.topics.contrast import Telling
from bot.topics.names import Key, aliases_of, key_of
from bot.topics.wording import (
    can_stand_alone,
    is_general,
    is_sayable,
    surname_after,
    tidy,
)

# What a person would say first: a name, then two words, then one. Code says how,
# seldom what, and only what reads as a word gets so far; addresses are not names.
KIND_WEIGHT = {Kind.NAME: 1.25, Kind.PAIR: 1.1, Kind.WORD: 1.0, Kind.CODE: 0.8}

# A word that people begin with a capital is a name, whatever its shape: Turing, Pluto.
_CAPITAL = 1.15

# What the shipped table of aliases knows is a name that people use elsewhere too.
_KNOWN = 1.15

# A topic is shown only if a word tells so much, in bits, of whether a question is its,
# and not by chance: of some ten thousand words one or two reach four deviations. What
# nothing tells from the rest is a topic by mistake.
LEAST_BITS = 0.7
LEAST_Z = 4.0

# A word that mostly goes with one other is a part of a name ("VS" of "VS Code", "rate"
# of "infection rate"), and is one itself only where the whole is taken.
_PART = 0.6
_PART_COSTS = 1.5

# How apt a name is, as the logarithm of the odds that a reader says so: what counts is
# how many questions say it themselves, around how many it is said, and how much it
# tells, as a part of what the most telling name does. Learnt by a logistic regression
# from a reader's marks of 830 names of 100 topics, in the first halves of two
# communities' histories.
APT_BIAS = 1.56
APT_OWN = 1.02
APT_SHARE = 0.36
APT_TELLS = 0.57
_LEAST_SHARE = 0.02  # one in fifty is as good as none

# A word of whose uses fewer do not name people is somebody's name.
_NOT_NAMING = 0.5

# Of two words that tell as much, the one around more of the questions goes first.
_SHARE_POWER = 0.25


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name a topic could have.

    Attributes:
        text: How it is written.
        key: What it is compared by.
        kind: What sort of term it is.
        score: How much it tells of the topic; the best first.
        share: Around what share of the topic's questions it is said.
        own: What share of them say it themselves.
        tells: Whether it tells the topic from the rest well enough to show it.
        is_broad: Whether a good part of all questions say it.
        apt: How well it fits the topic's questions, as the logarithm of odds.
    """

    text: str
    key: Key
    kind: Kind
    score: float
    share: float
    own: float
    tells: bool
    is_broad: bool
    apt: float = 0.0


def candidates_of(
    corpus: Corpus,
    telling: Telling,
    surfaces: Mapping[int, str],
    closed: frozenset[str],
    size: int,
) -> list[Candidate]:
    """Names a topic could have, the most telling first.

    Args:
        corpus: Everything heard.
        telling: Terms that set the topic apart.
        surfaces: How two or more people wrote a term, by its hash.
        closed: Stems that no name may contain: people's names.
        size: How many questions the topic has.
    """
    hashes = corpus.vocabulary[telling.terms].tolist()
    written_as = [surfaces.get(word) for word in hashes]
    closed |= {stem(n) for s in written_as if s and (n := surname_after(s))}
    found: dict[Key, Candidate] = {}
    for word, surface, z, share, own, is_broad in zip(
        hashes,
        written_as,
        telling.z.tolist(),
        telling.share.tolist(),
        telling.own.tolist(),
        telling.is_broad.tolist(),
        strict=True,
    ):
        kind = kind_of(word)
        if surface is None or kind not in KIND_WEIGHT:
            continue
        text = tidy(surface)
        if not is_sayable(text, closed) or not can_stand_alone(text):
            continue
        score = z * _weight(text, kind) * share**_SHARE_POWER
        bits = z**2 / (2 * log(2) * size)  # z² is twice a log-likelihood, in nats
        tells = z >= LEAST_Z and bits >= LEAST_BITS and not is_general(text)
        name = Candidate(text, key_of(text), kind, score, share, own, tells, is_broad)
        if name.key not in found or name.score > found[name.key].score:
            found[name.key] = name
    parts = set(_parts(found))
    most = max((name.score for name in found.values()), default=1.0)
    rated = [
        replace(name, apt=_apt(name, most) - _PART_COSTS * (name.key in parts))
        for name in found.values()
    ]
    return sorted(rated, key=lambda n: (-n.score, n.text))


def _apt(name: Candidate, most: float) -> float:
    return (
        APT_BIAS
        + APT_OWN * log(max(name.own, _LEAST_SHARE))
        + APT_SHARE * log(max(name.share, _LEAST_SHARE))
        + APT_TELLS * log(name.score / most)
    )


def _parts(found: Mapping[Key, Candidate]) -> Iterator[Key]:
    """Words that are seldom said but beside one other."""
    for name in found.values():
        if name.kind == Kind.PAIR:
            for word in name.key:
                alone = found.get((word,))
                if alone is not None and name.share >= _PART * alone.share:
                    yield alone.key


def _weight(text: str, kind: Kind) -> float:
    is_name = kind == Kind.WORD and text[:1].isupper()
    known = _KNOWN if aliases_of(text) else 1.0
    return KIND_WEIGHT[kind] * known * (_CAPITAL if is_name else 1.0)


def unless_names(
    corpus: Corpus, surfaces: Mapping[int, str], uses: Mapping[int, int]
) -> dict[int, str]:
    """Leave out words that name somebody more often than something.

    Where a message names people, how it writes them is not counted (`bot.hearing`):
    "Jiang said", "thanks Jiang", and once "the lemma of Jiang".

    Args:
        corpus: Everything heard.
        surfaces: How terms are written.
        uses: In how many messages they do not name people.
    """
    said = np.bincount(corpus.terms.indices, minlength=len(corpus.vocabulary))
    heard = dict(zip(corpus.vocabulary.tolist(), said.tolist(), strict=True))
    return {
        word: surface
        for word, surface in surfaces.items()
        if uses.get(word, 0) >= _NOT_NAMING * heard.get(word, 0)
    }
