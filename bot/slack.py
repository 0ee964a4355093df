"""The one place that calls Slack's Web API outside a listener."""

import copy
import http.client
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.errors import SlackBusyError, SlackLockedOutError, SlackRefusedError

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

# Of these, the ones that Slack gives before it does anything.
_UNTRIED = frozenset({"request_timeout", "service_unavailable", "team_added_to_org"})

_LIMITS = frozenset({"ratelimited", "rate_limited"})

# What Slack says when it is the token, and not the call, that it does not accept.
LOCKED_OUT = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "not_authed",
        "org_login_required",
        "team_access_not_granted",
        "token_expired",
        "token_revoked",
    }
)

# A token is mended by a person: soon enough after that, and rarely before.
LOCKED_OUT_RETRY_S = 300.0

# Named in message metadata, so that a message can be found again by its key.
METADATA_EVENT = "grapevine_post"

# Which of the methods we call must be told the workspace by whoever holds a token
# for an organisation. Source: Slack, "Developing for Enterprise orgs".
NEEDS_TEAM = frozenset(
    {
        "conversations.create",
        "conversations.list",
        "users.conversations",
        "users.list",
    }
)

_HTTP_TOO_MANY = 429
_HTTP_SERVER_ERROR = 500
_HTTP_UNAVAILABLE = 503
_HISTORY_PAGE = 100


class Slack(Protocol):
    """Slack's Web API, as far as Grapevine uses it."""

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method.

        Raises:
            SlackRefusedError: Slack said no for good.
            SlackBusyError: Worth trying again after a pause.
            SlackLockedOutError: The token is not accepted.
        """
        ...

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        """Find the `ts` of a message of ours by its outbox key, if it is there."""
        ...


# Gives the client of a workspace: one token today, one a workspace with OAuth.
SlackOf = Callable[[str], Slack]

# Counts a call by its method and result.
Count = Callable[[str, str], object]


class WebSlack:
    """Slack through `slack_sdk`, with its errors told apart by what helps."""

    def __init__(self, client: WebClient, *, team_id: str | None = None) -> None:
        """Use a client's token and address.

        Args:
            client: With a token.
            team_id: The workspace, where the token is for a whole organisation.
        """
        self._client = _once(client)
        self._team_id = team_id

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method; see `Slack.call`."""
        if self._team_id and method in NEEDS_TEAM:
            arguments = {"team_id": self._team_id, **arguments}
        return _called(
            method, lambda: self._client.api_call(method, json=dict(arguments))
        )

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        """Find a message of ours again; see `Slack.find_posted`."""
        for message in self._since(channel_id, since_ts, thread_ts):
            metadata = message.get("metadata") or {}
            if metadata.get("event_payload", {}).get("key") == key:
                return str(message["ts"])
        return None

    def _since(
        self, channel_id: str, since_ts: str, thread_ts: str | None
    ) -> Iterator[dict[str, Any]]:
        """Every message since a moment; replies are in no channel's history."""
        method = "conversations.replies" if thread_ts else "conversations.history"
        arguments = {
            "channel": channel_id,
            "oldest": since_ts,
            "limit": _HISTORY_PAGE,
            "include_all_metadata": True,
            **({"ts": thread_ts} if thread_ts else {}),
        }
        cursor = ""
        while True:
            page = self.call(method, {**arguments, "cursor": cursor})
            yield from page["messages"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _never_arrived(error: Exception) -> bool:
    """Whether a call broke before Slack could have heard of it."""
    cause = error.reason if isinstance(error, URLError) else error
    return isinstance(cause, (ConnectionRefusedError, socket.gaierror))


class WebOAuth:
    """`oauth.v2.access` through `slack_sdk`, with the app's credentials."""

    def __init__(self, client: WebClient, *, client_id: str, secret: str) -> None:
        self._client = _once(client)
        self._client_id = client_id
        self._secret = secret

    def access(self, **arguments: str) -> dict[str, Any]:
        """Exchange a code or a refresh token; see `bot.tokens.OAuth`."""
        credentials = {"client_id": self._client_id, "client_secret": self._secret}
        return _called(
            "oauth.v2.access",
            # Its arguments go as a form: it takes no JSON.
            lambda: self._client.api_call(
                "oauth.v2.access", data=arguments, auth=credentials
            ),
        )


def _once(client: WebClient) -> WebClient:
    """Make a client that does not call again by itself.

    A call whose connection breaks may have been carried out: the SDK would repeat
    it unseen, and so say things twice.
    """
    once = copy.copy(client)
    once.retry_handlers = []
    return once


def _called(method: str, call: Callable[[], SlackResponse]) -> dict[str, Any]:
    try:
        response = call()
    except SlackApiError as error:
        raise _explain(method, error) from error
    except (
        SlackClientError,
        URLError,
        OSError,
        http.client.HTTPException,
    ) as error:
        raise SlackBusyError(
            method,
            retry_after_s=DEFAULT_RETRY_S,
            is_doubtful=not _never_arrived(error),
        ) from error
    data: dict[str, Any] = response.data  # type: ignore[assignment]
    return data


def _counted(
    method: str, call: Callable[[], dict[str, Any]], count: Count
) -> dict[str, Any]:
    try:
        answer = call()
    except SlackRefusedError as refused:
        count(method, refused.code)
        raise
    except SlackBusyError:
        count(method, "busy")
        raise
    count(method, "ok")
    return answer


@dataclass(frozen=True, slots=True)
class CountedOAuth:
    """`oauth.v2.access`, each call counted by result."""

    oauth: WebOAuth
    count: Count

    def access(self, **arguments: str) -> dict[str, Any]:
        """Exchange a code or a refresh token; see `bot.tokens.OAuth`."""
        return _counted(
            "oauth.v2.access", lambda: self.oauth.access(**arguments), self.count
        )


@dataclass(frozen=True, slots=True)
class CountedSlack:
    """Slack's Web API, each call counted by method and result."""

    slack: Slack
    count: Count

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method; see `Slack.call`."""
        return _counted(method, lambda: self.slack.call(method, arguments), self.count)

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        """Find a message of ours again; see `Slack.find_posted`."""
        return self.slack.find_posted(
            channel_id, key, since_ts=since_ts, thread_ts=thread_ts
        )


def counted(slack_of: SlackOf, count: Count) -> SlackOf:
    """Count every call, by method and result: `ok`, `busy` or Slack's code."""
    return lambda workspace_id: CountedSlack(slack_of(workspace_id), count)


def _explain(method: str, error: SlackApiError) -> SlackRefusedError | SlackBusyError:
    response = error.response
    code = str(response.get("error", "")) if isinstance(response.data, dict) else ""
    pause_s = float(response.headers.get("Retry-After") or DEFAULT_RETRY_S)
    if response.status_code == _HTTP_TOO_MANY or code in _LIMITS:
        return SlackBusyError(method, retry_after_s=pause_s, is_limit=True)
    if code in LOCKED_OUT:
        return SlackLockedOutError(method, code, retry_after_s=LOCKED_OUT_RETRY_S)
    if response.status_code >= _HTTP_SERVER_ERROR or code in PASSING:
        is_untried = response.status_code == _HTTP_UNAVAILABLE or code in _UNTRIED
        return SlackBusyError(method, retry_after_s=pause_s, is_doubtful=not is_untried)
    needed = str(response.get("needed", "")) if code == "missing_scope" else ""
    return SlackRefusedError(method, code or "unknown_error", needed=needed)
