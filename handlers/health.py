"""`/healthz`, `/readyz` and `/metrics`, for whoever looks after the process."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, Self, TypeVar, runtime_checkable

from aiohttp import web

from bot.deps import Deps
from bot.health import Sign, queues, signs
from bot.metrics import CONTENT_TYPE, expose
from handlers.loop_thread import LoopThread

_TIMEOUT_S = 5.0

T = TypeVar("T")


@runtime_checkable
class Listens(Protocol):
    """A connection that knows how long Slack has been silent."""

    def seconds_since_heard(self) -> float:
        """How long ago Slack was last heard."""
        ...


@dataclass(frozen=True, slots=True)
class Patient:
    """What is looked at.

    Attributes:
        deps: Collaborators.
        transport: How Slack reaches this process, if it does.
    """

    deps: Deps
    transport: object = None

    def signs(self) -> list[Sign]:
        """What must be well."""
        return signs(self.deps.database, self._heard, now=self.deps.clock())

    def metrics(self) -> str:
        """Everything counted."""
        waiting = queues(self.deps.database, self._heard, now=self.deps.clock())
        return expose([*self.deps.metrics.families(), *waiting])

    def _heard(self) -> float | None:
        listens = isinstance(self.transport, Listens)
        return self.transport.seconds_since_heard() if listens else None  # type: ignore[attr-defined]


class HealthServer:
    """Answers on a port of its own, apart from what Slack may reach."""

    def __init__(self, patient: Patient, *, host: str, port: int) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            patient: What is looked at.
            host: The address to listen at.
            port: 0 takes a free one, then found in `port`.
        """
        self._patient = patient
        self._host = host
        self.port = port
        self._loop = LoopThread("health")
        # One at a time: looking must not become a load of its own.
        self._pool = ThreadPoolExecutor(1, "health")
        self._runner: web.AppRunner | None = None

    def __enter__(self) -> Self:
        self._loop.start()
        self._loop.call(self._listen(), timeout_s=_TIMEOUT_S)
        return self

    def __exit__(self, *_: object) -> None:
        if self._runner is not None:
            self._loop.call(self._runner.cleanup(), timeout_s=_TIMEOUT_S)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._loop.stop()

    async def _listen(self) -> None:
        served = web.Application()
        served.router.add_get("/healthz", self._alive)
        served.router.add_get("/readyz", self._ready)
        served.router.add_get("/metrics", self._metrics)
        self._runner = web.AppRunner(served, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _alive(self, _request: web.Request) -> web.Response:
        return web.Response(text="ok\n")

    async def _ready(self, _request: web.Request) -> web.Response:
        found = await self._aside(self._patient.signs)
        ok = all(sign.ok for sign in found)
        told = [{"name": s.name, "ok": s.ok, "detail": s.detail} for s in found]
        return web.json_response({"ok": ok, "signs": told}, status=200 if ok else 503)

    async def _metrics(self, _request: web.Request) -> web.Response:
        body = (await self._aside(self._patient.metrics)).encode()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def _aside(self, look: Callable[[], T]) -> T:
        """Look at the database on a thread, so that `/healthz` goes on answering."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, look)
