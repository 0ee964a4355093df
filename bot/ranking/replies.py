"""Who replied to whom, in which thread, and was thanked for it."""

from dataclasses import dataclass

import numpy as np

from bot.corpus import NOBODY, Corpus, Flags, Ints, Longs
from bot.ranking.postings import Doubles


@dataclass(frozen=True, slots=True)
class Replies:
    """One row for each (thread, person who replied to somebody else's root).

    Attributes:
        thread, person: Numbers, ascending by both (r).
        asker: Author of the root, `NOBODY` where it is not held (r).
        at: When the person last replied there (r).
        is_thanked: Whether the asker then thanked them there (r).
        thread_starts: Where each thread's rows begin (t + 1).
        by_asker: The rows, ordered by asker (r).
        starts: Where each asker's rows begin in `by_asker` (p + 1).
    """

    thread: Ints
    person: Ints
    asker: Ints
    at: Doubles
    is_thanked: Flags
    thread_starts: Longs
    by_asker: Longs
    starts: Longs

    def within(self, threads: Longs) -> tuple[Longs, Longs]:
        """Find the rows of some threads.

        Returns:
            The rows, and of each its place in `threads`.
        """
        start = self.thread_starts[threads]
        count = self.thread_starts[threads + 1] - start
        place = np.repeat(np.arange(len(threads)), count)
        offset = np.cumsum(count) - count
        return np.arange(len(place)) + (start - offset)[place], place

    def to(self, asker: int) -> Longs:
        """Give the rows of the replies to one asker."""
        return self.by_asker[self.starts[asker] : self.starts[asker + 1]]


def read_replies(corpus: Corpus, is_root: Flags) -> Replies:
    """Gather the replies of a corpus; linear in its messages."""
    people = len(corpus.people)
    asker = np.full(len(corpus.root), NOBODY, np.int32)
    held = corpus.root != NOBODY
    asker[held] = corpus.person[corpus.root[held]]
    is_reply = ~is_root & (corpus.person != asker[corpus.thread])
    rows = np.flatnonzero(is_reply)
    key = corpus.thread[rows].astype(np.int64) * people + corpus.person[rows]
    keys, newest = np.unique(key[::-1], return_index=True)
    kept = rows[::-1][newest]
    thread = corpus.thread[kept]
    by_asker = np.argsort(asker[thread], kind="stable")
    return Replies(
        thread=thread,
        person=corpus.person[kept],
        asker=asker[thread],
        at=corpus.at[kept],
        is_thanked=np.isin(keys, _thanked(corpus, is_reply, is_root)),
        thread_starts=np.searchsorted(thread, np.arange(len(corpus.root) + 1)),
        by_asker=by_asker,
        starts=np.searchsorted(asker[thread][by_asker], np.arange(people + 1)),
    )


def _thanked(corpus: Corpus, is_reply: Flags, is_root: Flags) -> Longs:
    """List whom askers thanked in their threads, as thread x people + person.

    Words thank the people they mention, or else whoever replied last: the rule of
    `bot.threads`.
    """
    # Thread after thread, each in order of time.
    order = np.argsort(corpus.thread, kind="stable")
    place = np.where(is_reply[order], np.arange(len(order)), -1)
    last = np.maximum.accumulate(place) if len(place) else place
    thanks = corpus.is_thanks & ~is_reply & ~is_root
    thanks &= corpus.root[corpus.thread] != NOBODY
    said = np.flatnonzero(thanks[order])
    row = order[said]
    named = np.diff(corpus.mentions.indptr)[row]
    before = order[last[said]]
    whole = (named == 0) & (last[said] >= 0)
    whole &= corpus.thread[before] == corpus.thread[row]
    thread = np.concatenate(
        [corpus.thread[row[whole]], np.repeat(corpus.thread[row], named)]
    )
    mentioned = corpus.mentions[row].indices
    person = np.concatenate([corpus.person[before[whole]], mentioned])
    found: Longs = thread.astype(np.int64) * len(corpus.people) + person
    return found
