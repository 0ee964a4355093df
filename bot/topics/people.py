"""Who carries a topic: counts for momentum, hosts to ask, people to invite."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from bot.corpus import NOBODY, Corpus, Ints
from bot.momentum import WINDOW, Facts
from bot.topics.names import same_thing
from bot.topics.recurrence import DAY_S, FIRST_MONDAY, spread
from bot.topics.space import taking_part

# Two or three hosts: groups with a sole admin die sooner (Kraut and Fiore, 2014).
MOST_HOSTS = 3
# A host answered in more than one week: once is a kindness, twice is a habit.
MIN_HOST_WEEKS = 2
# Nobody may hold the whole topic: a second host must know another part of it.
MAX_SHARED = 0.8
# Enough to begin with, few enough to write to each.
MOST_INVITED = 30

# A channel is a topic's home when most of it is asked there and it is a good part
# of what is asked there; or when it bears the topic's name and has its share.
HOME_SHARE = 0.6
HOME_FOCUS = 0.3
NAMED_HOME_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Part:
    """What one person did in a topic; weeks are those of answering."""

    user_id: str
    asked: int
    answered: int
    weeks: int
    threads: frozenset[int]


def within(corpus: Corpus, rows: Ints, now: datetime) -> Ints:
    """The questions that count for momentum: neither too old nor to come."""
    at = corpus.at[rows]
    recent: Ints = rows[(at > (now - WINDOW).timestamp()) & (at <= now.timestamp())]
    return recent


def count(corpus: Corpus, rows: Ints, *, now: datetime) -> Facts:
    """Count what `bot.momentum` judges.

    Args:
        corpus: Everything heard.
        rows: The topic's questions.
        now: When it is judged.
    """
    rows = within(corpus, rows, now)
    if not len(rows):
        return Facts()
    part = taking_part(corpus, rows)
    there = np.bincount(part.indices)
    held = spread(corpus, rows, int((there > 0).sum()))
    _, in_channel = np.unique(corpus.channel[rows], return_counts=True)
    parts = take_parts(corpus, rows)
    return Facts(
        questions=held.questions,
        askers=held.askers,
        people=held.people,
        returning=int((there >= 2).sum()),  # noqa: PLR2004
        both=sum(1 for p in parts if p.asked and p.answered),
        channels=len(in_channel),
        weeks=held.weeks,
        days=held.days,
        busiest_week=held.busiest_week,
        busiest_asker=held.busiest_asker,
        busiest_channel=float(in_channel.max()) / len(rows),
        last_asked_at=datetime.fromtimestamp(float(corpus.at[rows].max()), UTC),
    )


def take_parts(corpus: Corpus, rows: Ints) -> list[Part]:
    """What everybody did in some questions, by user id.

    An answer is a thread in which somebody other than the asker replied.
    """
    asker = np.full(len(corpus.root), NOBODY, np.int64)
    asker[corpus.thread[rows]] = corpus.person[rows]
    said = np.flatnonzero(asker[corpus.thread] != NOBODY)
    other = said[corpus.person[said] != asker[corpus.thread[said]]]
    asked = np.bincount(corpus.person[rows], minlength=len(corpus.people))
    present = np.union1d(corpus.person[rows], corpus.person[other])
    return [_part(corpus, int(person), int(asked[person]), other) for person in present]


def _part(corpus: Corpus, person: int, asked: int, other: NDArray[np.int64]) -> Part:
    own = other[corpus.person[other] == person]
    threads = frozenset(corpus.thread[own].tolist())
    weeks = len(np.unique((corpus.at[own] // DAY_S - FIRST_MONDAY) // 7))
    return Part(corpus.people[person], asked, len(threads), weeks, threads)


def hosts(parts: Sequence[Part], leave_out: Collection[str] = ()) -> list[str]:
    """The two or three people to ask first: they return to answer, and differ.

    Where too few return, those who both asked and answered fill up to two.


    Args:
        parts: From `take_parts`.
        leave_out: People who are not to be asked.
    """
    returning = [
        p for p in parts if p.weeks >= MIN_HOST_WEEKS and p.user_id not in leave_out
    ]
    returning.sort(key=lambda p: (-p.weeks, -p.answered, -p.asked, p.user_id))
    chosen: list[Part] = []
    for one in returning:
        shared = any(
            len(one.threads & other.threads) > MAX_SHARED * len(one.threads)
            for other in chosen
        )
        if not shared and len(chosen) < MOST_HOSTS:
            chosen.append(one)
    rest = [p for p in returning if p not in chosen]
    rest += _taking_part_both_ways(parts, {*leave_out, *(p.user_id for p in returning)})
    return [p.user_id for p in [*chosen, *rest][: max(len(chosen), MOST_HOSTS - 1)]]


def _taking_part_both_ways(
    parts: Sequence[Part], leave_out: Collection[str]
) -> list[Part]:
    """Who asked and answered, the most helpful first."""
    both = [p for p in parts if p.asked and p.answered and p.user_id not in leave_out]
    return sorted(both, key=lambda p: (-p.answered, -p.asked, p.user_id))


def invited(parts: Sequence[Part], leave_out: Collection[str] = ()) -> list[str]:
    """The people to invite, those who return first; `MOST_INVITED` at most."""
    there = [p for p in parts if p.user_id not in leave_out]
    there.sort(key=lambda p: (-(p.asked + p.answered), p.user_id))
    return [p.user_id for p in there[:MOST_INVITED]]


def find_home(
    corpus: Corpus,
    rows: Ints,
    names: Sequence[str],
    channel_names: Mapping[str, str],
) -> str | None:
    """Find the channel that is a topic's place already.

    Args:
        corpus: Everything heard.
        rows: The topic's questions.
        names: Its label, then its aliases.
        channel_names: Names of channels by id.
    """
    asked = corpus.channel[corpus.is_question]
    everywhere = np.bincount(asked, minlength=len(corpus.channels))
    here = np.bincount(corpus.channel[rows], minlength=len(corpus.channels))
    keys = {same_thing(name) for name in names} - {()}
    for channel in np.argsort(-here, kind="stable").tolist():
        share = here[channel] / max(len(rows), 1)
        if share < NAMED_HOME_SHARE:
            break
        channel_id: str = corpus.channels[channel]
        named = same_thing(channel_names.get(channel_id, "").replace("-", " ")) in keys
        focus = here[channel] / max(int(everywhere[channel]), 1)
        if named or (share >= HOME_SHARE and focus >= HOME_FOCUS):
            return channel_id
    return None
