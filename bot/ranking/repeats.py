"""Asked before: earlier questions, answered, that mean the same as a new one.

A question is recognised by a sum of few features (`bot.ranking.alike`; weights in
`repeats.json`, learnt by `python -m bot.learn_repeats`), and shown only where the sum
is so high that about nine of ten are right. How high that is, each workspace's votes
move a little (`bot.ranking.sureness`).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from bot.corpus import NOBODY, Ints
from bot.ranking.alike import FEATURES, Pairs, Scale, Sought, measure
from bot.ranking.index import Index
from bot.ranking.nearest import Nearest
from bot.ranking.recent import Recent
from bot.ranking.values import Query
from bot.ranking.view import KEPT_VIEWS, View

# Beyond the closest forty nothing was found that means the same.
CANDIDATES = 40


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
    """Finds what was asked before in one corpus.

    Args:
        index: The corpus, laid out.
        nearest: Its questions' vectors.
        weights: The shipped ones if None.
        surer: How much surer than elsewhere one is here, in log odds.
    """

    def __init__(
        self,
        index: Index,
        nearest: Nearest,
        weights: Weights | None = None,
        surer: float = 0.0,
    ) -> None:
        self._index = index
        self._nearest = nearest
        self._weights = weights or shipped_weights()
        self._surer = surer
        self._answers = count_answers(index)
        self._pairs = Pairs(index)
        self._scales: Recent[bytes, Scale] = Recent(KEPT_VIEWS)

    def find(self, view: View, query: Query) -> list[Repeat]:
        """Find earlier answered questions by others, the surest first.

        Args:
            view: What the asker may see.
            query: The new question; without a vector nothing is found.
        """
        if query.vector is None:
            return []
        close = self._nearest.best(query.vector, view.visible, CANDIDATES)
        asker = self._index.person(query.asker_id)
        scale, bar = self._scale(view), self._weights.needed - self._surer
        sought = self._pairs.new(scale, query.words)
        found = [
            self._judge(scale, sought, thread, cosine)
            for thread, cosine in zip(
                close.thread.tolist(), close.cosine.tolist(), strict=True
            )
            if self._counts(thread, asker)
        ]
        kept = [one for one in found if one is not None and one.score >= bar]
        return sorted(kept, key=lambda one: (-one.score, one.thread))

    def _scale(self, view: View) -> Scale:
        """Measure what is usual in a view, once."""
        return self._scales.get(view.visible.tobytes(), lambda: measure(view))

    def _counts(self, thread: int, asker: int | None) -> bool:
        corpus = self._index.corpus
        root = corpus.root[thread]
        # One's own question one remembers.
        return bool(self._answers[thread] and corpus.person[root] != asker)

    def _judge(
        self, scale: Scale, sought: Sought, thread: int, cosine: float
    ) -> Repeat | None:
        values = self._pairs.features(scale, sought, thread, cosine)
        if values is None:
            return None
        parts = {name: w * values[name] for name, w in self._weights.features.items()}
        score = self._weights.constant + sum(parts.values())
        return Repeat(thread, score, int(self._answers[thread]), parts)


def count_answers(index: Index) -> Ints:
    """Count the people who answered each thread's question (t); 0 if it is none."""
    corpus, replies = index.corpus, index.replies
    asked = corpus.root != NOBODY
    asked[asked] = corpus.is_question[corpus.root[asked]]
    count = np.bincount(replies.thread, minlength=len(corpus.root))
    answers: Ints = np.where(asked, count, 0).astype(np.int32)
    return answers
