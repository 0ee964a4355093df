"""The one place that calls Slack's Web API outside a listener."""

import http.client
from collections.abc import Callable, Mapping
from typing import Any, Protocol
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.errors import SlackBusyError, SlackRefusedError

# Slack sends Retry-After with every 429; this is for a server that fails
# without saying for how long.
DEFAULT_RETRY_S = 5.0

# What Slack says when the same call may well succeed a little later.
# Source: Slack, "Web API errors": codes marked as transient or server-side.
PASSING = frozenset(
    {
        "fatal_error",
        "internal_error",
        "ratelimited",
        "rate_limited",
        "request_timeout",
        "service_unavailable",
        "team_added_to_org",
    }
)

# Named in message metadata, so that a message can be found again by its key.
METADATA_EVENT = "grapevine_post"

_HTTP_TOO_MANY = 429
_HTTP_SERVER_ERROR = 500
_HISTORY_PAGE = 100


class Slack(Protocol):
    """Slack's Web API, as far as Grapevine uses it."""

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method.

        Raises:
            SlackRefusedError: Slack said no for good.
            SlackBusyError: Worth trying again after a pause.
        """
        ...

    def find_posted(self, channel_id: str, key: str, *, since_ts: str) -> str | None:
        """Find the `ts` of a message of ours by its outbox key, if it is there."""
        ...


# Gives the client of a workspace: one token today, one a workspace with OAuth.
SlackOf = Callable[[str], Slack]


class WebSlack:
    """Slack through `slack_sdk`, with its errors told apart by what helps."""

    def __init__(self, client: WebClient) -> None:
        self._client = client

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method; see `Slack.call`."""
        try:
            response = self._client.api_call(method, json=dict(arguments))
        except SlackApiError as error:
            raise _explain(method, error) from error
        except (
            SlackClientError,
            URLError,
            OSError,
            http.client.HTTPException,
        ) as error:
            raise SlackBusyError(method, retry_after_s=DEFAULT_RETRY_S) from error
        data: dict[str, Any] = response.data  # type: ignore[assignment]
        return data

    def find_posted(self, channel_id: str, key: str, *, since_ts: str) -> str | None:
        """Find a message of ours again; see `Slack.find_posted`."""
        arguments = {
            "channel": channel_id,
            "oldest": since_ts,
            "limit": _HISTORY_PAGE,
            "include_all_metadata": True,
        }
        for message in self.call("conversations.history", arguments)["messages"]:
            metadata = message.get("metadata") or {}
            if metadata.get("event_payload", {}).get("key") == key:
                return str(message["ts"])
        return None


def _explain(method: str, error: SlackApiError) -> SlackRefusedError | SlackBusyError:
    response = error.response
    code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    busy = (
        response.status_code == _HTTP_TOO_MANY
        or response.status_code >= _HTTP_SERVER_ERROR
        or code in PASSING
    )
    if busy:
        pause = response.headers.get("Retry-After") or DEFAULT_RETRY_S
        return SlackBusyError(method, retry_after_s=float(pause))
    needed = str(response.get("needed", "")) if code == "missing_scope" else ""
    return SlackRefusedError(method, code or "unknown_error", needed=needed)
