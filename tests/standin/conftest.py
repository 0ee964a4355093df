import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import Executor, Future
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode.aiohttp import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.standin import Channel, LocalSlack, Pace, User, Workspace

PEOPLE = (
    User("U1", "ann", "Ann Lee", tz="Europe/Paris"),
    User("U2", "ben"),
    User("U3", "cat", deleted=True),
    User("U4", "dan", is_restricted=True),
    User("U5", "eve", team_id="T9OTHER"),
    User("U6", "robo", is_bot=True),
    User("U7", "fay", is_ultra_restricted=True),
    User("U8", "gus"),
)


def workspace() -> Workspace:
    """A channel with the bot, one without, a private one without, and a shared one."""
    return Workspace(
        users=PEOPLE,
        channels=(
            Channel("C1", "general", ["U1", "U2", "U0BOT"], is_general=True),
            Channel("C2", "random", ["U1"]),
            Channel("C3", "secret", ["U1"], kind="private"),
            Channel("C4", "old", ["U1", "U0BOT"], is_archived=True),
            Channel("C5", "vault", ["U1", "U2", "U0BOT"], kind="private"),
        ),
    )


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    with LocalSlack(workspace(), pace=Pace(ack_timeout_s=0.3, factor=0.001)) as slack:
        yield slack


@pytest.fixture
def client(slack: LocalSlack) -> WebClient:
    slack.rate_limits = None
    return WebClient(slack.app.bot_token, base_url=slack.api_url, retry_handlers=[])


def error_of(call: Callable[[], Any]) -> Any:
    """Give the answer that Slack refuses a call with."""
    with pytest.raises(SlackApiError) as raised:
        call()
    return raised.value.response


class InlineExecutor(Executor):
    """Runs a listener where it is called, so that its errors reach the test."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> "Future[Any]":
        future: Future[Any] = Future()
        future.set_result(fn(*args, **kwargs))
        return future


class Run(Protocol):
    """Connects an app over Socket Mode for the length of a `with` block."""

    def __call__(
        self, app: App, count: int = 1, ping_interval_s: float = 5.0
    ) -> AbstractContextManager[None]: ...


@pytest.fixture
def bolt(slack: LocalSlack, client: WebClient) -> Iterator[App]:
    errors: list[Exception] = []
    app = App(
        client=client,
        signing_secret=slack.app.signing_secret,
        listener_executor=InlineExecutor(),
        logger=_quiet(),
    )

    # Bolt hides what a listener raises; a test must not.
    @app.error
    def note(error: Exception) -> None:
        errors.append(error)

    yield app
    assert errors == []


def _quiet() -> logging.Logger:
    logger = logging.getLogger("tests.standin.bolt")
    logger.setLevel(logging.CRITICAL)
    return logger


@pytest.fixture
def run(slack: LocalSlack) -> Run:
    @contextmanager
    def running(
        app: App, count: int = 1, ping_interval_s: float = 5.0
    ) -> Iterator[None]:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        there = slack.connection_count

        def on_loop(work: Coroutine[Any, Any, Any]) -> Any:
            return asyncio.run_coroutine_threadsafe(work, loop).result(10)

        async def connect() -> SocketModeHandler:
            web = AsyncWebClient(base_url=slack.api_url)
            handler = SocketModeHandler(
                app,
                slack.app.app_token,
                logger=_quiet(),
                web_client=web,
                ping_interval=ping_interval_s,
            )
            await handler.connect_async()
            return handler

        handlers = [on_loop(connect()) for _ in range(count)]
        slack.wait_connected(there + count)
        yield
        for handler in handlers:
            on_loop(handler.close_async())
        on_loop(_end_tasks())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    return running


async def _end_tasks() -> None:
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
