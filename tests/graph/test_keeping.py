"""What is older than the limit goes, and nothing else; its room is given back."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import func, select

from bot.deps import Deps
from bot.happenings import instant
from bot.keeping import forget_old, give_back
from models import Message, Workspace
from tests.graph.conftest import TEAM
from tests.graph.talk import graph, happen, message, react, ts

DAY_S = 86_400.0


def talk(at: float) -> list[dict[str, object]]:
    answer = message("UBERT", "Overnight in the fridge", at + 1, thread=at)
    return [
        message("UANNA", "How long do you proof sourdough?", at),
        answer,
        react(answer, "UANNA", at + 2),
    ]


def test_what_is_older_than_the_limit_goes_and_nothing_else(deps: Deps) -> None:
    happen(deps, talk(10 * DAY_S))
    young = graph(deps.database)
    happen(deps, talk(0))
    limited = replace(deps, keep=timedelta(days=5))

    removed = forget_old(limited, now=instant(ts(11 * DAY_S)))

    assert removed > 5
    assert graph(deps.database) == young


def test_without_a_limit_everything_stays(deps: Deps) -> None:
    happen(deps, talk(0))
    before = graph(deps.database)

    assert forget_old(deps, now=instant(ts(9999 * DAY_S))) == 0
    assert graph(deps.database) == before


def test_memories_are_renewed_after_it(deps: Deps) -> None:
    happen(deps, talk(0))
    with deps.database.readers() as session:
        before = session.get_one(Workspace, TEAM).revision

    forget_old(replace(deps, keep=timedelta(0)), now=instant(ts(DAY_S)))

    with deps.database.readers() as session:
        assert session.get_one(Workspace, TEAM).revision > before
        assert session.scalar(select(func.count()).select_from(Message)) == 0


def test_room_is_given_back_once_much_of_the_file_is_empty(deps: Deps) -> None:
    happen(deps, talk(0))
    assert give_back(deps.database) is False
    with deps.database.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE ballast (x TEXT)")
        for _ in range(200):
            connection.exec_driver_sql(
                "INSERT INTO ballast VALUES ('" + "x" * 20_000 + "')"
            )
        connection.exec_driver_sql("DROP TABLE ballast")

    assert give_back(deps.database) is deps.database.is_sqlite
    assert give_back(deps.database) is False
