"""Events are durable before Slack is told that they arrived."""

import json
import logging
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select, text

from models import Event

ANN = "U1ANN"


def send(world: Any, body: dict[str, Any]) -> Any:
    return world.app.dispatch(BoltRequest(body=body, mode="socket_mode"))


def held(world: Any) -> list[Event]:
    with world.deps.database.readers() as session:
        return list(session.scalars(select(Event).order_by(Event.id)))


def envelope(**event: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T0LOCAL",
        "event_id": "Ev1",
        "event": {"type": "message", "channel": "C1DATA", **event},
    }


def test_an_event_is_held_whole_and_acknowledged(world: Any) -> None:
    response = send(world, envelope(text="hello", user=ANN))

    (event,) = held(world)
    assert response.status == 200
    assert (event.workspace_id, event.event_id) == ("T0LOCAL", "Ev1")
    assert (event.kind, event.channel_id) == ("message", "C1DATA")
    assert json.loads(event.payload or "")["event"]["text"] == "hello"


def test_an_event_sent_twice_is_held_once(world: Any) -> None:
    send(world, envelope(text="hello", user=ANN))
    response = send(world, envelope(text="hello", user=ANN))

    assert response.status == 200
    assert len(held(world)) == 1


@pytest.mark.parametrize(
    ("event", "channel_id"),
    [
        pytest.param({"channel": {"id": "C7"}}, "C7", id="a channel told whole"),
        pytest.param({"channel": None, "item": {"channel": "C8"}}, "C8", id="an item"),
        pytest.param({"channel": None}, None, id="none"),
    ],
)
def test_the_channel_is_found_where_it_stands(
    world: Any, event: dict[str, Any], channel_id: str | None
) -> None:
    send(world, envelope(**event))

    assert held(world)[0].channel_id == channel_id


@pytest.mark.parametrize(
    ("authorizations", "workspace_id"),
    [
        pytest.param([{"team_id": "T1"}], "T1", id="the installed one"),
        pytest.param([{"enterprise_id": "E1"}], "T0LOCAL", id="an organisation"),
        pytest.param(None, "T0LOCAL", id="none told"),
    ],
)
def test_the_workspace_is_the_one_that_installed_it(
    world: Any, authorizations: Any, workspace_id: str
) -> None:
    send(world, {**envelope(), "authorizations": authorizations})

    assert held(world)[0].workspace_id == workspace_id


def test_an_event_that_cannot_be_held_is_not_acknowledged(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with world.deps.database.sessions.begin() as session:
        session.execute(text("DROP TABLE events"))

    response = send(world, envelope(text="secretword", user=ANN))

    assert response.status == 500
    assert "OperationalError" in caplog.text
    assert "secretword" not in caplog.text
    caplog.clear()


def test_held_back_events_are_noted_for_who_runs_it(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    response = send(world, {"type": "app_rate_limited", "team_id": "T0LOCAL"})

    assert response.status == 200
    assert "holds events back" in caplog.text


def test_what_nobody_listens_to_is_acknowledged_without_its_words(
    world: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    body = {
        "type": "block_actions",
        "team": {"id": "T0LOCAL"},
        "user": {"id": ANN, "team_id": "T0LOCAL"},
        "actions": [{"type": "button", "action_id": "old", "value": "secretword"}],
    }

    response = send(world, body)

    assert response.status == 200
    assert "no listener" in caplog.text
    assert "secretword" not in caplog.text
