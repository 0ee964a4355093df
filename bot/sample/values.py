"""The plain values of the sample workspace: people, channels, messages."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


class SampleError(ValueError):
    """A source file of the sample is wrong; the text names file and line."""


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Somebody of the workspace, or a bot (then with a `bot_id`)."""

    id: str
    handle: str
    name: str
    title: str
    is_guest: bool = False
    is_deactivated: bool = False
    bot_id: str | None = None


@dataclass(frozen=True, slots=True)
class SampleChannel:
    """A channel with its members' ids, in the order of the people."""

    id: str
    name: str
    topic: str
    purpose: str
    creator: str
    members: tuple[str, ...]
    is_private: bool = False
    is_general: bool = False


@dataclass(frozen=True, slots=True)
class SampleReaction:
    """An emoji (its name without colons) and the ids of those who chose it."""

    name: str
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SampleEdit:
    """When (ts) the author changed a message, and what it said before."""

    ts: str
    before: str


@dataclass(frozen=True, slots=True)
class SampleFile:
    """A shared file; it has a name and no content."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class SampleMessage:
    """A message as Slack would hold it: escaped text, ids, ts strings.

    `thread_ts` is the ts of the message answered, and None at top level.
    `text` is what stands there in the end; see `edited` for what stood before.
    """

    channel: str
    ts: str
    user: str
    text: str
    thread_ts: str | None = None
    reactions: tuple[SampleReaction, ...] = ()
    edited: SampleEdit | None = None
    subtype: str | None = None
    file: SampleFile | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The whole workspace; `messages` are ordered by time over all channels.

    `first_day` is a Monday and `last_day` a Friday, both in `zone`. What comes
    before `live_from` is history to import, the rest can be played live.
    """

    team_id: str
    name: str
    zone: ZoneInfo
    first_day: date
    last_day: date
    live_from: datetime
    people: tuple[SamplePerson, ...]
    channels: tuple[SampleChannel, ...]
    messages: tuple[SampleMessage, ...]

    def person(self, handle: str) -> SamplePerson:
        """Get a person by handle.

        Raises:
            KeyError: Nobody has this handle.
        """
        return {person.handle: person for person in self.people}[handle]

    def channel(self, name: str) -> SampleChannel:
        """Get a channel by name, the private one too.

        Raises:
            KeyError: No channel has this name.
        """
        return {channel.name: channel for channel in self.channels}[name]
