"""What a message means, where its words leave in doubt whether it asks.

What each number of the sentence vector is worth is learnt by `fit_meaning.py`, kept in
`meaning.json`. Without that engine the first judgement stands.
"""

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Only from here to there is a message looked at again: one in thirty of those that open
# a thread, for which a vector costs two milliseconds. Beyond, no vector turned a
# judgement for the better in cross-validation.
LEAST, MOST = 0.2, 0.8


@dataclass(frozen=True, slots=True)
class Meaning:
    """A logistic regression over the first judgement and a sentence vector.

    Attributes:
        model: Of which engine the vectors must be.
        constant, first: The constant term, and what the first log odds count.
        numbers: What each number of the vector is worth (d).
    """

    model: str
    constant: float
    first: float
    numbers: Floats

    def probability(self, score: float, vector: Floats) -> float:
        """Return the probability, 0 to 1, that a message asks.

        Args:
            score: Its first judgement, within the doubt.
            vector: Of unit length (d).
        """
        worth = self.constant + self.first * math.log(score / (1.0 - score))
        worth += float(self.numbers @ vector)
        return 1.0 / (1.0 + math.exp(-worth))

    def to_json(self) -> str:
        """Return what `read` takes."""
        told = {
            "model": self.model,
            "constant": round(self.constant, 3),
            "first": round(self.first, 3),
            "numbers": [round(float(number), 3) for number in self.numbers],
        }
        return json.dumps(told) + "\n"


def read(text: str) -> Meaning:
    """Return what was kept as JSON."""
    told = json.loads(text)
    numbers = np.array(told["numbers"], np.float32)
    return Meaning(told["model"], told["constant"], told["first"], numbers)


def is_in_doubt(score: float) -> bool:
    """Say whether a first judgement leaves in doubt whether a message asks."""
    return LEAST < score < MOST


@cache
def shipped() -> Meaning:
    """Return what stands beside this module."""
    return read(files("bot.asking").joinpath("meaning.json").read_text("utf-8"))
