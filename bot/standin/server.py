"""A Slack on this machine: start it, act as people, look at what the app did."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.standin import acts
from bot.standin.delivery import Delivery
from bot.standin.gateway import Gateway
from bot.standin.limits import Fault, RateLimits
from bot.standin.oauth import OAuth, named, new_world
from bot.standin.person import Person
from bot.standin.posting import Posting
from bot.standin.sockets import Sockets
from bot.standin.values import DEFAULT_MANIFEST, Channel, Payload, User, Workspace
from bot.standin.wire import Pace, Transport, Wire
from bot.standin.world import World, wall_clock

T = TypeVar("T")
# Starting and stopping take milliseconds; a minute means that something hangs.
_PATIENCE_S = 60.0


class LocalSlack:
    """A strict, stateful Slack on 127.0.0.1; use it in a `with` statement.

    Attributes:
        world: everything it remembers; its `app` holds tokens, scopes and events.
        rate_limits: set to `None` to switch them off.
        pace: how long it waits for the app, and how fast it tries again.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        manifest: Mapping[str, Any] = DEFAULT_MANIFEST,
        now: Callable[[], datetime] = wall_clock,
        ticks: Callable[[], float] = time.monotonic,
        pace: Pace | None = None,
    ) -> None:
        self._manifest = manifest
        self.world = World(workspace or Workspace(), manifest, now, ticks)
        self.app = self.world.app
        self.rate_limits: RateLimits | None = RateLimits()
        self.pace = pace or Pace()
        self._sockets = Sockets(self.world, self.pace)
        self._posting: Posting | None = None
        self.wire = Wire(self._transport, self.pace)
        self.worlds = [self.world]
        self._gateway = Gateway(self.worlds, lambda: self.rate_limits)
        self._runner: web.AppRunner | None = None
        self.world.send = self._send

    def __enter__(self) -> Self:
        # A loop holds sockets from the start, so there is none before `with`.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._on_loop(self._start())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._on_loop(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_PATIENCE_S)
        self._loop.close()

    async def _start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self._gateway.api)
        app.router.add_post("/respond/{key}", self._gateway.respond)
        app.router.add_get("/link/", self._sockets.accept)
        app.router.add_get("/oauth/v2/authorize", self._gateway.authorize)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        for world in self.worlds:
            world.base_url = f"http://{host}:{port}"
        self.wire.attach(self._loop)

    async def _stop(self) -> None:
        await self.wire.detach()
        await self._sockets.close()
        if self._posting is not None:
            await self._posting.close()
        if self._runner is not None:
            await self._runner.cleanup()
        await self._loop.shutdown_asyncgens()

    def _on_loop(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE_S)

    def _send(self, delivery: Delivery) -> None:
        self.deliveries.append(delivery)
        self.wire.send(delivery)

    def _transport(self) -> Transport:
        return self._posting or self._sockets

    @property
    def api_url(self) -> str:
        """The base URL of the Web API, for `WebClient(base_url=...)`."""
        return f"{self.world.base_url}/api/"

    @property
    def calls(self) -> list[tuple[str, Payload]]:
        """Every Web API call that arrived."""
        return self.world.logs.calls

    @property
    def refused(self) -> list[str]:
        """What the app did that no real Slack knows; a test asserts it is empty."""
        return self.world.logs.refused

    @property
    def broadcasts(self) -> list[Payload]:
        """What would notify everybody; a test asserts it is empty."""
        return self.world.logs.broadcasts

    @property
    def warnings(self) -> list[str]:
        """What Slack accepts and advises against."""
        return self.world.logs.warnings

    @property
    def posts(self) -> list[Payload]:
        """Messages of the bot, as first posted."""
        return self.world.logs.posts

    @property
    def ephemerals(self) -> list[Payload]:
        """What only one person sees."""
        return self.world.logs.ephemerals

    @property
    def deliveries(self) -> list[Delivery]:
        """Everything that was sent to the app, in order."""
        return self.world.logs.deliveries

    def add_user(self, user_id: str, name: str, **fields: Any) -> User:  # noqa: ANN401
        """Add a person; `fields` are those of `User`. No event tells of it."""
        user = User(user_id, name, **fields)
        with self.world.lock:
            self.world.users[user_id] = user
        return user

    def add_channel(
        self,
        channel_id: str,
        name: str,
        members: Iterable[str] = (),
        **fields: Any,  # noqa: ANN401 - the fields of Channel
    ) -> Channel:
        """Add a channel; `fields` are those of `Channel`. No event tells of it."""
        with self.world.lock:
            channel = Channel(channel_id, name, list(members), **fields)
            return self.world.add_channel(channel)

    def channel(self, id_or_name: str) -> Channel:
        """Find a channel by id or name.

        Raises:
            KeyError: when there is none.
        """
        with self.world.lock:
            named = self.world.find_channel_named(id_or_name.removeprefix("#"))
            return named or self.world.channels[id_or_name]

    def as_user(self, user_id: str, team_id: str = "") -> Person:
        """Act as a person, of the first workspace if none is named."""
        world = named(self.worlds, team_id)
        return Person(world, user_id, self.pace.ack_timeout_s)

    @property
    def oauth(self) -> OAuth:
        """How the app is installed in workspaces."""
        return self._gateway.oauth

    def add_workspace(self, workspace: Workspace) -> World:
        """Add a workspace with the same app; see `oauth.new_world`."""
        world = new_world(self.worlds, workspace, self._manifest)
        self.worlds.append(world)
        return world

    def fail_next(
        self,
        method: str,
        error: str = "",
        *,
        times: int = 1,
        when: Callable[[dict[str, object]], bool] = lambda _: True,
        **fault: Any,  # noqa: ANN401 - the fields of Fault
    ) -> None:
        """Plan a failure of the next calls of a method.

        Args:
            method: such as `chat.postMessage`.
            error: the code to answer with.
            times: of how many calls.
            when: which arguments a call must have to fail.
            fault: the other fields of `Fault`: status, drop, accepted, retry_after_s.
        """
        for _ in range(times):
            self._gateway.faults.plan(method, Fault(error, **fault), when)

    def settle(self, timeout_s: float = 10.0) -> None:
        """Wait until every payload is acknowledged or given up.

        Raises:
            TimeoutError: naming what is still on its way.
        """
        self.wire.settle(timeout_s)

    def hold(self) -> None:
        """Keep events back; see `release`."""
        self.wire.hold()

    def release(
        self, order: Callable[[list[Delivery]], Iterable[Delivery]] = list
    ) -> None:
        """Send the events that were held, in another order if one is given."""
        self.wire.release(order)

    def repeat(self, delivery: Delivery) -> Delivery:
        """Send an event once more with the same event id, as Slack sometimes does."""
        again = Delivery(delivery.id, delivery.kind, delivery.payload)
        self._send(again)
        return again

    def wait_connected(self, count: int = 1, timeout_s: float = 10.0) -> None:
        """Wait until the app holds so many Socket Mode connections.

        Raises:
            TimeoutError: when it does not.
        """
        self._sockets.wait_for(count, timeout_s)

    @property
    def connection_count(self) -> int:
        """How many Socket Mode connections the app holds."""
        return len(self._sockets.connections)

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to renew its connections."""
        self._on_loop(self._sockets.disconnect(reason))

    def cut(self) -> None:
        """Break every connection without a word."""
        self._on_loop(self._sockets.cut())

    def freeze(self) -> None:
        """Leave the open connections open and answer nothing on them."""
        self._on_loop(self._sockets.freeze())

    def thaw(self) -> None:
        """Answer again on connections that were left unanswered."""
        self._on_loop(self._sockets.thaw())

    def post_to(self, url: str, *, verify: bool = True) -> bool:
        """Deliver over signed HTTP to this URL from now on, not over sockets.

        Returns:
            Whether the app answered the challenge; always true without `verify`.
        """
        return self._on_loop(self._post_to(url, verify=verify))

    async def _post_to(self, url: str, *, verify: bool) -> bool:
        if self._posting is not None:
            await self._posting.close()
        self._posting = Posting(self.world, self.pace, url)
        return await self._posting.verify() if verify else True

    def change_user(self, user_id: str, **changes: object) -> None:
        """Change a person, and tell the app; `deleted=True` deactivates them."""
        with self.world.lock:
            acts.change_user(self.world, user_id, **changes)

    def join_team(self, user_id: str, name: str, **fields: Any) -> User:  # noqa: ANN401
        """Add a person, and tell the app."""
        user = self.add_user(user_id, name, **fields)
        with self.world.lock:
            acts.join_team(self.world, user)
        return user

    def share(self, channel_id: str, team_id: str) -> None:
        """Share a channel with another organisation."""
        with self.world.lock:
            acts.share(self.world, self.channel(channel_id), team_id)

    def unshare(self, channel_id: str, team_id: str) -> None:
        """End sharing a channel."""
        with self.world.lock:
            acts.unshare(self.world, self.channel(channel_id), team_id)

    def change_channel_id(self, channel_id: str, new_id: str) -> None:
        """Give a channel another id."""
        with self.world.lock:
            acts.change_id(self.world, self.channel(channel_id), new_id)

    def let_in(self, team_id: str, *, granted: bool) -> None:
        """Let an organisation's app into one of its workspaces, or out."""
        world = named(self.worlds, team_id)
        with world.lock:
            acts.let_in(world, granted=granted)

    def uninstall(self, team_id: str = "") -> None:
        """Remove the app, from the first workspace if none is named."""
        world = named(self.worlds, team_id)
        with world.lock:
            acts.uninstall(world)

    def revoke(self, token: str) -> None:
        """Revoke one token, without an event."""
        with self.world.lock:
            self.app.revoked.add(token)
