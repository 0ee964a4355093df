import asyncio
from typing import Any

import aiohttp
import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.standin import ClientError, LocalSlack
from tests.standin.conftest import Run, error_of, workspace


def echo(app: App) -> list[str]:
    """Hear every message, and keep what was said with the number of the retry."""
    heard: list[str] = []

    @app.event("message")
    def on_message(event: dict[str, Any], request: Any) -> None:
        retry = request.headers.get("x-slack-retry-num", ["0"])[0]
        heard.append(f"{event['text']} {retry}")

    return heard


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
        slack.as_user("U1").command("/who-knows", "<@U2> <#C1>", "general")

    (seen,) = slack.as_user("U1").sees("general")
    assert seen["text"] == "nobody knows <@U2|ben> <#C1|general>"
    assert slack.as_user("U2").sees("general") == []


def test_an_interaction_without_a_connection_fails(slack: LocalSlack) -> None:
    with pytest.raises(ClientError, match="no_connection"):
        slack.as_user("U1").command("/who-knows")


def test_an_event_waits_for_a_connection(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    heard = echo(bolt)
    slack.as_user("U1").post("C1", "early")
    with pytest.raises(TimeoutError, match="still on the way"):
        slack.settle(0.01)

    with run(bolt):
        slack.settle()

    assert heard == ["early 0"]


def test_an_event_that_fails_is_sent_four_times_in_all(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    attempts: list[str] = []

    @bolt.middleware
    def refuse(request: Any) -> None:
        attempts.append(request.headers.get("x-slack-retry-num", ["0"])[0])

    with run(bolt):
        slack.as_user("U1").post("C1", "x")
        slack.settle()

    (delivery,) = slack.deliveries
    assert attempts == ["0", "1", "2", "3"]
    assert (delivery.acked, delivery.gave_up, delivery.error) == (
        False,
        True,
        "timeout",
    )


def test_an_interaction_is_sent_once(slack: LocalSlack, bolt: App, run: Run) -> None:
    with run(bolt), pytest.raises(ClientError, match="timeout"):
        slack.as_user("U1").command("/nobody-listens")

    assert slack.deliveries[-1].attempts == 1


def test_what_a_broken_connection_lost_goes_to_the_other_one(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    heard = echo(bolt)

    with run(bolt, ping_interval_s=0.05):
        slack.cut()
        slack.as_user("U1").post("C1", "x")
        slack.settle()

    assert heard[-1].startswith("x")


def test_an_app_that_is_refreshed_reconnects(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    heard = echo(bolt)

    with run(bolt):
        slack.disconnect()
        slack.as_user("U1").post("C1", "x")
        slack.settle()
        slack.wait_connected()

    assert heard == ["x 0"]
    assert [name for name, _ in slack.calls].count("apps.connections.open") == 2


def test_a_frozen_connection_takes_everything_and_answers_nothing(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    heard = echo(bolt)

    with run(bolt):
        slack.freeze()
        slack.as_user("U1").post("C1", "x")
        slack.settle()

    assert heard == ["x 0", "x 1", "x 2", "x 3"]
    assert slack.deliveries[0].gave_up


def test_every_connection_gets_its_share(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    heard = echo(bolt)

    with run(bolt, count=3):
        slack.as_user("U1").post("C1", "a")
        slack.as_user("U1").post("C1", "b")
        slack.settle()

    assert sorted(heard) == ["a 0", "b 0"]


def test_an_eleventh_connection_is_turned_away(
    slack: LocalSlack, client: WebClient
) -> None:
    def url() -> str:
        return str(client.apps_connections_open(app_token=slack.app.app_token)["url"])

    async def connect(urls: list[str]) -> list[dict[str, Any]]:
        async with aiohttp.ClientSession() as session:
            sockets = [await session.ws_connect(url) for url in urls]
            return [await socket.receive_json() for socket in sockets]

    greetings = asyncio.run(connect([url() for _ in range(11)]))

    assert [each["type"] for each in greetings] == ["hello"] * 10 + ["disconnect"]
    assert greetings[9]["num_connections"] == 10
    assert greetings[10]["reason"] == "too_many_websockets"


def test_a_ticket_is_good_for_one_connection(
    slack: LocalSlack, client: WebClient
) -> None:
    url = client.apps_connections_open(app_token=slack.app.app_token)["url"]

    async def connect_twice() -> int:
        async with aiohttp.ClientSession() as session:
            await session.ws_connect(url)
            async with session.get(url.replace("ws:", "http:")) as answer:
                return answer.status

    assert asyncio.run(connect_twice()) == 401


def test_a_connection_needs_its_scope(slack: LocalSlack, client: WebClient) -> None:
    slack.app.app_scopes.clear()

    answer = error_of(
        lambda: client.apps_connections_open(app_token=slack.app.app_token)
    )

    assert answer["error"] == "missing_scope"


def test_events_can_be_held_and_released_in_another_order(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    heard = echo(bolt)

    with run(bolt):
        slack.hold()
        slack.as_user("U1").post("C1", "a")
        slack.as_user("U1").post("C1", "b")
        slack.release(order=lambda held: [held[1], held[0], held[1]])
        slack.settle()

    assert heard == ["b 0", "a 0", "b 0"]


def test_an_event_can_come_twice(slack: LocalSlack, bolt: App, run: Run) -> None:
    heard = echo(bolt)

    with run(bolt):
        slack.as_user("U1").post("C1", "a")
        again = slack.repeat(slack.deliveries[0])
        slack.settle()

    assert heard == ["a 0", "a 0"]
    assert again.id == slack.deliveries[0].id


def test_waiting_for_a_connection_ends(slack: LocalSlack) -> None:
    with pytest.raises(TimeoutError, match="not 1 connections"):
        slack.wait_connected(timeout_s=0.01)


def test_what_happened_before_the_start_is_on_its_way_after_it() -> None:
    slack = LocalSlack(workspace())
    slack.as_user("U1").post("C1", "early")

    assert [each.id for each in slack.wire.pending()] == [slack.deliveries[0].id]
    with slack, pytest.raises(TimeoutError):
        slack.settle(0.01)


def test_an_acknowledgement_of_nothing_is_ignored(
    slack: LocalSlack, client: WebClient
) -> None:
    url = client.apps_connections_open(app_token=slack.app.app_token)["url"]

    async def acknowledge() -> None:
        async with aiohttp.ClientSession() as session:
            socket = await session.ws_connect(url)
            await socket.receive_json()
            await socket.send_json({"envelope_id": "none"})
            await socket.send_bytes(b"noise")
            slack.as_user("U1").post("C1", "x")
            envelope = await socket.receive_json()
            await socket.send_json({"envelope_id": envelope["envelope_id"]})
            await asyncio.to_thread(slack.settle)

    asyncio.run(acknowledge())

    assert slack.deliveries[0].acked
