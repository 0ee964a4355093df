"""A channel, as far as it matters to what may be shown to whom."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace


class Channel(InWorkspace, Base):
    """A public or private channel Grapevine has heard of; never a DM."""

    __tablename__ = "channels"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(default="")
    purpose: Mapped[str] = mapped_column(default="")
    is_private: Mapped[bool] = mapped_column(default=False)
    is_archived: Mapped[bool] = mapped_column(default=False)
    is_general: Mapped[bool] = mapped_column(default=False)
    # Shared with another organisation: left out of everything by default.
    is_external: Mapped[bool] = mapped_column(default=False)
    # Whether Grapevine itself is in it.
    is_joined: Mapped[bool] = mapped_column(default=False)
    # The event that last told its name and flags, so an older one that comes
    # late changes nothing.
    version_ts: Mapped[str] = mapped_column(String(20), default="")
