"""The sample workspace: what the demo promises, and how its source is read."""

import re
from collections import defaultdict
from datetime import date, datetime, timedelta

import pytest

from bot.sample import (
    STORY_LAST_DAY,
    Sample,
    SampleMessage,
    load_sample,
)

PIVOT = re.compile(r"\bpivots?\b", re.IGNORECASE)
TS = re.compile(r"\d{10}\.\d{6}")


@pytest.fixture(scope="module")
def sample() -> Sample:
    return load_sample(STORY_LAST_DAY)


def at(sample: Sample, message: SampleMessage) -> datetime:
    return datetime.fromtimestamp(float(message.ts), sample.zone)


def pivot_questions(sample: Sample) -> list[SampleMessage]:
    """Find the first messages of threads about pivot tables, private ones apart."""
    private = sample.channel("porto-plans").id
    return [
        message
        for message in sample.messages
        if message.thread_ts is None
        and message.channel != private
        and PIVOT.search(message.text)
        and "?" in message.text
    ]


def answers_to(
    sample: Sample, questions: list[SampleMessage]
) -> list[tuple[str, SampleMessage]]:
    asker = {(q.channel, q.ts): q.user for q in questions}
    return [
        (asker[m.channel, m.thread_ts], m)
        for m in sample.messages
        if m.thread_ts and (m.channel, m.thread_ts) in asker
    ]


def test_the_workspace_is_as_large_as_the_demo_says(sample: Sample) -> None:
    weeks = {at(sample, message).isocalendar().week for message in sample.messages}
    threads = {(m.channel, m.thread_ts) for m in sample.messages if m.thread_ts}

    assert 25 <= len(sample.people) <= 30
    assert sum(not channel.is_private for channel in sample.channels) == 8
    assert sum(channel.is_private for channel in sample.channels) == 1
    assert len(weeks) == 6
    assert len(sample.messages) >= 650
    assert len(threads) >= 150


def test_it_has_every_kind_of_message_and_person(sample: Sample) -> None:
    subtypes = {message.subtype for message in sample.messages}

    assert subtypes == {None, "channel_join", "bot_message", "file_share"}
    assert sum(message.edited is not None for message in sample.messages) >= 5
    assert sum(person.is_guest for person in sample.people) == 1
    assert sum(person.is_deactivated for person in sample.people) == 1
    assert sum(person.bot_id is not None for person in sample.people) == 1
    assert sum(channel.is_general for channel in sample.channels) == 1


def test_everybody_says_something(sample: Sample) -> None:
    assert {m.user for m in sample.messages} == {p.id for p in sample.people}


def test_pivot_tables_have_what_a_community_needs(sample: Sample) -> None:
    questions = pivot_questions(sample)
    askers = {question.user for question in questions}
    weeks = {at(sample, question).isocalendar().week for question in questions}

    assert len(askers) == 12
    assert len(questions) == 18
    assert len({question.channel for question in questions}) == 6
    assert len(weeks) == 6


def test_those_who_ask_about_pivot_tables_answer_one_another(sample: Sample) -> None:
    questions = pivot_questions(sample)
    askers = {question.user for question in questions}

    helpers: dict[str, set[str]] = defaultdict(set)
    for asker, answer in answers_to(sample, questions):
        if answer.user != asker:
            helpers[answer.user].add(asker)

    both = {user for user in helpers if user in askers}
    assert len(both) >= 6
    assert len(helpers[sample.person("nadia").id]) >= 5


def test_pivot_tables_gain_their_last_people_in_the_last_three_days(
    sample: Sample,
) -> None:
    questions = pivot_questions(sample)

    before = {q.user for q in questions if at(sample, q) < sample.live_from}
    live = [q for q in questions if at(sample, q) >= sample.live_from]

    assert len(before) == 7
    assert len({q.user for q in live} - before) == 5
    assert len({q.channel for q in live}) == 5


def test_sign_in_codes_are_the_talk_of_one_week(sample: Sample) -> None:
    asked = [
        message
        for message in sample.messages
        if "authenticator" in message.text and message.thread_ts is None
    ]

    assert len({message.user for message in asked}) >= 8
    assert len({at(sample, message).isocalendar().week for message in asked}) == 1


def test_printing_in_three_dimensions_is_one_keen_person(sample: Sample) -> None:
    asked = [
        message.user
        for message in sample.messages
        if "3D print" in message.text and message.thread_ts is None
    ]

    assert len(asked) >= 8
    assert set(asked) == {sample.person("yuki").id}


def test_some_questions_stay_without_an_answer(sample: Sample) -> None:
    answered = {(m.channel, m.thread_ts) for m in sample.messages}

    unanswered = [
        message
        for message in sample.messages
        if message.thread_ts is None
        and "?" in message.text
        and (message.channel, message.ts) not in answered
    ]

    assert len(unanswered) >= 8


def test_who_helps_in_private_about_pivot_tables_does_not_in_public(
    sample: Sample,
) -> None:
    private = sample.channel("porto-plans").id

    where = {
        message.channel
        for message in sample.messages
        if message.user == sample.person("thandi").id
        and ("pivot" in message.text.lower() or "in Rows" in message.text)
    }

    assert where == {private}


def test_messages_are_ordered_and_their_times_unique(sample: Sample) -> None:
    stamps = [message.ts for message in sample.messages]

    assert stamps == sorted(stamps)
    assert all(TS.fullmatch(ts) for ts in stamps)
    assert len({(m.channel, m.ts) for m in sample.messages}) == len(stamps)


def test_answers_come_after_the_message_they_answer(sample: Sample) -> None:
    known = {(message.channel, message.ts) for message in sample.messages}

    for message in sample.messages:
        if message.thread_ts:
            assert (message.channel, message.thread_ts) in known
            assert message.ts > message.thread_ts


def test_an_edit_comes_after_its_message_and_changes_it(sample: Sample) -> None:
    for message in sample.messages:
        if message.edited:
            assert message.edited.ts > message.ts
            assert message.edited.before != message.text


def test_people_write_on_working_days_in_daylight(sample: Sample) -> None:
    for message in sample.messages:
        moment = at(sample, message)
        assert moment.weekday() < 5
        assert 7 <= moment.hour < 19
        assert sample.first_day <= moment.date() <= sample.last_day


def test_those_who_react_are_other_members(sample: Sample) -> None:
    members = {channel.id: set(channel.members) for channel in sample.channels}

    for message in sample.messages:
        for reaction in message.reactions:
            assert set(reaction.users) <= members[message.channel]
            assert len(set(reaction.users)) == len(reaction.users)


def test_a_person_who_left_says_nothing_afterwards(sample: Sample) -> None:
    petra = sample.person("petra").id
    last = sample.first_day + timedelta(weeks=3, days=3)

    days = {at(sample, m).date() for m in sample.messages if m.user == petra}

    assert max(days) == last


def test_nothing_looks_like_a_secret_or_a_real_address(sample: Sample) -> None:
    suspicious = re.compile(
        r"xox[a-z]-|xapp-|AKIA|ghp_|-----BEGIN|@(?!pelicano\.example)[\w-]+\.\w{2,}"
        r"|https?://(?!\S*\.example)|\+\d{9,}|\b\d{9,}\b"
    )

    for message in sample.messages:
        assert not suspicious.search(message.text), message.text


@pytest.mark.parametrize(
    ("asked", "ends"),
    [
        pytest.param(date(2026, 3, 27), date(2026, 3, 27), id="friday"),
        pytest.param(date(2026, 3, 28), date(2026, 3, 27), id="saturday"),
        pytest.param(date(2026, 4, 2), date(2026, 3, 27), id="thursday after"),
        pytest.param(date(2026, 4, 3), date(2026, 4, 3), id="next friday"),
    ],
)
def test_the_sample_ends_on_the_friday_not_after_the_day_asked_for(
    asked: date, ends: date
) -> None:
    sample = load_sample(asked)

    assert sample.last_day == ends
    assert sample.first_day == ends - timedelta(days=39)
    assert sample.live_from.date() == ends - timedelta(days=2)


def test_the_clock_on_the_wall_stays_when_summer_time_begins() -> None:
    winter, over_the_change = (load_sample(date(2026, month, 10)) for month in (2, 4))

    def wall(sample: Sample) -> set[str]:
        return {f"{at(sample, m):%a %H:%M:%S}" for m in sample.messages}

    assert wall(winter) == wall(over_the_change)


def test_loading_twice_gives_the_same(sample: Sample) -> None:
    assert load_sample(STORY_LAST_DAY) == sample


def test_ids_look_like_slacks_and_do_not_depend_on_the_date(sample: Sample) -> None:
    later = load_sample(STORY_LAST_DAY + timedelta(weeks=10))

    assert [person.id for person in later.people] == [p.id for p in sample.people]
    assert all(re.fullmatch(r"U0[A-Z2-7]{9}", person.id) for person in sample.people)
    assert all(re.fullmatch(r"C0[A-Z2-7]{9}", each.id) for each in sample.channels)


def test_a_person_or_channel_nobody_knows_is_a_key_error(sample: Sample) -> None:
    with pytest.raises(KeyError):
        sample.person("nobody")
    with pytest.raises(KeyError):
        sample.channel("nowhere")
