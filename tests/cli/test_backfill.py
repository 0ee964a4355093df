"""`backfill` as it is typed, and killed while it reads."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.database import open_database
from bot.standin import Channel, LocalSlack, RateLimits, User, Workspace
from tests.graph.talk import graph, message, ts

ROOT = Path(__file__).parents[2]
MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text())
TEAM = "T1"


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    said: dict[str, dict[str, Any]] = {}
    for i in range(60):
        asked = message("U1ANN", f"How do I prune tree number {i}?", i * 10)
        reply = message("U2BEN", "In winter", i * 10 + 1, thread=i * 10)
        asked |= {"thread_ts": ts(i * 10), "reply_count": 1}
        asked["latest_reply"] = reply["ts"]
        said |= {asked["ts"]: asked, reply["ts"]: reply}
    workspace = Workspace(
        id=TEAM,
        users=(User("U1ANN", "ann"), User("U2BEN", "ben")),
        channels=(Channel("C1", "garden", ["U1ANN", "U0BOT"], messages=said),),
    )
    with LocalSlack(workspace, manifest=MANIFEST) as slack:
        slack.rate_limits = RateLimits(
            per_minute={0: 9999, 1: 99, 2: 99, 3: 9999, 4: 999}
        )
        yield slack


def start(slack: LocalSlack, url: str, *options: str) -> "subprocess.Popen[str]":
    environ = os.environ | {
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_API_URL": slack.api_url,
        "GRAPEVINE_DATABASE_URL": url,
        "GRAPEVINE_ENGINE": "none",
    }
    command = [sys.executable, "app.py", "backfill", "--page", "15", *options]
    return subprocess.Popen(  # noqa: S603 - our own program
        command,
        cwd=ROOT,
        env=environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def threads(slack: LocalSlack) -> int:
    return sum(method == "conversations.replies" for method, _ in slack.calls)


def test_a_killed_backfill_goes_on_and_sums_up(
    slack: LocalSlack, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/graph.db"
    killed = start(slack, url, "--pace", "600")
    while threads(slack) < 10:
        assert killed.poll() is None, killed.communicate()
        time.sleep(0.01)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    before = threads(slack)

    done = start(slack, url, "--pace", "60000", "--json")
    out, err = done.communicate(timeout=120)

    assert done.returncode == 0, err
    summary = json.loads(out)
    assert summary["channels"] == ["garden"]
    assert summary["questions"] == summary["answers"] == 60
    # One thread at the most was asked for twice.
    assert before + summary["threads"] <= 61
    database = open_database(url)
    assert len(graph(database, team=TEAM)["messages"]) == 120
    database.close()
