"""Make a community: claimed first, made once, filled by invitation only.

    claim -> conversations.create -> open_up

`claim` is a row that only one person can have for a suggestion. Slack is called
outside any transaction; what dies between that and `open_up` is found again by
`go_on`, which recognises a channel of ours by who made it and when.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.asks import Heard, Took, answer_ask, find_ask, why_late
from bot.blocks import communities as shown
from bot.blocks.spoken import Spoken
from bot.deps import Deps
from bot.errors import SlackBusyError, SlackRefusedError
from bot.invitations import plan_invitations, send_invitations
from bot.openings import open_up
from bot.outbox import enqueue
from bot.outcomes import Reply, find_community
from bot.slack import Slack
from bot.taken_names import Taken, when_taken
from models import (
    Community,
    CommunityState,
    Invitation,
    Suggestion,
    SuggestionState,
    Workspace,
)

# A form that is still waiting for Slack has given up by then: the SDK waits for
# 30 seconds.
ABANDONED_AFTER = timedelta(minutes=2)

# Our clock and Slack's may differ by this much.
_CLOCKS_DIFFER = timedelta(minutes=5)

_CHANNELS_A_PAGE = 1_000


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person who starts a community wants."""

    name: str
    purpose: str
    people: tuple[str, ...]


class Came(StrEnum):
    """What came of trying to make a channel."""

    OPEN = "open"
    NAME_REFUSED = "name refused"
    HANDED_OVER = "handed over"  # Grapevine may not: a person gets a checklist
    LATER = "later"  # Slack is busy: `go_on` tries again


@dataclass(frozen=True, slots=True)
class Made:
    """What came of it, with what to show.

    Attributes:
        came: Which.
        channel_id: Set when open.
        code: Slack's word, when it refused.
        taken: What to offer instead, when the name is taken.
    """

    came: Came
    channel_id: str | None = None
    code: str = ""
    taken: Taken | None = None


def may_start(session: Session, suggestion: Suggestion, user_id: str) -> Heard:
    """Say whether a person may start this community now.

    The one who said yes and was given a checklist may try again.
    """
    found = find_ask(session, suggestion.workspace_id, suggestion.id, user_id)
    if found is None or suggestion.existing_channel_id is not None:
        return Heard(Took.NOT_YOURS)
    held = find_community(session, suggestion)
    if held is not None:
        return Heard(Took.SETTLED, held.started_by)
    if _is_handed_over(suggestion, user_id):
        return Heard(Took.TAKEN)
    return why_late(*found) or Heard(Took.TAKEN)


def _is_handed_over(suggestion: Suggestion, user_id: str) -> bool:
    return (
        suggestion.state == SuggestionState.ACCEPTED
        and suggestion.settled_by == user_id
    )


def claim(
    session: Session,
    suggestion: Suggestion,
    wish: Wish,
    *,
    user_id: str,
    now: datetime,
) -> Heard | Community:
    """Claim the making of a community, for one person.

    Args:
        session: The transaction; the suggestion must have been locked in it.
        suggestion: What is taken up.
        wish: What they want.
        user_id: Who takes it up.
        now: The present.

    Returns:
        The claim, or why there is none.
    """
    heard = may_start(session, suggestion, user_id)
    if heard.took != Took.TAKEN:
        return heard
    community = Community(
        workspace_id=suggestion.workspace_id,
        suggestion_id=suggestion.id,
        topic_id=suggestion.topic_id,
        name=wish.name,
        purpose=wish.purpose,
        started_by=user_id,
        state=CommunityState.PLANNED,
        created_at=now,
    )
    session.add(community)
    session.flush()
    plan_invitations(session, community, wish.people)
    return community


def make(deps: Deps, community_id: int, *, now: datetime, again: bool = False) -> Made:
    """Make the channel of a claim, and everything that follows from it.

    Args:
        deps: Collaborators.
        community_id: The claim.
        now: The present.
        again: Whether it may have been made by a process that died since.
    """
    with deps.database.readers() as session:
        plan = session.get_one(Community, community_id)
    slack = deps.slack_of(plan.workspace_id)
    try:
        channel = _create(deps, slack, plan, again=again)
    except SlackBusyError:
        return Made(Came.LATER)
    except SlackRefusedError as refused:
        with deps.database.sessions.begin() as session:
            return _give_back(session, community_id, refused.code, again=again, now=now)
    with deps.database.sessions.begin() as session:
        open_up(session, community_id, *channel, now=now)
    return Made(Came.OPEN, channel[0])


def _create(
    deps: Deps, slack: Slack, plan: Community, *, again: bool
) -> tuple[str, str]:
    """Create the channel; its id, and its name as Slack has it."""
    try:
        answer = slack.call("conversations.create", {"name": plan.name})
    except SlackRefusedError as refused:
        found = _find_own(deps, slack, plan) if again else None
        if refused.code != "name_taken" or found is None:
            raise
        return found
    channel = answer["channel"]
    return str(channel["id"]), str(channel["name"])


def _find_own(deps: Deps, slack: Slack, plan: Community) -> tuple[str, str] | None:
    """Find the channel of this plan among those that are there, if we made it."""
    with deps.database.readers() as session:
        our_id = session.get_one(Workspace, plan.workspace_id).bot_user_id
    since = (plan.created_at - _CLOCKS_DIFFER).timestamp()
    cursor = ""
    while True:
        page = slack.call(
            "conversations.list",
            {"types": "public_channel", "limit": _CHANNELS_A_PAGE, "cursor": cursor},
        )
        for one in page["channels"]:
            is_ours = our_id is not None and one.get("creator") == our_id
            is_new = one.get("created", 0) >= since
            if one.get("name") == plan.name and is_ours and is_new:
                return str(one["id"]), str(one["name"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return None


def _give_back(
    session: Session, community_id: int, code: str, *, again: bool, now: datetime
) -> Made:
    """Release a claim that Slack refused, and say what to do instead."""
    plan = session.get(Community, community_id, with_for_update=True)
    if plan is None or plan.state != CommunityState.PLANNED:
        return Made(Came.LATER)  # another process was quicker
    suggestion = session.get_one(Suggestion, plan.suggestion_id, with_for_update=True)
    people = _invited(session, plan)
    session.delete(plan)
    session.flush()
    if code == "name_taken" or code.startswith("invalid_name"):
        if again:  # the form is closed by now
            _tell_starter(
                session, plan, shown.name_went(plan.name, suggestion.id), now=now
            )
        return Made(
            Came.NAME_REFUSED,
            code=code,
            taken=when_taken(session, plan) if code == "name_taken" else None,
        )
    answer_ask(
        session,
        workspace_id=plan.workspace_id,
        suggestion_id=suggestion.id,
        user_id=plan.started_by,
        answer=Reply.YES,
        now=now,
    )
    said = shown.checklist(
        plan.name, plan.purpose, people, code=code, suggestion_id=suggestion.id
    )
    _tell_starter(session, plan, said, now=now)
    return Made(Came.HANDED_OVER, code=code)


def _invited(session: Session, plan: Community) -> list[str]:
    invited = select(Invitation.user_id).where(Invitation.community_id == plan.id)
    return list(session.scalars(invited.order_by(Invitation.user_id)))


def _tell_starter(
    session: Session, plan: Community, said: Spoken, *, now: datetime
) -> None:
    enqueue(
        session,
        workspace_id=plan.workspace_id,
        # The claim is gone and its number may be given out again: the time tells
        # one attempt from the next.
        key=f"community-told:{plan.suggestion_id}:{now.timestamp():.0f}",
        method="chat.postMessage",
        arguments={"channel": plan.started_by, **said.payload()},
        now=now,
    )


def go_on(deps: Deps, *, now: datetime) -> int:
    """Finish what a process that died, or a busy Slack, left half done.

    Returns:
        How many channels were waiting.
    """
    waiting = select(Community.id).where(
        Community.state == CommunityState.PLANNED,
        Community.created_at <= now - ABANDONED_AFTER,
    )
    with deps.database.readers() as session:
        planned = session.scalars(waiting.order_by(Community.id)).all()
    for community_id in planned:
        make(deps, community_id, now=now, again=True)
    with deps.database.sessions.begin() as session:
        send_invitations(session, now=now)
    return len(planned)
