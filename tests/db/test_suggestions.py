"""Suggestions: rarely put, answered once, by the person they were put to."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.asks import (
    EXPIRES_AFTER,
    UNREACHED_AGAIN_AFTER,
    Heard,
    Took,
    answer_ask,
    expire_suggestions,
    note_not_asked,
)
from bot.database import Database
from bot.deps import Deps
from bot.judging import Judged
from bot.momentum import Facts, Past, judge
from bot.outcomes import ASK_AGAIN_AFTER, Reply
from bot.periodic import suggest_communities
from bot.quiet import UNASKED_EVERY
from bot.suggestions import MOST_ASKED, Proposal, suggest
from models import (
    Ask,
    Channel,
    Membership,
    Message,
    Person,
    Preference,
    Question,
    Suggestion,
    SuggestionState,
    Topic,
    TopicPreference,
)
from tests.db.conftest import NOW, TEAM, FakeSlack

SECOND = timedelta(seconds=1)
GATES: list[dict[str, Any]] = [
    {"name": "questions", "value": 14.0, "needed": 5, "met": True, "says": "14"},
    {"name": "people", "value": 9.0, "needed": 5, "met": True, "says": "9"},
    {"name": "channels", "value": 4.0, "needed": 2, "met": True, "says": "4"},
    {"name": "weeks", "value": 6.0, "needed": 3, "met": True, "says": "6"},
]
Send = Callable[..., None]


def proposal(*hosts: str, **changed: Any) -> Proposal:
    held: dict[str, Any] = {
        "workspace_id": TEAM,
        "topic_id": 1,
        "label": "Release notes",
        "gates": GATES,
        "hosts": hosts or ("U1", "U2"),
    }
    return Proposal(**(held | changed))


def put(database: Database, what: Proposal | None = None, now: datetime = NOW) -> bool:
    with database.sessions.begin() as session:
        return suggest(session, what or proposal(), now=now)


def answer(
    database: Database, user_id: str, what: Reply, now: datetime = NOW, **changed: Any
) -> Heard:
    asked: dict[str, Any] = {"workspace_id": TEAM, "suggestion_id": 1} | changed
    with database.sessions.begin() as session:
        return answer_ask(session, **asked, user_id=user_id, answer=what, now=now)


def state(database: Database) -> str:
    with database.readers() as session:
        return session.get_one(Suggestion, 1).state


def asked(database: Database) -> list[str]:
    with database.readers() as session:
        return list(session.scalars(select(Ask.user_id).order_by(Ask.user_id)))


def add(database: Database, *rows: object) -> None:
    with database.sessions.begin() as session:
        session.add_all(rows)


def judged(topic_id: int, past: Past, *, weeks: int) -> Judged:
    facts = Facts(
        questions=20,
        askers=9,
        people=12,
        returning=6,
        both=4,
        channels=3,
        weeks=weeks,
        days=14,
        busiest_week=0.3,
        busiest_asker=0.2,
        busiest_channel=0.4,
        last_asked_at=NOW,
    )
    why = judge(facts, past, now=NOW)
    return Judged(
        topic_id=topic_id,
        label="Release notes",
        verdict=why.verdict,
        why=why,
        hosts=("U1", "U2"),
        people=("U1", "U2"),
        questions=(),
        existing_channel=past.home,
    )


@pytest.mark.parametrize(
    ("past", "weeks", "opened"),
    [
        pytest.param(Past(), 6, 1, id="a community"),
        pytest.param(Past(), 2, 0, id="not yet"),
        pytest.param(Past(home="C1"), 6, 1, id="a channel is its place"),
        pytest.param(Past(home="C1"), 2, 0, id="a channel is its place, not yet"),
    ],
)
def test_the_job_puts_to_people_only_what_has_momentum(
    deps: Deps, monkeypatch: pytest.MonkeyPatch, past: Past, weeks: int, opened: int
) -> None:
    monkeypatch.setattr(
        "bot.periodic.judge_topics", lambda *_, **__: [judged(1, past, weeks=weeks)]
    )

    assert suggest_communities(deps, now=NOW) == opened


def test_each_host_is_asked_with_numbers_and_links(
    database: Database, slack: FakeSlack, send_all: Send
) -> None:
    add(
        database,
        Question(
            workspace_id=TEAM,
            channel_id="C1",
            ts="1772000000.000100",
            asker_id="U3",
            at=NOW,
            topic_id=1,
        ),
        Channel(workspace_id=TEAM, id="C2", name="vault", is_private=True),
        Question(
            workspace_id=TEAM,
            channel_id="C2",
            ts="1772000000.000200",
            asker_id="U3",
            at=NOW,
            topic_id=1,
        ),
    )

    assert put(database)
    send_all()

    assert asked(database) == ["U1", "U2"]
    (told,) = slack.told("U1")
    assert "14 questions by 9 people in 4 channels over 6 weeks" in told
    blocks = str(slack.sent()[0]["blocks"])
    assert "https://acme.slack.com/archives/C1/p1772000000000100" in blocks
    assert "C2" not in blocks  # private: neither its link nor its name


def test_where_slack_put_a_question_is_noted(
    database: Database, send_all: Send
) -> None:
    put(database)
    send_all()

    with database.readers() as session:
        ask = session.get_one(Ask, (TEAM, 1, "U1"))
    assert ask.channel_id == "D1"
    assert ask.ts is not None


def test_at_most_three_are_asked(database: Database) -> None:
    put(database, proposal("U1", "U2", "U3", "U4", "U1"))

    assert len(asked(database)) == MOST_ASKED


def test_a_topic_has_one_open_suggestion_at_most(database: Database) -> None:
    put(database)

    assert not put(database, proposal("U3", "U4"))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"is_hidden": True}, id="hidden"),
        pytest.param({"retired_at": NOW}, id="retired"),
    ],
)
def test_a_topic_that_nobody_may_see_is_not_suggested(
    database: Database, changes: dict[str, Any]
) -> None:
    with database.sessions.begin() as session:
        for name, value in changes.items():
            setattr(session.get_one(Topic, 1), name, value)

    assert not put(database)


@pytest.mark.parametrize(
    ("wrong"),
    [{"topic_id": 9}, {"workspace_id": "T2"}],
    ids=["no such topic", "another workspace's"],
)
def test_a_topic_of_nowhere_is_not_suggested(
    database: Database, wrong: dict[str, Any]
) -> None:
    assert not put(database, proposal(**wrong))


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(Preference(user_id="U1", is_opted_out=True), id="opted out"),
        pytest.param(
            Preference(user_id="U1", wants_suggestions=False), id="no suggestions"
        ),
        pytest.param(
            Preference(user_id="U1", snoozed_until=NOW + SECOND), id="snoozes"
        ),
        pytest.param(
            Preference(user_id="U1", unasked_at=NOW - UNASKED_EVERY + SECOND),
            id="had a message this week",
        ),
        pytest.param(
            TopicPreference(user_id="U1", topic_id=1, choice="not me"), id="not me"
        ),
    ],
)
def test_who_does_not_want_it_is_not_asked(
    database: Database, row: Preference | TopicPreference
) -> None:
    with database.sessions.begin() as session:
        held = type(row)(**{**_values(row), "workspace_id": TEAM})
        session.add(held)
    put(database)

    assert asked(database) == ["U2"]


def _values(row: Any) -> dict[str, Any]:
    return {k: v for k, v in vars(row).items() if not k.startswith("_")}


@pytest.mark.parametrize(
    "row",
    [
        pytest.param({"snoozed_until": NOW}, id="snooze is over"),
        pytest.param({"unasked_at": NOW - UNASKED_EVERY}, id="a week ago"),
    ],
)
def test_who_may_be_asked_again_is(database: Database, row: dict[str, Any]) -> None:
    add(database, Preference(workspace_id=TEAM, user_id="U1", **row))
    put(database)

    assert asked(database) == ["U1", "U2"]


@pytest.mark.parametrize(
    "what", ["is_bot", "is_deactivated", "is_external", "is_guest"]
)
def test_who_cannot_start_a_community_is_not_asked(
    database: Database, what: str
) -> None:
    with database.sessions.begin() as session:
        setattr(session.get_one(Person, (TEAM, "U1")), what, True)
    put(database)

    assert asked(database) == ["U2"]


def test_nobody_to_ask_opens_nothing(database: Database) -> None:
    add(database, Preference(workspace_id=TEAM, user_id="U1", is_opted_out=True))

    assert not put(database, proposal("U1"))


def test_nobody_gets_two_unasked_messages_in_a_week(database: Database) -> None:
    add(database, Topic(id=2, workspace_id=TEAM, label="Payroll", created_at=NOW))
    put(database)
    soon = NOW + UNASKED_EVERY - SECOND

    assert not put(database, proposal(topic_id=2), soon)
    assert put(database, proposal(topic_id=2), soon + SECOND)


def test_one_not_now_leaves_it_to_the_others(
    database: Database, slack: FakeSlack, send_all: Send
) -> None:
    put(database)
    send_all()

    assert answer(database, "U1", Reply.NOT_NOW).took == Took.TAKEN

    send_all()
    assert state(database) == SuggestionState.OPEN
    (update,) = slack.sent("chat.update")
    assert update["channel"] == "D1"
    assert "not now" in update["text"]
    assert "actions" not in str(update["blocks"])


@pytest.mark.parametrize(
    ("answers", "settled"),
    [
        pytest.param(
            (Reply.NOT_NOW, Reply.NOT_NOW), SuggestionState.NOT_NOW, id="not now"
        ),
        pytest.param(
            (Reply.NOT_NOW, Reply.NOT_TOPIC), SuggestionState.NOT_TOPIC, id="never"
        ),
    ],
)
def test_it_settles_when_everybody_has_answered(
    database: Database, answers: tuple[Reply, Reply], settled: SuggestionState
) -> None:
    put(database)
    for user_id, said in zip(("U1", "U2"), answers, strict=True):
        answer(database, user_id, said)

    assert state(database) == settled


def test_not_now_is_asked_again_after_a_season(database: Database) -> None:
    put(database)
    for user_id in ("U1", "U2"):
        answer(database, user_id, Reply.NOT_NOW)
    again = NOW + ASK_AGAIN_AFTER

    assert not put(database, now=again - SECOND)
    assert put(database, now=again)


def test_not_this_topic_is_never_asked_again(database: Database) -> None:
    put(database)
    for user_id in ("U1", "U2"):
        answer(database, user_id, Reply.NOT_TOPIC)

    assert not put(database, now=NOW + 10 * ASK_AGAIN_AFTER)
    assert not put(database, proposal("U3"), NOW + 10 * ASK_AGAIN_AFTER)


def test_a_yes_settles_it_and_the_others_hear_who(
    database: Database, slack: FakeSlack, send_all: Send
) -> None:
    put(database)
    send_all()
    answer(database, "U1", Reply.YES)
    send_all()

    assert state(database) == SuggestionState.ACCEPTED
    other = next(u for u in slack.sent("chat.update") if u["channel"] == "D2")
    assert "<@U1> is starting a community" in other["text"]
    assert answer(database, "U2", Reply.YES) == Heard(Took.SETTLED, "U1")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"user_id": "U3"}, id="not asked"),
        pytest.param({"user_id": "U1", "workspace_id": "T2"}, id="elsewhere"),
        pytest.param({"user_id": "U1", "suggestion_id": 7}, id="unknown"),
    ],
)
def test_only_a_person_it_was_put_to_may_answer(
    database: Database, changed: dict[str, Any]
) -> None:
    put(database)
    user_id = changed.pop("user_id")

    assert answer(database, user_id, Reply.YES, **changed).took == Took.NOT_YOURS
    assert state(database) == SuggestionState.OPEN


def test_an_answer_is_taken_once(database: Database) -> None:
    put(database)
    answer(database, "U1", Reply.NOT_NOW)

    assert answer(database, "U1", Reply.YES).took == Took.ANSWERED
    assert state(database) == SuggestionState.OPEN


@pytest.mark.parametrize(
    ("age", "closed"),
    [
        pytest.param(EXPIRES_AFTER - SECOND, 0, id="just not"),
        pytest.param(EXPIRES_AFTER, 1, id="just"),
    ],
)
def test_what_nobody_answers_for_two_weeks_is_closed(
    deps: Deps, database: Database, age: timedelta, closed: int
) -> None:
    put(database)

    assert expire_suggestions(deps, now=NOW + age) == closed


def test_a_closed_suggestion_loses_its_buttons_and_takes_no_yes(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    put(database)
    send_all()
    later = NOW + EXPIRES_AFTER
    answer(database, "U2", Reply.NOT_NOW)
    send_all()
    expire_suggestions(deps, now=later)
    send_all(later)

    assert state(database) == SuggestionState.EXPIRED
    assert "closed now" in slack.sent("chat.update")[-1]["text"]
    assert len(slack.sent("chat.update")) == 2  # each message once
    assert answer(database, "U1", Reply.YES, later).took == Took.SETTLED
    assert not put(database, now=later + ASK_AGAIN_AFTER - SECOND)


def test_a_message_sent_after_it_was_settled_is_replaced_at_once(
    database: Database, slack: FakeSlack, send_all: Send
) -> None:
    put(database)
    answer(database, "U1", Reply.NOT_NOW)
    answer(database, "U2", Reply.NOT_NOW)
    send_all()

    assert [u["channel"] for u in slack.sent("chat.update")] == ["D1", "D2"]


class TestAnExistingChannel:
    """A channel that is there already is pointed to, person by person."""

    what = proposal("U1", "U2", existing_channel_id="C1")

    def test_is_linked_to_those_who_are_not_in_it(
        self, database: Database, slack: FakeSlack, send_all: Send
    ) -> None:
        add(
            database,
            Membership(
                workspace_id=TEAM, channel_id="C1", user_id="U1", is_member=True
            ),
        )
        put(database, self.what)
        send_all()

        (told,) = slack.sent()
        assert told["channel"] == "U2"
        assert "<#C1>" in told["text"]
        assert "channel=C1" in str(told["blocks"])

    def test_is_not_news_to_who_writes_there(
        self, database: Database, slack: FakeSlack, send_all: Send
    ) -> None:
        add(
            database,
            Message(
                workspace_id=TEAM,
                channel_id="C1",
                ts="1772442000.000001",
                root_ts="1772442000.000001",
                version_ts="1772442000.000001",
                user_id="U1",
                at=NOW,
                mentions=[],
            ),
        )

        put(database, self.what)
        send_all()

        assert [told["channel"] for told in slack.sent()] == ["U2"]

    def test_is_each_persons_own_answer(
        self, database: Database, slack: FakeSlack, send_all: Send
    ) -> None:
        put(database, self.what)
        send_all()

        answer(database, "U1", Reply.YES)
        still_open = state(database)
        answer(database, "U2", Reply.NOT_TOPIC)
        send_all()

        assert still_open == SuggestionState.OPEN
        assert state(database) == SuggestionState.ACCEPTED
        texts = [u["text"] for u in slack.sent("chat.update")]
        assert len(texts) == 2
        assert "see you in <#C1>" in texts[0]
        assert "won't ask you about it again" in texts[1]

    def test_is_not_put_again_to_who_said_not_this_topic(
        self, database: Database
    ) -> None:
        put(database, self.what)
        answer(database, "U1", Reply.YES)
        answer(database, "U2", Reply.NOT_TOPIC)
        later = NOW + ASK_AGAIN_AFTER
        put(database, self.what, later)

        with database.readers() as session:
            again = select(Ask.user_id).where(Ask.suggestion_id == 2)
            assert session.scalars(again).all() == ["U1"]


def test_who_cannot_be_reached_is_left_out_and_keeps_their_week(
    database: Database, slack: FakeSlack, send_all: Send
) -> None:
    slack.refusals["chat.postMessage"] = "user_not_found"
    put(database)
    send_all()
    slack.refusals.clear()

    assert asked(database) == []
    assert state(database) == SuggestionState.EXPIRED
    again = NOW + UNREACHED_AGAIN_AFTER
    assert not put(database, now=again - SECOND)
    assert put(database, now=again)
    assert asked(database) == ["U1", "U2"]


def test_the_others_who_were_asked_go_on_without_who_cannot_be_reached(
    database: Database,
) -> None:
    put(database)
    answer(database, "U1", Reply.NOT_NOW)
    with database.sessions.begin() as session:
        note_not_asked(session, TEAM, "ask:1:U2", now=NOW)

    assert asked(database) == ["U1"]
    assert state(database) == SuggestionState.NOT_NOW
