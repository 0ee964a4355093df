"""Who pressed what, where: an interactive payload as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Click:
    """A press of a button, or the sending of a form.

    Attributes:
        workspace_id: Where Grapevine is installed and the message lies.
        user_id: Who it was.
        is_outsider: Whether they belong to another workspace.
        value: What the button carries; "" for a form.
        trigger_id: Lets a form be opened within three seconds.
        channel_id, ts: The message with the button; "" for a form.
    """

    workspace_id: str
    user_id: str
    is_outsider: bool
    value: str
    trigger_id: str
    channel_id: str
    ts: str


def read_click(body: Mapping[str, Any]) -> Click:
    """Read a `block_actions` or `view_submission` payload.

    Somebody met in a shared channel presses with their own team's id beside
    them: https://docs.slack.dev/apis/slack-connect
    """
    user = body["user"]
    team = body.get("team") or {}
    # With an organisation's installation the view knows the workspace best.
    workspace_id = str(team.get("id") or (body.get("view") or {}).get("team_id") or "")
    container = body.get("container") or {}
    pressed = (body.get("actions") or [{}])[0]
    home = str(user.get("team_id") or workspace_id)
    return Click(
        workspace_id=workspace_id,
        user_id=str(user["id"]),
        is_outsider=home != workspace_id,
        value=str(pressed.get("value") or ""),
        trigger_id=str(body.get("trigger_id") or ""),
        channel_id=str(container.get("channel_id") or ""),
        ts=str(container.get("message_ts") or ""),
    )
