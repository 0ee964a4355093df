"""Events that could not be digested: look at them, try them again, let them go.

Shown is what an event is about, in ids, and how it failed; never what was written.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.errors import BadInputError, NotFoundError
from models import Event, EventState

# What of a payload may be shown: ids and kinds.
_SHOWN = ("subtype", "user", "ts", "thread_ts", "deleted_ts", "event_ts")


@dataclass(frozen=True, slots=True)
class Failed:
    """An event that is not digested.

    Attributes:
        id: By which commands name it.
        workspace_id, event_id, kind, channel_id: What it is, in Slack's words.
        state: `waiting` or `set aside`.
        received_at, due_at: When Slack brought it, and when it is tried next.
        attempts: How often it failed.
        error: The kind of the last error.
        can_be_retried: Whether its payload is still held.
        about: Ids from its payload.
    """

    id: int
    workspace_id: str
    event_id: str
    kind: str
    channel_id: str | None
    state: str
    received_at: datetime
    due_at: datetime
    attempts: int
    error: str | None
    can_be_retried: bool
    about: dict[str, str]

    def as_json(self) -> dict[str, Any]:
        """As the commands print it."""
        return {
            "id": self.id,
            "workspace": self.workspace_id,
            "event_id": self.event_id,
            "kind": self.kind,
            "channel": self.channel_id,
            "state": self.state,
            "received_at": self.received_at.isoformat(),
            "due_at": self.due_at.isoformat(),
            "attempts": self.attempts,
            "error": self.error,
            "can_be_retried": self.can_be_retried,
            "about": self.about,
        }


def list_failed(
    session: Session, workspace_id: str | None = None, *, waiting_too: bool = False
) -> list[Failed]:
    """List events that were set aside, the oldest first.

    Args:
        session: Only read from.
        workspace_id: Of one workspace, or of all.
        waiting_too: Whether those that are still to be digested count.
    """
    states = [EventState.SET_ASIDE, *([EventState.WAITING] if waiting_too else [])]
    held = select(Event).where(Event.state.in_(states)).order_by(Event.id)
    if workspace_id is not None:
        held = held.where(Event.workspace_id == workspace_id)
    return [_read(event) for event in session.scalars(held)]


def show(session: Session, event_id: int) -> Failed:
    """Look at one event.

    Raises:
        NotFoundError: There is none, or it has been digested.
    """
    event = session.get(Event, event_id)
    if event is None or event.state == EventState.DONE:
        raise _unknown(event_id)
    return _read(event)


def retry(
    session: Session, event_ids: Sequence[int] | None, *, now: datetime
) -> list[int]:
    """Have events digested that were set aside, as if they had just come.

    Args:
        session: The transaction.
        event_ids: Which; all whose payload is still held if None.
        now: When they are due.

    Returns:
        Which are tried again.

    Raises:
        NotFoundError: One is not set aside.
        BadInputError: The text of one is gone.
    """
    events = _aside(session, event_ids)
    gone = [event.id for event in events if event.payload is None]
    if event_ids is not None and gone:
        raise BadInputError(
            f"event {gone[0]} was let go of, as everything is that a day passes over: "
            f"`events drop {gone[0]}` takes it off the list"
        )
    tried = [event for event in events if event.payload is not None]
    for event in tried:
        event.state, event.due_at, event.attempts = EventState.WAITING, now, 0
    return [event.id for event in tried]


def drop(
    session: Session, event_ids: Sequence[int] | None, *, now: datetime
) -> list[int]:
    """Let go of events that were set aside; Slack's repeats of them stay known.

    Args:
        session: The transaction.
        event_ids: Which; all if None.
        now: When.

    Returns:
        Which were let go of.

    Raises:
        NotFoundError: One is not set aside.
    """
    events = _aside(session, event_ids)
    for event in events:
        event.state, event.payload, event.digested_at = EventState.DONE, None, now
    return [event.id for event in events]


def _aside(session: Session, event_ids: Sequence[int] | None) -> list[Event]:
    held = select(Event).where(Event.state == EventState.SET_ASIDE).order_by(Event.id)
    if event_ids is not None:
        held = held.where(Event.id.in_(event_ids))
    events = list(session.scalars(held.with_for_update()))
    for event_id in event_ids or ():
        if event_id not in {event.id for event in events}:
            raise _unknown(event_id)
    return events


def _unknown(event_id: int) -> NotFoundError:
    return NotFoundError(
        f"no event {event_id} waits or is set aside: `events list --all` shows those "
        "that do"
    )


def _read(event: Event) -> Failed:
    return Failed(
        id=event.id,
        workspace_id=event.workspace_id,
        event_id=event.event_id,
        kind=event.kind,
        channel_id=event.channel_id,
        state=event.state,
        received_at=event.received_at,
        due_at=event.due_at,
        attempts=event.attempts,
        error=event.error,
        can_be_retried=event.payload is not None,
        about=_about(event.payload),
    )


def _about(payload: str | None) -> dict[str, str]:
    held = json.loads(payload).get("event") if payload else None
    if not isinstance(held, dict):
        return {}
    return {name: held[name] for name in _SHOWN if isinstance(held.get(name), str)}
