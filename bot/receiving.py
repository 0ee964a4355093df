"""Take deliveries in, several in one transaction when they come at once.

Whoever comes while another is committing waits, and whoever of those is next writes
all that gathered meanwhile. Alone, a delivery is written at once by its own thread.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Insert

from bot import inbox, installations
from bot.bell import EVENTS, ring
from bot.database import Database
from bot.graph.upserts import Row, missing_rows
from models import Event

# To wake a worker costs a transaction a fifth of its time: in a burst it is done once
# in so long, and at the end.
RING_EVERY_S = 0.05


@dataclass(slots=True)
class _Ticket:
    """One delivery on its way into the database."""

    row: Row
    is_settled: bool = False
    error: BaseException | None = None


class Receiver:
    """Makes events durable; any thread may call it."""

    def __init__(self, database: Database) -> None:
        """Prepare; nothing is written before `take`."""
        self._database = database
        self._gate = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[_Ticket] = []
        self._rung_s = float("-inf")

    @property
    def waiting(self) -> int:
        """How many deliveries wait for the transaction that is at work."""
        return len(self._waiting)

    def take(  # noqa: PLR0913 - one argument a column
        self,
        *,
        workspace_id: str,
        event_id: str,
        kind: str,
        channel_id: str | None,
        payload: Mapping[str, Any],
        now: datetime,
    ) -> None:
        """Hold an event until it is digested; it is durable when this returns.

        Raises:
            SQLAlchemyError: It could not be written.
        """
        told = {
            "workspace_id": workspace_id,
            "event_id": event_id,
            "kind": kind,
            "channel_id": channel_id,
            "payload": payload,
            "now": now,
        }
        if kind in installations.NEWS or installations.organisation_in(payload):
            # News of the installation is noted in the same transaction.
            with self._database.sessions.begin() as session:
                inbox.record(session, **told)  # type: ignore[arg-type]
            return
        ticket = _Ticket(inbox.row_of(**told))  # type: ignore[arg-type]
        self._settle(ticket)
        if ticket.error is not None:
            raise ticket.error

    def _settle(self, ticket: _Ticket) -> None:
        with self._gate:
            self._waiting.append(ticket)
        with self._writing:
            if ticket.is_settled:
                return
            with self._gate:
                together, self._waiting = self._waiting, []
            self._write(together)

    def _write(self, tickets: Sequence[_Ticket]) -> None:
        try:
            self._commit(tickets)
        except Exception as error:  # noqa: BLE001 - raised where the event came in
            if len(tickets) > 1:
                # One of them may be what the database refuses: each for itself.
                for ticket in tickets:
                    self._write([ticket])
                return
            tickets[0].error = error
        for ticket in tickets:
            ticket.is_settled = True

    def _commit(self, tickets: Sequence[_Ticket]) -> None:
        began_s = time.monotonic()
        # Whoever waits commits next, and rings for both; should that fail, a worker
        # looks every few seconds anyway.
        rings = not self._waiting or began_s - self._rung_s >= RING_EVERY_S
        # Past the ORM, whose bookkeeping costs more than the insert.
        with self._database.engine.begin() as connection:
            connection.execute(self._insert, [ticket.row for ticket in tickets])
            if rings:
                ring(connection, EVENTS)
        if rings:
            self._rung_s = began_s

    @cached_property
    def _insert(self) -> Insert:
        return missing_rows(self._database.engine.dialect.name, Event)
