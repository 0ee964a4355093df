"""What nobody needs any more goes, and what keeps a promise stays."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot import outbox
from bot.deps import Deps
from bot.tidying import POSTS_KEPT_FOR, tidy
from models import Post, PostState, Word
from tests.graph.conftest import NOW, TEAM
from tests.graph.talk import delete, happen, message

LATER = NOW + POSTS_KEPT_FOR


def decided(deps: Deps, key: str, state: str = PostState.SENT) -> None:
    with deps.database.sessions.begin() as session:
        outbox.enqueue(
            session,
            workspace_id=TEAM,
            key=key,
            method="chat.postMessage",
            arguments={"channel": "CPUB", "text": "hello"},
            now=NOW,
        )
        session.scalars(select(Post).where(Post.key == key)).one().state = state


def keys(deps: Deps) -> set[str]:
    with deps.database.readers() as session:
        return set(session.scalars(select(Post.key)))


@pytest.mark.parametrize(
    ("key", "stays"),
    [
        pytest.param("answer:C1:1.2", False, id="an answer"),
        pytest.param("daily:C1:2026-03-02", False, id="a daily question"),
        pytest.param("daily-set:C1:1", False, id="that one was set up"),
        pytest.param("ask:1:U1", True, id="a suggestion"),
        pytest.param("invite:1:U1", True, id="an invitation"),
        pytest.param("share:C1:1", True, id="what somebody shared"),
        pytest.param("seed:1:topic", True, id="the start of a community"),
    ],
)
def test_a_post_goes_after_thirty_days_unless_it_settles_something(
    deps: Deps,
    key: str,
    stays: bool,  # noqa: FBT001
) -> None:
    decided(deps, key)

    tidy(deps, now=LATER)
    assert keys(deps) == {key}
    tidy(deps, now=LATER + timedelta(seconds=1))

    assert (key in keys(deps)) is stays


@pytest.mark.parametrize("state", [PostState.WAITING, PostState.SENDING])
def test_what_has_not_settled_stays(deps: Deps, state: str) -> None:
    decided(deps, "answer:C1:1.2", state)

    tidy(deps, now=LATER + timedelta(days=9))

    assert keys(deps)


def surfaces(deps: Deps) -> set[str]:
    with deps.database.readers() as session:
        return {one for one in session.scalars(select(Word.surface)) if one}


def test_a_word_goes_once_no_message_in_public_holds_it(deps: Deps) -> None:
    both = [
        message(who, "sourdough rises", n) for n, who in ((1, "UANNA"), (2, "UBERT"))
    ]
    bread = message("UCORA", "sourdough burns", 3)
    hidden = message("UANNA", "it rises", 4, channel="CPRIV", channel_type="group")
    happen(deps, [*both, bread, hidden])
    assert {"sourdough", "rises"} <= surfaces(deps)

    tidy(deps, now=NOW)
    assert {"sourdough", "rises"} <= surfaces(deps)
    happen(deps, [delete(one, 9) for one in both])
    tidy(deps, now=NOW)

    assert "sourdough" in surfaces(deps)
    assert "rises" not in surfaces(deps)
