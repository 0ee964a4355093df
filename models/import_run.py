"""An import of an export: whether it came to its end."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, UTCDateTime, moment


class ImportRun(InWorkspace, Base):
    """One export, told apart by the hash of its list of files.

    Without `finished_at` the graph holds a part only, and says so.
    """

    __tablename__ = "import_runs"

    fingerprint: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    started_at: Mapped[moment]
    finished_at: Mapped[moment | None] = mapped_column(UTCDateTime)
