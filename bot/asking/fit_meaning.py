"""Learn `meaning.json`: what a message's vector adds where its words leave doubt.

usage: python -m bot.asking.fit_meaning --labels LABELS.jsonl... --exports EXPORT...
       [--without LABELS.jsonl...] [--write FILE]

LABELS are as for `fit.py`, a file a community, EXPORTS their histories in the same
order, of which what stands in any labels is passed over. Few labels cannot tell what
384 numbers are worth, so the histories first choose a few directions to look along:
where messages differ most, and what tells those that got an answer, bear a question
mark, or sound like a question without one. Labels then weigh these.

Prints how well messages in doubt, and all, are judged by weights that have not seen
their author, and by those that have not seen their community.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bot.asking import THRESHOLD, fit, judge
from bot.asking.meaning import LEAST, MOST, Meaning
from bot.happenings import Said
from bot.hearing import to_embed
from bot.reading import read_message
from bot.slack_export import open_export
from bot.vectors.engine import DEFAULT, Engine, load_engine

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# Within this time an answer says that something was asked.
SOON_S = 3600.0
# How many directions in which messages differ most, and how far a step along one
# counts beside a step along what the histories tell.
DIRECTIONS, SCALE = 8, 3.0
# How strongly worths are held: in telling histories, in the first judgement (what
# `fit.choose` takes), of a direction, of what the first log odds count (to one), and
# of the constant.
HISTORY_PENALTY, FIRST_PENALTY, PENALTY = 5.0, 4.0, 4.0
FIRST_HELD, CONSTANT_HELD = 1.0, 0.1
# A first judgement is never quite sure.
SURE = 1e-6


@dataclass(frozen=True, slots=True)
class Told:
    """Labelled messages with their vectors (n x d)."""

    data: fit.Labelled
    vectors: Floats


@dataclass(frozen=True, slots=True)
class History:
    """Messages that open a thread: vectors (n x d) and what stands for a label (n)."""

    vectors: Floats
    scores: Floats
    is_marked: Flags
    is_answered: Flags


def read_labels(paths: Sequence[Path], engine: Engine) -> Told:
    """Notice the features of every labelled message, and embed it."""
    texts = [
        to_embed(json.loads(line)["text"])
        for path in paths
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return Told(fit.read(paths), engine.embed(texts).astype(float))


def read_history(path: Path, without: AbstractSet[str], engine: Engine) -> History:
    """Read what opens a thread, but for texts that are given."""
    with open_export(path) as export:
        said = [
            one
            for day in export.days()
            for entry in export.messages(day)
            if (one := read_message(entry, channel_id=day.folder)) is not None
        ]
    roots = [
        one for one in said if one.is_root and one.text and one.text not in without
    ]
    answered = _answered_soon(said)
    return History(
        engine.embed([to_embed(one.text) for one in roots]).astype(float),
        np.array([judge(one.text).score for one in roots]),
        np.array(["?" in one.text for one in roots]),
        np.array([(one.channel_id, one.ts) in answered for one in roots]),
    )


def _answered_soon(said: Sequence[Said]) -> set[tuple[str, str]]:
    """Return the messages to which somebody else replied soon."""
    authors = {(one.channel_id, one.ts): one.user_id for one in said}
    return {
        root
        for one in said
        if not one.is_root
        and authors.get(root := (one.channel_id, one.root_ts), one.user_id)
        != one.user_id
        and float(one.ts) - float(one.root_ts) < SOON_S
    }


def directions(histories: Sequence[History]) -> tuple[Floats, Floats]:
    """Return the middle of all vectors (d), and directions to look along (d x k)."""
    vectors = np.concatenate([history.vectors for history in histories])
    middle = vectors.mean(axis=0)
    spread = np.linalg.svd(vectors - middle, full_matrices=False)[2][:DIRECTIONS]
    told = np.sum([_told(history, middle) for history in histories], axis=0)
    steps = np.std((vectors - middle) @ told, axis=0)
    return middle, np.column_stack([told / steps, SCALE * spread.T])


def _told(history: History, middle: Floats) -> Floats:
    """Return what tells answered, marked and asking messages from others (d x 3)."""
    every = np.ones(len(history.scores), bool)
    tasks = (
        (every, history.is_answered.astype(float)),
        (~history.is_marked, history.scores),
        (every, history.is_marked.astype(float)),
    )
    found = []
    for rows, says in tasks:
        vectors = np.column_stack([history.vectors[rows] - middle, np.ones(rows.sum())])
        held = np.append(np.full(len(middle), HISTORY_PENALTY), 1e-3)
        found.append(
            fit.solve(
                vectors, says[rows], np.ones(rows.sum()), held, np.zeros_like(held)
            )[:-1]
        )
    return np.column_stack(found)


def first_judged(data: fit.Labelled, *, by: Flags) -> Floats:
    """Return first scores: of those they are learnt by, each fold by the others."""
    said = np.zeros(len(data.asks))
    parts = [by & (data.folds == fold) for fold in range(fit.FOLDS)]
    for part in (~by, *parts):
        if part.any():
            weights = fit.learn(data.where(by & ~part), FIRST_PENALTY)
            said[part] = fit.probabilities(data.rows[part], weights)
    return np.clip(said, SURE, 1 - SURE)


def learn(
    told: Told, scores: Floats, by: Flags, along: tuple[Floats, Floats], model: str = ""
) -> Meaning:
    """Return what the vectors of the messages chosen add to their first scores."""
    middle, ways = along
    odds = np.log(scores[by] / (1 - scores[by]))
    seen = (told.vectors[by] - middle) @ ways
    rows = np.column_stack([np.ones(len(odds)), odds, seen])
    held = np.array([CONSTANT_HELD, FIRST_HELD, *[PENALTY] * ways.shape[1]])
    believed = np.array([0.0, 1.0, *[0.0] * ways.shape[1]])
    worth = fit.solve(rows, told.data.asks[by], told.data.weights[by], held, believed)
    numbers = ways @ worth[2:]
    constant = float(worth[0] - middle @ numbers)
    return Meaning(model, constant, float(worth[1]), numbers.astype(np.float32))


def look_again(meaning: Meaning, scores: Floats, vectors: Floats) -> Floats:
    """Return the scores with those in doubt judged again."""
    found = scores.copy()
    for row in np.flatnonzero((scores > LEAST) & (scores < MOST)):
        found[row] = meaning.probability(scores[row], vectors[row].astype(np.float32))
    return found


def report(told: Told, histories: Sequence[History]) -> Iterator[str]:
    """Judge messages by authors, then by communities, that were not learnt from."""
    along = directions(histories)
    folds = [(told.data.folds == fold, along) for fold in range(fit.FOLDS)]
    yield from _judged("authors", told, folds)
    if len(histories) > 1:
        others = [
            directions([*histories[:at], *histories[at + 1 :]])
            for at in range(len(histories))
        ]
        out = [(told.data.sources == at, way) for at, way in enumerate(others)]
        yield from _judged("communities", told, out)


def _judged(
    whose: str, told: Told, parts: Iterable[tuple[Flags, tuple[Floats, Floats]]]
) -> Iterator[str]:
    data = told.data
    first, again = np.zeros(len(data.asks)), np.zeros(len(data.asks))
    for out, along in parts:
        scores = first_judged(data, by=~out)
        meaning = learn(told, scores, ~out, along)
        first[out] = scores[out]
        again[out] = look_again(meaning, scores[out], told.vectors[out])
    doubt = (first > LEAST) & (first < MOST)
    for source in sorted(set(data.sources.tolist())):
        own = data.sources == source
        for name, rows in (("in doubt", own & doubt), ("all", own)):
            before, after = (_score(s[rows], data.asks[rows]) for s in (first, again))
            yield (
                f"by other {whose}, file {source + 1}, {name} ({rows.sum()}):"
                f" {before} -> {after}"
            )


def _score(scores: Floats, asks: Floats) -> str:
    numbers = fit.score(scores >= THRESHOLD, asks)
    return "precision {:.3f} recall {:.3f} F1 {:.3f}".format(*numbers)


def main(argv: Sequence[str]) -> list[str]:
    """Return the report; write what was learnt from everything if asked to."""
    parser = argparse.ArgumentParser(prog="python -m bot.asking.fit_meaning")
    parser.add_argument("--labels", nargs="+", type=Path, required=True)
    parser.add_argument("--exports", nargs="+", type=Path, required=True)
    parser.add_argument("--without", nargs="*", type=Path, default=[])
    parser.add_argument("--write", type=Path, help="where to keep what is learnt")
    args = parser.parse_args(argv)
    engine = cast("Engine", load_engine(DEFAULT))
    told = read_labels(args.labels, engine)
    without = {
        json.loads(line)["text"]
        for path in (*args.labels, *args.without)
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    histories = [read_history(path, without, engine) for path in args.exports]
    if args.write:
        every = np.ones(len(told.data.asks), bool)
        scores = first_judged(told.data, by=every)
        meaning = learn(told, scores, every, directions(histories), engine.model)
        args.write.write_text(meaning.to_json(), encoding="utf-8")
    return list(report(told, histories))


if __name__ == "__main__":  # pragma: no cover - the tests call main
    sys.stdout.write("\n".join(main(sys.argv[1:])) + "\n")
