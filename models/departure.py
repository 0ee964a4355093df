"""Workspaces that took Grapevine out: what still comes from them is not heard."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment


class Departure(Base):
    """A workspace or organisation that left, and when it came back if it did."""

    __tablename__ = "departures"

    team_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # The organisation that took Grapevine out of this one of its workspaces, and
    # may serve others; "" where the workspace or organisation itself did.
    enterprise_id: Mapped[str] = mapped_column(
        String(32), default="", server_default=""
    )
    left_at: Mapped[moment]
    returned_at: Mapped[moment | None] = mapped_column(UTCDateTime)
