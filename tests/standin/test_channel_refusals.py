from typing import Any

import pytest
from slack_sdk import WebClient

from bot.standin import LocalSlack
from tests.standin.conftest import error_of

REFUSALS = [
    pytest.param(
        "conversations.setTopic",
        {"channel": "C6", "topic": "x"},
        "method_not_supported_for_channel_type",
        id="topic_of_a_dm",
    ),
    pytest.param(
        "conversations.join",
        {"channel": "C5"},
        "method_not_supported_for_channel_type",
        id="join_private",
    ),
    pytest.param(
        "conversations.open", {"users": "U1,U2"}, "invalid_arguments", id="open_two"
    ),
    pytest.param("conversations.open", {"users": "U99"}, "user_not_found", id="open_0"),
    pytest.param(
        "conversations.open", {"users": "U3"}, "user_disabled", id="open_gone"
    ),
    pytest.param("conversations.open", {"users": "U6"}, "cannot_dm_bot", id="open_bot"),
    pytest.param(
        "conversations.create", {"name": ""}, "invalid_name_required", id="name_missing"
    ),
    pytest.param(
        "conversations.create",
        {"name": "x" * 81},
        "invalid_name_maxlength",
        id="name_long",
    ),
    pytest.param(
        "conversations.create",
        {"name": "Help"},
        "invalid_name_specials",
        id="name_capital",
    ),
    pytest.param(
        "conversations.create",
        {"name": "a b"},
        "invalid_name_specials",
        id="name_space",
    ),
    pytest.param(
        "conversations.create",
        {"name": "--"},
        "invalid_name_punctuation",
        id="name_marks",
    ),
    pytest.param(
        "conversations.create", {"name": "random"}, "name_taken", id="name_taken"
    ),
    pytest.param(
        "conversations.create", {"name": "old"}, "name_taken", id="name_archived"
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": ","},
        "no_user",
        id="invite_nobody",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": ",".join(["U8"] * 101)},
        "invalid_arguments",
        id="invite_many",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U1"},
        "already_in_channel",
        id="invite_member",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U0BOT"},
        "cant_invite_self",
        id="invite_self",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U99"},
        "user_not_found",
        id="invite_unknown",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U3"},
        "cant_invite",
        id="invite_gone",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U5"},
        "cant_invite",
        id="invite_external",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U4"},
        "user_is_restricted",
        id="invite_guest",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C1", "users": "U7"},
        "ura_max_channels",
        id="invite_single_guest",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C2", "users": "U8"},
        "not_in_channel",
        id="invite_elsewhere",
    ),
    pytest.param(
        "conversations.invite",
        {"channel": "C4", "users": "U8"},
        "is_archived",
        id="invite_archived",
    ),
    pytest.param(
        "conversations.setTopic",
        {"channel": "C1", "topic": "x" * 251},
        "too_long",
        id="topic_long",
    ),
    pytest.param(
        "conversations.archive",
        {"channel": "C1"},
        "cant_archive_general",
        id="archive_general",
    ),
    pytest.param(
        "conversations.archive",
        {"channel": "C4"},
        "already_archived",
        id="archive_twice",
    ),
    pytest.param(
        "conversations.archive",
        {"channel": "C2"},
        "not_in_channel",
        id="archive_elsewhere",
    ),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSALS)
def test_what_slack_refuses(
    slack: LocalSlack, client: WebClient, method: str, args: dict[str, Any], error: str
) -> None:
    slack.app.scopes |= {"channels:join", "im:write"}
    slack.add_channel("C6", "", ["U1", "U0BOT"], kind="im")

    assert error_of(lambda: client.api_call(method, json=args))["error"] == error
    assert slack.refused == []
