"""However Slack delivers what happened, and whatever fails, the graph is the same."""

import itertools
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot import inbox
from bot.database import Database
from bot.deps import Deps
from bot.digest import Digested
from bot.graph import places
from bot.settling import settled
from bot.worker import Worker
from models import Event, EventState, Membership
from tests.graph.conftest import NOW, Directory
from tests.graph.talk import delete, edit, graph, message, react, ts

PEOPLE = ("UANNA", "UBERT", "UCORA", "UDAVE")
CHANNELS = ("CPUB", "CTWO")
ASKED = ("How do I prune a rose?", "Who has grown pears?", "What helps against ants?")
SAID = ("In winter, above a bud", "Thanks, that helps!", "I never got it to work")

_teams = itertools.count()


@pytest.fixture(autouse=True)
def everywhere(slack: Directory) -> None:
    """Each example has a workspace of its own, and the same people are of each."""
    for person in slack.people.values():
        person.pop("team_id", None)


class LostError(Exception):
    """The listener dies before it has written the event down."""


@dataclass
class Story:
    """What happens, in the order in which it happens."""

    chance: random.Random
    events: list[dict[str, Any]] = field(default_factory=list)
    said: list[dict[str, Any]] = field(default_factory=list)

    def tell(self, n: int) -> list[dict[str, Any]]:
        acts = (self._ask, self._answer, self._edit, self._delete, self._react)
        for second in range(1, n + 1):
            for act in self.chance.choices((*acts, self._move), (3, 5, 3, 1, 3, 2)):
                act(float(second))
        return self.events

    def _ask(self, second: float) -> None:
        who, where = self.chance.choice(PEOPLE), self.chance.choice(CHANNELS)
        self._say(message(who, self.chance.choice(ASKED), second, channel=where))

    def _answer(self, second: float) -> None:
        roots = [one for one in self.said if "thread_ts" not in one]
        if roots:
            root = self.chance.choice(roots)
            said = message(
                self.chance.choice(PEOPLE),
                self.chance.choice(SAID),
                second,
                channel=root["channel"],
            )
            self._say(said | {"thread_ts": root["ts"]})

    def _say(self, event: dict[str, Any]) -> None:
        self.said.append(event)
        self.events.append(event)

    def _edit(self, second: float) -> None:
        if self.said:
            one = self.chance.choice(self.said)
            self.events.append(edit(one, self.chance.choice(ASKED + SAID), second))

    def _delete(self, second: float) -> None:
        if self.said:
            one = self.said.pop(self.chance.randrange(len(self.said)))
            self.events.append(delete(one, second))

    def _react(self, second: float) -> None:
        if self.said:
            one, who = self.chance.choice(self.said), self.chance.choice(PEOPLE)
            off = self.chance.random() < 1 / 3
            self.events.append(react(one, who, second, off=off))

    def _move(self, second: float) -> None:
        way = self.chance.choice(("joined", "left"))
        self.events.append(
            {
                "type": f"member_{way}_channel",
                "channel": self.chance.choice(CHANNELS),
                "user": self.chance.choice(PEOPLE),
                "event_ts": ts(second),
            }
        )


@dataclass
class Grapevine:
    """One workspace, its worker, and a clock that moves on when all is at rest."""

    deps: Deps
    team: str
    at: datetime = NOW
    fails: Callable[[], bool] = lambda: False

    def __post_init__(self) -> None:
        self.deps = replace(self.deps, clock=lambda: self.at)
        self.worker = Worker(self.deps, respond=self._respond, on_settled=settled)
        with self.deps.database.sessions.begin() as session:
            held = places.ensure_workspace(session, self.team, now=NOW)
            held.word_key = b"k" * 32  # the same, so that hashes compare

    def _respond(
        self, session: object, team: str, digested: Digested, now: datetime
    ) -> None:
        del session, team, digested, now
        if self.fails():
            raise RuntimeError("something after the digestion fails")

    def take(self, event: dict[str, Any], event_id: str, *, lose: bool = False) -> None:
        with suppress(LostError), self.deps.database.sessions.begin() as session:
            inbox.record(
                session,
                workspace_id=self.team,
                event_id=event_id,
                kind=event["type"],
                channel_id=None,
                payload={"type": "event_callback", "event": event},
                now=self.at,
            )
            if lose:
                raise LostError

    def rest(self) -> None:
        """Digest all, and try again what failed."""
        while self._waiting():
            self.worker.drain()
            self.at += timedelta(hours=1)

    def _waiting(self) -> int:
        waits = select(func.count()).where(
            Event.workspace_id == self.team, Event.state != EventState.DONE
        )
        with self.deps.database.readers() as session:
            return session.scalar(waits) or 0

    def picture(self) -> dict[str, set[Any]]:
        database = self.deps.database
        with database.readers() as session:
            moved = session.execute(
                select(
                    Membership.channel_id, Membership.user_id, Membership.is_member
                ).where(Membership.workspace_id == self.team)
            )
            return graph(database, team=self.team) | {"moved": {*map(tuple, moved)}}


def disturb(
    grapevine: Grapevine, events: list[dict[str, Any]], chance: random.Random
) -> None:
    """Shuffle, lose and bring again, repeat, and fail at every step."""
    failures = 4  # fewer than set an event aside

    def fails() -> bool:
        nonlocal failures
        failing = failures > 0 and chance.random() < 1 / 4
        failures -= failing
        return failing

    grapevine.fails = fails
    order = list(enumerate(events))
    chance.shuffle(order)
    later = []
    for number, event in order:
        lost = chance.random() < 1 / 4
        grapevine.take(event, f"Ev{number}", lose=lost)
        if lost or chance.random() < 1 / 4:
            later.append((number, event))
        if chance.random() < 1 / 2:
            grapevine.worker.step()
    chance.shuffle(later)
    for number, event in later:
        grapevine.take(event, f"Ev{number}")
    grapevine.rest()


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(chance=st.randoms(use_true_random=False), n=st.integers(1, 20))
def test_any_delivery_of_anything_ends_in_the_same_graph(
    chance: random.Random, n: int, database: Database, deps: Deps
) -> None:
    events = Story(chance).tell(n)
    orderly = Grapevine(deps, f"TCALM{next(_teams)}")
    disturbed = Grapevine(deps, f"TWILD{next(_teams)}")

    for number, event in enumerate(events):
        orderly.take(event, f"Ev{number}")
    orderly.rest()
    disturb(disturbed, events, chance)

    seen = orderly.picture()
    assert disturbed.picture() == seen
    assert bool(seen["messages"]) == any(e["type"] == "message" for e in events)
    with database.readers() as session:
        held = session.scalar(
            select(func.count()).where(Event.workspace_id == disturbed.team)
        )
        assert held == len(events)


@pytest.mark.parametrize("way", ["forwards", "backwards"])
def test_a_reply_that_comes_before_its_question_is_an_answer(
    way: str, deps: Deps
) -> None:
    asked = message("UANNA", "How do I prune a rose?", 1)
    reply = message("UBERT", "In winter, above a bud", 2, thread=1)
    grapevine = Grapevine(deps, "TREPLY")

    for number, event in enumerate([asked, reply][:: 1 if way == "forwards" else -1]):
        grapevine.take(event, f"Ev{number}")
        grapevine.rest()

    ((_, _, who, *_),) = grapevine.picture()["answers"]
    assert who == "UBERT"
