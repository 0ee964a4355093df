from typing import Any

import pytest
from slack_sdk import WebClient

from bot.standin import LocalSlack
from tests.standin.conftest import error_of

REFUSALS = [
    pytest.param(
        "chat.postMessage",
        {"channel": "C1", "text": {"a": 1}},
        "invalid_arguments",
        id="text_no_string",
    ),
    pytest.param(
        "chat.postEphemeral",
        {"channel": "C4", "user": "U1", "text": "x"},
        "is_archived",
        id="ephemeral_archived",
    ),
    pytest.param(
        "conversations.history",
        {"channel": "C1", "limit": "many"},
        "invalid_arguments",
        id="limit_no_number",
    ),
    pytest.param("team.info", {"team": "T9"}, "team_not_found", id="team"),
    pytest.param(
        "views.publish",
        {"user_id": "U6", "view": {"type": "home", "blocks": []}},
        "user_not_found",
        id="home_of_a_bot",
    ),
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
