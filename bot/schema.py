"""Look how a database's schema stands to this release, without changing anything."""

from dataclasses import dataclass
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from bot.checks import Check
from bot.database import (
    alembic_config,
    explain,
    make_engine,
    newest_schema,
    schema_of,
)

# Changing a table takes its owner, adding one the right to create in the schema.
# https://www.postgresql.org/docs/current/ddl-priv.html
_RIGHTS = text(
    "SELECT current_user,"
    " coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),"
    " (SELECT string_agg(DISTINCT tableowner, ', ') FROM pg_tables"
    "  WHERE schemaname = current_schema()"
    "  AND NOT pg_has_role(current_user, tableowner, 'MEMBER'))"
)

_START = "start `run` of this release once: it brings the schema up to date by itself"


@dataclass(frozen=True, slots=True)
class _Standing:
    """What was seen.

    Attributes:
        held: The revision the database is at; None before the first.
        newest: The newest that this release knows.
        is_known: Whether `held` is one of those it knows.
        hindrance: Why it cannot be changed; empty if it can.
    """

    held: str | None
    newest: str
    is_known: bool
    hindrance: str


def check_schema(url: str) -> Check:
    """Say whether a database is behind or ahead of this release, or as it should be.

    One that is not there yet, or empty, is well: the first start fills it.
    """
    if _is_missing(url):
        return Check(
            "schema", ok=True, detail="not there yet; the first start makes it"
        )
    try:
        seen = _look(url)
    except (SQLAlchemyError, ModuleNotFoundError, OSError) as error:
        fix = "nothing of the rest works before this is mended; then run `doctor` again"
        return Check("database", ok=False, detail=explain(url, error), fix=fix)
    return _judge(seen)


def _judge(seen: _Standing) -> Check:
    if seen.held == seen.newest:
        return Check("schema", ok=True, detail=f"{seen.held}, as this release has it")
    if not seen.is_known:
        detail = f"{seen.held}, ahead of this release, which knows up to {seen.newest}"
        fix = (
            "start the newer release, or restore a copy of the database from before it"
        )
        return Check("schema", ok=False, detail=detail, fix=fix)
    where = f"{seen.held}, behind this release, which has {seen.newest}"
    if seen.hindrance:
        at = where if seen.held else "empty"
        fix = f"give that right, or {_START}, with a user who has it"
        detail = f"{at}; it cannot be changed: {seen.hindrance}"
        return Check("schema", ok=False, detail=detail, fix=fix)
    if seen.held is None:
        return Check("schema", ok=True, detail="empty; the first start fills it")
    return Check("schema", ok=False, detail=where, fix=f"{_START}; then `doctor` again")


def _is_missing(url: str) -> bool:
    try:
        parsed = make_url(url)
    except SQLAlchemyError:
        return False
    file = parsed.database
    if parsed.get_backend_name() != "sqlite" or not file or file == ":memory:":
        return False
    return not Path(file).exists() and Path(file).parent.is_dir()


def _look(url: str) -> _Standing:
    engine = make_engine(url)
    try:
        readers = engine.execution_options(read_only=True)
        with readers.connect() as connection:
            held, newest = schema_of(connection), newest_schema(connection)
            scripts = ScriptDirectory.from_config(alembic_config(connection))
            known = {script.revision for script in scripts.walk_revisions()}
            is_known = held is None or held in known
            return _Standing(held, newest, is_known, _hindrance(connection))
    finally:
        engine.dispose()


def _hindrance(connection: Connection) -> str:
    if connection.dialect.name != "postgresql":
        return ""  # whoever may write a file may change its tables
    user, may_create, owners = connection.execute(_RIGHTS).one()
    if owners:
        return f"the tables belong to {owners}, and {user} is no member of that role"
    if not may_create:
        return f"{user} may create no tables there"
    return ""
