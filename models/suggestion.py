"""A proposal to start a community, and what became of it."""

from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment, serial


class SuggestionState(StrEnum):
    """A suggestion settles exactly once."""

    OPEN = "open"
    ACCEPTED = "accepted"
    NOT_NOW = "not now"
    NOT_TOPIC = "not this topic"
    EXPIRED = "expired"


class Suggestion(Base):
    """One suggestion about one topic, put to the people who carry it."""

    __tablename__ = "suggestions"
    __table_args__ = (Index(None, "workspace_id", "topic_id"),)

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(16), default=SuggestionState.OPEN)
    # Set when the suggestion is to join a channel that exists.
    existing_channel_id: Mapped[str | None] = mapped_column(String(32))
    # The gates as they stood, so that the person who runs the bot can see why.
    gates: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    created_at: Mapped[moment]
    settled_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    settled_by: Mapped[str | None] = mapped_column(String(32))
    # "Not now" is asked again only after this.
    ask_again_at: Mapped[moment | None] = mapped_column(UTCDateTime)
