"""Look at the workspaces that installed Grapevine: their key, tokens and scopes."""

from collections.abc import Callable, Sequence

from sqlalchemy import select

from bot.blocks.spoken import counted
from bot.checks import Check
from bot.database import Database
from bot.errors import BadInputError, GrapevineError
from bot.manifest import scopes
from bot.slack import SlackOf
from bot.tokens import Tokens
from bot.vault import SETTING, SealedError
from models import Installation, Workspace

_AGAIN = "have the app installed there again, at /slack/install of your address"

# Each is asked for at Slack; more would keep whoever waits for the doctor.
ASKED_AT_MOST = 20


def check_tenants(
    database: Database, tokens: Callable[[], Tokens], slack_of: SlackOf
) -> list[Check]:
    """Make the checks that stand in for those of one bot token.

    Args:
        database: With the installations.
        tokens: Opens them; raises `BadInputError` where settings do not do.
        slack_of: Slack's Web API, of a workspace.
    """
    try:
        vault = tokens().vault
    except BadInputError as error:
        fix = "set what it names; docs/many-workspaces.md says where each is found"
        return [Check("settings", ok=False, detail=str(error), fix=fix)]
    with database.readers() as session:
        held = session.scalars(select(Installation)).all()
        # A token for an organisation has to be tried in a workspace of it.
        inside = {w.enterprise_id: w.id for w in session.scalars(select(Workspace))}
    try:
        for one in held:
            vault.open(one.token)
    except SealedError as error:
        fix = f"set {SETTING}=NEW,OLD with the key that was in use before"
        return [Check("encryption key", ok=False, detail=str(error), fix=fix)]
    key = Check(
        "encryption key", ok=True, detail=f"opens {counted(len(held), 'installation')}"
    )
    lost = [one for one in held if one.lost_at is not None]
    tried = [one.team_id or inside.get(one.enterprise_id) for one in held]
    known = [t for t in tried if t]
    return [key, _tokens(known, slack_of), _renewal(lost), _scopes(held)]


def _renewal(lost: Sequence[Installation]) -> Check:
    """Name who has to install it again, while the present token still lasts."""
    if not lost:
        return Check("token renewal", ok=True, detail="Slack takes every refresh token")
    told = [
        f"{one.team_id or one.enterprise_id} (works until "
        f"{one.expires_at:%Y-%m-%d %H:%M} UTC)"
        for one in lost
    ]
    return Check(
        "token renewal",
        ok=False,
        detail=f"Slack gives no new token to {', '.join(told)}",
        fix=f"{_AGAIN}; nothing that is held gets lost",
    )


def _tokens(workspaces: list[str], slack_of: SlackOf) -> Check:
    failed = []
    for workspace_id in workspaces[:ASKED_AT_MOST]:
        try:
            slack_of(workspace_id).call("auth.test", {})
        except GrapevineError as error:
            failed.append(f"{workspace_id}: {error}")
    if failed:
        return Check("tokens", ok=False, detail="; ".join(failed), fix=_AGAIN)
    n = min(len(workspaces), ASKED_AT_MOST)
    return Check("tokens", ok=True, detail=f"{n} of {len(workspaces)} tried, all work")


def _scopes(held: Sequence[Installation]) -> Check:
    wanted = set(scopes("bot"))
    short = {
        one.team_id or one.enterprise_id: wanted - set(one.scopes.split(","))
        for one in held
    }
    missing = [f"{w}: {', '.join(sorted(less))}" for w, less in short.items() if less]
    if missing:
        fix = "bring the app's manifest up to date and have it installed there again"
        return Check("scopes", ok=False, detail="; ".join(missing), fix=fix)
    return Check("scopes", ok=True, detail="all of manifest.yml are granted")
