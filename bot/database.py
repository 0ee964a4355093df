"""Open the database: one file of SQLite, or PostgreSQL; always migrated."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from bot.errors import DatabaseUnusableError
from bot.turns_at_writing import take_turns

DEFAULT_URL = "sqlite:///grapevine.db"

# A writer waits this long for another before it gives up: an import writes in
# transactions of a second or less.
BUSY_TIMEOUT_MS = 20_000

# PostgreSQL's code for a right that is not there.
_MAY_NOT = "42501"

# Names the lock under which one process migrates while others wait. Any number
# will do that nothing else in the database uses.
_MIGRATION_LOCK = 0x67726170

_ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Database:
    """An open database.

    Attributes:
        engine: For maintenance; everything else goes through the sessions.
        sessions: Sessions that may write. On SQLite each takes the one write
            lock when it begins, so it never fails halfway for want of it.
        readers: Sessions that only read; on SQLite they never wait.
    """

    engine: Engine
    sessions: sessionmaker[Session]
    readers: sessionmaker[Session]

    @property
    def is_sqlite(self) -> bool:
        """Whether this is the embedded database."""
        return self.engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def open_database(url: str = DEFAULT_URL) -> Database:
    """Open, and bring to the newest schema, the database at a URL.

    Raises:
        DatabaseUnusableError: The URL is wrong, nothing can be opened there, or a
            newer Grapevine has been there before.
    """
    try:
        engine = make_engine(url)
        _migrate_or_close(engine)
    except (SQLAlchemyError, ModuleNotFoundError, OSError) as error:
        raise DatabaseUnusableError(explain(url, error)) from error
    return wrap(engine)


def _migrate_or_close(engine: Engine) -> None:
    try:
        migrate(engine)
    except BaseException:
        engine.dispose()
        raise


def wrap(engine: Engine) -> Database:
    """Give an engine its two kinds of session."""
    return Database(
        engine=engine,
        sessions=sessionmaker(engine, expire_on_commit=False),
        readers=sessionmaker(
            engine.execution_options(read_only=True), expire_on_commit=False
        ),
    )


def make_engine(url: str) -> Engine:
    """Make an engine, with SQLite set up for several threads and processes."""
    parsed = make_url(url)
    if parsed.drivername in ("postgres", "postgresql"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() != "sqlite":
        # hide_parameters: an error that is logged must not tell what people wrote.
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        parsed,
        connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        hide_parameters=True,
        json_serializer=_write_json,
        json_deserializer=_read_json,
    )
    event.listen(engine, "connect", _set_up_sqlite)
    take_turns(engine, _begin_sqlite, timeout_s=BUSY_TIMEOUT_MS / 1000)
    return engine


# Nearly every list that is written or read is empty (`mentions`), and the way
# through `json` takes a tenth as long as the row.
def _write_json(value: object) -> str:
    return "[]" if value == [] else json.dumps(value)


def _read_json(written: str) -> object:
    return [] if written == "[]" else json.loads(written)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - the driver's own
    # The driver would open transactions late and commit behind our back.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # Survives a killed process; a power cut may cost the last moments.
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reads = connection.get_execution_options().get("read_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


# Source: SQLite, "How To Corrupt An SQLite Database File", 2.1: locks that
# network file systems only pretend to take. Names as the kernel lists them.
_NETWORK = frozenset(
    {
        "9p",
        "ceph",
        "cifs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "lustre",
        "nfs",
        "nfs4",
        "smb3",
        "smbfs",
        "virtiofs",
    }
)


def network_folder(
    database: Database, *, mounts: Path = Path("/proc/mounts")
) -> str | None:
    """Find the network file system that a SQLite database lies on.

    Args:
        database: Of either kind.
        mounts: Where the kernel lists what is mounted; without it nothing is known.

    Returns:
        Where it is mounted; None if the file is on a local disk, or PostgreSQL.
    """
    file = database.engine.url.database if database.is_sqlite else None
    if not file or file == ":memory:" or not mounts.exists():
        return None
    path = Path(file).resolve()
    listed = [line.split()[1:3] for line in mounts.read_text("utf-8").splitlines()]
    around = [(m, kind) for m, kind in listed if path.is_relative_to(m)]
    folder, kind = max(around, key=lambda one: len(one[0]), default=("", ""))
    return folder if kind in _NETWORK else None


def migrate(engine: Engine) -> None:
    """Bring the schema up to date; of several processes one does it.

    Raises:
        DatabaseUnusableError: The schema is newer than this program.
    """
    with migrating(engine) as connection:
        _refuse_newer(connection)
        command.upgrade(alembic_config(connection), "head")


@contextmanager
def migrating(engine: Engine) -> Iterator[Connection]:
    """Open one transaction in which the schema may be changed, others waiting.

    SQLite alters a table by copying it and dropping the old one, and dropping one
    deletes its rows, and with them whatever refers to them. So its foreign keys are
    off for as long, and looked at before the end.
    https://www.sqlite.org/lang_altertable.html#otheralter

    Raises:
        DatabaseUnusableError: A row would refer to nothing; all is undone.
    """
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            raw: Any = connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")  # no effect within a transaction
            # Whoever takes this connection next wants them on.
            connection.detach()
        else:
            connection.execute(
                text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK}
            )
        yield connection
        _check_foreign_keys(connection)
        connection.commit()


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name != "sqlite":
        return  # they were never off
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        raise DatabaseUnusableError(
            f"the change of the schema was undone: a row of {broken[0]} would refer "
            f"to a row of {broken[2]} that is not there. Keep the file, and report it."
        )


def _refuse_newer(connection: Connection) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    held = schema_of(connection)
    if held is None or held in {script.revision for script in scripts.walk_revisions()}:
        return
    raise DatabaseUnusableError(
        f"the database has schema {held}, and this Grapevine knows schemas up to "
        f"{newest_schema(connection)}: a newer one has been here. Start that one, or "
        "restore a copy from before it."
    )


def schema_of(connection: Connection) -> str | None:
    """The revision a database is at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_schema(connection: Connection) -> str:
    """The newest revision that this program knows."""
    scripts = ScriptDirectory.from_config(alembic_config(connection))
    return str(scripts.get_current_head())


def alembic_config(connection: Connection) -> Config:
    """Alembic's settings, bound to an open connection."""
    config = Config(toml_file=_ROOT / "pyproject.toml")
    config.attributes["connection"] = connection
    return config


def explain(url: str, error: Exception) -> str:
    """Say in one line why a database cannot be used, and what to look at."""
    shown = url if isinstance(error, ArgumentError) else make_url(url)
    cause = error.orig if isinstance(error, DBAPIError) else error
    first_line = str(cause).strip().partition("\n")[0]
    look_at = (
        "Give its user the right to create and change tables, or start this release "
        "once with a user who has it."
        if getattr(cause, "sqlstate", None) == _MAY_NOT
        else "Check --database or GRAPEVINE_DATABASE_URL, that its folder exists and "
        "is writable, and that the disk is not full."
    )
    return f"the database {shown!s} cannot be used: {first_line}. {look_at}"
