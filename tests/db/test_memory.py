"""What is held in memory: new at once where that is quick, else soon."""

import pytest
from sqlalchemy import text

from bot.database import Database
from bot.graph import places
from bot.memory import Memories
from bot.text import Kind
from models import Workspace
from tests.db.conftest import NOW, TEAM


def revise(database: Database) -> None:
    with database.sessions.begin() as session:
        places.touch(session, TEAM)


def revisions(database: Database, memories: Memories) -> tuple[int, int]:
    """Of the memory given out, and of the database."""
    with database.readers() as session:
        held = memories.of(session, TEAM).revision
        return held, session.get_one(Workspace, TEAM).revision


def workspace(database: Database) -> None:
    with database.sessions.begin() as session:
        places.ensure_workspace(session, TEAM, now=NOW)


def test_a_memory_that_is_quick_to_build_is_never_old(database: Database) -> None:
    workspace(database)
    memories = Memories(None, quick_s=60.0)
    for _ in range(2):
        held, newest = revisions(database, memories)
        assert held == newest
        revise(database)


def test_a_memory_that_takes_long_is_given_out_while_the_next_is_built(
    database: Database,
) -> None:
    workspace(database)
    memories = Memories(None, quick_s=0.0, patience=0.0)
    before, _ = revisions(database, memories)
    revise(database)

    held, newest = revisions(database, memories)
    memories.wait()
    after, _ = revisions(database, memories)

    assert held == before < newest
    assert after == newest


def test_a_young_memory_is_not_built_anew(database: Database) -> None:
    workspace(database)
    memories = Memories(None, quick_s=0.0, patience=1e9)
    before, _ = revisions(database, memories)
    revise(database)
    revisions(database, memories)
    memories.wait()

    held, _ = revisions(database, memories)

    assert held == before


def test_a_workspace_that_was_removed_meanwhile_is_not_built(
    database: Database,
) -> None:
    workspace(database)
    memories = Memories(None, quick_s=0.0, patience=0.0)
    revisions(database, memories)
    with database.sessions.begin() as session:
        memories.of(session, TEAM)
        session.delete(session.get_one(Workspace, TEAM))
    with database.readers() as session:
        memories.of(session, TEAM)
        memories.wait()


def test_a_workspace_that_came_back_has_words_of_its_new_key(
    database: Database,
) -> None:
    workspace(database)
    memories = Memories(None, quick_s=0.0, patience=1e9)
    revisions(database, memories)
    with database.readers() as session:
        before = memories.hasher(session, TEAM)(Kind.WORD, "sourdough")

    # As another process does when the workspace takes Grapevine out.
    with database.sessions.begin() as session:
        session.delete(session.get_one(Workspace, TEAM))
    workspace(database)

    with database.readers() as session:
        after = memories.hasher(session, TEAM)(Kind.WORD, "sourdough")
        memory = memories.of(session, TEAM)
    assert after != before
    assert memory.hasher(Kind.WORD, "sourdough") == after


def test_a_database_that_fails_meanwhile_leaves_the_memory_before(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    workspace(database)
    memories = Memories(None, quick_s=0.0, patience=0.0)
    before, _ = revisions(database, memories)
    revise(database)
    with database.sessions.begin() as session:
        session.execute(text("ALTER TABLE messages RENAME TO elsewhere"))

    held, _ = revisions(database, memories)
    memories.wait()

    assert held == before
    assert "memory not built anew: OperationalError" in caplog.text
