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
    HUMAN_SUBTYPES,
    Moved,
    Reacted,
    Said,
    is_ts,
    read_channel,
    read_message,
    read_person,
)
from bot.slack_export import DayFile, Export
from models import ImportRun, Message, Person, Preference

# Large enough that a transaction's cost is shared by many messages, small
# enough to hold in memory and to lose when stopped.
BATCH_MESSAGES = 2_000

# What an export says is as old as the first message: live news is newer.
_EXPORT_VERSION = "0"

# Told of each day file as it is done: how many of how many.
Progress = Callable[[int, int], None]


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
