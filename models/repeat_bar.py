"""How far a workspace's votes have moved what is shown as asked before."""

from sqlalchemy.orm import Mapped

from models.base import Base, InWorkspace, moment


class RepeatBar(InWorkspace, Base):
    """How much surer than elsewhere one is here; no row means as sure."""

    __tablename__ = "repeat_bars"

    # Log odds, added to every pair's score.
    surer: Mapped[float]
    votes: Mapped[int]
    at: Mapped[moment]
