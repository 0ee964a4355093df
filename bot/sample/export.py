"""Write the sample as Slack's standard export: public channels alone.

The form: https://slack.com/help/articles/220556107
"""

import json
import zipfile
from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from bot.sample.ids import client_msg_id
from bot.sample.load import load_sample
from bot.sample.values import Sample, SampleChannel, SampleMessage, SamplePerson

# ZIP cannot tell an earlier date; a fixed one makes the file the same each time.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)


def write_export(target: Path, *, until: datetime, last_day: date) -> None:
    """Write what had been said before `until`.

    Args:
        target: A folder, made if need be, or a file to be written if it ends in .zip.
        until: Aware. An edit made later is not in it, nor are answers sent later.
        last_day: As in `load_sample`.
    """
    files = export_files(load_sample(last_day), until)
    if target.suffix == ".zip":
        _write_zip(target, files)
        return
    for name, content in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")


def export_files(sample: Sample, until: datetime) -> dict[str, str]:
    """Make the export's files, as JSON texts by their path."""
    public = [channel for channel in sample.channels if not channel.is_private]
    files: dict[str, Any] = {
        "users.json": [_user(sample, person) for person in sample.people],
        "channels.json": [_channel(sample, channel) for channel in public],
        "integration_logs.json": [],
    }
    for channel in public:
        said = [
            _as_of(message, until)
            for message in sample.messages
            if message.channel == channel.id and _at(message.ts) < until.timestamp()
        ]
        for day, messages in _by_day(sample, said).items():
            name = f"{channel.name}/{day.isoformat()}.json"
            files[name] = [_message(sample, each, said) for each in messages]
    return {
        name: json.dumps(content, ensure_ascii=False, indent=1)
        for name, content in files.items()
    }


def _write_zip(target: Path, files: dict[str, str]) -> None:
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, ZIP_EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)


def _at(ts: str) -> float:
    return float(ts)


def _as_of(message: SampleMessage, until: datetime) -> SampleMessage:
    """Undo an edit that had not been made yet."""
    edited = message.edited
    if edited is None or _at(edited.ts) < until.timestamp():
        return message
    return replace(message, text=edited.before, edited=None)


def _by_day(
    sample: Sample, messages: list[SampleMessage]
) -> dict[date, list[SampleMessage]]:
    days: dict[date, list[SampleMessage]] = defaultdict(list)
    for message in messages:
        days[datetime.fromtimestamp(_at(message.ts), sample.zone).date()].append(
            message
        )
    return days


def _user(sample: Sample, person: SamplePerson) -> dict[str, Any]:
    first, _, last = person.name.partition(" ")
    began = datetime.combine(sample.first_day, datetime.min.time(), sample.zone)
    offset = began.utcoffset()
    return {
        "id": person.id,
        "team_id": sample.team_id,
        "name": person.handle,
        "deleted": person.is_deactivated,
        "real_name": person.name,
        "tz": sample.zone.key,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": {
            "title": person.title,
            "real_name": person.name,
            "display_name": person.handle,
            "first_name": first,
            "last_name": last,
            "team": sample.team_id,
        }
        | ({"bot_id": person.bot_id} if person.bot_id else {}),
        "is_bot": person.bot_id is not None,
        "is_app_user": False,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
    }


def _channel(sample: Sample, channel: SampleChannel) -> dict[str, Any]:
    began = datetime.combine(sample.first_day, datetime.min.time(), sample.zone)
    created = int(began.timestamp())
    said = {"creator": channel.creator, "last_set": created}
    return {
        "id": channel.id,
        "name": channel.name,
        "created": created,
        "creator": channel.creator,
        "is_archived": False,
        "is_general": channel.is_general,
        "members": list(channel.members),
        "topic": {"value": channel.topic} | said,
        "purpose": {"value": channel.purpose} | said,
    }


def _message(
    sample: Sample, message: SampleMessage, said: list[SampleMessage]
) -> dict[str, Any]:
    """Make a message as exports hold it, with what its thread has come to."""
    answers = [each for each in said if each.thread_ts == message.ts]
    return {
        "type": "message",
        "user": message.user,
        "text": message.text,
        "ts": message.ts,
        **_origin(sample, message),
        **_thread(message, answers, said),
        **_extras(message),
    }


def _origin(sample: Sample, message: SampleMessage) -> dict[str, Any]:
    bot_id = next(p.bot_id for p in sample.people if p.id == message.user)
    if bot_id:
        return {"subtype": "bot_message", "bot_id": bot_id, "team": sample.team_id}
    if message.subtype == "channel_join":
        return {"subtype": "channel_join"}
    origin = {
        "client_msg_id": client_msg_id(f"{message.channel}:{message.ts}"),
        "team": sample.team_id,
    }
    return origin | ({"subtype": message.subtype} if message.subtype else {})


def _thread(
    message: SampleMessage, answers: list[SampleMessage], said: list[SampleMessage]
) -> dict[str, Any]:
    if message.thread_ts:
        first = next(each for each in said if each.ts == message.thread_ts)
        return {"thread_ts": message.thread_ts, "parent_user_id": first.user}
    if not answers:
        return {}
    users = list(dict.fromkeys(each.user for each in answers))
    return {
        "thread_ts": message.ts,
        "reply_count": len(answers),
        "reply_users_count": len(users),
        "latest_reply": answers[-1].ts,
        "reply_users": users,
        "replies": [{"user": each.user, "ts": each.ts} for each in answers],
        "subscribed": False,
    }


def _extras(message: SampleMessage) -> dict[str, Any]:
    extras: dict[str, Any] = {}
    if message.reactions:
        extras["reactions"] = [
            {"name": each.name, "users": list(each.users), "count": len(each.users)}
            for each in message.reactions
        ]
    if message.edited:
        extras["edited"] = {"user": message.user, "ts": message.edited.ts}
    if message.file:
        file = {"id": message.file.id, "name": message.file.name}
        extras["files"] = [file | {"user": message.user, "mode": "hosted"}]
        extras["upload"] = False
    return extras
