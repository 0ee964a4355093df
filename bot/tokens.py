"""Give each workspace's token, fresh, to whoever calls Slack: listeners and jobs.

With token rotation a token lasts twelve hours, and a refresh token can be used
once: https://docs.slack.dev/authentication/using-token-rotation. So of all threads
and processes one fetches the next, which a lease in the row decides. It is held in
the row, not by a transaction: no call to Slack is made inside one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from bot import installations
from bot.database import Database
from bot.errors import SlackBusyError, SlackRefusedError
from bot.vault import Vault
from models import Installation

log = logging.getLogger(__name__)

# Two hours before its end, as Slack's own SDK does: Slack may be away for one.
REFRESH_BEFORE = timedelta(hours=2)

# Longer than a call to Slack can take, after which the lease of one that died ends.
LEASE = timedelta(minutes=1)

# After Slack refused a refresh token; asking at every call would help nobody.
_REST = timedelta(minutes=10)

# How soon to look again for a token that somebody else is fetching.
_WAIT_S = 2.0

# How soon to look again for an installation that is not there (yet).
_NOT_INSTALLED_S = 60.0


class NotInstalledError(SlackBusyError):
    """A workspace has not installed Grapevine, or not yet been noted to."""

    def __init__(self, workspace_id: str) -> None:
        super().__init__("oauth.v2.access", retry_after_s=_NOT_INSTALLED_S)
        self.args = (f"{workspace_id} has not installed Grapevine (any more)",)


@dataclass(frozen=True, slots=True, repr=False)
class Held:
    """An installation with its token opened; it must not be printed."""

    enterprise_id: str
    team_id: str
    bot_user_id: str
    token: str
    refresh_token: str | None
    expires_at: datetime | None


class OAuth(Protocol):
    """Slack's `oauth.v2.access`, with the app's credentials."""

    def access(self, **arguments: str) -> dict[str, Any]:
        """Exchange a code or a refresh token.

        Raises:
            SlackRefusedError: Slack said no for good.
            SlackBusyError: Worth trying again after a pause.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of every workspace that installed Grapevine."""

    database: Database
    vault: Vault
    oauth: OAuth
    clock: Callable[[], datetime]

    def of(self, workspace_id: str, enterprise_id: str | None = None) -> Held:
        """Get the installation that serves a workspace, its token fresh.

        Raises:
            NotInstalledError: There is none.
            SlackBusyError: Its token has ended and the next is being fetched.
            SlackRefusedError: Slack gives no next one: it has to be reinstalled.
            SealedError: It was sealed with a key that is not given.
        """
        held = self._find(workspace_id, enterprise_id)
        now = self.clock()
        if held.expires_at is None or held.expires_at - now > REFRESH_BEFORE:
            return held
        if not self._lease(held, now):
            return self._still_good(held, now)
        try:
            self._refresh(held)
        except (SlackBusyError, SlackRefusedError) as error:
            log.warning("no new token for %s: %s", workspace_id, error)
            self._note(held, refreshing_until=now + _rest_after(error))
            if held.expires_at <= now:
                raise
            return held
        return self._find(workspace_id, enterprise_id)

    def _find(self, workspace_id: str, enterprise_id: str | None) -> Held:
        with self.database.readers() as session:
            row = installations.find(session, workspace_id, enterprise_id)
        if row is None:
            raise NotInstalledError(workspace_id)
        sealed = row.refresh_token
        return Held(
            enterprise_id=row.enterprise_id,
            team_id=row.team_id,
            bot_user_id=row.bot_user_id,
            token=self.vault.open(row.token),
            refresh_token=self.vault.open(sealed) if sealed else None,
            expires_at=row.expires_at,
        )

    def _still_good(self, held: Held, now: datetime) -> Held:
        if held.expires_at is not None and held.expires_at <= now:
            raise SlackBusyError("oauth.v2.access", retry_after_s=_WAIT_S)
        return held

    def _lease(self, held: Held, now: datetime) -> bool:
        """Become the one who fetches the next token, unless somebody is."""
        free = or_(
            Installation.refreshing_until.is_(None),
            Installation.refreshing_until <= now,
        )
        return self._note(
            held,
            free,
            # Nobody has fetched it since we looked.
            Installation.expires_at == held.expires_at,
            refreshing_until=now + LEASE,
        )

    def _refresh(self, held: Held) -> None:
        answer = self.oauth.access(
            grant_type="refresh_token", refresh_token=held.refresh_token or ""
        )
        # Slack counts from when it answered, so this ends a little early.
        ends_at = self.clock() + timedelta(seconds=int(answer["expires_in"]))
        self._note(
            held,
            token=self.vault.seal(str(answer["access_token"])),
            refresh_token=self.vault.seal(str(answer["refresh_token"])),
            expires_at=ends_at,
            refreshing_until=None,
        )

    def _note(self, held: Held, *conditions: Any, **values: Any) -> bool:  # noqa: ANN401 - SQL
        with self.database.sessions.begin() as session:
            return _update(session, held, *conditions, **values)


def _rest_after(error: SlackBusyError | SlackRefusedError) -> timedelta:
    if isinstance(error, SlackRefusedError):
        return _REST
    return timedelta(seconds=error.retry_after_s)


def _update(session: Session, held: Held, *conditions: Any, **values: Any) -> bool:  # noqa: ANN401 - SQL
    done: Any = session.execute(
        update(Installation)
        .where(
            Installation.enterprise_id == held.enterprise_id,
            Installation.team_id == held.team_id,
            *conditions,
        )
        .values(**values)
    )
    return int(done.rowcount) == 1
