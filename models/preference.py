"""What a person wants of Grapevine, told to nobody else."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, UTCDateTime, moment


class Preference(InWorkspace, Base):
    """One person's wishes; no row means the defaults."""

    __tablename__ = "preferences"

    user_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    is_opted_out: Mapped[bool] = mapped_column(default=False)
    # Not named to anybody until then; resumes by itself.
    snoozed_until: Mapped[moment | None] = mapped_column(UTCDateTime)
    wants_suggestions: Mapped[bool] = mapped_column(default=True)
    # The last unasked message, for the cap of one a week.
    unasked_at: Mapped[moment | None] = mapped_column(UTCDateTime)
