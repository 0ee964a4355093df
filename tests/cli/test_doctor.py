"""`doctor` as it is typed, where hardly anything works."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml
from alembic import command

from bot.database import (
    alembic_config,
    make_engine,
    migrating,
    open_database,
    schema_of,
)
from bot.standin import LocalSlack
from tests.cli.test_run import ROOT

MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text())


def doctor(slack: LocalSlack, url: str, **more: str) -> tuple[int, list[Any], str]:
    environ = {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        "GRAPEVINE_DATABASE_URL": url,
        "GRAPEVINE_ENGINE": "none",
        **more,
    }
    done = subprocess.run(
        [sys.executable, "app.py", "doctor", "--json"],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    return done.returncode, json.loads(done.stdout or "[]"), done.stderr


def test_a_missing_scope_and_an_empty_workspace_are_found(tmp_path: Path) -> None:
    with LocalSlack(manifest=MANIFEST) as slack:
        slack.app.scopes.remove("users:read")
        status, checks, told = doctor(slack, f"sqlite:///{tmp_path}/g.db")

    assert status == 1, told
    found = {c["check"]: c for c in checks if not c["ok"]}
    assert set(found) == {"scopes", "channels"}
    assert found["scopes"]["detail"] == "missing: users:read"


def test_a_database_of_a_newer_release_is_found_and_the_rest_looked_at(
    tmp_path: Path,
) -> None:
    url = f"sqlite:///{tmp_path}/g.db"
    database = open_database(url)
    with database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num='9999'")
    database.close()

    with LocalSlack(manifest=MANIFEST) as slack:
        status, checks, _ = doctor(slack, url)

    assert status == 1
    assert [c["check"] for c in checks if not c["ok"]] == ["schema"]
    assert "9999, ahead of this release" in checks[0]["detail"]
    assert "token" in {c["check"] for c in checks}


def test_a_database_that_is_behind_is_found_and_left_as_it_is(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/g.db"
    engine = make_engine(url)
    with migrating(engine) as connection:
        command.upgrade(alembic_config(connection), "0008")
    with LocalSlack(manifest=MANIFEST) as slack:
        status, checks, _ = doctor(slack, url)

    assert status == 1
    assert [c["check"] for c in checks if not c["ok"]] == ["schema"]
    assert "0008, behind this release" in checks[0]["detail"]
    assert "start `run`" in checks[0]["fix"]
    with engine.connect() as connection:
        assert schema_of(connection) == "0008"
    engine.dispose()


def test_damaged_weights_are_found_and_the_rest_looked_at(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(b"not a model")
    (folder / "vocab.txt").write_text("[PAD]\n")

    with LocalSlack(manifest=MANIFEST) as slack:
        status, checks, told = doctor(
            slack, f"sqlite:///{tmp_path}/g.db", GRAPEVINE_ENGINE=f"onnx:{folder}"
        )

    assert status == 1, told
    assert [c["check"] for c in checks if not c["ok"]] == ["engine"], told
