"""The whole app over Socket Mode, against the local Slack with our manifest."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_bolt import App
from slack_sdk import WebClient

from bot.database import open_database
from bot.deps import Deps
from bot.memory import Memories
from bot.slack import WebSlack
from bot.standin import Channel, LocalSlack, Pace, Payload, Person, User, Workspace
from bot.worker import Worker
from handlers import build_app, close_app
from handlers.socket_mode import SocketMode

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
MANIFEST = Path(__file__).parents[2] / "manifest.yml"

# What a word is worth shows only beside threads without it.
OTHER_SUBJECTS = ("sailing", "baking bread", "night trains", "rock climbing", "chess")

ANN, BEN, CAT, EVE = "U1ANN", "U2BEN", "U3CAT", "U9EVE"


class InlineExecutor(Executor):
    """Runs a listener where it is called, so that it is over once acknowledged."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


def workspace() -> Workspace:
    """A channel with Grapevine, one without, a private one, and a shared one."""
    everybody = [ANN, BEN, CAT, "U0BOT"]
    return Workspace(
        users=(
            User(ANN, "ann", tz="Europe/Paris"),
            User(BEN, "ben"),
            User(CAT, "cat"),
            User(EVE, "eve", team_id="T9OTHER"),
        ),
        channels=(
            Channel("C1DATA", "data", list(everybody)),
            Channel("C2QUIET", "quiet", [ANN, BEN]),
            Channel("C3VAULT", "vault", [ANN, BEN, "U0BOT"], kind="private"),
            Channel("C4OUT", "out", [*everybody, EVE], is_ext_shared=True),
        ),
    )


@dataclass(frozen=True, slots=True)
class World:
    """Everything a test acts on."""

    slack: LocalSlack
    deps: Deps
    app: App
    worker: Worker

    def settle(self) -> None:
        """Wait for Slack, then digest and send all that is due."""
        self.slack.settle()
        self.worker.drain()
        self.slack.settle()

    def ask(self, who: str, command: str, text: str, channel: str) -> Payload:
        """Use a command and give the answer that only this person sees."""
        before = len(self.slack.ephemerals)
        self.person(who).command(command, text, channel)
        (answer,) = self.slack.ephemerals[before:]
        assert answer["recipient"] == who
        return answer

    def person(self, who: str) -> Person:
        """Act as somebody."""
        return self.slack.as_user(who)


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    manifest = yaml.safe_load(MANIFEST.read_text())
    with LocalSlack(
        workspace(),
        manifest=manifest,
        now=lambda: NOW,
        pace=Pace(ack_timeout_s=3.0, factor=0.001),
    ) as slack:
        slack.rate_limits = None
        yield slack
    assert slack.refused == []
    assert slack.broadcasts == []


@pytest.fixture
def clock() -> Callable[[], datetime]:
    # A little ahead of every message: what is asked is asked about the past.
    return lambda: NOW + timedelta(minutes=1)


@pytest.fixture
def deps(
    slack: LocalSlack, tmp_path: Path, clock: Callable[[], datetime]
) -> Iterator[Deps]:
    database = open_database(f"sqlite:///{tmp_path / 'grapevine.db'}")
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    yield Deps(
        database=database,
        memories=Memories(None),
        slack_of=lambda _workspace_id: WebSlack(client),
        clock=clock,
    )
    database.close()


@pytest.fixture
def world(
    slack: LocalSlack, deps: Deps, caplog: pytest.LogCaptureFixture
) -> Iterator[World]:
    worker = Worker(deps, respond=lambda *_: None, on_settled=lambda *_, **__: None)
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    app = build_app(deps, client=client, wake=worker.wake, executor=InlineExecutor())
    socket = SocketMode(app, app_token=slack.app.app_token, base_url=slack.api_url)
    socket.start()
    slack.wait_connected()
    yield World(slack, deps, app, worker)
    socket.stop()
    close_app(app)
    # Bolt hides what a listener raises; a test that does not expect it must not.
    failed = [r for r in caplog.records if r.levelno >= logging.ERROR]
    assert [r.getMessage() for r in failed] == []


@pytest.fixture
def talked(world: World) -> World:
    """Ben has answered Ann about pgbouncer, and was thanked."""
    for start in ("How do I set up", "What is the best size for"):
        asked = world.person(ANN).post("C1DATA", f"{start} pgbouncer in postgres?")
        world.person(BEN).post(
            "C1DATA",
            "Use pgbouncer, with twenty connections each.",
            thread_ts=asked["ts"],
        )
        world.person(ANN).post("C1DATA", "thanks, that works!", thread_ts=asked["ts"])
    for subject in OTHER_SUBJECTS:
        world.person(ANN).post("C1DATA", f"Who has tried {subject}?")
    world.settle()
    return world
