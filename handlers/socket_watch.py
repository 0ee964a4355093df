"""Watch a Socket Mode connection: one that gives no sign of life is replaced."""

import asyncio
import logging
from dataclasses import dataclass

import aiohttp

log = logging.getLogger(__name__)

# Slack warns some ten seconds before it ends a connection.
DRAIN_S = 20.0

_PING = b"grapevine"

# Events that came within this time let expect more.
_BUSY_FOR_S = 5.0

# The longest a silent connection is waited for, and for how long it is remembered
# that one was.
_MOST_PATIENCE_S = 4.0
_FORGIVEN_S = 600.0


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """How often the other side is asked for a sign of life, in seconds.

    Attributes:
        idle_s: Between two pings while nothing comes.
        busy_s: The same while events come: then every moment of a dead connection
            swallows some.
        patience_s: How long the answer to a ping may take. Slack's comes within a
            fraction of it.
    """

    idle_s: float = 1.25
    busy_s: float = 0.5
    patience_s: float = 0.5


class Held:
    """A connection while it is read.

    Attributes:
        renew: The next one is wanted.
        replaced: The next one is there.
        answered: The last ping was.
        stirred: Something of Slack's came.
        limit: When reading it ends.
    """

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.renew = asyncio.Event()
        self.replaced = asyncio.Event()
        self.answered = asyncio.Event()
        self.stirred = asyncio.Event()
        self.limit = asyncio.timeout(None)
        self.began_s = self.stirred_s = asyncio.get_running_loop().time()
        self.is_doubtful = False

    def end_in(self, seconds: float) -> None:
        """Stop reading after a while, if nothing ends it sooner."""
        at_s = asyncio.get_running_loop().time() + seconds
        held_s = self.limit.when()
        self.limit.reschedule(at_s if held_s is None else min(at_s, held_s))


class Watcher:
    """Watches the connections of one link, one after the other."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        self._heartbeat = heartbeat
        self._doubts: list[float] = []

    async def watch(self, held: Held) -> None:
        """Ask for signs of life; one that gives none is replaced, and then closed.

        In this order, since to Slack an app without a connection is a failure, and
        since a doubt may be wrong: what answers again meanwhile is served on.
        """
        patience_s = self.patience_s()
        try:
            while await self._answers(held, patience_s):
                await self._rest(held)
            held.is_doubtful = True
            self.note_doubt()
            log.warning("a connection is silent for %.1f s: replaced", patience_s)
            held.renew.set()
            while not held.replaced.is_set():
                await held.socket.ping(_PING)
                await _within(held.replaced, self._heartbeat.busy_s)
        except (OSError, aiohttp.ClientError):
            return  # whoever reads it notices, too
        if held.answered.is_set():
            held.end_in(DRAIN_S)
            return
        held.end_in(0)

    async def _answers(self, held: Held, patience_s: float) -> bool:
        held.answered.clear()
        await held.socket.ping(_PING)
        return await _within(held.answered, patience_s)

    async def _rest(self, held: Held) -> None:
        """Let a while pass before the next ping, a shorter one while events come."""
        beat, now_s = self._heartbeat, asyncio.get_running_loop().time()
        if now_s - held.stirred_s < _BUSY_FOR_S:
            await asyncio.sleep(beat.busy_s)
            return
        held.stirred.clear()
        await _within(held.stirred, beat.idle_s)

    def note_doubt(self) -> None:
        """Remember that a connection was replaced for its silence."""
        self._doubts.append(asyncio.get_running_loop().time())

    def patience_s(self) -> float:
        """How long to wait for an answer: longer for who was replaced of late.

        Slack allows few new connections a minute, and the network may just be slow.
        """
        now_s = asyncio.get_running_loop().time()
        self._doubts = [at_s for at_s in self._doubts if now_s - at_s < _FORGIVEN_S]
        longer: float = 2.0 ** len(self._doubts)
        usual_s = self._heartbeat.patience_s
        return min(usual_s * longer, max(usual_s, _MOST_PATIENCE_S))


async def _within(event: asyncio.Event, seconds: float) -> bool:
    """Wait for something, for a while at most."""
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
