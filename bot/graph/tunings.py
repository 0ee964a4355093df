"""How far a workspace's votes have moved what the ranking says."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import RepeatBar, Tuning


def factors_of(session: Session, workspace_id: str) -> dict[str, float]:
    """Read what a workspace's weights are multiplied with, by feature."""
    held = session.scalars(select(Tuning).where(Tuning.workspace_id == workspace_id))
    return {row.feature: row.factor for row in held}


def surer_of(session: Session, workspace_id: str) -> float:
    """Read how much surer than elsewhere one is here that questions are the same."""
    held = session.get(RepeatBar, workspace_id)
    return held.surer if held else 0.0
