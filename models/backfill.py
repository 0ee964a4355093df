"""How far a channel's history has been read by the Web API."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, InWorkspace, UTCDateTime, moment, slack_ts


class Backfill(InWorkspace, Base):
    """The latest reading of one channel, newest message first.

    Without `finished_at` it goes on below `position_ts`. What the last finished
    reading covered is kept, so that another one need not ask for its threads.
    """

    __tablename__ = "backfills"

    channel_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    started_at: Mapped[moment]
    finished_at: Mapped[moment | None] = mapped_column(UTCDateTime)
    # The reading goes from `newest_ts` down to `oldest_ts`, itself not included.
    newest_ts: Mapped[slack_ts]
    oldest_ts: Mapped[slack_ts]
    position_ts: Mapped[slack_ts]
    covered_newest_ts: Mapped[slack_ts | None]
    covered_oldest_ts: Mapped[slack_ts | None]
