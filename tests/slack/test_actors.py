"""Who acts is read from payloads of every kind; others' people are refused."""

from typing import Any

import pytest
from slack_bolt import BoltContext
from slack_bolt.authorization import AuthorizeResult

from handlers.actors import Actor, find_actor


def context(
    user_id: str | None = "U1", team_id: str | None = "T1", enterprise_id: str = "E1"
) -> BoltContext:
    installed = AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
    return BoltContext({"user_id": user_id, "authorize_result": installed})


@pytest.mark.parametrize(
    ("body", "is_ours"),
    [
        pytest.param({"user": {"team_id": "T1"}}, True, id="a press"),
        pytest.param({"user": {"team_id": "T2"}}, False, id="a press from elsewhere"),
        pytest.param(
            {"user": {"team_id": "T2"}, "team": {"id": "T1"}},
            False,
            id="in our channel",
        ),
        pytest.param(
            {"user": {"id": "U1"}, "team": {"id": "T1"}}, True, id="old press"
        ),
        pytest.param({"user_id": "U1", "team_id": "T1"}, True, id="a command"),
        pytest.param({"user_id": "U1", "team_id": "T2"}, False, id="another's command"),
        pytest.param({"user": {"team_id": "E1"}}, True, id="of our organisation"),
        pytest.param({"user": {"id": "U1"}, "team": None}, False, id="nothing told"),
    ],
)
def test_people_of_our_workspace_act(body: dict[str, Any], is_ours: bool) -> None:  # noqa: FBT001
    actor = find_actor(body, context())

    assert actor == (Actor("T1", "U1") if is_ours else None)


def test_with_an_organisations_installation_the_workspace_is_theirs() -> None:
    body = {"user": {"team_id": "T7"}}

    assert find_actor(body, context(team_id=None)) == Actor("T7", "U1")


def test_nobody_is_nobody() -> None:
    body = {"user": {"team_id": "T1"}}

    assert find_actor(body, context(user_id=None)) is None
    assert find_actor(body, BoltContext({"user_id": "U1"})) is None
