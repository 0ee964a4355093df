"""When a channel wants its daily question."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, moment, serial


class Schedule(Base):
    """One channel's wish: which days, at what wall-clock time, in which zone."""

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("workspace_id", "channel_id"),)

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(String(32), index=True)
    channel_id: Mapped[str] = mapped_column(String(32))
    # Wall-clock time: the question comes at nine in summer and in winter.
    time: Mapped[str] = mapped_column(String(5))  # "HH:MM"
    days: Mapped[str] = mapped_column(String(27))  # "mon,tue,wed,thu,fri"
    zone: Mapped[str] = mapped_column(String(64))  # IANA name
    pack: Mapped[str] = mapped_column(String(80))
    is_paused: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[moment]
