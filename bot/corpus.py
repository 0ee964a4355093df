"""Everything heard in a workspace, as columns: what ranking and topics read.

Plain numpy over plain values: no database, no text. A row is one message; terms
are the hashes of `bot.text.Hasher`. Rows are ordered by time.
"""

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

_Name = TypeVar("_Name", str, tuple[str, str])

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
    """Lay facts out as columns, ordered by time, then channel and `ts`.

    A fact is let go as soon as it has been read, so that a million questions need
    little more memory than their columns.
    """
    heard = _Heard()
    for fact in facts:
        heard.add(fact)
    return heard.lay_out()


class _Heard:
    """Facts in the order in which they came, as growing columns."""

    def __init__(self) -> None:
        self._people: dict[str, int] = {}
        self._channels: dict[str, int] = {}
        self._threads: dict[tuple[str, str], int] = {}
        self._ts: list[str] = []
        self._person, self._channel, self._thread = array("i"), array("i"), array("i")
        self._at = array("d")
        self._is_root, self._is_question = bytearray(), bytearray()
        self._is_thanks = bytearray()
        self._mentions, self._mentioned = array("i"), array("q", [0])
        self._words, self._counts, self._said = (
            bytearray(),
            bytearray(),
            array("q", [0]),
        )
        self._vectors, self._has_vector = bytearray(), bytearray()
        self._dimensions = 0

    def add(self, fact: Fact) -> None:
        """Take a fact up."""
        self._ts.append(fact.ts)
        self._at.append(fact.at)
        self._person.append(_number(self._people, fact.user_id))
        self._channel.append(_number(self._channels, fact.channel_id))
        thread = _number(self._threads, (fact.channel_id, fact.root_ts))
        self._thread.append(thread)
        self._is_root.append(fact.root_ts == fact.ts)
        self._is_question.append(fact.is_question)
        self._is_thanks.append(fact.is_thanks)
        self._mentions.extend(_number(self._people, one) for one in fact.mentions)
        self._mentioned.append(len(self._mentions))
        self._words += fact.words.tobytes()
        self._counts += fact.counts.tobytes()
        self._said.append(len(self._counts))
        self._has_vector.append(fact.vector is not None)
        if fact.vector is not None:
            self._vectors += fact.vector.astype(np.float32, copy=False).tobytes()
            self._dimensions = len(fact.vector)

    def lay_out(self) -> Corpus:
        """Number people, channels and threads by their names, and rows by time."""
        people, person_of = _renumber(self._people)
        channels, channel_of = _renumber(self._channels)
        threads, thread_of = _renumber(self._threads)
        channel = channel_of[_ints(self._channel)]
        at = np.frombuffer(self._at, np.float64)
        order = np.lexsort((np.array(self._ts, np.bytes_), channel, at))
        thread = thread_of[_ints(self._thread)][order]
        is_root = _flags(self._is_root)[order]
        root = np.full(len(threads), NOBODY, np.int32)
        root[thread[is_root]] = np.flatnonzero(is_root)
        number = {name: i for i, name in enumerate(channels)}
        vocabulary, terms = self._terms()
        mentioned = person_of[_ints(self._mentions)]
        vectors, vector_row = self._embedded()
        return Corpus(
            people=people,
            channels=channels,
            ts=tuple(self._ts[i] for i in order.tolist()),
            person=person_of[_ints(self._person)][order],
            channel=channel[order],
            thread=thread,
            at=at[order],
            is_question=_flags(self._is_question)[order],
            is_thanks=_flags(self._is_thanks)[order],
            root=root,
            root_ts=tuple(ts for _, ts in threads),
            thread_channel=np.array([number[c] for c, _ in threads], np.int32),
            vocabulary=vocabulary,
            terms=terms[order],
            mentions=_rows(
                np.ones(len(mentioned), np.float32),
                mentioned,
                self._mentioned,
                len(people),
            )[order],
            vectors=vectors,
            vector_row=vector_row[order],
        )

    def _terms(self) -> tuple[Longs, sparse.csr_array]:
        words = np.frombuffer(self._words, np.int64)
        vocabulary, column = np.unique(words, return_inverse=True)
        counts = np.frombuffer(self._counts, np.uint8).astype(np.float32)
        terms = _rows(counts, column.astype(np.int32), self._said, len(vocabulary))
        return vocabulary, terms

    def _embedded(self) -> tuple[Floats, Ints]:
        held = _flags(self._has_vector)
        row = np.where(held, np.cumsum(held) - 1, NOBODY).astype(np.int32)
        rows = np.frombuffer(self._vectors, np.float32)
        return rows.reshape(int(held.sum()), self._dimensions), row


def _number(numbers: dict[_Name, int], name: _Name) -> int:
    return numbers.setdefault(name, len(numbers))


def _renumber(numbers: dict[_Name, int]) -> tuple[tuple[_Name, ...], Ints]:
    """Number names in the order of their alphabet, so that it never depends on time.

    Returns:
        The names in that order, and the new number for each old one.
    """
    names = tuple(sorted(numbers))
    new = np.empty(len(names), np.int32)
    new[[numbers[name] for name in names]] = np.arange(len(names), dtype=np.int32)
    return names, new


def _ints(column: "array[int]") -> Ints:
    return np.frombuffer(column, np.int32)


def _flags(column: bytearray) -> Flags:
    return np.frombuffer(column, np.bool_)


def _rows(
    data: Floats, column: Ints, ends: "array[int]", width: int
) -> sparse.csr_array:
    starts = np.frombuffer(ends, np.int64)
    return sparse.csr_array((data, column, starts), shape=(len(starts) - 1, width))
