"""Which of several schedulers leads: one, for as long as it lives.

The leader does what the clock asks for; the others wait for it to go. That a job
is done once does not rest on this: `bot.jobs` lets the database decide.
"""

import logging
import threading

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database

log = logging.getLogger(__name__)

# Names the lock. Any number will do that nothing else in the database uses.
_LEADER_LOCK = 0x67726171

# A leader whose machine is gone says no goodbye: PostgreSQL notices after 10 s of
# silence and three unanswered questions, 5 s apart, instead of after two hours.
_NOTICE_SILENCE = text(
    "SELECT set_config('tcp_keepalives_idle', '10', true),"
    " set_config('tcp_keepalives_interval', '5', true),"
    " set_config('tcp_keepalives_count', '3', true)"
)
_TRY = text("SELECT pg_try_advisory_xact_lock(:lock)")


class Leadership:
    """A wish to lead; asked again and again, it is granted to one process.

    On PostgreSQL the leader is who holds an advisory lock, in a transaction that
    stays open: the lock goes the moment the process does, and unlike one of a
    session it also holds through a pooler that hands connections around by
    transaction. On SQLite everybody leads, and the database decides alone.
    """

    def __init__(self, database: Database) -> None:
        self._engine = database.engine
        self._is_needed = not database.is_sqlite
        self._held: Connection | None = None
        self._one_at_a_time = threading.Lock()

    def leads(self) -> bool:
        """Say whether this process leads, trying to if it does not."""
        if not self._is_needed:
            return True
        with self._one_at_a_time:
            try:
                return self._is_alive() or self._try()
            except SQLAlchemyError as error:
                # The database is away, and the lock with it.
                log.warning("no leader here: %s", type(error).__name__)
                self._let_go()
                return False

    def step_down(self) -> None:
        """Let another process lead."""
        with self._one_at_a_time:
            self._let_go()

    def _is_alive(self) -> bool:
        if self._held is None:
            return False
        self._held.execute(text("SELECT 1"))
        return True

    def _try(self) -> bool:
        connection = self._engine.connect()
        self._held = connection
        connection.execute(_NOTICE_SILENCE)
        if connection.scalar(_TRY, {"lock": _LEADER_LOCK}):
            log.info("this process leads: it does what the clock asks for")
            return True
        self._let_go()
        return False

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            # Not back to the pool: what broke must not be lent to others.
            held.invalidate()
            held.close()
