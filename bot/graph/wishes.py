"""Who wants nothing of theirs to be held, or to be named."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person, Preference


def opted_out(session: Session, workspace_id: str) -> set[str]:
    """Ids of those who opted out."""
    rows = session.scalars(
        select(Preference.user_id).where(
            Preference.workspace_id == workspace_id, Preference.is_opted_out
        )
    )
    return set(rows)


def erased(session: Session, workspace_id: str, user_ids: Collection[str]) -> set[str]:
    """Those of some people who had everything about them erased.

    They have opted out, and are not known by name.
    """
    opted_out = session.scalars(
        select(Preference.user_id)
        .outerjoin(
            Person,
            (Person.workspace_id == Preference.workspace_id)
            & (Person.id == Preference.user_id),
        )
        .where(
            Preference.workspace_id == workspace_id,
            Preference.is_opted_out,
            Person.id.is_(None) | (Person.name == ""),
        )
    )
    return set(opted_out).intersection(user_ids)
