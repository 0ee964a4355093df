"""Who is in which channel: decides whose eyes private evidence may meet."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace


class Membership(InWorkspace, Base):
    """One person's latest join or leave of one channel."""

    __tablename__ = "memberships"

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_member: Mapped[bool]
    # Joins and leaves may arrive in any order; the later one holds.
    version_ts: Mapped[str] = mapped_column(String(20), default="")
