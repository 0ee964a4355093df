"""The inbox: what Slack told us, kept until it has been digested."""

from enum import StrEnum

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment, serial


class EventState(StrEnum):
    """An event is digested once, or set aside for the person who runs the bot."""

    WAITING = "waiting"
    DONE = "done"
    SET_ASIDE = "set aside"


class Event(Base):
    """One delivery; its payload goes the moment it has been digested.

    There is no foreign key: an event may be the first that is heard of its
    workspace, and must be durable before anything is looked up.
    """

    __tablename__ = "events"
    __table_args__ = (
        UniqueConstraint("workspace_id", "event_id"),
        Index(None, "state", "due_at"),
    )

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(80))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(16), default=EventState.WAITING)
    received_at: Mapped[moment]
    due_at: Mapped[moment]
    attempts: Mapped[int] = mapped_column(default=0)
    digested_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    # The kind of error alone: its message could quote what a person wrote.
    error: Mapped[str | None] = mapped_column(String(200))
