"""What must not be asked of Slack before a moment, because Slack said so."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment

EVERY_METHOD = "*"
EVERY_CHANNEL = ""


class Pause(Base):
    """One method of one workspace rests; other methods and workspaces go on.

    There is no foreign key: a workspace may be slowed down before anything is
    held of it.
    """

    __tablename__ = "pauses"

    workspace_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # `EVERY_METHOD` where the workspace does not let us in at all.
    method: Mapped[str] = mapped_column(String(40), primary_key=True)
    # `EVERY_CHANNEL`, or the one that has just had a message.
    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    ends_at: Mapped[moment] = mapped_column(UTCDateTime)
