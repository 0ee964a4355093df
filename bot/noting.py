"""Note messages: hear them, find their vectors, hold them. The way every message takes.

Three steps, so that whoever has many can take them side by side: only the first and
the last need the database, and only the second needs the engine.
"""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.deps import Deps
from bot.graph import places
from bot.graph.messages import Noted, save_messages, save_words
from bot.graph.threads import reread_threads
from bot.graph.vectors import renew_vectors
from bot.happenings import Said
from bot.hearing import hear, hear_again, is_for_meaning, to_embed
from bot.vectors import Engine
from bot.vectors.store import pack
from models import Channel, Workspace


def note(
    session: Session, deps: Deps, workspace_id: str, said: Sequence[Said]
) -> list[Noted]:
    """Hold messages and rewrite their threads.

    Returns:
        Those that were new or newer.
    """
    noted = embed(deps.memories.engine, listen(session, deps, workspace_id, said))
    fresh = hold(session, workspace_id, noted)
    threads = {(one.said.channel_id, one.said.root_ts) for one in fresh}
    reread_threads(session, workspace_id, threads)
    return fresh


def listen(
    session: Session, deps: Deps, workspace_id: str, said: Sequence[Said]
) -> list[Noted]:
    """Hear messages, but for those said to Grapevine.

    Args:
        session: Only read from.
        deps: Whose hashers of words are used.
        workspace_id: Where they were said.
        said: In any order.

    Returns:
        Without vectors.
    """
    bot_id = session.get_one(Workspace, workspace_id).bot_user_id
    hasher = deps.memories.hasher(session, workspace_id)
    return [
        Noted(one, hear(one.text, hasher, is_root=one.is_root))
        for one in said
        # What is said to Grapevine is no conversation of the people's.
        if not bot_id or f"<@{bot_id}" not in one.text
    ]


def embed(engine: Engine | None, noted: Sequence[Noted]) -> list[Noted]:
    """Give questions their vectors, and judge those in doubt by them.

    Needs no database.
    """
    found = list(noted)
    if engine is None:
        return found
    wanted = [
        i
        for i, one in enumerate(found)
        if one.heard.is_question or is_for_meaning(one.heard.score, engine)
    ]
    if not wanted:
        return found
    vectors = engine.embed([to_embed(found[i].said.text) for i in wanted])
    for i, vector in zip(wanted, vectors, strict=True):
        one = replace(found[i], heard=hear_again(found[i].heard, vector, engine))
        if one.heard.is_question:
            one = replace(one, vector=pack(vector), vector_model=engine.model)
        found[i] = one
    return found


def hold(session: Session, workspace_id: str, noted: Sequence[Noted]) -> list[Noted]:
    """Hold messages; their threads are left to be rewritten.

    Returns:
        Those that were new or newer.
    """
    fresh = save_messages(session, workspace_id, noted)
    written = set(map(id, fresh))
    known = [one for one in noted if id(one) not in written]
    renewed = renew_vectors(session, workspace_id, known)
    public = {
        channel_id
        for channel_id in {one.said.channel_id for one in fresh}
        if _is_public(session, workspace_id, channel_id)
    }
    save_words(
        session, workspace_id, (one for one in fresh if one.said.channel_id in public)
    )
    if fresh or renewed:
        places.touch(session, workspace_id)
    return fresh


def _is_public(session: Session, workspace_id: str, channel_id: str) -> bool:
    channel = session.get(Channel, (workspace_id, channel_id))
    return channel is not None and not channel.is_private
