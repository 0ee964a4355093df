"""Any text and any shape can be digested, on either database."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.deps import Deps
from models import Event, EventState
from tests.graph.talk import happen
from tests.slack import hostile

TEAM = "T1"
CHANNEL, ANNA = "CPUB", "UANNA"


def spoiled(text: str) -> list[dict[str, object]]:
    """Every kind of event with this text wherever a person's own words stand."""
    events = []
    for _, body in hostile.event_bodies():
        event = hostile.with_text(body, text)["event"]
        if event["type"] not in {"app_uninstalled", "channel_deleted", "group_deleted"}:
            events.append(event)
    return events


def left_over(database: Database) -> list[tuple[str, str | None]]:
    bad = (Event.attempts > 0) | (Event.state != EventState.DONE)
    with database.readers() as session:
        rows = session.execute(select(Event.kind, Event.error).where(bad))
        return [(kind, error) for kind, error in rows]


@pytest.mark.parametrize("text", hostile.NASTY_TEXTS, ids=lambda t: ascii(t)[:24])
def test_any_text_is_digested(
    database: Database, deps_of: Callable[[Database], Deps], text: str
) -> None:
    happen(deps_of(database), spoiled(text))

    assert left_over(database) == []
