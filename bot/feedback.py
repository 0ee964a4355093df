"""What people say of an answer: kept without text, and learnt from within bounds."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.ballots import Ballot, RepeatBallot
from bot.deps import Deps
from bot.graph.places import touch
from bot.graph.tunings import factors_of, surer_of
from bot.graph.upserts import replace
from bot.ranking.sureness import Word, surer
from bot.ranking.tuning import Judged, tune
from bot.ranking.weights import shipped_weights
from models import Preference, RepeatBar, RepeatVote, Tuning, Vote, Workspace

# What was said longer ago was said of other people and other questions.
KEPT_FOR = timedelta(days=365)
# Enough to settle a dozen factors; more only take longer.
_MOST_VOTES = 1_000
# Smaller moves change nobody's place and are not worth a new memory.
_WORTH_IT = 0.005


class Voted(StrEnum):
    """What came of a vote."""

    DONE = "done"
    NOT_ONESELF = "not oneself"  # nobody may praise themselves
    NOT_NAMED = "not named"  # only who is named may say "not me"
    NOT_KEPT = "not kept"  # somebody of the two has opted out


def that_helped(deps: Deps, workspace_id: str, user_id: str, ballot: Ballot) -> Voted:
    """Note that being sent to the one person of a ballot helped."""
    (about_id,) = ballot.people
    if about_id == user_id:
        return Voted.NOT_ONESELF
    return _note(deps, workspace_id, user_id, about_id, ballot, is_helpful=True)


def not_me(deps: Deps, workspace_id: str, user_id: str, ballot: Ballot) -> Voted:
    """Note that a person who was named says they are not the one to ask."""
    if user_id not in ballot.people:
        return Voted.NOT_NAMED
    return _note(deps, workspace_id, user_id, user_id, ballot, is_helpful=False)


def same_or_not(
    deps: Deps, workspace_id: str, user_id: str, ballot: RepeatBallot, *, is_same: bool
) -> Voted:
    """Note whether an earlier question was the same as the one somebody asked."""
    row = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "pair": ballot.pair,
        "is_same": is_same,
        "score": ballot.score,
        "at": deps.clock(),
    }
    with deps.database.sessions.begin() as session:
        if _have_opted_out(session, workspace_id, {user_id}):
            return Voted.NOT_KEPT
        replace(session, RepeatVote, [row])  # the last word counts, once
    return Voted.DONE


def _note(  # noqa: PLR0913 - a vote and where it goes
    deps: Deps,
    workspace_id: str,
    user_id: str,
    about_id: str,
    ballot: Ballot,
    *,
    is_helpful: bool,
) -> Voted:
    row = {
        "workspace_id": workspace_id,
        "user_id": user_id,
        "about_id": about_id,
        "question": ballot.question,
        "is_helpful": is_helpful,
        "contrast": dict(ballot.people[about_id]),
        "at": deps.clock(),
    }
    with deps.database.sessions.begin() as session:
        if _have_opted_out(session, workspace_id, {user_id, about_id}):
            return Voted.NOT_KEPT
        replace(session, Vote, [row])  # the last word counts, once
    return Voted.DONE


def _have_opted_out(session: Session, workspace_id: str, ids: set[str]) -> bool:
    found = session.scalars(
        select(Preference.user_id).where(
            Preference.workspace_id == workspace_id,
            Preference.user_id.in_(ids),
            Preference.is_opted_out,
        )
    )
    return found.first() is not None


def learn(deps: Deps, *, now: datetime) -> None:
    """Learn each workspace's factors and bar anew from its own votes."""
    with deps.database.readers() as session:
        workspaces = session.scalars(select(Workspace.id)).all()
    for workspace_id in workspaces:
        with deps.database.sessions.begin() as session:
            _learn(session, workspace_id, now)
            _learn_repeats(session, workspace_id, now)


def _learn(session: Session, workspace_id: str, now: datetime) -> None:
    mine = Vote.workspace_id == workspace_id
    session.execute(delete(Vote).where(mine, Vote.at < now - KEPT_FOR))
    newest = select(Vote).where(mine).order_by(Vote.at.desc()).limit(_MOST_VOTES)
    votes = [
        Judged(v.user_id, v.about_id, v.is_helpful, v.contrast)
        for v in session.scalars(newest)
    ]
    before = factors_of(session, workspace_id)
    names = shipped_weights().with_channel
    after = tune(votes, names)
    if all(abs(after[n] - before.get(n, 1.0)) < _WORTH_IT for n in names):
        return
    session.execute(delete(Tuning).where(Tuning.workspace_id == workspace_id))
    rows = [
        Tuning(workspace_id=workspace_id, feature=n, factor=f, votes=len(votes), at=now)
        for n, f in after.items()
    ]
    session.add_all(rows)
    touch(session, workspace_id)


def _learn_repeats(session: Session, workspace_id: str, now: datetime) -> None:
    mine = RepeatVote.workspace_id == workspace_id
    session.execute(delete(RepeatVote).where(mine, RepeatVote.at < now - KEPT_FOR))
    newest = select(RepeatVote).where(mine).order_by(RepeatVote.at.desc())
    words = [
        Word(v.user_id, v.pair, v.score, v.is_same)
        for v in session.scalars(newest.limit(_MOST_VOTES))
    ]
    learnt = surer(words)
    if abs(learnt - surer_of(session, workspace_id)) < _WORTH_IT:
        return
    row = {
        "workspace_id": workspace_id,
        "surer": learnt,
        "votes": len(words),
        "at": now,
    }
    replace(session, RepeatBar, [row])
    touch(session, workspace_id)
