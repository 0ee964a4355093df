"""How much a sentence sounds like a question, by the everyday words in it.

What follows what ("could i", "right END") is worth something learnt by
`fit_turns.py`, kept in `turns.json`. Only words that many people of every history
learnt from use are known; all others look alike.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

from bot.asking.weights import CONSTANT

# What stands for the beginning, the end, and any run of words that are not known.
BEGIN, END, OTHER = "BEGIN", "END", "OTHER"
# Of a longer run the middle says little.
EDGE = 15


@dataclass(frozen=True, slots=True)
class Turns:
    """The words that are known, and what turns of them are worth, as log odds."""

    known: frozenset[str]
    by_turn: Mapping[str, float]
    constant: float

    def sound(self, words: Sequence[str]) -> float:
        """Return the log odds that a sentence of these words bears a question mark."""
        said = self.by_turn.keys() & turns(words, self.known)
        return self.constant + math.fsum(self.by_turn[turn] for turn in said)


def turns(words: Iterable[str], known: frozenset[str]) -> set[str]:
    """Return the runs of one to three words of a sentence, each once."""
    kept: list[str] = []
    for word in words:
        if word in known:
            kept.append(word)
        elif not kept or kept[-1] != OTHER:
            kept.append(OTHER)
    if len(kept) > 2 * EDGE:
        kept = kept[:EDGE] + kept[-EDGE:]
    whole = [BEGIN, *kept, END]
    pairs = [f"{a} {b}" for a, b in pairwise(whole)]
    triples = [f"{pair} {c}" for pair, c in zip(pairs, whole[2:], strict=False)]
    return {*kept, *pairs, *triples} - {OTHER}


@cache
def shipped() -> Turns:
    """Return the turns that stand beside this module."""
    text = files("bot.asking").joinpath("turns.json").read_text(encoding="utf-8")
    by_turn: dict[str, float] = json.loads(text)
    constant = by_turn.pop(CONSTANT)
    words = {word for turn in by_turn for word in turn.split()}
    return Turns(frozenset(words - {BEGIN, END, OTHER}), by_turn, constant)
