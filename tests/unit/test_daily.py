"""When a daily question is due, and which one comes next."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.daily import (
    CATCH_UP,
    Rhythm,
    is_due,
    join_days,
    moment_on,
    next_question,
    next_times,
    read_rhythm,
    zone_names,
)
from bot.errors import BadInputError
from bot.packs import Pack, PackQuestion
from bot.zones import COMMON_ZONES, MAX_OFFERED, offered_zones

EVERY_DAY = "mon,tue,wed,thu,fri,sat,sun"
SECOND = timedelta(seconds=1)


def rhythm(at: str, zone: str, days: str = EVERY_DAY) -> Rhythm:
    return read_rhythm(at, days, zone)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "zone", "day", "moment"),
    [
        pytest.param(
            "09:00", "Europe/Lisbon", "2026-03-28", "2026-03-28 09:00", id="winter"
        ),
        pytest.param(
            "09:00", "Europe/Lisbon", "2026-03-29", "2026-03-29 08:00", id="summer"
        ),
        pytest.param(
            "01:30",
            "Europe/Lisbon",
            "2026-03-29",
            "2026-03-29 01:00",
            id="in the gap: at the first minute after it",
        ),
        pytest.param(
            "01:00",
            "Europe/Lisbon",
            "2026-03-29",
            "2026-03-29 01:00",
            id="gap begins",
        ),
        pytest.param(
            "00:59",
            "Europe/Lisbon",
            "2026-03-29",
            "2026-03-29 00:59",
            id="last minute before the gap",
        ),
        pytest.param(
            "02:00",
            "Europe/Lisbon",
            "2026-03-29",
            "2026-03-29 01:00",
            id="first minute after the gap",
        ),
        pytest.param(
            "01:30",
            "Europe/Lisbon",
            "2026-10-25",
            "2026-10-25 00:30",
            id="twice: the first",
        ),
        pytest.param(
            "02:30",
            "America/New_York",
            "2026-03-08",
            "2026-03-08 07:00",
            id="New York, gap",
        ),
        pytest.param(
            "01:30",
            "America/New_York",
            "2026-11-01",
            "2026-11-01 05:30",
            id="New York, twice",
        ),
        pytest.param(
            "09:00",
            "Asia/Kathmandu",
            "2026-03-02",
            "2026-03-02 03:15",
            id="Kathmandu, three quarters of an hour",
        ),
        pytest.param(
            "02:15",
            "Australia/Lord_Howe",
            "2026-10-04",
            "2026-10-03 15:30",
            id="Lord Howe, a gap of half an hour",
        ),
        pytest.param(
            "01:45",
            "Australia/Lord_Howe",
            "2026-04-05",
            "2026-04-04 14:45",
            id="Lord Howe, half an hour twice",
        ),
    ],
)
def test_a_day_has_one_moment_on_the_wall_clock(
    at: str, zone: str, day: str, moment: str
) -> None:
    assert moment_on(rhythm(at, zone), date.fromisoformat(day)) == utc(moment)


def test_a_day_that_a_zone_skipped_has_no_moment() -> None:
    # Samoa went from 29 to 31 December 2011.
    samoa = rhythm("09:00", "Pacific/Apia")

    assert moment_on(samoa, date(2011, 12, 30)) is None
    assert [t.day for t in next_times(samoa, utc("2011-12-29 18:00"), 2)] == [29, 31]
    assert is_due(samoa, utc("2011-12-30 19:00")) == date(2011, 12, 31)


LISBON = ("09:00", "Europe/Lisbon", "mon,tue,wed,thu,fri")
MONDAY = date(2026, 3, 2)
NINE = utc("2026-03-02 09:00")


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param(NINE - SECOND, None, id="a second early"),
        pytest.param(NINE, MONDAY, id="on time"),
        pytest.param(NINE + CATCH_UP - SECOND, MONDAY, id="just within two hours"),
        pytest.param(NINE + CATCH_UP, None, id="two hours late"),
        pytest.param(NINE - timedelta(days=1), None, id="Sunday"),
    ],
)
def test_a_question_is_due_from_its_time_until_two_hours_later(
    now: datetime, due: date | None
) -> None:
    at, zone, days = LISBON

    assert is_due(rhythm(at, zone, days), now) == due


@pytest.mark.parametrize(
    ("since", "due"),
    [
        pytest.param(NINE, MONDAY, id="set up at nine"),
        pytest.param(NINE + SECOND, None, id="set up a second after"),
    ],
)
def test_what_was_due_before_it_was_set_up_is_past(
    since: datetime, due: date | None
) -> None:
    at, zone, days = LISBON

    assert is_due(rhythm(at, zone, days), NINE + timedelta(hours=1), since=since) == due


@pytest.mark.parametrize(
    ("now", "due"),
    [
        pytest.param("2026-03-03 05:30", date(2026, 3, 2), id="past midnight"),
        pytest.param("2026-03-03 06:30", None, id="too late by then"),
    ],
)
def test_a_late_evening_is_caught_up_past_midnight(now: str, due: date | None) -> None:
    late = rhythm("23:30", "America/New_York", "mon")

    assert is_due(late, utc(now)) == due


def test_the_day_is_that_of_the_zone() -> None:
    auckland = rhythm("08:00", "Pacific/Auckland", "tue")

    assert is_due(auckland, utc("2026-03-02 19:00")) == date(2026, 3, 3)


def test_a_time_shown_twice_is_due_once() -> None:
    twice = rhythm("01:30", "America/New_York")
    start = utc("2026-11-01 04:00")

    due = [is_due(twice, start + timedelta(minutes=5 * n)) for n in range(60)]

    assert set(due) == {None, date(2026, 11, 1)}
    assert due.index(date(2026, 11, 1)) == 18  # 05:30, and not again at 06:30
    assert due.count(date(2026, 11, 1)) == 24


def test_the_next_dates_keep_to_the_wall_clock_and_the_days() -> None:
    at, zone, days = LISBON

    dates = next_times(rhythm(at, zone, days), utc("2026-03-27 09:00"), 2)

    assert [f"{d:%a %H:%M %z}" for d in dates] == ["Mon 09:00 +0100", "Tue 09:00 +0100"]


@pytest.mark.parametrize(
    ("at", "days", "zone"),
    [
        pytest.param("9 o'clock", "mon", "UTC", id="time"),
        pytest.param("24:00", "mon", "UTC", id="hour"),
        pytest.param("09:00", "", "UTC", id="no days"),
        pytest.param("09:00", "mon,noday", "UTC", id="day"),
        pytest.param("09:00", "mon", "Mars/Olympus", id="zone"),
        pytest.param("09:00", "mon", "../etc/passwd", id="path"),
    ],
)
def test_what_is_no_rhythm_is_refused(at: str, days: str, zone: str) -> None:
    with pytest.raises(BadInputError):
        read_rhythm(at, days, zone)


def test_days_are_held_in_the_order_of_the_week() -> None:
    assert join_days(("sun", "mon", "fri")) == "mon,fri,sun"


def pack(*keys: str) -> Pack:
    texts: dict[str, Any] = dict.fromkeys(
        ("title", "reading", "question", "share", "find_out"), "text"
    )
    return Pack("p", "P", tuple(PackQuestion(key=key, **texts) for key in keys))


@pytest.mark.parametrize(
    ("used", "key"),
    [
        pytest.param((), "a", id="none used"),
        pytest.param(("a",), "b", id="one used"),
        pytest.param(("c", "a"), "b", id="out of order"),
        pytest.param(("a", "b", "c"), "a", id="through: again"),
        pytest.param(("a", "b", "c", "a"), "b", id="second time"),
        pytest.param(("a", "b", "gone"), "c", id="a question no longer in the pack"),
    ],
)
def test_no_question_comes_twice_until_all_have(
    used: tuple[str, ...], key: str
) -> None:
    assert next_question(pack("a", "b", "c"), used).key == key


def test_every_common_zone_exists_and_fits_a_menu() -> None:
    assert set(COMMON_ZONES) <= zone_names()
    assert len(COMMON_ZONES) < MAX_OFFERED


def test_a_persons_own_zone_comes_first_and_once() -> None:
    offered = offered_zones("Asia/Kathmandu")

    assert offered[0] == "Asia/Kathmandu"
    assert offered.count("Asia/Kathmandu") == 1
    assert offered_zones("Nowhere/City")[0] == "UTC"
