"""Several processes on one database: one leads, and each thing is decided once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.database import Database, network_folder, open_database
from bot.deps import Deps
from bot.jobs import take
from bot.leading import Leadership
from bot.outbox import enqueue
from models import Post
from tests.graph.conftest import NOW, TEAM

ROOT = Path(__file__).resolve().parents[2]

# Says whether it leads, each time it is asked by a line.
SCHEDULER = """
import sys
from bot.database import make_engine, wrap
from bot.leading import Leadership

leadership = Leadership(wrap(make_engine(sys.argv[1])))
for _ in sys.stdin:
    print(leadership.leads(), flush=True)
"""


@contextmanager
def scheduler(url: str) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", SCHEDULER, url],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.kill()


def leads(process: "subprocess.Popen[str]") -> bool:
    assert process.stdin
    assert process.stdout
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline().strip() == "True"


def test_when_the_leader_is_killed_another_takes_over(
    database: Database, database_url: str
) -> None:
    if database.is_sqlite:
        pytest.skip("on SQLite there is no lock: the database alone decides")
    with scheduler(database_url) as first, scheduler(database_url) as second:
        before = [leads(first), leads(second), leads(first), leads(second)]
        first.kill()
        first.wait()
        # The server notices when the connection closes, which takes a moment.
        pause = threading.Event()
        took = any(leads(second) or pause.wait(0.05) for _ in range(200))

        assert before == [True, False, True, False]
        assert took


def test_who_steps_down_lets_another_lead(database: Database) -> None:
    first, second = Leadership(database), Leadership(database)

    before = first.leads(), second.leads()
    first.step_down()
    after = second.leads()
    second.step_down()

    assert before == (True, database.is_sqlite)
    assert after


def test_a_due_time_is_taken_by_one_of_many(database: Database) -> None:
    together = threading.Barrier(4)

    def try_it(_: int) -> bool:
        together.wait()
        with database.sessions.begin() as session:
            return take(session, "a-job", NOW)

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(try_it, range(4)))

    assert sorted(taken) == [False, False, False, True]
    with database.sessions.begin() as session:
        assert not take(session, "a-job", NOW - timedelta(minutes=1))
        assert take(session, "a-job", NOW + timedelta(minutes=1))


def test_what_two_decide_at_once_is_decided_once(deps: Deps) -> None:
    together = threading.Barrier(4)

    def decide(_: int) -> bool:
        together.wait()
        with deps.database.sessions.begin() as session:
            return enqueue(
                session,
                workspace_id=TEAM,
                key="daily:C1:2026-03-02",
                method="chat.postMessage",
                arguments={"channel": "C1", "text": "hello"},
                now=NOW,
            )

    with ThreadPoolExecutor(4) as pool:
        decided = list(pool.map(decide, range(4)))

    assert sorted(decided) == [False, False, False, True]
    with deps.database.readers() as session:
        assert session.scalar(select(func.count()).select_from(Post)) == 1


MOUNTS = """\
/dev/sda1 / ext4 rw 0 0
server:/share {folder}/shared nfs4 rw 0 0
/dev/sdb1 {folder}/shared/fast xfs rw 0 0
"""


@pytest.mark.parametrize(
    ("where", "is_remote"),
    [
        pytest.param("", False, id="a local disk"),
        pytest.param("shared", True, id="a network file system"),
        pytest.param("shared/fast", False, id="a local disk within"),
    ],
)
def test_a_file_on_a_network_file_system_is_noticed(
    where: str,
    is_remote: bool,  # noqa: FBT001 - a parametrized case
    tmp_path: Path,
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS.format(folder=tmp_path))
    folder = tmp_path / where
    folder.mkdir(parents=True, exist_ok=True)
    opened = open_database(f"sqlite:///{folder}/graph.db")

    found = network_folder(opened, mounts=mounts)
    opened.close()

    assert found == (str(tmp_path / "shared") if is_remote else None)
