"""Look for what keeps Grapevine from working, and name the fix."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot import backfill
from bot.blocks.spoken import counted
from bot.checks import Check
from bot.credentials import Credentials, check_credentials
from bot.database import Database
from bot.graph.vectors import count_vectors, explain_vectors
from bot.importing import unfinished
from bot.refusals import fixes_of
from bot.surroundings import check_machine, check_schedules
from models import (
    Channel,
    Event,
    EventState,
    Post,
    PostState,
    RepeatBar,
    Tuning,
    Workspace,
)

# Slack refuses requests stamped more than five minutes off; signed ones fail
# the same way. Source: Slack, "Verifying requests from Slack".
MAX_CLOCK_OFF = timedelta(minutes=2)

# Digestion takes milliseconds; this long a queue means nobody digests.
MAX_WAIT = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Given:
    """What the doctor looks at, beside the database.

    Attributes:
        credentials: Of one workspace.
        server_time: Asks Slack's server for its clock; None if unreachable.
        tenants: Checks of many workspaces, instead of the credentials of one.
        model: The sentence vectors in use; None without an engine.
    """

    credentials: Credentials
    server_time: Callable[[], datetime | None]
    tenants: Callable[[], list[Check]] | None = None
    model: str | None = None


def examine(database: Database, given: Given, *, now: datetime) -> list[Check]:
    """Make every check; one that cannot be made says why."""
    checks = [_database(database), *check_machine(database)]
    with database.readers() as session:
        # One that was only imported may be anybody's.
        known = Workspace.bot_user_id.is_not(None)
        held_teams = session.scalars(select(Workspace.id).where(known)).all()
    checks += examine_slack(given, held_teams, now=now)
    with database.readers() as session:
        checks.append(_channels(session))
        checks += check_schedules(session)
        checks.append(_worker(session, now))
        checks.append(_outbox(session))
        checks.append(_imports(session))
        checks.append(_vectors(session, given.model))
        checks.append(_ranking(session))
    return checks


def examine_slack(
    given: Given, held_teams: Collection[str] = (), *, now: datetime
) -> list[Check]:
    """Make the checks that need no database."""
    if given.tenants is not None:
        return [*given.tenants(), _clock(given, now)]
    return [*check_credentials(given.credentials, held_teams), _clock(given, now)]


def _database(database: Database) -> Check:
    kind = "SQLite, right for one machine" if database.is_sqlite else "PostgreSQL"
    with database.readers() as session:
        revision = session.scalar(text("SELECT version_num FROM alembic_version"))
    return Check("database", True, f"{kind}; schema {revision}")  # noqa: FBT003


def _clock(given: Given, now: datetime) -> Check:
    server = given.server_time()
    if server is None:
        return Check(
            "clock",
            ok=True,
            detail="not compared: Slack's server could not be reached",
        )
    off = abs(now - server)
    if off > MAX_CLOCK_OFF:
        return Check(
            "clock",
            ok=False,
            detail=f"{off.total_seconds():.0f} s off Slack's",
            fix="set this machine's clock, for example by NTP",
        )
    return Check("clock", ok=True, detail=f"{off.total_seconds():.0f} s off Slack's")


def _channels(session: Session) -> Check:
    joined = session.scalar(
        select(func.count()).select_from(Channel).where(Channel.is_joined)
    )
    if joined:
        return Check(
            "channels", ok=True, detail=f"member of {counted(joined, 'channel')}"
        )
    return Check(
        "channels",
        ok=False,
        detail="Grapevine is in no channel yet, so it hears nothing",
        fix="in a channel, write /invite @Grapevine",
    )


def _worker(session: Session, now: datetime) -> Check:
    waiting = session.execute(
        select(func.count(), func.min(Event.due_at)).where(
            Event.state == EventState.WAITING
        )
    ).one()
    aside = session.scalar(
        select(func.count())
        .select_from(Event)
        .where(Event.state == EventState.SET_ASIDE)
    )
    count, oldest = waiting
    if count and oldest is not None and now - oldest > MAX_WAIT:
        return Check(
            "worker",
            ok=False,
            detail=f"{_waiting(count)}, the oldest since {oldest:%Y-%m-%d %H:%M} UTC",
            fix="start `run`: nothing digests them",
        )
    if aside:
        return Check(
            "worker",
            ok=False,
            detail=f"{counted(aside, 'event')} could not be digested and "
            f"{'was' if aside == 1 else 'were'} set aside",
            fix="`events list` shows them, `events retry --all` tries them again; the "
            "graph goes on without them",
        )
    return Check("worker", ok=True, detail=_waiting(count))


def _waiting(count: int) -> str:
    return f"{counted(count, 'event')} {'waits' if count == 1 else 'wait'}"


def _outbox(session: Session) -> Check:
    failed = session.execute(
        select(Post.error, func.count())
        .where(Post.state == PostState.FAILED)
        .group_by(Post.error)
    ).all()
    if not failed:
        return Check("posts", ok=True, detail="none was refused")
    reasons = ", ".join(f"{error} ({n})" for error, n in failed)
    return Check(
        "posts",
        ok=False,
        detail=f"Slack refused: {reasons}",
        fix=fixes_of(str(error) for error, _ in failed),
    )


def _imports(session: Session) -> Check:
    names = [
        name
        for workspace_id in session.scalars(select(Workspace.id))
        for name in (
            *unfinished(session, workspace_id),
            *(f"#{name}" for name in backfill.unfinished(session, workspace_id)),
        )
    ]
    if not names:
        return Check("imports", ok=True, detail="all came to their end")
    return Check(
        "imports",
        ok=False,
        detail=f"stopped halfway: {', '.join(names)}",
        fix="run `import` on it again, for a channel `backfill`; it goes on there",
    )


def _vectors(session: Session, model: str | None) -> Check:
    if model is None:
        return Check("vectors", ok=True, detail="no engine: words alone are matched")
    held = count_vectors(session, model)
    what, fix = explain_vectors(held)
    if what:
        return Check("vectors", ok=False, detail=what, fix=fix)
    return Check(
        "vectors", ok=True, detail=f"{counted(held.questions, 'question')}, by {model}"
    )


def _ranking(session: Session) -> Check:
    """Tell how far people's votes have moved whom each workspace is sent to."""
    moved = session.scalars(
        select(Tuning).order_by(Tuning.workspace_id, Tuning.feature)
    ).all()
    told = [f"{t.feature} {t.factor - 1:+.0%}" for t in moved if round(t.factor - 1, 2)]
    bars = session.scalars(select(RepeatBar).order_by(RepeatBar.workspace_id))
    told += [f"asked before {b.surer:+.1f}" for b in bars if round(b.surer, 1)]
    detail = f"moved by votes: {', '.join(told)}" if told else "weights as shipped"
    return Check("ranking", ok=True, detail=detail)
