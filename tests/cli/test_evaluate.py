"""`evaluate`, as it is typed."""

import io
import json
import os
import signal
import subprocess
import sys
import time as clock
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest

from bot.sample import STORY_LAST_DAY, write_export
from handlers.cli import run_command_line
from handlers.cli.runtime import Runtime
from tests.exports import SmallExport

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: object) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    environ = {"GRAPEVINE_ENGINE": "none"}
    runtime = Runtime(environ, lambda: datetime.now(UTC), out, err, Path())
    status = run_command_line(["evaluate", *map(str, arguments)], runtime)
    return status, out.getvalue(), " ".join(err.getvalue().split())


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    """Start it as a process of its own that keeps its temporary files in a folder."""
    folder.mkdir()
    return subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "app.py", "evaluate", *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "GRAPEVINE_ENGINE": "none",
            # Nothing of it may be touched.
            "GRAPEVINE_DATABASE_URL": "sqlite:////nowhere/grapevine.db",
            "TMPDIR": str(folder),
        },
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # What a shell starts in its background is deaf to Ctrl-C, with all children.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - no threads in it yet
    )


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sample") / "sample.zip"
    until = datetime.combine(STORY_LAST_DAY, time.max, tzinfo=UTC)
    write_export(path, until=until, last_day=STORY_LAST_DAY)
    return path


def test_the_sample_is_measured_and_nothing_stays(sample: Path, tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    labels.write_text('{"id": 1, "text": "How do I do it?", "label": "yes"}\n')
    with start(
        tmp_path / "temporary",
        str(sample),
        "--at=2026-03-16",
        f"--labels={labels}",
        "--json",
    ) as process:
        out, err = process.communicate(timeout=120)

    assert process.returncode == 0, err
    figures: dict[str, Any] = json.loads(out)
    assert list((tmp_path / "temporary").iterdir()) == []
    assert figures["not_measured"] == {}
    told = figures["who_knows"]["with_channel"]
    assert told["rankings"][0]["name"] == "Grapevine"
    assert len(told["rankings"]) == 5
    assert len(figures["who_knows"]["without_channel"]["rankings"]) == 3
    assert {row["n"] for row in told["rankings"]} == {figures["who_knows"]["n"]}
    low, high = told["rankings"][0]["interval"]
    assert 0 < low < told["rankings"][0]["mrr_10"] < high < 1
    purity = figures["topics"]["purity"]
    assert purity["purity"] > purity["by_chance"]
    assert figures["questions"]["labelled"][0]["f1"] == 1
    assert figures["speed"]["messages"] > 0
    assert figures["who_knows"]["milliseconds"]["p50"] > 0


@pytest.mark.parametrize(
    "number", [pytest.param(signal.SIGINT, id="ctrl-c"), signal.SIGTERM]
)
def test_stopped_halfway_nothing_stays(
    sample: Path, tmp_path: Path, number: signal.Signals
) -> None:
    folder = tmp_path / "temporary"
    with start(folder, str(sample), "--at", "2026-03-16") as process:
        while not list(folder.glob("*/trial.db")) and process.poll() is None:
            clock.sleep(0.01)
        process.send_signal(number)
        out, err = process.communicate(timeout=60)

    assert process.returncode == 130, err
    assert "stopped; nothing was kept" in err
    assert out == ""
    assert list(folder.iterdir()) == []


def test_tables_are_for_people(sample: Path) -> None:
    status, out, err = run(sample, "--at", "2026-03-16", "--only", "who-knows")

    assert status == 0, err
    for shown in ("MRR@10", "hit@5", "Grapevine", "BM25 votes", "p95", "best baseline"):
        assert shown in out
    assert "purity" not in out


def test_a_measure_that_cannot_be_had_does_not_cost_the_others(sample: Path) -> None:
    status, out, err = run(
        sample, "--at", "2026-03-26", "--only", "who-knows", "--only", "questions"
    )

    assert status == 0, err
    assert "too few questions answered after 2026-03-26" in out
    assert "messages that open a thread" in out


def test_nothing_to_measure_is_a_failure_that_says_why(tmp_path: Path) -> None:
    small = SmallExport()
    for n in range(12):
        small.ask("UANA", f"How hot is {n}?", "UBEN")

    status, out, err = run(
        small.write(tmp_path), "--only", "who-knows", "--only", "topics", "--json"
    )

    assert (status, out) == (1, "")
    assert "of the 30 needed; give an earlier --at" in err
    assert "12 questions of the 100 needed, and 1 of the 3 channels" in err


@pytest.mark.parametrize(
    ("arguments", "status", "reason"),
    [
        pytest.param(["--only", "magic"], 2, "magic", id="no such measure"),
        pytest.param(["--at", "soon"], 1, "--at 'soon' is no time", id="no time"),
        pytest.param(
            ["--most", "0"], 2, "greater than or equal to 1", id="no questions"
        ),
        pytest.param(
            ["--only", "topics", "--labels", "x"], 2, "--only questions", id="unused"
        ),
        pytest.param(["--labels", "nowhere.jsonl"], 1, "nowhere.jsonl", id="no file"),
    ],
)
def test_what_is_typed_wrong_is_said(
    sample: Path, arguments: list[str], status: int, reason: str
) -> None:
    found, out, err = run(sample, *arguments)

    assert (found, out) == (status, "")
    assert reason in err
