"""Rank people for a question, and find the earlier threads like it."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock

import numpy as np

from bot.corpus import NOBODY, Corpus, Flags
from bot.ranking.features import Features, Query, flags_or_all
from bot.ranking.index import Index, build_index
from bot.ranking.weights import Weights, shipped_weights
from bot.text import KIND_BITS, Kind

_KIND = (1 << KIND_BITS) - 1

# An earlier thread is about the same thing if it holds half of what is asked,
# counted by how telling each word is, or if its question means the same.
MIN_COVERED = 0.5
MIN_COSINE = 0.5

# Most people see the same channels: the public ones. A few more indexes are
# kept for those who are also in private ones.
_KEPT_INDEXES = 8


@dataclass(frozen=True, slots=True)
class Ranked:
    """A person, how high they rank, and what each feature added."""

    user_id: str
    score: float
    features: Mapping[str, float]


class Ranker:
    """Ranks the people of one corpus; safe to use from several threads."""

    def __init__(self, corpus: Corpus, weights: Weights | None = None) -> None:
        self._corpus = corpus
        self._weights = weights or shipped_weights()
        self._kept: OrderedDict[tuple[bytes, int], Index] = OrderedDict()
        self._lock = Lock()

    def rank(
        self,
        query: Query,
        *,
        visible: Flags | None = None,
        eligible: Flags | None = None,
        limit: int = 10,
    ) -> list[Ranked]:
        """Rank people, best first.

        Args:
            query: What is asked.
            visible: Which channels the asker may see (c); all if None.
            eligible: Who may be named (p); all if None.
            limit: The most people.

        Returns:
            People who have written where the asker can see it, never the asker.
        """
        if not len(self._corpus):
            return []
        index = self._index(query, visible)
        found = Features(index, query, self._weights.which_channel)
        columns = found.columns()
        weights = (
            self._weights.with_channel
            if query.channel_id in self._corpus.channels
            else self._weights.without_channel
        )
        total = sum(weights[name] * column for name, column in columns.items())
        may = index.has_written & flags_or_all(eligible, len(self._corpus.people))
        people = np.flatnonzero(may)
        # Stable, and people stand in the order of their ids: ties never move.
        order = people[np.argsort(-np.asarray(total)[people], kind="stable")]
        return [
            Ranked(
                self._corpus.people[i],
                float(np.asarray(total)[i]),
                {name: float(weights[name] * c[i]) for name, c in columns.items()},
            )
            for i in order[: limit + 1]
            if self._corpus.people[i] != query.asker_id
        ][:limit]

    def threads_like(
        self, query: Query, *, visible: Flags | None = None, limit: int = 30
    ) -> list[tuple[int, float]]:
        """Find earlier threads about the same thing, most alike first.

        Returns:
            Thread numbers of the corpus with their likeness, 0 to 1.
        """
        index = self._index(query, visible)
        likeness = np.maximum(self._covered(index, query), self._close(index, query))
        best = np.argsort(-likeness, kind="stable")[:limit]
        return [(int(i), float(likeness[i])) for i in best if likeness[i] > 0]

    def _covered(self, index: Index, query: Query) -> np.ndarray:
        """How much of the question each thread holds, where it is enough."""
        found = Features(index, query, self._weights.which_channel)
        # The index holds single words; pairs and names are made of the same.
        kinds = index.corpus.vocabulary[found.terms] & _KIND
        terms = found.terms[kinds == Kind.WORD]
        holds = (index.threads.weighted[terms] > 0).astype(np.float64)
        idf = index.threads.idf[terms]
        # A word nobody has used is as telling as any: it must not be ignored.
        words = {w for w in query.words if w & _KIND == Kind.WORD}
        unknown = len(words) - sum(1 for w in words if w in _held(index, words))
        rarest = np.log1p((holds.shape[1] + 0.5) / 0.5)
        asked = idf.sum() + unknown * rarest
        share = np.asarray(holds.T @ idf).ravel() / asked if asked else 0
        return np.where(share >= MIN_COVERED, share, 0.0)

    def _close(self, index: Index, query: Query) -> np.ndarray:
        """How close each thread's question is in meaning, where it is enough."""
        corpus = self._corpus
        close = np.zeros(len(corpus.root_ts))
        if query.vector is None or not len(corpus.vectors):
            return close
        rooted = corpus.root[corpus.root != NOBODY]
        seen = np.isin(rooted, index.rows) & (corpus.vector_row[rooted] != NOBODY)
        rows = rooted[seen]
        cosine = corpus.vectors[corpus.vector_row[rows]] @ query.vector
        close[corpus.thread[rows]] = np.where(cosine >= MIN_COSINE, cosine, 0.0)
        return close

    def _index(self, query: Query, visible: Flags | None) -> Index:
        corpus = self._corpus
        channels = flags_or_all(visible, len(corpus.channels))
        until = int(np.searchsorted(corpus.at, query.now, side="right"))
        key = (channels.tobytes(), until)
        with self._lock:
            if key not in self._kept:
                seen = channels[corpus.channel] if len(corpus) else channels[:0]
                seen = seen & (np.arange(len(corpus)) < until)
                self._kept[key] = build_index(corpus, seen)
            self._kept.move_to_end(key)
            while len(self._kept) > _KEPT_INDEXES:
                self._kept.popitem(last=False)
            return self._kept[key]


def _held(index: Index, words: set[int]) -> set[int]:
    wanted = np.array(sorted(words), np.int64)
    return set(wanted[np.isin(wanted, index.corpus.vocabulary)].tolist())
