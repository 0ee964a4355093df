"""What is to be read, how fast, and what has been read: plain values."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.pacing import SHARE, TIER_2, TIER_3, TIER_4

# Slack advises against more than 200 messages a page, and gives 999 at most.
# Source: Slack, "Pagination" and conversations.history.
PAGE_MESSAGES = 200
PER_MINUTE = TIER_3 * SHARE

# What apps get that are distributed outside Slack's Marketplace. Source: Slack,
# "Rate limit changes for non-Marketplace apps", 2025-05-29.
STRICT_PER_MINUTE = 1.0
STRICT_PAGE_MESSAGES = 15

_ALL = "0"


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast histories are read.

    Attributes:
        per_minute: Requests a minute, for histories and for threads each.
        page: Messages a request.
    """

    per_minute: float = PER_MINUTE
    page: int = PAGE_MESSAGES

    def limits(self) -> dict[str, float]:
        """Requests a minute by method."""
        return {
            "conversations.history": self.per_minute,
            "conversations.replies": self.per_minute,
            "conversations.members": TIER_4 * SHARE,
            "users.conversations": TIER_2 * SHARE,
            "users.info": TIER_4 * SHARE,
        }


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be read.

    Attributes:
        workspace_id: Whose Slack.
        channels: Ids; empty for every channel that Grapevine is in.
        since: Messages from then on; None for all there are.
    """

    workspace_id: str
    channels: tuple[str, ...] = ()
    since: datetime | None = None

    @property
    def oldest_ts(self) -> str:
        """Slack's timestamp of `since`."""
        return ts_of(self.since) if self.since else _ALL


@dataclass(slots=True)
class Report:
    """What was read.

    Attributes:
        channels: Names of the channels that were read to the end.
        messages: Messages of people that were read, new or not.
        threads: Threads asked for.
        skipped: Why entries were passed over, and how often.
        refused: Channels that could not be read, and Slack's word for why.
    """

    channels: list[str] = field(default_factory=list)
    messages: int = 0
    threads: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    refused: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """How far a reading has come.

    Attributes:
        channel: The name of the channel being read.
        number, of: Which one it is, of how many.
        messages: Read so far, in all.
        at: When the oldest message read of it was written.
    """

    channel: str
    number: int
    of: int
    messages: int
    at: datetime


Progress = Callable[[Step], object]


def ts_of(at: datetime) -> str:
    """Slack's timestamp of a moment."""
    return f"{at.timestamp():.6f}"
