"""One person asked about one suggestion."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, SlackTs, UTCDateTime, moment


class Ask(InWorkspace, Base):
    """The message that put a suggestion to a person; only they may answer it."""

    __tablename__ = "asks"

    suggestion_id: Mapped[int] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    channel_id: Mapped[str | None] = mapped_column(String(32))
    ts: Mapped[str | None] = mapped_column(SlackTs)
    # None until they answer: no answer is never a yes.
    answer: Mapped[str | None] = mapped_column(String(16))
    answered_at: Mapped[moment | None] = mapped_column(UTCDateTime)
