"""Addresses of messages, made from ids without asking Slack."""

from collections.abc import Callable


def permalinks(domain: str) -> Callable[[str, str], str]:
    """Give a function from a channel's id and a `ts` to a message's address.

    Args:
        domain: The workspace's, as in `domain.slack.com`; if it is not known,
            Slack sends a signed-in reader on to the right one.
    """
    host = f"{domain}.slack.com" if domain else "slack.com"

    def permalink(channel_id: str, ts: str) -> str:
        return f"https://{host}/archives/{channel_id}/p{ts.replace('.', '')}"

    return permalink
