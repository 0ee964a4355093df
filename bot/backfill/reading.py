"""One channel being read, from its newest message down, thread by thread.

Every thread is a checkpoint in the database, so that a reading goes on where it
was, whenever it was stopped.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.backfill.reactions import completed
from bot.backfill.wanted import Progress, Report, Step, Wanted, ts_of
from bot.deps import Deps
from bot.entries import Batch, who_is_left_out
from bot.errors import SlackRefusedError
from bot.happenings import instant, is_ts
from bot.introductions import UnknownError, introduce
from bot.pacing import PacedSlack, pages
from models import Backfill, Channel, Person

# Slack's clock may be ahead of ours: read from a little later than now, and
# trust to have read until a little earlier.
_CLOCK_AHEAD = timedelta(days=1)
_CLOCK_BEHIND = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Place:
    """Which channel of how many, and its name."""

    number: int
    of: int
    name: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One channel being read."""

    deps: Deps
    slack: PacedSlack
    wanted: Wanted
    channel_id: str
    place: Place
    page: int
    report: Report

    def run(self, progress: Progress) -> None:
        """Read it to the end, from where an earlier reading was stopped."""
        oldest_ts = self.wanted.oldest_ts
        try:
            stopped_ts = self._begin(oldest_ts)
            self._read_down(progress)
            if stopped_ts is not None:
                # What was said since then.
                self._begin(max(oldest_ts, stopped_ts, key=float))
                self._read_down(progress)
        except SlackRefusedError as refused:
            self.report.refused[self.place.name] = refused.code
        else:
            self.report.channels.append(self.place.name)

    def _begin(self, oldest_ts: str) -> str | None:
        """Begin, or go on.

        Returns:
            The newest timestamp of a reading that had been stopped, or None.
        """
        now = self.deps.clock()
        with self.deps.database.sessions.begin() as session:
            held = session.get(Backfill, self._key)
            if held is not None and held.finished_at is None:
                held.oldest_ts = oldest_ts
                return held.newest_ts
            if held is None:
                held = Backfill(
                    workspace_id=self.wanted.workspace_id, channel_id=self.channel_id
                )
                session.add(held)
            held.started_at = now
            held.finished_at = None
            held.newest_ts = ts_of(now - _CLOCK_BEHIND)
            held.position_ts = ts_of(now + _CLOCK_AHEAD)
            held.oldest_ts = oldest_ts
        return None

    @property
    def _key(self) -> tuple[str, str]:
        return self.wanted.workspace_id, self.channel_id

    def _held(self, session: Session) -> Backfill:
        return session.get_one(Backfill, self._key)

    def _read_down(self, progress: Progress) -> None:
        with self.deps.database.readers() as session:
            held = self._held(session)
        position_ts = held.position_ts
        while float(position_ts) > float(held.oldest_ts):
            page = self.slack.call(
                "conversations.history",
                {
                    "channel": self.channel_id,
                    "latest": position_ts,
                    "oldest": held.oldest_ts,
                    "limit": self.page,
                },
            )
            for position_ts, entries in self._groups(page["messages"], held):
                self._write(entries, position_ts)
                progress(self._step(position_ts))
            if not page["messages"] or not page.get("has_more"):
                break
        self._finish()

    def _step(self, position_ts: str) -> Step:
        place = self.place
        at = instant(position_ts)
        return Step(place.name, place.number, place.of, self.report.messages, at)

    def _groups(
        self, entries: list[dict[str, Any]], held: Backfill
    ) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Cut a page after every thread, its replies added; each is a checkpoint."""
        group: list[dict[str, Any]] = []
        for entry in entries:
            if not is_ts(entry.get("ts")):
                continue
            group.append(entry)
            replies = self._replies(entry, held)
            if replies:
                yield str(entry["ts"]), group + replies
                group = []
        if group:
            yield str(group[-1]["ts"]), group

    def _replies(self, root: dict[str, Any], held: Backfill) -> list[dict[str, Any]]:
        if not root.get("reply_count") or root.get("thread_ts") != root["ts"]:
            return []
        if _is_covered(root, held):
            return []
        self.report.threads += 1
        arguments = {"channel": self.channel_id, "ts": root["ts"], "limit": self.page}
        try:
            found = list(pages(self.slack, "conversations.replies", arguments))
        except SlackRefusedError as refused:
            if refused.code == "thread_not_found":  # deleted in between
                return []
            raise
        # Each page begins with the root.
        return [
            m for page in found for m in page["messages"] if m.get("ts") != root["ts"]
        ]

    def _write(self, entries: list[dict[str, Any]], position_ts: str) -> None:
        """Hold a group of entries, and that the reading has come so far."""
        workspace_id = self.wanted.workspace_id
        entries = list(completed(self.slack, self.channel_id, entries))
        self._introduce(entries)
        batch = Batch()
        with self.deps.database.sessions.begin() as session:
            left_out = who_is_left_out(session, workspace_id)
            for entry in entries:
                reason = batch.read(entry, self.channel_id, left_out)
                if reason:
                    self.report.skipped[reason] += 1
            batch.write(session, self.deps, workspace_id)
            self._held(session).position_ts = position_ts
        self.report.messages += len(batch.said)

    def _introduce(self, entries: list[dict[str, Any]]) -> None:
        """Ask about people met for the first time; outside any transaction."""
        workspace_id = self.wanted.workspace_id
        met = {
            entry["user"]
            for entry in entries
            if isinstance(entry.get("user"), str) and not entry.get("bot_id")
        }
        with self.deps.database.readers() as session:
            known = set(
                session.scalars(
                    select(Person.id).where(
                        Person.workspace_id == workspace_id, Person.id.in_(met)
                    )
                )
            )
        for user_id in sorted(met - known):
            unknown = UnknownError(workspace_id, None, user_id, workspace=False)
            introduce(self.deps, unknown, now=self.deps.clock())

    def _finish(self) -> None:
        with self.deps.database.sessions.begin() as session:
            held = self._held(session)
            held.finished_at = self.deps.clock()
            before_ts = held.covered_oldest_ts
            if before_ts is None or float(held.oldest_ts) <= float(before_ts):
                held.covered_newest_ts = held.newest_ts
                held.covered_oldest_ts = held.oldest_ts


def _is_covered(root: Mapping[str, Any], held: Backfill) -> bool:
    """Whether an earlier reading had the whole of a thread."""
    if held.covered_oldest_ts is None or held.covered_newest_ts is None:
        return False
    last = root.get("latest_reply")
    if not is_ts(last):
        return False
    was_in_reach = float(root["ts"]) > float(held.covered_oldest_ts)
    return was_in_reach and float(str(last)) <= float(held.covered_newest_ts)


def unfinished(session: Session, workspace_id: str) -> list[str]:
    """Names of channels whose reading was begun and has not come to its end."""
    rows = session.scalars(
        select(Channel.name)
        .join(
            Backfill,
            (Backfill.workspace_id == Channel.workspace_id)
            & (Backfill.channel_id == Channel.id),
        )
        .where(
            Backfill.workspace_id == workspace_id,
            Backfill.finished_at.is_(None),
            Channel.is_joined,
        )
        .order_by(Channel.name)
    )
    return list(rows)
