"""How far a workspace's votes have moved the ranking's weights."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, moment


class Tuning(InWorkspace, Base):
    """What one feature's shipped weight is multiplied with; no row means by 1."""

    __tablename__ = "tunings"

    feature: Mapped[str] = mapped_column(String(40), primary_key=True)
    factor: Mapped[float]
    votes: Mapped[int]
    at: Mapped[moment]
