"""An import in many batches, each embedded while the next ones are heard."""

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import select

from bot.database import open_database
from bot.deps import Deps
from bot.happenings import Said
from bot.importing import unfinished
from bot.memory import Memories
from bot.noting import note
from bot.reading import read_message
from bot.sample import STORY_LAST_DAY, load_sample, write_export
from models import Message
from tests.graph.conftest import NOW, TEAM
from tests.graph.talk import graph, happen, message, surfaces
from tests.graph.telling import bring, set_key


class Counting:
    """An engine that looks at letters alone, and breaks at a call if told to."""

    model = "counting"
    dimensions = 3

    def __init__(self, breaks_at: int | None = None) -> None:
        self.calls = 0
        self.breaks_at = breaks_at

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        if self.calls == self.breaks_at:
            raise RuntimeError("no memory left")
        rows = [[len(one), one.count("e"), one.count(" ")] for one in texts]
        return np.array(rows, np.float32)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    sample = load_sample(STORY_LAST_DAY)
    target = tmp_path / "export.zip"
    write_export(target, until=sample.live_from, last_day=sample.last_day)
    return target


def _deps(path: Path, engine: Counting) -> Deps:
    def no_slack(workspace_id: str) -> Any:
        raise AssertionError(f"nothing is asked of Slack for {workspace_id}")

    database = open_database(f"sqlite:///{path}")
    return Deps(database, Memories(engine), no_slack, lambda: NOW)


def _held(deps: Deps, team: str) -> tuple[Any, ...]:
    columns = Message.channel_id, Message.ts, Message.vector, Message.vector_model
    with deps.database.readers() as session:
        vectors = {tuple(row) for row in session.execute(select(*columns))}
    ways = surfaces(deps.database, team=team)
    return graph(deps.database, team=team), ways, vectors


@pytest.fixture
def in_one(tmp_path: Path, export: Path) -> tuple[Any, ...]:
    """What is held after an import in one batch."""
    deps = _deps(tmp_path / "one.db", Counting())
    set_key(deps, load_sample(STORY_LAST_DAY).team_id)
    held = _held(deps, bring(deps, export))
    deps.database.close()
    return held


@pytest.fixture
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.importing.BATCH_MESSAGES", 20)


@pytest.mark.usefixtures("small_batches")
def test_many_batches_end_in_the_same_graph_as_one(
    tmp_path: Path, export: Path, in_one: tuple[Any, ...]
) -> None:
    engine = Counting()
    deps = _deps(tmp_path / "many.db", engine)
    set_key(deps, load_sample(STORY_LAST_DAY).team_id)

    team = bring(deps, export)

    assert engine.calls > 10
    assert _held(deps, team) == in_one
    deps.database.close()


@pytest.mark.usefixtures("small_batches")
def test_an_import_whose_engine_breaks_says_so_and_goes_on(
    tmp_path: Path, export: Path, in_one: tuple[Any, ...]
) -> None:
    team = load_sample(STORY_LAST_DAY).team_id
    broken = _deps(tmp_path / "broken.db", Counting(breaks_at=6))
    set_key(broken, team)

    with pytest.raises(RuntimeError, match="no memory left"):
        bring(broken, export)

    with broken.database.readers() as session:
        assert unfinished(session, team) == ["export.zip"]
    assert not [t for t in threading.enumerate() if t.name.startswith("embedding")]
    assert (
        0
        < len(graph(broken.database, team=team)["messages"])
        < len(in_one[0]["messages"])
    )
    broken.database.close()
    mended = _deps(tmp_path / "broken.db", Counting())
    bring(mended, export)
    assert _held(mended, team) == in_one
    mended.database.close()


def test_a_word_is_shown_that_two_people_share_within_a_batch(deps: Deps) -> None:
    happen(deps, [message("UANNA", "espalier", 1)])
    shown = [shown for _, shown in surfaces(deps.database)]

    later = [message("UANNA", "espalier", 2), message("UBERT", "espalier", 3)]
    with deps.database.sessions.begin() as session:
        note(session, deps, TEAM, [_said(one) for one in later])

    assert shown == []
    assert [shown for _, shown in surfaces(deps.database)] == ["espalier"]


def _said(event: dict[str, Any]) -> Said:
    said = read_message(event, channel_id=event["channel"])
    assert said is not None
    return said
