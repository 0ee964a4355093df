"""A history written as an export again: part of it, or its channels hidden."""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import IO, Any

from bot.evaluation.history import History, Line, root_of
from bot.evaluation.topic_scores import Hidden
from bot.slack_export import Export

POOLS = 6

_CHANNEL = re.compile(r"<#[^>]*>")

# What Slack notes at the root of a thread tells of replies that came later.
_COUNTERS = (
    "reply_count",
    "reply_users",
    "reply_users_count",
    "latest_reply",
    "replies",
)

# Small print that tells of a channel, not of a conversation.
_SMALL_PRINT = frozenset(
    """channel_join channel_leave channel_topic channel_purpose channel_name
    channel_archive""".split()  # noqa: SIM905
)


class _InMemory:
    """An export's files, held in memory: nothing is written anywhere."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def names(self) -> list[str]:
        return sorted(self._files)

    def open(self, name: str) -> IO[bytes]:
        return BytesIO(self._files[name])

    def size(self, name: str) -> int:
        return len(self._files[name])


def before(history: History, at: datetime) -> Export:
    """The export as it stood at a moment (aware)."""
    lines = [line for line in history.lines if line.at < at.timestamp()]
    placed = [(line.folder, _without(line.entry, _COUNTERS)) for line in lines]
    return _export(history.users, history.channels, placed, name="history")


def pooled(history: History) -> tuple[Export, Hidden]:
    """Spread every thread over six channels by a hash of its own.

    Returns:
        An export whose channels tell nothing, and what they were.
    """
    placed, taken = [], set()
    channel_of: dict[tuple[str, str], str] = {}
    burst_of: dict[tuple[str, str], str] = {}
    for line in history.lines:
        if line.entry.get("subtype") in _SMALL_PRINT:
            continue
        root = root_of(line.entry)
        pool = _pool(line, root)
        if (pool, line.entry["ts"]) in taken:
            continue
        taken.add((pool, line.entry["ts"]))
        placed.append((f"pool-{pool}", _unnamed(line.entry)))
        channel_of[_pool_id(pool), root] = line.folder
        if root == line.entry["ts"]:
            day = int(float(root)) // 86_400
            burst_of[_pool_id(pool), root] = f"{line.entry.get('user')} {day}"
    everybody = [user["id"] for user in history.users if "id" in user]
    channels = [_pool_channel(pool, everybody) for pool in range(1, POOLS + 1)]
    export = _export(history.users, channels, placed, name="pooled")
    return export, Hidden(channel_of, burst_of)


def _pool(line: Line, root: str) -> int:
    digest = sha256(f"{line.folder}{root}".encode()).hexdigest()
    return 1 + int(digest, 16) % POOLS


def _pool_id(pool: int) -> str:
    return f"CPOOL{pool}"


def _pool_channel(pool: int, members: list[str]) -> dict[str, Any]:
    return {
        "id": _pool_id(pool),
        "name": f"pool-{pool}",
        "is_general": pool == 1,
        "members": members,
        "purpose": {"value": ""},
    }


def _unnamed(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An entry whose text links to no channel."""
    text = entry.get("text")
    named = {"text": _CHANNEL.sub("", text)} if isinstance(text, str) else {}
    return dict(entry) | named


def _without(entry: Mapping[str, Any], keys: Iterable[str]) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _export(
    users: Iterable[Mapping[str, Any]],
    channels: Iterable[Mapping[str, Any]],
    placed: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    name: str,
) -> Export:
    days: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for folder, entry in placed:
        day = datetime.fromtimestamp(float(entry["ts"]), tz=UTC).date()
        days[f"{folder}/{day.isoformat()}.json"].append(entry)
    files: dict[str, object] = {
        "users.json": list(users),
        "channels.json": list(channels),
        **days,
    }
    return Export(
        _InMemory({n: json.dumps(held).encode() for n, held in files.items()}), name
    )
