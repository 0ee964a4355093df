import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt import Ack, App, BoltRequest

from bot.standin import ClientError, LocalSlack, Pace
from tests.standin.conftest import workspace

Handler = Callable[[web.Request], Awaitable[web.Response]]


@contextmanager
def served(handler: Handler) -> Iterator[str]:
    """Serve a request URL on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    def on_loop(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    app = web.Application()
    app.router.add_post("/", handler)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)

    async def start() -> str:
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/"

    yield on_loop(start())
    on_loop(runner.cleanup())
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def through(app: App) -> Handler:
    """Hand requests to Bolt, which checks their signatures."""

    async def handle(request: web.Request) -> web.Response:
        headers: Any = dict(request.headers)
        bolt_request = BoltRequest(body=await request.text(), headers=headers)
        answer = await asyncio.to_thread(app.dispatch, bolt_request)
        kind = answer.headers.get("content-type", ["text/plain"])[0].split(";")[0]
        return web.Response(status=answer.status, text=answer.body, content_type=kind)

    return handle


def test_signed_events_and_commands_reach_bolt(slack: LocalSlack, bolt: App) -> None:
    heard: list[str] = []
    bolt.event("message")(lambda event: heard.append(event["text"]))
    bolt.command("/hi")(lambda ack: ack("hello"))
    bolt.shortcut("find")(lambda ack: ack())

    with served(through(bolt)) as url:
        assert slack.post_to(url)
        assert slack.post_to(url)
        ann = slack.as_user("U1")
        ann.post("C1", "x")
        ann.command("/hi", channel="C1")
        ann.shortcut("find")
        slack.settle()

    assert heard == ["x"]
    assert ann.sees("C1")[-1]["text"] == "hello"


def test_a_wrong_secret_is_noticed(slack: LocalSlack, bolt: App) -> None:
    slack.app.signing_secret = "another"
    with served(through(bolt)) as url:
        assert not slack.post_to(url)


def test_an_event_is_retried_with_its_reason(slack: LocalSlack) -> None:
    seen: list[tuple[str | None, str | None]] = []

    async def fail(request: web.Request) -> web.Response:
        headers = request.headers
        retry = headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")
        seen.append(retry)
        return web.Response(status=500)

    with served(fail) as url:
        slack.post_to(url, verify=False)
        slack.as_user("U1").post("C1", "x")
        slack.settle()

    assert seen == [(None, None), *[(n, "http_error") for n in "123"]]
    assert slack.deliveries[0].error == "http_error"


def test_an_app_can_decline_retries(slack: LocalSlack) -> None:
    async def decline(_: web.Request) -> web.Response:
        return web.Response(status=500, headers={"x-slack-no-retry": "1"})

    with served(decline) as url:
        slack.post_to(url, verify=False)
        slack.as_user("U1").post("C1", "x")
        slack.settle()

    assert slack.deliveries[0].attempts == 1


@pytest.mark.parametrize("reason", ["http_timeout", "too_many_redirects"])
def test_what_takes_too_long(slack: LocalSlack, reason: str) -> None:
    async def handle(request: web.Request) -> web.Response:
        if reason == "http_timeout":
            await asyncio.sleep(1)
        raise web.HTTPPermanentRedirect(request.url)

    with served(handle) as url:
        slack.pace.retries_s = ()
        slack.post_to(url, verify=False)
        slack.as_user("U1").post("C1", "x")
        slack.settle()

    assert slack.deliveries[0].error == reason


def test_nobody_there_is_a_failed_connection() -> None:
    with LocalSlack(workspace(), pace=Pace(factor=0)) as slack:
        slack.post_to("http://127.0.0.1:9/", verify=False)
        with pytest.raises(ClientError, match="connection_failed"):
            slack.as_user("U1").command("/x")


def test_a_wrong_acknowledgement_is_recorded(slack: LocalSlack, bolt: App) -> None:
    @bolt.command("/hi")
    def on_hi(ack: Ack) -> None:
        ack(text="x", blocks=[{"type": "nonsense"}])

    with served(through(bolt)) as url:
        slack.post_to(url)
        with pytest.raises(ClientError, match="invalid_blocks"):
            slack.as_user("U1").command("/hi")

    assert "invalid_blocks" in slack.refused[0]
