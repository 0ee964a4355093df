"""What a workspace keeps asking about: topics found, named, kept and matched.

Plain numpy over hashed terms, people and times: no database, no Slack, no text.
"""

from bot.topics.assign import Neighbourhood, assign, remember
from bot.topics.discover import Found, Options, Survey, discover, survey
from bot.topics.identity import Held, Plan, plan
from bot.topics.labels import Naming, name_topics
from bot.topics.names import aliases_of, find_topics

__all__ = [
    "Found",
    "Held",
    "Naming",
    "Neighbourhood",
    "Options",
    "Plan",
    "Survey",
    "aliases_of",
    "assign",
    "discover",
    "find_topics",
    "name_topics",
    "plan",
    "remember",
    "survey",
]
