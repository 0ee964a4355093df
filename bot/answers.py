"""The values that answer "who knows about X?": plain, ready to be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What kind of answer it is; each leads somewhere."""

    FOUND = "found"
    NO_PEOPLE = "no people"  # a topic, or places, but nobody to name yet
    UNKNOWN = "unknown"  # nothing held about it
    EMPTY = "empty"  # "who knows?" without a subject


@dataclass(frozen=True, slots=True)
class Proof:
    """One message that shows why a person is named."""

    channel_id: str
    ts: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Knower:
    """A person and the evidence for naming them; counts are of messages.

    Attributes:
        why: By feature of the ranking, what it added to the score.
        contrast: The same by the shipped weights, beyond what the others ranked
            beside them have on average.
    """

    user_id: str
    score: float
    asked: int
    answered: int
    thanked: int
    last_at: datetime | None
    evidence: tuple[Proof, ...]
    why: Mapping[str, float] = field(default_factory=dict)
    contrast: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A channel or community where it is talked about, and why it is named."""

    channel_id: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class TopicShown:
    """A topic under the name people know it by."""

    id: int
    label: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier question that means the same, and was answered.

    Attributes:
        channel_id, ts, at: The question.
        score: Log odds that it does (see `bot.ranking.repeats`).
        answers: How many people answered it.
    """

    channel_id: str
    ts: str
    at: datetime
    score: float
    answers: int


@dataclass(frozen=True, slots=True)
class WhoKnows:
    """The whole answer to one question, for one asker's eyes."""

    subject: str
    outcome: Outcome
    topic: TopicShown | None
    people: tuple[Knower, ...]
    places: tuple[Place, ...]
    # Topics close by, for somebody who found nothing.
    related: tuple[TopicShown, ...] = ()
    # Where the same was asked and answered before, the surest first.
    asked_before: tuple[Earlier, ...] = ()
    # Names the question without its words (`bot.ballots.digest`); "" where nobody
    # can say how it went.
    question: str = ""
