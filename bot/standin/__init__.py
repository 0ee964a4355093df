"""A local Slack for the demo and the tests: stateful, and as strict as Slack.

It imports nothing of Slack's libraries, and nothing of the bot it serves.
"""

from bot.standin.delivery import Delivery
from bot.standin.limits import RateLimits
from bot.standin.person import ClientError, Person
from bot.standin.server import LocalSlack
from bot.standin.values import Channel, Payload, User, Workspace
from bot.standin.wire import Pace

__all__ = [
    "Channel",
    "ClientError",
    "Delivery",
    "LocalSlack",
    "Pace",
    "Payload",
    "Person",
    "RateLimits",
    "User",
    "Workspace",
]
