"""A community that grew out of a topic."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment, serial


class CommunityState(StrEnum):
    """How far its making has come; each step is repeated safely after a crash."""

    PLANNED = "planned"
    CREATED = "created"
    OPEN = "open"
    RETIRED = "retired"


class Community(Base):
    """A channel that people started on a suggestion of Grapevine's."""

    __tablename__ = "communities"
    __table_args__ = (Index(None, "workspace_id", "topic_id"),)

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    suggestion_id: Mapped[int] = mapped_column(
        ForeignKey("suggestions.id", ondelete="CASCADE"), unique=True
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(String(250))
    channel_id: Mapped[str | None] = mapped_column(String(32))
    started_by: Mapped[str] = mapped_column(String(32))
    state: Mapped[str] = mapped_column(String(16), default=CommunityState.PLANNED)
    created_at: Mapped[moment]
    retired_at: Mapped[moment | None] = mapped_column(UTCDateTime)
