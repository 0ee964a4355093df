"""Move the shipped weights a little towards what a workspace's people say.

A vote compares the person it is about with the others named beside them: it says
that the first should stand higher ("that helped") or lower ("not me"). Each
feature's weight is multiplied with a factor; the factors make the votes likely, by
a logistic model, and are pulled towards 1. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from bot.ranking.postings import Doubles

# No weight moves by more: what two whole communities taught stays the rule.
BOUND = 0.3
# The shipped weights count like so many votes of one unit each.
PRIOR = 20.0
# All votes of one person together count like so many, and so do all votes on one.
MOST_OF_ONE = 3.0
# One extreme value must not outweigh everything else that was said.
_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Judged:
    """One vote.

    Attributes:
        voter_id, about_id: Whose, and on whom.
        is_helpful: Whether they should stand higher.
        contrast: By feature, what it added to them, by the shipped weights, beyond
            what it added on average to the others named.
    """

    voter_id: str
    about_id: str
    is_helpful: bool
    contrast: Mapping[str, float]


def tune(votes: Sequence[Judged], features: Iterable[str]) -> dict[str, float]:
    """Find the factor of each feature's weight, within 1 ± `BOUND`.

    Votes on oneself count only where they say "not me".
    """
    names = tuple(features)
    kept = [v for v in votes if not (v.is_helpful and v.voter_id == v.about_id)]
    if not kept:
        return dict.fromkeys(names, 1.0)
    held = np.array([[v.contrast.get(n, 0.0) for n in names] for v in kept])
    sign = np.array([1.0 if v.is_helpful else -1.0 for v in kept])
    towards = np.clip(held, -_MOST, _MOST) * sign[:, None]
    weight = _weights(kept)

    def loss(moved: Doubles) -> tuple[float, Doubles]:
        margin = towards @ (1.0 + moved)
        doubt = 1.0 / (1.0 + np.exp(np.clip(margin, -50, 50)))
        value = weight @ np.logaddexp(0.0, -margin) + PRIOR / 2 * moved @ moved
        return float(value), PRIOR * moved - towards.T @ (weight * doubt)

    bounds = [(-BOUND, BOUND)] * len(names)
    found = minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds).x
    return {n: round(1.0 + float(x), 4) for n, x in zip(names, found, strict=True)}


def _weights(votes: Sequence[Judged]) -> Doubles:
    """Weigh votes so that nobody, by voting or by being voted on, has many."""
    by_voter = Counter(v.voter_id for v in votes)
    by_about = Counter(v.about_id for v in votes)
    return np.array(
        [
            min(1.0, MOST_OF_ONE / max(by_voter[v.voter_id], by_about[v.about_id]))
            for v in votes
        ]
    )


def contrast(
    own: Mapping[str, float], others: Sequence[Mapping[str, float]]
) -> dict[str, float]:
    """Tell what each feature added to one person beyond the others' average.

    Nothing can be learnt from somebody who stands alone: then it is nothing.
    """
    if not others:
        return dict.fromkeys(own, 0.0)
    return {
        name: part - sum(o[name] for o in others) / len(others)
        for name, part in own.items()
    }
