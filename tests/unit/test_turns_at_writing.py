"""Writers of one process take turns; nobody who waits is overtaken."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from bot.database import make_engine
from bot.turns_at_writing import Turns

SOON_S = 5.0


def asked(turns: Turns, name: str, order: list[str]) -> threading.Thread:
    """Ask for a turn on a thread, and return once it waits."""

    def wait() -> None:
        turns.take(timeout_s=SOON_S)
        order.append(name)
        turns.give()

    before = len(turns._waiting)  # noqa: SLF001 - to know that it waits
    thread = threading.Thread(target=wait)
    thread.start()
    while len(turns._waiting) == before:  # noqa: SLF001
        pass
    return thread


def test_who_waited_longest_comes_first_even_if_the_last_asks_again() -> None:
    turns, order = Turns(), list[str]()
    turns.take(timeout_s=SOON_S)
    threads = [asked(turns, "first", order), asked(turns, "second", order)]

    turns.give()
    turns.take(timeout_s=SOON_S)
    order.append("again")
    turns.give()

    for thread in threads:
        thread.join(SOON_S)
    assert order == ["first", "second", "again"]


def test_a_turn_that_does_not_come_in_time_is_not_held_up_for_others() -> None:
    turns = Turns()
    turns.take(timeout_s=SOON_S)

    late = turns.take(timeout_s=0.0)
    turns.give()

    assert late is False
    assert turns.take(timeout_s=0.0)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = make_engine(f"sqlite:///{tmp_path}/turns.db")
    with made.begin() as connection:
        connection.execute(text("CREATE TABLE t (n INTEGER)"))
    yield made
    made.dispose()


def test_a_failed_transaction_gives_its_turn_back(engine: Engine) -> None:
    with pytest.raises(OperationalError), engine.begin() as connection:
        connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (1)"))
        count = connection.scalar(text("SELECT count(*) FROM t"))

    assert count == 1


def test_a_connection_that_left_the_pool_takes_no_turn(engine: Engine) -> None:
    with engine.connect() as connection:
        connection.detach()
        connection.execute(text("INSERT INTO t VALUES (1)"))
        connection.commit()

    turns = threading.Thread(target=_write, args=(engine,))
    turns.start()
    turns.join(SOON_S)
    assert not turns.is_alive()


def _write(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO t VALUES (2)"))


def test_readers_do_not_wait_for_a_writer(engine: Engine) -> None:
    reader = engine.execution_options(read_only=True)

    with engine.begin() as writing, reader.begin() as reading:
        writing.execute(text("INSERT INTO t VALUES (1)"))
        seen = reading.scalar(text("SELECT count(*) FROM t"))

    assert seen == 0
