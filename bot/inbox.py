"""What Slack tells us, made durable before Slack is told that it arrived."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from bot import installations
from bot.bell import EVENTS, ring
from bot.fields import object_of
from bot.graph.upserts import Row, insert_missing
from models import Event, EventState

# After the nth failure an event rests for the nth of these, then is set aside:
# a locked database or a restart passes within minutes, a defect does not.
PAUSES = tuple(timedelta(seconds=s) for s in (1, 10, 60, 600, 3600))

# Promised: text that could not be digested goes within a day. The sweep comes
# once an hour, so the last hour is its own.
TEXT_KEPT_FOR = timedelta(hours=23)

# Ids of digested events stay this long, so that Slack's late repeats (at most
# a day, with delayed events) are known as such.
IDS_KEPT_FOR = timedelta(days=7)

# As long as the columns that hold them.
MAX_EVENT_ID = 64
MAX_KIND = 80


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event to digest, claimed by this process."""

    id: int
    workspace_id: str
    kind: str
    payload: dict[str, Any]
    received_at: datetime
    attempts: int


def record(  # noqa: PLR0913 - one argument a column
    session: Session,
    *,
    workspace_id: str,
    event_id: str,
    kind: str,
    channel_id: str | None,
    payload: Mapping[str, Any],
    now: datetime,
) -> None:
    """Hold an event until it is digested; a repeat of one is no news.

    That a workspace left or came back is noted at once: it decides what is heard.
    """
    installations.note_news(session, workspace_id, payload, kind=kind, now=now)
    row = row_of(
        workspace_id=workspace_id,
        event_id=event_id,
        kind=kind,
        channel_id=channel_id,
        payload=payload,
        now=now,
    )
    insert_missing(session, Event, [row])
    ring(session, EVENTS)


def row_of(  # noqa: PLR0913 - one argument a column
    *,
    workspace_id: str,
    event_id: str,
    kind: str,
    channel_id: str | None,
    payload: Mapping[str, Any],
    now: datetime,
) -> Row:
    """Lay an event out as a row that waits."""
    return {
        "workspace_id": workspace_id,
        "event_id": event_id,
        "kind": kind,
        "channel_id": channel_id,
        "payload": json.dumps(payload, separators=(",", ":")),
        "state": EventState.WAITING,
        "received_at": now,
        "due_at": now,
        "attempts": 0,
    }


def next_due(session: Session, *, now: datetime) -> Waiting | None:
    """Claim the event that has been due the longest.

    The claim is the row's lock: it ends with the transaction, so an event whose
    worker dies is simply due again.
    """
    event = session.scalar(
        select(Event)
        .where(Event.state == EventState.WAITING, Event.due_at <= now)
        .order_by(Event.due_at, Event.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if event is None:
        return None
    payload = json.loads(event.payload) if event.payload else {}
    return Waiting(
        event.id,
        event.workspace_id,
        event.kind,
        payload,
        event.received_at,
        event.attempts,
    )


def is_due(session: Session, by: datetime) -> bool:
    """Whether an event waits that is due by a moment."""
    waits = Event.state == EventState.WAITING
    return (
        session.scalar(select(Event.id).where(waits, Event.due_at <= by).limit(1))
        is not None
    )


def mark_done(session: Session, event_id: int, *, now: datetime) -> None:
    """Note that an event has been digested, and let its text go."""
    session.execute(
        update(Event)
        .where(Event.id == event_id)
        .values(state=EventState.DONE, payload=None, digested_at=now, error=None)
    )


def mark_failed(
    sessions: sessionmaker[Session], event: Waiting, error: Exception, *, now: datetime
) -> bool:
    """Note that an event could not be digested: later again, or set aside.

    Returns:
        Whether it was set aside.
    """
    last = event.attempts >= len(PAUSES)
    pause = timedelta(0) if last else PAUSES[event.attempts]
    with sessions.begin() as session:
        session.execute(
            update(Event)
            .where(Event.id == event.id)
            .values(
                attempts=event.attempts + 1,
                due_at=now + pause,
                state=EventState.SET_ASIDE if last else EventState.WAITING,
                # The type alone: a message could quote what a person wrote.
                error=type(error).__name__,
            )
        )
    return last


def postpone(
    sessions: sessionmaker[Session], event: Waiting, *, until: datetime
) -> None:
    """Let an event wait for Slack, which is no failure of its own."""
    with sessions.begin() as session:
        session.execute(update(Event).where(Event.id == event.id).values(due_at=until))


def sweep(session: Session, *, now: datetime) -> None:
    """Let go of text kept too long and of old ids."""
    session.execute(
        update(Event)
        .where(Event.payload.is_not(None), Event.received_at < now - TEXT_KEPT_FOR)
        .values(payload=None, state=EventState.SET_ASIDE)
    )
    session.execute(
        delete(Event).where(
            Event.state == EventState.DONE, Event.received_at < now - IDS_KEPT_FOR
        )
    )


def forget_message(
    session: Session, workspace_id: str, channel_id: str, ts: str
) -> None:
    """Let go of a deleted message's text in events that were not digested yet.

    One that waits is done with, since what it tells was taken back. What another
    process is at is left to it: it lets the text go in a moment.
    """
    held = session.execute(
        select(Event.id, Event.payload, Event.state)
        .where(
            Event.workspace_id == workspace_id,
            Event.channel_id == channel_id,
            Event.payload.contains(ts, autoescape=True),
        )
        .with_for_update(skip_locked=True)
    )
    for event_id, payload, state in held.all():
        if _tells(payload, ts):
            is_waiting = state == EventState.WAITING
            session.execute(
                update(Event)
                .where(Event.id == event_id)
                .values(payload=None, state=EventState.DONE if is_waiting else state)
            )


def _tells(payload: str | None, ts: str) -> bool:
    """Whether an event tells what a message says; others may merely name it."""
    event = object_of(json.loads(payload or "{}").get("event"))
    if event.get("subtype") == "message_deleted":
        return False
    return ts in (event.get("ts"), object_of(event.get("message")).get("ts"))
