"""Turns at writing to one SQLite file, first come first served.

SQLite lets one transaction write at a time. Who finds it taken sleeps and asks again,
for longer each time, so that somebody who writes often (the worker) keeps out somebody
who writes once (whoever must acknowledge an event) for seconds. Within a process, turns
do without sleeping. Other processes are still waited for as SQLite does.
https://www.sqlite.org/c3ref/busy_timeout.html
"""

import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Engine, event

_HOLDS = "grapevine_holds_the_turn"


class Turns:
    """A lock that is handed on in the order in which it was asked for."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def take(self, *, timeout_s: float) -> bool:
        """Wait for a turn.

        Returns:
            False if it did not come in time.
        """
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Lock()
            mine.acquire()
            self._waiting.append(mine)
        if mine.acquire(timeout=timeout_s):
            return True
        with self._guard:
            if mine in self._waiting:
                self._waiting.remove(mine)
                return False
        return True  # it was handed over at the last moment

    def give(self) -> None:
        """End a turn, and let whoever has waited the longest begin."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


def take_turns(
    engine: Engine, begin: Callable[[Connection], None], *, timeout_s: float
) -> None:
    """Have the transactions of an engine that may write take turns.

    Args:
        engine: Of a SQLite file.
        begin: Begins a transaction once it is its turn.
        timeout_s: Who waits longer asks SQLite itself, which then says why not.
    """
    turns = Turns()

    def on_begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("read_only", False)
        # One that has left the pool never comes back to it, and so would keep its turn.
        if reads or connection.connection.is_detached:
            begin(connection)
            return
        held = turns.take(timeout_s=timeout_s)
        try:
            begin(connection)
        except BaseException:
            if held:
                turns.give()
            raise
        connection.info[_HOLDS] = held

    def on_checkin(_dbapi: Any, record: Any) -> None:  # noqa: ANN401 - the pool's own
        # Only now is the transaction over: the event of a commit comes before it.
        if record.info.pop(_HOLDS, False):
            turns.give()

    event.listen(engine, "begin", on_begin)
    event.listen(engine, "checkin", on_checkin)
