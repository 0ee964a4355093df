"""The whole story, told on a sample workspace against the local Slack."""

from handlers.demo.story import tell_story

__all__ = ["tell_story"]
