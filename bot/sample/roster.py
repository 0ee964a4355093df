"""Read people and channels from `workspace.toml`, strictly."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.sample.ids import slack_id
from bot.sample.values import SampleChannel, SampleError, SamplePerson

_TEXTS = {
    "workspace": ("name", "zone"),
    "person": ("handle", "name", "title"),
    "channel": ("name", "topic", "purpose", "creator"),
}
_OPTIONS: dict[str, dict[str, type]] = {
    "workspace": {"weeks": int},
    "person": {"guest": bool, "bot": bool, "deactivated": bool},
    "channel": {"members": list, "guests": list, "private": bool, "general": bool},
}


@dataclass(frozen=True, slots=True)
class Roster:
    """The workspace before anybody has said anything."""

    name: str
    zone: str
    weeks: int
    people: tuple[SamplePerson, ...]
    channels: tuple[SampleChannel, ...]


def read_roster(path: Path) -> Roster:
    """Read a workspace file.

    Raises:
        SampleError: An entry misses a key, has an unknown one, or names nobody.
    """
    try:
        source = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:  # its text names line and column
        raise SampleError(f"{path.name}: {error}") from None
    workspace = source.get("workspace", {})
    _check("workspace", workspace, path.name)
    people = tuple(_person(entry, path.name) for entry in source.get("person", []))
    _check_unique("handle", [person.handle for person in people], path.name)
    channels = tuple(
        _channel(entry, people, path.name) for entry in source.get("channel", [])
    )
    _check_unique("channel", [channel.name for channel in channels], path.name)
    return Roster(
        name=workspace["name"],
        zone=workspace["zone"],
        weeks=workspace["weeks"],
        people=people,
        channels=channels,
    )


def _person(entry: dict[str, Any], source: str) -> SamplePerson:
    _check("person", entry, source)
    handle = entry["handle"]
    return SamplePerson(
        id=slack_id("U", handle),
        handle=handle,
        name=entry["name"],
        title=entry["title"],
        is_guest=entry.get("guest", False),
        is_deactivated=entry.get("deactivated", False),
        bot_id=slack_id("B", handle) if entry.get("bot") else None,
    )


def _channel(
    entry: dict[str, Any], people: tuple[SamplePerson, ...], source: str
) -> SampleChannel:
    _check("channel", entry, source)
    ids = {person.handle: person.id for person in people}
    # Guests are in the channels that name them, as in Slack.
    everyone = [person.handle for person in people if not person.is_guest]
    members = {*entry.get("members", everyone), *entry.get("guests", ())}
    for handle in (*sorted(members), entry["creator"]):
        if handle not in ids:
            raise SampleError(f"{source}: channel {entry['name']}: who is {handle!r}?")
    return SampleChannel(
        id=slack_id("C", entry["name"]),
        name=entry["name"],
        topic=entry["topic"],
        purpose=entry["purpose"],
        creator=ids[entry["creator"]],
        members=tuple(
            ids[person.handle] for person in people if person.handle in members
        ),
        is_private=entry.get("private", False),
        is_general=entry.get("general", False),
    )


def _check(kind: str, entry: dict[str, Any], source: str) -> None:
    """Raise SampleError unless an entry has its keys, of their types, alone."""
    types: dict[str, type] = dict.fromkeys(_TEXTS[kind], str)
    types |= _OPTIONS[kind]
    required = (*_TEXTS[kind], *(("weeks",) if kind == "workspace" else ()))
    title = f"{source}: {kind} {entry.get('handle', entry.get('name', ''))!r}"
    if missing := [key for key in required if key not in entry]:
        raise SampleError(f"{title} has no {missing[0]!r}")
    for key, value in entry.items():
        if key not in types:
            raise SampleError(f"{title}: unknown key {key!r}")
        if not isinstance(value, types[key]):
            raise SampleError(f"{title}: {key!r} should be {types[key].__name__}")


def _check_unique(what: str, names: list[str], source: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise SampleError(f"{source}: the {what} {name!r} appears twice")
