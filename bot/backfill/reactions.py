"""Complete lists of who reacted, which Slack cuts short in a history."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.errors import SlackRefusedError
from bot.hearing import THANKFUL_EMOJI
from bot.pacing import PacedSlack


def completed(
    slack: PacedSlack, channel_id: str, entries: Sequence[dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    """Give the entries, each with all who thanked by a reaction.

    Only what thanks is asked for: each message costs a request. Where Slack refuses
    it (the scope is optional, the message gone) the list stays as it came.
    """
    for entry in entries:
        if not _is_cut(entry):
            yield entry
            continue
        asked = {"channel": channel_id, "timestamp": entry["ts"], "full": True}
        try:
            found = slack.call("reactions.get", asked)
        except SlackRefusedError:
            yield entry
            continue
        whole = (found.get("message") or {}).get("reactions")
        yield entry if whole is None else {**entry, "reactions": whole}


def _is_cut(entry: Mapping[str, Any]) -> bool:
    listed = entry.get("reactions")
    return any(
        _lacks_some(one)
        for one in (listed if isinstance(listed, list) else ())
        if isinstance(one, Mapping)
    )


def _lacks_some(reaction: Mapping[str, Any]) -> bool:
    count, users = reaction.get("count"), reaction.get("users")
    name = str(reaction.get("name", "")).partition("::")[0]
    known = len(users) if isinstance(users, list) else 0
    return name in THANKFUL_EMOJI and isinstance(count, int) and count > known
