"""Bring an export into the graph: the way live messages take, in batches.

Every batch is one transaction and every write is idempotent, so that an import
can be stopped at any moment and run again.
"""

import gc
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.describing import read_channel, read_person
from bot.entries import Batch, who_is_left_out
from bot.errors import BadInputError
from bot.fields import read_id
from bot.graph import people, places
from bot.graph.messages import Noted
from bot.happenings import Moved
from bot.noting import embed, listen
from bot.slack_export import DayFile, Export
from models import ImportRun, Message

# Large enough that a transaction's cost is shared by many messages, small
# enough to hold in memory and to lose when stopped.
BATCH_MESSAGES = 2_000

# So many batches are heard before the first of them must have its vectors: questions
# come unevenly, and a batch is about a megabyte.
BATCHES_AHEAD = 4

_OBJECTS_BETWEEN_COLLECTIONS = 100_000

# What an export says is as old as the first message: live news is newer.
_EXPORT_VERSION = "0"

# Told of each day file as it is done: how many of how many.
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class _Reader:
    """Reads day files one after the other into batches, and counts skips."""

    export: Export
    ids: Mapping[str, str]
    left_out: Mapping[str, str]
    skipped: Counter[str] = field(default_factory=Counter)
    files: list[str] = field(default_factory=list)
    batch: Batch = field(default_factory=Batch)

    def batches(self, progress: Progress) -> Iterator[Batch]:
        """Yield what was read, a batch at a time."""
        days = self.export.days()
        for done, day in enumerate(days, 1):
            self._read_day(day)
            progress(done, len(days))
            if len(self.batch.said) >= BATCH_MESSAGES or done == len(days):
                yield self.batch
                self.batch = Batch()

    def _read_day(self, day: DayFile) -> None:
        channel_id = self.ids.get(day.folder)
        if channel_id is None:
            # A channel without metadata: nobody knows whether it was private.
            self._skip_file(day, "its channel is not listed in channels.json")
            return
        try:
            entries = self.export.messages(day)
        except BadInputError as error:
            self._skip_file(day, str(error))
            return
        for entry in entries:
            reason = self.batch.read(entry, channel_id, self.left_out)
            if reason:
                self.skipped[reason] += 1

    def _skip_file(self, day: DayFile, why: str) -> None:
        self.skipped[f"day file: {why}"] += 1
        self.files.append(f"{day.name}: {why}")


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import read.

    Attributes:
        workspace_id: Whose export it was.
        messages: Messages of people that were read, new or not.
        skipped: Why entries were passed over, and how often.
        files: Files passed over, each with its reason.
    """

    workspace_id: str
    messages: int
    skipped: Counter[str]
    files: tuple[str, ...]


def import_export(
    deps: Deps, export: Export, *, now: datetime, progress: Progress
) -> Imported:
    """Import an export.

    Raises:
        BadInputError: It names no people or no channels.
    """
    workspace_id = _begin(deps, export, now=now)
    with deps.database.readers() as session:
        left_out = who_is_left_out(session, workspace_id)
        watched = places.watched_channels(session, workspace_id)
    reader = _Reader(export, export.channel_ids(), left_out)
    messages = 0
    with _rare_collections():
        for batch, noted in _heard(deps, workspace_id, reader.batches(progress)):
            messages += len(batch.said)
            batch.moved = [m for m in batch.moved if m.channel_id not in watched]
            with deps.database.sessions.begin() as session:
                batch.hold(session, workspace_id, noted)
    with deps.database.sessions.begin() as session:
        run = session.get_one(ImportRun, (workspace_id, export.fingerprint))
        run.finished_at = now
    return Imported(workspace_id, messages, reader.skipped, tuple(reader.files))


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for unreachable cycles less often.

    Messages make millions of objects and no cycle. To look for some takes a tenth of
    an import's time, to wait longer five megabytes.
    """
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _heard(
    deps: Deps, workspace_id: str, batches: Iterable[Batch]
) -> Iterator[tuple[Batch, list[Noted]]]:
    """Hear batches, one after the other, while the engine embeds those before.

    The engine leaves Python's lock alone, so that both processors are at work.
    """
    waiting: deque[tuple[Batch, Future[list[Noted]]]] = deque()
    beside = ThreadPoolExecutor(1, "embedding")
    try:
        for batch in batches:
            with deps.database.readers() as session:
                noted = listen(session, deps, workspace_id, batch.said)
            waiting.append((batch, beside.submit(embed, deps.memories.engine, noted)))
            while waiting[0][1].done() or len(waiting) > BATCHES_AHEAD:
                first, embedded = waiting.popleft()
                yield first, embedded.result()
                if not waiting:
                    break
        for first, embedded in waiting:
            yield first, embedded.result()
    finally:
        beside.shutdown(cancel_futures=True)


def unfinished(session: Session, workspace_id: str) -> list[str]:
    """Names of exports whose import was begun and never came to its end."""
    rows = session.scalars(
        select(ImportRun.name).where(
            ImportRun.workspace_id == workspace_id, ImportRun.finished_at.is_(None)
        )
    )
    return list(rows)


def _begin(deps: Deps, export: Export, *, now: datetime) -> str:
    users, channels = export.users(), export.channels()
    workspace_id = _workspace_id(users, export)
    with deps.database.sessions.begin() as session:
        places.ensure_workspace(session, workspace_id, now=now)
        read = (read_person(u, _EXPORT_VERSION, team_id=workspace_id) for u in users)
        people.tell_people(session, workspace_id, [one for one in read if one])
        watched = places.watched_channels(session, workspace_id)
        for channel in channels:
            told = read_channel(channel, _EXPORT_VERSION)
            if told is not None:
                places.tell_channel(session, workspace_id, told)
        places.move_all(session, workspace_id, _members(channels, watched))
        run = ImportRun(
            workspace_id=workspace_id,
            fingerprint=export.fingerprint,
            name=export.name,
            started_at=now,
        )
        session.merge(run)
    return workspace_id


def _workspace_id(users: list[dict[str, Any]], export: Export) -> str:
    teams = Counter(str(u["team_id"]) for u in users if u.get("team_id"))
    if teams:
        return teams.most_common(1)[0][0]
    # Exports by other tools may leave it out. It must be the same next time.
    return f"T{export.fingerprint[:10].upper()}" if not users else "TEXPORT"


def _members(
    channels: Iterable[Mapping[str, Any]], watched: Collection[str]
) -> Iterator[Moved]:
    """Who is in which channel, but for those that Grapevine knows better."""
    for channel in channels:
        channel_id = read_id(channel.get("id"))
        members = channel.get("members")
        if channel_id is None or channel_id in watched or not isinstance(members, list):
            continue
        for user_id in members:
            yield Moved(
                channel_id, str(user_id), is_member=True, version_ts=_EXPORT_VERSION
            )


def newest_at(session: Session, workspace_id: str) -> datetime | None:
    """When the newest message held was written; None if none is."""
    return session.scalar(
        select(Message.at)
        .where(Message.workspace_id == workspace_id)
        .order_by(Message.at.desc())
        .limit(1)
    )
