"""States of installations that were used: each counts once."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, moment


class OAuthState(Base):
    """A used state's hash, held until the state would be too old anyway."""

    __tablename__ = "oauth_states"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[moment]
