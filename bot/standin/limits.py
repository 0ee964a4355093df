"""How fast the app may call, and faults that a test plans.

https://docs.slack.dev/apis/web-api/rate-limits
"""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.standin.calls import ApiError

# Calls a minute by tier. Slack says "1+" for tier 1 and tolerates bursts; 20 at once
# lets a program reconnect, and still stops one that reconnects in a loop.
TIERS = {1: 20, 2: 20, 3: 50, 4: 100}
# chat.postMessage, chat.getPermalink, auth.test: "hundreds a minute".
SPECIAL = 0
_SPECIAL_A_MINUTE = 600
# "1 message a second a channel" with short bursts tolerated.
POST_BURST = 4
_WINDOW_S = 60.0

# What apps get that are distributed outside the Marketplace: one call a minute, and 15
# messages in each, whatever was asked for.
# https://docs.slack.dev/changelog/2025/05/29/rate-limit-changes-for-non-marketplace-apps
STRICT_METHODS = {"conversations.history": 1, "conversations.replies": 1}
STRICT_PAGE = 15


class RateLimitedError(ApiError):
    """Too fast: answered with 429 and the seconds to wait."""

    def __init__(self, retry_after_s: int) -> None:
        super().__init__("ratelimited")
        self.retry_after_s = retry_after_s


@dataclass(slots=True)
class RateLimits:
    """The limits of one workspace and app; change the fields to change them.

    Attributes:
        per_minute: calls a minute by tier.
        post_burst: messages that a channel takes at once.
        posts_a_second: messages a second a channel takes after the burst.
        by_method: calls a minute of methods that have a limit of their own.
    """

    per_minute: dict[int, int] = field(
        default_factory=lambda: {**TIERS, SPECIAL: _SPECIAL_A_MINUTE}
    )
    post_burst: int = POST_BURST
    posts_a_second: float = 1.0
    by_method: dict[str, int] = field(default_factory=dict)
    _seen: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    _tokens: dict[str, tuple[float, float]] = field(default_factory=dict)

    def count(self, method: str, tier: int, at_s: float) -> None:
        """Count one call of a method, or refuse it.

        Raises:
            RateLimitedError: when the minute is full.
        """
        seen = self._seen[method]
        while seen and seen[0] <= at_s - _WINDOW_S:
            seen.popleft()
        if len(seen) >= self.by_method.get(method, self.per_minute[tier]):
            raise RateLimitedError(math.ceil(seen[0] + _WINDOW_S - at_s) or 1)
        seen.append(at_s)

    def count_post(self, channel_id: str, at_s: float) -> None:
        """Count one message in a channel, or refuse it.

        Raises:
            RateLimitedError: when the burst is used up and the second is not over.
        """
        left, last_s = self._tokens.get(channel_id, (float(self.post_burst), at_s))
        grown = left + (at_s - last_s) * self.posts_a_second
        left = min(float(self.post_burst), grown)
        if left < 1:
            self._tokens[channel_id] = (left, at_s)
            raise RateLimitedError(math.ceil((1 - left) / self.posts_a_second) or 1)
        self._tokens[channel_id] = (left - 1, at_s)


@dataclass(frozen=True, slots=True)
class Fault:
    """One planned failure.

    Attributes:
        error: the code to answer with, such as `ratelimited` or `fatal_error`.
        status: an HTTP status to answer with instead.
        drop: break the connection without an answer.
        accepted: let the call take effect first, so that only its answer is lost.
        retry_after_s: what a 429 says.
    """

    error: str = ""
    status: int = 0
    drop: bool = False
    accepted: bool = False
    retry_after_s: int = 1


@dataclass(slots=True)
class Faults:
    """Planned failures by method, in the order in which they were planned."""

    planned: dict[str, deque[tuple[Fault, Callable[[dict[str, object]], bool]]]] = (
        field(default_factory=lambda: defaultdict(deque))
    )

    def plan(
        self,
        method: str,
        fault: Fault,
        when: Callable[[dict[str, object]], bool] = lambda _: True,
    ) -> None:
        """Fail the next call of a method whose arguments fit `when`."""
        self.planned[method].append((fault, when))

    def take(self, method: str, args: dict[str, object]) -> Fault | None:
        """Take the failure planned for this call, if there is one."""
        queue = self.planned.get(method)
        if queue and queue[0][1](args):
            return queue.popleft()[0]
        return None
