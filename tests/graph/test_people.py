"""What Slack says of people, of one or of a whole workspace at once."""

import pytest
from sqlalchemy import event, select

from bot.deps import Deps
from bot.graph.people import tell_people
from bot.graph.places import ensure_workspace
from bot.happenings import PersonTold
from bot.personal_data import forget_person
from models import Person
from tests.graph.conftest import NOW, TEAM


def told(user_id: str, name: str = "somebody", version_ts: str = "1") -> PersonTold:
    return PersonTold(
        user_id=user_id,
        version_ts=version_ts,
        name=name,
        zone="",
        is_bot=False,
        is_deactivated=False,
        is_guest=False,
        is_external=False,
        is_admin=False,
    )


def tell(deps: Deps, *people: PersonTold) -> None:
    with deps.database.sessions.begin() as session:
        ensure_workspace(session, TEAM, now=NOW)
        tell_people(session, TEAM, people)


def names(deps: Deps) -> dict[str, str]:
    with deps.database.readers() as session:
        people = session.scalars(select(Person).where(Person.workspace_id == TEAM))
        return {person.id: person.name for person in people}


def test_of_two_things_said_the_newer_stays(deps: Deps) -> None:
    tell(deps, told("UANA", "Ana", "5"), told("UBEN", "Ben", "5"))

    tell(
        deps,
        told("UANA", "before", "4"),
        told("UBEN", "after", "6"),
        told("UCAT", "after", "6"),
        told("UCAT", "before", "5"),
    )

    assert names(deps) == {"UANA": "Ana", "UBEN": "after", "UCAT": "after"}


def test_among_many_who_was_erased_stays_unknown(deps: Deps) -> None:
    tell(deps, told("UANA"))
    with deps.database.sessions.begin() as session:
        forget_person(session, TEAM, "UANA")

    tell(deps, told("UANA", "Ana"), told("UBEN", "Ben"))

    assert names(deps) == {"UBEN": "Ben"}


def test_more_people_than_a_query_takes_are_each_known_again(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.graph.people.KEYS_A_QUERY", 2)
    ids = ["UANA", "UBEN", "UCAT"]
    tell(deps, *(told(i) for i in ids))

    tell(deps, *(told(i, "renamed", "2") for i in ids))

    assert names(deps) == dict.fromkeys(ids, "renamed")


def test_a_whole_workspace_takes_as_few_queries_as_one_person(deps: Deps) -> None:
    asked: list[str] = []
    event.listen(
        deps.database.engine,
        "before_cursor_execute",
        lambda _conn, _cursor, statement, *_: asked.append(statement),
    )
    tell(deps, told("UONE"))
    for_one = len(asked)

    tell(deps, *(told(f"U{i}") for i in range(200)))

    assert len(asked) <= 2 * for_one
