"""What can happen in a workspace, as plain values; `bot/reading.py` reads them."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

# Seconds and microseconds; eleven digits of seconds are a year that can be dated.
_TS = re.compile(r"[0-9]{1,11}(?:\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Said:
    """A message as it reads now; `version_ts` grows with every edit."""

    channel_id: str
    ts: str
    root_ts: str
    user_id: str
    text: str
    version_ts: str
    channel_type: str = "channel"
    # Set when an edit arrives: an answer is given to the first version alone.
    is_edit: bool = False

    @property
    def is_root(self) -> bool:
        """Whether it opens a thread."""
        return self.root_ts == self.ts


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Somebody addressed Grapevine by name in a channel."""

    said: Said


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was taken back."""

    channel_id: str
    ts: str


@dataclass(frozen=True, slots=True)
class Reacted:
    """An emoji was put on a message, or taken off."""

    channel_id: str
    ts: str
    user_id: str
    name: str
    is_present: bool
    version_ts: str


@dataclass(frozen=True, slots=True)
class Moved:
    """Somebody joined or left a channel."""

    channel_id: str
    user_id: str
    is_member: bool
    version_ts: str


@dataclass(frozen=True, slots=True)
class ChannelTold:
    """What is known of a channel; None where the payload does not say."""

    channel_id: str
    version_ts: str
    name: str | None = None
    purpose: str | None = None
    is_private: bool | None = None
    is_archived: bool | None = None
    is_general: bool | None = None
    is_external: bool | None = None
    is_joined: bool | None = None


@dataclass(frozen=True, slots=True)
class ChannelConverted:
    """A public channel became private, or the other way round."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class ChannelGone:
    """A channel was deleted, with everything in it."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class ChannelRenumbered:
    """A channel got another id (Slack does so when it is shared)."""

    old_id: str
    new_id: str


@dataclass(frozen=True, slots=True)
class PersonTold:
    """What Slack says of a person."""

    user_id: str
    version_ts: str
    name: str
    zone: str
    is_bot: bool
    is_deactivated: bool
    is_guest: bool
    is_external: bool
    is_admin: bool


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at Grapevine's Home tab."""

    user_id: str


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The workspace took Grapevine out, or its token back."""


@dataclass(frozen=True, slots=True)
class LetIn:
    """An organisation lets Grapevine into some of its workspaces, or out of them."""

    team_ids: tuple[str, ...]
    granted: bool


Happening = (
    Said
    | Mentioned
    | Deleted
    | Reacted
    | Moved
    | ChannelTold
    | ChannelConverted
    | ChannelGone
    | ChannelRenumbered
    | PersonTold
    | HomeOpened
    | Uninstalled
    | LetIn
)


def instant(ts: str) -> datetime:
    """The moment a Slack timestamp names (aware)."""
    return datetime.fromtimestamp(float(ts), tz=UTC)


def is_ts(value: object) -> bool:
    """Whether a value is a Slack timestamp that names a moment."""
    if not isinstance(value, str):
        return False
    return _TS.fullmatch(value) is not None
