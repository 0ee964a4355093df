"""The schema and the models are one, both ways, on both databases, with data in it."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Engine,
    MetaData,
    String,
    create_engine,
    func,
    inspect,
    make_url,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from bot.database import (
    Database,
    alembic_config,
    make_engine,
    migrate,
    migrating,
    newest_schema,
    open_database,
    schema_of,
)
from bot.deps import Deps
from bot.errors import DatabaseUnusableError
from bot.finding import Asked, find_who_knows
from bot.graph.listings import list_topics
from bot.memory import Memories
from bot.personal_data import forget_person
from bot.schema import check_schema
from models import Event, EventState, Topic
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import make_worker

RELEASES = Path(__file__).parent / "releases"
SCHEMAS = sorted({path.name.partition(".")[0] for path in RELEASES.glob("*.sql")})


def rows(engine: Engine) -> dict[str, set[tuple[Any, ...]]]:
    """Every row there is, by table, as comparable values."""
    held = MetaData()
    held.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: {
                tuple(sorted((k, repr(v)) for k, v in row.items()))
                for row in connection.execute(select(table)).mappings()
            }
            for table in held.sorted_tables
            if table.name != "alembic_version"
        }


def revision(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return schema_of(connection)


def go_to(engine: Engine, schema: str) -> None:
    with migrating(engine) as connection:
        command.downgrade(alembic_config(connection), schema)


@dataclass(frozen=True, slots=True)
class Released:
    """A database as a release left it, not opened since."""

    url: str
    schema: str
    engine: Engine


@pytest.fixture(params=SCHEMAS)
def released(request: pytest.FixtureRequest, database_url: str) -> Iterator[Released]:
    engine = make_engine(database_url)
    script = (RELEASES / f"{request.param}.{engine.dialect.name}.sql").read_text()
    raw: Any = engine.raw_connection()
    if engine.dialect.name == "sqlite":
        raw.driver_connection.executescript(f"PRAGMA foreign_keys=OFF;{script}")
    else:
        raw.driver_connection.execute(script)
    raw.commit()
    raw.close()
    engine.dispose()
    yield Released(database_url, request.param, engine)
    engine.dispose()


def test_there_is_one_newest_schema(database: Database) -> None:
    with database.engine.connect() as connection:
        heads = ScriptDirectory.from_config(alembic_config(connection)).get_heads()

    assert len(heads) == 1


def test_the_migrated_schema_is_what_the_models_say(database: Database) -> None:
    with database.engine.begin() as connection:
        command.check(alembic_config(connection))


def test_migrating_back_leaves_nothing(database: Database) -> None:
    go_to(database.engine, "base")

    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = set(inspect(database.engine).get_table_names())

    migrate(database.engine)

    assert set(inspect(database.engine).get_table_names()) == before


def test_a_released_database_has_a_row_in_every_table(released: Released) -> None:
    assert [name for name, held in rows(released.engine).items() if not held] == []


def test_a_released_database_is_upgraded_with_everything_in_it(
    released: Released,
) -> None:
    before = rows(released.engine)

    database = open_database(released.url)

    with database.engine.begin() as connection:
        command.check(alembic_config(connection))
        assert schema_of(connection) == newest_schema(connection)
    after = rows(database.engine)
    for name, held in before.items():
        kept = {column for row in held for column, _ in row}
        now = {tuple((k, v) for k, v in row if k in kept) for row in after[name]}
        assert now == held, name
    database.close()


def test_an_upgraded_database_works(released: Released, slack: Directory) -> None:
    database = open_database(released.url)
    deps = Deps(database, Memories(None), lambda _: slack, lambda: NOW)
    asked = Asked(TEAM, "setting up a hand plane", None, None, NOW, 3)

    make_worker(deps).drain()  # an event was waiting
    with database.readers() as session:
        assert set(session.scalars(select(Event.state))) == {EventState.DONE}
        topics = {topic["label"] for topic in list_topics(session, TEAM)}
    found = find_who_knows(deps, asked)
    with database.sessions.begin() as session:
        removed = forget_person(session, TEAM, "UBERT")
    forgotten = find_who_knows(deps, asked)

    assert topics == {"Hand plane"}
    assert [person.user_id for person in found.people] == ["UBERT"]
    assert removed["answers"] == 4
    assert forgotten.people == ()
    database.close()


def test_an_upgraded_database_numbers_new_rows_on(released: Released) -> None:
    database = open_database(released.url)

    with database.sessions.begin() as session:
        session.add(Topic(workspace_id=TEAM, label="New", created_at=NOW))

    with database.readers() as session:
        assert session.scalar(select(func.count()).select_from(Topic)) == 2
    database.close()


def test_an_upgrade_can_be_taken_back_and_made_again(released: Released) -> None:
    before = rows(released.engine)
    database = open_database(released.url)

    go_to(database.engine, released.schema)
    back = rows(database.engine)
    migrate(database.engine)

    assert back == before
    with database.engine.begin() as connection:
        command.check(alembic_config(connection))
    database.close()


def test_a_table_that_is_rewritten_takes_no_other_with_it(released: Released) -> None:
    before = rows(released.engine)

    with migrating(released.engine) as connection:
        changed = Operations(MigrationContext.configure(connection))
        with changed.batch_alter_table("workspaces") as table:
            table.alter_column("name", type_=String(500))

    assert rows(released.engine) == before


def test_a_change_that_leaves_loose_ends_is_undone(released: Released) -> None:
    if released.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL refuses it at once")
    before = rows(released.engine)

    with (
        pytest.raises(DatabaseUnusableError, match="undone"),
        migrating(released.engine) as connection,
    ):
        connection.execute(text("DELETE FROM topics"))

    assert rows(released.engine) == before


def test_foreign_keys_hold_again_after_a_migration(released: Released) -> None:
    database = open_database(released.url)

    with pytest.raises(IntegrityError), database.engine.begin() as connection:
        connection.execute(text("UPDATE questions SET topic_id = 77"))

    database.close()


STARTED = """
import sys
from bot.database import open_database
sys.stdin.readline()
open_database(sys.argv[1]).close()
"""


def start_at_once(url: str, processes: int = 3) -> list[str]:
    """Open a database in several processes at the same moment; their complaints."""
    started = [
        subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", STARTED, url],
            stdin=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        for _ in range(processes)
    ]
    for one in started:
        assert one.stdin
        one.stdin.write("go\n")
        one.stdin.flush()
    return [one.communicate(timeout=60)[1] for one in started]


def test_processes_that_start_at_once_make_one_schema(database_url: str) -> None:
    complaints = start_at_once(database_url)

    engine = make_engine(database_url)
    assert complaints == [""] * 3
    with engine.begin() as connection:
        command.check(alembic_config(connection))
    engine.dispose()


def test_processes_that_start_at_once_upgrade_once(released: Released) -> None:
    before = {name: len(held) for name, held in rows(released.engine).items()}
    released.engine.dispose()

    complaints = start_at_once(released.url)

    assert complaints == [""] * 3
    after = rows(released.engine)
    assert {name: len(after[name]) for name in before} == before


def test_a_schema_of_a_newer_release_is_refused_in_words(
    database: Database, database_url: str
) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseUnusableError, match=r"schema 9999.*a newer one"):
        open_database(database_url)

    assert revision(database.engine) == "9999"


def test_a_schema_is_looked_at_before_anything_is_changed(database_url: str) -> None:
    engine = make_engine(database_url)
    assert "first start" in check_schema(database_url).detail
    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")

    behind = check_schema(database_url)

    assert not behind.ok
    assert behind.detail.startswith("0001, behind this release")
    assert revision(engine) == "0001"
    migrate(engine)
    assert check_schema(database_url).ok
    engine.dispose()


def test_a_user_without_the_right_to_change_tables_is_named(postgres: str) -> None:
    owner = make_url(postgres).set(drivername="postgresql+psycopg")
    admin = create_engine(owner, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE narrow"))
        connection.execute(text("CREATE ROLE guest LOGIN"))
    engine = make_engine(owner.set(database="narrow").render_as_string())
    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO guest"))
    url = owner.set(database="narrow", username="guest").render_as_string()

    found = check_schema(url)
    with pytest.raises(DatabaseUnusableError) as refused:
        open_database(url)

    assert not found.ok
    assert "guest is no member of that role" in found.detail
    assert "with a user who has it" in found.fix
    assert "the right to create and change tables" in str(refused.value)
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE narrow WITH (FORCE)"))
        connection.execute(text("DROP ROLE guest"))
    admin.dispose()
