"""An export in memory: what was said in public, and which questions were answered.

A question here is what anybody would take for one, a message with a question
mark that opens a thread: the judge must not be the judged.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.describing import read_channel
from bot.errors import BadInputError
from bot.happenings import Said, is_ts
from bot.reading import read_message
from bot.slack_export import Export

_FENCE = re.compile(r"```.*?```", re.DOTALL)
_MENTION = re.compile(r"<[@!][^>]*>")
_CHANNEL = re.compile(r"<#[^|>]*\|?([^>]*)>")
_LINK = re.compile(r"<[a-z]+:[^|>]+(?:\|([^>]*))?>")
_EMOJI = re.compile(r":[a-z0-9_+-]+:")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of an export.

    Attributes:
        folder: The channel's folder, which is its name.
        channel_id: The channel.
        at: Seconds since 1970.
        entry: The entry as the export has it.
        said: What a person said by it; None for joins, bots and the like.
    """

    folder: str
    channel_id: str
    at: float
    entry: Mapping[str, Any]
    said: Said | None


@dataclass(frozen=True, slots=True)
class History:
    """What an export says of its public channels, oldest first."""

    users: tuple[dict[str, Any], ...]
    channels: tuple[dict[str, Any], ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A message with a question mark that opens a thread.

    Attributes:
        answers: What each person but the asker replied, by their id.
    """

    folder: str
    channel_id: str
    ts: str
    at: float
    asker_id: str
    text: str
    answers: Mapping[str, tuple[str, ...]]

    @property
    def key(self) -> str:
        """Names it in one history."""
        return f"{self.folder}-{self.ts}"


def read_history(export: Export, progress: Callable[[int, int], None]) -> History:
    """Read the public channels of an export.

    Private channels and those shared with other organisations are left out: what
    is measured is what everybody may be told.
    """
    open_ids = {
        told.channel_id
        for told in (read_channel(channel, "0") for channel in export.channels())
        if told and not told.is_private and not told.is_external
    }
    ids = {f: i for f, i in export.channel_ids().items() if i in open_ids}
    lines: list[Line] = []
    days = export.days()
    for done, day in enumerate(days, 1):
        channel_id = ids.get(day.folder)
        if channel_id is not None:
            try:
                entries = export.messages(day)
            except BadInputError:
                entries = []  # an import passes over a broken day file as well
            lines += _lines(entries, day.folder, channel_id)
        progress(done, len(days))
    channels = [c for c in export.channels() if c.get("id") in open_ids]
    # Stable: what was posted in one instant stays in the order of the files.
    lines.sort(key=lambda line: line.at)
    return History(tuple(export.users()), tuple(channels), tuple(lines))


def _lines(entries: Iterable[object], folder: str, channel_id: str) -> Iterator[Line]:
    for entry in entries:
        if isinstance(entry, Mapping) and is_ts(entry.get("ts")):
            said = read_message(entry, channel_id=channel_id)
            written = said if said and said.text else None
            yield Line(folder, channel_id, float(entry["ts"]), entry, written)


def root_of(entry: Mapping[str, Any]) -> str:
    """The `ts` that names the thread an entry belongs to."""
    return str(entry.get("thread_ts") or entry["ts"])


def plain(mrkdwn: str) -> str:
    """Slack's markup as text: no code blocks, mentions, addresses or emoji.

    Kept apart from `bot.text.plain`, so that what is measured with does not move
    with what is measured.
    """
    text = _FENCE.sub(" ", mrkdwn)
    text = _MENTION.sub(" ", text)
    text = _CHANNEL.sub(r"\1", text)
    text = _LINK.sub(lambda found: found.group(1) or " ", text)
    return _SPACE.sub(" ", _EMOJI.sub(" ", text)).strip()


def has_question_mark(mrkdwn: str) -> bool:
    """The baseline of question detection: a "?" outside code and addresses."""
    return "?" in plain(mrkdwn)


def questions_of(lines: Iterable[Line]) -> list[Asked]:
    """List the questions, oldest first, answered or not."""
    said = [line for line in lines if line.said]
    replies: dict[tuple[str, str], list[Said]] = defaultdict(list)
    for line in said:
        if line.said and not line.said.is_root:
            replies[line.folder, line.said.root_ts].append(line.said)
    return [
        _asked(line, line.said, replies[line.folder, line.said.ts])
        for line in said
        if line.said and line.said.is_root and has_question_mark(line.said.text)
    ]


def _asked(line: Line, said: Said, replies: Iterable[Said]) -> Asked:
    answers: dict[str, list[str]] = defaultdict(list)
    for reply in replies:
        if reply.user_id != said.user_id:
            answers[reply.user_id].append(reply.text)
    return Asked(
        folder=line.folder,
        channel_id=line.channel_id,
        ts=said.ts,
        at=line.at,
        asker_id=said.user_id,
        text=said.text,
        answers={user: tuple(texts) for user, texts in answers.items()},
    )
