"""What listeners, jobs and commands are given at start-up."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.database import Database
from bot.memory import Memories
from bot.metrics import Metrics
from bot.slack import SlackOf

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Deps:
    """Collaborators, built once in `app.py` and faked in tests.

    Attributes:
        database: The graph, the inbox and the outbox.
        memories: What each workspace's rankers hold in memory.
        slack_of: Slack's Web API, for a workspace's id.
        clock: The present (aware).
        metrics: What this process counts about itself.
        keep: How long what was heard is kept; None for ever.
    """

    database: Database
    memories: Memories
    slack_of: SlackOf
    clock: Clock
    metrics: Metrics = field(default_factory=Metrics)
    keep: timedelta | None = None
