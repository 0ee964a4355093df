"""Which messages say what a question is about, and how much each says.

A question alone is often unreadable ("x[1], what errors?"). Its thread, what its
asker wrote around it and who spoke to the asker carry the subject: measured, they
raise the share of true neighbours more than any choice of clustering.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bot.corpus import Corpus, Fact, Ints

OWN_WEIGHT = 1.0  # the asker's words in the thread: the question itself
REPLY_WEIGHT = 0.7  # others in the thread: on the subject, but they digress
ASKER_WEIGHT = 0.8  # the asker elsewhere, near in time
MENTION_WEIGHT = 0.6  # messages to the asker, or by people the question mentions
NEAR_S = 3 * 3600  # beyond three hours people talk of something else
FADE_S = 3600.0

# Of a thread that runs for months or an asker who writes all day, the nearest
# messages say enough; it also bounds the time a pass takes.
MOST_MESSAGES = 200


def faded(weight: float, seconds: float) -> float:
    """Weigh something `seconds` away, nothing at all beyond `NEAR_S`."""
    if abs(seconds) > NEAR_S:
        return 0.0
    return float(weight * np.exp(-abs(seconds) / FADE_S))


def weight_of(question: Fact, other: Fact) -> float:
    """Say how much one message tells of what a question is about."""
    same_author = other.user_id == question.user_id
    if (other.channel_id, other.root_ts) == (question.channel_id, question.root_ts):
        return OWN_WEIGHT if same_author else REPLY_WEIGHT
    apart = other.at - question.at
    if same_author:
        return faded(ASKER_WEIGHT, apart)
    if question.user_id in other.mentions or other.user_id in question.mentions:
        return faded(MENTION_WEIGHT, apart)
    return 0.0


@dataclass(frozen=True, slots=True)
class _Index:
    """Rows by something, each group ascending in time."""

    rows: Ints
    start: NDArray[np.int64]

    @classmethod
    def by(cls, keys: Ints, size: int) -> "_Index":
        rows = np.argsort(keys, kind="stable").astype(np.int32)
        start = np.zeros(size + 1, np.int64)
        np.cumsum(np.bincount(keys, minlength=size), out=start[1:])
        return cls(rows, start)

    def of(self, key: int) -> Ints:
        return self.rows[self.start[key] : self.start[key + 1]]


def _near(corpus: Corpus, rows: Ints, at: float) -> Ints:
    times = corpus.at[rows]
    low, high = np.searchsorted(times, [at - NEAR_S, at + NEAR_S])
    return rows[low:high]


class _Gatherer:
    """Finds the messages around one question after another."""

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._of_thread = _Index.by(corpus.thread, len(corpus.root))
        self._of_person = _Index.by(corpus.person, len(corpus.people))
        self._mentioning = corpus.mentions.tocsc()
        self._mentioning.sort_indices()

    def around(self, question: int) -> tuple[Ints, NDArray[np.float32]]:
        """Rows around a question, and their weights."""
        corpus, at = self._corpus, float(self._corpus.at[question])
        asker = int(corpus.person[question])
        own = _near(corpus, self._of_person.of(asker), at)
        to_asker = _near(corpus, self._to(asker), at)
        named = corpus.mentions.indices[
            corpus.mentions.indptr[question] : corpus.mentions.indptr[question + 1]
        ]
        by_named = [_near(corpus, self._of_person.of(int(p)), at) for p in named]
        nearby = np.concatenate([own, to_asker, *by_named]).astype(np.int32)
        base = np.full(len(nearby), MENTION_WEIGHT, np.float32)
        base[: len(own)] = ASKER_WEIGHT
        apart = np.abs(corpus.at[nearby] - at)
        thread = self._of_thread.of(int(corpus.thread[question]))[:MOST_MESSAGES]
        said = np.where(corpus.person[thread] == asker, OWN_WEIGHT, REPLY_WEIGHT)
        rows = np.concatenate([thread, nearby])
        weights = np.concatenate([said, base * np.exp(-apart / FADE_S)])
        return _largest(rows, weights.astype(np.float32))

    def _to(self, person: int) -> Ints:
        held = self._mentioning
        rows: Ints = held.indices[held.indptr[person] : held.indptr[person + 1]]
        return rows


def _largest(
    rows: Ints, weights: NDArray[np.float32]
) -> tuple[Ints, NDArray[np.float32]]:
    """Keep each row once, with its largest weight; at most `MOST_MESSAGES`."""
    order = np.lexsort((rows, -weights))
    rows, weights = rows[order], weights[order]
    _, first = np.unique(rows, return_index=True)
    first = np.sort(first)[:MOST_MESSAGES]
    return rows[first], weights[first]


def gather(corpus: Corpus, questions: Ints) -> sparse.csr_array:
    """Weigh every message for every question.

    Returns:
        Questions by messages (q x n, CSR float32).
    """
    around = _Gatherer(corpus)
    held = [around.around(int(q)) for q in questions]
    start = np.zeros(len(held) + 1, np.int64)
    np.cumsum([len(rows) for rows, _ in held], out=start[1:])
    rows = np.concatenate([np.empty(0, np.int32), *(r for r, _ in held)])
    weights = np.concatenate([np.empty(0, np.float32), *(w for _, w in held)])
    return sparse.csr_array((weights, rows, start), shape=(len(questions), len(corpus)))
