"""Grapevine at work: listeners, a worker and the clock, started and stopped."""

import logging
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App
from slack_sdk import WebClient

from bot import settling
from bot.deps import Deps
from bot.jobs import Job, own_jobs, register_jobs
from bot.periodic import periodic_jobs
from bot.responding import Responder
from bot.worker import Worker
from handlers import build_app, close_app

log = logging.getLogger(__name__)

# Long enough for what a worker is at; whoever supervises us waits ten seconds.
_JOIN_S = 8.0


class Transport(Protocol):
    """How Slack reaches us: Socket Mode or HTTP."""

    def start(self) -> None:
        """Begin to take what Slack sends."""
        ...

    def stop(self) -> None:
        """Stop taking, and finish what was taken."""
        ...


class Service:
    """All of Grapevine for as long as a `with` block lasts."""

    def __init__(
        self,
        deps: Deps,
        *,
        client: WebClient,
        connect: Callable[[App], Transport],
        signing_secret: str | None = None,
        jobs: list[Job] | None = None,
    ) -> None:
        """Wire the parts; nothing starts yet.

        Args:
            deps: Collaborators.
            client: With the bot's token.
            connect: Makes the transport for the app.
            signing_secret: Needed for HTTP.
            jobs: What the clock does; everything if None, nothing if empty.
        """
        self._responder = Responder(deps)
        self.worker = Worker(
            deps,
            respond=self._responder.respond,
            on_settled=settling.settled,
            after=self._responder.show_homes,
        )
        self.app = build_app(
            deps, client=client, wake=self.worker.wake, signing_secret=signing_secret
        )
        self.transport = connect(self.app)
        self._thread = threading.Thread(target=self.worker.run, name="worker")
        self._scheduler = BackgroundScheduler(timezone="UTC")
        everything = [*own_jobs(), *periodic_jobs()]
        register_jobs(self._scheduler, deps, everything if jobs is None else jobs)

    def __enter__(self) -> Self:
        self._thread.start()
        self._scheduler.start()
        try:
            self.transport.start()
        except BaseException:
            self._stop_inside()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.transport.stop()
        self._stop_inside()

    def _stop_inside(self) -> None:
        self._scheduler.shutdown(wait=True)
        self.worker.stop()
        self._thread.join(_JOIN_S)
        close_app(self.app)
