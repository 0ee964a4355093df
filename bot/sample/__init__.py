"""The demo's workspace: a company that builds cargo bikes, written for Grapevine.

`workspace.toml` holds people and channels, `channels/*.txt` what they say.
"""

from bot.sample.export import write_export
from bot.sample.load import STORY_LAST_DAY, load_sample
from bot.sample.values import (
    Sample,
    SampleChannel,
    SampleEdit,
    SampleError,
    SampleFile,
    SampleMessage,
    SamplePerson,
    SampleReaction,
)

__all__ = [
    "STORY_LAST_DAY",
    "Sample",
    "SampleChannel",
    "SampleEdit",
    "SampleError",
    "SampleFile",
    "SampleMessage",
    "SamplePerson",
    "SampleReaction",
    "load_sample",
    "write_export",
]
