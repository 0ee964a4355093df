"""What one asker may see: an index without the channels that are hidden.

A hidden channel leaves no trace: not in who is a candidate, not in how rare a
word is, not in any average. Ranking through a view equals ranking a corpus that
never held the hidden channels, to the last bit.
"""

from dataclasses import dataclass

import numpy as np

from bot.corpus import Flags, Ints, Longs
from bot.ranking.index import Index
from bot.ranking.postings import Doubles, Postings
from bot.ranking.subjects import Subjects, learn

# Most people see the same channels: the public ones. A few more views are kept
# for those who are also in private ones; one is some numbers a person and term.
KEPT_VIEWS = 32


@dataclass(frozen=True, slots=True)
class Extent:
    """Units that can be seen: how many, and how many terms one has on average."""

    count: float
    mean_length: float


@dataclass(frozen=True, slots=True)
class View:
    """An index and what may be read of it.

    Attributes:
        visible: By channel (c).
        channels: Numbers of the visible channels in which anything was said.
        people: Numbers of those who spoke in them (the candidates, k).
        days: Distinct days on which each candidate spoke (k).
        messages, opened: Messages and threads each candidate began (k).
        replied, said: Decayed sums for each candidate, as of the reference (k).
        subjects: What sort of questions each candidate answers.
        hides: Whether anything is hidden at all.
    """

    index: Index
    visible: Flags
    channels: Ints
    people: Ints
    days: Doubles
    messages: Doubles
    opened: Doubles
    replied: Doubles
    said: Doubles
    subjects: Subjects
    hides: bool

    def popularity(self, now: float) -> Doubles:
        """Share of the talk each candidate has: p0, sums to 1 (k).

        p0(u) is proportional to .05 + threads replied in + .05 x messages, both
        with a half-life of 30 days.
        """
        fade = self.index.fade(now)
        raw = 0.05 + fade * self.replied + 0.05 * fade * self.said
        return np.asarray(raw / raw.sum()) if len(raw) else raw

    def channel(self, channel_id: str | None) -> int | None:
        """Find the number of a channel, if anything was said there to be seen."""
        number = self.index.channel(channel_id)
        return number if number in self.channels else None

    def of_people(self, sums: Doubles) -> Doubles:
        """Keep of sums over all people (p) those of the candidates (k)."""
        return np.asarray(sums[self.people])

    def frequency(self, units: Postings, terms: Ints | slice) -> Longs:
        """Count the visible units that hold each of some terms."""
        frequency: Longs = units.holding_in[terms] @ self.visible.astype(np.int64)
        return frequency

    def units(self, units: Postings) -> Extent:
        """Give how many visible units there are, and their mean length."""
        shown = self.visible.astype(np.float64)
        written = float(units.written_in @ shown)
        length = float(units.length_in @ shown)
        return Extent(
            count=float(units.count_in @ shown),
            mean_length=max(length / max(written, 1.0), 1.0),
        )


def look(index: Index, visible: Flags | None) -> View:
    """Take the view of somebody who may read the `visible` channels (None: all)."""
    corpus = index.corpus
    shown = np.ones(len(corpus.channels), np.bool_) if visible is None else visible
    mask = shown.astype(np.float64)
    spoken = np.asarray(index.count.sum(axis=1)).ravel() > 0
    messages = np.asarray(index.count.T @ mask)
    people = np.flatnonzero(messages > 0).astype(np.int32)
    return View(
        index=index,
        visible=shown,
        channels=np.flatnonzero(shown & spoken).astype(np.int32),
        people=people,
        days=_days(index, shown)[people],
        messages=messages[people],
        opened=np.asarray(index.opened.T @ mask)[people],
        replied=np.asarray(index.replied.T @ mask)[people],
        said=np.asarray(index.said.T @ mask)[people],
        subjects=learn(index, shown, people),
        hides=not bool(shown.all()),
    )


def _days(index: Index, visible: Flags) -> Doubles:
    """Count each person's distinct days in visible channels (p)."""
    days = index.days
    seen = np.zeros(len(days.person), np.bool_)
    seen[days.person_day[visible[days.channel]]] = True
    counted = np.bincount(days.person[seen], minlength=len(index.corpus.people))
    return np.asarray(counted, np.float64)
