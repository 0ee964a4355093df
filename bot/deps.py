"""What listeners, jobs and commands are given at start-up."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.database import Database
from bot.memory import Memories
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
    """

    database: Database
    memories: Memories
    slack_of: SlackOf
    clock: Clock
