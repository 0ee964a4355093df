"""Give each workspace's token, fresh, to whoever calls Slack: listeners and jobs.

With token rotation a token lasts twelve hours, and a refresh token can be used
once: https://docs.slack.dev/authentication/using-token-rotation. So of all threads
and processes one fetches the next, which a lease in the row decides. It is held in
the row, not by a transaction: no call to Slack is made inside one.

Between Slack's answer and our noting it lies a moment in which the next refresh token
is nowhere but in this process. So it is fetched while the present token has half of
its time left: what is lost then is a matter of hours for a person, not of an outage.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import or_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot import installations
from bot.database import Database
from bot.errors import SlackBusyError, SlackLockedOutError, SlackRefusedError
from bot.slack import LOCKED_OUT_RETRY_S
from bot.vault import Vault
from models import Installation

log = logging.getLogger(__name__)

# Half of a token's time. Slack's own SDK waits until two hours are left, which is
# soon over for whoever has to find a person who may install the app.
REFRESH_BEFORE = timedelta(hours=6)

# Longer than a call to Slack can take, after which the lease of one that died ends.
LEASE = timedelta(minutes=1)

# After Slack refused a refresh token; asking at every call would help nobody.
_REST = timedelta(minutes=30)

# What was fetched is written down again and again for so long: it cannot be fetched
# twice. All of it is shorter than the lease.
_NOTE_AGAIN_S = (0.1, 0.5, 2.0, 5.0, 10.0)

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
    # As it lies in the row, to see whether somebody renewed it since.
    sealed: str


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
    sleep: Callable[[float], object] = time.sleep

    def of(self, workspace_id: str, enterprise_id: str | None = None) -> Held:
        """Get the installation that serves a workspace, its token fresh.

        Raises:
            NotInstalledError: There is none.
            SlackBusyError: Its token has ended and the next is being fetched.
            SlackLockedOutError: It has ended, and Slack gives no next one: the app
                has to be installed again.
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
        except SlackBusyError as busy:
            log.warning("no new token for %s: %s", workspace_id, busy)
            pause = timedelta(seconds=busy.retry_after_s)
            self._note(held, refreshing_until=now + pause)
            if held.expires_at <= now:
                raise
        except SlackRefusedError as refused:
            if self._note(held, refreshing_until=now + _REST, lost_at=now):
                return self._lost(held, refused)
            # Stopped for longer than the lease, we came second.
        return self._find(workspace_id, enterprise_id)

    def _lost(self, held: Held, refused: SlackRefusedError) -> Held:
        """Go on with a token that has no next one, for as long as it lasts."""
        log.error(
            "%s has to install Grapevine again: Slack gives no new token (%s), the "
            "present one ends at %s",
            held.team_id or held.enterprise_id,
            refused.code,
            f"{held.expires_at:%Y-%m-%d %H:%M} UTC",
        )
        return self._still_good(held, self.clock())

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
            sealed=row.token,
        )

    def _still_good(self, held: Held, now: datetime) -> Held:
        if held.expires_at is None or held.expires_at > now:
            return held
        with self.database.readers() as session:
            key = (held.enterprise_id, held.team_id)
            row = session.get(Installation, key)
        if row is not None and row.lost_at is not None:
            raise SlackLockedOutError(
                "oauth.v2.access", "token_expired", retry_after_s=LOCKED_OUT_RETRY_S
            )
        raise SlackBusyError("oauth.v2.access", retry_after_s=_WAIT_S)

    def _lease(self, held: Held, now: datetime) -> bool:
        """Become the one who fetches the next token, unless somebody is."""
        free = or_(
            Installation.refreshing_until.is_(None),
            Installation.refreshing_until <= now,
        )
        return self._note(
            held,
            free,
            refreshing_until=now + LEASE,
        )

    def _refresh(self, held: Held) -> None:
        answer = self.oauth.access(
            grant_type="refresh_token", refresh_token=held.refresh_token or ""
        )
        # Slack counts from when it answered, so this ends a little early.
        ends_at = self.clock() + timedelta(seconds=int(answer["expires_in"]))
        self._note_surely(
            held,
            token=self.vault.seal(str(answer["access_token"])),
            refresh_token=self.vault.seal(str(answer["refresh_token"])),
            expires_at=ends_at,
            refreshing_until=None,
            lost_at=None,
        )

    def _note_surely(self, held: Held, **values: Any) -> None:  # noqa: ANN401 - SQL
        """Note what cannot be fetched again, though the database may be away."""
        for pause_s in _NOTE_AGAIN_S:
            try:
                self._note(held, **values)
            except SQLAlchemyError as error:
                log.warning("a new token waits to be noted: %s", type(error).__name__)
                self.sleep(pause_s)
            else:
                return
        self._note(held, **values)

    def _note(self, held: Held, *conditions: Any, **values: Any) -> bool:  # noqa: ANN401 - SQL
        """Change the row, unless somebody renewed its token since we looked."""
        with self.database.sessions.begin() as session:
            return _update(session, held, *conditions, **values)


def _update(session: Session, held: Held, *conditions: Any, **values: Any) -> bool:  # noqa: ANN401 - SQL
    done: Any = session.execute(
        update(Installation)
        .where(
            Installation.enterprise_id == held.enterprise_id,
            Installation.team_id == held.team_id,
            Installation.token == held.sealed,
            *conditions,
        )
        .values(**values)
    )
    return int(done.rowcount) == 1
