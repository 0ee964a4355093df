"""Entries of a channel's history, as an export and the Web API hand them out.

Read and written the way live messages are, in batches, so that it makes no
difference how something was heard.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.graph import places
from bot.graph.messages import Noted, bury, import_reactions
from bot.graph.threads import reread_threads
from bot.graph.wishes import opted_out
from bot.happenings import Deleted, Moved, Reacted, Said, is_ts
from bot.noting import embed, hold, listen
from bot.reading import HUMAN_SUBTYPES, read_message
from models import Person


@dataclass(slots=True)
class Batch:
    """What was read and is not written yet."""

    said: list[Said] = field(default_factory=list)
    reacted: list[Reacted] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    deleted: list[Deleted] = field(default_factory=list)

    def read(
        self, entry: object, channel_id: str, left_out: Mapping[str, str]
    ) -> str | None:
        """Add an entry.

        Args:
            entry: As Slack has it.
            channel_id: Where it was said.
            left_out: Whose entries are passed over, and why.

        Returns:
            Why it was passed over; None if it was not.
        """
        if not isinstance(entry, Mapping) or not is_ts(entry.get("ts")):
            return "no message"
        subtype = entry.get("subtype")
        if subtype in ("channel_join", "channel_leave", "group_join", "group_leave"):
            return self._read_move(entry, channel_id)
        if subtype == "tombstone":  # deleted, but it has replies
            self.deleted.append(Deleted(channel_id, str(entry["ts"])))
            return None
        said = read_message(entry, channel_id=channel_id)
        if said is None:
            return _why_not(entry)
        if said.user_id in left_out:
            return left_out[said.user_id]
        self.said.append(said)
        self.reacted.extend(
            one for one in _reactions(entry, said) if one.user_id not in left_out
        )
        return None

    def _read_move(self, entry: Mapping[str, Any], channel_id: str) -> str | None:
        if not isinstance(entry.get("user"), str):
            return "no author or text"
        joined = str(entry["subtype"]).endswith("_join")
        self.moved.append(Moved(channel_id, entry["user"], joined, str(entry["ts"])))
        return None

    def write(self, session: Session, deps: Deps, workspace_id: str) -> None:
        """Hold what was read; doing so twice is the same as once."""
        noted = listen(session, deps, workspace_id, self.said)
        self.hold(session, workspace_id, embed(deps.memories.engine, noted))

    def hold(self, session: Session, workspace_id: str, noted: Sequence[Noted]) -> None:
        """Hold what was read, of which the messages have been heard."""
        fresh = hold(session, workspace_id, noted)
        for deleted in self.deleted:
            bury(session, workspace_id, deleted)
        import_reactions(session, workspace_id, self.reacted)
        places.move_all(session, workspace_id, self.moved)
        changed = {(r.channel_id, r.ts) for r in self.reacted}
        roots = {(d.channel_id, d.ts) for d in self.deleted}
        if changed | roots:
            places.touch(session, workspace_id)
        threads = {(one.said.channel_id, one.said.root_ts) for one in fresh}
        threads |= {
            (said.channel_id, said.root_ts)
            for said in self.said
            if (said.channel_id, said.ts) in changed
        }
        reread_threads(session, workspace_id, threads | roots)


def _why_not(entry: Mapping[str, Any]) -> str:
    subtype = entry.get("subtype")
    if entry.get("bot_id") or subtype == "bot_message":
        return "bot"
    if subtype not in HUMAN_SUBTYPES:
        return f"subtype {subtype}"[:60]
    return "no author or text"


def _reactions(entry: Mapping[str, Any], said: Said) -> Iterator[Reacted]:
    reactions = entry.get("reactions")
    for reaction in reactions if isinstance(reactions, list) else ():
        users = reaction.get("users") if isinstance(reaction, Mapping) else None
        name = str(reaction.get("name", "")) if users else ""
        for user_id in users if isinstance(users, list) else ():
            # Histories do not say when: as old as the message it is on.
            yield Reacted(
                said.channel_id,
                said.ts,
                str(user_id),
                name.partition("::")[0][:100],
                is_present=True,
                version_ts=said.ts,
            )


def who_is_left_out(session: Session, workspace_id: str) -> dict[str, str]:
    """Whose messages are passed over, and why."""
    people = session.execute(
        select(Person.id, Person.is_bot).where(
            Person.workspace_id == workspace_id, Person.is_bot | Person.is_external
        )
    )
    reasons = {i: "bot" if b else "person from elsewhere" for i, b in people}
    return reasons | dict.fromkeys(opted_out(session, workspace_id), "opted out")
