"""Socket Mode: Slack's envelopes over a WebSocket, for an app without an address.

The socket lives on an event loop of its own, so that it reconnects at once while
listeners are busy; each envelope runs the synchronous app on a pool of threads.
"""

import asyncio
import json
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode.internals import run_bolt_app
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from handlers.loop_thread import LoopThread

# Envelopes wait for the database alone, which takes milliseconds; more threads
# would only wait for one another.
DISPATCH_THREADS = 8

# A lost connection is noticed within this long. https://docs.slack.dev/apis/events-api/using-socket-mode
PING_INTERVAL_S = 5.0

_CONNECT_TIMEOUT_S = 60.0
_CLOSE_TIMEOUT_S = 4.0
_OK = 200

log = logging.getLogger(__name__)


class SocketMode:
    """Connects an app to Slack, and stays connected."""

    def __init__(
        self,
        app: App,
        *,
        app_token: str,
        base_url: str = AsyncWebClient.BASE_URL,
        ping_interval_s: float = PING_INTERVAL_S,
    ) -> None:
        """Prepare; nothing happens before `start`.

        Args:
            app: Runs every request.
            app_token: With the scope `connections:write`.
            base_url: Of the Web API.
            ping_interval_s: How often the connection is tried.
        """
        self._app = app
        self._app_token = app_token
        self._base_url = base_url
        self._ping_interval_s = ping_interval_s
        self._loop = LoopThread("socket-mode")
        self._pool = ThreadPoolExecutor(DISPATCH_THREADS, "dispatch")
        self._client: SocketModeClient | None = None
        self._heard_s = time.monotonic()

    def start(self) -> None:
        """Connect; returns once Slack has taken the connection.

        Raises:
            SlackApiError: Slack refuses the token.
            TimeoutError: Slack could not be reached within a minute.
        """
        self._loop.start()
        self._loop.call(self._connect(), timeout_s=_CONNECT_TIMEOUT_S)

    def stop(self) -> None:
        """Disconnect: first the socket, then what was already taken from it."""
        try:
            self._loop.call(self._disconnect(), timeout_s=_CLOSE_TIMEOUT_S)
        except TimeoutError:
            log.warning("the socket did not close in time")
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._loop.stop()

    def seconds_since_heard(self) -> float:
        """How long ago Slack was last heard, be it only an answer to a ping."""
        silent_s = time.monotonic() - self._heard_s
        client = self._client
        if client is None or client.last_ping_pong_time is None:
            return silent_s
        return max(min(silent_s, time.time() - client.last_ping_pong_time), 0.0)

    async def _connect(self) -> None:
        # Its own log is left at INFO: at DEBUG it quotes every message.
        quiet = logging.getLogger("grapevine.socket")
        quiet.setLevel(max(quiet.getEffectiveLevel(), logging.INFO))
        client = SocketModeClient(
            app_token=self._app_token,
            logger=quiet,
            web_client=AsyncWebClient(base_url=self._base_url, logger=quiet),
            ping_interval=self._ping_interval_s,
        )
        client.message_listeners.append(self._on_message)
        client.socket_mode_request_listeners.append(self._on_request)
        self._client = client
        # A refused token is told at once instead of tried again for ever.
        client.wss_uri = await client.issue_new_wss_url()
        await client.connect()

    async def _disconnect(self) -> None:
        client = self._client
        if client is None:  # it was never started, or not for long
            return
        await client.close()
        tasks = (
            client.message_processor,
            client.current_session_monitor,
            client.message_receiver,
        )
        waiting = [task for task in tasks if task is not None]
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _on_message(
        self,
        _client: AsyncBaseSocketModeClient,
        _message: dict[str, Any],
        _raw: str | None,
    ) -> None:
        self._heard_s = time.monotonic()

    async def _on_request(
        self, client: AsyncBaseSocketModeClient, request: SocketModeRequest
    ) -> None:
        loop = asyncio.get_running_loop()
        response = await loop.run_in_executor(
            self._pool, run_bolt_app, self._app, request
        )
        if response.status != _OK:
            # Not acknowledged: Slack sends it again.
            log.warning("not acknowledged", extra={"status": response.status})
            return
        answer = SocketModeResponse(request.envelope_id, payload=_payload(response))
        try:
            await client.send_socket_mode_response(answer)
        except ConnectionError:
            # The socket closed meanwhile. What it brought is durable; Slack sends
            # it again on the next one, and a repeat is no news.
            log.info("an acknowledgement came too late for its socket")


def _payload(response: BoltResponse) -> dict[str, Any] | None:
    if not response.body:
        return None
    if response.first_headers().get("content-type", "").startswith("application/json"):
        payload: dict[str, Any] = json.loads(response.body)
        return payload
    return {"text": response.body}
