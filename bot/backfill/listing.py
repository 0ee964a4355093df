"""Which channels Grapevine is in, and what must be known of them first."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.backfill.wanted import Report, Wanted
from bot.deps import Deps
from bot.describing import read_channel
from bot.errors import BadInputError, SlackRefusedError
from bot.graph import places
from bot.happenings import ChannelTold
from bot.introductions import NOW_VERSION, UnknownError, introduce
from bot.pacing import PacedSlack, pages
from models import Backfill, Channel

_CHANNELS_A_PAGE = 200


def list_channels(
    deps: Deps, slack: PacedSlack, wanted: Wanted, report: Report
) -> list[dict[str, Any]]:
    """The channels to read, held and known to Grapevine, as Slack lists them."""
    listed = {str(told["id"]): told for told in _listed(slack)}
    missing = [one for one in wanted.channels if one not in listed]
    if missing:
        raise BadInputError(
            f"Grapevine is not in {', '.join(missing)}: write /invite @Grapevine there "
            "(and check the id); nothing was read"
        )
    chosen: list[dict[str, Any]] = []
    for channel_id, told in listed.items():
        if wanted.channels and channel_id not in wanted.channels:
            continue
        if told.get("is_ext_shared") or told.get("is_pending_ext_shared"):
            report.skipped["channel shared with another organisation"] += 1
            continue
        chosen.append(told)
    _meet(deps, wanted.workspace_id, chosen)
    return _in_turn(deps, wanted.workspace_id, chosen)


def _in_turn(
    deps: Deps, workspace_id: str, channels: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """What was begun first, then what is new, then what was read the longest ago."""
    with deps.database.readers() as session:
        rows = session.execute(
            select(Backfill.channel_id, Backfill.finished_at).where(
                Backfill.workspace_id == workspace_id
            )
        )
        finished_at = {row.channel_id: row.finished_at for row in rows}

    def turn(told: dict[str, Any]) -> tuple[int, float]:
        if told["id"] not in finished_at:
            return 1, 0.0
        at = finished_at[told["id"]]
        return (2, at.timestamp()) if at else (0, 0.0)

    return sorted(channels, key=turn)


def _listed(slack: PacedSlack) -> Iterator[dict[str, Any]]:
    """Every channel that Grapevine is in; never direct messages."""
    try:
        yield from list(_list(slack, "public_channel,private_channel"))
    except SlackRefusedError as refused:
        if refused.code != "missing_scope":
            raise
        yield from _list(slack, "public_channel")  # groups:read is optional


def _list(slack: PacedSlack, types: str) -> Iterator[dict[str, Any]]:
    arguments = {"types": types, "limit": _CHANNELS_A_PAGE}
    for page in pages(slack, "users.conversations", arguments):
        yield from page["channels"]


def _meet(deps: Deps, workspace_id: str, channels: list[dict[str, Any]]) -> None:
    """Know the workspace and its channels before a word said there is held."""
    now = deps.clock()
    with deps.database.sessions.begin() as session:
        workspace = places.ensure_workspace(session, workspace_id, now=now)
        is_new = workspace.bot_user_id is None
        new = [
            told.channel_id
            for told in map(_read, channels)
            if told and not _is_known(session, workspace_id, told)
        ]
        for channel_id in new:
            places.unlearn_channel(session, workspace_id, channel_id)
    if is_new:
        introduce(deps, UnknownError(workspace_id, None, None, workspace=True), now=now)
    for channel_id in new:
        unknown = UnknownError(workspace_id, channel_id, None, workspace=False)
        introduce(deps, unknown, now=now)
    with deps.database.sessions.begin() as session:
        for told in map(_read, channels):
            if told is not None:
                places.tell_channel(session, workspace_id, told)


def _read(channel: dict[str, Any]) -> ChannelTold | None:
    return read_channel(channel, NOW_VERSION, is_joined=True)


def _is_known(session: Session, workspace_id: str, told: ChannelTold) -> bool:
    """Whether a channel need not be asked about.

    One that was converted must be, and a private one that is held from an export:
    who is in it now may be others.
    """
    held = session.get(Channel, (workspace_id, told.channel_id))
    if held is None or held.is_private != told.is_private:
        return False
    return held.is_joined or not held.is_private
