"""Grapevine at work: listeners, a worker and the clock, started and stopped."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App
from slack_sdk import WebClient

from bot import settling
from bot.deps import Deps
from bot.jobs import Job, lead, own_jobs, register_jobs
from bot.leading import Leadership
from bot.outbox import SPACING
from bot.periodic import periodic_jobs
from bot.responding import Responder
from bot.worker import Worker
from handlers import Authorize, build_app, close_app

log = logging.getLogger(__name__)

# Whoever supervises us kills after ten seconds; the last one is for leaving.
STOP_S = 9.0


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
        authorize: Authorize | None = None,
        jobs: list[Job] | None = None,
        role: Role = Role.ALL,
        stop_s: float = STOP_S,
        spacing: timedelta = SPACING,
    ) -> None:
        """Wire the parts; nothing starts yet.

        Args:
            deps: Collaborators.
            client: With the bot's token, if it serves one workspace.
            connect: Makes the transport for the app.
            signing_secret: Needed for HTTP.
            authorize: Needed for many workspaces.
            jobs: What the clock does; everything if None, nothing if empty.
            role: Which of the parts start.
            stop_s: How long what is at work when it stops may take to finish.
            spacing: Between two messages in one channel.
        """
        self._role = role
        self._stop_s = stop_s
        self._responder = Responder(deps)
        self.worker = Worker(
            deps,
            respond=self._responder.respond,
            on_settled=settling.settled,
            after=self._responder.show_homes,
            spacing=spacing,
        )
        self.app = build_app(
            deps,
            client=client,
            wake=self.worker.wake,
            signing_secret=signing_secret,
            authorize=authorize,
        )
        self.transport = connect(self.app) if role.includes(Role.LISTENER) else None
        self._scheduler = BackgroundScheduler(timezone="UTC")
        self._leadership = Leadership(deps.database)
        everything = [*own_jobs(), *periodic_jobs()] if jobs is None else jobs
        leads = self._leadership.leads
        register_jobs(self._scheduler, deps, everything, leads=leads)
        if everything:
            lead(self._scheduler, deps, leads)

    def __enter__(self) -> Self:
        if self._role.includes(Role.WORKER):
            self.worker.start()
        if self._role.includes(Role.SCHEDULER):
            self._scheduler.start()
        try:
            if self.transport is not None:
                self.transport.start()
        except BaseException:
            self._stop_inside(time.monotonic() + self._stop_s)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        until_s = time.monotonic() + self._stop_s
        if self.transport is not None:
            self.transport.stop()
        self._stop_inside(until_s)

    def _stop_inside(self, until_s: float) -> None:
        """Let everything finish what it is at, side by side, until a moment.

        What takes longer is left: it wrote down what it did in transactions, so
        that the next process goes on there.
        """
        self.worker.stop()
        ends: dict[str, Callable[[], object]] = {
            "a listener": partial(close_app, self.app)
        }
        if self._scheduler.running:
            ends["a job"] = self._scheduler.shutdown
        ends["the worker"] = self.worker.join
        enders = {
            what: threading.Thread(target=end, name=f"end of {what}", daemon=True)
            for what, end in ends.items()
        }
        for ender in enders.values():
            ender.start()
        for what, ender in enders.items():
            ender.join(max(until_s - time.monotonic(), 0.0))
            if ender.is_alive():
                log.warning("stopped while %s was still at work", what)
        self._leadership.step_down()
