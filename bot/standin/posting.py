"""HTTP delivery: signed requests to the app's request URL.

https://docs.slack.dev/authentication/verifying-requests-from-slack
"""

import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from bot.standin.delivery import Delivery
from bot.standin.values import Payload
from bot.standin.wire import NO_RETRY, Pace
from bot.standin.world import World, wall_clock

MAX_REDIRECTS = 2


class Posting:
    """The way to an app that listens on a URL."""

    def __init__(self, world: World, pace: Pace, url: str) -> None:
        self._world = world
        self._pace = pace
        self._url = url
        limit = aiohttp.ClientTimeout(total=pace.ack_timeout_s)
        self._session = aiohttp.ClientSession(timeout=limit)

    async def carry(self, delivery: Delivery, attempt: int, reason: str) -> str:
        """Post a payload once; see `Transport`."""
        delivery.attempts += 1
        content_type, body = _body(delivery)
        headers = {"Content-Type": content_type, **self._signature(body)}
        if attempt:
            headers["x-slack-retry-num"] = str(attempt)
            headers["x-slack-retry-reason"] = reason
        try:
            return await self._post(delivery, headers, body)
        except TimeoutError:
            return "http_timeout"
        except aiohttp.TooManyRedirects:
            return "too_many_redirects"
        except aiohttp.ClientError:
            return "connection_failed"

    async def _post(
        self, delivery: Delivery, headers: dict[str, str], body: bytes
    ) -> str:
        async with self._session.post(
            self._url, data=body, headers=headers, max_redirects=MAX_REDIRECTS
        ) as answer:
            text = await answer.text()
            if answer.ok:
                delivery.response = _response(answer.content_type, text)
                return ""
            no_retry = answer.headers.get("x-slack-no-retry") == "1"
            return NO_RETRY if no_retry else "http_error"

    async def verify(self) -> bool:
        """Ask the app whether the URL is its own, as Slack does when it is set."""
        challenge = self._world.new_id("challenge")
        question = {"type": "url_verification", "token": "local"}
        body = json.dumps({**question, "challenge": challenge}).encode()
        headers = {"Content-Type": "application/json", **self._signature(body)}
        async with self._session.post(self._url, data=body, headers=headers) as answer:
            return answer.ok and challenge in await answer.text()

    async def close(self) -> None:
        """Close the client's connections."""
        await self._session.close()

    def _signature(self, body: bytes) -> dict[str, str]:
        # The receiver compares with its own clock, so this is never the played one.
        stamp = str(int(wall_clock().timestamp()))
        return {
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": sign(self._world.app.signing_secret, stamp, body),
        }


def sign(secret: str, stamp: str, body: bytes) -> str:
    """Sign a body the way Slack does (version v0)."""
    base = b"v0:" + stamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def _body(delivery: Delivery) -> tuple[str, bytes]:
    if delivery.kind == "events_api":
        return "application/json", json.dumps(delivery.payload).encode()
    fields = delivery.payload
    if delivery.kind == "interactive":
        fields = {"payload": json.dumps(delivery.payload)}
    return "application/x-www-form-urlencoded", urlencode(fields).encode()


def _response(content_type: str, text: str) -> Payload:
    if content_type == "application/json" and text:
        response: Payload = json.loads(text)
        return response
    return {"text": text} if text else {}
