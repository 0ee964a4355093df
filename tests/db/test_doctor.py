"""Each misconfiguration is caused, found, and its fix named."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient
from sqlalchemy import delete

from bot.checks import Check
from bot.credentials import Credentials
from bot.database import Database, make_engine, wrap
from bot.doctor import MAX_CLOCK_OFF, MAX_WAIT, Given, examine
from bot.graph import places
from bot.manifest import scopes
from bot.slack import WebSlack
from bot.standin import LocalSlack
from bot.surroundings import MIN_FREE_BYTES, check_machine
from models import (
    Backfill,
    Channel,
    Event,
    EventState,
    ImportRun,
    Post,
    PostState,
    RepeatBar,
    Schedule,
    Tuning,
    Workspace,
)
from tests.db.conftest import NOW

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())
SECRET = "0123456789abcdef" * 2
TEAM = "T0LOCAL"


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(manifest=MANIFEST) as slack:
        yield slack


@pytest.fixture
def healthy(database: Database) -> Database:
    """A database in which all is well."""
    with database.sessions.begin() as session:
        session.execute(delete(Workspace))
        workspace = places.ensure_workspace(session, TEAM, now=NOW)
        workspace.bot_user_id = "U0BOT"
        session.add(Channel(workspace_id=TEAM, id="C1", name="garden", is_joined=True))
        session.add(a_schedule())
    return database


def a_schedule(**more: Any) -> Schedule:
    told = {
        "workspace_id": TEAM,
        "channel_id": "C1",
        "time": "09:00",
        "days": "mon",
        "zone": "Europe/Paris",
        "pack": "learning-together",
        "is_paused": False,
        "created_by": "U1",
        "created_at": NOW,
    }
    return Schedule(**(told | more))


def a_post(**more: Any) -> Post:
    told = {"workspace_id": TEAM, "key": "k", "method": "chat.postMessage"}
    return Post(**(told | {"created_at": NOW, "due_at": NOW} | more))


def an_event(**more: Any) -> Event:
    told = {"workspace_id": TEAM, "event_id": "Ev1", "kind": "message"}
    return Event(**(told | {"received_at": NOW, "due_at": NOW} | more))


def given(slack: LocalSlack, **more: Any) -> Given:
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    app = WebSlack(WebClient(slack.app.app_token, base_url=slack.api_url))
    server_time: Callable[[], datetime | None] = more.pop("server_time", lambda: NOW)
    credentials = Credentials(
        bot_token=slack.app.bot_token,
        app_token=slack.app.app_token,
        signing_secret=SECRET,
        slack=WebSlack(client),
        granted=lambda: client.auth_test().headers["x-oauth-scopes"].split(","),
        open_connection=lambda: app.call("apps.connections.open", {}),
    )
    return Given(replace(credentials, **more), server_time)


def ill(database: Database, told: Given) -> dict[str, Check]:
    """What is not well."""
    checks = examine(database, told, now=NOW)
    for check in checks:
        assert check.ok != bool(check.fix), check
    return {check.check: check for check in checks if not check.ok}


def test_nothing_is_found_where_all_is_well(
    healthy: Database, slack: LocalSlack
) -> None:
    assert ill(healthy, given(slack)) == {}


@pytest.mark.parametrize(
    ("more", "check", "detail", "fix"),
    [
        ({"bot_token": ""}, "token", "not set", "OAuth & Permissions"),
        ({"bot_token": "xapp-1"}, "token", "an app-level token", "xoxb-"),
        ({"bot_token": "xoxp-1"}, "token", "a user token", "xoxb-"),
        ({"bot_token": "secret"}, "token", "no token of Slack's", "xoxb-"),
        (
            {"app_token": "", "signing_secret": ""},
            "app token",
            "not set",
            "connections:write",
        ),
        ({"app_token": "xoxb-1"}, "app token", "a bot token", "xapp-"),
        ({"signing_secret": "xoxb-1"}, "signing secret", "a bot token", "Basic"),
        ({"signing_secret": "short"}, "signing secret", "32 hex", "Basic"),
    ],
)
def test_what_is_in_the_wrong_place_is_named(  # noqa: PLR0913, PLR0917
    healthy: Database,
    slack: LocalSlack,
    more: dict[str, str],
    check: str,
    detail: str,
    fix: str,
) -> None:
    found = ill(healthy, given(slack, **more))

    assert set(found) == {check}
    assert detail in found[check].detail
    assert fix in found[check].fix


def test_it_tells_how_far_votes_have_moved_what_is_said(
    healthy: Database, slack: LocalSlack
) -> None:
    def told() -> str:
        checks = examine(healthy, given(slack), now=NOW)
        (found,) = (c for c in checks if c.check == "ranking")
        return found.detail

    before = told()
    learnt = {"workspace_id": TEAM, "votes": 9, "at": NOW}
    with healthy.sessions.begin() as session:
        session.add(RepeatBar(**learnt, surer=-0.62))
        session.add(Tuning(**learnt, feature="topic", factor=1.12))

    assert before == "weights as shipped"
    assert told() == "moved by votes: topic +12%, asked before -0.6"


def test_without_an_app_token_http_remains(
    healthy: Database, slack: LocalSlack
) -> None:
    checks = examine(healthy, given(slack, app_token=""), now=NOW)

    (told,) = (c for c in checks if c.check == "app token")
    assert told.ok
    assert "--http" in told.detail


def test_a_revoked_token_is_found(healthy: Database, slack: LocalSlack) -> None:
    slack.revoke(slack.app.bot_token)

    found = ill(healthy, given(slack))

    assert "reinstall" in found["token"].fix


def test_a_token_of_another_workspace_is_found(
    healthy: Database, slack: LocalSlack
) -> None:
    with healthy.sessions.begin() as session:
        session.get_one(Workspace, TEAM).bot_user_id = None
        places.ensure_workspace(session, "T9OTHER", now=NOW).bot_user_id = "U9"

    found = ill(healthy, given(slack))

    assert (
        f"for Local ({TEAM}), and the database holds T9OTHER" in found["token"].detail
    )


@pytest.mark.parametrize("scope", scopes("bot"))
def test_a_missing_scope_is_named(
    healthy: Database, slack: LocalSlack, scope: str
) -> None:
    slack.app.scopes.remove(scope)

    found = ill(healthy, given(slack))

    assert found["scopes"].detail == f"missing: {scope}"
    assert "manifest.yml" in found["scopes"].fix


def test_an_app_token_without_its_scope_is_found(
    healthy: Database, slack: LocalSlack
) -> None:
    slack.app.app_scopes.clear()

    found = ill(healthy, given(slack))

    assert found["app token"].detail == "it lacks connections:write"


@pytest.mark.parametrize("sign", [1, -1])
def test_a_clock_that_is_off_is_found(
    healthy: Database, slack: LocalSlack, sign: int
) -> None:
    off = sign * (MAX_CLOCK_OFF + timedelta(seconds=1))

    found = ill(healthy, given(slack, server_time=lambda: NOW + off))

    assert "NTP" in found["clock"].fix


def spoil_channel(**changes: Any) -> Callable[[Any], None]:
    def spoil(session: Any) -> None:
        for name, value in changes.items():
            setattr(session.get_one(Channel, (TEAM, "C1")), name, value)

    return spoil


ADDED = {
    "an event waits": (
        an_event(due_at=NOW - MAX_WAIT - timedelta(seconds=1)),
        "worker",
        "start `run`",
    ),
    "an event is set aside": (
        an_event(state=EventState.SET_ASIDE),
        "worker",
        "events retry",
    ),
    "a post was refused": (
        a_post(state=PostState.FAILED, error="not_in_channel"),
        "posts",
        "invite",
    ),
    "an import stopped": (
        ImportRun(workspace_id=TEAM, fingerprint="f", name="e.zip", started_at=NOW),
        "imports",
        "`import`",
    ),
    "a backfill stopped": (
        Backfill(
            workspace_id=TEAM,
            channel_id="C1",
            started_at=NOW,
            newest_ts="2",
            oldest_ts="0",
            position_ts="1",
        ),
        "imports",
        "`backfill`",
    ),
    "a schedule's channel is unknown": (
        a_schedule(channel_id="C7"),
        "schedules",
        "/invite",
    ),
    "a schedule's zone is unknown": (
        a_schedule(channel_id="C1", zone="Mars/Olympus"),
        "time zones",
        "tzdata",
    ),
}


@pytest.mark.parametrize("name", ADDED)
def test_what_lies_in_the_database_undone_is_found(
    healthy: Database, slack: LocalSlack, name: str
) -> None:
    row, check, fix = ADDED[name]
    with healthy.sessions.begin() as session:
        if isinstance(row, Schedule):
            session.execute(delete(Schedule))
        held = {k: v for k, v in vars(row).items() if not k.startswith("_")}
        session.add(type(row)(**held))

    found = ill(healthy, given(slack))

    assert set(found) == {check}
    assert fix in found[check].fix


@pytest.mark.parametrize("change", [{"is_joined": False}, {"is_archived": True}])
def test_a_schedule_whose_channel_is_closed_to_us_is_found(
    healthy: Database, slack: LocalSlack, change: dict[str, bool]
) -> None:
    with healthy.sessions.begin() as session:
        spoil_channel(**change)(session)

    found = ill(healthy, given(slack))

    assert "#garden" in found["schedules"].detail


def test_a_full_disk_is_found(healthy: Database) -> None:
    checks = check_machine(healthy, free=lambda _: MIN_FREE_BYTES - 1)

    assert [c.check for c in checks if not c.ok] == ["disk"]


def test_a_network_file_system_is_found(healthy: Database, tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text("host:/x / nfs4 rw 0 0\n")

    checks = check_machine(healthy, mounts=mounts)

    assert [c.check for c in checks if not c.ok] == ["file system"]


def test_a_database_that_cannot_be_written_is_found(healthy: Database) -> None:
    file = healthy.engine.url.database
    reading = wrap(make_engine(f"sqlite:///file:{file}?mode=ro&uri=true"))

    checks = check_machine(reading, free=lambda _: MIN_FREE_BYTES)
    reading.close()

    assert [c.check for c in checks if not c.ok] == ["writing"]
