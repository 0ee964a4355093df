"""A daily question that was posted, or is about to be."""

from datetime import date

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, SlackTs, moment


class DailyPost(InWorkspace, Base):
    """The claim on one channel's one day: the key makes it at most once."""

    __tablename__ = "daily_posts"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id", "number"),)

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The day in the schedule's own zone.
    day: Mapped[date] = mapped_column(primary_key=True)
    number: Mapped[int]
    question_key: Mapped[str] = mapped_column(String(120))
    claimed_at: Mapped[moment]
    # Known once Slack has taken it.
    ts: Mapped[str | None] = mapped_column(SlackTs)
