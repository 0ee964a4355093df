"""One payload on its way to the app, and what became of it."""

import threading
from dataclasses import dataclass, field
from typing import Literal

from bot.standin.values import Payload

DeliveryKind = Literal["events_api", "interactive", "slash_commands"]


@dataclass(slots=True, eq=False)
class Delivery:
    """A payload for the app.

    Attributes:
        id: the `event_id` of an event, otherwise an id of our own.
        attempts: how often it was sent; retries count.
        response: what the app answered with, such as a `response_action`.
        ack_s: over Socket Mode: how long the attempt took that was acknowledged.
        error: why it was given up, empty if it was not.
        done: set once it is acknowledged or given up.
    """

    id: str
    kind: DeliveryKind
    payload: Payload
    attempts: int = 0
    acked: bool = False
    ack_s: float = 0.0
    response: Payload = field(default_factory=dict)
    error: str = ""
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def is_retried(self) -> bool:
        """Whether Slack sends it again: events only, never an interaction."""
        return self.kind == "events_api"

    @property
    def event(self) -> Payload:
        """The event inside, or nothing for an interaction."""
        event: Payload = self.payload.get("event", {})
        return event

    @property
    def gave_up(self) -> bool:
        """Whether Slack stopped trying."""
        return self.done.is_set() and not self.acked
