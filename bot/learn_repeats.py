"""Learn from labelled pairs when two questions are the same.

usage: python -m bot.learn_repeats LABELS.jsonl NAME=DATABASE_URL… [--write FILE]

A line of LABELS is {"history": NAME, "later": [channel, ts], "earlier": [channel, ts],
"label": "yes" | "no" | "left out"}: whether the earlier question's answer would answer
the later one. The databases hold those histories, by `import`. Prints how right the
surest pairs are by weights that nothing of them was learnt from: for each history by
what the others teach, then each by parts of all (no thread, and no question asked
twice, is in two). `--write` learns from everything; names of features and numbers are
kept, nothing of messages.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from scipy.stats import beta

from bot.corpus import Flags
from bot.ranking.alike import FEATURES
from bot.ranking.postings import Doubles
from bot.ranking.repeats import Weights
from bot.repeat_pairs import FOLDS, Judged, read

# The bar is where so many pairs in a thousand questions are shown. Judged unseen, about
# nine of ten of these are right, and fewer of the next.
SHARE = 1.0
# What else is reported.
SHARES = (1.0, 1.5, 2.0, 3.0)
# Strength of the pull towards zero, in units of a feature's spread.
PULL = 2.0
# Newton's method stops when the loss falls by less, or after so many steps.
SETTLED, STEPS = 1e-7, 60


def learn(judged: Judged) -> Weights:
    """Learn weights, and the bar that so many pairs of each history reach."""
    mean, spread = judged.rows.mean(axis=0), judged.rows.std(axis=0) + 1e-9
    rows = np.c_[np.ones(len(judged.rows)), (judged.rows - mean) / spread]
    weights = _fit(rows, judged.same.astype(np.float64))
    slopes = weights[1:] / spread
    learnt = Weights(
        constant=float(weights[0] - slopes @ mean),
        needed=0.0,
        features=dict(zip(FEATURES, slopes.tolist(), strict=True)),
    )
    score = scores(judged, learnt)
    bars = [
        score[surest(score, judged, name, SHARE)].min()
        for name in sorted(set(judged.history))
    ]
    return replace(learnt, needed=float(np.mean(bars)))


def _fit(rows: Doubles, same: Doubles) -> Doubles:
    """Fit a logistic model by Newton's method, never stepping uphill."""
    pull = np.diag([1e-6] + [PULL] * (rows.shape[1] - 1))

    def loss(weights: Doubles) -> float:
        sums = rows @ weights
        doubt = np.logaddexp(0.0, sums) - same * sums
        return float(doubt.sum() + weights @ pull @ weights / 2)

    weights = np.zeros(rows.shape[1])
    before = loss(weights)
    for _ in range(STEPS):
        odds = 1 / (1 + np.exp(-np.clip(rows @ weights, -50, 50)))
        slope = rows.T @ (odds - same) + pull @ weights
        bend = (rows.T * (odds * (1 - odds))) @ rows + pull
        step = np.linalg.solve(bend, slope)
        while loss(weights - step) > before and np.abs(step).max() > SETTLED:
            step /= 2
        weights = weights - step
        after = loss(weights)
        if before - after < SETTLED:
            break
        before = after
    return weights


def scores(judged: Judged, weights: Weights) -> Doubles:
    """Score every pair."""
    slopes = np.array([weights.features[name] for name in FEATURES])
    return np.asarray(weights.constant + judged.rows @ slopes)


def surest(score: Doubles, judged: Judged, name: str, share: float) -> Flags:
    """Flag a history's surest pairs, so many in a thousand questions; one at least."""
    own = judged.of(name)
    most = max(1, round(judged.asked[name] * share / 1_000))
    order = np.argsort(-np.where(own, score, -np.inf), kind="stable")[:most]
    flags = np.zeros(len(score), np.bool_)
    flags[order] = True
    return flags & own & np.isfinite(score)


def by_others(judged: Judged) -> Doubles:
    """Score each history's pairs by what the other histories teach."""
    score = np.full(len(judged.same), -np.inf)
    for name in sorted(set(judged.history)):
        own = judged.of(name)
        score[own] = scores(judged.where(own), learn(judged.where(~own)))
    return score


def by_folds(judged: Judged) -> Doubles:
    """Score each pair by what pairs of threads in other folds teach."""
    score = np.full(len(judged.same), -np.inf)
    low, high = judged.folds.min(axis=1), judged.folds.max(axis=1)
    for one in range(FOLDS):
        for other in range(one, FOLDS):
            out = np.asarray((low == one) & (high == other))
            rest = np.asarray(~np.isin(judged.folds, (one, other)).any(axis=1))
            if out.any() and rest.any():
                taught = learn(judged.where(rest))
                score[out] = scores(judged.where(out), taught)
    return score


def interval(right: int, of: int) -> tuple[float, float]:
    """Give where a share lies, surely to 95 % (Clopper and Pearson, exact)."""
    low = float(beta.ppf(0.025, right, of - right + 1)) if right else 0.0
    high = float(beta.ppf(0.975, right + 1, of - right)) if right < of else 1.0
    return low, high


def judge(judged: Judged, seen: Flags) -> str:
    """Say how right what would be shown is."""
    right, shown = int((seen & judged.same).sum()), int(seen.sum())
    unknown = int((seen & ~judged.known).sum())
    low, high = interval(right, shown)
    told = f"{right} of {shown} right ({low:.2f} to {high:.2f})"
    told += f", recall {right / max(1, judged.same.sum()):.2f}"
    return told + (f", {unknown} of them not labelled" if unknown else "")


def report(judged: Judged) -> Iterator[str]:
    """Judge the surest pairs by what others teach."""
    names = sorted(set(judged.history))
    for name in names:
        own = judged.where(judged.of(name))
        yield (
            f"{name}: {judged.asked[name]} questions, {len(own.same)} pairs, "
            f"{int(own.known.sum())} labelled, {int(own.same.sum())} the same"
        )
    ways = {"by folds": by_folds(judged)}
    if len(names) > 1:
        ways = {"by the others": by_others(judged)} | ways
    for way, score in ways.items():
        for share in SHARES:
            seen = {name: surest(score, judged, name, share) for name in names}
            for name in names if len(names) > 1 else ():
                yield f"{share} in 1,000, {way}, {name}: {judge(judged, seen[name])}"
            every = np.logical_or.reduce(list(seen.values()))
            yield f"{share} in 1,000, {way}, all: {judge(judged, every)}"


def main(arguments: Sequence[str]) -> None:
    """Print the report; write weights if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bot.learn_repeats")
    parser.add_argument("labels", type=Path, help="labelled pairs")
    parser.add_argument("databases", nargs="+", metavar="NAME=DATABASE_URL")
    parser.add_argument("--write", type=Path, help="where to keep the weights")
    args = parser.parse_args(arguments)
    databases = dict(one.split("=", 1) for one in args.databases)
    judged = read(args.labels, databases)
    sys.stdout.writelines(f"{line}\n" for line in report(judged))
    if args.write:
        args.write.write_text(learn(judged).to_json(), encoding="utf-8")


if __name__ == "__main__":  # pragma: no cover - the tests call main
    main(sys.argv[1:])
