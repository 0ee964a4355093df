"""An answer of `who-knows` as lines for a terminal."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.answers import Knower, Outcome, WhoKnows
from bot.blocks.spoken import counted
from bot.errors import BadInputError
from bot.links import permalink
from bot.topic_names import visible
from models import Channel, Person, Workspace


@dataclass(frozen=True, slots=True)
class Names:
    """What the ids in an answer stand for.

    Attributes:
        people, channels: Names by id; without one where none is held.
        domain: The workspace's, "" if that is not known.
    """

    people: Mapping[str, str]
    channels: Mapping[str, str]
    domain: str

    def person(self, user_id: str) -> str:
        """Name a person, and give the id that other commands take."""
        name = self.people.get(user_id)
        return f"{name} ({user_id})" if name else user_id

    def message(self, channel_id: str, ts: str, at: datetime) -> str:
        """Say when and where a message was written, with its address."""
        channel = self.channels.get(channel_id)
        where = f"#{channel}" if channel else channel_id
        return f"{at:%Y-%m-%d}  {where}  {permalink(self.domain, channel_id, ts)}"


def read_names(session: Session, workspace_id: str, found: WhoKnows) -> Names:
    """Read the names of everybody and every channel in an answer."""
    user_ids = {person.user_id for person in found.people}
    channel_ids = {
        proof.channel_id for person in found.people for proof in person.evidence
    } | {one.channel_id for one in found.asked_before}
    return Names(
        _names(session, Person, workspace_id, user_ids),
        _names(session, Channel, workspace_id, channel_ids),
        session.get_one(Workspace, workspace_id).domain,
    )


def _names(
    session: Session,
    of: type[Person] | type[Channel],
    workspace_id: str,
    ids: Collection[str],
) -> dict[str, str]:
    held = session.execute(
        select(of.id, of.name).where(of.workspace_id == workspace_id, of.id.in_(ids))
    )
    # People call themselves what they like, and this goes to a terminal.
    return {row.id: visible(row.name) for row in held}


def in_lines(found: WhoKnows, names: Names) -> Iterator[str]:
    """Give an answer line by line.

    Raises:
        BadInputError: Nothing was asked about.
    """
    if found.outcome == Outcome.EMPTY:
        raise BadInputError('say what about, for example: who-knows "gpu kernels"')
    yield f"About {found.topic.label if found.topic else found.subject}:"
    if not found.people:
        yield "  nobody to name yet; `topics` lists what people ask about"
    for knower in found.people:
        yield from _person(knower, names)
    if found.places:
        yield "  Talked about in:"
        yield from (
            f"      #{visible(place.name)}: {place.why}" for place in found.places
        )
    if found.asked_before:
        yield "  Asked before:"
        for one in found.asked_before:
            told = names.message(one.channel_id, one.ts, one.at)
            yield f"      {told}  ({counted(one.answers, 'person', 'people')} answered)"


def _person(knower: Knower, names: Names) -> Iterator[str]:
    yield (
        f"  {names.person(knower.user_id)}: answered {knower.answered}, thanked "
        f"{knower.thanked}, asked {knower.asked}"
    )
    for proof in knower.evidence:
        yield f"      {names.message(proof.channel_id, proof.ts, proof.at)}"
