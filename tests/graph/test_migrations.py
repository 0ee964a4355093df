"""The schema and the models are one, both ways, on both databases."""

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.database import Database, alembic_config, migrate


def test_there_is_one_newest_schema(database: Database) -> None:
    with database.engine.connect() as connection:
        heads = ScriptDirectory.from_config(alembic_config(connection)).get_heads()

    assert len(heads) == 1


def test_the_migrated_schema_is_what_the_models_say(database: Database) -> None:
    with database.engine.begin() as connection:
        command.check(alembic_config(connection))


def test_migrating_back_leaves_nothing(database: Database) -> None:
    with database.engine.begin() as connection:
        command.downgrade(alembic_config(connection), "base")

    assert set(inspect(database.engine).get_table_names()) <= {"alembic_version"}


def test_migrating_again_changes_nothing(database: Database) -> None:
    before = set(inspect(database.engine).get_table_names())

    migrate(database.engine)

    assert set(inspect(database.engine).get_table_names()) == before
