"""How much surer than elsewhere one may be, here, that two questions are the same.

What a pair's score promises was learnt in other communities. A vote on a pair that was
shown says whether it kept the promise; one number a workspace, added to every score,
makes its votes likely, by a logistic model, and is pulled towards 0. Pure.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

# What was learnt from whole communities stays the rule. Down to so much more is shown,
# about twice as many; so much up silences a workspace where it is mostly wrong.
MOST_SURER, MOST_DOUBT = 1.0, 2.0
# How strongly it is pulled towards 0: three of three "not the same" raise the bar by
# .6, forty of forty "that's it" lower it by as much, nine of ten leave it alone.
PULL = 4.0
# All votes of one person together count like so many, and so do all on one pair.
MOST_OF_ONE = 3.0
_HALVINGS = 40


@dataclass(frozen=True, slots=True)
class Word:
    """One vote.

    Attributes:
        voter_id, pair: Whose, and on what.
        score: Log odds that the two mean the same, as shipped.
        is_same: Whether they did.
    """

    voter_id: str
    pair: str
    score: float
    is_same: bool


def surer(words: Sequence[Word]) -> float:
    """Find what to add to every score, between -`MOST_DOUBT` and `MOST_SURER`."""
    if not words:
        return 0.0
    by_voter = Counter(w.voter_id for w in words)
    by_pair = Counter(w.pair for w in words)
    most = np.array([max(by_voter[w.voter_id], by_pair[w.pair]) for w in words])
    weight = np.minimum(1.0, MOST_OF_ONE / most)
    score = np.array([w.score for w in words])
    same = np.array([w.is_same for w in words])

    def too_sure(moved: float) -> bool:
        promised = 1.0 / (1.0 + np.exp(-np.clip(score + moved, -50, 50)))
        return bool(weight @ (promised - same) + PULL * moved > 0)

    low, high = -MOST_DOUBT, MOST_SURER
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if too_sure(middle) else (middle, high)
    return round(low, 4)
