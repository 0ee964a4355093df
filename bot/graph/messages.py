"""What is held of messages, reactions and how words are written."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from bot.graph.keys import ThreadKey, by_channel
from bot.graph.upserts import Row, insert_missing, replace, run_plain
from bot.happenings import Deleted, Reacted, Said, instant
from bot.hearing import Heard
from models import Message, Reaction

_MAX_SURFACE = 100

# The version of a deleted message: newer than any.
_GONE = "inf"

_COUNT_USE = text(
    """
    INSERT INTO words
      (workspace_id, hash, surface_hash, first_user_id, surface, uses)
    VALUES (:workspace_id, :hash, :surface_hash, :user_id, :shared, :uses)
    ON CONFLICT (workspace_id, hash, surface_hash) DO UPDATE SET
      uses = words.uses + excluded.uses,
      surface = CASE WHEN words.first_user_id <> excluded.first_user_id
                     THEN :surface
                     ELSE coalesce(excluded.surface, words.surface) END
    """
)


@dataclass(frozen=True, slots=True)
class Noted:
    """A message with what was heard in it, ready to be held."""

    said: Said
    heard: Heard
    vector: bytes | None = None
    vector_model: str | None = None


def save_messages(
    session: Session, workspace_id: str, noted: Sequence[Noted]
) -> list[Noted]:
    """Hold messages; an older version of one never replaces a newer.

    Returns:
        Those that were new or newer, each message once.
    """
    newest: dict[tuple[str, str], Noted] = {}
    for one in noted:
        key = (one.said.channel_id, one.said.ts)
        before = newest.get(key)
        if before is None or _version(one) > _version(before):
            newest[key] = one
    held = _versions(session, workspace_id, newest)
    fresh = [
        one
        for key, one in newest.items()
        if key not in held or _version(one) > float(held[key])
    ]
    replace(session, Message, [_row(workspace_id, one) for one in fresh])
    return fresh


def _version(noted: Noted) -> float:
    return float(noted.said.version_ts)


def _versions(
    session: Session, workspace_id: str, keys: Iterable[tuple[str, str]]
) -> dict[tuple[str, str], str]:
    """Versions of the messages held; a tombstone's is newer than any."""
    found: dict[tuple[str, str], str] = {}
    for channel_id, some in by_channel(keys):
        rows = session.execute(
            select(Message.ts, Message.version_ts, Message.is_deleted).where(
                Message.workspace_id == workspace_id,
                Message.channel_id == channel_id,
                Message.ts.in_(some),
            )
        )
        for ts, version, is_deleted in rows:
            found[channel_id, ts] = _GONE if is_deleted else version
    return found


def _row(workspace_id: str, noted: Noted) -> Row:
    said, heard = noted.said, noted.heard
    return {
        "workspace_id": workspace_id,
        "channel_id": said.channel_id,
        "ts": said.ts,
        "root_ts": said.root_ts,
        "user_id": said.user_id,
        "at": instant(said.ts),
        "version_ts": said.version_ts,
        "is_deleted": False,
        "is_question": heard.is_question,
        "question_score": heard.score,
        "is_thanks": heard.is_thanks,
        "mentions": list(heard.mentions),
        "words": heard.words.tobytes(),
        "counts": heard.counts.tobytes(),
        "vector": noted.vector,
        "vector_model": noted.vector_model,
    }


def save_words(session: Session, workspace_id: str, noted: Iterable[Noted]) -> None:
    """Count how terms are written; a way that two people share becomes visible.

    Call it for messages of public channels alone: what is written in a private
    one must not become a label that everybody sees.
    """
    uses: Counter[tuple[int, str]] = Counter()
    first: dict[tuple[int, str], str] = {}
    shared: set[tuple[int, str]] = set()
    for one in noted:
        user_id = one.said.user_id
        for way in one.heard.surfaces:
            uses[way] += 1
            if first.setdefault(way, user_id) != user_id:
                shared.add(way)
    rows = [
        {
            "workspace_id": workspace_id,
            "hash": word,
            "surface_hash": _surface_hash(word, surface),
            "surface": surface[:_MAX_SURFACE],
            "shared": surface[:_MAX_SURFACE] if (word, surface) in shared else None,
            "user_id": first[word, surface],
            "uses": n,
        }
        for (word, surface), n in uses.items()
    ]
    run_plain(session, _COUNT_USE, rows)


def _surface_hash(word: int, surface: str) -> int:
    """Tell ways of writing one term apart; keyed by the term's own keyed hash."""
    digest = blake2b(
        surface.encode("utf-8", "surrogatepass"),
        key=word.to_bytes(8),
        digest_size=8,
    ).digest()
    return int.from_bytes(digest) >> 1


def bury(session: Session, workspace_id: str, deleted: Deleted) -> ThreadKey:
    """Leave a tombstone for a deleted message, known before or not.

    Returns:
        The thread it was in; its own `ts` if it was never heard.
    """
    held = session.get(Message, (workspace_id, deleted.channel_id, deleted.ts))
    root_ts = held.root_ts if held else deleted.ts
    row: Row = {
        "workspace_id": workspace_id,
        "channel_id": deleted.channel_id,
        "ts": deleted.ts,
        # Not its thread's: whether that was ever heard must make no difference.
        "root_ts": deleted.ts,
        "user_id": None,
        "at": instant(deleted.ts),
        "version_ts": deleted.ts,
        "is_deleted": True,
        "is_question": False,
        "question_score": 0.0,
        "is_thanks": False,
        "mentions": [],
        "words": b"",
        "counts": b"",
        "vector": None,
        "vector_model": None,
    }
    replace(session, Message, [row])
    session.execute(
        delete(Reaction).where(
            Reaction.workspace_id == workspace_id,
            Reaction.channel_id == deleted.channel_id,
            Reaction.ts == deleted.ts,
        )
    )
    session.expire_all()
    return deleted.channel_id, root_ts


def react(
    session: Session, workspace_id: str, reacted: Sequence[Reacted]
) -> set[ThreadKey]:
    """Note reactions, the latest state of each.

    Returns:
        The threads they are in, as far as their messages are held.
    """
    latest: dict[tuple[str, str, str, str], Reacted] = {}
    for one in reacted:
        key = (one.channel_id, one.ts, one.user_id, one.name)
        before = latest.get(key)
        if before is None or float(one.version_ts) >= float(before.version_ts):
            latest[key] = one
    fresh = [
        one
        for one in _to_be_held(session, workspace_id, latest.values())
        if _is_newer(session, workspace_id, one)
    ]
    replace(session, Reaction, [_reaction_row(workspace_id, one) for one in fresh])
    return _threads_of(session, workspace_id, {(r.channel_id, r.ts) for r in fresh})


def _to_be_held(
    session: Session, workspace_id: str, reacted: Iterable[Reacted]
) -> list[Reacted]:
    """Leave out reactions to what was deleted, in whatever order one hears of it."""
    wanted = list(reacted)
    keys = {(one.channel_id, one.ts) for one in wanted}
    versions = _versions(session, workspace_id, keys)
    return [one for one in wanted if versions.get((one.channel_id, one.ts)) != _GONE]


def _is_newer(session: Session, workspace_id: str, one: Reacted) -> bool:
    key = (workspace_id, one.channel_id, one.ts, one.user_id, one.name)
    held = session.get(Reaction, key)
    return held is None or float(one.version_ts) > float(held.version_ts)


def _reaction_row(workspace_id: str, one: Reacted) -> Row:
    return {
        "workspace_id": workspace_id,
        "channel_id": one.channel_id,
        "ts": one.ts,
        "user_id": one.user_id,
        "name": one.name,
        "is_present": one.is_present,
        "at": instant(one.version_ts),
        "version_ts": one.version_ts,
    }


def import_reactions(
    session: Session, workspace_id: str, reacted: Sequence[Reacted]
) -> None:
    """Note the reactions of an export; what was heard live is newer and stays."""
    held = _to_be_held(session, workspace_id, reacted)
    insert_missing(
        session, Reaction, [_reaction_row(workspace_id, one) for one in held]
    )


def _threads_of(
    session: Session, workspace_id: str, keys: set[tuple[str, str]]
) -> set[ThreadKey]:
    found: set[ThreadKey] = set()
    for channel_id, some in by_channel(keys):
        roots = session.scalars(
            select(Message.root_ts).where(
                Message.workspace_id == workspace_id,
                Message.channel_id == channel_id,
                Message.ts.in_(some),
            )
        )
        found |= {(channel_id, root_ts) for root_ts in roots}
    return found
