"""`run` over Socket Mode as whoever operates it sees it, under load to the end."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import select

from bot.database import open_database
from bot.standin import Channel, LocalSlack, User, Workspace
from models import Event
from tests.cli.test_run import ROOT, free_port

MANIFEST = yaml.safe_load((ROOT / "manifest.yml").read_text())
ANN, BEN = "U1ANN", "U2BEN"
PLANTED = "zanzibarquux"


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    workspace = Workspace(
        users=(User(ANN, "ann"), User(BEN, "ben")),
        channels=(
            Channel("C1", "garden", [ANN, BEN, "U0BOT"]),
            Channel("C2", "out", [ANN, "U0BOT"], is_archived=True),
        ),
    )
    with LocalSlack(workspace, manifest=MANIFEST) as slack:
        slack.rate_limits = None
        yield slack


@dataclass
class Run:
    process: Any
    port: int
    url: str

    def get(self, path: str) -> tuple[int, str]:
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def metric(self, line: str) -> float:
        held = self.get("/metrics")[1].splitlines()
        found = [one for one in held if one.startswith(f"{line} ")]
        return float(found[0].rpartition(" ")[2]) if found else 0.0


@pytest.fixture
def run(slack: LocalSlack, tmp_path: Path) -> Iterator[Run]:
    port, url = free_port(), f"sqlite:///{tmp_path}/grapevine.db"
    environ = {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        "GRAPEVINE_DATABASE_URL": url,
        "GRAPEVINE_ENGINE": "none",
        "GRAPEVINE_HEALTH_PORT": str(port),
        "GRAPEVINE_LOG_FORMAT": "json",
        "GRAPEVINE_LOG_LEVEL": "DEBUG",
    }
    process = subprocess.Popen(
        [sys.executable, "app.py", "run"],
        cwd=ROOT,
        env=environ,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    slack.wait_connected(timeout_s=60)
    yield Run(process, port, url)
    if process.poll() is None:
        process.kill()
        process.communicate()


def wait_until(claim: Any) -> None:
    for _ in range(600):
        if claim():
            return
        time.sleep(0.05)
    raise AssertionError("it did not happen within half a minute")


def test_health_readiness_and_metrics_are_told(slack: LocalSlack, run: Run) -> None:
    slack.as_user(ANN).post("C1", f"Who knows about {PLANTED}?")
    wait_until(lambda: run.metric('grapevine_events_total{outcome="digested"}') == 1)

    assert run.get("/healthz") == (200, "ok\n")
    status, told = run.get("/readyz")
    assert status == 200
    assert {s["name"] for s in json.loads(told)["signs"]} == {"queue", "slack"}
    assert run.metric('grapevine_events_total{outcome="received"}') == 1
    assert run.metric("grapevine_digest_seconds_count") == 1
    called = 'grapevine_slack_calls_total{method="users.info",result="ok"}'
    assert run.metric(called) == 1
    slack.as_user(ANN).command("/grapevine", "help", "C1")
    for method in ("response_url", "apps.connections.open"):
        called = f'grapevine_slack_calls_total{{method="{method}",result="ok"}}'
        wait_until(lambda called=called: run.metric(called) == 1)
    assert run.metric("grapevine_database_up") == 1
    assert run.metric('grapevine_queue_events{state="waiting"}') == 0


def test_a_whole_run_writes_nobodys_words_and_no_token(
    slack: LocalSlack, run: Run
) -> None:
    ann = slack.as_user(ANN)
    asked = ann.post("C1", f"How do I open the {PLANTED}?")
    slack.as_user(BEN).post("C1", f"Turn the {PLANTED}", thread_ts=asked["ts"])
    ann.edit(asked, f"How do I open the {PLANTED} now?")
    ann.post("C1", f"<@U0BOT> who knows about {PLANTED}?")
    ann.dm(f"who knows about {PLANTED}?")
    ann.command("/who-knows", PLANTED, "C1")
    ann.command("/grapevine", f"{PLANTED} nonsense", "C1")
    ann.react(asked, "tada")
    slack.fail_next("chat.postMessage", "not_in_channel", times=3)
    ann.dm(f"and about {PLANTED} too?")
    ann.delete(asked)
    slack.settle()
    wait_until(lambda: run.metric('grapevine_queue_events{state="waiting"}') == 0)
    wait_until(lambda: run.metric('grapevine_queue_posts{state="waiting"}') == 0)
    metrics = run.get("/metrics")[1]

    run.process.send_signal(signal.SIGTERM)
    out, err = run.process.communicate(timeout=10)

    told = out + err + metrics
    assert run.process.returncode == 0
    assert PLANTED not in told
    for secret in (slack.app.bot_token, slack.app.app_token):
        assert secret not in told
    assert [line for line in err.splitlines() if line.startswith("{")] != []


def test_it_stops_within_ten_seconds_under_load_and_loses_nothing(
    slack: LocalSlack, run: Run
) -> None:
    stop = threading.Event()

    def talk() -> None:
        ann, i = slack.as_user(ANN), 0
        while not stop.is_set():
            ann.post("C1", f"Does anybody have a ladder, number {i}?")
            i += 1
            time.sleep(0.005)

    talking = threading.Thread(target=talk)
    talking.start()
    wait_until(lambda: run.metric('grapevine_events_total{outcome="received"}') > 50)
    began_s = time.monotonic()

    run.process.send_signal(signal.SIGTERM)
    run.process.communicate(timeout=15)
    took_s = time.monotonic() - began_s
    stop.set()
    talking.join()

    assert run.process.returncode == 0
    assert took_s < 10
    database = open_database(run.url)
    with database.readers() as session:
        held = set(session.scalars(select(Event.event_id)))
    database.close()
    acknowledged = {d.payload["event_id"] for d in slack.deliveries if d.acked}
    assert len(acknowledged) > 50
    assert acknowledged <= held
