"""A Slack workspace: the tenant that every other row belongs to."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment


class Workspace(Base):
    """One workspace, with the key that its words are hashed with."""

    __tablename__ = "workspaces"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    enterprise_id: Mapped[str | None] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(default="")
    domain: Mapped[str] = mapped_column(default="")
    bot_user_id: Mapped[str | None] = mapped_column(String(32))
    # A hash made with a key of its own cannot be looked up in a table of words,
    # nor compared with another workspace's.
    word_key: Mapped[bytes] = mapped_column(LargeBinary(32))
    # Raised with every change of what was heard, so that a process knows when
    # the columns it holds in memory are out of date.
    revision: Mapped[int] = mapped_column(default=0)
    # When the periodic pass last ran; None before the first.
    topics_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    topics_revision: Mapped[int] = mapped_column(default=-1)
    created_at: Mapped[moment]
