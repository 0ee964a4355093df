"""Learn from labelled pairs when two questions are the same.

usage: python -m bot.learn_repeats LABELS.jsonl NAME=DATABASE_URL… [--write FILE]

A line of LABELS is {"history": NAME, "later": [channel, ts], "earlier": [channel, ts],
"label": "yes" | "no"}: whether the earlier question's answer would answer the later
one. The databases hold those histories, by `import`. Prints how well pairs are judged
that nothing was learnt from, weights and bar alike: for each history by what the
others teach, then for all by fifths (of the earlier questions, by hash). `--write`
learns from everything; names of features and numbers are kept, nothing of messages.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import select

from bot.corpus import NOBODY, Corpus, Flags, Longs, build
from bot.database import open_database
from bot.graph.facts import read_facts
from bot.ranking import index as laid_out
from bot.ranking.match import Wanted
from bot.ranking.postings import Doubles
from bot.ranking.repeats import FEATURES, Weights, features, measure
from bot.ranking.view import look
from models import Message, Workspace

# What is shown must be right nine times of ten.
PRECISION = 0.9
# Strength of the pull towards zero, in units of a feature's spread.
PULL = 2.0
STEPS = 40
FOLDS = 5
# A bar that so few pairs reach was reached by luck.
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labelled pairs: features (n x f, NaN if they never count), labels, origin."""

    rows: Doubles
    same: Flags
    history: tuple[str, ...]
    fold: Longs

    def where(self, chosen: Flags) -> "Pairs":
        """Keep some."""
        kept = tuple(h for h, c in zip(self.history, chosen, strict=True) if c)
        return Pairs(self.rows[chosen], self.same[chosen], kept, self.fold[chosen])


def read(labels: Path, databases: dict[str, str]) -> Pairs:
    """Read the features of every labelled pair that the databases hold."""
    lines = [json.loads(one) for one in labels.read_text("utf-8").splitlines()]
    found = [
        (values, line)
        for name, url in databases.items()
        for values, line in _judged(url, [x for x in lines if x["history"] == name])
    ]
    return Pairs(
        np.array([[v[n] if v else np.nan for n in FEATURES] for v, _ in found]),
        np.array([line["label"] == "yes" for _, line in found]),
        tuple(line["history"] for _, line in found),
        np.array([_fold(line["earlier"]) for _, line in found]),
    )


def _judged(
    url: str, lines: Sequence[dict[str, Any]]
) -> Iterator[tuple[dict[str, float] | None, dict[str, Any]]]:
    corpus = _corpus(url)
    index = laid_out.build(corpus)
    scale = measure(look(index, None))
    rows = {
        (corpus.channels[c], ts): i
        for i, (c, ts) in enumerate(zip(corpus.channel, corpus.ts, strict=True))
    }
    for line in lines:
        later, earlier = (rows.get(tuple(line[k])) for k in ("later", "earlier"))
        if later is None or earlier is None:
            continue
        held = corpus.vector_row[[later, earlier]]
        if NOBODY not in held:
            thread = int(corpus.thread[earlier])
            cosine = float(corpus.vectors[held[0]] @ corpus.vectors[held[1]])
            asked = _asked(corpus, later)
            yield features(index, scale, asked, thread, cosine), line


def _corpus(url: str) -> Corpus:
    database = open_database(url)
    try:
        with database.readers() as session:
            workspace_id = session.scalars(select(Workspace.id)).one()
            made_by = select(Message.vector_model).where(
                Message.vector_model.is_not(None)
            )
            model = session.scalar(made_by.limit(1))
            return build(read_facts(session, workspace_id, model=model))
    finally:
        database.close()


def _asked(corpus: Corpus, row: int) -> Wanted:
    terms = corpus.terms
    held = slice(terms.indptr[row], terms.indptr[row + 1])
    return Wanted(terms.indices[held], np.sqrt(np.minimum(terms.data[held], 3)), 0.0)


def _fold(earlier: Sequence[str]) -> int:
    return sha256("/".join(earlier).encode()).digest()[0] % FOLDS


def learn(pairs: Pairs) -> Weights:
    """Learn weights (Newton's method) and the bar that keeps `PRECISION`."""
    pairs = pairs.where(~np.isnan(pairs.rows[:, 0]))
    mean, spread = pairs.rows.mean(axis=0), pairs.rows.std(axis=0) + 1e-9
    rows = np.c_[np.ones(len(pairs.rows)), (pairs.rows - mean) / spread]
    pull = np.diag([1e-6] + [PULL] * len(FEATURES))
    weights = np.zeros(rows.shape[1])
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (odds - pairs.same) + pull @ weights
        bend = (rows.T * (odds * (1 - odds))) @ rows + pull
        weights -= np.linalg.solve(bend, slope)
    slopes = weights[1:] / spread
    learnt = Weights(
        constant=float(weights[0] - slopes @ mean),
        needed=0.0,
        features=dict(zip(FEATURES, slopes.tolist(), strict=True)),
    )
    return replace(learnt, needed=bar(scores(pairs, learnt), pairs.same))


def scores(pairs: Pairs, weights: Weights) -> Doubles:
    """Score every pair."""
    slopes = np.array([weights.features[name] for name in FEATURES])
    return np.asarray(weights.constant + pairs.rows @ slopes)


def bar(score: Doubles, same: Flags) -> float:
    """Find the lowest bar that keeps `PRECISION` among those that reach it."""
    order = np.argsort(-score, kind="stable")
    right = np.cumsum(same[order]) / np.arange(1, len(order) + 1)
    kept = np.flatnonzero(right >= PRECISION)
    kept = kept[kept >= _FEWEST - 1]
    # Halfway to the first that is left out; without a bar that keeps it, above all.
    if not len(kept):
        return float(score.max()) + 1.0
    last = int(kept[-1])
    after = score[order[last + 1]] if last + 1 < len(order) else score[order[last]]
    return float(score[order[last]] + after) / 2


def shown(pairs: Pairs, taught_by: Pairs) -> Flags:
    """Say which pairs would be shown, by what others teach."""
    weights = learn(taught_by)
    return np.asarray(scores(pairs, weights) >= weights.needed)


def judge(pairs: Pairs, seen: Flags) -> str:
    """Say how right what would be shown is."""
    right = int((seen & pairs.same).sum())
    return (
        f"{len(pairs.same)} pairs, {int(pairs.same.sum())} the same: {right} of "
        f"{int(seen.sum())} shown are right, recall {right / pairs.same.sum():.2f}"
    )


def report(pairs: Pairs) -> Iterator[str]:
    """Judge pairs by what others teach."""
    histories = np.array(pairs.history)
    names = sorted(set(pairs.history))
    for name in names if len(names) > 1 else ():
        own = pairs.where(histories == name)
        told = judge(own, shown(own, pairs.where(histories != name)))
        yield f"{name}, by the others: {told}"
    seen = np.zeros(len(pairs.same), np.bool_)
    for fold in range(FOLDS):
        out = pairs.fold == fold
        seen[out] = shown(pairs.where(out), pairs.where(~out))
    yield f"all, each fifth by the other four: {judge(pairs, seen)}"


def main(arguments: Sequence[str]) -> None:
    """Print the report; write weights if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bot.learn_repeats")
    parser.add_argument("labels", type=Path, help="labelled pairs")
    parser.add_argument("databases", nargs="+", metavar="NAME=DATABASE_URL")
    parser.add_argument("--write", type=Path, help="where to keep the weights")
    args = parser.parse_args(arguments)
    databases = dict(one.split("=", 1) for one in args.databases)
    pairs = read(args.labels, databases)
    sys.stdout.writelines(f"{line}\n" for line in report(pairs))
    if args.write:
        args.write.write_text(learn(pairs).to_json(), encoding="utf-8")


if __name__ == "__main__":  # pragma: no cover - the tests call main
    main(sys.argv[1:])
