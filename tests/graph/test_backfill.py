"""What is read by the Web API ends in the same graph, however it is interrupted."""

import random
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from slack_sdk import WebClient
from sqlalchemy import select

from bot.backfill import Pace, Report, Wanted, backfill, unfinished
from bot.database import Database, open_database
from bot.deps import Deps
from bot.errors import BadInputError, GrapevineError, SlackLockedOutError
from bot.finding import Asked, find_who_knows
from bot.graph import places
from bot.graph.channel_rows import drop_channel, renumber_channel
from bot.happenings import ChannelTold, Moved
from bot.pacing import MAX_TRIES, PacedSlack
from bot.sample import STORY_LAST_DAY, load_sample, write_export
from bot.slack import Slack, WebSlack
from bot.standin import Channel, LocalSlack, RateLimits, User, Workspace
from bot.standin.limits import STRICT_METHODS, STRICT_PAGE
from bot.topic_pass import run_pass
from models import Backfill, Message, Preference, Reaction
from tests.graph.conftest import NOW, TEAM, Directory
from tests.graph.talk import graph, happen, message, surfaces, ts
from tests.graph.telling import as_events, as_workspace, bring, set_key, topics_of

MANIFEST = yaml.safe_load((Path(__file__).parents[2] / "manifest.yml").read_text())
ANN, BEN, CAT = "U1ANN", "U2BEN", "U3CAT"


@dataclass
class Ticks:
    """Time that passes only while somebody sleeps."""

    now_s: float = 0.0
    pauses_s: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now_s

    def sleep(self, seconds: float) -> None:
        self.now_s += seconds

    def waited(self, seconds: float) -> None:
        self.pauses_s.append(seconds)


@dataclass
class Stage:
    """A local Slack, and what is read from it."""

    slack: LocalSlack
    ticks: Ticks

    def client(self) -> WebSlack:
        return WebSlack(
            WebClient(self.slack.app.bot_token, base_url=self.slack.api_url)
        )

    def read(
        self,
        deps: Deps,
        wanted: Wanted | None = None,
        *,
        pace: Pace | None = None,
        through: Callable[[Slack], Slack] = lambda slack: slack,
    ) -> tuple[Report, int]:
        """Backfill; the report, and how many requests it took."""
        speed = pace or Pace(per_minute=10_000)
        paced = PacedSlack(
            through(self.client()),
            speed.limits(),
            sleep=self.ticks.sleep,
            ticks=self.ticks,
            on_wait=self.ticks.waited,
        )
        held = wanted or Wanted(self.slack.world.workspace.id)
        report = backfill(deps, paced, held, page=speed.page)
        return report, paced.requests

    def asked(self, method: str) -> int:
        return sum(name == method for name, _ in self.slack.calls)


@contextmanager
def staged(workspace: Workspace) -> Iterator[Stage]:
    ticks = Ticks()
    with LocalSlack(
        workspace, manifest=MANIFEST, now=lambda: NOW, ticks=ticks
    ) as slack:
        slack.rate_limits = None
        yield Stage(slack, ticks)
    assert slack.refused == []


def small_talk(at: float = 0.0) -> dict[str, dict[str, Any]]:
    """A thread, a lone question and a reaction, as a channel holds them."""
    said = [
        message(ANN, "How do I prune the old apple tree?", at),
        message(BEN, "In winter, above an outward bud", at + 1, thread=at),
        message(CAT, "Never more than a third", at + 2, thread=at),
        message(ANN, "Has anybody a ladder for the cherries?", at + 10),
        message(CAT, "It rains again", at + 11),
    ]
    for one in said:
        del one["channel"], one["channel_type"]
    said[0] |= {"thread_ts": ts(at), "reply_count": 2, "latest_reply": ts(at + 2)}
    said[1]["reactions"] = [{"name": "pray", "users": [ANN], "count": 1}]
    return {one["ts"]: one for one in said}


def small_workspace() -> Workspace:
    return Workspace(
        id=TEAM,
        users=(
            User(ANN, "ann"),
            User(BEN, "ben"),
            User(CAT, "cat"),
            User("U8BOT", "helper", is_bot=True),
            User("U9EVE", "eve", team_id="T9OTHER"),
        ),
        channels=(
            Channel("C1", "garden", [ANN, BEN, CAT, "U0BOT"], messages=small_talk()),
            Channel("C2", "kitchen", [ANN, "U0BOT"], messages=small_talk(100)),
            Channel("C3", "elsewhere", [ANN, BEN], messages=small_talk(200)),
            Channel(
                "C4",
                "partners",
                [ANN, "U0BOT"],
                is_ext_shared=True,
                messages=small_talk(300),
            ),
            Channel(
                "C5",
                "vault",
                [ANN, BEN, "U0BOT"],
                kind="private",
                messages=small_talk(400),
            ),
            Channel("D1", "", [ANN, "U0BOT"], kind="im", messages=small_talk(500)),
        ),
    )


@pytest.fixture
def stage() -> Iterator[Stage]:
    with staged(small_workspace()) as found:
        yield found


def channels_held(deps: Deps, team: str = TEAM) -> set[str]:
    with deps.database.readers() as session:
        return set(
            session.scalars(
                select(Message.channel_id).where(Message.workspace_id == team)
            )
        )


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    sample = load_sample(STORY_LAST_DAY)
    target = tmp_path_factory.mktemp("export") / "export.zip"
    until = sample.live_from - timedelta(weeks=2)
    write_export(target, until=until, last_day=sample.last_day)
    return target


@pytest.mark.parametrize(
    "order",
    [
        ("backfill",),
        ("import", "backfill"),
        ("live", "backfill"),
        ("backfill", "live", "import"),
        ("half", "backfill", "half", "import"),
    ],
    ids=" then ".join,
)
def test_backfill_import_and_live_end_in_the_same_graph(  # noqa: PLR0913, PLR0917
    order: tuple[str, ...],
    export: Path,
    slack: Directory,
    database: Database,
    tmp_path: Path,
    deps_of: Callable[[Database], Deps],
) -> None:
    orderly = deps_of(open_database(f"sqlite:///{tmp_path}/orderly.db"))
    mixed = replace(deps_of(database), clock=lambda: NOW + timedelta(days=60))
    team, events = as_events(export, slack)
    random.Random(5).shuffle(events)  # noqa: S311 - the same disorder each time
    for deps in (orderly, mixed):
        set_key(deps, team)
    bring(orderly, export)

    with staged(as_workspace(export)) as stage:
        for step in order:
            if step == "import":
                bring(mixed, export)
            elif step == "backfill":
                stage.read(mixed)
            else:
                share = len(events) // 2 if step == "half" else len(events)
                happen(mixed, events[:share], team=team)
                events = events[share:] if step == "half" else events
    run_pass(orderly, team)
    run_pass(mixed, team)

    once = graph(orderly.database, team=team)
    assert len(once["questions"]) > 100
    assert graph(database, team=team) == once
    assert surfaces(database, team=team) == surfaces(orderly.database, team=team)
    assert topics_of(mixed, team) == topics_of(orderly, team) != set()
    orderly.database.close()


@dataclass
class Mortal:
    """Slack for a process that is killed at its nth request."""

    slack: Slack
    left: int

    def call(self, method: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        self.left -= 1
        if self.left < 0:
            raise KeyboardInterrupt
        return self.slack.call(method, arguments)

    def find_posted(
        self,
        channel_id: str,
        key: str,
        *,
        since_ts: str,
        thread_ts: str | None = None,
    ) -> str | None:
        return self.slack.find_posted(
            channel_id, key, since_ts=since_ts, thread_ts=thread_ts
        )


def finished(deps: Deps) -> set[str]:
    with deps.database.readers() as session:
        done = Backfill.finished_at.is_not(None)
        return set(session.scalars(select(Backfill.channel_id).where(done)))


def test_a_reading_that_is_killed_goes_on_where_it_was(
    stage: Stage, deps: Deps, tmp_path: Path, deps_of: Callable[[Database], Deps]
) -> None:
    whole = deps_of(open_database(f"sqlite:///{tmp_path}/whole.db"))
    stage.read(whole)
    once = stage.asked("conversations.replies")
    pace = Pace(per_minute=10_000, page=2)

    lives = 0
    while finished(deps) < {"C1", "C2", "C5"} and lives < 50:
        lives += 1
        # Long enough to ask who is there, read one thread, and meet somebody.
        with suppress(KeyboardInterrupt):
            stage.read(deps, pace=pace, through=lambda s: Mortal(s, 5))

    assert lives > 4
    assert graph(deps.database) == graph(whole.database)
    # No thread was asked for again, but those that were being read when it ended.
    assert stage.asked("conversations.replies") - once <= once + lives
    whole.database.close()


def test_a_stopped_reading_says_so_until_it_is_finished(
    stage: Stage, deps: Deps
) -> None:
    with pytest.raises(KeyboardInterrupt):
        stage.read(deps, through=lambda s: Mortal(s, 11))
    with deps.database.readers() as session:
        assert unfinished(session, TEAM) != []

    stage.read(deps)

    with deps.database.readers() as session:
        assert unfinished(session, TEAM) == []


def test_what_was_said_between_stop_and_start_is_read_too(
    stage: Stage, deps: Deps
) -> None:
    wanted = Wanted(TEAM, ("C1",))
    with pytest.raises(KeyboardInterrupt):
        stage.read(deps, wanted, through=lambda s: Mortal(s, 7))
    stage.slack.channel("C1").messages |= small_talk(1000)

    stage.read(deps, wanted)

    assert {q[1] for q in graph(deps.database)["questions"]} == {
        ts(0),
        ts(10),
        ts(1000),
        ts(1010),
    }


def test_only_channels_of_ours_are_read(stage: Stage, deps: Deps) -> None:
    report, _ = stage.read(deps)

    assert channels_held(deps) == {"C1", "C2", "C5"}
    assert report.channels == ["garden", "kitchen", "vault"]
    assert report.skipped["channel shared with another organisation"] == 1
    assert report.messages == 15


def test_who_is_left_out_live_is_left_out(stage: Stage, deps: Deps) -> None:
    said = stage.slack.channel("C1").messages
    for i, who in enumerate(("U8BOT", "U9EVE", CAT)):
        late = message(who, "Who has a spade?", 50 + i)
        said[late["ts"]] = {k: v for k, v in late.items() if "channel" not in k}
    with deps.database.sessions.begin() as session:
        session.add(Preference(workspace_id=TEAM, user_id=CAT, is_opted_out=True))

    report, _ = stage.read(deps, Wanted(TEAM, ("C1",)))

    assert {m[3] for m in graph(deps.database)["messages"]} == {ANN, BEN}
    assert report.skipped["bot"] == 1
    assert report.skipped["person from elsewhere"] == 1
    assert report.skipped["opted out"] == 3


def test_a_private_channel_is_read_for_its_members_alone(
    stage: Stage, deps: Deps
) -> None:
    stage.read(deps, Wanted(TEAM, ("C5",)))

    found = {
        asker: find_who_knows(deps, Asked(TEAM, "prune apple", asker, None, NOW, 3))
        for asker in (ANN, CAT, None)
    }

    assert {p.user_id for p in found[ANN].people} == {BEN, CAT}
    assert not found[CAT].people
    assert not found[None].people
    assert surfaces(deps.database) == set()


@pytest.mark.parametrize(
    "held",
    [
        pytest.param({"is_private": True}, id="from an export"),
        pytest.param({"is_private": False, "is_joined": True}, id="as public"),
    ],
)
def test_who_is_in_a_private_channel_is_asked_whatever_was_held_of_it(
    stage: Stage, deps: Deps, held: dict[str, Any]
) -> None:
    told = ChannelTold("C5", "5", name="vault", **held)
    with deps.database.sessions.begin() as session:
        places.tell_channel(session, TEAM, told)
        moved = Moved("C5", CAT, is_member=True, version_ts="5")
        places.move(session, TEAM, moved)

    stage.read(deps, Wanted(TEAM, ("C5",)))

    asked = {
        asker: find_who_knows(deps, Asked(TEAM, "prune apple", asker, None, NOW, 3))
        for asker in (ANN, CAT)
    }
    assert {p.user_id for p in asked[ANN].people} == {BEN, CAT}
    assert not asked[CAT].people


def test_a_deleted_root_leaves_its_replies(stage: Stage, deps: Deps) -> None:
    root = stage.slack.channel("C1").messages[ts(0)]
    root |= {"subtype": "tombstone", "user": "USLACKBOT", "text": "was deleted"}

    stage.read(deps, Wanted(TEAM, ("C1",)))

    held = {m[1]: m[4] for m in graph(deps.database)["messages"]}
    assert held[ts(0)] is True
    assert held[ts(1)] is False
    assert {q[1] for q in graph(deps.database)["questions"]} == {ts(10)}


def test_reading_again_asks_only_for_threads_that_went_on(
    stage: Stage, deps: Deps
) -> None:
    stage.read(deps)
    before, asked = graph(deps.database), stage.asked("conversations.replies")

    stage.read(deps)
    assert graph(deps.database) == before
    assert stage.asked("conversations.replies") == asked

    late = f"{NOW.timestamp():.6f}"
    garden = stage.slack.channel("C1").messages
    garden[late] = {"type": "message", "user": BEN, "text": "And?", "ts": late}
    garden[late]["thread_ts"] = ts(0)
    garden[ts(0)] |= {"reply_count": 3, "latest_reply": late}
    stage.read(deps)

    assert stage.asked("conversations.replies") == asked + 1
    assert late in {m[1] for m in graph(deps.database)["messages"]}


def test_a_wider_reading_asks_for_the_older_threads(stage: Stage, deps: Deps) -> None:
    stage.slack.channel("C1").messages |= small_talk(5000)
    since = NOW - timedelta(days=400)
    recent = since.fromtimestamp(float(ts(2500)), tz=since.tzinfo)

    stage.read(deps, Wanted(TEAM, ("C1",), since=recent))
    narrow = {q[1] for q in graph(deps.database)["questions"]}
    stage.read(deps, Wanted(TEAM, ("C1",), since=since))

    assert narrow == {ts(5000), ts(5010)}
    assert {q[1] for q in graph(deps.database)["questions"]} == narrow | {ts(0), ts(10)}
    assert len(graph(deps.database)["answers"]) == 4


def test_the_strict_limits_are_kept(stage: Stage, deps: Deps) -> None:
    stage.slack.rate_limits = RateLimits(by_method=STRICT_METHODS)
    stage.slack.world.page_cap = STRICT_PAGE
    for at in range(1000, 2000, 50):
        stage.slack.channel("C1").messages |= small_talk(at)

    stage.read(deps, pace=Pace(per_minute=1, page=STRICT_PAGE))

    assert stage.ticks.pauses_s == []  # it was never too fast
    threads = stage.asked("conversations.replies")
    assert stage.ticks.now_s >= (threads - 1) * 60
    assert len(graph(deps.database)["questions"]) == 2 * 23


def test_a_long_thread_is_read_page_by_page(stage: Stage, deps: Deps) -> None:
    said = stage.slack.channel("C1").messages
    for i in range(40):
        reply = message(BEN, f"and another thing, number {i}", 20 + i, thread=0)
        said[reply["ts"]] = {k: v for k, v in reply.items() if "channel" not in k}

    stage.read(deps, Wanted(TEAM, ("C1",)), pace=Pace(per_minute=10_000, page=15))

    answers = {a[2]: a[4] for a in graph(deps.database)["answers"]}
    assert answers == {BEN: 41, CAT: 1}


def test_slack_says_how_long_to_wait(stage: Stage, deps: Deps) -> None:
    stage.slack.fail_next("conversations.history", "ratelimited", retry_after_s=37)
    stage.slack.fail_next("conversations.replies", status=503)

    stage.read(deps, Wanted(TEAM, ("C1",)))

    assert 37 in stage.ticks.pauses_s
    assert len(stage.ticks.pauses_s) == 2
    assert len(graph(deps.database)["questions"]) == 2


def test_a_slack_that_stays_away_ends_it_with_the_next_step(
    stage: Stage, deps: Deps
) -> None:
    stage.slack.fail_next("conversations.replies", status=503, times=MAX_TRIES)

    with pytest.raises(GrapevineError, match="run `backfill` again"):
        stage.read(deps, Wanted(TEAM, ("C1",)))
    stage.read(deps, Wanted(TEAM, ("C1",)))

    assert len(graph(deps.database)["questions"]) == 2


def test_a_channel_that_refuses_does_not_stop_the_others(
    stage: Stage, deps: Deps
) -> None:
    stage.slack.fail_next("conversations.history", "not_in_channel")

    report, _ = stage.read(deps)

    assert report.refused == {"garden": "not_in_channel"}
    assert report.channels == ["kitchen", "vault"]


def test_a_token_that_is_refused_stops_it(stage: Stage, deps: Deps) -> None:
    stage.slack.fail_next("conversations.history", "token_revoked")

    with pytest.raises(SlackLockedOutError):
        stage.read(deps)


def test_a_channel_it_is_not_in_is_named_with_the_fix(stage: Stage, deps: Deps) -> None:
    with pytest.raises(BadInputError, match="not in C3: write /invite"):
        stage.read(deps, Wanted(TEAM, ("C1", "C3")))

    assert channels_held(deps) == set()


def test_without_the_right_to_private_channels_the_public_ones_are_read(
    stage: Stage, deps: Deps
) -> None:
    stage.slack.app.scopes -= {"groups:read", "groups:history"}

    report, _ = stage.read(deps)

    assert report.channels == ["garden", "kitchen"]


def test_a_channel_that_is_deleted_takes_its_checkpoint_along(
    stage: Stage, deps: Deps
) -> None:
    stage.read(deps)

    with deps.database.sessions.begin() as session:
        drop_channel(session, TEAM, "C1")
        renumber_channel(session, TEAM, "C2", "C20")
    asked = stage.asked("conversations.replies")
    stage.read(deps, Wanted(TEAM, ("C2",)))

    assert stage.asked("conversations.replies") == asked + 1


def thanked_by(deps: Deps) -> set[str]:
    with deps.database.readers() as session:
        return set(session.scalars(select(Reaction.user_id)))


@pytest.mark.parametrize(
    ("name", "asked", "known"),
    [
        pytest.param("pray", 1, {ANN, BEN, CAT}, id="thanks"),
        pytest.param("eyes", 0, {ANN}, id="what thanks for nothing"),
    ],
)
def test_a_list_of_thanks_that_is_cut_short_is_completed(
    database: Database,
    deps_of: Callable[[Database], Deps],
    name: str,
    asked: int,
    known: set[str],
) -> None:
    talk = small_talk()
    users = [ANN, BEN, CAT]
    talk[ts(1)]["reactions"] = [{"name": name, "users": users, "count": 3}]
    garden = Channel("C1", "garden", [*users, "U0BOT"], messages=talk)
    with staged(replace(small_workspace(), channels=(garden,))) as stage:
        stage.slack.world.reaction_cap = 1
        deps = deps_of(database)
        stage.read(deps)

        assert thanked_by(deps) == known
        assert stage.asked("reactions.get") == asked


def test_without_the_right_to_ask_who_thanked_the_rest_is_read(
    database: Database, deps_of: Callable[[Database], Deps]
) -> None:
    talk = small_talk()
    talk[ts(1)]["reactions"] = [{"name": "pray", "users": [ANN, BEN], "count": 2}]
    garden = Channel("C1", "garden", [ANN, BEN, CAT, "U0BOT"], messages=talk)
    with staged(replace(small_workspace(), channels=(garden,))) as stage:
        stage.slack.world.reaction_cap = 1
        stage.slack.app.scopes.discard("reactions:read")
        deps = deps_of(database)
        report, _ = stage.read(deps)

        assert report.messages == 5
        assert thanked_by(deps) == {ANN}
