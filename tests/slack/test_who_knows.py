"""Asking who knows, in Slack: the command, the shortcut, and sharing."""

import json
import logging
from typing import Any

import pytest
from sqlalchemy import delete, select

from bot.answering import Share
from bot.blocks.who_knows import HELPED_ACTION, NOT_ME_ACTION, SHARE_ACTION
from bot.finding import Asked, find_who_knows
from models import Preference, Vote

ANN, BEN, CAT, EVE = "U1ANN", "U2BEN", "U3CAT", "U9EVE"


def shown(message: dict[str, Any]) -> str:
    return str(message["text"]) + json.dumps(message["blocks"])


def test_the_command_names_who_answered_to_the_asker_alone(talked: Any) -> None:
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")

    assert f"<@{BEN}>" in shown(answer)
    assert "nswered twice" in shown(answer)
    assert "https://" in shown(answer)
    assert talked.slack.posts == []


@pytest.mark.parametrize("text", ["", "help", " HELP "])
def test_the_command_without_a_subject_explains_itself(world: Any, text: str) -> None:
    answer = world.ask(CAT, "/who-knows", text, "C1DATA")

    assert "/grapevine topics" in answer["text"]


def test_a_question_means_the_same_as_its_subject(talked: Any) -> None:
    text = "who knows about pgbouncer?"

    answer = talked.ask(CAT, "/who-knows", text, "C1DATA")

    assert f"<@{BEN}>" in shown(answer)


def test_nobody_known_gets_a_next_step_in_a_workspace_never_heard_of(
    world: Any,
) -> None:
    answer = world.ask(CAT, "/who-knows", "falconry", "C1DATA")

    assert "falconry" in answer["text"]
    assert "I'll notice when somebody answers" in answer["text"]
    assert SHARE_ACTION not in shown(answer)


def test_a_shared_answer_is_posted_once_in_its_thread(talked: Any) -> None:
    message = talked.person(CAT).post("C1DATA", "pgbouncer?")
    talked.person(CAT).shortcut("find_who_knows", message)
    (answer,) = talked.slack.ephemerals
    talked.person(CAT).click(answer, SHARE_ACTION)
    talked.settle()

    (post,) = talked.slack.posts
    assert post["thread_ts"] == message["ts"]
    assert f"Asked and shared by <@{CAT}>." in post["text"]
    (after,) = [m for m in talked.person(CAT).sees("C1DATA") if "recipient" in m]
    assert after["text"] == "Shared here under your name."
    assert SHARE_ACTION not in shown(after)


def test_two_presses_share_once(talked: Any) -> None:
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    value = Share("pgbouncer", "C1DATA", None, CAT)
    press(talked, CAT, answer["ts"], value)
    press(talked, CAT, answer["ts"], value)
    talked.settle()

    assert len(talked.slack.posts) == 1


def press(world: Any, who: str, message_ts: str, share: Share) -> Any:
    """Press a share button whatever the client still shows."""
    from slack_bolt import BoltRequest  # noqa: PLC0415 - local to this

    body = {
        "type": "block_actions",
        "team": {"id": "T0LOCAL"},
        "user": {"id": who, "team_id": "T0LOCAL"},
        "container": {"message_ts": message_ts},
        "actions": [
            {
                "type": "button",
                "action_id": SHARE_ACTION,
                "block_id": "b",
                "value": share.dump(),
            }
        ],
    }
    return world.app.dispatch(BoltRequest(body=body, mode="socket_mode"))


@pytest.mark.parametrize(
    ("who", "share"),
    [
        pytest.param(ANN, Share("pgbouncer", "C1DATA", None, CAT), id="other"),
        pytest.param(CAT, Share("pgbouncer", "C2QUIET", None, CAT), id="out"),
        pytest.param(CAT, Share("falconry", "C1DATA", None, CAT), id="nothing"),
        pytest.param(CAT, Share("pgbouncer", "C4OUT", None, CAT), id="ext"),
    ],
)
def test_what_may_not_be_shared_is_not(talked: Any, who: str, share: Share) -> None:
    response = press(talked, who, "1.000001", share)
    talked.settle()

    assert response.status == 200
    assert talked.slack.posts == []


def test_evidence_of_a_private_channel_is_seen_inside_and_never_shared(
    world: Any,
) -> None:
    asked = world.person(ANN).post("C3VAULT", "How do I tune pgbouncer?")
    world.person(BEN).post(
        "C3VAULT", "Set the pgbouncer size to ten.", thread_ts=asked["ts"]
    )
    world.settle()

    inside = world.ask(ANN, "/who-knows", "pgbouncer", "C1DATA")
    outside = world.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    press(world, ANN, "1.000001", Share("pgbouncer", "C1DATA", None, ANN))
    world.settle()

    assert f"<@{BEN}>" in shown(inside)
    assert BEN not in shown(outside)
    assert "vault" not in shown(outside).lower()
    assert world.slack.posts == []


def test_a_channel_without_grapevine_offers_no_sharing(talked: Any) -> None:
    answer = talked.ask(ANN, "/who-knows", "pgbouncer", "C2QUIET")

    assert SHARE_ACTION not in shown(answer)


def test_the_shortcut_opens_a_modal_where_it_cannot_reply(talked: Any) -> None:
    from slack_bolt import BoltRequest  # noqa: PLC0415 - local to this

    with talked.slack.world.lock:
        trigger_id = talked.slack.world.new_trigger(CAT)
    body = {
        "type": "message_action",
        "callback_id": "find_who_knows",
        "team": {"id": "T0LOCAL"},
        "user": {"id": CAT, "team_id": "T0LOCAL"},
        "channel": {"id": "C1DATA"},
        "trigger_id": trigger_id,
        "message": {"ts": "1.000001", "text": "pgbouncer?"},
    }

    talked.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    modal = talked.person(CAT).modal
    assert f"<@{BEN}>" in json.dumps(modal["blocks"])
    assert SHARE_ACTION not in json.dumps(modal)


def test_a_message_without_words_asks_for_a_subject(world: Any) -> None:
    message = world.person(CAT).post("C1DATA", "...")

    world.person(CAT).shortcut("find_who_knows", message)

    (answer,) = world.slack.ephemerals
    assert "Who knows about what?" in answer["text"]


def test_somebody_of_another_organisation_is_refused_kindly(talked: Any) -> None:
    asking = talked.person(CAT).command("/who-knows", "pgbouncer", "C4OUT")
    assert asking.acked
    share = Share("pgbouncer", "C1DATA", None, EVE)
    from slack_bolt import BoltRequest  # noqa: PLC0415 - local to this

    body = {
        "type": "block_actions",
        "team": {"id": "T0LOCAL"},
        "user": {"id": EVE, "team_id": "T9OTHER"},
        "actions": [
            {
                "type": "button",
                "action_id": SHARE_ACTION,
                "block_id": "b",
                "value": share.dump(),
            }
        ],
    }
    response = talked.app.dispatch(BoltRequest(body=body, mode="socket_mode"))
    command = {"command": "/who-knows", "text": "x", "user_id": EVE, "team_id": "T9"}
    refused = talked.app.dispatch(BoltRequest(body=command, mode="socket_mode"))
    talked.settle()

    assert response.status == 200
    assert talked.slack.posts == []
    assert "people of the workspace it was set up in" in refused.body


def test_a_failure_is_told_calmly_and_logged_without_what_was_written(
    talked: Any, caplog: pytest.LogCaptureFixture
) -> None:
    talked.deps.database.engine.dispose()
    with talked.deps.database.sessions.begin() as session:
        from sqlalchemy import text  # noqa: PLC0415 - local to this

        session.execute(text("DROP TABLE topic_aliases"))

    answer = talked.ask(CAT, "/who-knows", "pgbouncer secretword", "C1DATA")

    assert answer["text"].startswith("Something went wrong on my side")
    errors = [r for r in caplog.records if r.levelno >= logging.ERROR]
    logged = "".join(r.getMessage() for r in errors)
    caplog.clear()
    assert "OperationalError" in logged
    assert "finding.py" in logged
    assert "secretword" not in logged


def test_asking_is_answered_from_what_was_heard(talked: Any) -> None:
    asked = Asked("T0LOCAL", "pgbouncer", CAT, "C1DATA", now=talked.deps.clock())

    found = find_who_knows(talked.deps, asked)

    assert [person.user_id for person in found.people] == [BEN]


def test_a_button_from_before_an_upgrade_is_told_calmly(
    talked: Any, caplog: pytest.LogCaptureFixture
) -> None:
    class Old:
        def dump(self) -> str:
            return "not ours"

    response = press(talked, CAT, "1.000001", Old())  # type: ignore[arg-type]
    talked.settle()

    assert response.status == 200
    assert talked.slack.posts == []
    assert "BadInputError: this button is too old" in caplog.text
    caplog.clear()


def test_presses_that_slack_does_not_place_are_told_apart_by_what_they_carry(
    talked: Any,
) -> None:
    share = Share("pgbouncer", "C1DATA", None, CAT)
    press(talked, CAT, "", share)
    press(talked, CAT, "", share)
    press(talked, CAT, "", Share("postgres", "C1DATA", None, CAT))
    talked.settle()

    assert len(talked.slack.posts) == 2


def test_the_asker_says_that_somebody_helped_and_the_answer_stays(talked: Any) -> None:
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    talked.person(CAT).click(answer, HELPED_ACTION)
    talked.person(CAT).click(answer, HELPED_ACTION)

    with talked.deps.database.readers() as session:
        (vote,) = session.scalars(select(Vote))
    assert (vote.user_id, vote.about_id, vote.is_helpful) == (CAT, BEN, True)
    assert "pgbouncer" not in str(vote.contrast) + vote.question
    seen = [m for m in talked.person(CAT).sees("C1DATA") if "recipient" in m]
    assert [m["text"][:9] for m in seen][-1] == "Thank you"
    assert any(HELPED_ACTION in shown(m) for m in seen if m.get("blocks"))


def test_nobody_learns_from_their_thanks_that_somebody_opted_out(talked: Any) -> None:
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    talked.person(CAT).click(answer, HELPED_ACTION)
    with talked.deps.database.sessions.begin() as session:
        session.execute(delete(Vote))
        wish = Preference(workspace_id="T0LOCAL", user_id=BEN, is_opted_out=True)
        session.merge(wish)
    talked.person(CAT).click(answer, HELPED_ACTION)

    with talked.deps.database.readers() as session:
        assert session.scalars(select(Vote)).all() == []
    *_, kept, not_kept = [m["text"] for m in talked.slack.ephemerals]
    assert kept == not_kept


def test_who_is_named_in_a_shared_answer_may_say_not_me(talked: Any) -> None:
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    talked.person(CAT).click(answer, SHARE_ACTION)
    talked.settle()
    (post,) = talked.slack.posts
    talked.person(ANN).click(post, NOT_ME_ACTION)
    talked.person(BEN).click(post, NOT_ME_ACTION)

    with talked.deps.database.readers() as session:
        (vote,) = session.scalars(select(Vote))
    assert (vote.user_id, vote.about_id, vote.is_helpful) == (BEN, BEN, False)
    told = {m["recipient"]: m["text"] for m in talked.slack.ephemerals}
    assert told[BEN].startswith("Noted, and nobody is told.")
    assert told[ANN].startswith("You are not named")


def test_a_shared_answer_takes_no_praise_and_a_private_one_no_not_me(
    talked: Any,
) -> None:
    answer = talked.ask(CAT, "/who-knows", "pgbouncer", "C1DATA")
    talked.person(CAT).click(answer, SHARE_ACTION)
    talked.settle()

    assert NOT_ME_ACTION not in shown(answer)
    assert HELPED_ACTION not in shown(talked.slack.posts[0])


@pytest.mark.parametrize(
    ("command", "text"),
    [("/who-knows", "pgbouncer"), ("/grapevine", "who pgbouncer")],
)
def test_a_guest_who_was_never_heard_of_is_shown_their_channels_alone(
    talked: Any, command: str, text: str
) -> None:
    talked.slack.add_user("U7GUEST", "guest", is_restricted=True)
    talked.slack.add_channel("C5LOBBY", "lobby", ["U7GUEST"])

    answer = talked.ask("U7GUEST", command, text, "C5LOBBY")

    assert f"<@{BEN}>" not in shown(answer)
    assert "C1DATA" not in shown(answer)
