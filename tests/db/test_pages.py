"""A person's page as it is read, and their wishes as they are kept."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.database import open_database
from bot.pages import (
    clear_topic_choice,
    opt_in,
    opt_out,
    read_page,
    set_topic_choice,
    snooze,
    start_of_day,
)
from models import (
    Evidence,
    Message,
    Person,
    Preference,
    Topic,
    TopicChoice,
    TopicPreference,
    Workspace,
)

NOW = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
T1, T2 = "T1", "T2"
ANN, BEN = "U1ANN", "U2BEN"


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    database = open_database(f"sqlite:///{tmp_path / 'grapevine.db'}")
    with database.sessions() as session:
        for workspace_id in (T1, T2):
            session.add(
                Workspace(
                    id=workspace_id, word_key=b"k" * 32, created_at=NOW, domain="acme"
                )
            )
        session.flush()
        yield session
        session.rollback()
    database.close()


def topic(session: Session, label: str = "pooling", workspace_id: str = T1) -> int:
    made = Topic(workspace_id=workspace_id, label=label, created_at=NOW)
    session.add(made)
    session.flush()
    return made.id


def prove(  # noqa: PLR0913 - each with a default
    session: Session,
    topic_id: int | None,
    kind: str = "asked",
    *,
    days_ago: int = 0,
    user_id: str = ANN,
    workspace_id: str = T1,
) -> None:
    at = NOW - timedelta(days=days_ago)
    n = len(session.scalars(select(Evidence)).all())
    session.add(
        Evidence(
            workspace_id=workspace_id,
            channel_id="C1",
            ts=f"{at.timestamp() + n:.6f}",
            root_ts="1000.000001",
            user_id=user_id,
            kind=kind,
            at=at,
            topic_id=topic_id,
        )
    )
    session.flush()


def test_a_page_of_nothing_is_empty(session: Session) -> None:
    page = read_page(session, "T404", ANN, NOW)

    assert page.topics == ()
    assert (page.total, page.hidden, page.messages) == (0, 0, 0)
    assert not page.is_opted_out


def test_kinds_of_evidence_are_counted_apart(session: Session) -> None:
    one = topic(session)
    for kind in ("asked", "answered", "answered", "thanked", "shared"):
        prove(session, one, kind)

    (held,) = read_page(session, T1, ANN, NOW).topics

    assert (held.asked, held.answered, held.thanked, held.shared) == (1, 2, 1, 1)
    assert held.label == "pooling"
    assert held.link.startswith("https://acme.slack.com/archives/C1/p")
    assert "thread_ts=1000.000001" in held.link


def test_only_their_own_evidence_of_this_workspace_with_a_topic_counts(
    session: Session,
) -> None:
    one = topic(session)
    prove(session, one, user_id=BEN)
    prove(session, None)
    prove(session, topic(session, workspace_id=T2), workspace_id=T2)

    assert read_page(session, T1, ANN, NOW).topics == ()


def test_the_latest_topic_comes_first(session: Session) -> None:
    prove(session, topic(session, "old"), days_ago=9)
    prove(session, topic(session, "new"), days_ago=1)

    labels = [t.label for t in read_page(session, T1, ANN, NOW).topics]

    assert labels == ["new", "old"]


@pytest.mark.parametrize(
    ("offset", "start", "shown"),
    [(0, 0, 15), (15, 15, 3), (20, 15, 3), (999, 15, 3), (-4, 0, 15)],
)
def test_an_offset_stays_within_the_pages(
    session: Session, offset: int, start: int, shown: int
) -> None:
    for i in range(18):
        prove(session, topic(session, f"t{i}"), days_ago=i)

    page = read_page(session, T1, ANN, NOW, offset=offset)

    assert (page.offset, len(page.topics), page.total) == (start, shown, 18)


def test_hidden_topics_are_counted_and_shown_when_wanted(session: Session) -> None:
    one, two = topic(session, "one"), topic(session, "two")
    prove(session, one)
    prove(session, two)
    set_topic_choice(session, T1, ANN, topic_id=one, choice=TopicChoice.HIDDEN)

    page = read_page(session, T1, ANN, NOW)
    whole = read_page(session, T1, ANN, NOW, shows_hidden=True)

    assert [t.label for t in page.topics] == ["two"]
    assert page.hidden == 1
    assert {t.label: t.choice for t in whole.topics} == {
        "one": TopicChoice.HIDDEN,
        "two": None,
    }


def test_a_choice_is_replaced_and_taken_back(session: Session) -> None:
    one = topic(session)

    set_topic_choice(session, T1, ANN, topic_id=one, choice=TopicChoice.HIDDEN)
    set_topic_choice(session, T1, ANN, topic_id=one, choice=TopicChoice.NOT_ME)
    kept = session.scalars(select(TopicPreference.choice)).all()
    clear_topic_choice(session, T1, ANN, topic_id=one)

    assert kept == ["not me"]
    assert session.scalars(select(TopicPreference)).all() == []


def test_a_topic_of_another_workspace_cannot_be_chosen(session: Session) -> None:
    other = topic(session, workspace_id=T2)
    choice = TopicChoice.HIDDEN

    assert not set_topic_choice(session, T1, ANN, topic_id=other, choice=choice)
    assert not set_topic_choice(session, T1, ANN, topic_id=404, choice=choice)
    assert session.scalars(select(TopicPreference)).all() == []


@pytest.mark.parametrize(
    ("ahead", "is_snoozed"),
    [(timedelta(seconds=1), True), (timedelta(0), False)],
    ids=["not over", "over"],
)
def test_a_snooze_is_over_by_itself(
    session: Session,
    ahead: timedelta,
    is_snoozed: bool,  # noqa: FBT001 - a row of the table
) -> None:
    snooze(session, T1, ANN, until=NOW + ahead)

    page = read_page(session, T1, ANN, NOW)

    assert page.snoozed_until == (NOW + ahead if is_snoozed else None)


def test_the_day_that_was_picked_is_the_day_that_is_shown(session: Session) -> None:
    picked = date(2026, 3, 10)
    session.add(Person(workspace_id=T1, id=ANN, zone="Asia/Kathmandu"))
    session.flush()

    snooze(session, T1, ANN, until=start_of_day(session, T1, ANN, picked))
    page = read_page(session, T1, ANN, NOW)

    assert page.snoozed_until is not None
    assert page.snoozed_until.date() == picked


def test_wishes_do_not_undo_each_other(session: Session) -> None:
    snooze(session, T1, ANN, until=NOW + timedelta(days=1))
    opt_out(session, T1, ANN)
    out = read_page(session, T1, ANN, NOW)
    opt_in(session, T1, ANN)
    held = session.get_one(Preference, (T1, ANN))

    assert out.is_opted_out
    assert not held.is_opted_out
    assert held.snoozed_until == NOW + timedelta(days=1)
    assert held.wants_suggestions


def test_opting_out_and_in_tells_memories_to_be_renewed(session: Session) -> None:
    opt_out(session, T1, ANN)
    opt_in(session, T1, ANN)

    session.expire_all()
    assert session.get_one(Workspace, T1).revision == 2


@pytest.mark.parametrize(
    ("zone", "begins"),
    [
        pytest.param(
            "Asia/Kathmandu", datetime(2026, 3, 8, 18, 15, tzinfo=UTC), id="+"
        ),
        pytest.param("America/New_York", datetime(2026, 3, 9, 4, tzinfo=UTC), id="dst"),
        pytest.param("", datetime(2026, 3, 9, tzinfo=UTC), id="not told"),
        pytest.param("Mars/Olympus", datetime(2026, 3, 9, tzinfo=UTC), id="unknown"),
        pytest.param("../etc", datetime(2026, 3, 9, tzinfo=UTC), id="no zone at all"),
    ],
)
def test_a_day_begins_where_the_person_is(
    session: Session, zone: str, begins: datetime
) -> None:
    session.add(Person(workspace_id=T1, id=ANN, zone=zone))
    session.flush()

    assert start_of_day(session, T1, ANN, date(2026, 3, 9)) == begins


def test_a_day_begins_in_utc_for_somebody_unknown(session: Session) -> None:
    begins = datetime(2026, 3, 9, tzinfo=UTC)

    assert start_of_day(session, T1, BEN, date(2026, 3, 9)) == begins


def test_messages_held_are_counted_without_the_deleted(session: Session) -> None:
    for ts, is_deleted in (("1.000001", False), ("2.000001", True)):
        session.add(
            Message(
                workspace_id=T1,
                channel_id="C1",
                ts=ts,
                root_ts=ts,
                user_id=ANN,
                at=NOW,
                version_ts=ts,
                is_deleted=is_deleted,
                mentions=[],
            )
        )
    session.flush()

    assert read_page(session, T1, ANN, NOW).messages == 1
