import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.standin import LocalSlack
from tests.standin.conftest import error_of


@pytest.mark.parametrize(
    ("method", "args", "needed"),
    [
        ("chat.postMessage", {"channel": "C1", "text": "x"}, "chat:write"),
        ("conversations.info", {"channel": "C5"}, "groups:read"),
        ("conversations.history", {"channel": "C5"}, "groups:history"),
        ("conversations.list", {"types": "private_channel"}, "groups:read"),
        ("conversations.create", {"name": "x", "is_private": True}, "groups:write"),
        ("conversations.create", {"name": "x"}, "channels:manage"),
        ("conversations.join", {"channel": "C2"}, "channels:join"),
        ("conversations.open", {"users": "U1"}, "im:write"),
        ("users.list", {}, "users:read"),
        ("reactions.add", {"channel": "C1"}, "reactions:write"),
    ],
)
def test_a_scope_that_was_not_granted_is_named(
    slack: LocalSlack, client: WebClient, method: str, args: dict[str, Any], needed: str
) -> None:
    slack.app.scopes.clear()

    answer = error_of(lambda: client.api_call(method, params=args))

    assert (answer["error"], answer["needed"]) == ("missing_scope", needed)
    assert answer["provided"] == ""


@pytest.mark.parametrize(
    ("token", "error"),
    [
        ("", "not_authed"),
        ("xoxb-wrong", "invalid_auth"),
        ("xapp-local-app", "not_allowed_token_type"),
        ("xoxb-local-bot", "token_revoked"),
    ],
)
def test_a_wrong_token_is_refused(slack: LocalSlack, token: str, error: str) -> None:
    slack.revoke(slack.app.bot_token)
    client = WebClient(token, base_url=slack.api_url)

    assert error_of(client.auth_test)["error"] == error


def test_what_no_slack_knows_is_refused_and_recorded(
    slack: LocalSlack, client: WebClient
) -> None:
    error_of(lambda: client.api_call("chat.whisper"))
    error_of(lambda: client.chat_postMessage(channel="C1", text="x", volume=11))

    assert slack.refused == [
        "unknown_method chat.whisper",
        "unknown arguments of chat.postMessage: volume",
    ]


def test_auth_test_tells_the_scopes(client: WebClient) -> None:
    answer = client.auth_test()

    assert answer["user_id"] == "U0BOT"
    assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")


def test_a_token_in_the_body_is_taken_too(slack: LocalSlack) -> None:
    body = f"token={slack.app.bot_token}".encode()
    url = slack.api_url + "auth.test"
    with urllib.request.urlopen(url, body) as answer:  # noqa: S310 - our own server
        assert b'"ok": true' in answer.read()


def test_a_reply_is_counted_and_read_back(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="#general", text="hello")["ts"]
    reply = client.chat_postMessage(channel="C1", text="hi", thread_ts=ts)

    thread = client.conversations_replies(channel="C1", ts=ts)["messages"]
    (top,) = client.conversations_history(channel="C1")["messages"]
    link = client.chat_getPermalink(channel="C1", message_ts=reply["ts"])

    assert [each["text"] for each in thread] == ["hello", "hi"]
    assert (top["reply_count"], top["latest_reply"]) == (1, reply["ts"])
    assert link["permalink"].endswith(f"?thread_ts={ts}&cid=C1")
    refused = error_of(
        lambda: client.chat_postMessage(channel="C1", text="x", thread_ts=reply["ts"])
    )
    assert refused["error"] == "cannot_reply_to_message"


def test_a_message_is_the_bots_to_change(slack: LocalSlack, client: WebClient) -> None:
    mine = client.chat_postMessage(channel="C1", text="a")["ts"]
    theirs = slack.as_user("U1").post("C1", "b")["ts"]

    client.chat_update(channel="C1", ts=mine, text="c")
    other = error_of(lambda: client.chat_update(channel="C1", ts=theirs, text="c"))
    gone = error_of(lambda: client.chat_delete(channel="C1", ts=theirs))

    assert slack.channel("C1").messages[mine]["text"] == "c"
    assert (other["error"], gone["error"]) == (
        "cant_update_message",
        "cant_delete_message",
    )


def test_metadata_is_read_only_when_it_is_asked_for(client: WebClient) -> None:
    metadata = {"event_type": "day", "event_payload": {"day": 44}}
    client.chat_postMessage(channel="C1", text="x", metadata=metadata)

    (bare,) = client.conversations_history(channel="C1")["messages"]
    (full,) = client.conversations_history(channel="C1", include_all_metadata=True)[
        "messages"
    ]

    assert "metadata" not in bare
    assert full["metadata"] == metadata


def test_pages_follow_one_another(slack: LocalSlack, client: WebClient) -> None:
    for n in range(5):
        slack.as_user("U1").post("C1", str(n))

    pages = client.conversations_history(channel="C1", limit=2)

    said = [[m["text"] for m in page["messages"]] for page in pages]
    assert said == [["4", "3"], ["2", "1"], ["0"]]


def test_history_between_two_messages(slack: LocalSlack, client: WebClient) -> None:
    ts = [slack.as_user("U1").post("C1", str(n))["ts"] for n in range(3)]

    def said(**more: Any) -> list[str]:
        rows = client.conversations_history(
            channel="C1", oldest=ts[0], latest=ts[2], **more
        )
        return [m["text"] for m in rows["messages"]]

    assert said() == ["1"]
    assert said(inclusive=True) == ["2", "1", "0"]


def test_a_direct_message_needs_only_the_persons_id(
    slack: LocalSlack, client: WebClient
) -> None:
    answer = client.chat_postMessage(channel="U1", text="hi")

    assert answer["channel"].startswith("D")
    assert slack.as_user("U1").sees()[-1]["text"] == "hi"


def test_a_new_channel_holds_the_bot_and_those_who_can_be_added(
    client: WebClient,
) -> None:
    channel = client.conversations_create(name="rust-help")["channel"]["id"]
    client.conversations_setTopic(channel=channel, topic="Rust")
    client.conversations_setPurpose(channel=channel, purpose="Ask")

    answer = client.conversations_invite(channel=channel, users="U1,U3,U99", force=True)

    assert [(e["user"], e["error"]) for e in answer["errors"]] == [
        ("U3", "cant_invite"),
        ("U99", "user_not_found"),
    ]
    assert client.conversations_members(channel=channel)["members"] == ["U0BOT", "U1"]
    about = client.conversations_info(channel=channel)["channel"]
    assert (about["topic"]["value"], about["purpose"]["value"]) == ("Rust", "Ask")


def test_without_force_one_wrong_name_stops_all(
    slack: LocalSlack, client: WebClient
) -> None:
    answer = error_of(lambda: client.conversations_invite(channel="C1", users="U8,U3"))

    assert answer["errors"] == [{"user": "U3", "ok": False, "error": "cant_invite"}]
    assert "U8" not in slack.channel("C1").members


def test_creating_and_posting_can_be_restricted(
    slack: LocalSlack, client: WebClient
) -> None:
    slack.world.may_create_channels = False
    slack.channel("C1").restriction = "restricted_action_read_only_channel"

    create = error_of(lambda: client.conversations_create(name="x"))
    post = error_of(lambda: client.chat_postMessage(channel="C1", text="x"))

    assert create["error"] == "restricted_action"
    assert post["error"] == "restricted_action_read_only_channel"


def test_what_the_bot_may_know_of(slack: LocalSlack, client: WebClient) -> None:
    slack.app.scopes |= {"groups:read", "im:read", "channels:join", "team:read"}
    slack.app.scopes |= {"im:write"}

    every = client.conversations_list(types="public_channel,private_channel,im")
    live = client.conversations_list(exclude_archived=True)
    mine = client.users_conversations()
    client.conversations_join(channel="C2")
    again = client.conversations_join(channel="C2")
    opened = client.conversations_open(users="U1")["channel"]["id"]

    assert [c["id"] for c in every["channels"]] == ["C1", "C2", "C4", "C5"]
    assert [c["id"] for c in live["channels"]] == ["C1", "C2"]
    assert [c["id"] for c in mine["channels"]] == ["C1", "C4"]
    assert again["warning"] == "already_in_channel"
    assert client.conversations_info(channel=opened)["channel"]["user"] == "U1"
    assert client.team_info()["team"]["id"] == "T0LOCAL"
    assert client.bots_info(bot="B0BOT")["bot"]["user_id"] == "U0BOT"


def test_people_are_described_as_slack_does(client: WebClient) -> None:
    ann = client.users_info(user="U1")["user"]
    everyone = {u["id"]: u for u in client.users_list()["members"]}

    assert ann["tz"] == "Europe/Paris"
    assert ann["tz_offset"] in {3600, 7200}
    assert everyone["U3"]["deleted"]
    assert everyone["U5"]["is_stranger"]
    assert everyone["U0BOT"]["profile"]["bot_id"] == "B0BOT"


def test_a_reaction_counts_once(slack: LocalSlack, client: WebClient) -> None:
    slack.app.scopes.add("reactions:write")
    ts = slack.as_user("U1").post("C1", "x")["ts"]
    client.reactions_add(channel="C1", name="eyes", timestamp=ts)

    twice = error_of(
        lambda: client.reactions_add(channel="C1", name="eyes", timestamp=ts)
    )
    odd = error_of(lambda: client.reactions_add(channel="C1", name="a b", timestamp=ts))

    assert (twice["error"], odd["error"]) == ("already_reacted", "invalid_name")
    message = client.reactions_get(channel="C1", timestamp=ts)["message"]
    assert message["reactions"] == [{"name": "eyes", "users": ["U0BOT"], "count": 1}]


@pytest.mark.parametrize("text", ["<!channel> up", "<!here|here>", "<!everyone>"])
def test_a_call_to_everybody_is_taken_and_noted(
    slack: LocalSlack, client: WebClient, text: str
) -> None:
    client.chat_postMessage(channel="C1", text=text)

    assert [each["text"] for each in slack.broadcasts] == [text]


def test_blocks_without_text_are_taken_with_a_warning(
    slack: LocalSlack, client: WebClient
) -> None:
    client.api_call(
        "chat.postMessage", json={"channel": "C1", "blocks": [{"type": "divider"}]}
    )

    assert slack.warnings == ["missing_text_in_message"]


def test_an_update_keeps_blocks_unless_it_brings_others(
    slack: LocalSlack, client: WebClient
) -> None:
    line = [{"type": "divider", "block_id": "b"}]
    ts = client.chat_postMessage(channel="C1", text="a", blocks=line)["ts"]
    message = slack.channel("C1").messages

    metadata = {"event_type": "day", "event_payload": {}}
    client.chat_update(channel="C1", ts=ts, text="b", metadata=metadata)
    assert (message[ts]["blocks"], message[ts]["metadata"]) == (line, metadata)
    client.chat_update(channel="C1", ts=ts, text="b", blocks=[])
    assert message[ts]["blocks"] == []


def test_a_message_is_deleted_and_a_channel_archived(
    slack: LocalSlack, client: WebClient
) -> None:
    slack.app.scopes |= {"reactions:read"}
    ts = client.chat_postMessage(channel="C1", text="a")["ts"]
    client.chat_delete(channel="C1", ts=ts)
    made = client.conversations_create(name="x")["channel"]["id"]
    client.conversations_archive(channel=made)

    assert slack.channel("C1").messages == {}
    assert slack.channel("x").is_archived
    for method in ("conversations.join", "reactions.get"):
        slack.app.scopes |= {"channels:join"}
        args = {"channel": made, "timestamp": "1.0"}
        used = args if method == "reactions.get" else {"channel": made}
        answer = error_of(lambda m=method, u=used: client.api_call(m, params=u))  # type: ignore[misc]
        assert answer["error"] == "is_archived"


def test_channel_facts_on_request(client: WebClient) -> None:
    about = client.conversations_info(channel="C1", include_num_members=True)

    assert about["channel"]["num_members"] == 3
    assert client.api_test(foo="bar")["args"] == {"foo": "bar"}


def test_two_replies_of_one_person_are_one_replier(
    slack: LocalSlack, client: WebClient
) -> None:
    ann = slack.as_user("U1")
    ts = ann.post("C1", "a")["ts"]
    first = ann.post("C1", "b", ts)
    ann.post("C1", "c", ts)
    ann.react(first, "eyes")
    slack.as_user("U2").react(first, "eyes")

    thread = client.conversations_replies(channel="C1", ts=first["ts"])["messages"]
    assert (thread[0]["reply_count"], thread[0]["reply_users"]) == (2, ["U1"])
    assert thread[1]["reactions"][0]["count"] == 2


def test_a_hash_guards_a_home(slack: LocalSlack, client: WebClient) -> None:
    home = {"type": "home", "blocks": []}
    first = client.views_publish(user_id="U1", view=home)["view"]
    client.views_publish(user_id="U1", view=home, hash=first["hash"])

    stale = error_of(
        lambda: client.views_publish(user_id="U1", view=home, hash=first["hash"])
    )
    renewed = client.views_update(view_id=first["id"], view=home)["view"]

    assert stale["error"] == "hash_conflict"
    assert slack.as_user("U1").home == renewed
