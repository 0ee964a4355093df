"""Grapevine at work: listeners, a worker and the clock, started and stopped."""

import logging
import threading
from collections.abc import Callable
from enum import StrEnum
from types import TracebackType
from typing import Protocol, Self

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App
from slack_sdk import WebClient

from bot import settling
from bot.deps import Deps
from bot.jobs import Job, lead, own_jobs, register_jobs
from bot.leading import Leadership
from bot.periodic import periodic_jobs
from bot.responding import Responder
from bot.worker import Worker
from handlers import build_app, close_app

log = logging.getLogger(__name__)

# Long enough for what a worker is at; whoever supervises us waits ten seconds.
_JOIN_S = 8.0


class Role(StrEnum):
    """What one process does; any number of each may share one PostgreSQL."""

    ALL = "all"
    LISTENER = "listener"
    WORKER = "worker"
    SCHEDULER = "scheduler"

    def includes(self, role: "Role") -> bool:
        """Whether a process of this role does the work of another."""
        return self in (Role.ALL, role)


class Transport(Protocol):
    """How Slack reaches us: Socket Mode or HTTP."""

    def start(self) -> None:
        """Begin to take what Slack sends."""
        ...

    def stop(self) -> None:
        """Stop taking, and finish what was taken."""
        ...


class Service:
    """Grapevine, or one role of it, for as long as a `with` block lasts."""

    def __init__(  # noqa: PLR0913 - one argument a part
        self,
        deps: Deps,
        *,
        client: WebClient,
        connect: Callable[[App], Transport],
        signing_secret: str | None = None,
        jobs: list[Job] | None = None,
        role: Role = Role.ALL,
    ) -> None:
        """Wire the parts; nothing starts yet.

        Args:
            deps: Collaborators.
            client: With the bot's token.
            connect: Makes the transport for the app.
            signing_secret: Needed for HTTP.
            jobs: What the clock does; everything if None, nothing if empty.
            role: Which of the parts start.
        """
        self._role = role
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
        self.transport = connect(self.app) if role.includes(Role.LISTENER) else None
        self._thread = threading.Thread(target=self.worker.run, name="worker")
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._leadership = Leadership(deps.database)
        everything = [*own_jobs(), *periodic_jobs()] if jobs is None else jobs
        leads = self._leadership.leads
        register_jobs(self._scheduler, deps, everything, leads=leads)
        if everything:
            lead(self._scheduler, deps, leads)

    def __enter__(self) -> Self:
        if self._role.includes(Role.WORKER):
            self._thread.start()
        if self._role.includes(Role.SCHEDULER):
            self._scheduler.start()
        try:
            if self.transport is not None:
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
        if self.transport is not None:
            self.transport.stop()
        self._stop_inside()

    def _stop_inside(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._leadership.step_down()
        self.worker.stop()
        if self._thread.is_alive():
            self._thread.join(_JOIN_S)
        close_app(self.app)
