"""Addresses of messages in Slack, built from ids."""


def permalink(domain: str, channel_id: str, ts: str, *, root_ts: str = "") -> str:
    """The address of a message.

    Source: Slack, chat.getPermalink: `/archives/CHANNEL/pTS` with the dot left
    out, and the thread named for a reply. Without the workspace's domain Slack
    finds the way by itself.
    """
    host = f"{domain}.slack.com" if domain else "slack.com"
    link = f"https://{host}/archives/{channel_id}/p{ts.replace('.', '')}"
    if root_ts and root_ts != ts:
        link += f"?thread_ts={root_ts}&cid={channel_id}"
    return link
