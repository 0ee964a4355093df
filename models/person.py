"""A person of the workspace, as Slack describes them."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace


class Person(InWorkspace, Base):
    """Somebody who can ask or answer; bots are kept only to be left out."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Slack shows names itself; held to keep them out of topic labels.
    name: Mapped[str] = mapped_column(default="")
    zone: Mapped[str] = mapped_column(default="")
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_deactivated: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    # Belongs to another organisation, met in a shared channel.
    is_external: Mapped[bool] = mapped_column(default=False)
    is_admin: Mapped[bool] = mapped_column(default=False)
    version_ts: Mapped[str] = mapped_column(String(20), default="")
