"""Carries payloads to the app: attempts, retries, and waiting until it is quiet.

https://docs.slack.dev/apis/events-api#errors - three retries of an event, nearly at
once, after one minute and after five; interactions are sent once.
"""

import asyncio
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.standin.delivery import Delivery


@dataclass(slots=True)
class Pace:
    """How long Slack waits; `factor` shortens the pauses between retries."""

    ack_timeout_s: float = 3.0
    retries_s: tuple[float, ...] = (0.0, 60.0, 300.0)
    factor: float = 0.01


class Transport(Protocol):
    """A way to the app."""

    async def carry(self, delivery: Delivery, attempt: int, reason: str) -> str:
        """Send a delivery once.

        Args:
            delivery: counts its attempts and takes the response.
            attempt: 0 for the first.
            reason: why the attempt before failed.

        Returns:
            Why it failed, or nothing when the app acknowledged it.
        """
        ...


NO_RETRY = "no_retry"


class Wire:
    """The deliveries that are on their way. Any thread may use it."""

    def __init__(self, transport: Callable[[], Transport], pace: Pace) -> None:
        self._transport = transport
        self._pace = pace
        self._changed = threading.Condition()
        self._open: dict[int, Delivery] = {}
        self._held: list[Delivery] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start carrying, on this loop."""
        with self._changed:
            self._loop = loop
            for delivery in self._open.values():
                loop.call_soon_threadsafe(self._start, delivery)

    async def detach(self) -> None:
        """Stop carrying; what is on its way stays undelivered."""
        with self._changed:
            self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def send(self, delivery: Delivery) -> None:
        """Put a payload on its way."""
        with self._changed:
            if self._held is not None and delivery.is_retried:
                self._held.append(delivery)
                return
            self._open[id(delivery)] = delivery
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._start, delivery)

    def hold(self) -> None:
        """Keep events back from now on, to release them in another order."""
        with self._changed:
            self._held = []

    def release(
        self, order: Callable[[list[Delivery]], Iterable[Delivery]] = list
    ) -> None:
        """Send what was held.

        Args:
            order: gives the deliveries in the order to send; it may leave some out or
                give one twice.
        """
        with self._changed:
            held, self._held = self._held or [], None
        for delivery in order(held):
            self.send(delivery)

    def pending(self) -> list[Delivery]:
        """Give what is on its way."""
        with self._changed:
            return list(self._open.values())

    def settle(self, timeout_s: float) -> None:
        """Wait until every payload is acknowledged or given up.

        Raises:
            TimeoutError: naming what is still on its way.
        """
        with self._changed:
            if self._changed.wait_for(lambda: not self._open, timeout_s):
                return
            left = [f"{d.id} ({d.attempts} attempts)" for d in self._open.values()]
        raise TimeoutError(f"still on the way after {timeout_s} s: {', '.join(left)}")

    def _start(self, delivery: Delivery) -> None:
        task = asyncio.ensure_future(self._carry(delivery))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _carry(self, delivery: Delivery) -> None:
        reason = ""
        pauses = self._pace.retries_s if delivery.is_retried else ()
        for attempt, pause_s in enumerate((0.0, *pauses)):
            if pause_s:
                await asyncio.sleep(pause_s * self._pace.factor)
            reason = await self._transport().carry(delivery, attempt, reason)
            if reason in {"", NO_RETRY}:
                break
        self._finish(delivery, reason)

    def _finish(self, delivery: Delivery, reason: str) -> None:
        with self._changed:
            delivery.acked, delivery.error = not reason, reason
            self._open.pop(id(delivery), None)
            delivery.done.set()
            self._changed.notify_all()
