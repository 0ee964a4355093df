"""Topics and suggestions held to the true channels of their questions."""

import random
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np

from bot.evaluation.history import Asked
from bot.evaluation.scoring import Interval, Speed, ratio_interval

Key = tuple[str, str]  # channel and `ts`

# Smaller topics say nothing of purity, smaller suggestions nothing of a channel.
FEWEST_IN_TOPIC = 5
# A channel this busy is a community that should be found again.
BIG_QUESTIONS, BIG_PEOPLE = 25, 8
# These are about anything, so no topic could be theirs.
_GENERIC = frozenset(
    """general random helpdesk announcements offtopic off-topic my-first-pr gripes
    appreciation memes jobs""".split()  # noqa: SIM905
)
# A suggestion is about one channel if half of its questions come from it.
_MOSTLY = 0.5
# A channel's hosts, by who answers there most.
_MOST_ACTIVE = 5
_SHUFFLES = 20
_SEED = 1


@dataclass(frozen=True, slots=True)
class Hidden:
    """Where threads were before their channels were hidden.

    Attributes:
        channel_of: The true channel of a thread, by pool and root's `ts`.
        burst_of: Who opened it on which day: one burst of questions is one
            conversation.
    """

    channel_of: Mapping[Key, str]
    burst_of: Mapping[Key, str]


@dataclass(frozen=True, slots=True)
class Truth:
    """What the channels were before they were hidden.

    Attributes:
        big: Channels that should be found again.
        active: The five who answered most questions, of each channel.
    """

    big: frozenset[str]
    active: Mapping[str, AbstractSet[str]]


@dataclass(frozen=True, slots=True)
class Purity:
    """How far topics are of one channel each, over those with five questions.

    Attributes:
        parts, wholes: Of each topic, its questions of the commonest channel, and all.
    """

    parts: tuple[int, ...]
    wholes: tuple[int, ...]

    @property
    def questions(self) -> int:
        """How many questions these topics hold."""
        return sum(self.wholes)

    @property
    def share(self) -> float:
        """The purity, over questions."""
        return sum(self.parts) / max(self.questions, 1)

    def interval(self) -> Interval:
        """Where it would lie in 95 of 100 such samples of topics."""
        return ratio_interval(np.array(self.parts, float), np.array(self.wholes, float))

    def as_json(self) -> dict[str, Any]:
        """The figures, rounded to four digits."""
        return {
            "purity": round(self.share, 4),
            "interval": self.interval().as_json(),
            "questions": self.questions,
            "topics": len(self.wholes),
        }


@dataclass(frozen=True, slots=True)
class TopicScores:
    """What came out.

    Attributes:
        purity, by_chance: Of the topics, and of as many questions dealt at random.
        once: Of the topics, a person's questions of one day counted once.
        big: Channels that should be found again.
        found: Those that were, each with the topic suggested.
        suggestions, on_one: Topics suggested as communities; those of them about
            one channel.
        hosts, active: People proposed as hosts by those; those of them among the
            five who answered most in that channel.
    """

    purity: Purity
    by_chance: float
    once: Purity
    big: frozenset[str]
    found: Mapping[str, str]
    suggestions: int
    on_one: int
    hosts: int
    active: int
    speed: Speed

    def as_json(self) -> dict[str, Any]:
        """Every figure."""
        return {
            "purity": self.purity.as_json() | {"by_chance": round(self.by_chance, 4)},
            "purity_once": self.once.as_json(),
            "communities": {
                "n": len(self.big),
                "found": dict(self.found),
                "missed": sorted(self.big - self.found.keys()),
            },
            "suggestions": {"n": self.suggestions, "on_one_channel": self.on_one},
            "hosts": {"n": self.hosts, "among_five": self.active},
        }


def truth_of(asked: Sequence[Asked]) -> Truth:
    """What the channels are, by the questions asked in them."""
    questions = Counter(one.folder for one in asked)
    people: dict[str, set[str]] = defaultdict(set)
    answered: dict[str, Counter[str]] = defaultdict(Counter)
    for one in asked:
        people[one.folder] |= {one.asker_id, *one.answers}
        answered[one.folder].update(one.answers.keys())
    big = {
        channel
        for channel, n in questions.items()
        if n >= BIG_QUESTIONS
        and len(people[channel]) >= BIG_PEOPLE
        and channel not in _GENERIC
    }
    active = {
        channel: {user for user, _ in counts.most_common(_MOST_ACTIVE)}
        for channel, counts in answered.items()
    }
    return Truth(frozenset(big), active)


def score(
    listed: Sequence[Mapping[str, Any]],
    suggested: Sequence[Mapping[str, Any]],
    hidden: Hidden,
    truth: Truth,
    speed: Speed,
) -> TopicScores:
    """Hold topics and suggestions to the true channels of their questions."""
    keys = [_keys(topic, hidden.channel_of) for topic in listed]
    channels = [[hidden.channel_of[key] for key in some] for some in keys]
    once = [_once(some, hidden) for some in keys]
    found: dict[str, str] = {}
    on_one = hosts = active = 0
    for row in suggested:
        channel = _mostly(_keys(row, hidden.channel_of), hidden.channel_of)
        if channel is None:
            continue
        on_one += 1
        hosts += len(row["hosts"])
        active += len(truth.active.get(channel, set()) & set(row["hosts"]))
        if channel in truth.big:
            found.setdefault(channel, str(row["topic"]))
    return TopicScores(
        purity=purity(channels),
        by_chance=_by_chance(channels),
        once=purity(once),
        big=truth.big,
        found=found,
        suggestions=len(suggested),
        on_one=on_one,
        hosts=hosts,
        active=active,
        speed=speed,
    )


def _keys(row: Mapping[str, Any], known: Collection[Key]) -> list[Key]:
    keys = ((q["channel"], q["ts"]) for q in row["questions"])
    return [key for key in keys if key in known]


def _once(keys: Sequence[Key], hidden: Hidden) -> list[str]:
    """The channels of a topic's questions, one for each person's burst."""
    bursts = {hidden.burst_of.get(key, key): key for key in keys}
    return [hidden.channel_of[key] for key in bursts.values()]


def purity(topics: Sequence[Sequence[str]]) -> Purity:
    """How far topics, given as the channels of their questions, are pure."""
    counted = [Counter(t) for t in topics if len(t) >= FEWEST_IN_TOPIC]
    return Purity(
        tuple(max(counts.values()) for counts in counted),
        tuple(counts.total() for counts in counted),
    )


def _by_chance(topics: Sequence[Sequence[str]]) -> float:
    """The purity of topics as large, dealt the same questions at random."""
    dealt = [c for topic in topics if len(topic) >= FEWEST_IN_TOPIC for c in topic]
    sizes = [len(topic) for topic in topics if len(topic) >= FEWEST_IN_TOPIC]
    shuffled = random.Random(_SEED)  # noqa: S311 - to be repeated, not to be secret
    shares = []
    for _ in range(_SHUFFLES):
        shuffled.shuffle(dealt)
        ends = np.cumsum(sizes).tolist()
        pieces = [dealt[end - n : end] for n, end in zip(sizes, ends, strict=True)]
        shares.append(purity(pieces).share)
    return sum(shares) / len(shares)


def _mostly(keys: Sequence[Key], channel_of: Mapping[Key, str]) -> str | None:
    """The channel that half of a suggestion's questions come from, if one does."""
    counts = Counter(channel_of[key] for key in keys)
    if counts.total() < FEWEST_IN_TOPIC:
        return None
    channel, n = counts.most_common(1)[0]
    return channel if n / counts.total() >= _MOSTLY else None
