"""Digest what the inbox holds and send what the outbox holds, one at a time.

Any number of workers may run against one PostgreSQL; each may die at any point.
"""

import logging
import threading
import traceback
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from bot import inbox, outbox
from bot.deps import Deps
from bot.digest import Digested, digest
from bot.graph import places
from bot.happenings import (
    ChannelTold,
    Happening,
    Mentioned,
    Moved,
    Reacted,
    Said,
)
from bot.introductions import UnknownError, introduce, require_known
from bot.outbox import Sent
from bot.reading import read_event

log = logging.getLogger(__name__)

# How long a worker with nothing to do sleeps if nobody wakes it: another
# process may have filled the inbox, or a pause may be over.
IDLE_S = 0.5

# Decides what to say about something digested, in the same transaction.
Respond = Callable[[Session, str, Digested, datetime], None]


class Settled(Protocol):
    """Notes what became of a post, in the transaction that settles it."""

    def __call__(self, session: Session, sent: Sent, *, now: datetime) -> None:
        """Note it."""
        ...


class Worker:
    """Turns events into a changed graph and decisions into messages."""

    def __init__(
        self,
        deps: Deps,
        *,
        respond: Respond,
        on_settled: Settled,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        self._deps = deps
        self._respond = respond
        self._on_settled = on_settled
        self._after = after
        self._wake = threading.Event()
        self._stop = threading.Event()

    def wake(self) -> None:
        """Say that there is something to do."""
        self._wake.set()

    def stop(self) -> None:
        """Ask the loop to end after what it is at."""
        self._stop.set()
        self._wake.set()

    def run(self) -> None:
        """Work until stopped; what fails is logged and tried again later."""
        while not self._stop.is_set():
            self._wake.clear()
            try:
                worked = self.step()
            except Exception as error:  # noqa: BLE001 - the database may be away for a while
                # No traceback: its message could quote what people wrote.
                log.error("the worker rests: %s", _told(error))  # noqa: TRY400
                worked = False
            if not worked:
                self._wake.wait(IDLE_S)

    def drain(self) -> None:
        """Work until there is nothing due."""
        while self.step():
            pass

    def step(self) -> bool:
        """Digest one event and send one post.

        Returns:
            False if there was neither.
        """
        digested = self._digest_next()
        self._after()
        now = self._deps.clock()
        sent = outbox.send_due(
            self._deps.database.sessions,
            self._deps.slack_of,
            now=now,
            on_settled=partial(self._on_settled, now=now),
        )
        return digested or sent

    def _digest_next(self) -> bool:
        now = self._deps.clock()
        event: inbox.Waiting | None = None
        try:
            with self._deps.database.sessions.begin() as session:
                event = inbox.next_due(session, now=now)
                if event is None:
                    return False
                self._take(session, event, now)
                inbox.mark_done(session, event.id, now=now)
        except Exception as error:
            if event is None:
                raise
            self._recover(event, error, now)
        return True

    def _take(self, session: Session, event: inbox.Waiting, now: datetime) -> None:
        happening = read_event(event.payload)
        if happening is None:
            return
        workspace_id = event.workspace_id
        places.ensure_workspace(session, workspace_id, now=now)
        require_known(
            session, workspace_id, _channel_of(happening), _person_of(happening)
        )
        digested = digest(session, self._deps, workspace_id, happening)
        self._respond(session, workspace_id, digested, now)

    def _recover(self, event: inbox.Waiting, error: Exception, now: datetime) -> None:
        """Ask Slack whom the event is about, or set it back for a while."""
        if isinstance(error, UnknownError):
            try:
                # Outside the transaction; the event is still due.
                introduce(self._deps, error, now=now)
            except Exception as failed:  # noqa: BLE001 - whatever it is, the event waits
                error = failed
            else:
                return
        log.error("event %s (%s) not digested: %s", event.id, event.kind, _told(error))
        inbox.mark_failed(self._deps.database.sessions, event, error, now=now)


def _told(error: Exception) -> str:
    """Name an error and where it arose; its message could quote people."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _channel_of(happening: Happening) -> str | None:
    match happening:
        case Said(channel_id=channel_id, channel_type="channel" | "group"):
            return channel_id
        case Mentioned(said):
            return said.channel_id
        case Moved(channel_id=channel_id) | Reacted(channel_id=channel_id):
            return channel_id
        case ChannelTold(channel_id=channel_id, name=None):
            return channel_id
    return None


def _person_of(happening: Happening) -> str | None:
    match happening:
        case Said(user_id=user_id) | Mentioned(Said(user_id=user_id)):
            return user_id
        case Moved(user_id=user_id):
            return user_id
    return None
