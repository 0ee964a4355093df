"""Communities: one claim, one channel, one message of each kind, whatever dies."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.asks import Heard, Took, answer_ask, find_ask
from bot.communities import (
    ABANDONED_AFTER,
    Came,
    Made,
    Wish,
    claim,
    go_on,
    make,
)
from bot.conversations import people_of
from bot.database import Database
from bot.deps import Deps
from bot.invitations import INVITED_WITHIN, answer_invitation
from bot.openings import open_up
from bot.outbox import GIVE_UP_AFTER, Sent
from bot.outcomes import ASK_AGAIN_AFTER, Reply
from bot.quiet import UNASKED_EVERY
from bot.settling import settled
from bot.suggestions import Proposal, suggest
from bot.taken_names import open_name
from models import (
    Channel,
    Community,
    CommunityState,
    Evidence,
    EvidenceKind,
    Invitation,
    InvitationState,
    Preference,
    Question,
    Suggestion,
    SuggestionState,
    TopicPreference,
)
from tests.db.conftest import NOW, TEAM, FakeSlack

GATES = [{"name": "questions", "value": 14.0}]
WISH = Wish("release-notes", "Questions about release notes", ("U3", "U4"))
Send = Callable[..., None]


@pytest.fixture
def asked(database: Database, send_all: Send) -> None:
    """A suggestion is put to U1 and U2."""
    with database.sessions.begin() as session:
        proposal = Proposal(TEAM, 1, "Release notes", GATES, ("U1", "U2"))
        assert suggest(session, proposal, now=NOW)
    send_all()


def question(ts: str, channel_id: str = "C1") -> Question:
    return Question(
        workspace_id=TEAM,
        channel_id=channel_id,
        ts=ts,
        asker_id="U3",
        at=datetime.fromtimestamp(float(ts), NOW.tzinfo),
        topic_id=1,
    )


def take_up(
    database: Database, user_id: str = "U1", wish: Wish = WISH, now: datetime = NOW
) -> Heard | Community:
    with database.sessions.begin() as session:
        found = find_ask(session, TEAM, 1, user_id)
        assert found is not None
        return claim(session, found[0], wish, user_id=user_id, now=now)


def claimed(database: Database, **changed: Any) -> int:
    held = take_up(database, **changed)
    assert isinstance(held, Community)
    return held.id


def start(database: Database, deps: Deps, **changed: Any) -> Made:
    return make(deps, claimed(database, **changed), now=NOW)


def community(database: Database) -> Community | None:
    with database.readers() as session:
        return session.scalar(select(Community))


def suggestion_state(database: Database) -> str:
    with database.readers() as session:
        return session.get_one(Suggestion, 1).state


def reply(database: Database, user_id: str, *, accepts: bool) -> Took:
    with database.sessions.begin() as session:
        return answer_invitation(
            session,
            workspace_id=TEAM,
            community_id=1,
            user_id=user_id,
            accepts=accepts,
            place=("D9", "9.000001"),
            now=NOW,
        )


@pytest.mark.usefixtures("asked")
def test_a_yes_makes_the_channel_with_all_that_belongs_to_it(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    made = start(database, deps)
    send_all()

    assert made == Made(Came.OPEN, "CNEW")
    held = community(database)
    assert held is not None
    assert held.state == CommunityState.OPEN
    assert slack.sent("conversations.invite") == [{"channel": "CNEW", "users": "U1"}]
    assert slack.sent("conversations.setTopic")[0]["topic"] == "Release notes"
    assert slack.sent("conversations.setPurpose")[0]["purpose"] == WISH.purpose
    assert "It grew out of 14 questions" in slack.told("CNEW")[0]
    assert "<@U1> started <#CNEW>" in slack.told("U3")[0]
    assert suggestion_state(database) == SuggestionState.ACCEPTED


@pytest.mark.usefixtures("asked")
def test_the_messages_that_asked_say_what_came_of_it(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    start(database, deps)
    send_all()

    texts = {u["channel"]: u["text"] for u in slack.sent("chat.update")}
    assert "You started <#CNEW>" in texts["D1"]
    assert "Would you host it together?" in texts["D2"]


@pytest.mark.usefixtures("asked")
def test_the_latest_public_threads_hear_where_to_go_on(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    with database.sessions.begin() as session:
        session.add_all(
            [
                *(question(f"17700000{n:02}.000100") for n in range(7)),
                Channel(workspace_id=TEAM, id="C2", is_private=True, is_joined=True),
                Channel(workspace_id=TEAM, id="C3", is_external=True, is_joined=True),
                Channel(workspace_id=TEAM, id="C4", is_joined=False),
                *(question("1772000000.000100", c) for c in ("C2", "C3", "C4")),
            ]
        )
    start(database, deps)
    send_all()

    notices = [a for a in slack.sent() if "thread_ts" in a]
    assert [n["thread_ts"] for n in notices] == [
        f"17700000{n:02}.000100" for n in (6, 5, 4, 3, 2)
    ]
    assert {n["channel"] for n in notices} == {"C1"}
    assert "<#CNEW>" in notices[0]["text"]


@pytest.mark.usefixtures("asked")
def test_only_one_of_two_can_claim_it(deps: Deps, database: Database) -> None:
    first = take_up(database, "U1")
    second = take_up(database, "U2")

    assert isinstance(first, Community)
    assert second == Heard(Took.SETTLED, "U1")
    make(deps, first.id, now=NOW)
    assert take_up(database, "U1") == Heard(Took.SETTLED, "U1")


@pytest.mark.usefixtures("asked")
def test_who_said_not_now_cannot_start_it(database: Database) -> None:
    with database.sessions.begin() as session:
        answer_ask(
            session,
            workspace_id=TEAM,
            suggestion_id=1,
            user_id="U1",
            answer=Reply.NOT_NOW,
            now=NOW,
        )

    assert take_up(database) == Heard(Took.ANSWERED)


@pytest.mark.parametrize("code", ["name_taken", "invalid_name_specials"])
@pytest.mark.usefixtures("asked")
def test_a_name_that_slack_refuses_releases_the_claim(
    deps: Deps, database: Database, slack: FakeSlack, code: str
) -> None:
    slack.refusals["conversations.create"] = code

    made = start(database, deps)

    assert (made.came, made.code) == (Came.NAME_REFUSED, code)
    assert community(database) is None
    assert suggestion_state(database) == SuggestionState.OPEN
    slack.refusals.clear()
    assert start(database, deps, user_id="U2").came == Came.OPEN


@pytest.mark.parametrize(
    ("name", "free", "existing"),
    [
        pytest.param(
            "release-notes",
            ("release-notes-questions", "release-notes-circle"),
            "C7",
            id="the topic's own name",
        ),
        pytest.param(
            "news", ("news-community", "news-questions"), None, id="another's name"
        ),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_taken_name_comes_with_free_ones_or_the_channel_itself(  # noqa: PLR0913 - fixtures and a case
    deps: Deps,
    database: Database,
    slack: FakeSlack,
    *,
    name: str,
    free: tuple[str, ...],
    existing: str | None,
) -> None:
    with database.sessions.begin() as session:
        for at, held in enumerate(["release-notes", "release-notes-community", "news"]):
            session.add(Channel(workspace_id=TEAM, id=f"C{7 + at}", name=held))
    slack.refusals["conversations.create"] = "name_taken"

    made = start(database, deps, wish=Wish(name, "", ()))

    assert made.taken is not None
    assert (made.taken.free, made.taken.existing_id) == (free, existing)


@pytest.mark.parametrize(
    "code", ["restricted_action", "cannot_create_channel", "missing_scope"]
)
@pytest.mark.usefixtures("asked")
def test_who_may_not_create_channels_gets_a_checklist(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send, code: str
) -> None:
    slack.refusals["conversations.create"] = code

    made = start(database, deps)
    send_all()

    assert made.came == Came.HANDED_OVER
    told = slack.told("U1")[-1]
    for needed in ("release-notes", WISH.purpose, "<@U3>, <@U4>"):
        assert needed in told
    assert "<@U1> is starting a community" in next(
        u["text"] for u in slack.sent("chat.update") if u["channel"] == "D2"
    )
    assert suggestion_state(database) == SuggestionState.ACCEPTED
    assert community(database) is None


@pytest.mark.usefixtures("asked")
def test_after_a_checklist_only_the_same_person_may_try_again(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    slack.refusals["conversations.create"] = "restricted_action"
    start(database, deps)
    slack.refusals.clear()

    assert take_up(database, "U2") == Heard(Took.SETTLED, "U1")
    assert start(database, deps).came == Came.OPEN
    send_all()
    updates = [u["text"] for u in slack.sent("chat.update") if u["channel"] == "D1"]
    assert "You started <#CNEW>" in updates[-1]


@pytest.mark.usefixtures("asked")
def test_a_busy_slack_is_asked_again_later(
    deps: Deps, database: Database, slack: FakeSlack
) -> None:
    slack.busy.add("conversations.create")
    assert start(database, deps).came == Came.LATER
    slack.busy.clear()

    assert go_on(deps, now=NOW + ABANDONED_AFTER - timedelta(seconds=1)) == 0
    assert go_on(deps, now=NOW + ABANDONED_AFTER) == 1

    held = community(database)
    assert held is not None
    assert held.channel_id == "CNEW"


def listed(**changed: Any) -> dict[str, Any]:
    made_at = int(NOW.timestamp()) + 1
    one = {"id": "COURS", "name": "release-notes", "creator": "UBOT"}
    return {**one, "created": made_at, **changed}


@pytest.mark.usefixtures("asked")
def test_a_channel_made_by_a_process_that_died_is_found_again(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    claimed(database)
    slack.refusals["conversations.create"] = "name_taken"
    slack.channels = [listed(id="CX", name="other"), listed()]

    go_on(deps, now=NOW + ABANDONED_AFTER)
    go_on(deps, now=NOW + 2 * ABANDONED_AFTER)
    send_all(NOW + 2 * ABANDONED_AFTER)

    held = community(database)
    assert held is not None
    assert held.channel_id == "COURS"
    assert len(slack.told("COURS")) == 1


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"creator": "U9"}, id="somebody else's"),
        pytest.param({"created": 1}, id="of long ago"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_a_channel_that_is_not_ours_is_never_taken_over(
    deps: Deps,
    database: Database,
    slack: FakeSlack,
    send_all: Send,
    changed: dict[str, Any],
) -> None:
    claimed(database)
    slack.refusals["conversations.create"] = "name_taken"
    slack.channels = [listed(**changed)]

    go_on(deps, now=NOW + ABANDONED_AFTER)
    send_all(NOW + ABANDONED_AFTER)

    assert community(database) is None
    assert "taken in the meantime" in slack.told("U1")[-1]


@pytest.mark.usefixtures("asked")
def test_opening_twice_says_everything_once(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    made = start(database, deps)
    with database.sessions.begin() as session:
        open_up(session, 1, "COTHER", "release-notes", now=NOW)
    send_all()

    assert len(slack.told("CNEW")) == 1
    assert slack.told("COTHER") == []
    held = community(database)
    assert held is not None
    assert held.channel_id == made.channel_id == "CNEW"


@pytest.mark.usefixtures("asked")
def test_only_who_accepts_is_added(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    start(database, deps)
    send_all()

    assert reply(database, "U3", accepts=True) == Took.TAKEN
    assert reply(database, "U4", accepts=False) == Took.TAKEN

    send_all()
    added = [a["users"] for a in slack.sent("conversations.invite")]
    assert added == ["U1", "U3"]
    texts = [u["text"] for u in slack.sent("chat.update")][-2:]
    assert texts[0] == "You joined <#CNEW>. Welcome."
    assert "won't be invited" in texts[1]


@pytest.mark.parametrize(
    ("user_id", "took"),
    [
        pytest.param("U5", Took.NOT_YOURS, id="not invited"),
        pytest.param("U3", Took.ANSWERED, id="answered before"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_an_invitation_is_answered_once_by_whom_it_is_for(
    deps: Deps, database: Database, user_id: str, took: Took
) -> None:
    start(database, deps)
    reply(database, "U3", accepts=False)

    assert reply(database, user_id, accepts=True) == took


@pytest.mark.usefixtures("asked")
def test_a_retired_community_takes_nobody_in(deps: Deps, database: Database) -> None:
    start(database, deps)
    with database.sessions.begin() as session:
        session.get_one(Community, 1).state = CommunityState.RETIRED

    assert reply(database, "U3", accepts=True) == Took.SETTLED


@pytest.mark.usefixtures("asked")
def test_who_was_asked_too_may_host_without_another_message(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    start(database, deps, wish=Wish("release-notes", "", ("U2", "U3")))
    send_all()
    before = len(slack.told("U2"))

    assert reply(database, "U2", accepts=True) == Took.TAKEN

    with database.readers() as session:
        held = session.get_one(Invitation, (TEAM, 1, "U2"))
    assert (held.is_host, held.state) == (True, InvitationState.ACCEPTED)
    assert before == 1  # the question itself


@pytest.mark.usefixtures("asked")
def test_who_may_host_gets_no_invitation_a_week_later(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    start(database, deps)
    go_on(deps, now=NOW + UNASKED_EVERY)
    send_all(NOW + UNASKED_EVERY)

    assert len(slack.told("U2")) == 1


@pytest.mark.usefixtures("asked")
def test_who_had_a_message_this_week_is_invited_the_next(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    with database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id="U3", unasked_at=NOW))
        session.add(Preference(workspace_id=TEAM, user_id="U4", is_opted_out=True))
    start(database, deps)
    send_all()
    soon = slack.told("U3")
    go_on(deps, now=NOW + UNASKED_EVERY)
    go_on(deps, now=NOW + UNASKED_EVERY)
    send_all(NOW + UNASKED_EVERY)

    assert soon == []
    assert len(slack.told("U3")) == 1
    assert slack.told("U4") == []


@pytest.mark.usefixtures("asked")
def test_an_old_start_invites_nobody_any_more(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    with database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id="U3", unasked_at=NOW))
    start(database, deps)
    go_on(deps, now=NOW + INVITED_WITHIN)
    send_all(NOW + INVITED_WITHIN)

    assert slack.told("U3") == []


@pytest.mark.parametrize(
    ("code", "told"),
    [
        pytest.param("already_in_channel", 0, id="there already"),
        pytest.param("user_is_restricted", 1, id="may not be added"),
    ],
)
@pytest.mark.usefixtures("asked")
def test_who_could_not_be_added_hears_what_to_do(  # noqa: PLR0913 - fixtures and a case
    deps: Deps,
    database: Database,
    slack: FakeSlack,
    send_all: Send,
    *,
    code: str,
    told: int,
) -> None:
    start(database, deps, wish=Wish("release-notes", "", ()))
    slack.refusals["conversations.invite"] = code
    send_all()

    hints = [t for t in slack.told("U1") if "couldn't add you" in t]
    assert len(hints) == told


@pytest.mark.usefixtures("asked")
def test_the_starter_is_not_invited_to_what_they_start(
    deps: Deps, database: Database
) -> None:
    start(database, deps, wish=Wish("release-notes", "", ("U1", "U3", "U3")))

    with database.readers() as session:
        invited = session.scalars(
            select(Invitation.user_id).where(Invitation.is_host.is_(False))
        ).all()
    assert invited == ["U3"]


def evidence(user_id: str, ts: str, channel_id: str = "C1") -> Evidence:
    return Evidence(
        workspace_id=TEAM,
        channel_id=channel_id,
        ts=ts,
        user_id=user_id,
        kind=EvidenceKind.ANSWERED,
        root_ts=ts,
        at=NOW,
        topic_id=1,
    )


def test_those_proposed_answered_in_public_and_may_be_invited(
    database: Database,
) -> None:
    with database.sessions.begin() as session:
        session.add_all(
            [
                Channel(workspace_id=TEAM, id="C2", is_private=True),
                evidence("U1", "1.1"),
                evidence("U2", "1.2"),
                evidence("U3", "1.3"),
                evidence("U3", "1.4"),
                evidence("U4", "1.5"),
                evidence("U5", "1.6", "C2"),
                Preference(workspace_id=TEAM, user_id="U4", is_opted_out=True),
            ]
        )
    with database.readers() as session:
        found = people_of(session, TEAM, 1, besides="U1", now=NOW)

    assert found == ["U3", "U2"]


def test_who_hid_the_topic_is_not_proposed(database: Database) -> None:
    with database.sessions.begin() as session:
        session.add(evidence("U2", "1.2"))
        session.add(
            TopicPreference(
                workspace_id=TEAM, user_id="U2", topic_id=1, choice="hidden"
            )
        )
    with database.readers() as session:
        assert people_of(session, TEAM, 1, besides="U1", now=NOW) == []


@pytest.mark.parametrize(
    ("label", "name"),
    [
        pytest.param("Payroll", "payroll", id="free"),
        pytest.param("Help", "help-community", id="taken"),
        pytest.param("???", "", id="nothing to name it by"),
    ],
)
def test_a_free_name_is_proposed(database: Database, label: str, name: str) -> None:
    with database.readers() as session:
        assert open_name(session, TEAM, label) == name


def test_no_message_is_sent_before_a_channel_is_there(
    database: Database, slack: FakeSlack, send_all: Send, asked: None
) -> None:
    del asked
    claimed(database)
    go = len(slack.sent())
    send_all()

    assert len(slack.sent()) == go
    with database.readers() as session:
        planned = select(func.count()).select_from(Invitation)
        assert session.scalar(planned) == 2


@pytest.mark.usefixtures("asked")
def test_a_living_community_keeps_its_topic_from_being_suggested(
    deps: Deps, database: Database
) -> None:
    start(database, deps)
    later = NOW + 2 * ASK_AGAIN_AFTER
    proposal = Proposal(TEAM, 1, "Release notes", GATES, ("U5",))

    with database.sessions.begin() as session:
        assert not suggest(session, proposal, now=later)
        session.get_one(Community, 1).state = CommunityState.RETIRED
        session.flush()
        assert suggest(session, proposal, now=later)


def test_a_channel_that_is_there_is_not_made_again(
    database: Database, send_all: Send
) -> None:
    with database.sessions.begin() as session:
        proposal = Proposal(TEAM, 1, "Help", GATES, ("U1",), existing_channel_id="C1")
        suggest(session, proposal, now=NOW)
    send_all()

    assert take_up(database) == Heard(Took.NOT_YOURS)


@pytest.mark.usefixtures("asked")
def test_our_channel_is_looked_for_on_every_page(
    deps: Deps, database: Database, slack: FakeSlack
) -> None:
    claimed(database)
    slack.refusals["conversations.create"] = "name_taken"
    slack.channels = [listed(id=f"C{n}", name=f"other-{n}") for n in range(3)]
    slack.channels.append(listed())
    slack.page = 2

    go_on(deps, now=NOW + ABANDONED_AFTER)

    held = community(database)
    assert held is not None
    assert held.channel_id == "COURS"
    assert len(slack.sent("conversations.list")) == 2


@pytest.mark.usefixtures("asked")
def test_a_claim_that_another_process_settled_is_left_alone(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    made = start(database, deps)
    slack.refusals["conversations.create"] = "restricted_action"

    again = make(deps, 1, now=NOW)
    send_all()

    assert made.came == Came.OPEN
    assert again.came == Came.LATER
    assert community(database) is not None


@pytest.mark.usefixtures("asked")
def test_who_said_not_now_is_not_asked_to_host(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    with database.sessions.begin() as session:
        answer_ask(
            session,
            workspace_id=TEAM,
            suggestion_id=1,
            user_id="U2",
            answer=Reply.NOT_NOW,
            now=NOW,
        )
    start(database, deps)
    send_all()

    updates = [u["text"] for u in slack.sent("chat.update") if u["channel"] == "D2"]
    assert len(updates) == 1
    assert "not now" in updates[0]


@pytest.mark.usefixtures("asked")
def test_an_invitation_that_slack_refuses_is_not_repeated(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    slack.refusals["chat.postMessage"] = "user_disabled"
    start(database, deps)
    send_all()
    later = NOW + UNASKED_EVERY
    slack.refusals.clear()
    go_on(deps, now=later)
    send_all(later)

    assert len(slack.told("U3")) == 1  # the attempt that was refused


@pytest.mark.parametrize(
    "key", ["ask:9:U1", "invite:9:U1", "seed:9", "join:9:U1", "other:1"]
)
@pytest.mark.parametrize("refused", [None, "not_in_channel"])
def test_what_slack_says_of_something_erased_is_let_go(
    database: Database, key: str, refused: str | None
) -> None:
    for ts in (None, "1.1"):
        with database.sessions.begin() as session:
            settled(session, Sent(TEAM, key, "U1", ts, "D1", refused), now=NOW)

    assert community(database) is None


@pytest.mark.usefixtures("asked")
def test_an_invitation_that_slack_never_answered_is_sent_again(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    start(database, deps)
    slack.busy.add("chat.postMessage")
    send_all()
    later = NOW + GIVE_UP_AFTER + timedelta(minutes=1)
    send_all(later)
    slack.busy.clear()
    slack.calls.clear()
    go_on(deps, now=later)
    send_all(later)

    (told,) = slack.told("U3")
    assert "<@U1> started <#CNEW>" in told


@pytest.mark.usefixtures("asked")
def test_an_invitation_that_slack_refused_is_not_sent_again(
    deps: Deps, database: Database, slack: FakeSlack, send_all: Send
) -> None:
    start(database, deps)
    slack.refusals["chat.postMessage"] = "user_not_found"
    send_all()
    slack.refusals.clear()
    before = len(slack.told("U3"))
    go_on(deps, now=NOW + timedelta(hours=1))
    send_all(NOW + timedelta(hours=1))

    assert len(slack.told("U3")) == before
