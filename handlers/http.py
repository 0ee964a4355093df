"""HTTP: signed requests from Slack, for an app that has an address."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from slack_bolt import App, BoltRequest

from handlers.loop_thread import LoopThread

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"

DISPATCH_THREADS = 8

_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 5.0


class HttpServer:
    """Serves an app that was built with a signing secret."""

    def __init__(
        self,
        app: App,
        *,
        host: str = "127.0.0.1",
        port: int = 3000,
        is_healthy: Callable[[], bool] = lambda: True,
    ) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            app: Runs every request and verifies its signature.
            host: The address to listen at.
            port: 0 takes a free one, then found in `port`.
            is_healthy: What `/healthz` asks.
        """
        self._app = app
        self._host = host
        self.port = port
        self._is_healthy = is_healthy
        self._loop = LoopThread("http")
        self._pool = ThreadPoolExecutor(DISPATCH_THREADS, "dispatch")
        self._runner: web.AppRunner | None = None

    def start(self) -> None:
        """Listen.

        Raises:
            OSError: The port is taken.
        """
        self._loop.start()
        self._loop.call(self._listen(), timeout_s=_START_TIMEOUT_S)

    def stop(self) -> None:
        """Finish what was begun and stop listening."""
        self._loop.call(self._close(), timeout_s=_STOP_TIMEOUT_S)
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._loop.stop()

    async def _listen(self) -> None:
        served = web.Application()
        served.router.add_post(EVENTS_PATH, self._on_request)
        served.router.add_get(HEALTH_PATH, self._on_health)
        self._runner = web.AppRunner(
            served, access_log=None, shutdown_timeout=_STOP_TIMEOUT_S / 2
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _on_request(self, request: web.Request) -> web.Response:
        bolt_request = BoltRequest(
            body=await request.text(),
            query=request.query_string,
            headers=dict(request.headers),
        )
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(
            self._pool, self._app.dispatch, bolt_request
        )
        return web.Response(
            status=answer.status, text=answer.body, headers=answer.first_headers()
        )

    async def _on_health(self, _request: web.Request) -> web.Response:
        ok = self._is_healthy()
        return web.Response(status=200 if ok else 503, text="ok" if ok else "not well")
