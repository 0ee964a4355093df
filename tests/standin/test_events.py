from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.standin import LocalSlack, Person


def told(slack: LocalSlack) -> list[str]:
    """Name the events that were sent."""
    events = (each.event for each in slack.deliveries)
    return [str(event.get("subtype", event["type"])) for event in events]


def test_a_message_carries_the_usual_fields(slack: LocalSlack) -> None:
    message = slack.as_user("U1").post("C1", "hello")

    (delivery,) = slack.deliveries
    payload, event = delivery.payload, delivery.event
    assert payload["event_id"].startswith("Ev")
    assert (payload["team_id"], payload["api_app_id"]) == ("T0LOCAL", "A0APP")
    assert payload["authorizations"][0]["user_id"] == "U0BOT"
    assert payload["is_ext_shared_channel"] is False
    assert event["channel_type"] == "channel"
    assert event["ts"] == event["event_ts"] == message["ts"]
    assert {"client_msg_id", "team", "user", "text"} <= {*event}


def test_a_mention_comes_twice_in_a_channel_and_once_in_a_dm(
    slack: LocalSlack,
) -> None:
    ann = slack.as_user("U1")
    ann.post("C1", "<@U0BOT> who knows?")
    ann.dm("<@U0BOT> who knows?")

    first, second, third = slack.deliveries
    assert [d.event["type"] for d in slack.deliveries] == [
        "message",
        "app_mention",
        "message",
    ]
    assert first.id != second.id
    assert first.event["ts"] == second.event["ts"]
    assert third.event["channel_type"] == "im"


ACTS: list[Any] = [
    pytest.param(lambda ann, m: ann.edit(m, "new"), "message_changed", id="edit"),
    pytest.param(lambda ann, m: ann.delete(m), "message_deleted", id="delete"),
    pytest.param(lambda ann, m: ann.react(m, "eyes"), "reaction_added", id="react"),
    pytest.param(lambda ann, _: ann.rename("C1", "x"), "channel_rename", id="rename"),
    pytest.param(lambda ann, _: ann.archive("C1"), "channel_archive", id="archive"),
    pytest.param(
        lambda ann, _: ann.unarchive("C4"), "channel_unarchive", id="unarchive"
    ),
    pytest.param(
        lambda ann, _: ann.delete_channel("C1"), "channel_deleted", id="remove"
    ),
    pytest.param(lambda ann, _: ann.leave("C1"), "member_left_channel", id="leave"),
    pytest.param(
        lambda ann, _: ann.remove("C1", "U0BOT"), "member_left_channel", id="bot_left"
    ),
    pytest.param(lambda ann, _: ann.open_home(), "app_home_opened", id="home"),
]


@pytest.mark.parametrize(("act", "name"), ACTS)
def test_what_people_do_is_told(
    slack: LocalSlack, act: Callable[[Person, Any], None], name: str
) -> None:
    message = slack.as_user("U1").post("C1", "old")

    act(slack.as_user("U1"), message)

    assert told(slack) == ["message", name]


def test_an_edit_tells_both_texts(slack: LocalSlack) -> None:
    ann = slack.as_user("U1")
    ann.edit(ann.post("C1", "old"), "new")

    event = slack.deliveries[-1].event
    assert event["previous_message"]["text"] == "old"
    assert event["message"]["text"] == "new"
    assert event["message"]["edited"]["user"] == "U1"
    assert event["channel"] == "C1"


def test_a_deleted_parent_leaves_a_tombstone(slack: LocalSlack) -> None:
    ann = slack.as_user("U1")
    parent = ann.post("C1", "a")
    reply = ann.post("C1", "b", parent["ts"])
    ann.delete(parent)
    ann.delete(reply)

    (left,) = ann.sees("C1")
    assert (left["subtype"], left["reply_count"]) == ("tombstone", 0)


def test_joining_is_told_and_written_into_the_channel(slack: LocalSlack) -> None:
    slack.as_user("U8").join("C1")
    slack.as_user("U1").invite("C2", "U0BOT")

    joined = [d.event for d in slack.deliveries if "joined" in d.event["type"]]
    assert [(e["user"], e["channel"]) for e in joined] == [
        ("U8", "C1"),
        ("U0BOT", "C2"),
    ]
    assert joined[1]["inviter"] == "U1"
    assert slack.as_user("U1").sees("C2")[-1]["subtype"] == "channel_join"


@pytest.mark.parametrize("channel", ["C2", "C3"], ids=["public", "private"])
def test_nothing_is_told_of_where_the_bot_is_not(
    slack: LocalSlack, channel: str
) -> None:
    ann = slack.as_user("U1")
    ann.react(ann.post(channel, "<@U0BOT> hello"), "eyes")

    assert slack.deliveries == []


def test_a_private_channel_needs_its_own_scope_and_event(slack: LocalSlack) -> None:
    ann = slack.as_user("U1")
    ann.post("C5", "unheard")
    slack.app.scopes |= {"groups:history", "groups:read"}
    slack.app.events |= {"message.groups", "group_rename"}
    ann.post("C5", "heard")
    ann.rename("C5", "safe")

    assert told(slack) == ["message", "group_rename"]
    assert slack.deliveries[0].event["channel_type"] == "group"


def test_nothing_is_told_that_was_not_subscribed(slack: LocalSlack) -> None:
    slack.app.events -= {"message.channels", "app_mention"}

    slack.as_user("U1").post("C1", "<@U0BOT> hello")

    assert slack.deliveries == []


def test_the_workspace_tells_of_people_and_of_the_end(slack: LocalSlack) -> None:
    slack.change_user("U2", deleted=True)
    slack.join_team("U9", "hal")
    slack.share("C1", "T9OTHER")
    slack.unshare("C1", "T9OTHER")
    slack.change_channel_id("C1", "C1NEW")
    slack.uninstall()
    slack.as_user("U1").post("C1NEW", "into the void")

    assert told(slack) == [
        "user_change",
        "team_join",
        "channel_shared",
        "channel_unshared",
        "channel_id_changed",
        "tokens_revoked",
        "app_uninstalled",
    ]
    assert slack.deliveries[0].event["user"]["deleted"]


def test_time_is_given_and_ts_always_increases() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    with LocalSlack(now=lambda: noon) as slack:
        slack.add_user("U1", "ann")
        slack.add_channel("C1", "general", ["U1"])
        ts = [slack.as_user("U1").post("C1", "x")["ts"] for _ in range(2)]

    assert ts == ["1772452800.000000", "1772452800.000001"]


def test_an_external_person_says_where_they_are_from(slack: LocalSlack) -> None:
    slack.channel("C1").members.append("U5")

    assert slack.as_user("U5").post("C1", "hi")["user_team"] == "T9OTHER"


def test_what_the_bot_says_is_told_too_but_is_no_mention(
    slack: LocalSlack, client: WebClient
) -> None:
    asked = slack.as_user("U1").post("C1", "who?")
    client.chat_postMessage(channel="C1", text="ask <@U0BOT>", thread_ts=asked["ts"])

    event = slack.deliveries[-1].event
    assert told(slack) == ["message", "message"]
    assert (event["bot_id"], event["parent_user_id"]) == ("B0BOT", "U1")


def test_who_is_not_let_in_is_told_so_and_hears_nothing(
    slack: LocalSlack, client: WebClient
) -> None:
    slack.app.events |= {"team_access_revoked", "team_access_granted"}
    team_id = slack.world.workspace.id
    slack.let_in(team_id, granted=False)
    slack.as_user("U1").post("C1", "unheard")

    with pytest.raises(SlackApiError, match="team_access_not_granted"):
        client.conversations_info(channel="C1")
    slack.let_in(team_id, granted=True)

    assert client.conversations_info(channel="C1")["ok"]
    assert told(slack) == ["team_access_revoked", "team_access_granted"]
    assert slack.deliveries[0].event["team_ids"] == [team_id]
