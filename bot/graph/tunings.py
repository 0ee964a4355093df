"""How far a workspace's votes have moved the ranking's weights."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Tuning


def factors_of(session: Session, workspace_id: str) -> dict[str, float]:
    """Read what a workspace's weights are multiplied with, by feature."""
    held = session.scalars(select(Tuning).where(Tuning.workspace_id == workspace_id))
    return {row.feature: row.factor for row in held}
