"""A channel that got another id is the same channel, whatever is told first."""

import itertools
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.deps import Deps
from bot.graph import topics
from models import Channel, Community, DailyPost, Membership, Schedule, Suggestion
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import graph, happen, message, ts

ASKED = message("UANNA", "How do you proof the sourdough?", 1)
ANSWERED = message("UBERT", "Overnight", 2, thread=1)
CHANGED = {
    "type": "channel_id_changed",
    "old_channel_id": "CPUB",
    "new_channel_id": "CNEW",
    "event_ts": ts(10),
}
LATER = [
    CHANGED,
    message("UCORA", "Or on the counter", 11, thread=1, channel="CNEW"),
    {
        "type": "member_joined_channel",
        "user": "UANNA",
        "channel": "CNEW",
        "event_ts": ts(12),
    },
]


def rows(database: Database) -> dict[str, Any]:
    with database.readers() as session:
        return {
            "channels": set(session.scalars(select(Channel.id))),
            "members": session.execute(
                select(Membership.channel_id, Membership.user_id)
            ).all(),
            "daily": set(session.scalars(select(DailyPost.channel_id))),
            "schedules": session.scalars(select(Schedule.channel_id)).all(),
            "communities": session.scalars(select(Community.channel_id)).all(),
        }


def plan(deps: Deps) -> None:
    """A schedule with a day, and a community, in the channel."""
    of = {"workspace_id": TEAM, "channel_id": "CPUB"}
    when = {"time": "09:00", "days": "mon", "zone": "UTC", "pack": "starters"}
    with deps.database.sessions.begin() as session:
        topic_id = topics.mint(session, TEAM, "Sourdough", now=NOW)
        suggestion = Suggestion(workspace_id=TEAM, topic_id=topic_id, created_at=NOW)
        session.add(suggestion)
        session.flush()
        session.add_all(
            [
                Schedule(**of, **when, created_by="UANNA", created_at=NOW),
                DailyPost(
                    **of, day=NOW.date(), number=1, question_key="q", claimed_at=NOW
                ),
                Community(
                    **of,
                    topic_id=topic_id,
                    suggestion_id=suggestion.id,
                    name="bakers",
                    purpose="",
                    started_by="UANNA",
                    created_at=NOW,
                ),
            ]
        )


@pytest.mark.parametrize("order", list(itertools.permutations(range(len(LATER)))))
def test_everything_is_carried_over(
    deps: Deps, slack: Directory, order: tuple[int, ...]
) -> None:
    slack.channels["CNEW"] = slack.channels["CPUB"] | {"id": "CNEW"}
    joined = LATER[2] | {"channel": "CPUB", "event_ts": ts(3)}
    happen(deps, [ASKED, ANSWERED, joined])
    plan(deps)

    happen(deps, [LATER[i] for i in order])

    held = graph(deps.database)
    assert {m[0] for m in held["messages"]} == {"CNEW"}
    assert {(a[0], a[2]) for a in held["answers"]} == {
        ("CNEW", "UBERT"),
        ("CNEW", "UCORA"),
    }
    assert rows(deps.database) == {
        "channels": {"CNEW"},
        "members": [("CNEW", "UANNA")],
        "daily": {"CNEW"},
        "schedules": ["CNEW"],
        "communities": ["CNEW"],
    }
