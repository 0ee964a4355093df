"""What ties a person to a topic: one question, answer or word of thanks."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment, slack_ts


class EvidenceKind(StrEnum):
    """Interest comes from asking, expertise from answering; never mixed."""

    ASKED = "asked"
    ANSWERED = "answered"
    THANKED = "thanked"
    SHARED = "shared"  # answered a daily question


class Evidence(InWorkspace, Base):
    """One message that shows why a person is named under a topic."""

    __tablename__ = "evidence"
    __table_args__ = (
        Index(None, "workspace_id", "topic_id"),
        Index(None, "workspace_id", "user_id"),
        Index(None, "workspace_id", "channel_id", "root_ts"),
    )

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[slack_ts] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    root_ts: Mapped[slack_ts]
    at: Mapped[moment]
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("topics.id", ondelete="SET NULL")
    )
