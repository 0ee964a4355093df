"""What to offer somebody whose channel name is taken."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.channel_names import free_names, propose_name
from models import Channel, Community, Topic

_ALTERNATIVES = 2


@dataclass(frozen=True, slots=True)
class Taken:
    """What there is instead of a name.

    Attributes:
        free: Names like it that no channel held bears.
        existing_id: The channel of that name, if it is the topic's own.
    """

    free: tuple[str, ...]
    existing_id: str | None


def when_taken(session: Session, plan: Community) -> Taken:
    """Say what to offer instead of the name that somebody chose."""
    named = session.scalars(
        select(Channel).where(
            Channel.workspace_id == plan.workspace_id,
            Channel.name == plan.name,
            Channel.is_private.is_(False),
            Channel.is_archived.is_(False),
        )
    ).first()
    label = session.get_one(Topic, plan.topic_id).label
    # A channel that bears the topic's own name is its place already.
    is_its_own = named is not None and plan.name == propose_name(label)
    return Taken(
        free=tuple(_free(session, plan.workspace_id, plan.name, _ALTERNATIVES)),
        existing_id=named.id if named is not None and is_its_own else None,
    )


def open_name(session: Session, workspace_id: str, label: str) -> str:
    """Propose a name for a topic's channel that no channel held bears.

    Returns:
        "" if the label gives none.
    """
    name = propose_name(label)
    if not name or not _is_taken(session, workspace_id, name):
        return name
    return _free(session, workspace_id, name, 1)[0]


def _free(session: Session, workspace_id: str, name: str, n: int) -> list[str]:
    return free_names(name, lambda one: not _is_taken(session, workspace_id, one), n)


def _is_taken(session: Session, workspace_id: str, name: str) -> bool:
    held = select(Channel.id).where(
        Channel.workspace_id == workspace_id, Channel.name == name
    )
    return session.scalars(held).first() is not None
