"""What one person answered to one question."""

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, UTCDateTime, moment, slack_ts


class Answer(InWorkspace, Base):
    """All replies of one person to one question, counted once."""

    __tablename__ = "answers"
    __table_args__ = (Index(None, "workspace_id", "answerer_id"),)

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question_ts: Mapped[slack_ts] = mapped_column(primary_key=True)
    answerer_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The first reply: what a link leads to.
    ts: Mapped[slack_ts]
    at: Mapped[moment]
    replies: Mapped[int]
    thanked_at: Mapped[moment | None] = mapped_column(UTCDateTime)
