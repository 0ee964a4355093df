"""What must be so after any number of deaths, and whether it is."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from bot import inbox
from bot.database import Database, open_database
from bot.deps import Deps
from bot.graph import places
from bot.memory import Memories
from bot.outbox import Sent
from bot.slack import SlackOf
from bot.standin import LocalSlack
from bot.standin.delivery import Delivery
from bot.worker import Worker
from models import (
    Base,
    DailyPost,
    Event,
    EventState,
    Membership,
    Post,
    PostState,
    Workspace,
)
from tests.chaos.town import TEAM, Talk
from tests.graph.talk import graph


@dataclass
class Verdict:
    """What was seen.

    Attributes:
        problems: What must not be; empty if all is well.
        figures: What was counted, by name.
    """

    problems: list[str] = field(default_factory=list)
    figures: dict[str, int] = field(default_factory=dict)

    def demand(self, holds: object, problem: str) -> None:
        """Note a problem unless something holds."""
        if not holds:
            self.problems.append(problem)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to look.

    Attributes:
        slack: What people see.
        brought: What Slack has brought, before the last posts were sent.
        talk: What people did.
        database: What Grapevine holds.
        slack_of: To ask about people and channels.
        folder: For a second database.
    """

    slack: LocalSlack
    brought: list[Delivery]
    talk: Talk
    database: Database
    slack_of: SlackOf
    folder: Path


def judge(scene: Scene) -> Verdict:
    """Look at the database and at Slack, once everything has come to rest."""
    verdict = Verdict()
    events = {d.id: d.payload for d in scene.brought}
    _judge_inbox(verdict, scene.brought, scene.database)
    _judge_graph(verdict, scene, events.values())
    _judge_posts(verdict, scene.slack, scene.talk, scene.database)
    database = scene.database
    verdict.problems += damage(database)
    return verdict


def _judge_inbox(verdict: Verdict, brought: list[Delivery], database: Database) -> None:
    with database.readers() as session:
        rows = session.execute(select(Event.event_id, Event.state, Event.error)).all()
    held = {event_id for event_id, _, _ in rows}
    told = {d.id for d in brought}
    acked = {d.id for d in brought if d.acked}
    undone = [(state, error) for _, state, error in rows if state != EventState.DONE]
    verdict.figures["events"] = len(told)
    verdict.figures["deliveries"] = sum(d.attempts for d in brought)
    verdict.demand(acked == told, f"{len(told - acked)} events never acknowledged")
    verdict.demand(acked <= held, f"{len(acked - held)} acknowledged events lost")
    verdict.demand(len(rows) == len(held), "an event is held twice")
    verdict.demand(not undone, f"not digested: {undone[:5]}")


def _judge_graph(
    verdict: Verdict, scene: Scene, payloads: Iterable[dict[str, Any]]
) -> None:
    """The same events, digested by one process that nobody disturbs."""
    database = scene.database
    calm = open_database(f"sqlite:///{scene.folder}/calm.db")
    now = datetime.now(UTC)
    with database.readers() as session:
        key = session.get_one(Workspace, TEAM).word_key
    with calm.sessions.begin() as session:
        # The same key, so that hashed words compare.
        places.ensure_workspace(session, TEAM, now=now).word_key = key
        for i, payload in enumerate(payloads):
            inbox.record(
                session,
                workspace_id=TEAM,
                event_id=f"Ev{i}",
                kind="any",
                channel_id=None,
                payload=payload,
                now=now,
            )
    deps = Deps(calm, Memories(None), scene.slack_of, lambda: now)
    Worker(deps, respond=lambda *_: None, on_settled=_unused).drain()
    expected, seen = _picture(calm), _picture(database)
    for name, rows in expected.items():
        verdict.figures[name] = len(rows)
        off = len(rows ^ seen[name])
        verdict.demand(not off, f"{off} {name} differ from an undisturbed run")
    calm.close()


def _unused(session: object, sent: Sent, *, now: datetime) -> None:
    raise AssertionError((session, sent, now))


def _picture(database: Database) -> dict[str, set[Any]]:
    with database.readers() as session:
        moved = session.execute(
            select(
                Membership.channel_id,
                Membership.user_id,
                Membership.is_member,
                Membership.version_ts,
            )
        )
        return graph(database, team=TEAM) | {"memberships": {*map(tuple, moved)}}


def _judge_posts(
    verdict: Verdict, slack: LocalSlack, talk: Talk, database: Database
) -> None:
    said = Counter(
        str(post["metadata"]["event_payload"]["key"]) for post in slack.posts
    )
    with database.readers() as session:
        rows = session.execute(
            select(Post.key, Post.method, Post.state, Post.error)
        ).all()
        daily = session.scalars(select(DailyPost)).all()
    sent = {k for k, method, *_ in rows if method == "chat.postMessage"}
    # Who has left a channel meanwhile cannot be shown anything there.
    unsent = [
        (key, state, error)
        for key, _, state, error in rows
        if state != PostState.SENT and error != "user_not_in_channel"
    ]
    asked = {f"answer:{one['channel']}:{one['ts']}" for one in talk.questions}
    twice = [key for key, n in said.items() if n > 1]
    answers = {key for key in said if key.startswith("answer:")}
    verdict.figures["posts"] = said.total()
    verdict.figures["daily questions"] = len(daily)
    verdict.figures["ephemerals"] = len(slack.ephemerals)
    verdict.figures["mentions"] = talk.mentions
    verdict.demand(not twice, f"posted twice: {twice}")
    verdict.demand(sent == set(said), f"differs from Slack: {sent ^ set(said)}")
    verdict.demand(not unsent, f"not sent: {unsent[:5]}")
    verdict.demand(asked == answers, f"not answered: {asked ^ answers}")
    verdict.demand(daily, "no daily question came")
    verdict.demand(all(one.ts for one in daily), "a daily question's place is lost")
    verdict.demand(
        len(slack.ephemerals) <= talk.mentions, "something was shown to somebody twice"
    )
    verdict.demand(not slack.refused, f"unknown to Slack: {slack.refused}")


def damage(database: Database) -> list[str]:
    """What the database's own check finds; empty if nothing."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            (told,) = connection.execute(text("PRAGMA integrity_check")).scalars()
            orphans = connection.execute(text("PRAGMA foreign_key_check")).all()
            return [f"{told}; {orphans}"] if told != "ok" or orphans else []
        return [
            table
            for table in Base.metadata.tables
            if _count(connection, table, "seqscan")
            != _count(connection, table, "indexscan", "indexonlyscan", "bitmapscan")
        ]


def _count(connection: Any, table: str, *without: str) -> int:
    """Count a table's rows by its heap or by its index: both must be whole."""
    for way in without:
        connection.execute(text(f"SET enable_{way} = off"))
    counted = connection.scalar(text(f'SELECT count(*) FROM "{table}"'))  # noqa: S608 - ours
    for way in without:
        connection.execute(text(f"SET enable_{way} = on"))
    return int(counted)
