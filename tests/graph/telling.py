"""The sample's talk told in three ways: as an export, live, and as Slack's history."""

import json
import zipfile
from pathlib import Path
from typing import Any

from bot.deps import Deps
from bot.graph import places
from bot.graph.topics import live_topics, questions_by_topic
from bot.importing import import_export
from bot.slack_export import open_export
from bot.standin import Channel, User, Workspace
from tests.graph.conftest import NOW, Directory
from tests.graph.talk import react


def as_workspace(path: Path) -> Workspace:
    """A local Slack's workspace in which an export's messages were said."""
    with zipfile.ZipFile(path) as archive:
        users = json.loads(archive.read("users.json"))
        channels = {
            told["name"]: Channel(told["id"], told["name"], [*told["members"], "U0BOT"])
            for told in json.loads(archive.read("channels.json"))
        }
        for name in sorted(archive.namelist()):
            folder, _, file = name.partition("/")
            for entry in json.loads(archive.read(name)) if file else ():
                channels[folder].messages[entry["ts"]] = entry
    people = (
        User(
            user["id"],
            user["name"],
            user["real_name"],
            is_bot=user["is_bot"],
            deleted=user["deleted"],
        )
        for user in users
    )
    return Workspace(
        id=users[0]["team_id"],
        users=tuple(people),
        channels=tuple(channels.values()),
    )


def as_events(path: Path, slack: Directory) -> tuple[str, list[dict[str, Any]]]:
    """The same messages and reactions as Slack would have told of them live."""
    events: list[dict[str, Any]] = []
    with zipfile.ZipFile(path) as archive:
        users = json.loads(archive.read("users.json"))
        channels = json.loads(archive.read("channels.json"))
        slack.people = {user["id"]: user for user in users}
        slack.channels = {c["id"]: c | {"is_member": True} for c in channels}
        ids = {channel["name"]: channel["id"] for channel in channels}
        for name in archive.namelist():
            folder, _, file = name.partition("/")
            for entry in json.loads(archive.read(name)) if file else ():
                events += _told(entry | {"channel": ids[folder]})
    return users[0]["team_id"], events


def _told(entry: dict[str, Any]) -> list[dict[str, Any]]:
    event = {"channel_type": "channel", **entry}
    reactions = event.pop("reactions", [])
    return [event] + [
        react(event, user, 0, name=reaction["name"])
        for reaction in reactions
        for user in reaction["users"]
    ]


def bring(deps: Deps, path: Path) -> str:
    with open_export(path) as opened:
        done = import_export(deps, opened, now=NOW, progress=lambda *_: None)
    return done.workspace_id


def set_key(deps: Deps, team: str) -> None:
    with deps.database.sessions.begin() as session:
        places.ensure_workspace(session, team, now=NOW).word_key = b"k" * 32


def topics_of(deps: Deps, team: str) -> set[Any]:
    with deps.database.readers() as session:
        questions = questions_by_topic(session, team)
        return {
            (topic.label, frozenset(questions.get(topic.id, ())))
            for topic in live_topics(session, team)
        }
