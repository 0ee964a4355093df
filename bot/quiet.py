"""Whom Grapevine may write to without having been asked, and how rarely."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person, Preference

# The promise: one unasked message a person a week, whatever it is about.
UNASKED_EVERY = timedelta(days=7)


def may_be_told(
    session: Session,
    workspace_id: str,
    user_ids: Iterable[str],
    *,
    now: datetime,
    guests_too: bool = True,
) -> list[str]:
    """Keep the `reachable` who had no unasked message within `UNASKED_EVERY`."""
    wanted = reachable(session, workspace_id, user_ids, now=now, guests_too=guests_too)
    told = {
        wish.user_id
        for wish in _wishes(session, workspace_id, wanted)
        if wish.unasked_at is not None and wish.unasked_at + UNASKED_EVERY > now
    }
    return [user_id for user_id in wanted if user_id not in told]


def reachable(
    session: Session,
    workspace_id: str,
    user_ids: Iterable[str],
    *,
    now: datetime,
    guests_too: bool = True,
) -> list[str]:
    """Keep those who want suggestions and can get one, in their order, each once.

    Left out: who opted out, snoozes, or wants no suggestions; bots, people of
    elsewhere, and those who left.

    Args:
        session: Wishes that are read stay locked until its transaction ends.
        workspace_id: Whose people.
        user_ids: Candidates.
        now: The present.
        guests_too: Whether guests count.
    """
    wanted = list(dict.fromkeys(user_ids))
    left_out = {
        wish.user_id
        for wish in _wishes(session, workspace_id, wanted)
        if not _is_open(wish, now)
    }
    left_out |= _not_for(session, workspace_id, wanted, guests_too=guests_too)
    return [user_id for user_id in wanted if user_id not in left_out]


def _wishes(
    session: Session, workspace_id: str, user_ids: list[str]
) -> list[Preference]:
    held = select(Preference).where(
        Preference.workspace_id == workspace_id, Preference.user_id.in_(user_ids)
    )
    return list(session.scalars(held.order_by(Preference.user_id).with_for_update()))


def _is_open(wish: Preference, now: datetime) -> bool:
    if wish.is_opted_out or not wish.wants_suggestions:
        return False
    return wish.snoozed_until is None or wish.snoozed_until <= now


def _not_for(
    session: Session, workspace_id: str, user_ids: list[str], *, guests_too: bool
) -> set[str]:
    people = session.scalars(
        select(Person).where(
            Person.workspace_id == workspace_id, Person.id.in_(user_ids)
        )
    )
    return {
        person.id
        for person in people
        if person.is_bot
        or person.is_deactivated
        or person.is_external
        or (person.is_guest and not guests_too)
    }


def note_told(
    session: Session, workspace_id: str, user_id: str, *, now: datetime
) -> None:
    """Count an unasked message against a person's week."""
    wish = session.get(Preference, (workspace_id, user_id))
    if wish is None:
        wish = Preference(workspace_id=workspace_id, user_id=user_id)
        session.add(wish)
    wish.unasked_at = now
    session.flush()


def note_not_told(session: Session, workspace_id: str, user_id: str) -> None:
    """Give a person's week back: the message that was counted never arrived."""
    wish = session.get(Preference, (workspace_id, user_id))
    if wish is not None:
        wish.unasked_at = None
        session.flush()
