"""Something that several people ask about, under a name a person would use."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, UTCDateTime, moment, serial, text_list


class Topic(Base):
    """A topic; its id never changes once people have seen it."""

    __tablename__ = "topics"
    __table_args__ = (Index(None, "workspace_id"),)

    id: Mapped[serial]
    workspace_id: Mapped[str] = mapped_column(
        String(32), ForeignKey("workspaces.id", ondelete="CASCADE")
    )
    label: Mapped[str]
    # Words that tell it as well but are no names of it: it is found by them.
    related: Mapped[text_list]
    # Decided about by a person: the periodic pass keeps name and questions, and
    # only adds to it. A hidden topic is kept likewise, and shown nowhere.
    is_locked: Mapped[bool] = mapped_column(default=False)
    is_hidden: Mapped[bool] = mapped_column(default=False)
    # How central its questions are to it (0 to 1) and where it ranks among the
    # topics found, as the pass that last saw it said.
    strength: Mapped[float] = mapped_column(default=0.0)
    rank: Mapped[int | None]
    created_at: Mapped[moment]
    # Set when its questions went elsewhere or grew cold; the id stays.
    retired_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("topics.id", ondelete="SET NULL")
    )

    @property
    def is_kept(self) -> bool:
        """Whether a person decided about it."""
        return self.is_locked or self.is_hidden
