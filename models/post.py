"""The outbox: what Grapevine has decided to say, claimed before it is said."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackTs, UTCDateTime, moment, serial


class PostState(StrEnum):
    """`SENDING` and due means: look whether Slack has it already."""

    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Post(Base):
    """One call to Slack that must happen once; its payload goes when it has.

    `key` says what it is (`daily:C1:2026-03-02`), so that deciding twice is
    deciding once.
    """

    __tablename__ = "posts"
    __table_args__ = (
        UniqueConstraint("workspace_id", "key"),
        Index(None, "state", "due_at"),
        Index(None, "state", "workspace_id", "channel_id"),
    )

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    key: Mapped[str] = mapped_column(String(200))
    method: Mapped[str] = mapped_column(String(40))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    payload: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(16), default=PostState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[moment]
    due_at: Mapped[moment]
    sent_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    ts: Mapped[str | None] = mapped_column(SlackTs)
    error: Mapped[str | None] = mapped_column(String(200))
