"""Try to learn through Grapevine what Slack would not show."""

import json
import logging
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot import inbox
from bot.answers import Outcome, WhoKnows
from bot.deps import Deps
from bot.finding import Asked, find_who_knows
from bot.graph import places, topics
from bot.happenings import ChannelTold, Moved
from bot.topic_pass import open_corpus, run_pass, surfaces_in
from models import Base, Event, EventState, Preference, Reaction, Word
from tests.exports import SmallExport
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import delete, edit, graph, happen, message, react, ts
from tests.graph.telling import bring


def who_knows(
    deps: Deps, subject: str, asker: str | None = None, *, public_only: bool = False
) -> WhoKnows:
    return find_who_knows(
        deps, Asked(TEAM, subject, asker, None, NOW, 10, public_only=public_only)
    )


def people(found: WhoKnows) -> set[str]:
    return {person.user_id for person in found.people}


def answered(
    asker: str, answerer: str, channel: str, second: float, about: str = "sourdough"
) -> list[dict[str, object]]:
    return [
        message(asker, f"How long do you proof the {about}?", second, channel=channel),
        message(
            answerer,
            f"Overnight in the fridge for {about}",
            second + 1,
            channel=channel,
            thread=second,
        ),
    ]


def test_no_word_of_one_person_alone_is_left_in_the_database(
    deps: Deps, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secret = message("UANNA", "How do I open the zanzibarquux safe, please?", 1)

    happen(deps, [secret, edit(secret, "How do I open the zanzibarquux door?", 2)])

    for table in Base.metadata.tables.values():
        with deps.database.engine.connect() as connection:
            held = str(connection.execute(select(table)).all())
        assert "zanzibarquux" not in held, table.name
    assert "zanzibarquux" not in caplog.text
    if deps.database.is_sqlite:
        deps.database.close()
        held_bytes = b"".join(p.read_bytes() for p in tmp_path.glob("graph.db"))
        assert b"safe, please" not in held_bytes


def test_a_way_of_writing_is_shown_once_two_people_share_it(deps: Deps) -> None:
    happen(deps, [message("UANNA", "The Sourdough again", 1)])
    with deps.database.readers() as session:
        assert set(session.scalars(select(Word.surface))) == {None}

    happen(deps, [message("UBERT", "More Sourdough today", 2)])

    with deps.database.readers() as session:
        shown = set(topics.surfaces(session, TEAM).values())
    assert shown == {"Sourdough"}


def test_a_word_that_mostly_names_somebody_is_not_shown(deps: Deps) -> None:
    said = ["thanks Vokoun", "Hi Vokoun", "Vokoun said so", "try the Vokoun lemma"]
    happen(
        deps,
        [
            message(user, text, 10 * i + j)
            for i, text in enumerate(said)
            for j, user in enumerate(("UANNA", "UBERT"))
        ],
    )

    with deps.database.readers() as session:
        corpus = open_corpus(session, deps, TEAM)
        shown = set(surfaces_in(session, TEAM, corpus).values())
        assert "Vokoun" in topics.surfaces(session, TEAM).values()
    assert "lemma" in shown
    assert "Vokoun" not in shown


def test_what_is_written_in_a_private_channel_becomes_no_label(deps: Deps) -> None:
    happen(
        deps,
        [
            message("UINSIDE", "Projekt Falke?", 1, channel="CPRIV"),
            message("UASKER2", "Projekt Falke!", 2, channel="CPRIV"),
        ],
    )

    with deps.database.readers() as session:
        assert topics.surfaces(session, TEAM) == {}


def test_private_evidence_is_for_members_alone(deps: Deps) -> None:
    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 1))

    inside = who_knows(deps, "proof sourdough", "UASKER2")
    outside = who_knows(deps, "proof sourdough", "UANNA")
    nobody = who_knows(deps, "proof sourdough")
    shared = who_knows(deps, "proof sourdough", "UASKER2", public_only=True)

    assert people(inside) == {"UINSIDE"}
    for found in (outside, nobody, shared):
        assert found.outcome == Outcome.UNKNOWN
        assert not found.people
        assert not found.places


def test_who_has_left_a_private_channel_sees_it_no_more(deps: Deps) -> None:
    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 1))
    left = {
        "type": "member_left_channel",
        "user": "UASKER2",
        "channel": "CPRIV",
        "event_ts": ts(9),
    }

    happen(deps, [left])

    assert people(who_knows(deps, "proof sourdough", "UASKER2")) == set()


BOT_LEFT = {
    "type": "member_left_channel",
    "user": "UBOT",
    "channel": "CPRIV",
    "event_ts": ts(20),
}


@pytest.mark.parametrize(
    "left",
    [
        pytest.param(BOT_LEFT, id="it was removed"),
        pytest.param(
            {"type": "group_left", "channel": "CPRIV", "event_ts": ts(20)}, id="it left"
        ),
    ],
)
def test_who_left_a_private_channel_while_grapevine_was_out_sees_it_no_more(
    deps: Deps, slack: Directory, left: dict[str, object]
) -> None:
    slack.people["UBOT"] = {"id": "UBOT", "team_id": TEAM, "is_bot": True}
    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 1))

    happen(deps, [left])
    while_out = who_knows(deps, "proof sourdough", "UASKER2")
    slack.members["CPRIV"] = ["UINSIDE", "UCORA"]
    happen(deps, [BOT_LEFT | {"type": "member_joined_channel", "event_ts": ts(30)}])
    happen(deps, [message("UINSIDE", "Hello again", 31, channel="CPRIV")])

    assert people(while_out) == set()
    assert people(who_knows(deps, "proof sourdough", "UASKER2")) == set()
    assert people(who_knows(deps, "proof sourdough", "UCORA")) == {"UINSIDE"}


@pytest.mark.parametrize(
    "news",
    [
        pytest.param(
            message(
                "UANNA",
                "made this channel *private*",
                20,
                subtype="channel_convert_to_private",
                channel_type="group",
            ),
            id="it is told",
        ),
        pytest.param(
            message("UANNA", "Nice and quiet", 20, channel_type="group"), id="it shows"
        ),
    ],
)
def test_a_channel_that_was_made_private_is_for_its_members_alone(
    deps: Deps, slack: Directory, news: dict[str, object]
) -> None:
    happen(deps, answered("UANNA", "UBERT", "CPUB", 1))
    slack.channels["CPUB"] |= {"is_private": True}
    slack.members["CPUB"] = ["UANNA", "UBERT"]

    happen(deps, [news])
    at_once = who_knows(deps, "proof sourdough", "UCORA")
    happen(deps, [message("UBERT", "Yes", 21, channel_type="group")])

    assert people(at_once) == people(who_knows(deps, "proof sourdough", "UCORA"))
    assert people(at_once) == set()
    assert people(who_knows(deps, "proof sourdough", "UANNA")) == {"UBERT"}


def test_an_export_does_not_tell_who_is_in_a_private_channel_now(
    deps: Deps, slack: Directory
) -> None:
    told = ChannelTold("CPRIV", "0", name="secret-plans", is_private=True)
    with deps.database.sessions.begin() as session:
        places.tell_channel(session, TEAM, told)
        places.move(
            session, TEAM, Moved("CPRIV", "UGONE", is_member=True, version_ts="0")
        )
    slack.people["UGONE"] = {"id": "UGONE", "team_id": TEAM}

    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 1))
    happen(deps, [message("UINSIDE", "Hello", 5, channel="CPRIV")])

    assert people(who_knows(deps, "proof sourdough", "UGONE")) == set()
    assert people(who_knows(deps, "proof sourdough", "UASKER2")) == {"UINSIDE"}


def test_an_old_export_lets_nobody_back_into_a_private_channel(
    deps: Deps, tmp_path: Path
) -> None:
    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 1))
    members = ["UASKER2", "UCORA", "UINSIDE"]
    private = {"id": "CPRIV", "name": "secret-plans", "is_private": True}
    export = SmallExport(channels=[private | {"members": members}])
    export.say("UDAVE", "joined", folder="secret-plans", subtype="channel_join")

    bring(deps, export.write(tmp_path / "export"))

    for gone in ("UCORA", "UDAVE"):
        assert people(who_knows(deps, "proof sourdough", gone)) == set()
    assert people(who_knows(deps, "proof sourdough", "UASKER2")) == {"UINSIDE"}


def test_of_a_private_channel_that_was_deleted_nothing_is_left(deps: Deps) -> None:
    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 1))

    happen(deps, [{"type": "group_deleted", "channel": "CPRIV"}])

    assert people(who_knows(deps, "proof sourdough", "UASKER2")) == set()
    assert not any(graph(deps.database).values())


def test_public_counts_do_not_tell_of_private_answers(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UINSIDE", "CPUB", 1))
    before = who_knows(deps, "proof sourdough", "UBERT")

    happen(deps, answered("UASKER2", "UINSIDE", "CPRIV", 10))

    assert who_knows(deps, "proof sourdough", "UBERT") == before


def joins(user: str, channel: str, second: float) -> dict[str, object]:
    return {
        "type": "member_joined_channel",
        "user": user,
        "channel": channel,
        "event_ts": ts(second),
    }


@pytest.mark.parametrize(
    "way_in",
    [
        pytest.param(joins("UGUEST", "CTWO", 20), id="joined"),
        pytest.param(message("UGUEST", "Hello", 20, channel="CTWO"), id="wrote there"),
    ],
)
def test_a_guest_sees_no_channel_they_are_not_in(
    deps: Deps, slack: Directory, way_in: dict[str, object]
) -> None:
    slack.people["UGUEST"] = {"id": "UGUEST", "team_id": TEAM, "is_restricted": True}
    happen(deps, answered("UANNA", "UBERT", "CPUB", 1))
    happen(deps, answered("UANNA", "UCORA", "CTWO", 10))

    happen(deps, [message("UGUEST", "Hello", 19, channel="CEXT")])
    nowhere = who_knows(deps, "proof sourdough", "UGUEST")
    happen(deps, [way_in])
    inside = who_knows(deps, "proof sourdough", "UGUEST")
    shared = who_knows(deps, "proof sourdough", "UGUEST", public_only=True)
    happen(deps, [joins("UGUEST", "CTWO", 30) | {"type": "member_left_channel"}])

    assert (nowhere.outcome, people(nowhere)) == (Outcome.UNKNOWN, set())
    assert people(inside) == people(shared) == {"UCORA"}
    assert {place.channel_id for place in inside.places} == {"CTWO"}
    assert people(who_knows(deps, "proof sourdough", "UGUEST")) == set()


def test_somebody_of_another_organisation_learns_nothing(
    deps: Deps, slack: Directory
) -> None:
    happen(deps, answered("UANNA", "UBERT", "CPUB", 1))
    asked = {
        "type": "app_mention",
        "channel": "CEXT",
        "user": "UEXT",
        "text": "<@UBOT> who knows how to proof sourdough?",
        "ts": ts(9),
    }

    happen(deps, [asked])

    (said,) = (call for method, call in slack.calls if method.startswith("chat."))
    assert people(who_knows(deps, "proof sourdough", "UEXT")) == set()
    assert "UBERT" not in json.dumps(said)
    assert "people of the workspace it was set up in" in said["text"]


def test_a_channel_nobody_may_ask_about_counts_as_private(deps: Deps) -> None:
    happen(deps, answered("UANNA", "UBERT", "CUNKNOWN", 1))

    assert people(who_knows(deps, "proof sourdough", "UCORA")) == set()


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(answered("UANNA", "UBERT", "CEXT", 1), id="shared channel"),
        pytest.param(answered("UANNA", "UEXT", "CPUB", 1), id="person from elsewhere"),
        pytest.param(answered("UANNA", "UNKNOWN", "CPUB", 1), id="person not shown"),
        pytest.param(answered("UANNA", "ULEFT", "CPUB", 1), id="deactivated person"),
        pytest.param(
            [
                event | {"channel_type": "im", "channel": "DANNA"}
                for event in answered("UANNA", "UBERT", "DANNA", 1)
            ],
            id="direct message",
        ),
    ],
)
def test_these_are_never_named(deps: Deps, events: list[dict[str, object]]) -> None:
    happen(deps, events)

    found = who_knows(deps, "proof sourdough", "UCORA")

    assert people(found) & {"UEXT", "UNKNOWN", "ULEFT", "UBERT"} == set()


@pytest.mark.parametrize(
    "wish",
    [
        pytest.param({"is_opted_out": True}, id="opted out"),
        pytest.param({"snoozed_until": NOW.replace(year=2027)}, id="snoozed"),
    ],
)
def test_who_wishes_not_to_be_named_is_not(deps: Deps, wish: dict[str, object]) -> None:
    happen(deps, answered("UANNA", "UBERT", "CPUB", 1))
    assert people(who_knows(deps, "proof sourdough")) == {"UBERT"}

    with deps.database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id="UBERT", **wish))

    assert people(who_knows(deps, "proof sourdough")) == set()


def test_what_somebody_says_after_opting_out_is_not_held(deps: Deps) -> None:
    happen(deps, [message("UCORA", "hello there", 1)])
    with deps.database.sessions.begin() as session:
        wish = Preference(workspace_id=TEAM, user_id="UCORA", is_opted_out=True)
        session.add(wish)

    happen(deps, [message("UCORA", "How do I stay unheard?", 2)])

    assert {m[1] for m in graph(deps.database)["messages"]} == {ts(1)}


def test_workspaces_share_no_hash_and_see_nothing_of_each_other(deps: Deps) -> None:
    events = answered("UANNA", "UBERT", "CPUB", 1)
    happen(deps, events)
    happen(deps, events, team="T2")

    with deps.database.readers() as session:
        ours = set(session.scalars(select(Word.hash).where(Word.workspace_id == TEAM)))
        theirs = set(
            session.scalars(select(Word.hash).where(Word.workspace_id == "T2"))
        )
    found = who_knows(deps, "proof sourdough")

    assert ours
    assert not ours & theirs
    assert people(found) == {"UBERT"}
    assert found.people[0].answered == 1


def test_text_waits_a_day_at_most_to_be_digested(deps: Deps) -> None:
    with deps.database.sessions.begin() as session:
        inbox.record(
            session,
            workspace_id=TEAM,
            event_id="EvOld",
            kind="message",
            channel_id="CPUB",
            payload={"event": message("UANNA", "left lying about", 1)},
            now=NOW - timedelta(hours=23, seconds=1),
        )
        inbox.sweep(session, now=NOW)

    with deps.database.readers() as session:
        assert session.scalars(select(Event.payload)).all() == [None]


def test_a_deleted_question_leaves_no_evidence(deps: Deps) -> None:
    events = answered("UANNA", "UBERT", "CPUB", 1)
    happen(deps, [*events, react(events[1], "UANNA", 5), delete(events[0], 6)])

    held = graph(deps.database)

    assert held["questions"] == held["answers"] == held["evidence"] == set()


def test_topics_come_of_public_talk_alone(deps: Deps) -> None:
    private = [
        event
        for i in range(14)
        for event in answered("UASKER2", "UINSIDE", "CPRIV", 100 * i, "sourdough")
    ]
    happen(deps, private)

    run_pass(deps, TEAM)

    with deps.database.readers() as session:
        assert topics.live_topics(session, TEAM) == []


@pytest.mark.parametrize("late", [False, True], ids=["before", "after"])
def test_with_a_deleted_message_go_the_reactions_to_it(
    deps: Deps, *, late: bool
) -> None:
    said = message("UANNA", "never meant to say this", 1)
    news = [react(said, "UBERT", 4), delete(said, 5)]
    happen(deps, [said, *(reversed(news) if late else news)])

    with deps.database.readers() as session:
        assert session.scalars(select(Reaction.user_id)).all() == []


SAID = message("UANNA", "never meant to say this", 1)


@pytest.mark.parametrize(
    ("event", "stays"),
    [
        pytest.param(SAID, False, id="the message"),
        pytest.param(SAID | {"type": "app_mention"}, False, id="a mention"),
        pytest.param(edit(SAID, "nor this", 2), False, id="an edit"),
        pytest.param(message("UBERT", "well", 3, thread=1), True, id="a reply"),
        pytest.param(message("UBERT", "well", 4), True, id="another"),
    ],
)
@pytest.mark.parametrize("state", [EventState.SET_ASIDE, EventState.WAITING])
def test_deleting_a_message_empties_events_that_tell_it(
    deps: Deps, event: dict[str, object], state: EventState, *, stays: bool
) -> None:
    with deps.database.sessions.begin() as session:
        session.add(
            Event(
                workspace_id=TEAM,
                event_id="EvHeld",
                kind="message",
                channel_id="CPUB",
                payload=json.dumps({"event": event}),
                state=state,
                received_at=NOW,
                # It could not be digested, and rests.
                due_at=NOW + timedelta(hours=1),
            )
        )

    happen(deps, [delete(SAID, 5)])

    with deps.database.readers() as session:
        held = session.scalars(select(Event).where(Event.event_id == "EvHeld")).one()
    assert (held.payload is not None) is stays
    is_done = state == EventState.WAITING and not stays
    assert held.state == (EventState.DONE if is_done else state)
