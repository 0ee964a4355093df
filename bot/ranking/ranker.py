"""Rank people for a question, and find the earlier threads like it."""

from threading import Lock

import numpy as np

from bot.corpus import Corpus, Flags, Longs
from bot.ranking import people, where
from bot.ranking.history import until
from bot.ranking.index import build
from bot.ranking.nearest import Nearest
from bot.ranking.postings import Doubles
from bot.ranking.recent import Recent
from bot.ranking.repeats import Repeat, Repeats
from bot.ranking.values import Query, Ranked
from bot.ranking.view import KEPT_VIEWS, View, look
from bot.ranking.weights import Weights, shipped_weights

# An earlier thread is about the same thing if it holds half of what is asked,
# counted by how telling each word is, or if its question means the same.
MIN_COVERED = 0.5
MIN_COSINE = 0.5


class Ranker:
    """Ranks the people of one corpus; safe to use from several threads.

    To build one lays the corpus out: seconds for a million messages. To ask as of
    a time before the newest message lays out what was held then, once.
    """

    def __init__(
        self, corpus: Corpus, weights: Weights | None = None, *, surer: float = 0.0
    ) -> None:
        self._corpus = corpus
        self._index = build(corpus)
        self._nearest = Nearest(corpus)
        self._surer = surer
        self._repeats = Repeats(self._index, self._nearest, surer=surer)
        self._weights = weights or shipped_weights()
        self._views: Recent[bytes, View] = Recent(KEPT_VIEWS)
        self._last: tuple[View, Query, where.Matches] | None = None
        self._earlier: tuple[int, Ranker] | None = None
        self._lock = Lock()

    def rank(
        self,
        query: Query,
        *,
        visible: Flags | None = None,
        eligible: Flags | None = None,
        limit: int = 10,
    ) -> list[Ranked]:
        """Rank people, best first; equal ones in the order of their ids.

        Args:
            query: What is asked.
            visible: Which channels the asker may see (c); all if None. What is
                in others has no influence whatsoever.
            eligible: Who may be named (p); all if None.
            limit: The most people.

        Returns:
            People who have written where the asker can see it, never the asker;
            also those without `support`, if there are not enough others.
        """
        ranker = self._as_of(query.now)
        if ranker is not self:
            return ranker.rank(query, visible=visible, eligible=eligible, limit=limit)
        view = self._view(visible)
        matches = self._match(view, query)
        parts = self._parts(view, query, matches)
        total = np.sum([np.zeros(len(view.people)), *parts.values()], axis=0)
        chosen = self._best(view, query, total, eligible)[:limit]
        like = np.flatnonzero(matches.covered >= MIN_COVERED)
        support = people.support(view, like)
        return [
            Ranked(
                self._corpus.people[view.people[i]],
                float(total[i]),
                {name: float(part[i]) for name, part in parts.items()},
                int(support[i]),
            )
            for i in chosen.tolist()
        ]

    def threads_like(
        self, query: Query, *, visible: Flags | None = None, limit: int = 30
    ) -> list[tuple[int, float]]:
        """Find earlier threads about the same thing, most alike first.

        Returns:
            Thread numbers of the corpus with their likeness, 0 to 1.
        """
        ranker = self._as_of(query.now)
        if ranker is not self:
            return ranker.threads_like(query, visible=visible, limit=limit)
        view = self._view(visible)
        covered = self._match(view, query).covered
        covered = np.where(covered >= MIN_COVERED, covered, 0.0)
        likeness = self._add_close(view, query, covered, limit)
        found = np.flatnonzero(likeness > 0)
        best = found[np.argsort(-likeness[found], kind="stable")[:limit]]
        return [(int(i), float(likeness[i])) for i in best]

    def asked_before(
        self, query: Query, *, visible: Flags | None = None
    ) -> list[Repeat]:
        """Find earlier answered questions that mean the same, the surest first.

        Args:
            query: The new question; its channel makes no difference.
            visible: Which channels the asker may see (c); all if None.
        """
        ranker = self._as_of(query.now)
        if ranker is not self:
            return ranker.asked_before(query, visible=visible)
        view = self._view(visible)
        return self._repeats.find(view, query)

    def _match(self, view: View, query: Query) -> where.Matches:
        """Find what is like a question; people and threads are asked for in turn."""
        last = self._last
        if last is None or last[0] is not view or last[1] is not query:
            last = self._last = view, query, where.match(view, query, self._nearest)
        return last[2]

    def _add_close(
        self, view: View, query: Query, covered: Doubles, limit: int
    ) -> Doubles:
        """Let threads whose question is close in meaning count by that, too."""
        if query.vector is None:
            return covered
        close = self._nearest.best(query.vector, view.visible, limit)
        near = close.cosine >= MIN_COSINE
        thread, cosine = close.thread[near], close.cosine[near]
        covered[thread] = np.maximum(covered[thread], cosine)
        return covered

    def _parts(
        self, view: View, query: Query, matches: where.Matches
    ) -> dict[str, Doubles]:
        """Give each feature's part in the score of each candidate."""
        clues = where.features(view, query, matches)
        guessed = where.probabilities(clues, self._weights.which_channel)
        values = people.features(view, query, matches, guessed)
        weights = self._weights.ranking(
            has_channel=view.channel(query.channel_id) is not None,
            has_vector=query.vector is not None,
        )
        return {name: weight * values[name] for name, weight in weights.items()}

    def _best(
        self, view: View, query: Query, total: Doubles, eligible: Flags | None
    ) -> Longs:
        """Order the places of the candidates who may be named."""
        may = np.ones(len(view.people), np.bool_)
        if eligible is not None:
            may = eligible[view.people].copy()
        may[view.people == self._index.person(query.asker_id)] = False
        named = np.flatnonzero(may)
        # Stable, and candidates stand in the order of their ids: ties never move.
        return named[np.argsort(-total[named], kind="stable")]

    def _view(self, visible: Flags | None) -> View:
        key = b"" if visible is None else visible.tobytes()
        return self._views.get(key, lambda: look(self._index, visible))

    def _as_of(self, now: float) -> "Ranker":
        """Get the ranker of what was held at a time; itself, if that is all."""
        held = int(np.searchsorted(self._corpus.at, now, side="right"))
        if held == len(self._corpus):
            return self
        with self._lock:
            if self._earlier is None or self._earlier[0] != held:
                earlier = Ranker(
                    until(self._corpus, now), self._weights, surer=self._surer
                )
                self._earlier = held, earlier
            return self._earlier[1]
