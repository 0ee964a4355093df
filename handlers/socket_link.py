"""One Socket Mode connection that is kept: renewed, checked, and made again.

A connection that Slack is about to end goes on being served while the next is
made, and each envelope is acknowledged on the connection that brought it.
https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import json
import logging
import random
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.errors import GrapevineError
from handlers.socket_watch import DRAIN_S, Heartbeat, Held, Watcher

log = logging.getLogger(__name__)

Envelope = dict[str, Any]

# Whoever lost a connection tries again at once, then after half a second, then
# twice as long each time up to this, give or take a half: many do not come as one.
MOST_PAUSE_S = 20.0
_FIRST_PAUSE_S = 0.5

# One that lasted so long was no failure.
_STEADY_S = 10.0

# Greeting and closing are a matter of one round trip.
_HELLO_S = 10.0
_CLOSE_S = 1.0

# As it stands in what is no JSON, or nested too deeply to be read. Within somebody's
# words the quotes would have backslashes.
_ENVELOPE_ID = re.compile(r'(?<!\\)"envelope_id"\s*:\s*"([0-9A-Za-z-]{1,64})"')

_ENDED = (
    aiohttp.WSMsgType.CLOSE,
    aiohttp.WSMsgType.CLOSING,
    aiohttp.WSMsgType.CLOSED,
    aiohttp.WSMsgType.ERROR,
)


class LinkRefusedError(GrapevineError):
    """Slack takes no connection of ours, and trying again would not mend it."""


@dataclass(frozen=True, slots=True)
class Ends:
    """What a link is between.

    Attributes:
        open_url: Asks Slack for the address of a connection.
            It raises `LinkRefusedError`, or another error if it is worth trying
            again.
        answer: Handles an envelope; gives what acknowledges it, or None to leave
            it unacknowledged.
        heard: Called whenever anything of Slack's arrives.
    """

    open_url: Callable[[], Awaitable[str]]
    answer: Callable[[Envelope], Awaitable[Envelope | None]]
    heard: Callable[[], None]


class Link:
    """Keeps one connection."""

    def __init__(
        self, ends: Ends, session: aiohttp.ClientSession, heartbeat: Heartbeat
    ) -> None:
        """Prepare; nothing happens before `keep`.

        Args:
            ends: What it is between.
            session: Makes the connections.
            heartbeat: How the other side is watched.
        """
        self._ends = ends
        self._session = session
        self._watcher = Watcher(heartbeat)
        self._answering: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Task[None]] = set()
        self.connected = asyncio.Event()

    async def keep(self) -> None:
        """Stay connected, until cancelled.

        Raises:
            LinkRefusedError: Slack wants no connection.
        """
        loop = asyncio.get_running_loop()
        failures = 0
        before: Held | None = None
        while True:
            await asyncio.sleep(_pause_s(failures))
            try:
                held = Held(await self._connect())
            except (OSError, TimeoutError, aiohttp.ClientError) as error:
                log.warning("no connection (%s), trying again", type(error).__name__)
                self.connected.clear()
                failures += 1
                continue
            if before is not None:
                before.replaced.set()
            before = held
            self.connected.set()
            serving = self._begin(self._serve(held), self._serving)
            await _either(serving, held.renew)
            if serving.done():
                serving.result()  # it may say that Slack wants none
            was_asked = held.renew.is_set() and not held.is_doubtful
            is_steady = was_asked or loop.time() - held.began_s > _STEADY_S
            failures = 0 if is_steady else failures + 1

    async def finish(self, within_s: float) -> None:
        """Acknowledge what was taken, then close."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=within_s)
        for task in self._serving:
            task.cancel()
        await asyncio.gather(*self._serving, return_exceptions=True)
        await asyncio.gather(*self._answering, return_exceptions=True)

    async def _connect(self) -> aiohttp.ClientWebSocketResponse:
        url = await self._ends.open_url()
        socket = await self._session.ws_connect(
            url, autoping=False, timeout=aiohttp.ClientWSTimeout(ws_close=_CLOSE_S)
        )
        try:
            hello = await socket.receive(_HELLO_S)
        except TimeoutError:
            await socket.close()
            raise
        self._ends.heard()
        told = _read(hello)
        if told.get("type") == "hello":
            return socket
        await socket.close()
        reason = str(told.get("reason", ""))
        _refuse(reason)
        if reason == "too_many_websockets":
            log.warning(
                "Slack takes no more than ten connections of an app: stop a process, "
                "or lower --connections"
            )
        raise ConnectionError(reason)

    async def _serve(self, held: Held) -> None:
        """Read a connection until it ends, or is dead and replaced."""
        watching = asyncio.ensure_future(self._watcher.watch(held))
        try:
            async with held.limit:
                await self._read(held)
        except TimeoutError:
            pass  # its time is up, and the next one is there
        except (OSError, aiohttp.ClientError) as error:
            log.info("a connection broke: %s", type(error).__name__)
        finally:
            watching.cancel()
            # The next one is not kept waiting for the farewell of this one.
            self._begin(_close(held.socket), self._answering)

    async def _read(self, held: Held) -> None:
        socket, loop = held.socket, asyncio.get_running_loop()
        while True:
            message = await socket.receive()
            self._ends.heard()
            if message.type in _ENDED:
                return
            if message.type is aiohttp.WSMsgType.PING:
                await socket.pong(message.data)
            elif message.type is aiohttp.WSMsgType.PONG:
                # Only this says that what we send arrives.
                held.answered.set()
            else:
                held.stirred_s = loop.time()
                held.stirred.set()
                if self._take(socket, _read(message)):
                    held.renew.set()
                    held.end_in(DRAIN_S)

    def _take(self, socket: aiohttp.ClientWebSocketResponse, told: Envelope) -> bool:
        """Take a message.

        Returns:
            Whether the connection is to be renewed.
        """
        if told.get("type") == "disconnect":
            _refuse(str(told.get("reason", "")))
            return True
        if isinstance(told.get("envelope_id"), str):
            self._begin(self._answer(socket, told), self._answering)
        return False

    async def _answer(
        self, socket: aiohttp.ClientWebSocketResponse, envelope: Envelope
    ) -> None:
        answer = await self._ends.answer(envelope)
        if answer is None:
            return
        try:
            await socket.send_str(json.dumps(answer))
        except (OSError, aiohttp.ClientError):
            # What it brought is durable; Slack sends it again on another, and a
            # repeat is no news.
            log.info("an acknowledgement came too late for its connection")

    def _begin(
        self,
        work: Coroutine[Any, Any, None],
        among: set[asyncio.Task[None]],
    ) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.ensure_future(work)
        among.add(task)
        task.add_done_callback(among.discard)
        task.add_done_callback(_look)
        return task


def _look(task: "asyncio.Task[None]") -> None:
    """Take note of an error that nobody waits for: a renewed connection's."""
    if not task.cancelled():
        task.exception()


def _pause_s(failures: int) -> float:
    if failures <= 1:
        return 0.0
    pause_s: float = min(_FIRST_PAUSE_S * 2 ** (failures - 2), MOST_PAUSE_S)
    return pause_s * random.uniform(0.5, 1.5)  # noqa: S311 - no secret


async def _either(serving: "asyncio.Task[None]", renew: asyncio.Event) -> None:
    """Wait until a connection ended, or is to be renewed."""
    renewed = asyncio.ensure_future(renew.wait())
    try:
        await asyncio.wait((serving, renewed), return_when=asyncio.FIRST_COMPLETED)
    finally:
        renewed.cancel()


async def _close(socket: aiohttp.ClientWebSocketResponse) -> None:
    await socket.close()


def _read(message: aiohttp.WSMessage) -> Envelope:
    """Read a message; what is none of Slack's reads as empty."""
    if message.type is not aiohttp.WSMsgType.TEXT:
        return {}
    try:
        told = json.loads(message.data)
    except (ValueError, RecursionError):
        # Acknowledged without its content, so that it does not come again.
        found = _ENVELOPE_ID.search(message.data)
        return {"envelope_id": found[1]} if found else {}
    return told if isinstance(told, dict) else {}


def _refuse(reason: str) -> None:
    """Say why Slack wants no connection, if it is for good.

    Raises:
        LinkRefusedError: It is.
    """
    if reason == "link_disabled":
        raise LinkRefusedError(
            "Slack has switched Socket Mode off for this app: switch it on again on "
            "the app's page, Socket Mode, or run with --http"
        )
