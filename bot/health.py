"""Whether this process can do its work now, and how much of it waits."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.database import Database
from bot.metrics import Family, Labels, gauge
from models import Event, EventState, Installation, Post, PostState

# Digestion takes milliseconds. Events that wait for this long are more than
# whoever digests them can keep up with, or nobody does.
MAX_QUEUE_AGE = timedelta(minutes=2)

# Slack is pinged every second or two; within this long it has been connected anew.
MAX_SILENT_S = 30.0

# How long ago Slack was last heard, in seconds; None where it has no connection.
Heard = Callable[[], float | None]


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing that must be well for work to be done."""

    name: str
    ok: bool
    detail: str


def signs(database: Database, heard: Heard, *, now: datetime) -> list[Sign]:
    """Look at everything that must be well."""
    found = [_database(database, now)]
    silent_s = heard()
    if silent_s is not None:
        ok = silent_s <= MAX_SILENT_S
        found.append(Sign("slack", ok, f"heard {silent_s:.0f} s ago"))
    return found


def _database(database: Database, now: datetime) -> Sign:
    try:
        with database.readers() as session:
            age = queue_age(session, now=now)
    except SQLAlchemyError as error:
        return Sign("database", ok=False, detail=type(error).__name__)
    return Sign(
        "queue",
        age <= MAX_QUEUE_AGE,
        f"the oldest event waits for {age.total_seconds():.0f} s",
    )


def queue_age(session: Session, *, now: datetime) -> timedelta:
    """How long the event that was due first has been waiting; zero if none is.

    What rests after a failure is not due, and does not count.
    """
    oldest = session.scalar(
        select(func.min(Event.due_at)).where(
            Event.state == EventState.WAITING, Event.due_at <= now
        )
    )
    return now - oldest if oldest else timedelta(0)


def queues(database: Database, heard: Heard, *, now: datetime) -> list[Family]:
    """How much waits in the database, as metrics; none if it cannot be reached."""
    families = []
    silent_s = heard()
    if silent_s is not None:
        about = "Seconds since Slack was last heard on this connection."
        families.append(gauge("grapevine_slack_silent_seconds", about, {(): silent_s}))
    try:
        with database.readers() as session:
            families += _counted(session, now)
    except SQLAlchemyError:
        up = 0.0
    else:
        up = 1.0
    about = "Whether the database answers."
    return [gauge("grapevine_database_up", about, {(): up}), *families]


def _counted(session: Session, now: datetime) -> list[Family]:
    age_s = queue_age(session, now=now).total_seconds()
    held = (EventState.WAITING, EventState.SET_ASIDE)
    events = _by_state(session, Event, held)
    posts = _by_state(session, Post, (PostState.WAITING, PostState.SENDING))
    is_lost = Installation.lost_at.is_not(None)
    lost = session.scalar(select(func.count()).select_from(Installation).where(is_lost))
    return [
        gauge("grapevine_queue_events", "Events held, by state.", events),
        gauge(
            "grapevine_queue_age_seconds",
            "How long the event that was due first has been waiting.",
            {(): age_s},
        ),
        gauge("grapevine_queue_posts", "Posts not settled, by state.", posts),
        gauge(
            "grapevine_installations_lost",
            "Workspaces that have to install the app again.",
            {(): float(lost or 0)},
        ),
    ]


def _by_state(
    session: Session, model: type[Event | Post], states: tuple[str, ...]
) -> dict[Labels, float]:
    rows = session.execute(
        select(model.state, func.count())
        .where(model.state.in_(states))
        .group_by(model.state)
    )
    found = {str(state): int(n) for state, n in rows}
    return {(("state", str(s)),): float(found.get(str(s), 0)) for s in states}
