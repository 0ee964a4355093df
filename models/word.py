"""How a hashed term is written, once it is nobody's secret."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace


class Word(InWorkspace, Base):
    """One way of writing one term, in public channels.

    `surface` stays empty until a second person writes it the same way, so no
    label can show a word that only one person used. `hash` is the term's,
    `surface_hash` that of this way of writing it.
    """

    __tablename__ = "words"

    hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    surface_hash: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    first_user_id: Mapped[str] = mapped_column(String(32))
    surface: Mapped[str | None] = mapped_column(String(100))
    uses: Mapped[int] = mapped_column(default=0)
