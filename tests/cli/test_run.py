"""`run` as a process: it serves, and stops when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from bot.standin import LocalSlack

ROOT = Path(__file__).parents[2]


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_until_healthy(port: int, process: "subprocess.Popen[str]") -> None:
    for _ in range(600):
        assert process.poll() is None
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise AssertionError("it did not serve within half a minute")


def start(slack: LocalSlack, folder: Path, *arguments: str, **more: str) -> Any:
    environ = {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": slack.api_url,
        "GRAPEVINE_DATABASE_URL": f"sqlite:///{folder}/grapevine.db",
        "GRAPEVINE_ENGINE": "none",
        **more,
    }
    return subprocess.Popen(  # noqa: S603 - ours
        [sys.executable, "app.py", "run", *arguments],
        cwd=ROOT,
        env=environ,
        text=True,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=str)
def test_it_stops_within_ten_seconds_of_being_told(
    tmp_path: Path, number: signal.Signals
) -> None:
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

        process.send_signal(number)
        told = process.communicate(timeout=10)[1]

    assert process.returncode == 0, told


def test_it_ends_with_the_reason_when_slack_switches_socket_mode_off(
    tmp_path: Path,
) -> None:
    with LocalSlack() as slack:
        process = start(
            slack,
            tmp_path,
            SLACK_BOT_TOKEN=slack.app.bot_token,
            SLACK_APP_TOKEN=slack.app.app_token,
        )
        slack.wait_connected(timeout_s=30)
        slack.disconnect("link_disabled")
        told = process.communicate(timeout=20)[1]

    assert process.returncode == 1
    assert "Slack has switched Socket Mode off for this app" in told
