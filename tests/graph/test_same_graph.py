"""The graph is a function of what happened, not of how it was heard."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.database import Database, open_database
from bot.deps import Deps
from bot.importing import import_export, unfinished
from bot.sample import STORY_LAST_DAY, load_sample, write_export
from bot.slack_export import open_export
from bot.topic_pass import run_pass
from tests.graph.conftest import NOW, Directory
from tests.graph.talk import delete, edit, graph, happen, message, react, surfaces, ts
from tests.graph.telling import as_events, bring, set_key, topics_of

ASK = message("UANNA", "How do I prune the old apple tree?", 1)
ANSWER = message("UBERT", "In winter, above an outward bud", 2, thread=1)
LATER = message("UCORA", "And never more than a third", 3, thread=1)
THANKS = message("UANNA", "Thanks, that helps!", 4, thread=1)
GONE = message("UDAVE", "How do I prune a rose?", 5)
STORY: list[dict[str, Any]] = [
    ASK,
    ANSWER,
    LATER,
    THANKS,
    GONE,
    edit(ANSWER, "In late winter, above an outward bud", 6),
    delete(GONE, 7),
    react(LATER, "UANNA", 8),
    react(ANSWER, "UANNA", 9, name="tada"),
    react(ANSWER, "UANNA", 10, name="tada", off=True),
]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(order=st.permutations(range(len(STORY))), again=st.lists(st.integers(0, 9)))
def test_any_order_and_any_repeats_end_in_the_same_graph(
    order: list[int],
    again: list[int],
    tmp_path_factory: pytest.TempPathFactory,
    deps_of: Callable[[Database], Deps],
) -> None:
    folder = tmp_path_factory.mktemp("order")
    orderly = open_database(f"sqlite:///{folder}/a.db")
    shuffled = open_database(f"sqlite:///{folder}/b.db")

    happen(deps_of(orderly), STORY)
    happen(deps_of(shuffled), [STORY[i] for i in [*order, *again]])

    assert graph(shuffled) == graph(orderly)
    orderly.close()
    shuffled.close()


def test_the_story_reads_as_a_person_would_tell_it(deps: Deps) -> None:
    happen(deps, STORY)

    held = graph(deps.database)

    assert held["questions"] == {("CPUB", ts(1), "UANNA")}
    who = {(user, kind) for _, _, user, kind, _, _ in held["evidence"]}
    assert who == {
        ("UANNA", "asked"),
        ("UBERT", "answered"),
        ("UCORA", "answered"),
        ("UCORA", "thanked"),
    }


@pytest.fixture
def export(tmp_path: Path) -> Path:
    sample = load_sample(STORY_LAST_DAY)
    target = tmp_path / "export.zip"
    write_export(target, until=sample.live_from, last_day=sample.last_day)
    return target


def test_an_import_and_the_same_messages_live_end_in_the_same_graph(
    export: Path,
    slack: Directory,
    tmp_path: Path,
    deps_of: Callable[[Database], Deps],
) -> None:
    imported = deps_of(open_database(f"sqlite:///{tmp_path}/imported.db"))
    live = deps_of(open_database(f"sqlite:///{tmp_path}/live.db"))
    team, events = as_events(export, slack)
    random.Random(7).shuffle(events)  # noqa: S311 - the same disorder each time
    set_key(imported, team)
    set_key(live, team)

    bring(imported, export)
    happen(live, events, team=team)
    run_pass(imported, team)
    run_pass(live, team)

    once = graph(imported.database, team=team)
    assert len(once["questions"]) > 100
    assert graph(live.database, team=team) == once
    assert surfaces(live.database, team=team) == surfaces(imported.database, team=team)
    assert len(topics_of(imported, team)) > 3
    assert topics_of(live, team) == topics_of(imported, team)
    imported.database.close()
    live.database.close()


def test_importing_again_changes_nothing(export: Path, deps: Deps) -> None:
    team = bring(deps, export)
    run_pass(deps, team)
    before = graph(deps.database, team=team), topics_of(deps, team)

    bring(deps, export)
    run_pass(deps, team)

    assert (graph(deps.database, team=team), topics_of(deps, team)) == before


def test_an_import_that_was_stopped_says_so_and_goes_on(
    export: Path, tmp_path: Path, deps_of: Callable[[Database], Deps]
) -> None:
    whole = deps_of(open_database(f"sqlite:///{tmp_path}/whole.db"))
    stopped = deps_of(open_database(f"sqlite:///{tmp_path}/stopped.db"))
    team = load_sample(STORY_LAST_DAY).team_id
    set_key(whole, team)
    set_key(stopped, team)

    def stop(done: int, of: int) -> None:
        if done == of // 2:
            raise KeyboardInterrupt

    with open_export(export) as opened, pytest.raises(KeyboardInterrupt):
        import_export(stopped, opened, now=NOW, progress=stop)
    with stopped.database.readers() as session:
        assert unfinished(session, team) == ["export.zip"]
    bring(stopped, export)
    bring(whole, export)

    assert graph(stopped.database, team=team) == graph(whole.database, team=team)
    with stopped.database.readers() as session:
        assert unfinished(session, team) == []
    whole.database.close()
    stopped.database.close()
