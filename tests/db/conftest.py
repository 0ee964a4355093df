"""A real database, and a Slack that remembers what it was asked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot import settling
from bot.database import Database, open_database
from bot.deps import Deps
from bot.errors import SlackBusyError, SlackRefusedError
from bot.memory import Memories
from bot.outbox import send_due
from models import Channel, Person, Post, PostState, Topic, Workspace

TEAM = "T1"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # a Monday

Call = tuple[str, dict[str, Any]]


@dataclass
class FakeSlack:
    """Takes every call, but for those that a test says it refuses."""

    calls: list[Call] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    channels: list[dict[str, Any]] = field(default_factory=list)
    page: int = 1_000

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        self.calls.append((method, dict(arguments)))
        if method in self.busy:
            raise SlackBusyError(method, retry_after_s=5)
        if method in self.refusals:
            raise SlackRefusedError(method, self.refusals[method])
        if method == "conversations.create":
            return {"channel": {"id": "CNEW", "name": arguments["name"]}}
        if method == "conversations.list":
            first = int(arguments["cursor"] or 0)
            after = first + self.page
            more = {"next_cursor": str(after) if after < len(self.channels) else ""}
            page = self.channels[first:after]
            return {"channels": page, "response_metadata": more}
        # A DM's history is under its own id, not under the person's.
        channel_id = str(arguments.get("channel", "")).replace("U", "D", 1)
        return {"ts": f"1772442000.{len(self.calls):06}", "channel": channel_id}

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        del channel_id, key, since_ts, thread_ts
        return None

    def sent(self, method: str = "chat.postMessage") -> list[dict[str, Any]]:
        return [arguments for name, arguments in self.calls if name == method]

    def told(self, channel_id: str) -> list[str]:
        """What was posted in a channel or to a person, in words."""
        return [a["text"] for a in self.sent() if a["channel"] == channel_id]


@pytest.fixture
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'grapevine.db'}")
    with database.sessions.begin() as session:
        session.add(
            Workspace(
                id=TEAM,
                name="Acme",
                domain="acme",
                bot_user_id="UBOT",
                word_key=b"k" * 32,
                created_at=NOW,
            )
        )
        session.flush()
        for user_id in ("U1", "U2", "U3", "U4", "U5"):
            session.add(Person(workspace_id=TEAM, id=user_id))
        session.add(Channel(workspace_id=TEAM, id="C1", name="help", is_joined=True))
        session.add(
            Topic(id=1, workspace_id=TEAM, label="Release notes", created_at=NOW)
        )
    yield database
    database.close()


@pytest.fixture
def deps(database: Database, slack: FakeSlack) -> Deps:
    return Deps(
        database=database,
        memories=Memories(None),
        slack_of=lambda _workspace_id: slack,
        clock=lambda: NOW,
    )


@pytest.fixture
def send_all(database: Database, slack: FakeSlack) -> Callable[..., None]:
    """Send all that is due."""

    def send(now: datetime = NOW) -> None:
        on_settled = partial(settling.settled, now=now)
        while send_due(
            database.sessions, lambda _: slack, now=now, on_settled=on_settled
        ):
            pass

    return send


@pytest.fixture
def waiting(database: Database) -> Callable[[], list[str]]:
    """The keys of what waits in the outbox."""

    def keys() -> list[str]:
        with database.readers() as session:
            held = select(Post.key).where(Post.state == PostState.WAITING)
            return list(session.scalars(held.order_by(Post.id)))

    return keys
