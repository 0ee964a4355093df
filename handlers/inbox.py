"""Make every event durable before Slack is told that it arrived.

Runs ahead of authorization and of every listener; no listener sees an event.
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt import BoltResponse

from bot.deps import Deps
from bot.fields import read_id
from bot.inbox import MAX_EVENT_ID, MAX_KIND
from bot.receiving import Receiver

log = logging.getLogger(__name__)

Middleware = Callable[..., BoltResponse | None]


def recorder(deps: Deps, *, wake: Callable[[], None]) -> Middleware:
    """Make the middleware to hand to Bolt as `before_authorize`.

    Args:
        deps: Collaborators.
        wake: Called after each event, to start whoever digests them.
    """
    return partial(record_event, deps=deps, receiver=Receiver(deps.database), wake=wake)


def record_event(
    body: dict[str, Any],
    next: Callable[[], Any],  # noqa: A002 - Bolt injects it by this name
    *,
    deps: Deps,
    receiver: Receiver,
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
    if _hold(body, deps, receiver):
        deps.metrics.events.add("received")
        wake()
    return BoltResponse(status=200, body="")


def _hold(body: Mapping[str, Any], deps: Deps, receiver: Receiver) -> bool:
    """Hold an event.

    Returns:
        False if there was none inside that could be told from others.
    """
    event = body.get("event")
    event = event if isinstance(event, Mapping) else {}
    kind = read_id(event.get("type"), longest=MAX_KIND)
    event_id = read_id(body.get("event_id"), longest=MAX_EVENT_ID)
    workspace_id = _workspace_of(body)
    if not (kind and event_id and workspace_id):
        # Not refused: to send it again would not mend it.
        log.warning("let go of an event without its kind, id or workspace")
        deps.metrics.events.add("unreadable")
        return False
    receiver.take(
        workspace_id=workspace_id,
        event_id=event_id,
        kind=kind,
        channel_id=_channel_of(event),
        payload=body,
        now=deps.clock(),
    )
    return True


def _workspace_of(body: Mapping[str, Any]) -> str | None:
    """The workspace we are installed in: in a shared channel `team_id` may differ.

    https://docs.slack.dev/apis/events-api/#authorizations
    """
    authorizations = body.get("authorizations")
    for one in authorizations if isinstance(authorizations, list) else ():
        found = read_id(one.get("team_id")) if isinstance(one, Mapping) else None
        if found:
            return found
    # An organisation that takes Grapevine out has no workspace to name.
    return read_id(body.get("team_id")) or read_id(body.get("enterprise_id"))


def _channel_of(event: Mapping[str, Any]) -> str | None:
    channel, item = event.get("channel"), event.get("item")
    if not channel and isinstance(item, Mapping):
        channel = item.get("channel")
    return read_id(channel.get("id") if isinstance(channel, Mapping) else channel)
