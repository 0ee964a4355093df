"""Topics as they are listed for whoever runs Grapevine."""

from bot.deps import Deps
from bot.graph import topics
from bot.graph.listings import list_topics
from bot.pages import opt_out
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import happen, message, ts


def test_people_who_are_left_out_are_not_listed(deps: Deps, slack: Directory) -> None:
    question = message("UANNA", "How do you proof the sourdough?", 1)
    answers = [
        message(user, "Overnight", second, thread=1)
        for second, user in enumerate(("UBERT", "UCORA", "UDAVE"), 2)
    ]
    happen(deps, [question, *answers])
    gone = slack.people["UCORA"] | {"deleted": True}
    happen(deps, [{"type": "user_change", "user": gone, "event_ts": ts(9)}])
    with deps.database.sessions.begin() as session:
        opt_out(session, TEAM, "UDAVE")
        topic_id = topics.mint(session, TEAM, "Sourdough", now=NOW)
        topics.assign(session, TEAM, {("CPUB", ts(1)): topic_id})

    with deps.database.readers() as session:
        (listed,) = list_topics(session, TEAM)

    assert listed["questions"] == [{"channel": "CPUB", "ts": ts(1)}]
    assert {person["user"] for person in listed["people"]} == {"UANNA", "UBERT"}
