"""The ranking's features: each a column over all people.

Ages are in days before the question. `p0`, how much somebody is about at all,
smooths every feature, so that a person nothing is known of is not ruled out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.corpus import Flags, Floats, Ints
from bot.ranking.index import DAY_S, Doubles, Index, half_life

# Half-lives in days and mixtures, found by search on two communities' history
# (docs/benchmarks.md); the result hardly moves within a factor of two.
ABOUT_DAYS = 30.0
CHANNEL_DAYS = 14.0
MESSAGE_WEIGHT = 0.05  # a message against a reply to somebody's thread
FLOOR = 0.05
SMOOTHING = 0.2
KNOWN_CHANNEL = 0.7  # questions are asked in the wrong channel three times in ten
BEST_THREADS = 200
BEST_IN_CHANNEL = 50
BEST_MESSAGES = 300
BEST_FOR_CHANNEL = 50
_MAX_TERM_COUNT = 3
_ENOUGH_MESSAGES = 5
_LOWEST = np.exp(-8.0)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, hashed.

    Attributes:
        words: Term hashes, with repeats.
        now: Seconds since 1970; later messages count as if written now.
        channel_id, asker_id: Where and by whom, if known.
        mentions: Ids of people the question names.
        vector: Its sentence vector, where there is an engine.
    """

    words: tuple[int, ...]
    now: float
    channel_id: str | None = None
    asker_id: str | None = None
    mentions: tuple[str, ...] = ()
    vector: Floats | None = None


class Features:
    """All features of one query over one index."""

    def __init__(self, index: Index, query: Query, which: Mapping[str, float]) -> None:
        self._index = index
        self._query = query
        self._which = which
        self._channel = _place(index.corpus.channels, query.channel_id)
        self._asker = _place(index.corpus.people, query.asker_id)
        known, counts = np.unique(np.array(query.words, np.int64), return_counts=True)
        held = np.isin(known, index.corpus.vocabulary)
        self.terms: Ints = index.corpus.find_terms(list(known[held]))
        self._times: Doubles = np.sqrt(np.minimum(counts[held], _MAX_TERM_COUNT))

    def columns(self) -> dict[str, Doubles]:
        """Every feature (p each), by the name its weight has."""
        return {
            "mention": self._mention(),
            "channel": self._in_channel(),
            "channel_threads": self._channel_threads(),
            "threads": self._threads(),
            "messages": self._messages(),
            "days": np.log1p(self._index.days),
        }

    @cached_property
    def thread_scores(self) -> Doubles:
        """BM25 of every thread (t)."""
        return self._index.threads.score(self.terms, self._times)

    @cached_property
    def _about(self) -> Doubles:
        """How much each person is about: `p0`, summing to one."""
        index, people = self._index, len(self._index.corpus.people)
        replied = half_life(self._ages(index.edge_at), ABOUT_DAYS)
        wrote = half_life(self._ages(index.at), ABOUT_DAYS)
        about = FLOOR * index.has_written
        about = about + np.bincount(index.edge_person, replied, people)
        about = about + MESSAGE_WEIGHT * np.bincount(index.person, wrote, people)
        whole: Doubles = about / max(about.sum(), 1e-12)
        return whole

    def _ages(self, at: Doubles) -> Doubles:
        return (self._query.now - at) / DAY_S

    def _smoothed(self, votes: Doubles) -> Doubles:
        total = votes.sum()
        share = votes / total if total > 0 else votes
        mixed = (1 - SMOOTHING) * share + SMOOTHING * self._about
        logged: Doubles = np.log(np.maximum(mixed, 1e-12))
        return logged

    def _mention(self) -> Doubles:
        named = set(self._query.mentions)
        return np.array([u in named for u in self._index.corpus.people], np.float64)

    def _vote(self, weight: Doubles, best: int, threads: Ints | None = None) -> Doubles:
        """Let the best threads vote for those who replied in them."""
        chosen = np.arange(len(weight)) if threads is None else threads
        chosen = chosen[weight[chosen] > 0]
        chosen = chosen[np.argsort(-weight[chosen], kind="stable")[:best]]
        votes: Doubles = np.asarray(
            self._index.edges[chosen].T @ weight[chosen]
        ).ravel()
        return votes

    def _threads(self) -> Doubles:
        score = self.thread_scores
        best = np.argsort(-score, kind="stable")[:BEST_THREADS]
        faded = np.zeros_like(score)
        age = self._ages(np.nan_to_num(self._index.thread_at[best]))
        faded[best] = score[best] ** 2 * half_life(age, ABOUT_DAYS)
        return self._smoothed(self._vote(faded, BEST_THREADS))

    def _channel_threads(self) -> Doubles:
        if self._channel is None:
            return np.zeros(len(self._index.corpus.people))
        inside = np.flatnonzero(self._index.corpus.thread_channel == self._channel)
        votes = self._vote(self.thread_scores, BEST_IN_CHANNEL, inside.astype(np.int32))
        return self._smoothed(votes)

    def _messages(self) -> Doubles:
        index = self._index
        score = index.messages.score(self.terms, self._times)
        best = np.argsort(-score, kind="stable")[:BEST_MESSAGES]
        faded = score[best] ** 2 * half_life(self._ages(index.at[best]), ABOUT_DAYS)
        votes: Doubles = np.bincount(
            index.person[best], faded, len(index.corpus.people)
        ).astype(np.float64)
        return self._smoothed(votes)

    def _in_channel(self) -> Doubles:
        """Who replies in the channels the question belongs to, of late."""
        index, p0 = self._index, self._about
        likely = self._likely_channels()
        weight = half_life(self._ages(index.edge_at), CHANNEL_DAYS)
        total = np.bincount(index.edge_channel, weight, len(index.corpus.channels))
        share = likely / (total + 1)
        people = np.bincount(
            index.edge_person, weight * share[index.edge_channel], len(p0)
        )
        mixed = 0.9 * (people + share.sum() * p0) + 0.1 * p0
        logged: Doubles = np.log(np.maximum(mixed, 1e-12))
        return logged

    def _likely_channels(self) -> Doubles:
        """How likely the question belongs to each channel (c, sums to one)."""
        guessed = self._guess_channel()
        if self._channel is None:
            return guessed
        known = np.zeros_like(guessed)
        known[self._channel] = 1.0
        return KNOWN_CHANNEL * known + (1 - KNOWN_CHANNEL) * guessed

    def _guess_channel(self) -> Doubles:
        columns = self._channel_features()
        total: Doubles = np.zeros(len(self._index.corpus.channels))
        for name, column in columns.items():
            total = total + self._which[name] * column
        visible = np.bincount(self._index.channel, minlength=len(total)) > 0
        total = np.where(visible, total, -np.inf)
        if not visible.any():
            return np.zeros(len(total))
        likely = np.exp(total - total.max())
        shares: Doubles = likely / likely.sum()
        return shares

    def _channel_features(self) -> dict[str, Doubles]:
        index = self._index
        n = len(index.corpus.channels)
        asked = np.bincount(
            index.root_channel, half_life(self._ages(index.root_at), CHANNEL_DAYS), n
        )
        prior = (SMOOTHING + asked) / (SMOOTHING * n + asked.sum())
        score = self.thread_scores
        best = np.argsort(-score, kind="stable")[:BEST_FOR_CHANNEL]
        near = np.bincount(index.corpus.thread_channel[best], score[best] ** 2, n)
        share = near / near.sum() if near.sum() > 0 else near
        words = index.channels.score(self.terms, self._times)
        return {
            "prior": _logged(prior),
            "threads": _logged(0.9 * share + 0.1 * prior),
            "asked_there": _logged(self._asked_there(prior)),
            "talks_there": _logged(self._talks_there(prior)),
            "words": words / words.max() if words.max() > 0 else words,
        }

    def _asked_there(self, prior: Doubles) -> Doubles:
        if self._asker is None:
            return prior
        index = self._index
        mine = index.root_person == self._asker
        faded = half_life(self._ages(index.root_at[mine]), ABOUT_DAYS)
        asked = np.bincount(index.root_channel[mine], faded, len(prior))
        there: Doubles = (asked + prior) / (asked.sum() + 1)
        return there

    def _talks_there(self, prior: Doubles) -> Doubles:
        if self._asker is None:
            return prior
        index = self._index
        mine = index.person == self._asker
        faded = half_life(self._ages(index.at[mine]), ABOUT_DAYS)
        talks = np.bincount(index.channel[mine], faded, len(prior))
        share = talks / talks.sum() if talks.sum() > 0 else talks
        trust = min(1.0, np.count_nonzero(mine) / _ENOUGH_MESSAGES)
        there: Doubles = (1 - SMOOTHING) * share * trust + SMOOTHING * prior
        return there


def _logged(share: Doubles) -> Doubles:
    """Log of shares, floored and made to sum to one again."""
    floored = np.maximum(share, _LOWEST)
    logged: Doubles = np.log(floored / floored.sum())
    return logged


def _place(ids: tuple[str, ...], wanted: str | None) -> int | None:
    """The number of an id; ids are in the order of their alphabet."""
    if wanted is None:
        return None
    at = int(np.searchsorted(np.array(ids), wanted)) if ids else 0
    return at if at < len(ids) and ids[at] == wanted else None


def flags_or_all(flags: Flags | None, n: int) -> Flags:
    """The flags given, or all of them set."""
    return np.ones(n, np.bool_) if flags is None else flags
