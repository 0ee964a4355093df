"""The whole story, as a reader of the terminal sees it."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.cli import run_command_line
from handlers.cli.runtime import Runtime


@pytest.fixture(scope="module")
def told() -> str:
    out, err = io.StringIO(), io.StringIO()
    runtime = Runtime({}, lambda: datetime.now(UTC), out, err, Path())

    status = run_command_line(["--debug", "demo"], runtime)

    assert status == 0, err.getvalue()
    return " ".join(out.getvalue().replace("│", " ").split())


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param("People who may know about Pivot table", id="who knows"),
        pytest.param("Only visible to you", id="for the asker alone"),
        pytest.param("Asked and shared by @Sofia", id="shared in the thread"),
        pytest.param("People who may know about Battery", id="by the command"),
        pytest.param("Day 1: ", id="the daily question"),
        pytest.param("Answer in the thread", id="with what to do"),
        pytest.param("keeps coming up", id="the suggestion"),
        pytest.param("[ Start It ] [ Not Now ] [ Not This Topic ]", id="its choices"),
        pytest.param("#pivot-table is there", id="the channel"),
        pytest.param("Some of those questions", id="the first post"),
        pytest.param("[ Join ] [ No Thanks ]", id="the invitations"),
        pytest.param("What Grapevine knows about you", id="the Home tab"),
        pytest.param("That is the whole story", id="the end"),
    ],
)
def test_the_demo_shows(told: str, shown: str) -> None:
    assert shown in told
