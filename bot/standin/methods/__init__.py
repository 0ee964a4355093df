"""The methods of the Web API that the local Slack knows, by family."""

from bot.standin.calls import Method
from bot.standin.methods import (
    channels,
    chat,
    conversations,
    people,
    reactions,
    views,
)

METHODS: dict[str, Method] = {
    method.name: method
    for family in (channels, chat, conversations, people, reactions, views)
    for method in family.METHODS
}
