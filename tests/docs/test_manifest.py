"""The manifest, the page of reasons, and the code ask Slack for the same things."""

import json
import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml
from slack_bolt import App
from slack_sdk import WebClient

from bot.deps import Deps
from bot.reading import read_event
from handlers import build_app

ROOT = Path(__file__).parents[2]
SCHEMA = ROOT.parent / "shared" / "schemas" / "slack-manifest-1.0.0.json"

# Which scopes let a bot call a method; any one will do.
# Source: Slack, the pages of the methods.
SCOPES_OF = {
    "auth.test": set[str](),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.create": {"channels:manage"},
    "conversations.history": {"channels:history"},
    "conversations.info": {"channels:read"},
    "conversations.invite": {"channels:manage", "channels:write.invites"},
    "conversations.list": {"channels:read"},
    "conversations.members": {"channels:read"},
    "conversations.open": {"im:write"},
    "conversations.replies": {"channels:history"},
    "conversations.setPurpose": {"channels:manage", "channels:write.topic"},
    "conversations.setTopic": {"channels:manage", "channels:write.topic"},
    "reactions.get": {"reactions:read"},
    "team.info": {"team:read"},
    "users.conversations": {"channels:read"},
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "views.open": set[str](),
    "views.publish": set[str](),
    "views.push": set[str](),
    "views.update": set[str](),
}

# Called only for what Slack may refuse to tell: it goes without.
MAY_BE_REFUSED = {"reactions.get"}

# Families of methods by their first word, as they occur in strings of the code.
METHOD = re.compile(
    r'"((?:auth|bookmarks|chat|conversations|files|pins|reactions|team|usergroups'
    r'|users|views)\.[a-z]+[A-Za-z]*)"'
)
NO_METHODS = {"users.json"}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((ROOT / "manifest.yml").read_text()))


@pytest.fixture(scope="module")
def reasons() -> str:
    return (ROOT / "docs" / "scopes.md").read_text()


@pytest.fixture(scope="module")
def app() -> App:
    nothing = cast("Any", None)
    deps = Deps(database=nothing, memories=nothing, slack_of=nothing, clock=nothing)
    client = WebClient("xoxb-test")
    return build_app(
        deps, client=client, wake=lambda: None, executor=cast("Any", object())
    )


def scopes(manifest: dict[str, Any]) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = manifest["oauth_config"]["scopes"]
    return asked


def events(manifest: dict[str, Any]) -> list[str]:
    subscribed: list[str] = manifest["settings"]["event_subscriptions"]["bot_events"]
    return subscribed


def first_cells(page: str, title: str) -> list[str]:
    part = page.partition(f"## {title}")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", part, re.MULTILINE)


def methods_called() -> set[str]:
    files = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")]
    called: set[str] = set()
    for file in files:
        if "standin" not in file.parts and "sample" not in file.parts:
            called |= set(METHOD.findall(file.read_text()))
    return called - NO_METHODS


def answers(app: App, payload: dict[str, Any]) -> bool:
    """Whether some listener is there for a payload."""
    from slack_bolt import BoltRequest, BoltResponse  # noqa: PLC0415 - local to this

    request = BoltRequest(body=payload, mode="socket_mode")
    response = BoltResponse(status=200)
    return any(each.matches(req=request, resp=response) for each in app._listeners)  # noqa: SLF001


def test_the_manifest_is_one_that_slack_takes(manifest: dict[str, Any]) -> None:
    if not SCHEMA.exists():
        pytest.skip(
            f"Slack's schema of manifests is not beside this repository: {SCHEMA}"
        )
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.validate(manifest, json.loads(SCHEMA.read_text()))


def test_it_keeps_to_slacks_lengths(manifest: dict[str, Any]) -> None:
    shown = manifest["display_information"]

    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000
    assert all(len(s["name"]) <= 24 for s in manifest["features"]["shortcuts"])
    assert all(len(c["command"]) <= 32 for c in manifest["features"]["slash_commands"])


def test_every_command_has_a_listener(app: App, manifest: dict[str, Any]) -> None:
    commands = [c["command"] for c in manifest["features"]["slash_commands"]]

    unheard = [c for c in commands if not answers(app, {"command": c, "text": ""})]

    assert commands
    assert unheard == []


def test_every_listener_for_a_command_is_in_the_manifest(
    manifest: dict[str, Any],
) -> None:
    told = {c["command"] for c in manifest["features"]["slash_commands"]}
    told |= {s["callback_id"] for s in manifest["features"]["shortcuts"]}
    code = "".join(f.read_text() for f in (ROOT / "handlers").glob("*.py"))

    listened = set(
        re.findall(r'^COMMAND = "(.+)"|^SHORTCUT = "(.+)"', code, re.MULTILINE)
    )

    assert {a or b for a, b in listened} == told


def test_every_shortcut_has_a_listener(app: App, manifest: dict[str, Any]) -> None:
    kinds = {"message": "message_action", "global": "shortcut"}
    unheard = [
        s["callback_id"]
        for s in manifest["features"]["shortcuts"]
        if not answers(app, {"type": kinds[s["type"]], "callback_id": s["callback_id"]})
    ]

    assert unheard == []


def test_mentions_in_commands_come_as_ids(manifest: dict[str, Any]) -> None:
    assert all(c["should_escape"] for c in manifest["features"]["slash_commands"])


def test_every_event_asked_for_is_one_that_is_read(manifest: dict[str, Any]) -> None:
    from bot import reading  # noqa: PLC0415 - its table is private to it

    readers = set(reading._READERS)  # noqa: SLF001

    page = (ROOT / "docs" / "many-workspaces.md").read_text()
    block = yaml.safe_load(re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[0])
    added = block["settings"]["event_subscriptions"]["bot_events"]
    asked = {event.partition(".")[0] for event in [*events(manifest), *added]}

    assert asked == readers
    assert read_event({"event": {"type": "nothing_of_ours"}}) is None


def test_every_scope_has_its_reason(manifest: dict[str, Any], reasons: str) -> None:
    asked = scopes(manifest)

    assert first_cells(reasons, "Scopes it needs") == asked["bot"]
    assert first_cells(reasons, "Scopes that may be refused") == asked["bot_optional"]


def test_every_event_has_its_reason_and_a_scope_that_is_asked_for(
    manifest: dict[str, Any], reasons: str
) -> None:
    part = reasons.split("## Events")[1]
    rows = re.findall(
        r"^\| `([^`]+)` \|[^|]+\| (?:`([^`]+)`|\u2013) \|", part, re.MULTILINE
    )
    asked = {*scopes(manifest)["bot"], *scopes(manifest)["bot_optional"], ""}

    assert [event for event, _ in rows] == events(manifest)
    assert {scope for _, scope in rows} <= asked


def test_every_method_called_is_covered_by_a_scope_that_cannot_be_refused(
    manifest: dict[str, Any],
) -> None:
    required = set(scopes(manifest)["bot"])

    called = methods_called()

    assert called <= set(SCOPES_OF), "name the scopes of the new method in this test"
    uncovered = {m for m in called if SCOPES_OF[m] and not SCOPES_OF[m] & required}
    assert uncovered == MAY_BE_REFUSED


@pytest.mark.parametrize(
    "scope",
    [
        "channels:join",
        "chat:write.public",
        "files:read",
        "search:read",
        "users:read.email",
    ],
)
def test_it_never_asks_for(manifest: dict[str, Any], scope: str) -> None:
    asked = scopes(manifest)

    assert scope not in {*asked["bot"], *asked["bot_optional"]}
    assert "user" not in asked


def test_it_connects_without_an_address(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in manifest["settings"]["event_subscriptions"]
