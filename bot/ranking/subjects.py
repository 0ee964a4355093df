"""Who answers questions that mean such things: learnt from all that were asked.

A ridge regression for each person over the questions of one view, from a question's
vector x (less the mean of all, to unit length) to whether they replied:
b = (XᵀX + 10 I)⁻¹ Xᵀ a. Unlike the nearest questions, it takes in every one that
somebody left to others. What it foretells is divided by √(share + .01), share being
how many of all the questions they replied to, so that it does not say once more who
replies to everything.

Hoerl and Kennard (1970), Ridge regression, https://doi.org/10.1080/00401706.1970.10488634
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bot.corpus import NOBODY, Flags, Floats, Ints, Longs
from bot.ranking.index import Index
from bot.ranking.postings import Doubles

# A view is learnt from when somebody first asks with it, and they wait: this many rows
# of 384 numbers take a core some .05 s. Older questions say little more.
LATEST = 5_000
RIDGE = 10.0
USUAL = 0.01


@dataclass(frozen=True, slots=True)
class Subjects:
    """What was learnt from the questions that can be seen.

    Attributes:
        centre: Their mean vector (d).
        slopes: For each candidate who replied to one of them (d x r).
        place: Where these stand among the candidates (r).
        candidates: How many candidates there are.
    """

    centre: Floats
    slopes: Floats
    place: Longs
    candidates: int

    def foretell(self, vector: Floats | None) -> Doubles:
        """Tell how far each candidate is given to a question (k); 0 without vectors."""
        given = np.zeros(self.candidates)
        if vector is not None and len(self.place):
            given[self.place] = _unit((vector - self.centre)[None])[0] @ self.slopes
        return given


def learn(index: Index, visible: Flags, people: Ints) -> Subjects:
    """Learn from the latest questions in the channels that can be seen.

    Args:
        index: Replies and vectors.
        visible: By channel (c).
        people: The candidates, ascending (k).
    """
    corpus = index.corpus
    thread = _latest(index, visible)
    vectors = corpus.vectors[corpus.vector_row[corpus.root[thread]]]
    rows, place = index.replies.within(thread)
    replied, who = np.unique(index.replies.person[rows], return_inverse=True)
    if not len(replied):
        return _nothing(corpus.vectors.shape[1], len(people))
    centre = vectors.mean(axis=0)
    asked = _unit(vectors - centre)
    shape = len(replied), len(thread)
    answers = sparse.csr_array((np.ones(len(who), "f4"), (who, place)), shape=shape)
    held = asked.T @ asked + np.float32(RIDGE) * np.eye(asked.shape[1], dtype="f4")
    slopes = np.linalg.solve(held, (answers @ asked).T)
    share = np.bincount(who, minlength=len(replied)) / len(thread)
    return Subjects(
        centre=centre,
        slopes=(slopes / np.sqrt(share + USUAL)).astype(np.float32),
        place=np.searchsorted(people, replied),
        candidates=len(people),
    )


def _nothing(dimensions: int, candidates: int) -> Subjects:
    return Subjects(
        centre=np.zeros(dimensions, np.float32),
        slopes=np.zeros((dimensions, 0), np.float32),
        place=np.zeros(0, np.int64),
        candidates=candidates,
    )


def _latest(index: Index, visible: Flags) -> Longs:
    """Find the latest visible threads whose question has a vector, in time's order."""
    corpus = index.corpus
    seen = np.flatnonzero(visible[corpus.thread_channel] & (corpus.root != NOBODY))
    seen = seen[corpus.vector_row[corpus.root[seen]] != NOBODY]
    found: Longs = seen[np.argsort(corpus.root[seen])][-LATEST:]
    return found


def _unit(rows: Floats) -> Floats:
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = rows / np.maximum(length, np.float32(1e-9))
    return unit
