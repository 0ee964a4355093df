"""The outbox on both databases: patient where Slack asks for it, and only there."""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.claims import CLAIMED_FOR
from bot.database import Database
from bot.deps import Deps
from bot.errors import SlackBusyError, SlackLockedOutError, SlackRefusedError
from bot.graph import places
from bot.outbox import GIVE_UP_AFTER, NO_ANSWER, Sent, enqueue, send_due
from bot.pauses import sweep
from models import Event, EventState, Pause, Post, PostState
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import happen, message

OTHER = "T2"
SECOND = timedelta(seconds=1)
LIMIT = SlackBusyError("chat.postMessage", retry_after_s=30, is_limit=True)
DOWN = SlackBusyError("chat.postMessage", retry_after_s=5)
LOST = SlackBusyError("chat.postMessage", retry_after_s=5, is_doubtful=True)
CLOSED = SlackLockedOutError("chat.postMessage", "token_revoked", retry_after_s=300)


@dataclass
class Script:
    """Slack, failing as it is told to, call by call."""

    failures: deque[Exception | None] = field(default_factory=deque)
    taken: list[tuple[str, str]] = field(default_factory=list)
    found: str | None = None

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        failure = self.failures.popleft() if self.failures else None
        if failure is not None:
            raise failure
        if method == "conversations.open":
            return {"channel": {"id": "D1"}}
        self.taken.append((method, str(arguments.get("text"))))
        return {"ts": "1800000000.000001", "channel": arguments.get("channel")}

    def find_posted(self, channel_id: str, key: str, **more: Any) -> str | None:
        del channel_id, key, more
        return self.found


@dataclass
class Box:
    """An outbox of two workspaces, and what became of what was in it."""

    database: Database
    slack: Script
    settled: list[Sent] = field(default_factory=list)

    def put(self, *texts: str, channel: str = "C1", **more: Any) -> None:
        with self.database.sessions.begin() as session:
            for text in texts:
                enqueue(
                    session,
                    workspace_id=more.get("team", TEAM),
                    key=text,
                    method=more.get("method", "chat.postMessage"),
                    arguments={"channel": channel, "text": text},
                    now=NOW,
                )

    def send(self, now: datetime = NOW, spacing: timedelta = timedelta(0)) -> list[str]:
        before = len(self.slack.taken)
        while send_due(
            self.database.sessions,
            lambda _: self.slack,
            now=now,
            on_settled=lambda _session, sent: self.settled.append(sent),
            spacing=spacing,
        ):
            pass
        return [text for _, text in self.slack.taken[before:]]

    def state(self, key: str) -> tuple[str, str | None]:
        with self.database.readers() as session:
            held = session.scalars(select(Post).where(Post.key == key)).one()
            return held.state, held.error


@pytest.fixture
def box(database: Database) -> Box:
    with database.sessions.begin() as session:
        for team in (TEAM, OTHER):
            places.ensure_workspace(session, team, now=NOW)
    return Box(database, Script())


def test_a_limit_holds_back_its_method_and_workspace_alone(box: Box) -> None:
    box.slack.failures.append(LIMIT)
    box.put("first", channel="C1")
    box.put("second", channel="C2")
    box.put("an update", channel="C3", method="chat.update")
    box.put("elsewhere", channel="C1", team=OTHER)

    assert box.send() == ["an update", "elsewhere"]
    assert box.send(NOW + 30 * SECOND - SECOND / 10) == []
    assert sorted(box.send(NOW + 30 * SECOND)) == ["first", "second"]


def test_what_is_decided_during_a_limit_waits_for_its_end(box: Box) -> None:
    box.slack.failures.append(LIMIT)
    box.put("first")
    box.send()
    box.put("second", channel="C2")

    assert box.send(NOW + 29 * SECOND) == []
    assert sorted(box.send(NOW + 30 * SECOND)) == ["first", "second"]


def test_a_limit_is_no_failed_attempt_and_needs_no_longer_pause(box: Box) -> None:
    box.slack.failures.extend([LIMIT, LIMIT])
    box.put("first")

    box.send()
    box.send(NOW + 30 * SECOND)

    assert box.send(NOW + 60 * SECOND) == ["first"]


def test_a_token_that_is_not_accepted_stops_its_workspace_until_it_is(box: Box) -> None:
    box.slack.failures.append(CLOSED)
    box.put("first", channel="C1")
    box.put("an update", channel="C3", method="chat.update")
    box.put("elsewhere", channel="C1", team=OTHER)

    assert box.send() == ["elsewhere"]
    assert box.state("first") == (
        PostState.WAITING,
        "Slack does not accept the bot's token: token_revoked",
    )
    assert sorted(box.send(NOW + 300 * SECOND)) == ["an update", "first"]


def test_a_slack_that_is_down_is_tried_at_growing_pauses(box: Box) -> None:
    box.slack.failures.extend([DOWN] * 3)
    box.put("first")
    tried = []
    for second in range(60):
        before = len(box.slack.failures)
        box.send(NOW + second * SECOND)
        if len(box.slack.failures) < before or box.slack.taken:
            tried.append(second)
        if box.slack.taken:
            break

    assert tried == [0, 5, 15, 35]


def test_what_waits_holds_up_its_own_channel_alone(box: Box) -> None:
    box.slack.failures.append(DOWN)
    box.put("one", "two", "three", channel="C1")
    box.put("elsewhere", channel="C2")

    assert box.send() == ["elsewhere"]
    assert box.send(NOW + 5 * SECOND) == ["one", "two", "three"]


def test_many_senders_keep_the_order_of_a_channel(box: Box) -> None:
    texts = [f"{i:02}" for i in range(12)]
    for channel in ("C1", "C2", "C3"):
        box.put(*(f"{channel} {text}" for text in texts), channel=channel)
    together = threading.Barrier(4)

    def send(_: int) -> None:
        together.wait()
        box.send()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    box.send()

    said = [text for _, text in box.slack.taken]
    assert sorted(said) == sorted(set(said))
    for channel in ("C1", "C2", "C3"):
        here = [text for text in said if text.startswith(channel)]
        assert here == [f"{channel} {text}" for text in texts]


def test_a_channel_gets_a_message_a_second(box: Box) -> None:
    box.put("one", "two", channel="C1")
    box.put("elsewhere", channel="C2")
    box.put("an update", channel="C2", method="chat.update")

    assert box.send(spacing=SECOND) == ["one", "elsewhere", "an update"]
    assert box.send(NOW + SECOND - SECOND / 10, spacing=SECOND) == []
    assert box.send(NOW + SECOND, spacing=SECOND) == ["two"]


def test_a_lost_answer_is_looked_for_before_the_call_is_repeated(box: Box) -> None:
    box.slack.failures.append(LOST)
    box.put("first")
    box.send()
    box.slack.found = "1800000000.000009"

    assert box.send(NOW + 5 * SECOND) == []
    assert [sent.ts for sent in box.settled] == ["1800000000.000009"]


def test_a_doubt_outlasts_a_look_that_failed(box: Box) -> None:
    box.slack.failures.extend([LOST, DOWN])
    box.put("first", channel="U1")  # a DM has to be opened to be looked at
    box.send()
    box.send(NOW + 5 * SECOND)
    box.slack.found = "1800000000.000009"

    assert "first" not in box.send(NOW + 60 * SECOND)
    assert box.state("first") == (PostState.SENT, None)


def test_what_only_one_person_saw_is_not_said_twice(box: Box) -> None:
    box.slack.failures.append(LOST)
    box.put("first", method="chat.postEphemeral")
    box.send()

    assert box.send(NOW + 5 * SECOND) == []
    assert box.state("first") == (PostState.SENT, None)


def test_a_claim_of_who_died_ends(box: Box) -> None:
    box.slack.failures.append(KeyboardInterrupt())  # type: ignore[arg-type]
    box.put("first")
    with pytest.raises(KeyboardInterrupt):
        box.send()

    assert box.send(NOW + CLAIMED_FOR - SECOND) == []
    assert box.send(NOW + CLAIMED_FOR) == ["first"]


@pytest.mark.parametrize("failure", [LIMIT, DOWN, CLOSED], ids=["limit", "down", "no"])
def test_who_decided_is_told_when_slack_never_answers(
    box: Box, failure: Exception
) -> None:
    box.put("first")
    for hours in range(14):
        box.slack.failures.append(failure)
        box.send(NOW + timedelta(hours=hours))

    assert [sent.refused for sent in box.settled] == [NO_ANSWER]
    assert box.state("first") == (PostState.FAILED, NO_ANSWER)


def test_what_is_too_old_is_not_said_any_more(box: Box) -> None:
    box.put("first")
    box.put("second", channel="C2")

    assert box.send(NOW + GIVE_UP_AFTER) == ["first", "second"]
    box.put("third")
    assert box.send(NOW + GIVE_UP_AFTER + SECOND) == []
    assert [sent.refused for sent in box.settled] == [None, None, NO_ANSWER]


def test_who_is_in_a_channel_already_was_added(box: Box) -> None:
    box.slack.failures.append(
        SlackRefusedError("conversations.invite", "already_in_channel")
    )
    box.put("first", method="conversations.invite")

    box.send()

    assert box.state("first") == (PostState.SENT, None)


def test_pauses_that_are_over_are_let_go(box: Box) -> None:
    box.slack.failures.append(LIMIT)
    box.put("first")
    box.send()

    for now, left in ((NOW + 29 * SECOND, 1), (NOW + 30 * SECOND, 0)):
        with box.database.sessions.begin() as session:
            sweep(session, now=now)
            assert len(session.scalars(select(Pause)).all()) == left


class Limited(Directory):
    """Says nothing of people for now."""

    def call(self, method: str, arguments: Any) -> dict[str, Any]:
        if method == "users.info":
            self.calls.append((method, dict(arguments)))
            raise SlackBusyError(method, retry_after_s=30, is_limit=True)
        return super().call(method, arguments)


def test_an_event_of_somebody_unknown_waits_for_slack_without_failing(
    database: Database, deps_of: Callable[[Database], Deps], slack: Directory
) -> None:
    told = deps_of(database)
    happen(told, [message("UANNA", "How do I prune a tree?", 1)])
    limited = Limited(slack.channels, slack.people)
    deps = Deps(database, told.memories, lambda _: limited, lambda: NOW)

    happen(
        deps,
        [
            message("UBERT", "Above a bud", 2, thread=1),
            message("UCORA", "In winter", 3, thread=1),
            message("UANNA", "Thanks!", 4, thread=1),
        ],
    )

    with database.readers() as session:
        waiting = session.scalars(
            select(Event).where(Event.state == EventState.WAITING)
        ).all()
    assert [name for name, _ in limited.calls] == ["users.info"]
    assert [(one.attempts, one.due_at - NOW) for one in waiting] == [
        (0, 30 * SECOND)
    ] * 2


@dataclass
class Stopped:
    """A process that is stopped for three minutes at a point, while another goes on."""

    box: Box
    ticks_s: float = 0.0
    times: int = 1

    def here(self) -> None:
        if self.times:
            self.times -= 1
            self.ticks_s += 180.0
            self.box.send(NOW + CLAIMED_FOR)

    def send(self, slack_of: Callable[[str], Any]) -> None:
        send_due(
            self.box.database.sessions,
            slack_of,
            now=NOW,
            on_settled=lambda _session, sent: self.box.settled.append(sent),
            ticks=lambda: self.ticks_s,
        )


def test_who_was_stopped_for_longer_than_its_claim_does_not_say_it_again(
    box: Box,
) -> None:
    box.put("first")
    stopped = Stopped(box)

    def slack_of(_: str) -> Script:
        stopped.here()
        return box.slack

    stopped.send(slack_of)

    assert [text for _, text in box.slack.taken] == ["first"]
    assert len(box.settled) == 1


def test_who_was_stopped_while_nobody_else_took_it_goes_on(box: Box) -> None:
    box.put("first")
    stopped = Stopped(box, times=0)

    def slack_of(_: str) -> Script:
        stopped.ticks_s += 180.0
        return box.slack

    stopped.send(slack_of)

    assert [text for _, text in box.slack.taken] == ["first"]


def test_what_remains_is_to_be_stopped_between_that_look_and_the_request(
    box: Box,
) -> None:
    # In Slack's own case the connection is then closed before the request is sent.
    box.put("first")
    stopped = Stopped(box)

    class Late(Script):
        def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
            stopped.here()
            return box.slack.call(method, arguments)

    stopped.send(lambda _: Late())

    assert [text for _, text in box.slack.taken] == ["first", "first"]
