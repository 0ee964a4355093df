"""Open a community whose channel is there: everything that is said and done then.

All of it goes through the outbox in the transaction that notes the channel, each
under its own key, so that whatever dies, each thing happens once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.asks import answer_ask, asks_of
from bot.blocks import communities as shown
from bot.channel_names import MAX_PURPOSE
from bot.conversations import public_ones, recent_threads
from bot.graph import places
from bot.happenings import ChannelTold
from bot.invitations import invite_host, send_invitations
from bot.outbox import enqueue
from bot.outcomes import Reply, replace_buttons
from models import Community, CommunityState, Suggestion, Topic

SEED_KEY = "seed:"

# What a channel made now is held with: older than any event about it.
_FIRST_VERSION = "1"


def open_up(
    session: Session, community_id: int, channel_id: str, name: str, *, now: datetime
) -> None:
    """Note a community's channel, once, and decide everything that follows."""
    community = session.get(Community, community_id, with_for_update=True)
    if community is None or community.state != CommunityState.PLANNED:
        return  # another process was quicker
    community.channel_id, community.name = channel_id, name
    community.state = CommunityState.CREATED
    _hold_channel(session, community, channel_id)
    opening = _Opening(session, community, channel_id, now)
    suggestion = session.get_one(
        Suggestion, community.suggestion_id, with_for_update=True
    )
    _answer(opening, suggestion)
    _furnish(opening)
    _seed(opening, suggestion)
    send_invitations(session, now=now, community_id=community.id)
    _leave_notices(opening)


def _hold_channel(session: Session, community: Community, channel_id: str) -> None:
    """Hold the channel now, rather than when an event about it comes."""
    told = ChannelTold(
        channel_id,
        _FIRST_VERSION,
        name=community.name,
        purpose=community.purpose,
        is_private=False,
        is_archived=False,
        is_general=False,
        is_external=False,
        is_joined=True,
    )
    places.tell_channel(session, community.workspace_id, told)


@dataclass(frozen=True, slots=True)
class _Opening:
    session: Session
    community: Community
    channel_id: str
    now: datetime

    def call(self, key: str, method: str, arguments: Mapping[str, Any]) -> None:
        """Decide to call Slack about this community's channel."""
        enqueue(
            self.session,
            workspace_id=self.community.workspace_id,
            key=key,
            method=method,
            arguments={"channel": self.channel_id, **arguments},
            now=self.now,
        )


def _answer(opening: _Opening, suggestion: Suggestion) -> None:
    """Take the starter's yes, and ask the others who were asked to host too."""
    session, community = opening.session, opening.community
    asks = asks_of(session, suggestion)
    for ask in asks:  # first, since the starter hears how many were invited
        if ask.answer is None and ask.user_id != community.started_by:
            invite_host(session, community, ask.user_id)
    answer_ask(
        session,
        workspace_id=community.workspace_id,
        suggestion_id=suggestion.id,
        user_id=community.started_by,
        answer=Reply.YES,
        now=opening.now,
    )
    for ask in asks:
        if ask.answer in (None, Reply.YES):
            replace_buttons(session, suggestion, ask, now=opening.now)


def _furnish(opening: _Opening) -> None:
    """Let the starter in, and say in the channel's head what it is for."""
    community = opening.community
    starter = community.started_by
    opening.call(
        f"join:{community.id}:{starter}", "conversations.invite", {"users": starter}
    )
    label = opening.session.get_one(Topic, community.topic_id).label
    opening.call(
        f"topic:{community.id}",
        "conversations.setTopic",
        {"topic": label[:MAX_PURPOSE]},
    )
    opening.call(
        f"purpose:{community.id}",
        "conversations.setPurpose",
        {"purpose": community.purpose[:MAX_PURPOSE]},
    )


def _seed(opening: _Opening, suggestion: Suggestion) -> None:
    session, community = opening.session, opening.community
    said = shown.seed(
        session.get_one(Topic, community.topic_id).label,
        community.started_by,
        suggestion.gates,
        public_ones(session, community.workspace_id, community.topic_id),
    )
    opening.call(f"{SEED_KEY}{community.id}", "chat.postMessage", said.payload())


def _leave_notices(opening: _Opening) -> None:
    """Say in the latest threads where their topic now lives."""
    community = opening.community
    said = shown.moved(opening.channel_id, community.started_by)
    threads = recent_threads(
        opening.session, community.workspace_id, community.topic_id, joined_only=True
    )
    for thread in threads:
        arguments = {"channel": thread.channel_id, "thread_ts": thread.ts}
        opening.call(
            f"moved:{community.id}:{thread.channel_id}:{thread.ts}",
            "chat.postMessage",
            {**said.payload(), **arguments},
        )


def note_seeded(session: Session, key: str) -> None:
    """Note that the first message is in the channel: the community is open."""
    community = session.get(Community, int(key.removeprefix(SEED_KEY)))
    if community is not None and community.state == CommunityState.CREATED:
        community.state = CommunityState.OPEN
        session.flush()
