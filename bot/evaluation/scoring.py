"""Scores and how sure they are: plain numbers in, plain numbers out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

# A list of people is looked at this far.
DEPTH = 10

# Enough draws that an interval's third digit stands still; the seed is fixed so
# that the same run prints the same.
_DRAWS = 2_000
_SEED = 1
_LOW, _HIGH = 2.5, 97.5

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """Where a figure would lie in 95 of 100 such samples."""

    low: float
    high: float

    def as_json(self) -> list[float]:
        """Low and high."""
        return [round(self.low, 4), round(self.high, 4)]


def interval(values: Values) -> Interval:
    """Bootstrap the mean of independent values."""
    return ratio_interval(values, np.ones(len(values)))


def ratio_interval(parts: Values, wholes: Values) -> Interval:
    """Bootstrap a sum over a sum, drawing the pairs."""
    if not len(parts):
        return Interval(0.0, 0.0)
    random = np.random.default_rng(_SEED)
    drawn = []
    for _ in range(_DRAWS):
        chosen = random.integers(0, len(parts), len(parts))
        drawn.append(parts[chosen].sum() / max(wholes[chosen].sum(), 1e-12))
    low, high = np.percentile(drawn, (_LOW, _HIGH))
    return Interval(float(low), float(high))


def first_right(ranked: Sequence[str], right: Collection[str]) -> int | None:
    """The place (0 the first) of the first right person among ten; None if none."""
    for place, user in enumerate(ranked[:DEPTH]):
        if user in right:
            return place
    return None


@dataclass(frozen=True)
class Ranking:
    """How one way of ranking did on some questions.

    Attributes:
        name: Which.
        places: Of each question, where the first right person stood.
    """

    name: str
    places: tuple[int | None, ...]

    @cached_property
    def reciprocal(self) -> Values:
        """One over the place, counted from 1; 0 where nobody was right."""
        return np.array([0.0 if p is None else 1 / (p + 1) for p in self.places])

    @property
    def mrr(self) -> float:
        """The mean of one over the place."""
        return float(self.reciprocal.mean()) if self.places else 0.0

    def hit(self, among: int) -> float:
        """How often a right person is among the first so many."""
        right = sum(p is not None and p < among for p in self.places)
        return right / max(len(self.places), 1)

    def only(self, chosen: Sequence[bool]) -> "Ranking":
        """The same on some of the questions."""
        kept = (p for p, take in zip(self.places, chosen, strict=True) if take)
        return Ranking(self.name, tuple(kept))

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded to four digits."""
        return {
            "name": self.name,
            "n": len(self.places),
            "mrr_10": round(self.mrr, 4),
            "interval": interval(self.reciprocal).as_json(),
            **{f"hit_{k}": round(self.hit(k), 4) for k in (1, 3, 5)},
        }


def gain(one: Ranking, other: Ranking) -> Interval:
    """How much better one is than the other, on the same questions."""
    return interval(one.reciprocal - other.reciprocal)


@dataclass(frozen=True, slots=True)
class Compared:
    """Rankings of the same questions: the product's first, then the baselines'."""

    rankings: tuple[Ranking, ...]

    @property
    def ours(self) -> Ranking:
        """The product's."""
        return self.rankings[0]

    @property
    def best_baseline(self) -> Ranking:
        """The best of the others, by the mean of one over the place."""
        return max(self.rankings[1:], key=lambda ranking: ranking.mrr)

    def only(self, chosen: Sequence[bool]) -> "Compared":
        """The same on some of the questions."""
        return Compared(tuple(one.only(chosen) for one in self.rankings))

    def as_json(self) -> dict[str, Any]:
        """Every ranking, and how much better ours is than the best other."""
        best = self.best_baseline
        return {
            "rankings": [one.as_json() for one in self.rankings],
            "best_baseline": best.name,
            "gain": round(self.ours.mrr - best.mrr, 4),
            "gain_interval": gain(self.ours, best).as_json(),
        }


@dataclass(frozen=True, slots=True)
class Detection:
    """How well yes and no were told apart.

    Attributes:
        name: By what.
        said, true: Of each message, what was said and what it is.
    """

    name: str
    said: tuple[bool, ...]
    true: tuple[bool, ...]

    @property
    def precision(self) -> float:
        """Of those said to be, how many are."""
        return self._right / max(sum(self.said), 1)

    @property
    def recall(self) -> float:
        """Of those that are, how many were said to be."""
        return self._right / max(sum(self.true), 1)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self._right / max(sum(self.said) + sum(self.true), 1)

    @property
    def _right(self) -> int:
        return sum(s and t for s, t in zip(self.said, self.true, strict=True))

    def f1_interval(self) -> Interval:
        """Where F1 would lie in 95 of 100 such samples."""
        said, true = np.array(self.said, float), np.array(self.true, float)
        return ratio_interval(2 * said * true, said + true)

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded to four digits."""
        return {
            "name": self.name,
            "n": len(self.true),
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
            "interval": self.f1_interval().as_json(),
        }


@dataclass(frozen=True, slots=True)
class Speed:
    """How long it took to learn."""

    messages: int
    import_s: float
    topics_s: float

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded."""
        return {
            "messages": self.messages,
            "import_seconds": round(self.import_s, 2),
            "messages_per_second": round(self.messages / max(self.import_s, 1e-9)),
            "topics_seconds": round(self.topics_s, 2),
        }
