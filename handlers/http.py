"""HTTP: signed requests from Slack, for an app that has an address.

What is malformed, too large, too slow or not signed is refused with a status that
says so; nothing of it is believed, held or logged.
"""

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from slack_bolt import App, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.metrics import Metrics
from handlers.dispatching import BAD_REQUEST, UnreadableError, dispatch, read
from handlers.loop_thread import LoopThread

EVENTS_PATH = "/slack/events"
HEALTH_PATH = "/healthz"

DISPATCH_THREADS = 8

# Slack's largest payload, a view with what is typed in it, is some 250 KB.
MAX_BODY_BYTES = 1024 * 1024

# Slack itself gives up after three seconds. Whoever is slower holds a
# connection open for its own sake.
READ_TIMEOUT_S = 5.0

# Closes a connection that sends no whole head of a request within this time, be
# it the first or the next. A balancer whose own idle time is longer may meet a
# connection that was just closed; it then opens another, and Slack tries again.
IDLE_TIMEOUT_S = 20.0

_START_TIMEOUT_S = 10.0
_STOP_TIMEOUT_S = 5.0

_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Pages = Mapping[str, Handler]


class HttpServer:
    """Serves an app to Slack, and to nobody else."""

    def __init__(  # noqa: PLR0913 - all but the app by name
        self,
        app: App,
        *,
        signing_secret: str,
        host: str = "127.0.0.1",
        port: int = 3000,
        is_healthy: Callable[[], bool] = lambda: True,
        pages: Pages | None = None,
        metrics: Metrics | None = None,
        read_timeout_s: float = READ_TIMEOUT_S,
        idle_timeout_s: float = IDLE_TIMEOUT_S,
    ) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            app: Runs every request.
            signing_secret: What Slack signs its requests with.
            host: The address to listen at.
            port: 0 takes a free one, then found in `port`.
            is_healthy: What `/healthz` asks.
            metrics: Counts signed requests that cannot be read.
            pages: What else is served by GET, by path.
            read_timeout_s: A request's body must have come by then.
            idle_timeout_s: A request's head must have come by then.
        """
        self._app = app
        self._verifier = SignatureVerifier(signing_secret)
        self._host = host
        self.port = port
        self._is_healthy = is_healthy
        self._pages = pages or {}
        self._metrics = metrics or Metrics()
        self._read_timeout_s = read_timeout_s
        self._idle_timeout_s = idle_timeout_s
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
        in_time = True
        try:
            self._loop.call(self._close(), timeout_s=_STOP_TIMEOUT_S)
        except TimeoutError:
            in_time = False
            log.warning("requests did not end in time")
        self._pool.shutdown(wait=in_time, cancel_futures=True)
        self._loop.stop()

    async def _listen(self) -> None:
        served = web.Application(client_max_size=MAX_BODY_BYTES)
        served.router.add_post(EVENTS_PATH, self._on_request)
        served.router.add_get(HEALTH_PATH, self._on_health)
        for path, handler in self._pages.items():
            served.router.add_get(path, handler, allow_head=False)
        self._runner = web.AppRunner(
            served,
            access_log=None,
            shutdown_timeout=_STOP_TIMEOUT_S / 2,
            keepalive_timeout=self._idle_timeout_s,
            # How long the rest of a refused body is still listened to.
            lingering_time=self._read_timeout_s,
        )
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _on_request(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._read_timeout_s):
                body = (await request.read()).decode("utf-8")
        except TimeoutError:
            raise web.HTTPRequestTimeout from None
        except UnicodeDecodeError:
            raise web.HTTPBadRequest from None
        if not is_signed(self._verifier, body, request.headers):
            # Bolt would refuse it too, and write its whole text into the log.
            log.warning("a request was refused: not signed by Slack just now")
            raise web.HTTPUnauthorized
        loop = asyncio.get_running_loop()
        answer = await loop.run_in_executor(
            self._pool, self._dispatch, body, dict(request.headers)
        )
        return web.Response(
            status=answer.status, text=answer.body, headers=answer.first_headers()
        )

    def _dispatch(self, body: str, headers: Mapping[str, str]) -> BoltResponse:
        try:
            answer = dispatch(self._app, read(body, headers, "http"))
        except UnreadableError:
            log.warning("a signed request could not be read")
            answer = BoltResponse(status=BAD_REQUEST)
        if answer.status == BAD_REQUEST:
            self._metrics.events.add("unreadable")
        return answer

    async def _on_health(self, _request: web.Request) -> web.Response:
        ok = self._is_healthy()
        return web.Response(status=200 if ok else 503, text="ok" if ok else "not well")


def is_signed(
    verifier: SignatureVerifier, body: str, headers: Mapping[str, str]
) -> bool:
    """Whether Slack signed this within the last five minutes.

    https://docs.slack.dev/authentication/verifying-requests-from-slack
    """
    stamp = headers.get("X-Slack-Request-Timestamp", "")
    signature = headers.get("X-Slack-Signature", "")
    # What is no number, or not ASCII, makes the verifier raise.
    if not _STAMP.fullmatch(stamp) or not signature.isascii():
        return False
    return verifier.is_valid(body, stamp, signature)
