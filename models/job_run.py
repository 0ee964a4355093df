"""What the clock has done: for each job, the last time that it was due and taken."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, moment


class JobRun(Base):
    """The newest due time of a job that a scheduler has taken for itself."""

    __tablename__ = "job_runs"

    job: Mapped[str] = mapped_column(String(60), primary_key=True)
    due_at: Mapped[moment]
