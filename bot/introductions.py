"""Ask Slack about channels and people met for the first time.

Whether a channel is private, and whether a person is a bot or from elsewhere,
must be known before a word of theirs is held.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.describing import read_channel, read_person
from bot.errors import SlackRefusedError
from bot.graph import people, places
from bot.graph.wishes import erased
from bot.happenings import (
    ChannelTold,
    Moved,
    PersonTold,
)
from models import Channel, Person, Workspace

_MEMBERS_A_PAGE = 200

# What is asked of Slack here.
METHODS = ("auth.test", "conversations.info", "conversations.members", "users.info")

# What Slack says now is older than any later event, newer than an export.
NOW_VERSION = "1"


@dataclass
class UnknownError(Exception):
    """Somebody or something has to be introduced before an event is digested.

    Attributes:
        workspace_id: Where.
        channel_id, user_id: What is not known; None if it is.
        workspace: Whether the workspace is not known either.
        acts: Whether the person has turned to Grapevine.
    """

    workspace_id: str
    channel_id: str | None
    user_id: str | None
    workspace: bool
    acts: bool = False


def require_known(
    session: Session,
    workspace_id: str,
    channel_id: str | None,
    user_id: str | None,
    *,
    acts: bool = False,
) -> None:
    """Make sure that a channel and a person are held.

    Of somebody erased nothing need be, unless they act: unless they have turned to
    Grapevine.

    Raises:
        UnknownError: One is not; see `introduce`.
    """
    workspace = session.get_one(Workspace, workspace_id)
    new_channel = (
        channel_id is not None
        and session.get(Channel, (workspace_id, channel_id)) is None
    )
    new_person = (
        user_id is not None
        and session.get(Person, (workspace_id, user_id)) is None
        and (acts or not erased(session, workspace_id, [user_id]))
    )
    if new_channel or new_person or workspace.bot_user_id is None:
        raise UnknownError(
            workspace_id,
            channel_id if new_channel else None,
            user_id if new_person else None,
            workspace.bot_user_id is None,
            acts,
        )


def introduce(deps: Deps, unknown: UnknownError, *, now: datetime) -> None:
    """Ask Slack, and hold what it says.

    Raises:
        SlackBusyError: Slack cannot be asked now.
    """
    told: list[ChannelTold | PersonTold | Moved] = []
    team = _ask(deps, unknown, "auth.test", {}) if unknown.workspace else {}
    if unknown.channel_id:
        told += _channel(deps, unknown, unknown.channel_id)
    if unknown.user_id:
        told.append(_person(deps, unknown, unknown.user_id))
    with deps.database.sessions.begin() as session:
        workspace = places.ensure_workspace(session, unknown.workspace_id, now=now)
        if unknown.workspace:
            workspace.bot_user_id = str(team.get("user_id") or "")
            workspace.name = str(team.get("team") or workspace.name)
            workspace.domain = _domain(str(team.get("url") or ""))
        for one in told:
            match one:
                case ChannelTold():
                    places.tell_channel(session, unknown.workspace_id, one)
                case PersonTold():
                    people.tell_person(
                        session, unknown.workspace_id, one, acts=unknown.acts
                    )
                case Moved():
                    places.move(session, unknown.workspace_id, one)


def meet(deps: Deps, workspace_id: str, user_id: str, *, now: datetime) -> Person:
    """Get somebody who acts; Slack is asked about one who was never heard of.

    Call it outside any transaction: it may wait for Slack.

    Raises:
        SlackBusyError: Slack cannot be asked now.
    """
    with deps.database.readers() as session:
        held = session.get(Person, (workspace_id, user_id))
    if held is not None:
        return held
    unknown = UnknownError(workspace_id, None, user_id, workspace=False, acts=True)
    introduce(deps, unknown, now=now)
    with deps.database.readers() as session:
        return session.get_one(Person, (workspace_id, user_id))


def _ask(
    deps: Deps, unknown: UnknownError, method: str, arguments: dict[str, Any]
) -> dict[str, Any]:
    """Ask Slack; a refusal leaves the answer empty, so that events go on."""
    try:
        return deps.slack_of(unknown.workspace_id).call(method, arguments)
    except SlackRefusedError:
        return {}


def _channel(
    deps: Deps, unknown: UnknownError, channel_id: str
) -> list[ChannelTold | PersonTold | Moved]:
    answer = _ask(deps, unknown, "conversations.info", {"channel": channel_id})
    told = read_channel(answer.get("channel") or {}, NOW_VERSION)
    if told is None:
        # Not to be asked about: treat it as the most private it could be.
        return [ChannelTold(channel_id, NOW_VERSION, is_private=True, is_joined=False)]
    if not told.is_private:
        return [told]
    # Slack describes a private channel to those alone who are in it.
    told = replace(told, is_joined=True)
    return [told, *_members(deps, unknown, channel_id)]


def _members(deps: Deps, unknown: UnknownError, channel_id: str) -> list[Moved]:
    """Who is in a private channel: the only ones its evidence is for."""
    found: list[Moved] = []
    cursor = ""
    while True:
        page = _ask(
            deps,
            unknown,
            "conversations.members",
            {"channel": channel_id, "limit": _MEMBERS_A_PAGE, "cursor": cursor},
        )
        for user_id in page.get("members", ()):
            found.append(Moved(channel_id, user_id, True, NOW_VERSION))  # noqa: FBT003, PERF401
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return found


def _person(deps: Deps, unknown: UnknownError, user_id: str) -> PersonTold:
    answer = _ask(deps, unknown, "users.info", {"user": user_id})
    told = read_person(
        answer.get("user") or {}, NOW_VERSION, team_id=unknown.workspace_id
    )
    # Whom Slack does not show us belongs to somebody else's organisation.
    return told or PersonTold(
        user_id,
        NOW_VERSION,
        name="",
        zone="",
        is_bot=False,
        is_deactivated=False,
        is_guest=False,
        is_external=True,
        is_admin=False,
    )


def _domain(url: str) -> str:
    """The workspace's part of `https://DOMAIN.slack.com/`."""
    host = url.removeprefix("https://").partition("/")[0]
    return host.removesuffix(".slack.com") if host.endswith(".slack.com") else ""
