"""Of many processes one renews a token, and one uses a state, on either database."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from sqlalchemy.exc import OperationalError

from bot import installations
from bot.database import Database, open_database
from bot.errors import SlackRefusedError
from bot.installations import Granted
from bot.tokens import _NOTE_AGAIN_S, LEASE, Tokens
from bot.vault import Vault, new_key

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KEY = new_key()
AT_ONCE = 6


@dataclass
class FakeOAuth:
    """Hands out tokens by number, and takes a while, as Slack does."""

    calls: list[str] = field(default_factory=list)
    meanwhile: Callable[[], object] = lambda: None

    def access(self, **arguments: str) -> dict[str, Any]:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        if arguments["refresh_token"] in self.calls:
            raise SlackRefusedError("oauth.v2.access", "invalid_refresh_token")
        self.calls.append(arguments["refresh_token"])
        threading.Event().wait(0.05)
        n = len(self.calls)
        return {
            "access_token": f"token-{n}",
            "refresh_token": f"refresh-{n}",
            "expires_in": 43_200,
        }


def at_once(work: Callable[[int], Any]) -> list[Any]:
    together = threading.Barrier(AT_ONCE)

    def begin(n: int) -> Any:
        together.wait()
        return work(n)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(begin, range(AT_ONCE)))


def test_one_of_many_processes_renews_a_token(database_url: str) -> None:
    processes = [open_database(database_url) for _ in range(AT_ONCE)]
    granted = Granted(
        "", "T1", "A1", "UBOT", "", "token-0", "refresh-0", NOW + timedelta(hours=1)
    )
    with processes[0].sessions.begin() as session:
        installations.save(session, Vault([KEY]), granted, now=NOW)
    oauth = FakeOAuth()
    tokens = [Tokens(one, Vault([KEY]), oauth, lambda: NOW) for one in processes]

    used = at_once(lambda n: tokens[n].of("T1").token)

    assert oauth.calls == ["refresh-0"]
    assert set(used) <= {"token-0", "token-1"}
    assert tokens[0].of("T1").token == "token-1"
    for one in processes:
        one.close()


def test_who_looked_before_another_renewed_does_not_renew_again(
    database: Database,
) -> None:
    granted = Granted(
        "", "T1", "A1", "UBOT", "", "token-0", "refresh-0", NOW + timedelta(hours=1)
    )
    with database.sessions.begin() as session:
        installations.save(session, Vault([KEY]), granted, now=NOW)
    oauth = FakeOAuth()
    other = Tokens(database, Vault([KEY]), oauth, lambda: NOW)

    def clock() -> datetime:  # asked between the look and the renewal
        if not oauth.calls:
            other.of("T1")
        return NOW

    held = Tokens(database, Vault([KEY]), oauth, clock).of("T1")

    assert oauth.calls == ["refresh-0"]
    assert held.token == "token-0"


def ending(database: Database) -> None:
    granted = Granted(
        "", "T1", "A1", "UBOT", "", "token-0", "refresh-0", NOW + timedelta(hours=1)
    )
    with database.sessions.begin() as session:
        installations.save(session, Vault([KEY]), granted, now=NOW)


def test_who_was_stopped_for_longer_than_its_lease_takes_what_another_fetched(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    ending(database)
    oauth = FakeOAuth()
    late = Tokens(database, Vault([KEY]), oauth, lambda: NOW + LEASE)
    oauth.meanwhile = lambda: late.of("T1")

    held = Tokens(database, Vault([KEY]), oauth, lambda: NOW).of("T1")

    assert held.token == "token-1"
    assert late.of("T1").token == "token-1"
    assert "install" not in caplog.text


def test_a_new_token_is_noted_though_the_database_was_away_just_then(
    database: Database,
) -> None:
    ending(database)
    oauth = FakeOAuth()
    away = Away(database.sessions)
    oauth.meanwhile = lambda: away.for_times(3)
    broken = replace(database, sessions=cast("Any", away))
    pauses: list[float] = []

    held = Tokens(broken, Vault([KEY]), oauth, lambda: NOW, pauses.append).of("T1")

    assert held.token == "token-1"
    assert len(pauses) == 3
    assert sum(_NOTE_AGAIN_S) < LEASE.total_seconds() - 30


@dataclass
class Away:
    """Sessions of a database that cannot be reached for some times."""

    sessions: Any
    times: int = 0

    def for_times(self, times: int) -> None:
        self.times = times

    def begin(self) -> Any:
        if self.times:
            self.times -= 1
            raise OperationalError("", {}, Exception())
        return self.sessions.begin()


def test_one_of_many_uses_a_state(database: Database) -> None:
    def use(_: int) -> bool:
        with database.sessions.begin() as session:
            return installations.spend_state(session, "state", until=NOW)

    assert sorted(at_once(use)) == [False] * (AT_ONCE - 1) + [True]


def test_a_workspace_that_joins_an_organisation_is_installed_once(
    database: Database,
) -> None:
    with database.sessions.begin() as session:
        for above in ("", "E1"):
            granted = Granted(above, "T1", "A1", "UBOT", "", f"t{above}", None, None)
            installations.save(session, Vault([KEY]), granted, now=NOW)

    tokens = Tokens(database, Vault([KEY]), FakeOAuth(), lambda: NOW)
    assert tokens.of("T1").token == "tE1"
    assert tokens.of("T1").enterprise_id == "E1"
