"""Learn `weights.json` from labelled messages.

usage: python -m bot.asking.fit LABELS.jsonl [LABELS.jsonl ...] [--write FILE]

A line of LABELS is {"id", "text", "label": "yes" | "no", "top_level"?}. Prints how
well messages are judged that were not learnt from, a line a file; all choices are
made inside each fold. `--write` learns from everything: names of features and
numbers are kept, nothing of the messages.
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
# Added to the constant. Labelled messages are chosen for being hard, so that the
# odds among them are not those of a channel.
OFFSETS = (0.0, 0.2, 0.4, 0.6)
# A feature seen in fewer messages says nothing.
SEEN = 2
STEPS = 40
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
    ". wonders": 1.5,
    "cries out": 1.5,
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
    folds: npt.NDArray[np.int64]
    sources: npt.NDArray[np.int64]
    names: tuple[str, ...]

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Labelled":
        """Return the chosen messages."""
        return Labelled(
            self.rows[chosen],
            self.asks[chosen],
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
        np.array([_fold(row["id"]) for _, row in lines]),
        np.array([source for source, _ in lines]),
        names,
    )


def _fold(message_id: str) -> int:
    return hashlib.sha256(message_id.encode()).digest()[0] % FOLDS


def learn(data: Labelled, penalty: float) -> Floats:
    """Return weights by Newton's method, held to what is believed beforehand."""
    believed = np.array([BELIEVED.get(name, 0.0) for name in data.names])
    penalties = np.where(np.array(data.names) == CONSTANT, 1e-3, penalty)
    weights = np.zeros(len(data.names))
    for _ in range(STEPS):
        said = probabilities(data.rows, weights)
        slope = data.rows.T @ (said - data.asks) + penalties * (weights - believed)
        bend = (data.rows.T * (said * (1 - said))) @ data.rows + np.diag(penalties)
        weights -= np.linalg.solve(bend, slope)
    return weights


def probabilities(rows: Floats, weights: Floats) -> Floats:
    """Return the probability of asking, a number a row."""
    worth: Floats = np.clip(rows @ weights, -30.0, 30.0)
    said: Floats = 1.0 / (1.0 + np.exp(-worth))
    return said


def choose(data: Labelled) -> Floats:
    """Return weights learnt with the penalty and offset that judge best unseen."""
    by_penalty = {penalty: _unseen(data, penalty) for penalty in PENALTIES}
    penalty = min(PENALTIES, key=lambda p: _surprise(by_penalty[p], data.asks))
    odds = np.log(by_penalty[penalty] / (1 - by_penalty[penalty]))
    offset = max(OFFSETS, key=lambda o: score(odds + o >= 0, data.asks)[2])
    weights = learn(data, penalty)
    weights[0] += offset
    return weights


def _unseen(data: Labelled, penalty: float) -> Floats:
    """Judge each fold by what the other folds teach."""
    said = np.zeros(len(data.asks))
    for fold in range(FOLDS):
        out = data.folds == fold
        said[out] = probabilities(data.rows[out], learn(data.where(~out), penalty))
    return said


def _surprise(said: Floats, asks: Floats) -> float:
    return float(-np.mean(asks * np.log(said) + (1 - asks) * np.log(1 - said)))


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
