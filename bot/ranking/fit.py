"""Learn the ranking's weights from Slack exports.

usage: python -m bot.ranking.fit [--vectors ENGINE] EXPORT… > bot/ranking/weights.json

Protocol: from each export three moments are taken, 30 % of its time (60 days at
most) before its end and earlier ones before that. What was held at a moment
ranks people for the questions asked in the same span after it, up to 500 of
them; right are those who then answered in the thread, if one of them had
answered somebody before. Newcomers among them count more than once (`NEWCOMER` in
`bot.ranking.lessons`). Minimised is the mean of -log softmax(score) over the right
ones of a question and over the questions, each moment weighted equally, plus a
pull towards what is expected (`EXPECTED`, else zero), by L-BFGS. First the weights
that guess the channel are learnt, then, with those, the weights that rank people:
by questions with their vectors, and by the same without. Give the histories alone:
questions that are to judge the result must not be in them.
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from bot.corpus import Corpus, Fact
from bot.corpus import build as build_corpus
from bot.happenings import Said
from bot.hearing import hear, hear_again, is_for_meaning, to_embed
from bot.ranking.lessons import (
    Lesson,
    Moment,
    moments,
    people_lesson,
    where_lesson,
)
from bot.ranking.postings import Doubles
from bot.ranking.weights import Weights
from bot.reading import read_message
from bot.slack_export import open_export
from bot.text import Hasher
from bot.vectors import Engine, load_engine
from bot.vectors.engine import DEFAULT

# Strength of the pull, in units of a feature's spread: enough to keep a feature
# that never decides (mentions, where nobody is mentioned) from running away.
PULL = 0.0005
# Who is named in a question nearly always is right, but communities that name nobody
# have nothing to learn it from.
EXPECTED = {"mention": 8.0}
# Of a feature that never varies; it then stays where it is pulled.
_LEAST_SPREAD = 0.001


def learn(corpora: Sequence[Corpus]) -> Weights:
    """Learn one set of weights from the histories of workspaces.

    Raises:
        ValueError: They hold no question that somebody answered.
    """
    past = [moment for corpus in corpora for moment in moments(corpus)]
    past = [moment for moment in past if moment.queries]
    if not past:
        raise ValueError("no answered question to learn from")
    which = fit([where_lesson(moment) for moment in past])
    by_words = [moment.without_vectors() for moment in past]

    def learnt(past: Sequence[Moment], *, given: bool) -> Mapping[str, float]:
        return fit([people_lesson(moment, which, given=given) for moment in past])

    return Weights(
        with_channel=learnt(past, given=True),
        without_channel=learnt(past, given=False),
        words_with_channel=learnt(by_words, given=True),
        words_without_channel=learnt(by_words, given=False),
        which_channel=which,
    )


def fit(lessons: Sequence[Lesson], pull: float = PULL) -> Mapping[str, float]:
    """Find the weights under which what was right is most likely."""
    lessons = [lesson for lesson in lessons if len(lesson)]
    names = lessons[0].names
    spread = np.mean([lesson.values.std(axis=(0, 1)) for lesson in lessons], axis=0)
    spread = np.maximum(spread, _LEAST_SPREAD)
    expected = np.array([EXPECTED.get(name, 0.0) for name in names])

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        parts = [_loss(lesson, weights) for lesson in lessons]
        value = sum(v for v, _ in parts) / len(parts)
        slope = np.sum([s for _, s in parts], axis=0) / len(parts)
        off = weights - expected
        held = off * spread**2
        return value + pull * float(off @ held), slope + 2 * pull * held

    found = minimize(loss, expected, jac=True, method="L-BFGS-B")
    return {n: round(float(w), 4) for n, w in zip(names, found.x, strict=True)}


def _loss(lesson: Lesson, weights: Doubles) -> tuple[float, Doubles]:
    """Give the mean -log of the probability of who was right, and its slope.

    Within a row the right ones share the blame by how much each counts, and the row
    counts as they do on average: many answers make no question weightier.
    """
    score = np.where(lesson.barred, -np.inf, lesson.values @ weights)
    highest = score.max(axis=1, keepdims=True)
    odds = np.exp(score - highest)
    all_odds = odds.sum(axis=1, keepdims=True)
    counts = lesson.right.sum(axis=1, keepdims=True, dtype=np.float64)
    share = lesson.right / counts
    row = counts / np.count_nonzero(lesson.right, axis=1, keepdims=True)
    row /= row.sum()
    missed = np.where(lesson.right > 0, highest + np.log(all_odds) - score, 0.0)
    value = np.sum(row * share * missed)
    pushed = row * (odds / all_odds - share)
    return float(value), np.einsum("qa,qaf->f", pushed, lesson.values)


def read(path: Path, engine: Engine | None = None) -> Corpus:
    """Read an export's messages as columns, its questions with their vectors."""
    return build_corpus(_facts(path, engine))


def _facts(path: Path, engine: Engine | None) -> Iterator[Fact]:
    hasher = Hasher(b"fit")  # the hashes do not outlive this program
    with open_export(path) as export:
        ids = {str(c.get("name")): str(c.get("id")) for c in export.channels()}
        bots = {u.get("id") for u in export.users() if u.get("is_bot")}
        for day in export.days():
            for entry in export.messages(day):
                said = read_message(entry, channel_id=ids.get(day.folder, day.folder))
                if said is not None and said.user_id not in bots:
                    yield _fact(said, hasher, engine)


def _fact(said: Said, hasher: Hasher, engine: Engine | None) -> Fact:
    heard, vector = hear(said.text, hasher, is_root=said.is_root), None
    if engine and (heard.is_question or is_for_meaning(heard.score, engine)):
        vector = engine.embed([to_embed(said.text)])[0]
        heard = hear_again(heard, vector, engine)
    return Fact(
        channel_id=said.channel_id,
        ts=said.ts,
        thread_ts=said.root_ts,
        user_id=said.user_id,
        at=float(said.ts),
        is_question=heard.is_question,
        is_thanks=heard.is_thanks,
        mentions=heard.mentions,
        words=heard.words,
        counts=heard.counts,
        vector=vector if heard.is_question else None,
    )


def main(arguments: Sequence[str]) -> None:
    """Run the program."""
    parser = argparse.ArgumentParser(
        prog="python -m bot.ranking.fit", description="Learn the ranking's weights."
    )
    parser.add_argument("exports", nargs="+", type=Path, metavar="EXPORT")
    parser.add_argument("--vectors", default=DEFAULT, metavar="ENGINE")
    given = parser.parse_args(arguments)
    engine = load_engine(given.vectors)
    sys.stdout.write(learn([read(path, engine) for path in given.exports]).to_json())


if __name__ == "__main__":  # pragma: no cover - the tests call main
    main(sys.argv[1:])
