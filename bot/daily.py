"""When a channel's daily question is due, and which one it is.

Wall-clock time in an IANA zone: nine o'clock stays nine o'clock in summer.
Nothing here reads the clock or the database.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BadInputError
from bot.packs import Pack, PackQuestion

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKING_DAYS = WEEKDAYS[:5]

# A restart may take an hour; a question that comes after lunch instead of at
# nine disturbs more than it helps.
CATCH_UP = timedelta(hours=2)

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When a channel wants its question.

    Attributes:
        time: On the wall clock.
        days: Of `WEEKDAYS`, at least one.
        zone: Whose wall clock.
    """

    time: time
    days: frozenset[str]
    zone: ZoneInfo


def read_rhythm(at: str, days: str, zone: str) -> Rhythm:
    """Read a rhythm as a schedule holds it: "09:00", "mon,tue", "Europe/Lisbon".

    Raises:
        BadInputError: One of them is not what it should be.
    """
    return Rhythm(_read_time(at), _read_days(days), _read_zone(zone))


def _read_time(at: str) -> time:
    try:
        return datetime.strptime(at, "%H:%M").time()  # noqa: DTZ007 - no day, no zone
    except ValueError as error:
        raise BadInputError(f"{at!r} is not a time such as 09:00") from error


def _read_days(days: str) -> frozenset[str]:
    chosen = frozenset(day.strip() for day in days.split(",") if day.strip())
    if not chosen or not chosen <= set(WEEKDAYS):
        raise BadInputError(f"{days!r} are not days such as mon,tue,wed")
    return chosen


def _read_zone(zone: str) -> ZoneInfo:
    if zone not in zone_names():
        raise BadInputError(f"{zone!r} is not a time zone such as Europe/Lisbon")
    return ZoneInfo(zone)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Name every time zone there is; read from disk once."""
    return frozenset(available_timezones())


def join_days(days: Collection[str]) -> str:
    """Write chosen days as a schedule holds them, in the order of the week."""
    return ",".join(day for day in WEEKDAYS if day in days)


def moment_on(rhythm: Rhythm, day: date) -> datetime | None:
    """Find the moment of a day's question, in UTC.

    A time that the clocks skip is taken at the next minute that exists; one that
    they show twice is taken the first time.

    Returns:
        None if the rest of that day does not exist in the zone.
    """
    wanted = datetime.combine(day, rhythm.time, tzinfo=rhythm.zone)
    moment = wanted.astimezone(UTC)
    if _local(moment, rhythm) == wanted.replace(tzinfo=None):
        return moment
    # In a gap, `fold=1` reads the time by the clock after it, which lands before.
    moment = wanted.replace(fold=1).astimezone(UTC)
    while _local(moment, rhythm) < wanted.replace(tzinfo=None):
        moment += _MINUTE
    return moment if _local(moment, rhythm).date() == day else None


def _local(moment: datetime, rhythm: Rhythm) -> datetime:
    return moment.astimezone(rhythm.zone).replace(tzinfo=None)


def is_due(
    rhythm: Rhythm, now: datetime, *, since: datetime | None = None
) -> date | None:
    """Find the day whose question is due.

    Args:
        rhythm: When it should come.
        now: The present.
        since: When the rhythm was set; what it would have wanted before is past.

    Returns:
        The day in the rhythm's zone; None if nothing is due. A question that is
        more than `CATCH_UP` late is left out.
    """
    today = now.astimezone(rhythm.zone).date()
    # Late in the evening means early the next day while catching up.
    for day in (today, today - _DAY):
        if WEEKDAYS[day.weekday()] not in rhythm.days:
            continue
        moment = moment_on(rhythm, day)
        if moment is None or (since is not None and moment < since):
            continue
        if moment <= now < moment + CATCH_UP:
            return day
    return None


def next_times(rhythm: Rhythm, now: datetime, n: int) -> list[datetime]:
    """List the next moments of a rhythm after now, in its own zone."""
    return list(islice(_upcoming(rhythm, now), n))


def _upcoming(rhythm: Rhythm, now: datetime) -> Iterator[datetime]:
    day = now.astimezone(rhythm.zone).date()
    while True:
        moment = moment_on(rhythm, day)
        is_chosen = WEEKDAYS[day.weekday()] in rhythm.days
        if is_chosen and moment is not None and moment > now:
            yield moment.astimezone(rhythm.zone)
        day += _DAY


def next_question(pack: Pack, used: Collection[str]) -> PackQuestion:
    """Choose the question that comes next.

    No question comes twice until all have come; then the pack begins again.

    Args:
        pack: In the order of posting.
        used: The key of every question posted, repeats included.
    """
    times = {question.key: 0 for question in pack.questions}
    for key in used:
        if key in times:
            times[key] += 1
    fewest = min(times.values())
    return next(q for q in pack.questions if times[q.key] == fewest)
