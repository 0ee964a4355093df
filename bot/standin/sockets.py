"""Socket Mode: connections, envelopes, acknowledgements, and their ways to break.

https://docs.slack.dev/apis/events-api/using-socket-mode
"""

import asyncio
import threading
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.standin.delivery import Delivery
from bot.standin.values import Payload
from bot.standin.wire import Pace
from bot.standin.world import World

# "Socket Mode allows your app to maintain up to 10 open WebSocket connections".
MAX_CONNECTIONS = 10
_LIFE_S = 18_060


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of the app.

    Attributes:
        is_half_open: it takes everything and answers nothing.
        is_draining: Slack asked the app to renew it and sends nothing more.
    """

    ws: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, "asyncio.Future[Payload]"] = field(default_factory=dict)
    is_half_open: bool = False
    is_draining: bool = False

    def take(self, message: Payload) -> None:
        """Take an acknowledgement from the app."""
        future = self.waiting.pop(message.get("envelope_id", ""), None)
        if future is not None and not future.done():
            future.set_result(message.get("payload") or {})

    def fail(self) -> None:
        """Give up what was not acknowledged: the connection is gone."""
        for future in self.waiting.values():
            if not future.done():
                future.set_exception(ConnectionResetError())
        self.waiting.clear()


class Sockets:
    """The open connections; a payload goes to any one of them."""

    def __init__(self, world: World, pace: Pace) -> None:
        self._world = world
        self._pace = pace
        self._turn = 0
        self._arrived = asyncio.Event()
        self._changed = threading.Condition()
        self.connections: list[Connection] = []

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one connection until it ends."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._world.tickets:
            return web.Response(status=401, text="invalid_ticket")
        self._world.tickets.discard(ticket)
        ws = web.WebSocketResponse(autoping=False, timeout=0.2)
        await ws.prepare(request)
        if len(self.connections) >= MAX_CONNECTIONS:
            await ws.send_json(self._disconnect("too_many_websockets"))
            await ws.close()
            return ws
        connection = Connection(ws, request)
        await self._greet(connection)
        try:
            await self._listen(connection)
        finally:
            self._remove(connection)
        return ws

    async def _greet(self, connection: Connection) -> None:
        info = {"app_id": self._world.app.id}
        hello = {
            "type": "hello",
            "connection_info": info,
            "num_connections": len(self.connections) + 1,
            "debug_info": {"approximate_connection_time": _LIFE_S},
        }
        await connection.ws.send_json(hello)
        with self._changed:
            self.connections.append(connection)
            self._changed.notify_all()
        self._arrived.set()

    async def _listen(self, connection: Connection) -> None:
        async for message in connection.ws:
            if connection.is_half_open:
                continue
            if message.type is WSMsgType.PING:
                with suppress(ConnectionError):  # whoever asked is gone
                    await connection.ws.pong(message.data)
            elif message.type is WSMsgType.TEXT:
                connection.take(message.json())

    def _remove(self, connection: Connection) -> None:
        with self._changed:
            self.connections.remove(connection)
            self._changed.notify_all()
        connection.fail()
        if not self._usable():
            self._arrived.clear()

    def _usable(self) -> list[Connection]:
        return [each for each in self.connections if not each.is_draining]

    async def carry(self, delivery: Delivery, attempt: int, reason: str) -> str:
        """Send a payload down one connection and wait for its envelope's id.

        An event waits for a connection; an interaction without one fails at once.
        """
        connection = await self._next(delivery)
        if connection is None:
            return "no_connection"
        delivery.attempts += 1
        envelope_id = str(uuid.uuid4())
        loop = asyncio.get_running_loop()
        future, began_s = loop.create_future(), loop.time()
        connection.waiting[envelope_id] = future
        try:
            envelope = _envelope(delivery, envelope_id, attempt, reason)
            await connection.ws.send_json(envelope)
            future_s = self._pace.ack_timeout_s
            delivery.response = await asyncio.wait_for(future, future_s)
            delivery.ack_s = loop.time() - began_s
        except TimeoutError:
            return "timeout"
        except ConnectionError:
            return "connection_failed"
        finally:
            connection.waiting.pop(envelope_id, None)
        return ""

    async def _next(self, delivery: Delivery) -> Connection | None:
        while not self._usable():
            if not delivery.is_retried:
                return None
            self._arrived.clear()
            await self._arrived.wait()
        usable = self._usable()
        self._turn += 1
        return usable[self._turn % len(usable)]

    async def disconnect(self, reason: str) -> None:
        """Ask the app to renew its connections, as Slack does every few hours."""
        for connection in list(self.connections):
            connection.is_draining = reason != "warning"
            await connection.ws.send_json(self._disconnect(reason))

    def _disconnect(self, reason: str) -> Payload:
        return {"type": "disconnect", "reason": reason, "debug_info": {}}

    async def cut(self) -> None:
        """Break every connection without a word."""
        for connection in list(self.connections):
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def freeze(self) -> None:
        """Stop answering on the open connections, which stay open."""
        for connection in self.connections:
            connection.is_half_open = True

    async def thaw(self) -> None:
        """Answer again; what was swallowed meanwhile is lost."""
        for connection in self.connections:
            connection.is_half_open = False

    async def close(self) -> None:
        """Close every connection."""
        for connection in list(self.connections):
            await connection.ws.close()

    def wait_for(self, count: int, timeout_s: float) -> None:
        """Wait, on any thread, until so many connections are open.

        Raises:
            TimeoutError: when they are not.
        """
        with self._changed:
            is_there = self._changed.wait_for(
                lambda: len(self._usable()) == count, timeout_s
            )
        if not is_there:
            raise TimeoutError(f"not {count} connections after {timeout_s} s")


def _envelope(
    delivery: Delivery, envelope_id: str, attempt: int, reason: str
) -> Payload:
    is_event = delivery.kind == "events_api"
    envelope: Payload = {
        "envelope_id": envelope_id,
        "payload": delivery.payload,
        "type": delivery.kind,
        "accepts_response_payload": not is_event,
    }
    if is_event:
        envelope |= {"retry_attempt": attempt, "retry_reason": reason}
    return envelope
