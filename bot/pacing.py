"""Slack at a walking pace: no faster than it allows, and patient when it is busy."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.errors import SlackBusyError, SlackLockedOutError
from bot.slack import Slack

# What Slack allows a minute by method, where it is not told otherwise.
# Source: Slack, "Rate limits": tier 2 is 20, tier 3 is 50, tier 4 is 100.
TIER_2, TIER_3, TIER_4 = 20, 50, 100

# A listener at work asks the same methods; it needs the rest.
SHARE = 0.8

# Slack may be away for some minutes. What has been read is kept, so whoever
# started us can start us again.
MAX_PAUSE_S = 120.0
MAX_TRIES = 8


@dataclass(slots=True)
class PacedSlack:
    """Slack's Web API, each method called at its own pace.

    Attributes:
        slack: What is called.
        per_minute: How often a minute each method may be called; others as often
            as tier 3 allows.
        sleep: Waits for seconds.
        ticks: A clock that only moves forward, in seconds.
        on_wait: Told of every pause that Slack asked for, in seconds.
        requests: How many calls were made.
    """

    slack: Slack
    per_minute: Mapping[str, float]
    sleep: Callable[[float], object]
    ticks: Callable[[], float]
    on_wait: Callable[[float], object] = lambda _: None
    requests: int = 0
    _free_at_s: dict[str, float] = field(default_factory=dict)

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call a method in its turn; see `Slack.call`.

        Raises:
            SlackRefusedError: Slack said no for good.
            SlackLockedOutError: The token is not accepted.
            SlackBusyError: It stayed busy for longer than is worth waiting for.
        """
        for attempt in range(MAX_TRIES):
            self._wait_turn(method)
            self.requests += 1
            try:
                return self.slack.call(method, arguments)
            except SlackLockedOutError:
                raise
            except SlackBusyError as busy:
                if attempt == MAX_TRIES - 1:
                    raise
                pause_s = min(busy.retry_after_s * 2**attempt, MAX_PAUSE_S)
                # Never less than Slack asked for.
                self._pause(max(pause_s, busy.retry_after_s))
        raise AssertionError("the last attempt returns or raises")

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        """Find a message of ours; see `Slack.find_posted`."""
        return self.slack.find_posted(
            channel_id, key, since_ts=since_ts, thread_ts=thread_ts
        )

    def _wait_turn(self, method: str) -> None:
        now_s = self.ticks()
        free_s = self._free_at_s.get(method, now_s)
        if free_s > now_s:
            self.sleep(free_s - now_s)
        every_s = 60.0 / self.per_minute.get(method, TIER_3 * SHARE)
        self._free_at_s[method] = max(free_s, now_s) + every_s

    def _pause(self, seconds: float) -> None:
        self.on_wait(seconds)
        self.sleep(seconds)


def pages(
    slack: PacedSlack, method: str, arguments: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Call a method once a page, by the cursor that each gives for the next."""
    cursor = ""
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = slack.call(method, {**arguments, **more})
        yield page
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return
