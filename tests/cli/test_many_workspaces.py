"""Many workspaces, as whoever runs Grapevine sets them up."""

import io
import os
import signal
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app import take_environ
from bot.database import open_database
from bot.installations import Granted, save
from bot.standin import LocalSlack
from bot.vault import Vault, new_key
from handlers.cli import run_command_line
from handlers.cli.runtime import Runtime
from models import Departure, Installation
from tests.cli.test_run import free_port, start, wait_until_healthy

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
KEY, NEXT = new_key(), new_key()


def run(folder: Path, *arguments: str, **settings: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    environ = {
        "GRAPEVINE_DATABASE_URL": f"sqlite:///{folder}/grapevine.db",
        "GRAPEVINE_ENGINE": "none",
        **settings,
    }
    runtime = Runtime(environ, lambda: NOW, out, err, folder)
    return run_command_line([*arguments], runtime), out.getvalue(), err.getvalue()


def installed(folder: Path, token: str, scopes: str = "") -> None:
    database = open_database(f"sqlite:///{folder}/grapevine.db")
    granted = Granted("", "T0LOCAL", "A1", "U0BOT", scopes, token, None, None)
    with database.sessions.begin() as session:
        save(session, Vault([KEY]), granted, now=NOW)
    database.close()


def many(slack: LocalSlack, key: str = KEY) -> dict[str, str]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_CLIENT_ID": slack.app.client_id,
        "SLACK_CLIENT_SECRET": slack.app.client_secret,
        "SLACK_SIGNING_SECRET": slack.app.signing_secret,
        "GRAPEVINE_ENCRYPTION_KEY": key,
    }


def test_a_new_key_is_a_key(tmp_path: Path) -> None:
    status, out, _ = run(tmp_path, "new-key")

    assert status == 0
    assert Vault([out.strip()]).open(Vault([out.strip()]).seal("x")) == "x"


def test_tokens_are_sealed_anew(tmp_path: Path) -> None:
    installed(tmp_path, "xoxb-1")
    both = {"GRAPEVINE_ENCRYPTION_KEY": f"{NEXT},{KEY}"}

    status, _, told = run(tmp_path, "rotate-keys", **both)

    assert status == 0
    assert "1 installation is sealed" in told
    database = open_database(f"sqlite:///{tmp_path}/grapevine.db")
    with database.readers() as session:
        held = session.get_one(Installation, ("", "T0LOCAL"))
    database.close()
    assert Vault([NEXT]).open(held.token) == "xoxb-1"


@pytest.mark.parametrize("command", [["rotate-keys"], ["run", "--http"]])
def test_a_lost_key_is_said_before_anything_starts(
    tmp_path: Path, command: list[str]
) -> None:
    installed(tmp_path, "xoxb-1")
    with LocalSlack() as slack:
        status, _, told = run(tmp_path, *command, **many(slack, NEXT))

    assert status == 1
    assert "put back the key" in told
    assert "xoxb-1" not in told


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        pytest.param({"SLACK_BOT_TOKEN": "xoxb-1"}, "unset one", id="both"),
        pytest.param({"SLACK_CLIENT_SECRET": ""}, "CLIENT_SECRET is not", id="secret"),
        pytest.param({"GRAPEVINE_ENCRYPTION_KEY": ""}, "new-key", id="key"),
        pytest.param({"GRAPEVINE_ENCRYPTION_KEY": "x"}, "no key", id="no key"),
        pytest.param({"SLACK_SIGNING_SECRET": ""}, "SIGNING_SECRET is not", id="sign"),
    ],
)
def test_a_setting_that_is_wrong_is_named(
    tmp_path: Path, changed: dict[str, str], told: str
) -> None:
    with LocalSlack() as slack:
        settings = {**many(slack), **changed}
        status, _, said = run(tmp_path, "run", "--http", **settings)

    assert status == 1
    assert told in said


def test_the_doctor_looks_at_every_workspace(tmp_path: Path) -> None:
    with LocalSlack() as slack:
        installed(tmp_path, slack.app.bot_token, scopes="chat:write")
        _, out, _ = run(tmp_path, "doctor", **many(slack))
        assert "ok  encryption key: opens 1 installation" in out
        assert "ok  tokens: 1 of 1 tried, all work" in out
        assert "!!  scopes: T0LOCAL: app_mentions:read" in out

        slack.revoke(slack.app.bot_token)
        _, out, _ = run(tmp_path, "doctor", **many(slack))
        assert "!!  tokens: T0LOCAL: " in out
        assert "/slack/install" in out

        _, out, _ = run(tmp_path, "doctor", **many(slack, NEXT))
        assert "!!  encryption key: " in out
        _, out, _ = run(tmp_path, "doctor", **many(slack, ""))
        assert "!!  settings: GRAPEVINE_ENCRYPTION_KEY is not set" in out


def test_who_works_for_hours_goes_on_with_the_next_token(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/grapevine.db"
    with LocalSlack() as slack:
        installed(tmp_path, slack.app.bot_token)
        environ = {**many(slack), "GRAPEVINE_ENGINE": "none"}
        runtime = Runtime(environ, lambda: NOW, io.StringIO(), io.StringIO(), tmp_path)
        with runtime.deps(url) as deps:
            reading = deps.slack_of("T0LOCAL")
            assert reading.call("auth.test", {})["ok"]

            slack.revoke(slack.app.bot_token)
            slack.app.bot_token = "xoxb-next"
            installed(tmp_path, "xoxb-next")

            assert reading.call("auth.test", {})["ok"]


def test_it_serves_the_page_to_install_it_and_stops(tmp_path: Path) -> None:
    port = free_port()
    with LocalSlack() as slack:
        process = start(slack, tmp_path, "--http", f"--port={port}", **many(slack))
        wait_until_healthy(port, process)

        class Stay(urllib.request.HTTPRedirectHandler):
            def redirect_request(self, *_: Any, **__: Any) -> None:
                return None

        opener = urllib.request.build_opener(Stay)
        with pytest.raises(urllib.error.HTTPError) as answer:
            opener.open(f"http://127.0.0.1:{port}/slack/install", timeout=5)
        where = answer.value.headers["Location"]
        answer.value.close()
        process.send_signal(signal.SIGTERM)
        told = process.communicate(timeout=10)[1]

    assert where.startswith(f"{slack.world.base_url}/oauth/v2/authorize?client_id=1.2")
    assert process.returncode == 0, told
    assert slack.app.client_secret not in told


def test_a_working_bot_token_brings_a_workspace_back(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/grapevine.db")
    with database.sessions.begin() as session:
        session.add(Departure(team_id="T0LOCAL", left_at=NOW))
    port = free_port()
    with LocalSlack() as slack:
        process = start(
            slack,
            tmp_path,
            "--http",
            f"--port={port}",
            SLACK_BOT_TOKEN=slack.app.bot_token,
            SLACK_SIGNING_SECRET=slack.app.signing_secret,
        )
        wait_until_healthy(port, process)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=10)

    with database.readers() as session:
        assert session.get_one(Departure, "T0LOCAL").returned_at is not None
    database.close()


def test_a_bot_token_that_slack_does_not_know_is_said_at_the_start(
    tmp_path: Path,
) -> None:
    with LocalSlack() as slack:
        status, _, told = run(
            tmp_path,
            "run",
            SLACK_API_URL=slack.api_url,
            SLACK_BOT_TOKEN="xoxb-wrong",
            SLACK_APP_TOKEN=slack.app.app_token,
        )

    assert status == 1
    assert "does not let Grapevine in (invalid_auth)" in told


def test_nothing_of_slacks_is_left_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")

    taken = take_environ()

    assert taken["SLACK_CLIENT_ID"] == "1.2"
    assert not [name for name in os.environ if name.startswith("SLACK_")]
