"""Who had everything erased is heard of no more, whatever Slack goes on to tell."""

from typing import Any

from sqlalchemy import select

from bot.deps import Deps
from bot.finding import Asked, find_who_knows
from bot.pages import opt_in
from bot.personal_data import export_person, forget_person
from models import Base, Person, Reaction
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import happen, message, react, ts

TABLES = {*Base.metadata.tables, "mentioned_in"}
WHO = {"id": "UBERT", "team_id": TEAM, "profile": {"real_name": "Bert"}}


def forget(deps: Deps, user_id: str) -> None:
    with deps.database.sessions.begin() as session:
        forget_person(session, TEAM, user_id)


def held_of(deps: Deps, user_id: str) -> dict[str, list[Any]]:
    with deps.database.readers() as session:
        held = export_person(session, TEAM, user_id)
    return {name: rows for name, rows in held.items() if rows and name in TABLES}


def test_nothing_comes_back_with_what_happens_next(deps: Deps) -> None:
    question = message("UANNA", "How do you proof the sourdough?", 1)
    happen(deps, [question, message("UBERT", "Overnight", 2, thread=1)])
    forget(deps, "UBERT")

    moved = {"user": "UBERT", "channel": "CTWO", "event_ts": ts(5)}
    happen(
        deps,
        [
            message("UBERT", "Or on the counter", 3, thread=1),
            react(question, "UBERT", 4),
            {"type": "member_joined_channel", **moved},
            {"type": "user_change", "user": WHO, "event_ts": ts(6)},
            {"type": "team_join", "user": WHO, "event_ts": ts(7)},
            message("UINSIDE", "A channel with them in it", 8, channel="CPRIV"),
        ],
    )

    assert held_of(deps, "UBERT").keys() == {"preferences"}


def test_who_is_in_a_new_private_channel_is_held_but_for_them(
    deps: Deps, slack: Directory
) -> None:
    happen(deps, [message("UINSIDE", "Hello", 1)])
    forget(deps, "UINSIDE")

    happen(deps, [message("UASKER2", "Hello", 2, channel="CPRIV")])

    assert slack.members["CPRIV"] == ["UINSIDE", "UASKER2"]
    assert held_of(deps, "UINSIDE").keys() == {"preferences"}
    assert held_of(deps, "UASKER2")["memberships"]


def test_who_turns_to_grapevine_later_is_answered_and_has_no_name(deps: Deps) -> None:
    happen(deps, [message("UBERT", "Hello", 1)])
    forget(deps, "UBERT")

    happen(deps, [message("UBERT", "<@UBOT> who knows?", 2) | {"type": "app_mention"}])

    (person,) = held_of(deps, "UBERT")["people"]
    assert (person["name"], person["zone"]) == ("", "")
    asked = Asked(TEAM, "sourdough", "UBERT", None, NOW)
    assert find_who_knows(deps, asked).subject == "sourdough"


def test_who_opts_in_again_is_heard_again(deps: Deps) -> None:
    happen(deps, [message("UBERT", "Hello", 1)])
    forget(deps, "UBERT")
    happen(deps, [message("UBERT", "<@UBOT> hello", 2) | {"type": "app_mention"}])

    with deps.database.sessions.begin() as session:
        opt_in(session, TEAM, "UBERT")
    happen(deps, [message("UBERT", "Hello again", 3)])

    with deps.database.readers() as session:
        assert session.get_one(Person, (TEAM, "UBERT")).name == "BERT"
    assert len(held_of(deps, "UBERT")["messages"]) == 1


def test_a_bots_and_an_outsiders_thanks_do_not_count(
    deps: Deps, slack: Directory
) -> None:
    slack.people["UROBOT"] = {"id": "UROBOT", "team_id": TEAM, "is_bot": True}
    said = message("UANNA", "Overnight", 1)
    happen(deps, [said, message("UROBOT", "beep", 2), message("UEXT", "Hello", 3)])

    happen(deps, [react(said, who, 4) for who in ("UROBOT", "UEXT", "UBERT")])

    with deps.database.readers() as session:
        assert session.scalars(select(Reaction.user_id)).all() == ["UBERT"]
