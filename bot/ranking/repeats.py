"""Asked before: earlier questions, answered, that mean the same as a new one.

A question is recognised by a sum of few features (weights in `repeats.json`, learnt
by `python -m bot.learn_repeats`), and shown only where the sum is so high that nine of
ten are right. A word weighs its rarity: 1 where no thread holds it, towards 0 where all
do. Of a pair of questions:

- `close`: how close they are in meaning, in standard deviations above what two
  random questions of this workspace are. So the bar is the workspace's own: where
  everybody talks of one thing, questions must be closer to count as the same.
- `covered`: twice the weight of the words, names and identifiers that they share, by
  that of all they have (0 to 1).

Only pairs that share words of weight `ENOUGH` count at all: without them "is this a
known issue?" would be the same as itself, whatever the issue.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.corpus import NOBODY, Flags, Floats, Ints
from bot.ranking.index import Index
from bot.ranking.match import Wanted
from bot.ranking.nearest import Nearest
from bot.ranking.postings import Doubles, tally
from bot.ranking.values import Query
from bot.ranking.view import View
from bot.text import KIND_BITS, Kind

FEATURES = ("close", "covered")
ENOUGH = 0.8

_COUNTED = (Kind.WORD, Kind.NAME, Kind.CODE, Kind.REPOSITORY)
# Beyond the closest forty nothing was found that means the same.
_CANDIDATES = 40
# How close random questions are (cosine), where a workspace has too few to measure:
# between two communities measured (.06 and .14, both with a deviation near .11).
_MEAN, _DEVIATION = 0.1, 0.11
_FEWEST, _SAMPLE = 64, 512


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier question that means the same.

    Attributes:
        thread: Its thread's number in the corpus.
        score: Log odds that it does, as far as the labelled pairs can tell.
        answers: How many people other than its asker replied.
        features: What each feature added to the score.
    """

    thread: int
    score: float
    answers: int
    features: Mapping[str, float] = field(hash=False)


@dataclass(frozen=True, slots=True)
class Scale:
    """What is usual in what one asker may see.

    Attributes:
        rarity: Weight of each term, 0 to 1 (v); 0 for pairs, which repeat words,
            and hosts, which say where a link leads.
        mean, deviation: Of the cosine of two random questions.
    """

    rarity: Doubles
    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Weights:
    """The constant and weights of the sum, and how high it must be."""

    constant: float
    needed: float
    features: Mapping[str, float]

    def to_json(self) -> str:
        """Write the weights, one a line."""
        held = {"constant": self.constant, "needed": self.needed}
        return json.dumps(held | dict(self.features), indent=2) + "\n"


@lru_cache(maxsize=1)
def shipped_weights() -> Weights:
    """The weights that come with Grapevine."""
    held = json.loads(
        Path(__file__).with_name("repeats.json").read_text(encoding="utf-8")
    )
    features = {name: held[name] for name in FEATURES}
    return Weights(held["constant"], held["needed"], features)


class Repeats:
    """Finds what was asked before in one corpus."""

    def __init__(
        self, index: Index, nearest: Nearest, weights: Weights | None = None
    ) -> None:
        self._index = index
        self._nearest = nearest
        self._weights = weights or shipped_weights()
        self._answers = _answers(index)
        self._scales: dict[bytes, Scale] = {}

    def find(self, view: View, query: Query, sought: Wanted) -> list[Repeat]:
        """Find earlier answered questions by others, the surest first.

        Args:
            view: What the asker may see.
            query: The new question; without a vector nothing is found.
            sought: Its terms.
        """
        if query.vector is None:
            return []
        close = self._nearest.best(query.vector, view.visible, _CANDIDATES)
        asker = self._index.person(query.asker_id)
        scale, bar = self.scale(view), self._weights.needed
        found = [
            self._judge(features(self._index, scale, sought, thread, cosine), thread)
            for thread, cosine in zip(
                close.thread.tolist(), close.cosine.tolist(), strict=True
            )
            if self._counts(thread, asker)
        ]
        kept = [one for one in found if one is not None and one.score >= bar]
        return sorted(kept, key=lambda one: (-one.score, one.thread))

    def scale(self, view: View) -> Scale:
        """Measure what is usual in a view, once."""
        key = view.visible.tobytes()
        if key not in self._scales:
            self._scales[key] = measure(view)
        return self._scales[key]

    def _counts(self, thread: int, asker: int | None) -> bool:
        corpus = self._index.corpus
        root = corpus.root[thread]
        # One's own question one remembers.
        return bool(self._answers[thread] and corpus.person[root] != asker)

    def _judge(self, values: Mapping[str, float] | None, thread: int) -> Repeat | None:
        if values is None:
            return None
        parts = {name: w * values[name] for name, w in self._weights.features.items()}
        score = self._weights.constant + sum(parts.values())
        return Repeat(thread, score, int(self._answers[thread]), parts)


def features(
    index: Index, scale: Scale, sought: Wanted, thread: int, cosine: float
) -> dict[str, float] | None:
    """Give the features (names as above) of a question and an earlier thread's.

    Returns:
        None if they do not share enough words.
    """
    told = _terms_of(index, int(index.corpus.root[thread]))
    both = np.intersect1d(sought.term, told, assume_unique=True)
    weight = scale.rarity[both]
    if weight[index.is_word[both]].sum() < ENOUGH:
        return None
    shared = float(weight.sum())
    whole = float(scale.rarity[sought.term].sum() + scale.rarity[told].sum())
    return {
        "close": (cosine - scale.mean) / scale.deviation,
        "covered": 2 * shared / (whole + sought.unknown),
    }


def measure(view: View) -> Scale:
    """Measure what is usual in what can be seen."""
    mean, deviation = _spread(_sample(view))
    return Scale(_rarity(view), mean, deviation)


def _terms_of(index: Index, row: int) -> Ints:
    terms = index.corpus.terms
    held: Ints = terms.indices[terms.indptr[row] : terms.indptr[row + 1]]
    return held


def _rarity(view: View) -> Doubles:
    units = view.index.threads
    frequency = np.diff(units.start).astype(np.float64)
    if view.hides:
        term = np.repeat(np.arange(len(frequency)), np.diff(units.start))
        seen: Flags = view.visible[units.channel[units.unit]]
        frequency = tally(term, seen, len(frequency))
    n = view.units(units).count
    rarity = np.log1p((n - frequency + 0.5) / (frequency + 0.5))
    kind = view.index.corpus.vocabulary & (2**KIND_BITS - 1)
    return np.where(np.isin(kind, _COUNTED), rarity / np.log1p((n + 0.5) / 0.5), 0.0)


def _sample(view: View) -> Floats:
    corpus = view.index.corpus
    seen = view.visible[corpus.thread_channel] & (corpus.root != NOBODY)
    row = corpus.vector_row[corpus.root[seen]]
    row = row[row != NOBODY]
    step = max(1, len(row) // _SAMPLE)
    sample: Floats = corpus.vectors[row[::step]]
    return sample


def _spread(vectors: Floats) -> tuple[float, float]:
    if len(vectors) < _FEWEST:
        return _MEAN, _DEVIATION
    alike = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return float(alike.mean()), max(float(alike.std()), 1e-6)


def _answers(index: Index) -> Ints:
    """Count the people who answered each thread's question (t); 0 if it is none."""
    corpus, replies = index.corpus, index.replies
    asked = corpus.root != NOBODY
    asked[asked] = corpus.is_question[corpus.root[asked]]
    count = np.bincount(replies.thread, minlength=len(corpus.root))
    answers: Ints = np.where(asked, count, 0).astype(np.int32)
    return answers
