"""What people decided about topics, for whoever runs Grapevine to read."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Curation


@dataclass(frozen=True, slots=True)
class Noted:
    """One act, as it was noted."""

    at: datetime
    act: str
    topic_id: int
    other_id: int | None
    done_by: str | None


def log_of(session: Session, workspace_id: str, *, limit: int) -> list[Noted]:
    """What was done to topics, the newest first."""
    rows = session.scalars(
        select(Curation)
        .where(Curation.workspace_id == workspace_id)
        .order_by(Curation.id.desc())
        .limit(limit)
    )
    return [Noted(r.at, r.act, r.topic_id, r.other_id, r.done_by) for r in rows]
