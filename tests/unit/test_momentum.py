from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot import momentum
from bot.momentum import Facts, Outcome, Past, judge

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENOUGH = Facts(
    questions=12,
    askers=6,
    people=8,
    returning=3,
    both=2,
    channels=2,
    weeks=4,
    days=10,
    busiest_week=0.5,
    busiest_asker=0.4,
    busiest_channel=0.6,
    last_asked_at=NOW - momentum.MAX_QUIET,
)


def test_a_topic_that_just_meets_every_gate_is_suggested() -> None:
    verdict = judge(ENOUGH, now=NOW)

    assert verdict.suggest
    assert verdict.reasons == ()
    assert all(gate.met for gate in verdict.gates)


@pytest.mark.parametrize(
    ("short", "gate", "says"),
    [
        ({"questions": 11}, "questions", "11 of 12 questions so far"),
        ({"people": 7}, "people", "7 of 8 people so far"),
        ({"weeks": 3}, "weeks", "3 of 4 weeks so far"),
        ({"channels": 1}, "channels", "1 of 2 channels so far"),
        (
            {"returning": 2},
            "returning_people",
            "2 of 3 people who took part again so far",
        ),
        (
            {"busiest_week": 0.51},
            "share_of_busiest_week",
            "51% of the questions in one week (50% at most)",
        ),
        (
            {"busiest_asker": 0.41},
            "share_of_one_asker",
            "41% of the questions by one person (40% at most)",
        ),
        (
            {"last_asked_at": NOW - momentum.MAX_QUIET - timedelta(days=1)},
            "days_since_asked",
            "last asked 57 days ago (56 days at most)",
        ),
        ({"last_asked_at": None}, "days_since_asked", "never asked"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_one_gate_short_is_not_yet_and_says_what_is_missing(
    short: dict[str, Any], gate: str, says: str
) -> None:
    verdict = judge(replace(ENOUGH, **short), now=NOW)

    assert verdict.verdict == Outcome.NOT_YET
    assert [g.name for g in verdict.gates if not g.met] == [gate]
    assert verdict.reasons == (says,)


@pytest.mark.parametrize(
    ("facts", "past", "is_told"),
    [
        pytest.param({}, Past(), True, id="a community"),
        pytest.param({"weeks": 3}, Past(), False, id="not yet"),
        pytest.param({"channels": 1}, Past(home="C1"), True, id="in its own place"),
        pytest.param(
            {"channels": 1, "weeks": 3}, Past(home="C1"), False, id="not yet, there"
        ),
        pytest.param(
            {"last_asked_at": None}, Past(home="C1"), False, id="cold, in its place"
        ),
        pytest.param({}, Past(community="C9"), False, id="it has a community"),
    ],
)
def test_people_are_told_only_of_what_has_momentum(
    facts: dict[str, Any], past: Past, *, is_told: bool
) -> None:
    verdict = judge(replace(ENOUGH, **facts), past, now=NOW)

    assert verdict.is_for_people is is_told


@pytest.mark.parametrize(
    ("past", "outcome"),
    [
        pytest.param(Past(community="C9"), Outcome.ALREADY_COMMUNITY, id="community"),
        pytest.param(
            Past(community="C9", declined=True),
            Outcome.ALREADY_COMMUNITY,
            id="community after all",
        ),
        pytest.param(Past(declined=True, home="C1"), Outcome.DECLINED, id="declined"),
        pytest.param(
            Past(ask_again_at=NOW + timedelta(seconds=1)),
            Outcome.SNOOZED,
            id="snoozed a second more",
        ),
        pytest.param(Past(ask_again_at=NOW), Outcome.SUGGEST, id="snooze over"),
        pytest.param(
            Past(home="C1"), Outcome.JOIN_EXISTING, id="a channel is its home"
        ),
        pytest.param(Past(), Outcome.SUGGEST, id="nothing before"),
    ],
)
def test_what_was_decided_before_comes_first(past: Past, outcome: Outcome) -> None:
    assert judge(ENOUGH, past, now=NOW).verdict == outcome


def test_a_verdict_for_an_earlier_reason_still_shows_every_gate() -> None:
    verdict = judge(Facts(), Past(declined=True), now=NOW)

    assert len(verdict.gates) == len(judge(ENOUGH, now=NOW).gates)
    assert verdict.reasons == ("its people said no",)


def test_a_wait_names_its_day() -> None:
    verdict = judge(
        ENOUGH, Past(ask_again_at=datetime(2026, 9, 3, tzinfo=UTC)), now=NOW
    )

    assert verdict.reasons == ("its people asked to wait until 3 September 2026",)


def test_a_question_stamped_ahead_of_the_clock_counts_as_now() -> None:
    verdict = judge(replace(ENOUGH, last_asked_at=NOW + timedelta(minutes=1)), now=NOW)

    assert verdict.suggest
