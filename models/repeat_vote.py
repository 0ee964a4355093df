"""A person's word on whether an earlier question was the same as theirs."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment


class RepeatVote(InWorkspace, Base):
    """One vote: of one person, on one pair of questions, held as a digest."""

    __tablename__ = "repeat_votes"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    pair: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_same: Mapped[bool]
    # How sure the pair looked when it was shown, in log odds.
    score: Mapped[float]
    at: Mapped[moment]
