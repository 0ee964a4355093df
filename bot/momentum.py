"""Has a topic enough momentum to become a community? Facts in, a verdict out.

A community cannot be ordered. Of 472,231 new online groups 57 % died within three
months, more often where one person carried them (Kraut and Fiore, "The role of
founders in building online groups", CSCW 2014, https://doi.org/10.1145/2531602.2531648),
while channels that had to show activity first mostly lived: so every gate asks for
a conversation that is there already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.topics.recurrence import (
    MAX_ASKER_SHARE,
    MAX_WEEK_SHARE,
    MIN_PEOPLE,
    MIN_QUESTIONS,
    MIN_WEEKS,
)

# What was asked longer ago says nothing about the conversation of today.
WINDOW = timedelta(weeks=26)
# Eight quiet weeks are longer than holidays: the conversation has ended.
MAX_QUIET = timedelta(weeks=8)
# In one channel the conversation has its place; two are the first sign that it has
# none, and few enough for a workspace of five channels.
MIN_CHANNELS = 2
# Reciprocity, not headcount: people who take part again are what a community is.
# Three, because one or two who return are the founder and a friend.
MIN_RETURNING = 3


class Outcome(StrEnum):
    """What to do about a topic."""

    SUGGEST = "suggest"
    NOT_YET = "not_yet"
    JOIN_EXISTING = "join_existing"
    DECLINED = "declined"
    SNOOZED = "snoozed"
    ALREADY_COMMUNITY = "already_community"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is counted of a topic's questions within `WINDOW`.

    Attributes:
        questions: How many.
        askers: People who ask.
        people: People who take part: ask, answer or are mentioned.
        returning: Those who take part in two questions or more.
        both: Those who ask and answer.
        channels: Channels it is asked in.
        weeks: Calendar weeks in which it is asked.
        days: Days on which it is asked.
        busiest_week: Share of questions in one week (0 to 1).
        busiest_asker: Share of questions by one person (0 to 1).
        busiest_channel: Share of questions in one channel (0 to 1).
        last_asked_at: The newest question; None without any.
    """

    questions: int = 0
    askers: int = 0
    people: int = 0
    returning: int = 0
    both: int = 0
    channels: int = 0
    weeks: int = 0
    days: int = 0
    busiest_week: float = 0.0
    busiest_asker: float = 0.0
    busiest_channel: float = 0.0
    last_asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Past:
    """What was decided about a topic before.

    Attributes:
        community: Channel of the community that grew out of it.
        home: A channel that is its place already.
        declined: Whether somebody said "not this topic".
        ask_again_at: When somebody who said "not now" may be asked again.
    """

    community: str | None = None
    home: str | None = None
    declined: bool = False
    ask_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """One condition: what is, what is needed, and both in plain words."""

    name: str
    value: float
    needed: float
    met: bool
    says: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to do about a topic, and why.

    Attributes:
        verdict: What to do.
        gates: Every gate, met or not.
        reasons: Why not "suggest", in plain words; empty for "suggest".
    """

    verdict: Outcome
    gates: tuple[Gate, ...]
    reasons: tuple[str, ...]

    @property
    def suggest(self) -> bool:
        """Whether to put it to the people who carry it."""
        return self.verdict == Outcome.SUGGEST

    @property
    def is_for_people(self) -> bool:
        """Whether people may be told of it unasked: of a community, or of its place.

        What is asked in its own place alone needs no second channel, but everything
        else that a conversation has.
        """
        if self.verdict == Outcome.JOIN_EXISTING:
            return all(gate.met for gate in self.gates if gate.name != "channels")
        return self.suggest


_Says = Callable[[float, float], str]


def _so_far(noun: str) -> _Says:
    def says(value: float, needed: float) -> str:
        if value >= needed:
            return f"{value:.0f} {noun}"
        return f"{value:.0f} of {needed:.0f} {noun} so far"

    return says


def _share(of: str) -> _Says:
    def says(value: float, needed: float) -> str:
        return f"{value:.0%} {of} ({needed:.0%} at most)"

    return says


_AT_LEAST: tuple[tuple[str, str, float, _Says], ...] = (
    ("questions", "questions", MIN_QUESTIONS, _so_far("questions")),
    ("people", "people", MIN_PEOPLE, _so_far("people")),
    ("weeks", "weeks", MIN_WEEKS, _so_far("weeks")),
    ("channels", "channels", MIN_CHANNELS, _so_far("channels")),
    (
        "returning_people",
        "returning",
        MIN_RETURNING,
        _so_far("people who took part again"),
    ),
)
_AT_MOST: tuple[tuple[str, str, float, _Says], ...] = (
    (
        "share_of_busiest_week",
        "busiest_week",
        MAX_WEEK_SHARE,
        _share("of the questions in one week"),
    ),
    (
        "share_of_one_asker",
        "busiest_asker",
        MAX_ASKER_SHARE,
        _share("of the questions by one person"),
    ),
)


def judge(facts: Facts, past: Past | None = None, *, now: datetime) -> Verdict:
    """Judge a topic: suggest a community, or say what speaks against it.

    Args:
        facts: What is counted of it.
        past: What was decided before.
        now: When it is judged.
    """
    past = past or Past()
    gates = (
        *(_gate(facts, *row, at_least=True) for row in _AT_LEAST),
        *(_gate(facts, *row, at_least=False) for row in _AT_MOST),
        _warm(facts, now),
    )
    before = _before(past, now)
    if before is not None:
        outcome, reason = before
        return Verdict(outcome, gates, (reason,))
    missing = tuple(gate.says for gate in gates if not gate.met)
    return Verdict(Outcome.NOT_YET if missing else Outcome.SUGGEST, gates, missing)


def _gate(  # noqa: PLR0913 - a row of the tables above
    facts: Facts, name: str, field: str, needed: float, says: _Says, *, at_least: bool
) -> Gate:
    value = float(getattr(facts, field))
    met = value >= needed if at_least else value <= needed
    return Gate(name, value, needed, met, says(value, needed))


def _warm(facts: Facts, now: datetime) -> Gate:
    most = float(MAX_QUIET.days)
    if facts.last_asked_at is None:
        return Gate("days_since_asked", most + 1, most, met=False, says="never asked")
    quiet = max(now - facts.last_asked_at, timedelta())
    days = quiet / timedelta(days=1)
    return Gate(
        "days_since_asked",
        round(days, 1),
        most,
        met=quiet <= MAX_QUIET,
        says=f"last asked {_ago(days)} ({most:.0f} days at most)",
    )


def _ago(days: float) -> str:
    """Say how long ago; never "yesterday", which depends on the reader's zone."""
    if days < 1:
        return "less than a day ago"
    return f"{days:.0f} days ago" if round(days) > 1 else "a day ago"


def _before(past: Past, now: datetime) -> tuple[Outcome, str] | None:
    """What an earlier decision, or a place that exists, already answers."""
    if past.community is not None:
        return Outcome.ALREADY_COMMUNITY, "it has a community"
    if past.declined:
        return Outcome.DECLINED, "its people said no"
    if past.ask_again_at is not None and past.ask_again_at > now:
        return (
            Outcome.SNOOZED,
            f"its people asked to wait until {past.ask_again_at:%-d %B %Y}",
        )
    if past.home is not None:
        return Outcome.JOIN_EXISTING, "a channel is its place already"
    return None
