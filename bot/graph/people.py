"""Who is in a workspace, as Slack describes them."""

from collections.abc import Sequence
from dataclasses import fields, replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.graph.keys import KEYS_A_QUERY
from bot.graph.wishes import erased
from bot.happenings import PersonTold
from models import Person


def tell_person(
    session: Session, workspace_id: str, told: PersonTold, *, acts: bool = False
) -> None:
    """Note what Slack says of a person; see `tell_people`."""
    tell_people(session, workspace_id, [told], acts=acts)


def tell_people(
    session: Session,
    workspace_id: str,
    told: Sequence[PersonTold],
    *,
    acts: bool = False,
) -> None:
    """Note what Slack says of people, unless something newer is held.

    Of somebody erased nothing is, until they turn to Grapevine: then what decides
    what they may see is, without their name.

    Args:
        session: Written to.
        workspace_id: Whose.
        told: What is said.
        acts: Whether they have turned to Grapevine.
    """
    ids = [one.user_id for one in told]
    held = _people(session, workspace_id, ids)
    gone = erased(session, workspace_id, ids)
    for one in told:
        person = held.get(one.user_id)
        if person is None:
            if one.user_id in gone and not acts:
                continue
            person = Person(workspace_id=workspace_id, id=one.user_id, version_ts="")
            session.add(person)
            held[one.user_id] = person
        elif float(one.version_ts or 0) < float(person.version_ts or 0):
            continue
        _describe(person, one, is_erased=one.user_id in gone)
    session.flush()


def _people(
    session: Session, workspace_id: str, user_ids: Sequence[str]
) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for start in range(0, len(user_ids), KEYS_A_QUERY):
        rows = session.scalars(
            select(Person).where(
                Person.workspace_id == workspace_id,
                Person.id.in_(user_ids[start : start + KEYS_A_QUERY]),
            )
        )
        found |= {person.id: person for person in rows}
    return found


def _describe(person: Person, told: PersonTold, *, is_erased: bool) -> None:
    told = replace(told, name="", zone="") if is_erased else told
    for field in fields(told):
        if field.name != "user_id":
            setattr(person, field.name, getattr(told, field.name))
