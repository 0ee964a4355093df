"""Bring an export into the graph: the way live messages take, in batches.

Every batch is one transaction and every write is idempotent, so that an import
can be stopped at any moment and run again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.digest import note
from bot.errors import BadInputError
from bot.graph import places
from bot.graph.messages import import_reactions
from bot.graph.threads import reread_threads
from bot.happenings import (
    Moved,
    Reacted,
    Said,
    is_ts,
)
from bot.reading import HUMAN_SUBTYPES, read_channel, read_message, read_person
from bot.slack_export import DayFile, Export
from models import ImportRun, Message, Person, Preference

# Large enough that a transaction's cost is shared by many messages, small
# enough to hold in memory and to lose when stopped.
BATCH_MESSAGES = 2_000

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
    said: list[Said] = field(default_factory=list)
    reacted: list[Reacted] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)

    def batches(self, progress: Progress) -> Iterator["_Batch"]:
        """Yield what was read, a batch at a time."""
        days = self.export.days()
        for done, day in enumerate(days, 1):
            self._read_day(day)
            progress(done, len(days))
            if len(self.said) >= BATCH_MESSAGES or done == len(days):
                yield _Batch(self.said, self.reacted, self.moved)
                self.said, self.reacted, self.moved = [], [], []

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
            reason = self._read_entry(entry, channel_id)
            if reason:
                self.skipped[reason] += 1

    def _skip_file(self, day: DayFile, why: str) -> None:
        self.skipped[f"day file: {why}"] += 1
        self.files.append(f"{day.name}: {why}")

    def _read_entry(self, entry: object, channel_id: str) -> str | None:
        """Add an entry to the batch, or say why not."""
        if not isinstance(entry, Mapping) or not is_ts(entry.get("ts")):
            return "no message"
        if entry.get("subtype") in ("channel_join", "channel_leave"):
            return self._read_move(entry, channel_id)
        said = read_message(entry, channel_id=channel_id)
        if said is None:
            return _why_not(entry)
        if said.user_id in self.left_out:
            return self.left_out[said.user_id]
        self.said.append(said)
        self.reacted.extend(
            one for one in _reactions(entry, said) if one.user_id not in self.left_out
        )
        return None

    def _read_move(self, entry: Mapping[str, Any], channel_id: str) -> str | None:
        if not isinstance(entry.get("user"), str):
            return "no author or text"
        joined = entry["subtype"] == "channel_join"
        moved = Moved(channel_id, entry["user"], joined, str(entry["ts"]))
        self.moved.append(moved)
        return None


@dataclass(frozen=True, slots=True)
class _Batch:
    said: list[Said]
    reacted: list[Reacted]
    moved: list[Moved]


def _why_not(entry: Mapping[str, Any]) -> str:
    subtype = entry.get("subtype")
    if entry.get("bot_id") or subtype == "bot_message":
        return "bot"
    if subtype not in HUMAN_SUBTYPES:
        return f"subtype {subtype}"[:60]
    return "no author or text"


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
    reader = _Reader(export, export.channel_ids(), _left_out(deps, workspace_id))
    messages = 0
    for batch in reader.batches(progress):
        messages += len(batch.said)
        _write(deps, workspace_id, batch)
    with deps.database.sessions.begin() as session:
        run = session.get_one(ImportRun, (workspace_id, export.fingerprint))
        run.finished_at = now
    return Imported(workspace_id, messages, reader.skipped, tuple(reader.files))


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
        for user in users:
            person = read_person(user, _EXPORT_VERSION, team_id=workspace_id)
            if person:
                places.tell_person(session, workspace_id, person)
        for channel in channels:
            _tell_channel(session, workspace_id, channel)
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


def _tell_channel(
    session: Session, workspace_id: str, channel: Mapping[str, Any]
) -> None:
    told = read_channel(channel, _EXPORT_VERSION)
    if told is None:
        return
    places.tell_channel(session, workspace_id, told)
    members = channel.get("members")
    for user_id in members if isinstance(members, list) else ():
        moved = Moved(told.channel_id, str(user_id), True, _EXPORT_VERSION)  # noqa: FBT003
        places.move(session, workspace_id, moved)


def _left_out(deps: Deps, workspace_id: str) -> dict[str, str]:
    """Whose messages are passed over, and why."""
    with deps.database.readers() as session:
        people = session.execute(
            select(Person.id, Person.is_bot).where(
                Person.workspace_id == workspace_id, Person.is_bot | Person.is_external
            )
        )
        reasons = {i: "bot" if b else "person from elsewhere" for i, b in people}
        opted = session.scalars(
            select(Preference.user_id).where(
                Preference.workspace_id == workspace_id, Preference.is_opted_out
            )
        )
        return reasons | dict.fromkeys(opted, "opted out")


def _reactions(entry: Mapping[str, Any], said: Said) -> Iterator[Reacted]:
    reactions = entry.get("reactions")
    for reaction in reactions if isinstance(reactions, list) else ():
        users = reaction.get("users") if isinstance(reaction, Mapping) else None
        name = str(reaction.get("name", "")) if users else ""
        for user_id in users if isinstance(users, list) else ():
            # Exports do not say when: as old as the message it is on.
            yield Reacted(
                said.channel_id,
                said.ts,
                str(user_id),
                name.partition("::")[0][:100],
                is_present=True,
                version_ts=said.ts,
            )


def _write(deps: Deps, workspace_id: str, batch: _Batch) -> None:
    with deps.database.sessions.begin() as session:
        fresh = note(session, deps, workspace_id, batch.said)
        import_reactions(session, workspace_id, batch.reacted)
        for moved in batch.moved:
            places.move(session, workspace_id, moved)
        _reread_reacted(session, workspace_id, batch, {one.said.ts for one in fresh})


def _reread_reacted(
    session: Session, workspace_id: str, batch: _Batch, fresh: set[str]
) -> None:
    """Threads were rewritten before their reactions were known: once more."""
    reacted = {(r.channel_id, r.ts) for r in batch.reacted if r.ts in fresh}
    threads = {
        (said.channel_id, said.root_ts)
        for said in batch.said
        if (said.channel_id, said.ts) in reacted
    }
    reread_threads(session, workspace_id, threads)


def newest_at(session: Session, workspace_id: str) -> datetime | None:
    """When the newest message held was written; None if none is."""
    return session.scalar(
        select(Message.at)
        .where(Message.workspace_id == workspace_id)
        .order_by(Message.at.desc())
        .limit(1)
    )
