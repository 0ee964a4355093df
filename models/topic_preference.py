"""What a person says of one topic held about them."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace


class TopicChoice(StrEnum):
    """A person's word on one of their topics."""

    HIDDEN = "hidden"  # do not show it on my page, nor me under it
    NOT_ME = "not me"  # I no longer do this
    NO_ROUTING = "no routing"  # I know this, but do not send people to me


class TopicPreference(InWorkspace, Base):
    """One choice of one person; every choice keeps them from being named."""

    __tablename__ = "topic_preferences"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    choice: Mapped[str] = mapped_column(String(16))
