"""Wake whoever has nothing to do once another process has left something.

On PostgreSQL whoever writes rings in the same transaction (NOTIFY), and a thread of
each worker listens on a connection of its own. On SQLite that thread looks at a
counter that changes with every commit, which takes microseconds and no lock.
"""

import logging
import threading
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.database import Database

log = logging.getLogger(__name__)

# What is rung for. Nothing but the word goes through the bell.
EVENTS, POSTS = "events", "posts"

_CHANNEL = "grapevine"
_PROBE = "probe"

# How often the counter of SQLite is looked at, and how long PostgreSQL is listened
# to before looking whether to stop.
_LOOK_S = 0.1
_LISTEN_S = 1.0

# A bell that cannot be heard is tried again after this long.
_AGAIN_S = 15.0


def ring(session: Session | Connection, what: str) -> None:
    """Wake others, once this transaction is committed."""
    if isinstance(session, Session):
        session = session.connection()
    if session.dialect.name == "postgresql":
        session.execute(select(func.pg_notify(_CHANNEL, what)))


class Bell:
    """Listens in a thread of its own."""

    def __init__(self, database: Database, rung: Callable[[str | None], None]) -> None:
        """Prepare; nothing starts yet.

        Args:
            database: That others write to.
            rung: Told what for; None: anything may have happened.
        """
        self._database = database
        self._rung = rung
        self._stop = threading.Event()
        # A daemon: it waits on a socket that says nothing.
        self._thread = threading.Thread(target=self._run, name="bell", daemon=True)
        self.is_heard = False

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end, within a second."""
        self._stop.set()

    def join(self, timeout_s: float | None = None) -> None:
        """Wait for it to end, if it was ever started."""
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        listen = self._look if self._database.is_sqlite else self._listen
        while not self._stop.is_set():
            try:
                listen()
            except Exception as error:  # noqa: BLE001 - the driver's own, or SQLAlchemy's
                log.warning("not woken by others for now: %s", type(error).__name__)
            self.is_heard = False
            # What was rung for meanwhile is found by looking.
            self._rung(None)
            self._stop.wait(_AGAIN_S)

    def _look(self) -> None:
        with self._database.engine.connect() as connection:
            raw: Any = connection.connection.dbapi_connection
            before: int | None = None
            while not self._stop.is_set():
                (now,) = raw.execute("PRAGMA data_version").fetchone()
                self.is_heard = True
                if now != before:
                    before = now
                    self._rung(None)
                self._stop.wait(_LOOK_S)

    def _listen(self) -> None:
        engine = self._database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            # Not back to the pool afterwards: it would go on listening.
            connection.detach()
            connection.execute(text(f"LISTEN {_CHANNEL}"))
            self._probe()
            raw: Any = connection.connection.dbapi_connection
            while not self._stop.is_set():
                for told in raw.notifies(timeout=_LISTEN_S, stop_after=1):
                    self._hear(told.payload)

    def _probe(self) -> None:
        """Ring once: behind a pooler by transaction, nobody hears it."""
        try:
            with self._database.engine.begin() as connection:
                ring(connection, _PROBE)
        except SQLAlchemyError as error:
            log.warning("the bell was not rung: %s", type(error).__name__)

    def _hear(self, what: str) -> None:
        self.is_heard = True
        self._rung(None if what == _PROBE else what)
