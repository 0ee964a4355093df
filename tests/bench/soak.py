"""Run Grapevine for a long time under a steady load, and watch its memory.

usage: python -m tests.bench.soak [minutes] [events a second]

The bot runs as a process of its own against a local Slack, which posts, replies,
edits, reacts and deletes. Every half minute a line is printed; at the end it fails if
memory grew, or if an event was not digested.
"""

import os
import random
import re
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import yaml

from bot.standin import Channel, LocalSlack, User, Workspace
from tests.cli.test_run import free_port

ROOT = Path(__file__).parents[2]
MINUTES, EVENTS_A_SECOND = 30.0, 50.0
LOOK_EVERY_S = 30.0

# The first part fills caches, pools and pages; what comes after must stay level.
WARM_SHARE = 1 / 3

# Less than this, in all, cannot be told from the allocator's own habits.
MAX_GROWTH_MB = 12.0

_PEOPLE = [f"U{i:04}" for i in range(40)]
_CHANNELS = [f"C{i:03}" for i in range(20)]
_KEPT = 400
_WORDS = """oven kiln loom flour glaze yarn crust clay warp starter wheel weft chisel
plane saw varnish hinge gasket pump valve sensor router backup invoice courier pallet
label scanner forklift battery charger solder pivot macro chart filter""".split()  # noqa: SIM905


@dataclass
class Talk:
    """People who never stop talking."""

    slack: LocalSlack
    chance: random.Random = field(default_factory=lambda: random.Random(4))  # noqa: S311
    said: list[dict[str, Any]] = field(default_factory=list)
    events: int = 0

    def go_on(self) -> None:
        """Do one thing that the bot is told of."""
        self.events += 1
        turn = self.chance.random()
        if turn < 0.5 or len(self.said) < 50:
            self._post()
        elif turn < 0.75:
            self._reply()
        elif turn < 0.87:
            one = self.chance.choice(self.said)
            self.slack.as_user(one["user"]).edit(one, self._text())
        elif turn < 0.95:
            self._react()
        else:
            one = self.said.pop(self.chance.randrange(len(self.said)))
            self.slack.as_user(one["user"]).delete(one)

    def _text(self) -> str:
        words = " ".join(self.chance.choices(_WORDS, k=6))
        return f"How do I mend the {words}?" if self.chance.random() < 0.3 else words

    def _post(self, thread_ts: str | None = None, channel: str = "") -> None:
        who = self.chance.choice(_PEOPLE)
        where = channel or self.chance.choice(_CHANNELS)
        one = self.slack.as_user(who).post(where, self._text(), thread_ts)
        if thread_ts is None:
            self.said.append(one)
        del self.said[:-_KEPT]

    def _reply(self) -> None:
        root = self.chance.choice(self.said)
        self._post(root["ts"], root["channel"])

    def _react(self) -> None:
        one = self.chance.choice(self.said)
        name = f"emoji_{self.events}"
        self.slack.as_user(self.chance.choice(_PEOPLE)).react(one, name)


@dataclass(frozen=True, slots=True)
class Bot:
    """The process that is watched."""

    process: "subprocess.Popen[bytes]"
    port: int

    def rss_mb(self) -> float:
        """The memory it holds now."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def metrics(self) -> dict[str, float]:
        """What it counts."""
        address = f"http://127.0.0.1:{self.port}/metrics"
        with urllib.request.urlopen(address, timeout=30) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}


def main(arguments: list[str]) -> int:
    """Run it.

    Returns:
        The exit status: 0 if memory stayed level and nothing was left undone.
    """
    minutes = float(arguments[0]) if arguments else MINUTES
    rate = float(arguments[1]) if len(arguments) > 1 else EVENTS_A_SECOND
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())
    with (
        TemporaryDirectory() as folder,
        LocalSlack(_workspace(), manifest=manifest) as slack,
    ):
        slack.rate_limits = None
        bot = _start(
            slack, os.environ.get("SOAK_DATABASE_URL") or f"sqlite:///{folder}/soak.db"
        )
        try:
            slack.wait_connected(timeout_s=120)
            talk = Talk(slack)
            samples = _drive(talk, bot, minutes=minutes, rate=rate)
            is_done = _finish(talk, bot)
        finally:
            bot.process.terminate()
            bot.process.wait(timeout=20)
    return _judge(samples, is_done=is_done)


def _workspace() -> Workspace:
    members = [*_PEOPLE, "U0BOT"]
    return Workspace(
        users=tuple(User(one, one.lower()) for one in _PEOPLE),
        channels=tuple(Channel(one, one.lower(), list(members)) for one in _CHANNELS),
    )


def _start(slack: LocalSlack, url: str) -> Bot:
    port = free_port()
    environ = os.environ | {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.app.bot_token,
        "SLACK_APP_TOKEN": slack.app.app_token,
        "GRAPEVINE_DATABASE_URL": url,
        "GRAPEVINE_HEALTH_PORT": str(port),
    }
    command = [sys.executable, "app.py", "run"]
    process = subprocess.Popen(command, cwd=ROOT, env=environ)  # noqa: S603 - ours
    return Bot(process, port)


def _drive(
    talk: Talk, bot: Bot, *, minutes: float, rate: float
) -> list[tuple[float, float]]:
    """Talk at a steady rate.

    Returns:
        Seconds since the start, and memory then (MB).
    """
    began_s = time.monotonic()
    samples: list[tuple[float, float]] = []
    while (at_s := time.monotonic() - began_s) < minutes * 60:
        if at_s >= len(samples) * LOOK_EVERY_S:
            samples.append((at_s, bot.rss_mb()))
            _print(talk, bot, at_s, samples[-1][1])
            talk.slack.deliveries.clear()
            talk.slack.calls.clear()
        talk.go_on()
        ahead_s = talk.events / rate - (time.monotonic() - began_s)
        if ahead_s > 0:
            time.sleep(ahead_s)
    samples.append((time.monotonic() - began_s, bot.rss_mb()))
    return samples


def _print(talk: Talk, bot: Bot, at_s: float, rss_mb: float) -> None:
    held = bot.metrics()
    waiting = held.get('grapevine_queue_events{state="waiting"}', 0)
    digested = held.get('grapevine_events_total{outcome="digested"}', 0)
    print(  # noqa: T201 - what this program is for
        f"{at_s / 60:5.1f} min  {rss_mb:7.1f} MB  sent {talk.events:7}  "
        f"digested {digested:8.0f}  waiting {waiting:5.0f}",
        flush=True,
    )


def _finish(talk: Talk, bot: Bot) -> bool:
    """Wait until what was sent is digested, five minutes at the most."""
    talk.slack.settle(60)
    for _ in range(300):
        held = bot.metrics()
        if not held['grapevine_queue_events{state="waiting"}']:
            break
        time.sleep(1)
    aside = held['grapevine_queue_events{state="set aside"}']
    received = held.get('grapevine_events_total{outcome="received"}', 0)
    print(f"received {received:.0f}, set aside {aside:.0f}")  # noqa: T201
    return not aside and not held['grapevine_queue_events{state="waiting"}']


def _judge(samples: list[tuple[float, float]], *, is_done: bool) -> int:
    warm = samples[int(len(samples) * WARM_SHARE) :]
    at_s, rss_mb = np.array(warm).T
    slope, _ = np.polyfit(at_s, rss_mb, 1)
    growth_mb = slope * (at_s[-1] - at_s[0])
    level = growth_mb <= MAX_GROWTH_MB
    print(  # noqa: T201
        f"memory {rss_mb.min():.1f} to {rss_mb.max():.1f} MB after warming up, "
        f"{growth_mb:+.1f} MB by a fitted line over {(at_s[-1] - at_s[0]) / 60:.0f} "
        f"minutes: {'level' if level else 'IT GROWS'}"
    )
    return 0 if level and is_done else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
