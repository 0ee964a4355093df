"""The stage of the demo: a local Slack full of sample people, and its clock."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import yaml
from slack_sdk import WebClient
from sqlalchemy import func, select

from bot.database import open_database
from bot.deps import Deps
from bot.errors import GrapevineError
from bot.happenings import instant
from bot.memory import Memories
from bot.sample import STORY_LAST_DAY, Sample, SampleMessage, load_sample
from bot.slack import Slack, WebSlack
from bot.standin import Channel, LocalSlack, Pace, Person, Workspace
from bot.vectors import load_engine
from handlers.service import Service
from handlers.socket_mode import SocketMode
from handlers.socket_watch import Heartbeat
from models import Event, EventState, Post, PostState

T = TypeVar("T")

_PATIENCE_S = 60.0
_LOOK_EVERY_S = 0.005
_ROOT = Path(__file__).resolve().parent.parent.parent


class StageClock:
    """The story's own time: it moves when the story does."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        """The present, as the story has it."""
        return self.at

    def move_to(self, at: datetime) -> None:
        """Go on to a moment; never back."""
        self.at = max(self.at, at)


@dataclass(slots=True)
class Stage:
    """What the story plays on.

    Attributes:
        sample: The people and what they say.
        slack: The local Slack.
        deps: Grapevine's collaborators.
        service: Grapevine, connected by Socket Mode.
        clock: The story's time.
    """

    sample: Sample
    slack: LocalSlack
    deps: Deps
    service: Service
    clock: StageClock
    _posted: dict[tuple[str, str], str] = field(default_factory=dict)

    def person(self, handle: str) -> Person:
        """Act as somebody of the sample."""
        return self.slack.as_user(self.sample.person(handle).id)

    def say(self, message: SampleMessage) -> None:
        """Play one message of the sample: the post, its edit, its reactions."""
        self.clock.move_to(instant(message.ts))
        author = self.slack.as_user(message.user)
        root = message.thread_ts and self._posted.get(
            (message.channel, message.thread_ts), message.thread_ts
        )
        text = message.edited.before if message.edited else message.text
        said = author.post(message.channel, text, thread_ts=root)
        self._posted[message.channel, message.ts] = said["ts"]
        if message.edited:
            author.edit(said, message.text)
        for reaction in message.reactions:
            for user_id in reaction.users:
                self.slack.as_user(user_id).react(said, reaction.name)

    def wait(self) -> None:
        """Wait until everything said has been digested and answered.

        Raises:
            GrapevineError: It took too long.
        """
        self.slack.settle(_PATIENCE_S)
        until = time.monotonic() + _PATIENCE_S
        pause = threading.Event()
        while self._busy():
            if time.monotonic() > until:
                raise GrapevineError("the demo's worker did not come to rest")
            pause.wait(_LOOK_EVERY_S)
        self.slack.settle(_PATIENCE_S)

    def until(self, look: Callable[[], T | None], what: str) -> T:
        """Wait until something is there to be seen.

        Raises:
            GrapevineError: It did not appear; `what` names it.
        """
        until = time.monotonic() + _PATIENCE_S
        pause = threading.Event()
        while True:
            self.wait()
            found = look()
            if found is not None:
                return found
            if time.monotonic() > until:
                raise GrapevineError(f"{what} did not appear")
            pause.wait(_LOOK_EVERY_S)

    def _busy(self) -> bool:
        self.service.worker.wake()
        waiting = select(func.count()).select_from(Event)
        posts = select(func.count()).select_from(Post)
        unsent = Post.state.in_((PostState.WAITING, PostState.SENDING))
        with self.deps.database.readers() as session:
            return bool(
                session.scalar(waiting.where(Event.state == EventState.WAITING))
                or session.scalar(posts.where(unsent))
            )


@contextmanager
def set_stage(engine: str) -> Iterator[tuple[Stage, Path]]:
    """Set everything up, and take it down again.

    Yields:
        The stage, and a folder for the export of what happened before.
    """
    sample = load_sample(STORY_LAST_DAY)
    clock = StageClock(sample.live_from.astimezone(UTC))
    with TemporaryDirectory(prefix="grapevine-demo-") as folder:
        database = open_database(f"sqlite:///{folder}/demo.db")
        with _local_slack(sample, clock) as slack:
            client = WebClient(token=slack.app.bot_token, base_url=slack.api_url)
            deps = Deps(
                database, Memories(load_engine(engine)), _Everywhere(client), clock
            )
            service = Service(
                deps,
                client=client,
                connect=lambda app: SocketMode(
                    app,
                    app_token=slack.app.app_token,
                    base_url=slack.api_url,
                    # Reading the export keeps a small machine from answering a
                    # ping for seconds; that is no reason to reconnect.
                    heartbeat=Heartbeat(patience_s=_PATIENCE_S),
                ),
                jobs=[],  # the story says when the clock strikes
                spacing=timedelta(0),  # and its clock stands still between two acts
            )
            with service:
                yield Stage(sample, slack, deps, service, clock), Path(folder)
        database.close()


@dataclass(frozen=True, slots=True)
class _Everywhere:
    client: WebClient

    def __call__(self, _workspace_id: str) -> Slack:
        return WebSlack(self.client)


def _local_slack(sample: Sample, clock: StageClock) -> LocalSlack:
    workspace = Workspace(id=sample.team_id, name=sample.name, domain="pelicano")
    manifest = yaml.safe_load((_ROOT / "manifest.yml").read_text(encoding="utf-8"))
    pace = Pace(ack_timeout_s=_PATIENCE_S)
    slack = LocalSlack(workspace, manifest=manifest, now=clock, pace=pace)
    # People in the story may talk faster than a message a second.
    slack.rate_limits = None
    for person in sample.people:
        slack.add_user(
            person.id,
            person.handle,
            real_name=person.name,
            tz=str(sample.zone),
            is_bot=person.bot_id is not None,
            deleted=person.is_deactivated,
            is_restricted=person.is_guest,
        )
    for channel in sample.channels:
        members = list(channel.members)
        if not channel.is_private:
            members.append(slack.app.user_id)
        slack.add_channel(
            channel.id,
            channel.name,
            members,
            kind="group" if channel.is_private else "channel",
            creator=channel.creator,
            topic=channel.topic,
            purpose=channel.purpose,
            is_general=channel.is_general,
        )
    for message in sample.messages:
        if instant(message.ts) < sample.live_from:
            _remember(slack.channel(message.channel), message)
    return slack


def _remember(channel: Channel, message: SampleMessage) -> None:
    """Put a message of the past where Slack has it; no event tells of it."""
    held: dict[str, Any] = {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
    }
    if message.thread_ts:
        held["thread_ts"] = message.thread_ts
    channel.messages[message.ts] = held
    channel.last_us = max(channel.last_us, round(float(message.ts) * 1_000_000))
