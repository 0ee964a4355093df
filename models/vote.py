"""A person's word on somebody who was named for a question."""

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment


class Vote(InWorkspace, Base):
    """One vote: of one person, on one person, for one question.

    The question is held as a digest of its hashed words, and what spoke for the
    person as numbers: never as text.
    """

    __tablename__ = "votes"
    __table_args__ = (Index(None, "workspace_id", "about_id"),)

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    about_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    question: Mapped[str] = mapped_column(String(32), primary_key=True)
    # Whether it helped to be sent to them; otherwise they say it is not theirs.
    is_helpful: Mapped[bool]
    # By feature: what it added to them beyond what it added to others named.
    contrast: Mapped[dict[str, float]] = mapped_column(JSON)
    at: Mapped[moment]
