"""Make every event durable before Slack is told that it arrived.

Runs ahead of authorization and of every listener; no listener sees an event.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt import BoltResponse

from bot.deps import Deps
from bot.inbox import record

log = logging.getLogger(__name__)

Middleware = Callable[..., BoltResponse | None]


def recorder(deps: Deps, *, wake: Callable[[], None]) -> Middleware:
    """Make the middleware to hand to Bolt as `before_authorize`.

    Args:
        deps: Collaborators.
        wake: Called after each event, to start whoever digests them.
    """
    return partial(record_event, deps=deps, wake=wake)


def record_event(
    body: dict[str, Any],
    next: Callable[[], Any],  # noqa: A002 - Bolt injects it by this name
    *,
    deps: Deps,
    wake: Callable[[], None],
) -> BoltResponse | None:
    """Hold an event and say so; let everything that is not an event pass.

    A database that fails raises, which Bolt answers with 500 (over Socket Mode:
    not at all), so that Slack sends the event again.
    """
    kind = body.get("type")
    if kind == "app_rate_limited":
        # It has no event inside. https://docs.slack.dev/apis/events-api
        log.warning("Slack holds events back: more than 30,000 in an hour")
        return BoltResponse(status=200, body="")
    if kind != "event_callback":
        next()
        return None
    _hold(body, deps)
    wake()
    return BoltResponse(status=200, body="")


def _hold(body: Mapping[str, Any], deps: Deps) -> None:
    event = body["event"]
    with deps.database.sessions.begin() as session:
        record(
            session,
            workspace_id=_workspace_of(body),
            event_id=str(body["event_id"]),
            kind=str(event["type"]),
            channel_id=_channel_of(event),
            payload=body,
            now=deps.clock(),
        )


def _workspace_of(body: Mapping[str, Any]) -> str:
    """The workspace we are installed in: in a shared channel `team_id` may differ.

    https://docs.slack.dev/apis/events-api/#authorizations
    """
    for authorization in body.get("authorizations") or ():
        if authorization.get("team_id"):
            return str(authorization["team_id"])
    return str(body["team_id"])


def _channel_of(event: Mapping[str, Any]) -> str | None:
    channel = event.get("channel") or (event.get("item") or {}).get("channel")
    if isinstance(channel, Mapping):
        channel = channel.get("id")
    return channel if isinstance(channel, str) else None
