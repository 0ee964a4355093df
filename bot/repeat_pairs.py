"""Pairs of a question and an earlier one, with labels, for `bot.learn_repeats`.

All pairs that the ranking would look at are taken from the histories, labelled or not:
a pair that nobody labelled counts as not the same, as nearly all of them are. Without
these the labelled ones would teach only what their choosers already had in view.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
from sqlalchemy import select

from bot.corpus import NOBODY, Corpus, Flags, Ints, Longs, build
from bot.database import open_database
from bot.graph.facts import read_facts
from bot.ranking import index as laid_out
from bot.ranking.alike import FEATURES, Pairs, measure
from bot.ranking.nearest import Nearest
from bot.ranking.postings import Doubles
from bot.ranking.repeats import CANDIDATES, count_answers
from bot.ranking.view import look
from models import Message, Workspace

# A pair is left out with all pairs of either thread; of ten folds most pairs remain.
FOLDS = 10

# A thread: its history, its channel and the `ts` of its question.
Thread = tuple[str, str, str]
Label = dict[tuple[Thread, Thread], str]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs with what is known of them.

    Attributes:
        rows: Their features (n x f).
        same: Whether they are labelled the same (n).
        known: Whether they are labelled at all (n).
        history: Of which history each is (n).
        folds: In which folds its two threads are (n x 2).
        asked: How many questions each history holds.
    """

    rows: Doubles
    same: Flags
    known: Flags
    history: tuple[str, ...]
    folds: Longs
    asked: dict[str, int]

    def where(self, chosen: Flags) -> "Judged":
        """Keep some."""
        kept = tuple(h for h, c in zip(self.history, chosen, strict=True) if c)
        rows, same, known = self.rows[chosen], self.same[chosen], self.known[chosen]
        return Judged(rows, same, known, kept, self.folds[chosen], self.asked)

    def of(self, history: str) -> Flags:
        """Flag the pairs of one history (n)."""
        return np.array([h == history for h in self.history], np.bool_)


def read(labels: Path, databases: dict[str, str]) -> Judged:
    """Read all pairs of some histories, and which of them are labelled.

    Pairs labelled "left out" are.
    """
    told = _labels(labels)
    groups = _Groups(told)
    asked: dict[str, int] = {}
    kept: list[tuple[list[float], str, Thread, Thread]] = []
    for name, url in databases.items():
        corpus = _corpus(url)
        asked[name] = len(_questions(corpus))
        for later, earlier, values in _pairs(corpus):
            pair = (name, *later), (name, *earlier)
            label = told.get(pair, "")
            if label != "left out":
                kept.append(([values[n] for n in FEATURES], label, *pair))
    return Judged(
        np.array([row for row, *_ in kept]),
        np.array([label == "yes" for _, label, *_ in kept]),
        np.array([bool(label) for _, label, *_ in kept]),
        tuple(later[0] for _, _, later, _ in kept),
        np.array([[groups.fold(a), groups.fold(b)] for _, _, a, b in kept]),
        asked,
    )


def _labels(path: Path) -> Label:
    lines = [json.loads(one) for one in path.read_text("utf-8").splitlines()]
    return {
        ((x["history"], *x["later"]), (x["history"], *x["earlier"])): x["label"]
        for x in lines
    }


class _Groups:
    """Folds by thread; threads that ask the same are never in two."""

    def __init__(self, labels: Label) -> None:
        self._first: dict[Thread, Thread] = {}
        for (later, earlier), label in labels.items():
            if label == "yes":
                self._first[self._of(later)] = self._of(earlier)

    def fold(self, thread: Thread) -> int:
        """Tell in which fold a thread is."""
        return sha256("/".join(self._of(thread)).encode()).digest()[0] % FOLDS

    def _of(self, thread: Thread) -> Thread:
        while (before := self._first.get(thread, thread)) != thread:
            thread = before
        return thread


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


def _questions(corpus: Corpus) -> Ints:
    """List the rows of the questions that have a vector, in order of time."""
    roots = np.sort(corpus.root[corpus.root != NOBODY])
    asks = corpus.is_question[roots] & (corpus.vector_row[roots] != NOBODY)
    found: Ints = roots[asks]
    return found


def _pairs(
    corpus: Corpus,
) -> Iterator[tuple[tuple[str, str], tuple[str, str], dict[str, float]]]:
    """Give each question with the earlier, answered ones that others asked."""
    index = laid_out.build(corpus)
    view = look(index, None)
    scale, pairs, answers = measure(view), Pairs(index), count_answers(index)
    nearest = Nearest(corpus)
    for row in _questions(corpus).tolist():
        sought = pairs.heard(scale, row)
        vector = corpus.vectors[corpus.vector_row[row]]
        # The closest are later ones as often as earlier ones.
        close = nearest.best(vector, view.visible, 2 * CANDIDATES)
        for thread, cosine in zip(close.thread.tolist(), close.cosine, strict=True):
            root = int(corpus.root[thread])
            others = corpus.person[root] != corpus.person[row]
            if root < row and others and answers[thread]:
                values = pairs.features(scale, sought, thread, float(cosine))
                if values is not None:
                    yield _name(corpus, row), _name(corpus, root), values


def _name(corpus: Corpus, row: int) -> tuple[str, str]:
    return corpus.channels[corpus.channel[row]], corpus.ts[row]
