"""Whatever dies, and at whatever call to Slack: each thing is said and done once."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient
from sqlalchemy import select

from bot import settling
from bot.claims import CLAIMED_FOR
from bot.communities import Wish, claim, go_on, make
from bot.daily_jobs import claim_due
from bot.database import open_database
from bot.deps import Deps
from bot.errors import SlackBusyError, SlackRefusedError
from bot.graph import places
from bot.happenings import ChannelTold
from bot.invitations import answer_invitation
from bot.memory import Memories
from bot.outbox import enqueue
from bot.slack import Slack, WebSlack
from bot.standin import LocalSlack
from bot.suggestions import Proposal, suggest
from bot.worker import Worker
from models import Community, Invitation, Person, Question, Schedule, Suggestion, Topic
from tests.slack.conftest import ANN, BEN, CAT, MANIFEST, NOW, workspace

TEAM = "T0LOCAL"
GATES = [{"name": "questions", "value": 6.0}, {"name": "people", "value": 1.0}]


class KilledError(BaseException):
    """The process is gone: nothing after this runs."""


@dataclass
class Mortal:
    """Slack, until at the nth call something happens."""

    slack: WebSlack
    at: int = -1
    how: str = "never"
    seen: list[str] = field(default_factory=list)

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        is_now = len(self.seen) == self.at
        self.seen.append(method)
        if is_now and self.how == "before":
            raise KilledError
        answer = self.slack.call(method, arguments)
        if is_now and self.how == "after":
            raise KilledError
        if is_now and self.how == "unheard":
            raise SlackBusyError(method, retry_after_s=5, is_doubtful=True)
        return answer

    def find_posted(self, channel_id: str, key: str, **more: Any) -> str | None:
        return self.slack.find_posted(channel_id, key, **more)


@dataclass
class Clock:
    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def town(folder: Path) -> Iterator[tuple[LocalSlack, Clock, Callable[[Slack], Deps]]]:
    clock = Clock()
    manifest = yaml.safe_load(MANIFEST.read_text())
    database = open_database(f"sqlite:///{folder}/grapevine.db")
    with LocalSlack(workspace(), manifest=manifest, now=clock) as slack:
        slack.rate_limits = None
        yield (
            slack,
            clock,
            lambda mortal: Deps(database, Memories(None), lambda _: mortal, clock),
        )
        assert slack.refused == []
    database.close()


def settle_in(deps: Deps, slack: LocalSlack) -> None:
    """A topic with two questions, and a daily question that is due."""
    asked = [slack.as_user(ANN).post("C1DATA", f"pgbouncer {i}?") for i in range(2)]
    with deps.database.sessions.begin() as session:
        held = places.ensure_workspace(session, TEAM, now=NOW)
        held.bot_user_id, held.domain = "U0BOT", "local"
        told = ChannelTold("C1DATA", "1", name="data", is_private=False, is_joined=True)
        places.tell_channel(session, TEAM, told)
        session.add(Topic(id=1, workspace_id=TEAM, label="pgbouncer", created_at=NOW))
        session.add_all(Person(workspace_id=TEAM, id=one) for one in (ANN, BEN, CAT))
        session.flush()
        for one in asked:
            session.add(
                Question(
                    workspace_id=TEAM,
                    channel_id="C1DATA",
                    ts=one["ts"],
                    asker_id=ANN,
                    at=NOW,
                    topic_id=1,
                )
            )
        session.add(
            Schedule(
                workspace_id=TEAM,
                channel_id="C1DATA",
                time="09:00",
                days="mon,tue,wed,thu,fri",
                zone="UTC",
                pack="learning-together",
                created_by=ANN,
                created_at=NOW - timedelta(days=1),
            )
        )


def live(deps: Deps, slack: LocalSlack, clock: Clock) -> None:
    """Everything that Grapevine ever says or does; what was done is passed over."""
    worker = Worker(deps, respond=lambda *_: None, on_settled=settling.settled)
    worker.drain()
    with deps.database.sessions.begin() as session:
        suggest(session, Proposal(TEAM, 1, "pgbouncer", GATES, (ANN, BEN)), now=NOW)
        claim_due(session, TEAM, "C1DATA", now=NOW)
        answer(session, slack)
    worker.drain()
    start(deps)
    go_on(deps, now=clock())
    worker.drain()
    join(deps)
    worker.drain()


def answer(session: Any, slack: LocalSlack) -> None:
    with slack.world.lock:
        to_ann = slack.world.open_im(ANN).id
    for key, method, arguments in (
        ("answer:D:1", "chat.postMessage", {"channel": to_ann}),
        ("answer:C:2", "chat.postEphemeral", {"channel": "C1DATA", "user": ANN}),
    ):
        enqueue(
            session,
            workspace_id=TEAM,
            key=key,
            method=method,
            arguments={**arguments, "text": "Ben knows."},
            now=NOW,
        )


def start(deps: Deps) -> None:
    with deps.database.sessions.begin() as session:
        suggestion = session.get_one(Suggestion, 1, with_for_update=True)
        wish = Wish("pgbouncer", "Pooling", (CAT,))
        claimed = claim(session, suggestion, wish, user_id=ANN, now=NOW)
    if isinstance(claimed, Community):
        make(deps, claimed.id, now=NOW)


def join(deps: Deps) -> None:
    with deps.database.sessions.begin() as session:
        held = session.scalar(select(Invitation).where(Invitation.user_id == CAT))
        if held is None or held.ts is None:
            return
        answer_invitation(
            session,
            workspace_id=TEAM,
            community_id=held.community_id,
            user_id=CAT,
            accepts=True,
            place=(str(held.channel_id), held.ts),
            now=NOW,
        )


def picture(slack: LocalSlack) -> dict[str, Any]:
    """What people see in the end."""
    channel = slack.channel("pgbouncer")
    return {
        "posts": Counter(
            str(p.get("metadata", {})["event_payload"]["key"]) for p in slack.posts
        ),
        "texts": sorted(
            str(m["text"])
            for who in (ANN, BEN, CAT)
            for m in slack.as_user(who).sees()
            if m.get("bot_id") and m.get("subtype") != "ephemeral"
        ),
        "channels": sorted(c.name for c in slack.world.channels.values() if c.name),
        "members": sorted(channel.members),
        "topic": channel.topic,
        "purpose": channel.purpose,
    }


def play(folder: Path, at: int = -1, how: str = "never") -> tuple[Any, list[str], int]:
    with town(folder) as (slack, clock, deps_of):
        mortal = Mortal(
            WebSlack(WebClient(slack.app.bot_token, base_url=slack.api_url)), at, how
        )
        settle_in(deps_of(mortal), slack)
        for _ in range(3):
            with suppress(KilledError):
                live(deps_of(mortal), slack, clock)
            clock.at += CLAIMED_FOR + timedelta(seconds=1)
        return picture(slack), mortal.seen, len(slack.ephemerals)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, list[str]]:
    seen, calls, ephemerals = play(tmp_path_factory.mktemp("undisturbed"))
    assert ephemerals == 1
    return seen, calls


def test_the_story_has_every_kind_of_post(undisturbed: tuple[Any, list[str]]) -> None:
    seen, calls = undisturbed

    kinds = Counter(key.partition(":")[0] for key in seen["posts"])
    assert kinds == {
        "ask": 2,
        "answer": 1,
        "daily": 1,
        "invite": 1,
        "moved": 2,
        "seed": 1,
    }
    assert set(calls) == {
        "chat.postEphemeral",
        "chat.postMessage",
        "chat.update",
        "conversations.create",
        "conversations.invite",
        "conversations.setPurpose",
        "conversations.setTopic",
    }
    assert seen["members"] == ["U0BOT", ANN, CAT]


@pytest.mark.parametrize("how", ["before", "after", "unheard"])
def test_whatever_call_it_dies_at_everything_happens_once(
    how: str,
    undisturbed: tuple[Any, list[str]],
    tmp_path: Path,
) -> None:
    expected, calls = undisturbed

    for at, method in enumerate(calls):
        folder = tmp_path / str(at)
        folder.mkdir()
        seen, _, ephemerals = play(folder, at, how)

        assert seen == expected, f"{how} call {at}, {method}"
        assert ephemerals <= 1


def test_a_call_whose_answer_is_lost_on_the_way_is_not_repeated(
    tmp_path: Path,
) -> None:
    with town(tmp_path) as (slack, clock, deps_of):
        web = WebSlack(WebClient(slack.app.bot_token, base_url=slack.api_url))
        deps = deps_of(web)
        settle_in(deps, slack)
        slack.fail_next("chat.postMessage", accepted=True, drop=True)
        slack.fail_next("chat.postMessage", "internal_error", accepted=True)
        for _ in range(3):
            live(deps, slack, clock)
            clock.at += CLAIMED_FOR

        assert set(picture(slack)["posts"].values()) == {1}


def test_a_message_is_found_however_much_was_said_since(tmp_path: Path) -> None:
    with town(tmp_path) as (slack, clock, deps_of):
        web = WebSlack(WebClient(slack.app.bot_token, base_url=slack.api_url))
        deps_of(web)
        said = {
            "channel": "C1DATA",
            "text": "hello",
            "metadata": {"event_type": "grapevine_post", "event_payload": {"key": "k"}},
        }
        ts = web.call("chat.postMessage", said)["ts"]
        for i in range(250):
            slack.as_user(ANN).post("C1DATA", f"and {i}")
        since_ts = f"{clock().timestamp() - 300:.6f}"

        assert web.find_posted("C1DATA", "k", since_ts=since_ts) == ts
        assert web.find_posted("C1DATA", "other", since_ts=since_ts) is None


def test_a_reply_is_found_in_its_thread(tmp_path: Path) -> None:
    with town(tmp_path) as (slack, clock, deps_of):
        web = WebSlack(WebClient(slack.app.bot_token, base_url=slack.api_url))
        deps_of(web)
        root = slack.as_user(ANN).post("C1DATA", "pgbouncer?")["ts"]
        said = {
            "channel": "C1DATA",
            "thread_ts": root,
            "text": "hello",
            "metadata": {"event_type": "grapevine_post", "event_payload": {"key": "k"}},
        }
        ts = web.call("chat.postMessage", said)["ts"]
        since_ts = f"{clock().timestamp() - 300:.6f}"

        found = web.find_posted("C1DATA", "k", since_ts=since_ts, thread_ts=root)

        assert found == ts
        with pytest.raises(SlackRefusedError):
            web.find_posted("C1DATA", "k", since_ts=since_ts, thread_ts="1.000000")
