"""Build the sample workspace: the source files, anchored at a date."""

import html
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.sample.ids import fraction, slack_id
from bot.sample.lines import DAYS_A_WEEK, MINUTES_A_DAY, Draft, parse
from bot.sample.roster import Roster, read_roster
from bot.sample.values import (
    Sample,
    SampleChannel,
    SampleEdit,
    SampleError,
    SampleFile,
    SampleMessage,
    SamplePerson,
    SampleReaction,
)

SOURCE = Path(__file__).parent
# The texts speak of late winter and of spring: this is the Friday they fit best.
STORY_LAST_DAY = date(2026, 3, 27)
FRIDAY = 4
LIVE_DAYS = 3  # Wednesday to Friday of the last week
# Apart from each other within a minute, and at most nine fit into one.
SECONDS_BETWEEN = 7

_MENTION = re.compile(r"(?<![\w/])@([a-z]+)")
_CHANNEL = re.compile(r"(?<![\w/&])#([a-z][a-z-]*[a-z])")
_LINK = re.compile(r"https://[^\s<>)]+[^\s<>).,;:!?]")


def load_sample(last_day: date, source: Path = SOURCE) -> Sample:
    """Load the sample so that it ends on `last_day`, or the Friday before it.

    Days keep their weekday, so that Friday's cake is eaten on a Friday.

    Args:
        last_day: The last day on which anybody writes, in the sample's zone.
        source: The folder with `workspace.toml` and `channels/`.

    Raises:
        SampleError: A source file is wrong; the text names file and line.
    """
    roster = read_roster(source / "workspace.toml")
    friday = last_day - timedelta((last_day.weekday() - FRIDAY) % DAYS_A_WEEK)
    monday = friday - timedelta(DAYS_A_WEEK * roster.weeks - 3)
    zone = ZoneInfo(roster.zone)
    live_from = friday - timedelta(LIVE_DAYS - 1)
    return Sample(
        team_id=slack_id("T", roster.name),
        name=roster.name,
        zone=zone,
        first_day=monday,
        last_day=friday,
        live_from=datetime.combine(live_from, time(), zone),
        people=roster.people,
        channels=roster.channels,
        messages=_messages(source / "channels", roster, _Clock(monday, zone)),
    )


def _messages(
    folder: Path, roster: Roster, clock: "_Clock"
) -> tuple[SampleMessage, ...]:
    names = {channel.name for channel in roster.channels}
    for path in folder.glob("*.txt"):
        if path.stem not in names:
            raise SampleError(f"{path.name}: workspace.toml has no such channel")
    found: list[SampleMessage] = []
    for channel in roster.channels:
        path = folder / f"{channel.name}.txt"
        if not path.exists():
            raise SampleError(f"{path.name}: this file is missing")
        drafts = parse(path.read_text(encoding="utf-8"), path.name)
        found += _Builder(roster, channel, clock).build(drafts)
    return tuple(sorted(found, key=lambda message: (message.ts, message.channel)))


@dataclass(frozen=True, slots=True)
class _Clock:
    """Turns the minutes of drafts into Slack's ts."""

    monday: date
    zone: ZoneInfo

    def ts(self, minute: int, second: int, name: str) -> str:
        day = self.monday + timedelta(minute // MINUTES_A_DAY)
        clock = time(minute % MINUTES_A_DAY // 60, minute % 60, second)
        moment = datetime.combine(day, clock, self.zone)
        return f"{int(moment.timestamp())}.{fraction(name)}"


class _Builder:
    """Turns the drafts of one channel into messages."""

    def __init__(self, roster: Roster, channel: SampleChannel, clock: _Clock) -> None:
        self.people = {person.handle: person for person in roster.people}
        self.channels = {each.name: each for each in roster.channels}
        self.last_minute = (roster.weeks * DAYS_A_WEEK) * MINUTES_A_DAY
        self.channel = channel
        self.clock = clock

    def build(self, drafts: list[Draft]) -> Iterable[SampleMessage]:
        taken: Counter[int] = Counter()
        stamps: dict[int, str] = {}
        for number, draft in enumerate(drafts):
            second = taken[draft.minute] * SECONDS_BETWEEN
            taken[draft.minute] += 1
            try:
                stamps[id(draft)] = self._stamp(draft.minute, second, number)
                yield self._message(draft, stamps)
            except SampleError as error:
                raise SampleError(f"{draft.place}: {error}") from None

    def _stamp(self, minute: int, second: int, number: int) -> str:
        if minute >= self.last_minute:
            raise SampleError("this is after the sample's last week")
        if second >= 60:  # noqa: PLR2004 - seconds in a minute
            raise SampleError("too many messages in this minute")
        return self.clock.ts(minute, second, f"{self.channel.name}:{number}")

    def _message(self, draft: Draft, stamps: dict[int, str]) -> SampleMessage:
        person = self._author(draft.who)
        text = f"@{draft.who} has joined the channel" if draft.joined else draft.text
        name = f"{self.channel.name}:{stamps[id(draft)]}"
        return SampleMessage(
            channel=self.channel.id,
            ts=stamps[id(draft)],
            user=person.id,
            text=self._slack_text(text),
            thread_ts=stamps[id(draft.parent)] if draft.parent else None,
            reactions=self._reactions(draft),
            edited=self._edit(draft, name),
            subtype=_subtype(draft, person),
            file=SampleFile(slack_id("F", draft.file), draft.file)
            if draft.file
            else None,
        )

    def _author(self, handle: str) -> SamplePerson:
        person = self._person(handle)
        if person.id not in self.channel.members:
            raise SampleError(f"{handle!r} is not a member of #{self.channel.name}")
        return person

    def _person(self, handle: str) -> SamplePerson:
        if handle not in self.people:
            raise SampleError(f"who is {handle!r}?")
        return self.people[handle]

    def _reactions(self, draft: Draft) -> tuple[SampleReaction, ...]:
        return tuple(
            SampleReaction(name, tuple(self._author(user).id for user in users))
            for name, users in draft.reactions
        )

    def _edit(self, draft: Draft, name: str) -> SampleEdit | None:
        if draft.edit is None:
            return None
        minute, before = draft.edit
        # In the last second of its minute: after the message, whenever that was.
        return SampleEdit(
            self.clock.ts(minute, 59, f"{name}:edit"), self._slack_text(before)
        )

    def _slack_text(self, text: str) -> str:
        """Escape a text and write its mentions and links as Slack does."""
        text = html.escape(text, quote=False)
        text = _LINK.sub(lambda match: f"<{match[0]}>", text)
        text = _CHANNEL.sub(lambda match: self._channel_mention(match[1]), text)
        return _MENTION.sub(lambda match: f"<@{self._person(match[1]).id}>", text)

    def _channel_mention(self, name: str) -> str:
        if name not in self.channels:
            raise SampleError(f"there is no channel #{name}")
        return f"<#{self.channels[name].id}|{name}>"


def _subtype(draft: Draft, person: SamplePerson) -> str | None:
    if draft.joined:
        return "channel_join"
    if draft.file:
        return "file_share"
    return "bot_message" if person.bot_id else None
