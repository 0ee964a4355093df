"""Who has installed Grapevine: noted, found, removed, and remembered as gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from bot.departures import is_taken_out, note_access, welcome_back
from bot.errors import BadInputError
from bot.fields import read_id
from bot.graph.places import ensure_workspace
from bot.graph.upserts import insert_new, replace
from bot.happenings import LetIn, Uninstalled
from bot.reading import read_event
from bot.vault import Vault
from models import Departure, Installation, OAuthState, Workspace

# Slack sends an event again for a day at most, with delayed events switched on.
REMEMBERED_FOR = timedelta(days=7)

# Later than any event; a larger number names no moment.
_FAR_S = 2**33


@dataclass(frozen=True, slots=True, repr=False)
class Granted:
    """What Slack hands out when somebody installs; it must not be printed.

    Attributes:
        enterprise_id, team_id: Whose; "" where there is none. An installation for
            a whole organisation has no team.
        expires_at: When the token ends; None if it does not.
    """

    enterprise_id: str
    team_id: str
    app_id: str
    bot_user_id: str
    scopes: str
    token: str
    refresh_token: str | None
    expires_at: datetime | None

    @property
    def workspace_id(self) -> str:
        """The workspace, or the organisation if it is for all of it."""
        return self.team_id or self.enterprise_id


def read_granted(answer: Mapping[str, Any], *, now: datetime) -> Granted:
    """Read the answer of `oauth.v2.access`.

    Raises:
        BadInputError: It holds no bot token, or does not say whose.
    """
    whole = bool(answer.get("is_enterprise_install"))
    enterprise_id = str((answer.get("enterprise") or {}).get("id") or "")
    team_id = "" if whole else str((answer.get("team") or {}).get("id") or "")
    token = answer.get("access_token")
    if answer.get("token_type") != "bot" or not token or not (team_id or whole):
        raise BadInputError("Slack granted no bot token: is there a bot user?")
    expires_in = answer.get("expires_in")
    return Granted(
        enterprise_id=enterprise_id,
        team_id=team_id,
        app_id=str(answer.get("app_id") or ""),
        bot_user_id=str(answer.get("bot_user_id") or ""),
        scopes=str(answer.get("scope") or ""),
        token=str(token),
        refresh_token=answer.get("refresh_token"),
        expires_at=now + timedelta(seconds=int(expires_in)) if expires_in else None,
    )


def save(session: Session, vault: Vault, granted: Granted, *, now: datetime) -> None:
    """Note an installation, instead of an earlier one of the same workspace."""
    if granted.team_id:  # it may have joined an organisation since
        session.execute(
            delete(Installation).where(Installation.team_id == granted.team_id)
        )
    refresh = granted.refresh_token
    row = {
        "enterprise_id": granted.enterprise_id,
        "team_id": granted.team_id,
        "app_id": granted.app_id,
        "bot_user_id": granted.bot_user_id,
        "scopes": granted.scopes,
        "token": vault.seal(granted.token),
        "refresh_token": vault.seal(refresh) if refresh else None,
        "expires_at": granted.expires_at,
        "refreshing_until": None,
        "lost_at": None,
        "installed_at": now,
    }
    replace(session, Installation, [row])
    welcome_back(session, granted.workspace_id, now=now)


def find(
    session: Session, workspace_id: str, enterprise_id: str | None = None
) -> Installation | None:
    """Find what serves a workspace: its own installation, or its organisation's.

    Args:
        session: Only read from.
        workspace_id: The workspace.
        enterprise_id: Its organisation, if it is known to the caller.
    """
    own = session.scalar(
        select(Installation).where(
            Installation.team_id == workspace_id, Installation.team_id != ""
        )
    )
    if own is not None:
        return own
    if is_taken_out(session, workspace_id):
        return None
    above = enterprise_id or organisation_of(session, workspace_id) or workspace_id
    return session.get(Installation, (above, ""))


def organisation_of(session: Session, workspace_id: str) -> str | None:
    """The organisation a workspace is known to belong to."""
    return session.scalar(
        select(Workspace.enterprise_id).where(Workspace.id == workspace_id)
    )


def note_departure(session: Session, team_id: str, *, at: datetime) -> None:
    """Note that a workspace or organisation took Grapevine out.

    Late news of an earlier departure changes nothing for who has come back since.
    """
    held = session.get(Departure, team_id)
    if held is not None and held.returned_at is not None and held.returned_at >= at:
        return
    if _installed_since(session, team_id, at):
        return
    replace(
        session,
        Departure,
        [
            {
                "team_id": team_id,
                "enterprise_id": "",
                "left_at": at,
                "returned_at": None,
            }
        ],
    )
    session.execute(delete(Installation).where(_is_of(team_id)))


# What tells of the installation itself, and not of what happens in a workspace.
NEWS = frozenset(
    {
        "app_uninstalled",
        "team_access_granted",
        "team_access_revoked",
        "tokens_revoked",
    }
)


def note_news(
    session: Session,
    workspace_id: str,
    payload: Mapping[str, Any],
    *,
    kind: str,
    now: datetime,
) -> None:
    """Note what an event says of its installation, before it is digested.

    Args:
        session: Of the transaction that holds the event.
        workspace_id: Where it happened.
        payload: The event with its envelope.
        kind: The event's type.
        now: When it arrived.
    """
    if kind in NEWS:
        above = organisation_in(payload)
        at = _said_at(payload, now)
        match read_event(payload):
            case Uninstalled():
                note_departure(session, workspace_id, at=at)
            case LetIn(team_ids, granted):
                whose = above or read_id(payload.get("enterprise_id")) or workspace_id
                note_access(session, whose, team_ids, granted=granted, at=at)
        return
    note_organisation(session, workspace_id, payload, now=now)


def note_organisation(
    session: Session, workspace_id: str, payload: Mapping[str, Any], *, now: datetime
) -> None:
    """Note whose installation an event is for: jobs have no event to ask."""
    above = organisation_in(payload)
    if above is None or organisation_of(session, workspace_id) == above:
        return
    if not has_left(session, workspace_id, above):
        ensure_workspace(session, workspace_id, now=now).enterprise_id = above


def _said_at(payload: Mapping[str, Any], now: datetime) -> datetime:
    stamp = payload.get("event_time")
    if isinstance(stamp, int) and 0 < stamp < _FAR_S:
        return datetime.fromtimestamp(stamp, tz=UTC)
    return now


def organisation_in(payload: Mapping[str, Any]) -> str | None:
    """The organisation whose installation an event is for; None if a workspace's.

    https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
    """
    listed = payload.get("authorizations")
    first = listed[0] if isinstance(listed, list) and listed else payload
    if not isinstance(first, Mapping) or first.get("is_enterprise_install") is not True:
        return None
    return read_id(first.get("enterprise_id"))


def _installed_since(session: Session, team_id: str, at: datetime) -> bool:
    later = select(Installation.team_id).where(
        _is_of(team_id), Installation.installed_at > at
    )
    return session.scalar(later) is not None


def _is_of(team_id: str) -> Any:  # noqa: ANN401 - SQL
    whole = (Installation.enterprise_id == team_id) & (Installation.team_id == "")
    return or_(Installation.team_id == team_id, whole)


def has_left(session: Session, workspace_id: str, enterprise_id: str | None) -> bool:
    """Whether what comes from a workspace is not to be heard any more.

    Where only its organisation left, or it left and its organisation is there, an
    installation still serves it.
    """
    teams = [workspace_id, *([enterprise_id] if enterprise_id else [])]
    left = session.scalar(
        select(Departure.team_id)
        .where(Departure.team_id.in_(teams), Departure.returned_at.is_(None))
        .limit(1)
    )
    return left is not None and find(session, workspace_id, enterprise_id) is None


def to_remove(session: Session) -> list[str]:
    """Workspaces of which something is held though they have left."""
    held = session.execute(select(Workspace.id, Workspace.enterprise_id))
    return [one.id for one in held if has_left(session, one.id, one.enterprise_id)]


def spend_state(session: Session, state: str, *, until: datetime) -> bool:
    """Use a state of an installation up.

    Returns:
        False if it was used before, by whatever process.
    """
    row = {"hash": sha256(state.encode()).hexdigest(), "expires_at": until}
    return insert_new(session, OAuthState, row)


def sweep(session: Session, *, now: datetime) -> None:
    """Forget departures that nothing late can come from, and states too old."""
    old = now - REMEMBERED_FOR
    session.execute(delete(OAuthState).where(OAuthState.expires_at < now))
    session.execute(
        delete(Departure).where(
            Departure.left_at < old,
            or_(Departure.returned_at.is_(None), Departure.returned_at < old),
        )
    )


def renew_seals(session: Session, vault: Vault) -> int:
    """Seal every token with the key in use.

    Returns:
        How many installations.

    Raises:
        SealedError: One was sealed with a key that is not given.
    """
    held = session.scalars(select(Installation).with_for_update()).all()
    for one in held:
        one.token = vault.renew(one.token)
        one.refresh_token = one.refresh_token and vault.renew(one.refresh_token)
    return len(held)
