from typing import Any

import pytest
from slack_bolt import Ack, App

from bot.standin import ClientError, LocalSlack
from tests.standin.conftest import Run


def test_a_message_arrives_and_its_answer_is_seen(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    @bolt.event("message")
    def on_message(event: dict[str, Any], say: Any) -> None:
        say(text=f"heard {event['text']}", thread_ts=event["ts"])

    with run(bolt):
        asked = slack.as_user("U1").post("general", "hello?")
        slack.settle()

    seen = slack.as_user("U2").sees("general")
    assert [(each["text"], each.get("thread_ts")) for each in seen] == [
        ("hello?", asked["ts"]),
        ("heard hello?", asked["ts"]),
    ]
    assert slack.refused == []


def test_a_command_is_answered_by_its_acknowledgement(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    @bolt.command("/who-knows")
    def on_command(ack: Ack, command: dict[str, Any]) -> None:
        ack(f"nobody knows {command['text']}")

    with run(bolt):
        slack.as_user("U1").command("/who-knows", "<@U2>", "general")

    assert slack.as_user("U1").sees("general")[-1]["text"] == "nobody knows <@U2|ben>"
    assert slack.as_user("U2").sees("general") == []


def test_an_interaction_without_a_connection_fails(slack: LocalSlack) -> None:
    with pytest.raises(ClientError, match="no_connection"):
        slack.as_user("U1").command("/who-knows")
