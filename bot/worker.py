"""Digest what the inbox holds and send what the outbox holds, one at a time.

Any number of workers may run against one PostgreSQL; each may die at any point.
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from bot import inbox, installations, outbox
from bot.bell import EVENTS, POSTS, Bell
from bot.deps import Deps
from bot.digest import Digested, digest, forget_departed
from bot.errors import SlackBusyError
from bot.graph import places
from bot.happenings import (
    ChannelTold,
    Happening,
    LetIn,
    Mentioned,
    Moved,
    Reacted,
    Said,
    Uninstalled,
)
from bot.introductions import METHODS, UnknownError, introduce, require_known
from bot.loop import IDLE_S, QUIET_S, Loop, told
from bot.outbox import Sent
from bot.pauses import heed, rests_until
from bot.reading import read_event

log = logging.getLogger(__name__)

# Posts on their way at once: Slack answers within half a second, and may take
# thirty, in which the others should not wait.
SENDERS = 4

# Whom Slack cannot tell us about now is asked for again after this long, unless it
# said when: each attempt may cost half a minute in which nothing is digested.
_ASK_AGAIN = timedelta(seconds=15)

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
        spacing: timedelta = timedelta(0),
    ) -> None:
        """Prepare; nothing starts yet.

        Args:
            deps: Collaborators.
            respond: Decides what to say about something digested.
            on_settled: Told of every post that Slack took or refused.
            after: Called after digesting, outside the transaction.
            spacing: Between two messages in one channel.
        """
        self._deps = deps
        self._respond = respond
        self._on_settled = on_settled
        self._after = after
        self._spacing = spacing
        self._digesting = Loop(
            "digest", self._digest_next, partial(self._idle_s, inbox.is_due)
        )
        self._showing = Loop("show", self._show, lambda: QUIET_S)
        to_send = partial(self._idle_s, outbox.is_due)
        self._sending = [
            Loop(f"send-{i}", self._send_next, to_send) for i in range(SENDERS)
        ]
        self._loops = (self._digesting, self._showing, *self._sending)
        self._bell = Bell(deps.database, self._rung)

    def wake(self) -> None:
        """Say that there is something to do."""
        self._digesting.wake()

    def start(self) -> None:
        """Work in threads of its own: what is slow to be said holds up nobody."""
        for loop in self._loops:
            loop.start()
        self._bell.start()

    def stop(self) -> None:
        """Ask everything to end after what it is at."""
        self._bell.stop()
        for loop in self._loops:
            loop.stop()

    def join(self) -> None:
        """Wait for everything to end, if it was ever started."""
        for loop in self._loops:
            loop.join()
        self._bell.join()

    def drain(self) -> None:
        """Work in this thread until there is nothing due."""
        while self.step():
            pass

    def step(self) -> bool:
        """Digest one event and send one post.

        Returns:
            False if there was neither.
        """
        digested = self._digest_next()
        self._show()
        sent = self._send_next()
        return digested or sent

    def _show(self) -> bool:
        self._after()
        return False

    def _send_next(self) -> bool:
        now = self._deps.clock()
        # A claim takes SQLite's write lock; most often there is nothing to claim.
        with self._deps.database.readers() as session:
            if not outbox.is_due(session, now):
                return False
        return outbox.send_due(
            self._deps.database.sessions,
            self._deps.slack_of,
            now=now,
            on_settled=partial(self._settle, now=now),
            spacing=self._spacing,
        )

    def _settle(self, session: Session, sent: Sent, *, now: datetime) -> None:
        self._on_settled(session, sent, now=now)
        self._deps.metrics.posts.add(sent.refused or "sent")

    def _digest_next(self) -> bool:
        now = self._deps.clock()
        began_s = time.perf_counter()
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
        else:
            self._deps.metrics.events.add("digested")
            self._deps.metrics.digest_seconds.add(time.perf_counter() - began_s)
        for loop in (self._showing, *self._sending):
            loop.wake()
        return True

    def _rung(self, what: str | None) -> None:
        """Another process has left something."""
        if what != POSTS:
            self._digesting.wake()
        if what != EVENTS:
            for loop in self._sending:
                loop.wake()

    def _idle_s(self, is_due: Callable[[Session, datetime], bool]) -> float:
        """How long to sleep: not long if something is due soon, or nobody wakes us."""
        if not self._bell.is_heard:
            return IDLE_S
        soon = self._deps.clock() + timedelta(seconds=QUIET_S)
        with self._deps.database.readers() as session:
            return IDLE_S if is_due(session, soon) else QUIET_S

    def _take(self, session: Session, event: inbox.Waiting, now: datetime) -> None:
        happening = read_event(event.payload)
        if happening is None:
            return
        workspace_id = event.workspace_id
        has_left = installations.has_left(
            session, workspace_id, installations.organisation_in(event.payload)
        )
        if isinstance(happening, LetIn):
            # It was noted when it came; what is held of who is out now goes.
            forget_departed(session, self._deps)
            return
        if isinstance(happening, Uninstalled):
            # Otherwise it is late news: they have come back since.
            if has_left:
                digest(session, self._deps, workspace_id, happening)
            return
        if has_left:
            return  # late, or out of order: nothing of it is held again
        places.ensure_workspace(session, workspace_id, now=now)
        require_known(
            session,
            workspace_id,
            _channel_of(happening),
            _person_of(happening),
            acts=_is_to_us(happening),
        )
        digested = digest(session, self._deps, workspace_id, happening)
        self._respond(session, workspace_id, digested, now)

    def _recover(self, event: inbox.Waiting, error: Exception, now: datetime) -> None:
        """Ask Slack whom the event is about, or set it back for a while."""
        if isinstance(error, UnknownError):
            try:
                self._introduce(event, error, now)
            except Exception as failed:  # noqa: BLE001 - whatever it is, the event waits
                error = failed
            else:
                return
        log.error(
            "an event was not digested: %s",
            told(error),
            extra={"event": event.id, "kind": event.kind},
        )
        sessions = self._deps.database.sessions
        is_last = inbox.mark_failed(sessions, event, error, now=now)
        self._deps.metrics.events.add("set aside" if is_last else "failed")

    def _introduce(
        self, event: inbox.Waiting, unknown: UnknownError, now: datetime
    ) -> None:
        """Ask Slack outside the transaction; the event is still due.

        While Slack cannot be asked, events about people and channels that are known
        go on.
        """
        sessions, team = self._deps.database.sessions, event.workspace_id
        with sessions.begin() as session:
            # It may have come while its workspace was out, and not been noted then.
            installations.note_organisation(session, team, event.payload, now=now)
            rests = rests_until(session, team, METHODS, now=now)
        if rests is None:
            try:
                introduce(self._deps, unknown, now=now)
            except SlackBusyError as busy:
                log.warning("event %s waits: %s", event.id, busy)
                rests = now + timedelta(seconds=busy.retry_after_s)
                if not busy.is_limit:
                    rests = max(rests, now + _ASK_AGAIN)
                with sessions.begin() as session:
                    heed(session, team, busy, now=now)
        if rests is not None:
            inbox.postpone(sessions, event, until=rests)


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


def _is_to_us(happening: Happening) -> bool:
    match happening:
        case Mentioned() | Said(channel_type="im" | "app_home"):
            return True
    return False


def _person_of(happening: Happening) -> str | None:
    match happening:
        case Said(user_id=user_id) | Mentioned(Said(user_id=user_id)):
            return user_id
        case Moved(user_id=user_id):
            return user_id
    return None
