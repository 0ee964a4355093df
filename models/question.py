"""A question that somebody asked in a channel."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment, slack_ts


class Question(InWorkspace, Base):
    """The root of a thread whose author seeks information."""

    __tablename__ = "questions"
    __table_args__ = (
        Index(None, "workspace_id", "topic_id"),
        Index(None, "workspace_id", "asker_id"),
    )

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[slack_ts] = mapped_column(primary_key=True)
    asker_id: Mapped[str] = mapped_column(String(32))
    at: Mapped[moment]
    topic_id: Mapped[int | None] = mapped_column(
        ForeignKey("topics.id", ondelete="SET NULL")
    )
