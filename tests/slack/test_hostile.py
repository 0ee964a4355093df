"""Whatever is sent, Grapevine neither fails nor says what it should not."""

import itertools
import logging
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st
from slack_bolt import BoltRequest
from sqlalchemy import delete, select

from bot import settling
from bot.responding import Responder
from bot.worker import Worker
from models import Event, EventState
from tests.slack import hostile

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
EVENTS = list(hostile.event_bodies())
TYPED = [
    *hostile.view_bodies(),
    *hostile.command_bodies(),
    *hostile.shortcut_bodies(),
]
ACTS = [*hostile.action_bodies(), *TYPED]
FAST = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
_numbers = itertools.count(1)


@pytest.fixture
def town(talked: Any) -> Any:
    """A workspace whose worker also says what is to be said."""
    responder = Responder(talked.deps)
    worker = Worker(
        talked.deps,
        respond=responder.respond,
        on_settled=settling.settled,
        after=responder.show_homes,
    )
    return replace(talked, worker=worker)


def send(town: Any, body: Any) -> int:
    """Send a payload and say how it was answered."""
    try:
        answer = town.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    except (AttributeError, LookupError, TypeError) as error:
        if "slack_bolt" not in traceback.extract_tb(error.__traceback__)[-1].filename:
            raise
        reject()  # Bolt fails at some shapes before any of our code is reached
    status: int = answer.status
    return status


def deliver(town: Any, body: Any) -> int:
    """Send an event as a new one, digest it, and say how Slack was answered."""
    if "event_id" in body:
        body["event_id"] = f"Ev{next(_numbers)}"
    status = send(town, body)
    town.worker.drain()
    return status


def failed(town: Any) -> list[tuple[str, str | None]]:
    """What could not be digested since this was last asked."""
    bad = (Event.attempts > 0) | (Event.state == EventState.SET_ASIDE)
    with town.deps.database.sessions.begin() as session:
        rows = session.execute(select(Event.kind, Event.error).where(bad)).all()
        session.execute(delete(Event))
        return [(kind, error) for kind, error in rows]


def injected(town: Any) -> list[str]:
    """What was said that notifies a channel or links to where a stranger wants."""
    told = [str(one) for one in (*town.slack.posts, *town.slack.ephemerals)]
    return [one for one in told if "<!" in one or "<https://evil" in one]


def defects(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What failed in our own code, rather than because Slack refused a call."""
    told = [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR]
    return [words for words in told if "SlackRefusedError: " not in words]


def test_every_event_of_the_manifest_is_among_those_that_are_spoiled() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))
    subscribed = manifest["settings"]["event_subscriptions"]["bot_events"]

    assert set(hostile.EVENTS) == set(subscribed)


@FAST
@given(data=st.data())
def test_any_words_in_an_event_are_taken(town: Any, data: st.DataObject) -> None:
    _, body = data.draw(st.sampled_from(EVENTS))

    status = deliver(town, data.draw(hostile.reworded(body)))

    assert status == 200
    assert failed(town) == []
    assert injected(town) == []


@FAST
@given(data=st.data())
def test_a_misshapen_event_is_let_go(town: Any, data: st.DataObject) -> None:
    _, body = data.draw(st.sampled_from(EVENTS))

    status = deliver(town, data.draw(hostile.misshapen(body)))

    assert status < 500
    assert failed(town) == []


@FAST
@given(data=st.data())
def test_any_words_in_a_command_or_a_form_are_taken(
    town: Any, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    _, body = data.draw(st.sampled_from(TYPED))

    status = send(town, data.draw(hostile.reworded(body)))
    town.worker.drain()

    assert status == 200
    assert defects(caplog) == []
    assert injected(town) == []
    caplog.clear()


@FAST
@given(data=st.data())
def test_a_misshapen_press_or_form_is_answered(
    town: Any, data: st.DataObject, caplog: pytest.LogCaptureFixture
) -> None:
    _, body = data.draw(st.sampled_from(ACTS))

    status = send(town, data.draw(hostile.misshapen(body)))

    assert status < 500
    caplog.clear()
