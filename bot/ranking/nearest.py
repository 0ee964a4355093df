"""Find the questions closest in meaning: exact, and in time that stays short.

Vectors are held as contiguous rows, so that one product with the question gives
every cosine. Beyond `EXACT` rows that product reads more memory than an answer has
time for: then a short vector of each row, its coordinates on the axes along which
the rows differ most, chooses who is looked at whole.
"""

from dataclasses import dataclass

import numpy as np

from bot.corpus import NOBODY, Corpus, Flags, Floats, Ints, Longs
from bot.ranking.postings import Doubles

# 200,000 rows of 384 numbers are 300 MB: 20 to 30 ms for one core to read.
EXACT = 200_000
# Numbers in a short vector, and how many rows are then looked at whole.
SHORT = 64
LOOKED_AT = 10_000
# Rows from which the axes are learnt; more do not turn them.
_SAMPLE = 20_000
# Found at once, so that both who ask find enough.
_AT_ONCE = 64
# So many more are looked at than wanted, in case rounding swapped two at the edge.
_MARGIN = 16


@dataclass(frozen=True, slots=True)
class Close:
    """Threads whose questions are close in meaning, the closest first.

    Attributes:
        thread: Thread numbers of the corpus (k).
        cosine: How close each is (k).
    """

    thread: Longs
    cosine: Doubles


_NOTHING = Close(np.empty(0, np.int64), np.empty(0))


class Nearest:
    """The vectors of a corpus's questions, ready to be searched.

    Args:
        corpus: Its `vectors` are used in place, not copied.
        exact: Up to how many rows every one is compared.
    """

    def __init__(self, corpus: Corpus, *, exact: int = EXACT) -> None:
        self._vectors = corpus.vectors
        self._thread = _threads(corpus)
        self._held = self._thread != NOBODY
        # Of a row that is held; else that of whichever thread is last.
        self._channel = corpus.thread_channel[self._thread]
        self._last: tuple[object, Close] = None, _NOTHING
        self._axes, self._short = None, None
        if len(self._vectors) > exact:
            self._axes = _axes(self._vectors)
            self._short = self._vectors @ self._axes

    def best(self, vector: Floats, visible: Flags, most: int) -> Close:
        """Find the closest questions in the channels that can be seen (c)."""
        key = vector.tobytes(), visible.tobytes()
        asked, close = self._last
        # One question is looked up twice in a row: for evidence, and for repeats.
        if asked != key or len(close.thread) < most:
            close = self._find(vector, visible, max(most, _AT_ONCE))
            self._last = key, close
        return Close(close.thread[:most], close.cosine[:most])

    def _find(self, vector: Floats, visible: Flags, most: int) -> Close:
        if not len(self._vectors):
            return _NOTHING
        if self._axes is None or self._short is None:
            rough, looked_at = self._vectors @ vector, most + _MARGIN
        else:
            rough, looked_at = self._short @ (vector @ self._axes), LOOKED_AT + most
        rows = _highest(self._shown(rough, visible), looked_at)
        rows = rows[self._thread[rows] != NOBODY]
        # A product over all rows rounds by where a row stands; row by row does not,
        # so that rows which are hidden cannot show in the last bit.
        cosine = np.einsum("nd,d->n", self._vectors[rows], vector).astype(np.float64)
        thread = self._thread[rows].astype(np.int64)
        order = np.lexsort((thread, -cosine))[:most]
        return Close(thread[order], cosine[order])

    def _shown(self, score: Floats, visible: Flags) -> Floats:
        """Put what is hidden, or not yet asked, below everything else."""
        if not (visible.all() and self._held.all()):
            score[~(visible[self._channel] & self._held)] = -np.inf
        return score


def _highest(score: Floats, most: int) -> Longs:
    """Tell where the highest scores stand, leaving out what is below everything."""
    found = np.flatnonzero(score > _floor(score, most))
    if len(found) < most:
        found = np.flatnonzero(score > -np.inf)
    if len(found) > most:
        cut = len(found) - most
        found = found[np.argpartition(score[found], cut)[cut:]]
    highest: Longs = found
    return highest


def _floor(score: Floats, most: int) -> float:
    """Guess from a sample what somewhat more than the highest exceed.

    To sort a million scores takes as long as to compute them.
    """
    sample = score[:: max(1, len(score) // _SAMPLE)]
    wanted = int(1.5 * most * len(sample) / len(score)) + 10
    if wanted >= len(sample):
        return -np.inf
    return float(np.partition(sample, len(sample) - wanted)[len(sample) - wanted])


def _threads(corpus: Corpus) -> Ints:
    """Say whose question each vector is (m), `NOBODY` for what is no root."""
    thread = np.full(len(corpus.vectors), NOBODY, np.int32)
    held = np.flatnonzero(corpus.root != NOBODY)
    row = corpus.vector_row[corpus.root[held]]
    thread[row[row != NOBODY]] = held[row != NOBODY]
    return thread


def _axes(vectors: Floats) -> Floats:
    """Learn the axes along which vectors differ most (d x SHORT, orthonormal)."""
    sample = vectors[:: max(1, len(vectors) // _SAMPLE)]
    _, directions = np.linalg.eigh(sample.T @ sample)  # the weakest axis first
    axes: Floats = np.ascontiguousarray(directions[:, ::-1][:, :SHORT])
    return axes
