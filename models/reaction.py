"""An emoji that somebody put on a message: the quiet way to say thanks."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment, slack_ts


class Reaction(InWorkspace, Base):
    """The latest state of one person's one emoji on one message."""

    __tablename__ = "reactions"

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ts: Mapped[slack_ts] = mapped_column(primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    is_present: Mapped[bool]
    at: Mapped[moment]
    version_ts: Mapped[slack_ts]
