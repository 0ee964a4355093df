"""From a suggestion to a community, as people see and press it in Slack."""

from dataclasses import replace
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import select

from bot import settling
from bot.blocks import communities as shown
from bot.blocks import community_modal as form
from bot.communities import ABANDONED_AFTER, go_on
from bot.deps import Deps
from bot.suggestions import Proposal, suggest
from bot.worker import Worker
from models import Community, Evidence, Question, Suggestion, Topic

ANN, BEN, CAT = "U1ANN", "U2BEN", "U3CAT"
TEAM = "T0LOCAL"
GATES = [{"name": "questions", "value": 6.0}, {"name": "people", "value": 1.0}]


@pytest.fixture
def town(talked: Any, deps: Deps) -> Any:
    """Ann and Ben are asked about a topic that five questions are about."""
    town = replace(talked, worker=_worker(deps))
    now = deps.clock()
    with deps.database.sessions.begin() as session:
        session.add(Topic(id=1, workspace_id=TEAM, label="pgbouncer", created_at=now))
        session.flush()
        for heard in (
            *session.scalars(select(Question)),
            *session.scalars(select(Evidence)),
        ):
            heard.topic_id = 1
        proposal = Proposal(TEAM, 1, "pgbouncer", GATES, (ANN, BEN))
        assert suggest(session, proposal, now=now)
    town.settle()
    return town


def _worker(deps: Deps) -> Worker:
    return Worker(deps, respond=lambda *_: None, on_settled=settling.settled)


def dm(town: Any, who: str) -> Any:
    """The last message of the bot to somebody."""
    return [m for m in town.person(who).sees() if m.get("bot_id")][-1]


def press(town: Any, who: str, action_id: str) -> None:
    town.person(who).click(dm(town, who), action_id)
    town.settle()


def fill_in(town: Any, who: str = ANN, **values: Any) -> dict[str, str]:
    press(town, who, shown.YES_ACTION)
    errors: dict[str, str] = town.person(who).submit(values)
    town.settle()
    return errors


def communities(deps: Deps) -> list[Community]:
    with deps.database.readers() as session:
        return list(session.scalars(select(Community)))


def test_a_yes_shows_a_form_and_settles_nothing(town: Any, deps: Deps) -> None:
    press(town, ANN, shown.YES_ACTION)

    view = town.person(ANN).modal
    assert view["callback_id"] == form.CALLBACK
    assert "'initial_value': 'pgbouncer'" in str(view["blocks"])
    assert BEN in str(view["blocks"])
    with deps.database.readers() as session:
        assert session.get_one(Suggestion, 1).state == "open"


def test_the_whole_way_to_a_channel_that_people_chose_to_join(
    town: Any, deps: Deps
) -> None:
    errors = fill_in(town, community_people=[CAT])

    assert errors == {}
    channel = town.slack.channel("pgbouncer")
    assert set(channel.members) == {"U0BOT", ANN}
    assert channel.purpose == "Questions and answers about pgbouncer"
    press(town, CAT, shown.ACCEPT_ACTION)
    press(town, BEN, shown.DECLINE_ACTION)
    assert set(channel.members) == {"U0BOT", ANN, CAT}
    assert "actions" not in {b["type"] for b in dm(town, CAT)["blocks"]}
    assert "You started" in dm(town, ANN)["text"]
    assert [c.state for c in communities(deps)] == ["open"]
    notices = [p for p in town.slack.posts if p.get("thread_ts")]
    assert 0 < len(notices) <= 5
    assert {p["channel"] for p in notices} == {"C1DATA"}


@pytest.mark.parametrize(
    ("people", "told"), [([], False), ([ANN], False), ([CAT], True)]
)
def test_invitations_are_told_of_where_there_are_some(
    town: Any,
    people: list[str],
    told: bool,  # noqa: FBT001 - of a table
) -> None:
    fill_in(town, community_people=people)

    said = str(town.person(ANN).modal)
    assert "is there" in said
    assert ("invitations are on their way" in said) is told


@pytest.mark.parametrize(
    ("action_id", "words"),
    [
        pytest.param(shown.NOT_NOW_ACTION, "not now", id="not now"),
        pytest.param(shown.NOT_TOPIC_ACTION, "won't ask you", id="not this topic"),
    ],
)
def test_a_no_replaces_the_buttons(town: Any, action_id: str, words: str) -> None:
    press(town, ANN, action_id)

    after = dm(town, ANN)
    assert words in after["text"]
    assert "actions" not in {b["type"] for b in after["blocks"]}


def test_the_second_yes_hears_who_was_first(town: Any, deps: Deps) -> None:
    press(town, ANN, shown.YES_ACTION)
    press(town, BEN, shown.YES_ACTION)

    town.person(ANN).submit()
    town.person(BEN).submit({form.NAME: "another"})
    town.settle()

    assert len(communities(deps)) == 1
    assert f"<@{ANN}> is starting this already" in str(town.person(BEN).modal)
    assert "Would you host it together?" in dm(town, BEN)["text"]


@pytest.mark.parametrize(
    "carried",
    [
        pytest.param("1", id="put to others"),
        pytest.param("99", id="unknown"),
        pytest.param("'; --", id="no number"),
    ],
)
def test_somebody_else_cannot_answer(
    town: Any, deps: Deps, carried: str, caplog: pytest.LogCaptureFixture
) -> None:
    for action_id in (shown.YES_ACTION, shown.NOT_TOPIC_ACTION, shown.ACCEPT_ACTION):
        _forge(town, deps, CAT, action_id, carried)

    told = [e["text"] for e in town.slack.ephemerals if e["recipient"] == CAT]
    assert told == [shown.NOT_YOURS] * 3
    assert communities(deps) == []
    assert caplog.text.count(f"refused: {CAT} of {TEAM} answers what is not yours") == 3
    assert "--" not in caplog.text


def _forge(town: Any, deps: Deps, who: str, action_id: str, value: str) -> None:
    """Press a button that was never put to them."""
    button = {
        "type": "button",
        "action_id": action_id,
        "value": value,
        "text": {"type": "plain_text", "text": "Press"},
    }
    deps.slack_of(TEAM).call(
        "chat.postMessage",
        {
            "channel": who,
            "text": "Press",
            "blocks": [{"type": "actions", "elements": [button]}],
        },
    )
    press(town, who, action_id)


def test_an_answer_to_what_is_settled_changes_nothing(
    town: Any, deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    fill_in(town)
    _forge(town, deps, BEN, shown.NOT_NOW_ACTION, "1")
    _forge(town, deps, ANN, shown.NOT_NOW_ACTION, "1")

    told = [e["text"] for e in town.slack.ephemerals]
    assert told == [f"<@{ANN}> is starting this already.", shown.ANSWERED]
    assert f"refused: {BEN} of {TEAM} answers what is settled" in caplog.text
    assert f"refused: {ANN} of {TEAM} answers what is answered" in caplog.text


def test_a_form_that_somebody_else_sends_starts_nothing(
    town: Any, deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    press(town, ANN, shown.YES_ACTION)
    view = {**town.person(ANN).modal}
    body = {
        "type": "view_submission",
        "team": {"id": TEAM},
        "user": {"id": CAT, "team_id": TEAM},
        "view": {**view, "state": {"values": {form.NAME: {form.NAME: {"value": "x"}}}}},
    }

    town.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    assert communities(deps) == []
    assert f"refused: {CAT} of {TEAM}" in caplog.text


def test_a_press_by_another_organisations_person_is_refused_in_a_shared_channel(
    town: Any, deps: Deps, caplog: pytest.LogCaptureFixture
) -> None:
    body = {
        "type": "block_actions",
        "team": {"id": TEAM},
        "user": {"id": ANN, "team_id": "T9OTHER"},
        "channel": {"id": "C4OUT"},
        "container": {"type": "message", "channel_id": "C4OUT", "message_ts": "1.1"},
        "actions": [
            {"type": "button", "action_id": shown.NOT_TOPIC_ACTION, "value": "1"}
        ],
    }

    town.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    assert f"refused: {ANN} acts from elsewhere" in caplog.text
    with deps.database.readers() as session:
        assert session.get_one(Suggestion, 1).state == "open"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param("Pg Bouncer", "for example pg-bouncer", id="not a name"),
        pytest.param("data", "#data is taken. Free names: data-community", id="taken"),
    ],
)
def test_a_name_that_does_not_do_is_said_beside_it(
    town: Any, deps: Deps, name: str, words: str
) -> None:
    errors = fill_in(town, community_name=name)

    assert words in errors[form.NAME]
    assert communities(deps) == []
    assert town.person(ANN).submit({form.NAME: "pg-bouncer"}) == {}


def test_where_channels_may_not_be_created_a_checklist_comes(
    town: Any, deps: Deps
) -> None:
    town.slack.world.may_create_channels = False

    assert fill_in(town, community_people=[CAT]) == {}

    told = dm(town, ANN)
    assert "`pgbouncer`" in told["text"]
    assert f"<@{CAT}>" in told["text"]
    assert "not allowed to create channels" in str(town.person(ANN).modal)
    town.person(ANN).close_modal()
    town.slack.world.may_create_channels = True
    assert fill_in(town) == {}
    assert len(communities(deps)) == 1


def test_a_busy_slack_is_waited_for(town: Any, deps: Deps) -> None:
    town.slack.fail_next("conversations.create", "internal_error")

    fill_in(town)
    assert "Slack is busy" in str(town.person(ANN).modal)
    later = deps.clock() + ABANDONED_AFTER
    go_on(deps, now=later)
    _worker(replace(deps, clock=lambda: later)).drain()

    assert town.slack.channel("pgbouncer")
    assert "You started" in dm(town, ANN)["text"]


def test_an_existing_channel_is_only_pointed_to(town: Any, deps: Deps) -> None:
    now = deps.clock()
    with deps.database.sessions.begin() as session:
        session.add(Topic(id=2, workspace_id=TEAM, label="data", created_at=now))
        session.flush()
        proposal = Proposal(
            TEAM, 2, "data", GATES, (CAT,), existing_channel_id="C2QUIET"
        )
        assert suggest(session, proposal, now=now)
    town.settle()

    press(town, CAT, shown.OPEN_ACTION)

    assert dm(town, CAT)["text"] == "*data*: see you in <#C2QUIET>."
    assert CAT not in town.slack.channel("quiet").members
