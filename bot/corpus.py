"""Everything heard in a workspace, as columns: what ranking and topics read.

Plain numpy over plain values: no database, no text. A row is one message; terms
are the hashes of `bot.text.Hasher`. Rows are ordered by time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

NOBODY = -1  # an id that stands for "not held": no root, no vector


@dataclass(frozen=True, slots=True)
class Fact:
    """What is held of one message.

    Attributes:
        channel_id: Where it was posted.
        ts: Slack's timestamp, unique in its channel.
        thread_ts: The root's `ts`; equal to `ts` (or None) for a root.
        user_id: Its author.
        at: Seconds since 1970, as `ts` has them.
        is_question: Whether its author seeks information.
        is_thanks: Whether it thanks somebody.
        mentions: Ids of the people it mentions.
        words: Distinct term hashes.
        counts: How often each occurs, 255 at most.
        vector: Its sentence vector (float32, unit length), where it has one.
    """

    channel_id: str
    ts: str
    thread_ts: str | None
    user_id: str
    at: float
    is_question: bool
    is_thanks: bool = False
    mentions: tuple[str, ...] = ()
    words: Longs = field(default_factory=lambda: np.empty(0, np.int64))
    counts: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    vector: Floats | None = None

    @property
    def root_ts(self) -> str:
        """The `ts` that names its thread."""
        return self.thread_ts or self.ts


@dataclass(frozen=True, slots=True)
class Corpus:
    """Columns over n messages, t threads, p people, c channels and v terms.

    Attributes:
        people: Ids by person number (p).
        channels: Ids by channel number (c).
        ts: Slack's timestamps (n).
        person, channel, thread: Numbers of author, channel and thread (n, int32).
        at: Seconds since 1970 (n, float64), ascending.
        is_question, is_thanks: Flags (n).
        root: Row of each thread's root, `NOBODY` where it is not held (t, int32).
        root_ts, thread_channel: What names a thread (t).
        vocabulary: Term hashes, ascending (v, int64).
        terms: How often each message holds each term (n x v, CSR float32).
        mentions: Which people a message mentions (n x p, CSR float32).
        vectors: Sentence vectors, unit rows (m x d, float32).
        vector_row: Row of `vectors` for each message, else `NOBODY` (n, int32).
    """

    people: tuple[str, ...]
    channels: tuple[str, ...]
    ts: tuple[str, ...]
    person: Ints
    channel: Ints
    thread: Ints
    at: NDArray[np.float64]
    is_question: Flags
    is_thanks: Flags
    root: Ints
    root_ts: tuple[str, ...]
    thread_channel: Ints
    vocabulary: Longs
    terms: sparse.csr_array
    mentions: sparse.csr_array
    vectors: Floats
    vector_row: Ints

    def __len__(self) -> int:
        return len(self.ts)

    def find_terms(self, hashes: Sequence[int]) -> Ints:
        """Term numbers of the hashes that occur at all, unknown ones left out."""
        wanted = np.asarray(hashes, np.int64)
        places = np.searchsorted(self.vocabulary, wanted)
        places = np.minimum(places, max(len(self.vocabulary) - 1, 0))
        known = (
            self.vocabulary[places] == wanted
            if len(self.vocabulary)
            else np.zeros(len(wanted), np.bool_)
        )
        found: Ints = places[known].astype(np.int32)
        return found


def build(facts: Iterable[Fact]) -> Corpus:
    """Lay facts out as columns, ordered by time, then channel and `ts`."""
    rows = sorted(facts, key=lambda f: (f.at, f.channel_id, f.ts))
    people = _numbering(
        [f.user_id for f in rows], [u for f in rows for u in f.mentions]
    )
    channels = _numbering([f.channel_id for f in rows])
    threads = _numbering_pairs(rows)
    root = np.full(len(threads), NOBODY, np.int32)
    for i, fact in enumerate(rows):
        if fact.root_ts == fact.ts:
            root[threads[fact.channel_id, fact.ts]] = i
    vocabulary, terms = _terms(rows)
    vectors, vector_row = _vectors(rows)
    return Corpus(
        people=tuple(people),
        channels=tuple(channels),
        ts=tuple(f.ts for f in rows),
        person=np.array([people[f.user_id] for f in rows], np.int32),
        channel=np.array([channels[f.channel_id] for f in rows], np.int32),
        thread=np.array([threads[f.channel_id, f.root_ts] for f in rows], np.int32),
        at=np.array([f.at for f in rows], np.float64),
        is_question=np.array([f.is_question for f in rows], np.bool_),
        is_thanks=np.array([f.is_thanks for f in rows], np.bool_),
        root=root,
        root_ts=tuple(ts for _, ts in threads),
        thread_channel=np.array([channels[c] for c, _ in threads], np.int32),
        vocabulary=vocabulary,
        terms=terms,
        mentions=_mentions(rows, people),
        vectors=vectors,
        vector_row=vector_row,
    )


def _numbering(*ids: list[str]) -> dict[str, int]:
    """Number ids in the order of their alphabet, so that it never depends on time."""
    return {name: i for i, name in enumerate(sorted(set().union(*ids)))}


def _numbering_pairs(rows: list[Fact]) -> dict[tuple[str, str], int]:
    names = sorted({(f.channel_id, f.root_ts) for f in rows})
    return {name: i for i, name in enumerate(names)}


def _terms(rows: list[Fact]) -> tuple[Longs, sparse.csr_array]:
    start = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(f.words) for f in rows], out=start[1:])
    held = np.concatenate([np.empty(0, np.int64), *(f.words for f in rows)])
    counts = np.concatenate([np.empty(0, np.uint8), *(f.counts for f in rows)])
    vocabulary, column = np.unique(held, return_inverse=True)
    matrix = sparse.csr_array(
        (counts.astype(np.float32), column.astype(np.int32), start),
        shape=(len(rows), len(vocabulary)),
    )
    return vocabulary, matrix


def _mentions(rows: list[Fact], people: dict[str, int]) -> sparse.csr_array:
    start = np.zeros(len(rows) + 1, np.int64)
    np.cumsum([len(f.mentions) for f in rows], out=start[1:])
    column = np.array([people[u] for f in rows for u in f.mentions], np.int32)
    return sparse.csr_array(
        (np.ones(len(column), np.float32), column, start),
        shape=(len(rows), len(people)),
    )


def _vectors(rows: list[Fact]) -> tuple[Floats, Ints]:
    held = [(i, f.vector) for i, f in enumerate(rows) if f.vector is not None]
    row = np.full(len(rows), NOBODY, np.int32)
    row[[i for i, _ in held]] = np.arange(len(held), dtype=np.int32)
    if not held:
        return np.empty((0, 0), np.float32), row
    return np.stack([v for _, v in held]).astype(np.float32), row
