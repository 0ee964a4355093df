"""Socket Mode: Slack's envelopes over WebSockets, for an app without an address.

The sockets live on an event loop of their own, so that they reconnect at once while
listeners are busy; each envelope runs the synchronous app on a pool of threads.
"""

import asyncio
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import aiohttp
from slack_bolt import App, BoltResponse
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import GrapevineError
from bot.fields import read_id
from bot.metrics import Metrics
from handlers.dispatching import BAD_REQUEST, UnreadableError, dispatch, read
from handlers.errors import kinds_of
from handlers.loop_thread import LoopThread
from handlers.socket_link import Ends, Envelope, Link, LinkRefusedError
from handlers.socket_watch import Heartbeat

# Envelopes wait for the database alone, which takes milliseconds; more threads
# would only wait for one another.
DISPATCH_THREADS = 8

# A dead connection is noticed within a second while events come, and within two
# otherwise: sooner than Slack gives up on an event (three seconds) and sends it again
# at once, which then finds the next connection. The attempt after that one comes a
# minute later. Slack names no limit for pings; these are two a second at most.
HEARTBEAT = Heartbeat()

# "Socket Mode allows your app to maintain up to 10 open WebSocket connections".
# https://docs.slack.dev/apis/events-api/using-socket-mode
MAX_CONNECTIONS = 10

# What Slack says when the token is wrong for good.
_REFUSALS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)

_CONNECT_TIMEOUT_S = 60.0
_FINISH_S = 3.0
_CLOSE_TIMEOUT_S = 5.0
_OK = 200

OPEN = "apps.connections.open"

log = logging.getLogger(__name__)


class SocketMode:
    """Connects an app to Slack, and stays connected."""

    def __init__(  # noqa: PLR0913 - all but the app by name
        self,
        app: App,
        *,
        app_token: str,
        base_url: str = AsyncWebClient.BASE_URL,
        connections: int = 1,
        heartbeat: Heartbeat = HEARTBEAT,
        metrics: Metrics | None = None,
    ) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            app: Runs every request.
            app_token: With the scope `connections:write`.
            base_url: Of the Web API.
            connections: How many to hold, ten at most over all processes.
            heartbeat: How each is watched.
            metrics: Counts what cannot be read, and how often Slack is asked for a
                connection.
        """
        self._app = app
        self._app_token = app_token
        self._base_url = base_url
        self._connections = connections
        self._heartbeat = heartbeat
        self._metrics = metrics or Metrics()
        self._loop = LoopThread("socket-mode")
        self._pool = ThreadPoolExecutor(DISPATCH_THREADS, "dispatch")
        self._session: aiohttp.ClientSession | None = None
        self._links: list[Link] = []
        self._keeping: list[asyncio.Task[None]] = []
        self._heard_s = time.monotonic()
        # Why it gave up, once it has.
        self.failure: GrapevineError | None = None

    def start(self) -> None:
        """Connect; returns once Slack has taken one connection.

        Raises:
            LinkRefusedError: Slack refuses the token, or Socket Mode is off.
            TimeoutError: Slack could not be reached within a minute.
        """
        self._loop.start()
        self._loop.call(self._connect(), timeout_s=_CONNECT_TIMEOUT_S)

    def stop(self) -> None:
        """Disconnect: first what was taken is acknowledged, then the sockets go."""
        in_time = True
        try:
            self._loop.call(self._disconnect(), timeout_s=_CLOSE_TIMEOUT_S)
        except TimeoutError:
            in_time = False
            log.warning("the sockets did not close in time")
        self._pool.shutdown(wait=in_time, cancel_futures=True)
        self._loop.stop()

    def seconds_since_heard(self) -> float:
        """How long ago Slack was last heard, be it only an answer to a ping."""
        return time.monotonic() - self._heard_s

    async def _connect(self) -> None:
        # Its own log is left at INFO: at DEBUG it quotes every message.
        quiet = logging.getLogger("grapevine.socket")
        quiet.setLevel(max(quiet.getEffectiveLevel(), logging.INFO))
        web = AsyncWebClient(
            base_url=self._base_url, logger=quiet, timeout=10, retry_handlers=[]
        )
        self._session = aiohttp.ClientSession()
        ends = Ends(lambda: self._open_url(web), self._answer, self._hear)
        self._links = [
            Link(ends, self._session, self._heartbeat) for _ in range(self._connections)
        ]
        self._keeping = [asyncio.ensure_future(link.keep()) for link in self._links]
        for keeping in self._keeping:
            keeping.add_done_callback(self._note_end)
        first = asyncio.ensure_future(self._links[0].connected.wait())
        await asyncio.wait((first, *self._keeping), return_when=asyncio.FIRST_COMPLETED)
        first.cancel()
        if self.failure is not None:
            raise self.failure

    async def _open_url(self, web: AsyncWebClient) -> str:
        try:
            answer = await web.apps_connections_open(app_token=self._app_token)
        except SlackApiError as error:
            code, pause_s = _refusal(error)
            self._metrics.calls.add(OPEN, code or "busy")
            if code in _REFUSALS:
                raise LinkRefusedError(
                    f"Slack does not take SLACK_APP_TOKEN ({code}): make an app-level "
                    "token (xapp-…) with connections:write on the app's page, Basic "
                    "Information"
                ) from error
            await asyncio.sleep(pause_s)
            raise ConnectionError(code) from error
        except (SlackClientError, OSError, TimeoutError, aiohttp.ClientError) as error:
            self._metrics.calls.add(OPEN, "busy")
            raise ConnectionError from error
        self._metrics.calls.add(OPEN, "ok")
        return str(answer["url"])

    def _note_end(self, keeping: "asyncio.Task[None]") -> None:
        if keeping.cancelled():
            return
        error = keeping.exception()
        if not isinstance(error, GrapevineError):
            # A defect of ours: said by its kind alone, it may quote people.
            kinds = kinds_of(error) if error else "an end without a reason"
            error = GrapevineError(f"the connection to Slack is given up: {kinds}")
        self.failure = error

    async def _disconnect(self) -> None:
        for keeping in self._keeping:
            keeping.cancel()
        await asyncio.gather(*self._keeping, return_exceptions=True)
        await asyncio.gather(*(link.finish(_FINISH_S) for link in self._links))
        if self._session is not None:
            await self._session.close()

    def _hear(self) -> None:
        self._heard_s = time.monotonic()

    async def _answer(self, envelope: Envelope) -> Envelope | None:
        loop = asyncio.get_running_loop()
        try:
            response = await loop.run_in_executor(self._pool, self._dispatch, envelope)
        except Exception as error:  # noqa: BLE001 - what it is about decides nothing here
            log.error("not acknowledged: %s", kinds_of(error))  # noqa: TRY400 - may quote
            return None
        if response.status == BAD_REQUEST:
            self._metrics.events.add("unreadable")
            log.warning("acknowledged what cannot be read", extra=_ids(envelope))
            return {"envelope_id": envelope["envelope_id"]}
        if response.status != _OK:
            # Not acknowledged: Slack sends it again.
            log.warning("not acknowledged", extra={"status": response.status})
            return None
        payload = _payload(response)
        answer: Envelope = {"envelope_id": envelope["envelope_id"]}
        return answer if payload is None else {**answer, "payload": payload}

    def _dispatch(self, envelope: Envelope) -> BoltResponse:
        try:
            request = read(envelope["payload"], _headers(envelope), "socket_mode")
            return dispatch(self._app, request)
        except (UnreadableError, LookupError):
            return BoltResponse(status=BAD_REQUEST)


def _headers(envelope: Envelope) -> dict[str, str]:
    """What over HTTP would stand in headers."""
    told = {
        "num": envelope.get("retry_attempt"),
        "reason": envelope.get("retry_reason"),
    }
    return {f"x-slack-retry-{k}": str(v) for k, v in told.items() if v is not None}


def _ids(envelope: Envelope) -> dict[str, str | None]:
    """What an envelope is told by in the log, as far as it has it."""
    payload = envelope.get("payload")
    held = payload if isinstance(payload, dict) else {}
    return {
        "envelope": read_id(envelope["envelope_id"], longest=64),
        "event": read_id(held.get("event_id"), longest=64),
        "workspace_id": read_id(held.get("team_id")),
    }


def _refusal(error: SlackApiError) -> tuple[str, float]:
    """Read why Slack refused, and after how many seconds to ask again.

    An answer that is no JSON, as a server that fails gives it, has neither.
    """
    response = error.response
    data = getattr(response, "data", response)
    headers = getattr(response, "headers", {})
    code = str(data.get("error") or "") if isinstance(data, dict) else ""
    return code, float(headers.get("Retry-After") or 0)


def _payload(response: BoltResponse) -> dict[str, Any] | None:
    if not response.body:
        return None
    if response.first_headers().get("content-type", "").startswith("application/json"):
        payload: dict[str, Any] = json.loads(response.body)
        return payload
    return {"text": response.body}
