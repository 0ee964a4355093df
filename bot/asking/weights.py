"""What each feature is worth: numbers learnt by `fit.py`, kept in `weights.json`."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

# The name under which the constant term is kept.
CONSTANT = "(constant)"


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic regression over named features; an unknown name is worth nothing."""

    by_name: Mapping[str, float]

    def probability(self, names: Iterable[str]) -> float:
        """Return the probability, 0 to 1, that a message with these features asks."""
        worth = self.by_name.get(CONSTANT, 0.0)
        worth += math.fsum(self.by_name.get(name, 0.0) for name in names)
        return 1.0 / (1.0 + math.exp(-worth))


@cache
def shipped() -> Weights:
    """Return the weights that stand beside this module."""
    text = files("bot.asking").joinpath("weights.json").read_text(encoding="utf-8")
    return Weights(json.loads(text))
