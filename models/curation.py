"""What a person decided about a topic, and when: for whoever runs Grapevine."""

from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, moment, serial


class Act(StrEnum):
    """What was done to a topic."""

    RENAMED = "renamed"
    NAMED_TOO = "given another name"
    UNNAMED = "rid of a name"
    MERGED = "merged"
    SPLIT = "split"
    HIDDEN = "hidden"
    SHOWN = "shown"
    LOCKED = "locked"
    UNLOCKED = "unlocked"


class Curation(Base):
    """One act of one person; what the names were is not kept."""

    __tablename__ = "curations"
    __table_args__ = (Index(None, "workspace_id", "topic_id"),)

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id", ondelete="CASCADE"))
    # What it was merged into, or what was split off it.
    other_id: Mapped[int | None] = mapped_column(
        ForeignKey("topics.id", ondelete="SET NULL")
    )
    act: Mapped[str] = mapped_column(String(32))
    # None: on the command line, or by somebody who has been forgotten since.
    done_by: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[moment]
