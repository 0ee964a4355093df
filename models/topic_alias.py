"""Another name of a topic."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace


class TopicAlias(InWorkspace, Base):
    """Another name that people use for a topic."""

    __tablename__ = "topic_aliases"

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topics.id", ondelete="CASCADE"), primary_key=True
    )
    alias: Mapped[str] = mapped_column(String(80), primary_key=True)
