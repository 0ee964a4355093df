"""What can be laid out once for all questions: inverted terms, replies, sums.

Nothing here depends on who asks. Whatever is summed is summed a channel at a
time, so that a channel the asker may not see can be left out without a trace.
"""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bot.corpus import NOBODY, Corpus, Flags, Ints, Longs
from bot.ranking.postings import Doubles, Inverter, Postings
from bot.ranking.replies import Replies, read_replies
from bot.text import Kind, kind_of

DAY = 86_400.0
_DECADE = 3_650 * DAY

# A name or a pair repeats words that count already, so it counts half. Hosts
# say where a link leads ("github.com"), hardly ever what a question is about.
KIND_WEIGHT = {
    Kind.WORD: 1.0,
    Kind.PAIR: 0.5,
    Kind.NAME: 0.5,
    Kind.CODE: 0.5,
    Kind.REPOSITORY: 0.5,
    Kind.HOST: 0.0,
}

HALF_LIFE = 30 * DAY
# Where people ask moves faster than who answers.
ASKING_HALF_LIFE = 14 * DAY
# A day on which somebody spoke in a channel, against one asker helped there.
PRESENCE = 0.3


@dataclass(frozen=True, slots=True)
class Days:
    """One row for each (person, UTC day, channel) with a message.

    Attributes:
        channel, number: Channel and day since 1970, a row each (d).
        person_day: Number of the row's (person, day), ascending (d).
        person: Whose each person-day is.
    """

    channel: Longs
    number: Longs
    person_day: Longs
    person: Longs


@dataclass(frozen=True, slots=True)
class Index:
    """A corpus laid out for ranking. Sums are channel x person, CSR.

    Decayed sums are relative to `reference`; multiply by `fade` to have them now.

    Attributes:
        helped: Each asker helped, by the last time, and days of presence.
        replied: Threads replied in.
        said: Messages.
        count, opened: Messages and threads started, undecayed.
        rooted: Threads started (decayed).
        asking: "?" roots a channel, by the faster half-life (c).
        thread_last: When a thread last heard anything (t).
        days: On which days who spoke where.
        kind: Weight of each term's kind (v).
        is_word: Whether a term is a plain word (v).
    """

    corpus: Corpus
    people: dict[str, int]
    channels: dict[str, int]
    reference: float
    threads: Postings
    messages: Postings
    asked_channels: Postings
    said_channels: Postings
    replies: Replies
    helped: sparse.csr_array
    replied: sparse.csr_array
    said: sparse.csr_array
    count: sparse.csr_array
    opened: sparse.csr_array
    rooted: sparse.csr_array
    asking: Doubles
    thread_last: Doubles
    days: Days
    kind: Doubles
    is_word: Flags

    def person(self, user_id: str | None) -> int | None:
        """Find a person's number."""
        return None if user_id is None else self.people.get(user_id)

    def channel(self, channel_id: str | None) -> int | None:
        """Find a channel's number."""
        return None if channel_id is None else self.channels.get(channel_id)

    def fade(self, now: float, half_life: float = HALF_LIFE) -> float:
        """Give what a sum as of `reference` is to be multiplied with."""
        return float(0.5 ** ((now - self.reference) / half_life))


def build(corpus: Corpus) -> Index:
    """Lay a corpus out; linear in its messages."""
    newest = float(corpus.at[-1]) if len(corpus) else 0.0
    # A round reference, so that a hidden channel's last message cannot shift it.
    reference = newest // _DECADE * _DECADE
    is_root = _roots(corpus)
    replies = read_replies(corpus, is_root)
    grow = 2.0 ** ((corpus.at - reference) / HALF_LIFE)
    days = _days(corpus)
    channel, person = corpus.channel[is_root], corpus.person[is_root]
    kinds = [kind_of(int(h)) for h in corpus.vocabulary]
    kind = np.array([KIND_WEIGHT[k] for k in kinds], np.float64)
    postings = Inverter(corpus, kind)
    return Index(
        corpus=corpus,
        people={user_id: i for i, user_id in enumerate(corpus.people)},
        channels={name: i for i, name in enumerate(corpus.channels)},
        reference=reference,
        threads=postings.by_thread(),
        messages=postings.by_message(),
        asked_channels=postings.by_channel(is_root),
        said_channels=postings.by_channel(),
        replies=replies,
        helped=_helped(corpus, replies, days, reference),
        replied=_replied(corpus, replies, reference),
        said=_sums(corpus, corpus.channel, corpus.person, grow),
        count=_sums(corpus, corpus.channel, corpus.person, np.ones(len(corpus))),
        opened=_sums(corpus, channel, person, np.ones(len(person))),
        rooted=_sums(corpus, channel, person, grow[is_root]),
        asking=_asking(corpus, is_root, reference),
        thread_last=_last(corpus),
        days=days,
        kind=kind,
        is_word=np.array([k is Kind.WORD for k in kinds], np.bool_),
    )


def _roots(corpus: Corpus) -> Flags:
    is_root = np.zeros(len(corpus), np.bool_)
    is_root[corpus.root[corpus.root != NOBODY]] = True
    return is_root


def _days(corpus: Corpus) -> Days:
    rows = [corpus.person, corpus.at // DAY, corpus.channel]
    stacked = np.stack([np.asarray(r, np.int64) for r in rows])
    person, number, channel = np.unique(stacked, axis=1)
    begins = np.ones(len(person), np.bool_)
    begins[1:] = (person[1:] != person[:-1]) | (number[1:] != number[:-1])
    return Days(channel, number, np.cumsum(begins) - 1, person[begins])


def _sums(
    corpus: Corpus, row: Ints | Longs, person: Ints | Longs, x: Doubles
) -> sparse.csr_array:
    shape = (len(corpus.channels), len(corpus.people))
    return sparse.csr_array((x, (row, person)), shape=shape)


def _helped(
    corpus: Corpus, replies: Replies, days: Days, reference: float
) -> sparse.csr_array:
    """Sum askers helped and days of presence.

    Each asker counts once for a person and channel, by the last time: ten
    answers to one friend are less than answers to ten people.
    """
    known = np.flatnonzero(replies.asker != NOBODY)
    known = known[np.argsort(-replies.at[known], kind="stable")]
    channel = corpus.thread_channel[replies.thread[known]]
    pair = replies.asker[known].astype(np.int64) * len(corpus.people)
    key = (pair + replies.person[known]) * len(corpus.channels) + channel
    _, latest = np.unique(key, return_index=True)
    once = known[latest]
    helped = _sums(
        corpus,
        corpus.thread_channel[replies.thread[once]],
        replies.person[once],
        2.0 ** ((replies.at[once] - reference) / HALF_LIFE),
    )
    begun = days.number.astype(np.float64) * DAY
    spoke = PRESENCE * 2.0 ** ((begun - reference) / HALF_LIFE)
    present = _sums(corpus, days.channel, days.person[days.person_day], spoke)
    return sparse.csr_array(helped + present)


def _replied(corpus: Corpus, replies: Replies, reference: float) -> sparse.csr_array:
    return _sums(
        corpus,
        corpus.thread_channel[replies.thread],
        replies.person,
        2.0 ** ((replies.at - reference) / HALF_LIFE),
    )


def _asking(corpus: Corpus, is_root: Flags, reference: float) -> Doubles:
    rows = is_root & corpus.is_question
    grow = 2.0 ** ((corpus.at[rows] - reference) / ASKING_HALF_LIFE)
    sums = np.bincount(corpus.channel[rows], grow, minlength=len(corpus.channels))
    return np.asarray(sums, np.float64)


def _last(corpus: Corpus) -> Doubles:
    last = np.full(len(corpus.root), -np.inf)
    np.maximum.at(last, corpus.thread, corpus.at)
    return last
