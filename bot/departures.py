"""That a workspace left or came back: remembered, whatever order the news comes in."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.graph.upserts import insert_missing, replace
from models import Departure, Installation


def welcome_back(session: Session, team_id: str, *, now: datetime) -> None:
    """Note that a workspace or organisation is there again, if it had left.

    With an organisation come all the workspaces that it had taken out one by one:
    from those that it does not let in again, nothing is sent.
    """
    session.execute(
        update(Departure)
        .where(or_(Departure.team_id == team_id, Departure.enterprise_id == team_id))
        .values(returned_at=now)
    )


def note_access(
    session: Session,
    enterprise_id: str,
    team_ids: Sequence[str],
    *,
    granted: bool,
    at: datetime,
) -> None:
    """Note which of its workspaces an organisation lets Grapevine into.

    The newest word counts, whenever it comes. A workspace with an installation of
    its own does not depend on its organisation's.

    Args:
        session: Of the transaction that holds the news.
        enterprise_id: The organisation.
        team_ids: The workspaces that it speaks of.
        granted: Whether they are let in, or not any more.
        at: When it was said.
    """
    for team_id in team_ids:
        if not granted and _has_its_own(session, team_id):
            continue
        held = session.get(Departure, team_id, populate_existing=True)
        told = {"team_id": team_id, "enterprise_id": enterprise_id, "left_at": at}
        if held is None:
            # Also of who had not left: news of an earlier departure may be late.
            returned_at = at if granted else None
            row = {**told, "returned_at": returned_at}
            insert_missing(session, Departure, [row])
        elif granted and held.left_at <= at:
            held.returned_at = at
        elif not granted and (held.returned_at is None or held.returned_at < at):
            replace(session, Departure, [{**told, "returned_at": None}])
        session.flush()


def _has_its_own(session: Session, team_id: str) -> bool:
    own = select(Installation.team_id).where(Installation.team_id == team_id)
    return session.scalar(own) is not None


def is_taken_out(session: Session, workspace_id: str) -> bool:
    """Whether an organisation that is there does not let Grapevine in here."""
    held = session.get(Departure, workspace_id)
    return held is not None and held.enterprise_id != "" and held.returned_at is None
