"""What a person may do to a topic: rename, merge, hide, lock, and take it back.

Whatever somebody decides, the periodic pass keeps (`bot.topics.keeping`), until it
is unlocked. Who may is for the surface to check; who did, and when, is noted here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.asks import close_suggestions_of
from bot.errors import BadInputError, NotFoundError
from bot.graph import topics
from bot.graph.upserts import insert_missing
from bot.topic_names import clean, refuse_taken
from models import (
    Act,
    Community,
    Curation,
    Evidence,
    Question,
    Suggestion,
    SuggestionState,
    Topic,
    TopicPreference,
)

MOST_NAMES = 10  # other names of a topic: more say no more, and crowd every list


@dataclass(frozen=True, slots=True)
class Curator:
    """Who acts, and when.

    Attributes:
        workspace_id: Of which workspace.
        user_id: Who; None on the command line.
        now: The present (aware).
    """

    workspace_id: str
    user_id: str | None
    now: datetime


def find_topic(
    session: Session, workspace_id: str, topic_id: int, *, to_change: bool = True
) -> Topic:
    """Get a topic that something may be done to, hidden or not.

    Args:
        session: The transaction.
        workspace_id: Whose.
        topic_id: Which.
        to_change: Whether it stays locked for others until the transaction ends.

    Raises:
        NotFoundError: The workspace has none of that id (any longer).
    """
    topic = session.get(Topic, topic_id, with_for_update=to_change)
    if topic is None or topic.workspace_id != workspace_id:
        raise NotFoundError(f"there is no topic {topic_id}: `topics` lists them")
    if topic.retired_at is not None:
        into = topics.survivor(session, topic.merged_into_id)
        step = (
            f"it was merged into {into}" if into else "nothing asks about it any more"
        )
        raise NotFoundError(f"topic {topic_id} is gone: {step}")
    return topic


def rename(session: Session, curator: Curator, topic_id: int, name: str) -> Topic:
    """Give a topic a name that stays.

    Raises:
        BadInputError: The name cannot be shown, or another topic has it.
        NotFoundError: There is no such topic.
    """
    topic = find_topic(session, curator.workspace_id, topic_id)
    label = _checked(session, topic, name)
    if label != topic.label:
        others = [
            a for a in names_of(session, topic) if a.casefold() != label.casefold()
        ]
        topics.name_topic(session, topic.workspace_id, topic.id, others)
        topic.label = label
        note(session, curator, topic, Act.RENAMED)
    topic.is_locked = True
    return topic


def set_names(
    session: Session, curator: Curator, topic_id: int, names: Sequence[str]
) -> Topic:
    """Give a topic these other names, in place of those it had.

    Raises:
        BadInputError: One cannot be shown, another topic has it, or they are many.
        NotFoundError: There is no such topic.
    """
    topic = find_topic(session, curator.workspace_id, topic_id)
    wanted = {c.casefold(): c for c in (_checked(session, topic, n) for n in names)}
    wanted.pop(topic.label.casefold(), None)
    if len(wanted) > MOST_NAMES:
        raise BadInputError(
            f"a topic has at most {MOST_NAMES} other names; these are {len(wanted)}: "
            "leave the rarest out"
        )
    held = set(names_of(session, topic))
    if set(wanted.values()) == held:
        return topic
    topics.name_topic(session, topic.workspace_id, topic.id, wanted.values())
    if set(wanted.values()) - held:
        note(session, curator, topic, Act.NAMED_TOO)
    if held - set(wanted.values()):
        note(session, curator, topic, Act.UNNAMED)
    topic.is_locked = True
    return topic


def add_name(session: Session, curator: Curator, topic_id: int, name: str) -> Topic:
    """Give a topic one more name; raises as `set_names` does."""
    topic = find_topic(session, curator.workspace_id, topic_id)
    return set_names(session, curator, topic_id, [*names_of(session, topic), name])


def remove_name(session: Session, curator: Curator, topic_id: int, name: str) -> Topic:
    """Take another name from a topic.

    Raises:
        NotFoundError: It has no such name, or there is no such topic.
    """
    topic = find_topic(session, curator.workspace_id, topic_id)
    held = names_of(session, topic)
    left = [one for one in held if one.casefold() != name.strip().casefold()]
    if len(left) == len(held):
        raise NotFoundError(
            f"topic {topic_id} has no other name {name!r}; it has "
            f"{', '.join(map(repr, held)) or 'none'}"
        )
    return set_names(session, curator, topic_id, left)


def names_of(session: Session, topic: Topic) -> list[str]:
    """A topic's other names."""
    held = topics.held_topics(session, topic.workspace_id)
    return next((list(one.aliases) for one in held if one.id == topic.id), [])


def merge(session: Session, curator: Curator, topic_id: int, into_id: int) -> Topic:
    """Let one topic live on in another, with its questions, names and people.

    What people said of the one holds for the other too, so that nobody who asked
    not to be named under it is.

    Raises:
        BadInputError: Both are the same.
        NotFoundError: One of them is not there.
    """
    if topic_id == into_id:
        raise BadInputError(f"topic {topic_id} cannot be merged into itself")
    topic = find_topic(session, curator.workspace_id, topic_id)
    into = find_topic(session, curator.workspace_id, into_id)
    names = [*names_of(session, into), topic.label, *names_of(session, topic)]
    if _is_open(session, into):
        close_suggestions_of(session, topic.id, now=curator.now)
    _move(session, topic, into)
    topics.name_topic(session, topic.workspace_id, topic.id, ())
    topic.retired_at = curator.now
    topic.merged_into_id = into.id
    distinct = {name.casefold(): name for name in reversed(names)}
    distinct.pop(into.label.casefold(), None)
    kept = [*reversed(distinct.values())][:MOST_NAMES]
    topics.name_topic(session, into.workspace_id, into.id, kept)
    into.is_locked = True
    note(session, curator, topic, Act.MERGED, other=into)
    return into


def _is_open(session: Session, topic: Topic) -> bool:
    """Whether people are being asked about a topic just now."""
    still_open = select(Suggestion.id).where(
        Suggestion.topic_id == topic.id, Suggestion.state == SuggestionState.OPEN
    )
    return session.scalar(still_open.limit(1)) is not None


def _move(session: Session, topic: Topic, into: Topic) -> None:
    """Hand over everything that hangs on a topic."""
    copy_wishes(session, topic, into)
    for model in (Question, Evidence, Suggestion, Community):
        session.execute(
            update(model)
            .where(model.workspace_id == topic.workspace_id, model.topic_id == topic.id)
            .values(topic_id=into.id)
            .execution_options(synchronize_session=False)
        )
    session.flush()


def copy_wishes(session: Session, topic: Topic, to: Topic) -> None:
    """Let what people said of a topic hold for another, unless they spoke of it."""
    rows = [
        {
            "workspace_id": one.workspace_id,
            "user_id": one.user_id,
            "topic_id": to.id,
            "choice": one.choice,
        }
        for one in session.scalars(
            select(TopicPreference).where(TopicPreference.topic_id == topic.id)
        )
    ]
    insert_missing(session, TopicPreference, rows)


def hide(session: Session, curator: Curator, topic_id: int) -> Topic:
    """Show a topic nowhere any more, and delete nothing.

    Raises:
        NotFoundError: There is no such topic.
    """
    topic = find_topic(session, curator.workspace_id, topic_id)
    if not topic.is_hidden:
        topic.is_hidden = True
        close_suggestions_of(session, topic.id, now=curator.now)
        note(session, curator, topic, Act.HIDDEN)
    return topic


def show(session: Session, curator: Curator, topic_id: int) -> Topic:
    """Show a hidden topic again; raises as `hide` does."""
    topic = find_topic(session, curator.workspace_id, topic_id)
    if topic.is_hidden:
        topic.is_hidden = False
        note(session, curator, topic, Act.SHOWN)
    return topic


def lock(session: Session, curator: Curator, topic_id: int) -> Topic:
    """Keep a topic's name and questions from the pass; raises as `hide` does."""
    topic = find_topic(session, curator.workspace_id, topic_id)
    if not topic.is_locked:
        topic.is_locked = True
        note(session, curator, topic, Act.LOCKED)
    return topic


def unlock(session: Session, curator: Curator, topic_id: int) -> Topic:
    """Hand a topic back to the pass, which may rename it; raises as `hide` does.

    The other names that a person gave go at once: the pass finds its own.
    """
    topic = find_topic(session, curator.workspace_id, topic_id)
    if topic.is_locked:
        topic.is_locked = False
        topics.name_topic(session, topic.workspace_id, topic.id, ())
        note(session, curator, topic, Act.UNLOCKED)
    return topic


def _checked(session: Session, topic: Topic, name: str) -> str:
    cleaned = clean(name)
    refuse_taken(cleaned, topic.id, topics.held_topics(session, topic.workspace_id))
    return cleaned


def note(
    session: Session,
    curator: Curator,
    topic: Topic,
    act: Act,
    *,
    other: Topic | None = None,
) -> None:
    """Note an act for whoever runs Grapevine."""
    session.add(
        Curation(
            workspace_id=curator.workspace_id,
            topic_id=topic.id,
            other_id=other.id if other else None,
            act=act,
            done_by=curator.user_id,
            at=curator.now,
        )
    )
    session.flush()
