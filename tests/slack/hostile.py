"""What Slack could send and what it never should: payloads, and ways to spoil them."""

import copy
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

from bot import blocks

Json = Any
Path = tuple[str | int, ...]

TEAM, ANN, CHANNEL = "T0LOCAL", "U1ANN", "C1DATA"
TS = "1772703000.000100"

# Each has broken a chat bot somewhere: markup that calls people, NUL, which
# PostgreSQL does not hold, half of a surrogate pair, which UTF-8 does not, text from
# right to left, and more than Slack's own limit.
NASTY_TEXTS = (
    "",
    " \t\n",
    "<!channel> <!here> <!everyone> <@U1ANN> <#C1DATA|data>",
    "<https://evil.example|click> `code` *bold* ~gone~ > quote",
    "who knows about <!channel>?",
    "who knows about \x00null\x00 bytes?",
    "half a pair \ud83d and its other half \udc4d?",
    "\u202ewho knows about right to left?\u202c",
    "誰がデータベースについて知っていますか？ من يعرف؟ кто знает? ποιος ξέρει;",  # noqa: RUF001
    "e\u0301\u0327" * 300,
    "👩‍👩‍👧‍👦" * 200 + "?",
    "who knows about " + "x" * 50_000 + "?",
    "?" * 5_000,
    "<" * 5_000 + "?",
    "&lt;!channel&gt; &amp; &#60;",
    "${jndi:ldap://x} '; DROP TABLE events; -- %s %(x)s {0} {}",
)
WRONG: tuple[Json, ...] = (
    None,
    True,
    0,
    -1,
    2**70,
    1e308,
    "",
    "x",
    [],
    {},
    [None],
    {"": {}},
    [[[]]],
)


def _text_message(**fields: Json) -> Json:
    return {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": ANN,
        "text": "Who knows about pgbouncer?",
        "ts": TS,
        "event_ts": TS,
        **fields,
    }


def _user() -> Json:
    return {
        "id": "U7NEW",
        "team_id": TEAM,
        "name": "new",
        "tz": "Europe/Paris",
        "deleted": False,
        "is_bot": False,
        "profile": {"display_name": "new", "real_name": "New Person"},
    }


def _edited() -> Json:
    return _text_message(
        subtype="message_changed",
        message={**_text_message(), "edited": {"user": ANN, "ts": "1772703050.000100"}},
        previous_message=_text_message(),
    )


def _deleted() -> Json:
    return _text_message(
        subtype="message_deleted", deleted_ts=TS, previous_message=_text_message()
    )


_REACTION = {
    "user": ANN,
    "reaction": "pray",
    "item_user": "U2BEN",
    "item": {"type": "message", "channel": CHANNEL, "ts": TS},
}
_MOVE = {"user": "U3CAT", "channel": CHANNEL, "channel_type": "C", "team": TEAM}
_RENAME = {"channel": {"id": CHANNEL, "name": "renamed", "created": 1_700_000_000}}
_PLACE = {"channel": CHANNEL, "actor_id": ANN, "user": ANN}

# By the manifest's name of each subscription; several where it has several shapes.
EVENTS: dict[str, list[Json]] = {
    "app_home_opened": [{"user": ANN, "channel": "D1ANN", "tab": "home"}],
    "app_mention": [{**_text_message(), "text": "<@U0BOT> who knows about sailing?"}],
    "app_uninstalled": [{}],
    "channel_archive": [_PLACE],
    "channel_deleted": [_PLACE],
    "channel_id_changed": [{"old_channel_id": CHANNEL, "new_channel_id": "C8NEW"}],
    "channel_left": [_PLACE],
    "channel_rename": [_RENAME],
    "channel_shared": [{"channel": CHANNEL, "connected_team_id": "T9OTHER"}],
    "channel_unarchive": [_PLACE],
    "channel_unshared": [{"channel": CHANNEL, "is_ext_shared": False}],
    "group_archive": [_PLACE],
    "group_deleted": [_PLACE],
    "group_left": [_PLACE],
    "group_rename": [_RENAME],
    "group_unarchive": [_PLACE],
    "member_joined_channel": [{**_MOVE, "inviter": ANN}],
    "member_left_channel": [_MOVE],
    "message.channels": [
        _text_message(),
        _text_message(thread_ts="1772702000.000100", text="Use sailing, thanks!"),
        _text_message(subtype="file_share", files=[{"id": "F1", "name": "a.png"}]),
        _text_message(subtype="thread_broadcast", thread_ts="1772702000.000100"),
        _text_message(subtype="bot_message", bot_id="B1"),
        _edited(),
        _deleted(),
    ],
    "message.groups": [_text_message(channel="C3VAULT", channel_type="group")],
    "message.im": [_text_message(channel="D1ANN", channel_type="im")],
    "reaction_added": [_REACTION],
    "reaction_removed": [_REACTION],
    "team_join": [{"user": _user()}],
    "tokens_revoked": [{"tokens": {"oauth": ["U1ANN"], "bot": []}}],
    "user_change": [{"user": _user()}],
}


def event_bodies() -> Iterator[tuple[str, Json]]:
    """Every event of the manifest in every shape, as Slack delivers it."""
    for name, shapes in EVENTS.items():
        for shape in shapes:
            event = {"type": name.partition(".")[0], "event_ts": TS, **shape}
            yield (
                name,
                {
                    "token": "gone",
                    "type": "event_callback",
                    "team_id": TEAM,
                    "api_app_id": "A0LOCAL",
                    "event_id": "Ev0",
                    "event_time": 1_772_703_000,
                    "authorizations": [{"team_id": TEAM, "user_id": "U0BOT"}],
                    "event": event,
                },
            )


def _constants(ending: str) -> list[str]:
    """Find the ids that our blocks give their elements."""
    modules = [
        importlib.import_module(f"{blocks.__name__}.{found.name}")
        for found in pkgutil.iter_modules(blocks.__path__)
    ]
    return sorted(
        {
            value
            for module in modules
            for name, value in vars(module).items()
            if name.endswith(ending) and isinstance(value, str)
        }
    )


def _interaction(kind: str, **fields: Json) -> Json:
    return {
        "type": kind,
        "team": {"id": TEAM, "domain": "local"},
        "user": {"id": ANN, "username": "ann", "team_id": TEAM},
        "api_app_id": "A0LOCAL",
        "trigger_id": "1.2.abc",
        **fields,
    }


def action_bodies() -> Iterator[tuple[str, Json]]:
    """A press of every button and a choice in every menu of ours."""
    for action_id in _constants("_ACTION"):
        action = {
            "type": "button",
            "action_id": action_id,
            "block_id": "b",
            "value": "1",
            "action_ts": TS,
            "selected_option": {"value": "1", "text": {"text": "x"}},
            "selected_date": "2026-04-01",
        }
        message = {"ts": TS, "text": "x", "blocks": []}
        yield (
            action_id,
            _interaction(
                "block_actions",
                actions=[action],
                container={
                    "type": "message",
                    "message_ts": TS,
                    "channel_id": CHANNEL,
                },
                channel={"id": CHANNEL, "name": "data"},
                message=message,
            ),
        )


def view_bodies() -> Iterator[tuple[str, Json]]:
    """Every form of ours, sent."""
    for callback_id in _constants("CALLBACK"):
        view = {
            "id": "V1",
            "type": "modal",
            "callback_id": callback_id,
            "private_metadata": "1",
            "hash": "1.a",
            "blocks": [],
            "state": {"values": _answers()},
        }
        yield callback_id, _interaction("view_submission", view=view)


def _answers() -> Json:
    """What could be filled in, under every name a block of ours may have."""
    filled = {
        "type": "plain_text_input",
        "value": "a-name",
        "selected_users": ["U2BEN"],
        "selected_conversation": CHANNEL,
        "selected_time": "09:00",
        "selected_option": {"value": "UTC"},
        "selected_options": [{"value": "mon"}],
    }
    names = {
        name
        for module in (
            importlib.import_module(f"{blocks.__name__}.{found.name}")
            for found in pkgutil.iter_modules(blocks.__path__)
        )
        for key, name in vars(module).items()
        if key.isupper() and isinstance(name, str)
    }
    return {name: {name: filled} for name in sorted(names)}


def command_bodies() -> Iterator[tuple[str, Json]]:
    """Both commands, with each subcommand."""
    for command, text in (
        ("/who-knows", "pgbouncer"),
        ("/grapevine", ""),
        ("/grapevine", "help"),
        ("/grapevine", "topics"),
        ("/grapevine", "who pgbouncer"),
        ("/grapevine", "forget-me"),
        ("/grapevine", "nonsense"),
    ):
        yield (
            f"{command} {text}",
            {
                "command": command,
                "text": text,
                "team_id": TEAM,
                "user_id": ANN,
                "user_name": "ann",
                "channel_id": CHANNEL,
                "trigger_id": "1.2.abc",
                "api_app_id": "A0LOCAL",
            },
        )


def shortcut_bodies() -> Iterator[tuple[str, Json]]:
    """The entry in a message's menu."""
    yield (
        "find_who_knows",
        _interaction(
            "message_action",
            callback_id="find_who_knows",
            channel={"id": CHANNEL, "name": "data"},
            message={"type": "message", "user": ANN, "ts": TS, "text": "pgbouncer?"},
            message_ts=TS,
        ),
    )


def paths(value: Json, at: Path = ()) -> Iterator[Path]:
    """Every place in a payload."""
    items: Any = ()
    if isinstance(value, dict):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield (*at, key)
        yield from paths(inner, (*at, key))


def get(value: Json, path: Path) -> Json:
    """What stands at a place."""
    for key in path:
        value = value[key]
    return value


def _is_typed(body: Json, path: Path) -> bool:
    """Whether a text is people's own; what a button carries is what we gave it."""
    names = {"text", "name", "display_name", "tz", "reaction"}
    if "state" in path:
        names = {"value"}
    return path[-1] in names and isinstance(get(body, path), str)


def with_text(body: Json, text: str) -> Json:
    """The payload with this text wherever a person's own words stand."""
    spoiled = copy.deepcopy(body)
    for path in paths(body):
        if _is_typed(body, path):
            get(spoiled, path[:-1])[path[-1]] = text
    return spoiled


@st.composite
def reworded(draw: st.DrawFn, body: Json) -> Json:
    """The payload with other texts: well formed, so that Slack could send it."""
    spoiled = copy.deepcopy(body)
    texts = [path for path in paths(body) if _is_typed(body, path)]
    for path in texts:
        parent = get(spoiled, path[:-1])
        parent[path[-1]] = draw(
            st.one_of(st.sampled_from(NASTY_TEXTS), st.text(max_size=80))
        )
    return spoiled


@st.composite
def misshapen(draw: st.DrawFn, body: Json) -> Json:
    """The payload with keys gone and values of the wrong type."""
    spoiled = copy.deepcopy(body)
    for _ in range(draw(st.integers(1, 4))):
        places = [p for p in paths(spoiled) if p[0] not in {"type", "command"}]
        path = draw(st.sampled_from(places))
        parent = get(spoiled, path[:-1])
        if draw(st.booleans()):
            del parent[path[-1]]
        else:
            parent[path[-1]] = copy.deepcopy(draw(st.sampled_from(WRONG)))
    return spoiled
