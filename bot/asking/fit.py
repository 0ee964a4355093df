"""Learn `weights.json` from labelled messages.

usage: python -m bot.asking.fit LABELS.jsonl [LABELS.jsonl ...] [--write FILE]

A line of LABELS is {"id", "text", "label": "yes" | "no", "top_level"?, "weight"?,
"author"?}. Prints how well messages are judged that were not learnt from, a line a
file; no author's messages are in two folds; all choices are made inside each fold.
`--write` learns from everything: names of features and numbers are kept, nothing of
the messages.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.asking import THRESHOLD
from bot.asking.features import features
from bot.asking.weights import CONSTANT

Floats = npt.NDArray[np.float64]

FOLDS = 10
# How strongly weights are held to what is believed beforehand.
PENALTIES = (1.0, 2.0, 4.0, 8.0)
# A feature seen in fewer messages says nothing.
SEEN = 2
# Newton's method stops when no weight moves more, or after so many steps.
SETTLED, STEPS = 1e-6, 40
# Among all that is noticed these are forms whose meaning is known before any
# label is read; labels move them.
BELIEVED = {
    "?": 3.0,
    "? greeting": -2.0,
    "? rhetorical": -2.0,
    "? suggestion": -2.0,
    ". suggestion": -1.0,
    "? isn't it": -2.0,
    "? request": -1.5,
    "? suggests": -1.5,
    "? hedge": -1.0,
    "? perhaps": -1.0,
    "? proposes": -1.0,
    "? with !": -1.0,
    ". wh inversion": 3.0,
    ". inversion": 3.0,
    ". is there": 2.0,
    ". calls for anyone": 2.0,
    ". any": 1.5,
    ". how do i": 1.5,
    ". lost": 2.0,
    ". fails to": 0.5,
    "much trouble": 0.5,
    ". wants help": 1.5,
    ". wonders": 2.0,
    ". opens wondering": 2.0,
    "cries out": 1.5,
    "? courtesy": -1.5,
    ". troubled": 1.0,
    ". offers": -1.0,
    ". greeting": -1.0,
    ". request": -1.0,
    ". rhetorical": -1.0,
    ". perhaps": -0.5,
    "empty": -2.0,
}


@dataclass(frozen=True, slots=True)
class Labelled:
    """Messages as rows of zeros and ones; the first column is the constant's."""

    rows: Floats
    asks: Floats
    weights: Floats
    folds: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]
    names: tuple[str, ...]

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Labelled":
        """Return the chosen messages."""
        return Labelled(
            self.rows[chosen],
            self.asks[chosen],
            self.weights[chosen],
            self.folds[chosen],
            self.sources[chosen],
            self.names,
        )


def read(paths: Sequence[Path]) -> Labelled:
    """Notice the features of every labelled message."""
    lines = [
        (source, json.loads(line))
        for source, path in enumerate(paths)
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    noticed = [
        features(row["text"], top_level=row.get("top_level", True)) for _, row in lines
    ]
    counts = Counter(name for found in noticed for name in found)
    kept = {name for name, count in counts.items() if count >= SEEN}
    names = (CONSTANT, *sorted(kept | BELIEVED.keys()))
    return Labelled(
        np.array([[n == CONSTANT or n in f for n in names] for f in noticed], float),
        np.array([row["label"] == "yes" for _, row in lines], float),
        np.array([row.get("weight", 1.0) for _, row in lines], float),
        np.array([_fold(row.get("author", row["id"])) for _, row in lines]),
        np.array([source for source, _ in lines]),
        names,
    )


def _fold(key: str) -> int:
    return hashlib.sha256(key.encode()).digest()[0] % FOLDS


def learn(data: Labelled, penalty: float) -> Floats:
    """Return weights by Newton's method, held to what is believed beforehand."""
    believed = np.array([BELIEVED.get(name, 0.0) for name in data.names])
    penalties = np.where(np.array(data.names) == CONSTANT, 1e-3, penalty)
    return solve(data.rows, data.asks, data.weights, penalties, believed)


def solve(
    rows: Floats, asks: Floats, counts: Floats, penalties: Floats, believed: Floats
) -> Floats:
    """Return the weights of a logistic regression by Newton's method.

    Args:
        rows: What is known of each message (n x d).
        asks: What is to be said of it, 0 to 1 (n).
        counts: How much each message counts (n).
        penalties: How strongly each weight is held to what is believed (d).
        believed: What it is held to (d).
    """
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        said = probabilities(rows, weights)
        off = counts * (said - asks)
        slope = rows.T @ off + penalties * (weights - believed)
        bend = (rows.T * (counts * said * (1 - said))) @ rows + np.diag(penalties)
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < SETTLED:
            break
    return weights


def probabilities(rows: Floats, weights: Floats) -> Floats:
    """Return the probability of asking, a number a row."""
    worth: Floats = np.clip(rows @ weights, -30.0, 30.0)
    said: Floats = 1.0 / (1.0 + np.exp(-worth))
    return said


def choose(data: Labelled) -> Floats:
    """Return weights learnt with the penalty that judges best unseen."""
    penalty = min(PENALTIES, key=lambda p: _surprise(_unseen(data, p), data))
    return learn(data, penalty)


def _unseen(data: Labelled, penalty: float) -> Floats:
    """Judge each fold by what the other folds teach."""
    said = np.zeros(len(data.asks))
    for fold in range(FOLDS):
        out = data.folds == fold
        said[out] = probabilities(data.rows[out], learn(data.where(~out), penalty))
    return said


def _surprise(said: Floats, data: Labelled) -> float:
    right = np.where(data.asks == 1, said, 1 - said)
    return -float(data.weights @ np.log(right))


def score(said: npt.NDArray[np.bool_], asks: Floats) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    right = float(np.sum(said & (asks == 1)))
    precision = right / max(1.0, float(said.sum()))
    recall = right / max(1.0, float(asks.sum()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def report(data: Labelled, paths: Sequence[Path]) -> list[str]:
    """Judge every fold by weights chosen and learnt without it."""
    said = np.zeros(len(data.asks), bool)
    for fold in range(FOLDS):
        out = data.folds == fold
        weights = choose(data.where(~out))
        said[out] = probabilities(data.rows[out], weights) >= THRESHOLD
    lines = []
    for source, path in enumerate(paths):
        own = data.sources == source
        numbers = score(said[own], data.asks[own])
        told = "precision {:.3f} recall {:.3f} F1 {:.3f}".format(*numbers)
        lines.append(f"{path.name}: {told} n {own.sum()}")
    return lines


def main(argv: Sequence[str]) -> list[str]:
    """Return the report; write weights if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bot.asking.fit")
    parser.add_argument("labels", nargs="+", type=Path, help="labelled messages")
    parser.add_argument("--write", type=Path, help="where to keep the weights")
    args = parser.parse_args(argv)
    data = read(args.labels)
    if args.write:
        weights = dict(zip(data.names, choose(data).round(3).tolist(), strict=True))
        args.write.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")
    return report(data, args.labels)


if __name__ == "__main__":  # pragma: no cover - the tests call main
    sys.stdout.write("\n".join(main(sys.argv[1:])) + "\n")
