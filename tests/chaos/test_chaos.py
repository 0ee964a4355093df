"""A few deaths, with every run of the tests; `make chaos` has two hundred."""

import pytest

from tests.chaos.run import rage


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_whoever_is_killed_nothing_is_lost_and_nothing_happens_twice(kind: str) -> None:
    outcome = rage(kind, kills=8)

    assert outcome.verdict.problems == []
    assert sum(outcome.kills.values()) >= 8
    assert outcome.verdict.figures["events"] > 50
    assert outcome.verdict.figures["posts"] > 5
