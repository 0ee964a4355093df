from typing import Any

import pytest
from slack_sdk import WebClient

from bot.standin import LocalSlack
from tests.standin.conftest import error_of

REFUSALS = [
    pytest.param(
        "chat.postMessage",
        {"channel": "C2", "text": "x"},
        "not_in_channel",
        id="post_elsewhere",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C3", "text": "x"},
        "channel_not_found",
        id="post_private",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C9", "text": "x"},
        "channel_not_found",
        id="post_unknown",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C4", "text": "x"},
        "is_archived",
        id="post_archived",
    ),
    pytest.param(
        "chat.postMessage", {"channel": "C1", "text": " "}, "no_text", id="post_nothing"
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": "x" * 40001},
        "msg_too_long",
        id="post_long",
    ),
    pytest.param(
        "chat.postMessage", {"text": "x"}, "invalid_arguments", id="no_channel"
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": "x", "thread_ts": "1.000000"},
        "thread_not_found",
        id="unknown_thread",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": "x", "blocks": [{"type": "nonsense"}]},
        "invalid_blocks",
        id="bad_block",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": "x", "blocks": "{}"},
        "invalid_blocks_format",
        id="blocks_no_list",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": "x", "blocks": "["},
        "invalid_blocks_format",
        id="blocks_no_json",
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": "x", "metadata": {"a": 1}},
        "invalid_metadata_format",
        id="bad_metadata",
    ),
    pytest.param(
        "chat.postMessage", {"channel": "U6", "text": "x"}, "cannot_dm_bot", id="dm_bot"
    ),
    pytest.param(
        "chat.postMessage",
        {"channel": "U3", "text": "x"},
        "channel_not_found",
        id="dm_gone",
    ),
    pytest.param(
        "chat.postEphemeral",
        {"channel": "C1", "user": "U8", "text": "x"},
        "user_not_in_channel",
        id="ephemeral_stranger",
    ),
    pytest.param(
        "chat.postEphemeral",
        {"channel": "C1", "user": "U99", "text": "x"},
        "user_not_found",
        id="ephemeral_nobody",
    ),
    pytest.param(
        "chat.update",
        {"channel": "C1", "ts": "1.000000", "text": "x"},
        "message_not_found",
        id="update_nothing",
    ),
    pytest.param(
        "chat.delete",
        {"channel": "C1", "ts": "1.000000"},
        "message_not_found",
        id="delete_nothing",
    ),
    pytest.param(
        "chat.getPermalink",
        {"channel": "C1", "message_ts": "1.000000"},
        "message_not_found",
        id="link_to_nothing",
    ),
    pytest.param(
        "conversations.history",
        {"channel": "C2"},
        "not_in_channel",
        id="history_elsewhere",
    ),
    pytest.param(
        "conversations.history",
        {"channel": "C1", "limit": 1000},
        "invalid_limit",
        id="history_limit",
    ),
    pytest.param(
        "conversations.history",
        {"channel": "C1", "cursor": "!"},
        "invalid_cursor",
        id="history_cursor",
    ),
    pytest.param(
        "conversations.history",
        {"channel": "C1", "oldest": "soon"},
        "invalid_ts_oldest",
        id="history_oldest",
    ),
    pytest.param(
        "conversations.replies",
        {"channel": "C1", "ts": "1.000000"},
        "thread_not_found",
        id="replies_to_nothing",
    ),
    pytest.param(
        "conversations.list", {"types": "channels"}, "invalid_types", id="list_types"
    ),
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
    pytest.param("users.info", {"user": "U99"}, "user_not_found", id="no_such_user"),
    pytest.param("bots.info", {"bot": "B9"}, "bot_not_found", id="no_such_bot"),
    pytest.param("bots.info", {"team_id": "T9"}, "team_not_found", id="other_team"),
    pytest.param(
        "reactions.add",
        {"channel": "C1", "name": "a b", "timestamp": "1.0"},
        "message_not_found",
        id="reaction_name",
    ),
    pytest.param(
        "views.open",
        {
            "trigger_id": "1",
            "view": {
                "type": "modal",
                "title": {"type": "plain_text", "text": "T"},
                "blocks": [],
            },
        },
        "invalid_trigger_id",
        id="trigger",
    ),
    pytest.param(
        "views.publish",
        {"user_id": "U1", "view": {"type": "modal", "blocks": []}},
        "invalid_arguments",
        id="view_kind",
    ),
    pytest.param(
        "views.publish",
        {"user_id": "U1", "view": "home"},
        "invalid_arguments",
        id="view_text",
    ),
    pytest.param(
        "views.publish",
        {"user_id": "U1", "view": {"type": "home", "blocks": [], "x": "x" * 250000}},
        "view_too_large",
        id="view_large",
    ),
    pytest.param(
        "views.update",
        {"view_id": "V9", "view": {"type": "modal"}},
        "not_found",
        id="view_gone",
    ),
    pytest.param(
        "views.update",
        {"view": {"type": "modal"}},
        "invalid_arguments",
        id="view_unnamed",
    ),
    pytest.param("api.test", {"error": "made_up"}, "made_up", id="error"),
]


@pytest.mark.parametrize(("method", "args", "error"), REFUSALS)
def test_what_slack_refuses(
    slack: LocalSlack, client: WebClient, method: str, args: dict[str, Any], error: str
) -> None:
    slack.app.scopes |= {"reactions:write", "channels:join", "team:read"}

    assert error_of(lambda: client.api_call(method, json=args))["error"] == error
    assert slack.refused == []
