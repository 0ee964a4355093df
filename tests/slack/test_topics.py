"""Changing topics in Slack, as a workspace admin and as anybody else."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select, update

from bot import curation
from bot.blocks import topic_modal as form
from bot.blocks.topics import MANAGE_ACTION
from bot.curation import Curator
from bot.curation_log import log_of
from bot.deps import Deps
from bot.errors import SlackRefusedError
from bot.graph import topics
from handlers.actors import Actor
from handlers.admins import is_workspace_admin
from models import Person, Question, Topic, Workspace

ANN, BEN = "U1ANN", "U2BEN"
TEAM = "T0LOCAL"
POOLING, TRAINS = 71, 72


@pytest.fixture
def town(talked: Any, deps: Deps) -> Any:
    """Ann is an admin; two topics are asked about by two people each."""
    for who in (ANN, BEN):
        talked.person(who).post("C1DATA", f"How do I pool, asks {who}?")
        talked.person(who).post("C1DATA", f"When does the train leave, asks {who}?")
    talked.settle()
    with deps.database.sessions.begin() as session:
        for number, label in ((POOLING, "Pooling"), (TRAINS, "Trains")):
            session.add(
                Topic(
                    id=number, workspace_id=TEAM, label=label, created_at=deps.clock()
                )
            )
        session.flush()
        asked = session.scalars(select(Question).order_by(Question.ts.desc())).all()
        for place, question in enumerate(asked[:4]):
            question.topic_id = TRAINS if place % 2 == 0 else POOLING
        session.execute(update(Person).where(Person.id == ANN).values(is_admin=True))
    return talked


def listed(town: Any, who: str = ANN) -> dict[str, Any]:
    answer: dict[str, Any] = town.ask(who, "/grapevine", "topics", "C1DATA")
    return answer


def manage(town: Any, topic: int = POOLING) -> dict[str, Any]:
    town.person(ANN).click(listed(town), MANAGE_ACTION, str(topic))
    modal: dict[str, Any] = town.person(ANN).modal
    return modal


def held(deps: Deps, topic: int = POOLING) -> topics.HeldTopic | None:
    with deps.database.readers() as session:
        found = topics.held_topics(session, TEAM)
    return next((one for one in found if one.id == topic), None)


def shown(town: Any) -> str:
    """What the form became."""
    return json.dumps(town.person(ANN).modal["blocks"], ensure_ascii=False)


def demote(deps: Deps) -> None:
    with deps.database.sessions.begin() as session:
        session.execute(update(Person).values(is_admin=False))


def test_only_an_admin_is_offered_to_manage(town: Any) -> None:
    assert MANAGE_ACTION in json.dumps(listed(town, ANN)["blocks"])
    assert MANAGE_ACTION not in json.dumps(listed(town, BEN)["blocks"])
    assert "Pooling: 2 questions by 2 people in 1 channel" in listed(town, ANN)["text"]


def test_the_form_begins_with_how_the_topic_stands(town: Any) -> None:
    blocks = str(manage(town)["blocks"])

    assert "'initial_value': 'Pooling'" in blocks
    assert "'Trains'" in blocks
    assert "initial_options" not in blocks


def test_a_name_and_other_names_are_saved_and_locked(town: Any, deps: Deps) -> None:
    manage(town)

    assert (
        town.person(ANN).submit(
            {form.NAME: "Connection pools", form.NAMES: "pgbouncer, CP"}
        )
        == {}
    )

    topic = held(deps)
    assert topic is not None
    assert (topic.label, topic.aliases) == ("Connection pools", ("CP", "pgbouncer"))
    assert topic.is_locked
    assert "*Connection pools*, also called CP, pgbouncer." in shown(town)
    with deps.database.readers() as session:
        (named_too, renamed) = log_of(session, TEAM, limit=9)
    assert renamed.done_by == named_too.done_by == ANN


def test_what_is_left_as_it_was_is_left_alone(town: Any, deps: Deps) -> None:
    manage(town)

    assert town.person(ANN).submit() == {}

    with deps.database.readers() as session:
        assert log_of(session, TEAM, limit=9) == []


def test_a_taken_name_is_said_beside_the_field_and_nothing_is_saved(
    town: Any, deps: Deps
) -> None:
    manage(town)

    errors = town.person(ANN).submit(
        {form.NAME: "Pools", form.NAMES: "trains", form.STATES: [form.HIDDEN]}
    )

    assert list(errors) == [form.NAMES]
    assert errors[form.NAMES] == (
        "Trains has the name trains already. Choose another name, or merge the two "
        "below."
    )
    topic = held(deps)
    assert topic is not None
    assert (topic.label, topic.is_kept) == ("Pooling", False)


def test_hidden_it_is_listed_for_admins_alone_and_can_be_shown_again(
    town: Any,
) -> None:
    manage(town)
    assert town.person(ANN).submit({form.STATES: [form.HIDDEN]}) == {}

    assert "Pooling" not in listed(town, BEN)["text"]
    assert "Pooling: hidden, only admins see it here" in listed(town, ANN)["text"]

    town.person(ANN).close_modal()
    manage(town)
    assert town.person(ANN).submit({form.STATES: []}) == {}

    assert "Pooling" in listed(town, BEN)["text"]


def test_it_is_merged_into_another(town: Any, deps: Deps) -> None:
    manage(town)

    assert town.person(ANN).submit({form.INTO: str(TRAINS)}) == {}

    assert held(deps) is None
    assert "Trains: 4 questions" in listed(town, BEN)["text"]
    assert "*Pooling* is part of *Trains*" in shown(town)


def test_a_name_can_call_nobody(town: Any) -> None:
    manage(town)

    assert town.person(ANN).submit({form.NAME: "<!channel> & <@U2BEN>"}) == {}

    assert "&lt;!channel&gt; &amp; &lt;@U2BEN&gt;" in shown(town)
    assert "&lt;!channel&gt;" in listed(town, BEN)["text"]
    assert "&lt;!channel&gt;" in listed(town, ANN)["text"]


def test_who_is_no_admin_any_more_is_refused_at_submission(
    town: Any, deps: Deps
) -> None:
    manage(town)
    demote(deps)

    assert town.person(ANN).submit({form.NAME: "Mine"}) == {}

    assert "Only workspace admins" in shown(town)
    topic = held(deps)
    assert topic is not None
    assert topic.label == "Pooling"


def test_who_is_no_admin_any_more_is_refused_at_the_button(
    town: Any, deps: Deps
) -> None:
    answer = listed(town)
    demote(deps)
    before = len(town.slack.ephemerals)

    town.person(ANN).click(answer, MANAGE_ACTION, str(POOLING))

    assert town.person(ANN).modal is None
    assert "Only workspace admins" in town.slack.ephemerals[before]["text"]


def test_a_topic_of_another_workspace_cannot_be_reached(town: Any, deps: Deps) -> None:
    manage(town)
    with deps.database.sessions.begin() as session:
        session.add(Workspace(id="T9", word_key=b"k" * 32, created_at=deps.clock()))
        session.flush()
        session.execute(
            update(Topic).where(Topic.id == POOLING).values(workspace_id="T9")
        )

    errors = town.person(ANN).submit({form.NAME: "Mine"})

    assert "This topic is gone" in errors[form.NAME]
    with deps.database.readers() as session:
        assert session.get_one(Topic, POOLING).label == "Pooling"


def test_a_topic_merged_meanwhile_is_said(town: Any, deps: Deps) -> None:
    answer = listed(town)
    manage(town)
    with deps.database.sessions.begin() as session:
        by = Curator(TEAM, None, deps.clock())
        curation.merge(session, by, POOLING, TRAINS)

    errors = town.person(ANN).submit({form.NAME: "Pools"})
    town.person(ANN).close_modal()
    before = len(town.slack.ephemerals)
    town.person(ANN).click(answer, MANAGE_ACTION, str(POOLING))

    assert "it was merged into another" in errors[form.NAME]
    assert "72" not in errors[form.NAME]
    assert "This topic is gone." in town.slack.ephemerals[before]["text"]


class Told:
    """Answers what Slack says of a person."""

    def __init__(self, **user: Any) -> None:
        self._user = {"id": "U8NEW", "team_id": TEAM, **user}

    def call(self, method: str, arguments: Any) -> dict[str, Any]:
        assert (method, arguments) == ("users.info", {"user": "U8NEW"})
        if "error" in self._user:
            raise SlackRefusedError(method, "user_not_found")
        return {"user": self._user}

    def find_posted(self, *_arguments: Any, **_more: Any) -> str | None:
        return None


@pytest.mark.parametrize(
    ("user", "is_admin"),
    [
        pytest.param({"is_admin": True}, True, id="an admin"),
        pytest.param({"is_owner": True}, True, id="an owner"),
        pytest.param({}, False, id="anybody"),
        pytest.param({"is_admin": True, "deleted": True}, False, id="gone"),
        pytest.param({"error": "user_not_found"}, False, id="unknown"),
    ],
)
def test_of_somebody_not_heard_yet_slack_says_whether_they_are_an_admin(
    deps: Deps, user: dict[str, Any], *, is_admin: bool
) -> None:
    asked = replace(deps, slack_of=lambda _workspace_id: Told(**user))

    assert is_workspace_admin(asked, Actor(TEAM, "U8NEW")) is is_admin
