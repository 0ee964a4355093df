"""Many workspaces: installed by OAuth, served apart, refreshed, and removed."""

import http.client
import logging
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from slack_bolt import BoltRequest
from slack_sdk import WebClient
from sqlalchemy import func, select

from bot import installations
from bot.checks import Check
from bot.database import Database, open_database
from bot.deps import Deps
from bot.errors import BadInputError, SlackBusyError, SlackLockedOutError
from bot.health import queues
from bot.memory import Memories
from bot.metrics import expose
from bot.periodic import sweep
from bot.slack import WebOAuth, WebSlack
from bot.standin import Channel, LocalSlack, Pace, User, Workspace
from bot.tenants import check_tenants
from bot.tokens import NotInstalledError, Tokens
from bot.vault import SealedError, Vault, new_key, open_vault
from bot.worker import Worker
from handlers import build_app, close_app
from handlers.http import HttpServer
from handlers.oauth import COOKIE, App, Installer, authorizer
from models import Base, Departure, Event, Installation
from models import Workspace as Tenant

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
START = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)

RED = Workspace(
    id="T1RED",
    users=(User("U1ANN", "ann"), User("U2BEN", "ben")),
    channels=(Channel("C1RED", "red", ["U1ANN", "U2BEN", "U0BOT"]),),
)
BLUE = Workspace(
    id="T2BLUE",
    users=(User("U3CAT", "cat"),),
    channels=(Channel("C2BLUE", "blue", ["U3CAT", "U0BOT"]),),
)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now


@dataclass
class Browser:
    """Follows one step at a time, and keeps cookies."""

    cookies: dict[str, str] = field(default_factory=dict)
    page: str = ""
    cookie_line: str = ""

    def get(self, url: str) -> tuple[int, str]:
        """Open an address.

        Returns:
            The status, and where it leads on.
        """
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.netloc)
        sent = "; ".join(f"{k}={v}" for k, v in self.cookies.items())
        path = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET", path, headers={"Cookie": sent} if sent else {})
        answer = connection.getresponse()
        self.page = answer.read().decode()
        if line := answer.getheader("Set-Cookie"):
            self.cookie_line = line
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.getheader("Location") or ""


@dataclass
class Served:
    """The whole app for many workspaces, over HTTP."""

    slack: LocalSlack
    deps: Deps
    tokens: Tokens
    worker: Worker
    app: Any
    clock: Clock
    url: str
    browser: Browser = field(default_factory=Browser)

    def back_from_slack(self, team_id: str) -> str:
        """Ask to install, say yes at Slack, and give the address that leads back."""
        self.slack.oauth.chosen = team_id
        _, to_slack = self.browser.get(f"{self.url}/slack/install")
        return self.browser.get(to_slack)[1]

    def install(self, team_id: str) -> int:
        return self.browser.get(self.back_from_slack(team_id))[0]

    def settle(self) -> None:
        self.slack.settle()
        self.worker.drain()
        self.slack.settle()

    def count(self, model: type[Base]) -> int:
        with self.deps.database.readers() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0

    def tenants(self) -> set[str]:
        with self.deps.database.readers() as session:
            return set(session.scalars(select(Tenant.id)))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slack(clock: Clock) -> Iterator[LocalSlack]:
    manifest = yaml.safe_load(MANIFEST.read_text())
    told = manifest["settings"]["event_subscriptions"]["bot_events"]
    told += ["team_access_granted", "team_access_revoked"]
    slack = LocalSlack(
        RED, manifest=manifest, now=clock, pace=Pace(ack_timeout_s=3, factor=0.001)
    )
    with slack:
        slack.rate_limits = None
        slack.add_workspace(BLUE)
        yield slack
    assert slack.refused == []


def tokens_of(slack: LocalSlack, database: Database, clock: Clock) -> Tokens:
    oauth = WebOAuth(
        WebClient(base_url=slack.api_url, retry_handlers=[]),
        client_id=slack.app.client_id,
        secret=slack.app.client_secret,
    )
    return Tokens(database, Vault([KEY]), oauth, clock)


KEY = new_key()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{tmp_path / 'grapevine.db'}")
    yield database
    database.close()


@pytest.fixture
def served(slack: LocalSlack, database: Database, clock: Clock) -> Iterator[Served]:
    tokens = tokens_of(slack, database, clock)

    def slack_of(workspace_id: str) -> WebSlack:
        held = tokens.of(workspace_id)
        client = WebClient(held.token, base_url=slack.api_url)
        return WebSlack(client, team_id=None if held.team_id else workspace_id)

    deps = Deps(database, Memories(None), slack_of, clock)
    worker = Worker(deps, respond=lambda *_: None, on_settled=lambda *_, **__: None)
    app = build_app(
        deps,
        client=WebClient(base_url=slack.api_url),
        wake=worker.wake,
        signing_secret=slack.app.signing_secret,
        authorize=authorizer(tokens),
    )
    address = f"{slack.world.base_url}/oauth/v2/authorize"
    installer = Installer(tokens, App(slack.app.client_id, "chat:write", address))
    server = HttpServer(
        app,
        signing_secret=slack.app.signing_secret,
        port=0,
        pages=installer.pages,
    )
    server.start()
    url = f"http://127.0.0.1:{server.port}"
    slack.oauth.redirect_url = f"{url}/slack/oauth_redirect"
    assert slack.post_to(f"{url}/slack/events")
    yield Served(slack, deps, tokens, worker, app, clock, url)
    server.stop()
    close_app(app)


def test_a_workspace_is_installed_and_its_token_sealed(served: Served) -> None:
    assert served.install("T1RED") == 200

    with served.deps.database.readers() as session:
        (held,) = session.scalars(select(Installation))
    token = served.slack.app.bot_token
    assert (held.team_id, held.bot_user_id) == ("T1RED", "U0BOT")
    assert token not in held.token
    assert Vault([KEY]).open(held.token) == token
    assert "https://app.slack.com/client/T1RED" in served.browser.page


def test_the_browsers_cookie_is_kept_from_scripts_and_other_sites(
    served: Served,
) -> None:
    served.browser.get(f"{served.url}/slack/install")

    for word in ("HttpOnly", "Secure", "SameSite=Lax", "Max-Age=600"):
        assert word in served.browser.cookie_line


def test_each_workspace_is_served_with_its_own_token(served: Served) -> None:
    served.install("T1RED")
    served.install("T2BLUE")
    served.slack.as_user("U1ANN").post("C1RED", "How do I paint it red?")
    served.slack.as_user("U3CAT", "T2BLUE").post("C2BLUE", "How do I paint it blue?")
    served.settle()

    assert served.tenants() == {"T1RED", "T2BLUE"}
    for workspace_id in ("T1RED", "T2BLUE"):
        who = served.deps.slack_of(workspace_id).call("auth.test", {})
        assert who["team_id"] == workspace_id
    command = served.slack.as_user("U3CAT", "T2BLUE")
    command.command("/grapevine", "help", "C2BLUE")
    assert len(answers_of(served.slack.worlds[1])) == 1


def answers_of(world: Any) -> list[dict[str, Any]]:
    """What one person sees in a workspace, once there is anything."""
    for _ in range(500):
        if world.logs.ephemerals:
            break
        threading.Event().wait(0.02)
    found: list[dict[str, Any]] = world.logs.ephemerals
    return found


def exchanges(served: Served) -> int:
    """How often Slack was asked for a token, however it answered."""
    return sum(name == "oauth.v2.access" for name, _ in served.slack.calls)


def test_a_state_counts_once(served: Served) -> None:
    address = served.back_from_slack("T1RED")

    assert served.browser.get(address)[0] == 200
    assert served.browser.get(address)[0] == 400
    assert "This link no longer works" in served.browser.page
    assert exchanges(served) == 1


def test_a_state_counts_once_however_many_use_it_at_the_same_moment(
    served: Served,
) -> None:
    address = served.back_from_slack("T1RED")
    browsers = [Browser(dict(served.browser.cookies)) for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(lambda browser: browser.get(address)[0], browsers))

    assert sorted(statuses) == [200, 400, 400, 400, 400, 400]
    assert exchanges(served) == 1


@pytest.mark.parametrize(
    "cookie", [pytest.param(None, id="none"), pytest.param("other", id="another's")]
)
def test_a_state_is_of_one_browser(served: Served, cookie: str | None) -> None:
    address = served.back_from_slack("T1RED")
    other = Browser({COOKIE: cookie} if cookie else {})

    assert other.get(address)[0] == 400
    assert served.count(Installation) == 0


@pytest.mark.parametrize(
    ("after", "status"),
    [
        pytest.param(timedelta(minutes=10), 200, id="ten minutes"),
        pytest.param(timedelta(minutes=10, seconds=1), 400, id="a second more"),
    ],
)
def test_a_state_lasts_ten_minutes(
    served: Served, after: timedelta, status: int
) -> None:
    address = served.back_from_slack("T1RED")
    served.clock.now += after

    assert served.browser.get(address)[0] == status


@pytest.mark.parametrize("state", ["", "made-up", "gAAAAA"])
def test_a_made_up_state_is_refused(served: Served, state: str) -> None:
    served.browser.get(f"{served.url}/slack/install")
    address = f"{served.url}/slack/oauth_redirect?code=1&state={state}"

    assert served.browser.get(address)[0] == 400


def test_who_says_no_is_told_that_it_is_fine(served: Served) -> None:
    assert served.install("") == 200

    assert "that is fine" in served.browser.page
    assert served.count(Installation) == 0


def test_a_code_that_slack_does_not_know_installs_nothing(served: Served) -> None:
    address = served.back_from_slack("T1RED")
    code = parse_qs(urlsplit(address).query)["code"][0]

    assert served.browser.get(address.replace(code, "guessed"))[0] == 400
    assert "did not confirm" in served.browser.page


def test_when_slack_is_busy_the_person_is_asked_to_wait(served: Served) -> None:
    served.slack.fail_next("oauth.v2.access", status=503)

    assert served.install("T1RED") == 503


def test_installing_again_takes_the_place_of_the_installation(served: Served) -> None:
    served.install("T1RED")
    served.install("T1RED")

    assert served.count(Installation) == 1


def rotating(served: Served) -> str:
    served.slack.oauth.rotates = True
    served.install("T1RED")
    return served.slack.app.bot_token


@pytest.mark.parametrize(
    ("after", "is_new"),
    [
        pytest.param(timedelta(hours=5, minutes=59), False, id="six hours left"),
        pytest.param(timedelta(hours=6), True, id="less"),
        pytest.param(timedelta(hours=13), True, id="ended while nobody asked"),
    ],
)
def test_a_token_is_renewed_before_it_ends_also_for_jobs(
    served: Served,
    after: timedelta,
    is_new: bool,  # noqa: FBT001
) -> None:
    first = rotating(served)
    served.clock.now += after

    assert served.deps.slack_of("T1RED").call("auth.test", {})["ok"]
    assert (served.slack.app.bot_token != first) is is_new


def refreshes(served: Served) -> int:
    return sum(
        name == "oauth.v2.access" and args.get("grant_type") == "refresh_token"
        for name, args in served.slack.calls
    )


def test_of_many_that_need_a_new_token_one_fetches_it(served: Served) -> None:
    rotating(served)
    served.clock.now += timedelta(hours=11)
    # As other processes would: each with its own collaborators.
    others = [
        tokens_of(served.slack, served.deps.database, served.clock) for _ in range(8)
    ]
    together = threading.Barrier(8)

    def use(tokens: Tokens) -> str:
        together.wait()
        return tokens.of("T1RED").token

    with ThreadPoolExecutor(8) as pool:
        used = set(pool.map(use, others))

    assert refreshes(served) == 1
    assert used <= {served.slack.app.bot_token, *served.slack.app.older}


def test_while_slack_is_away_the_old_token_serves(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    first = rotating(served)
    served.clock.now += timedelta(hours=11)
    served.slack.fail_next("oauth.v2.access", status=503)

    assert served.tokens.of("T1RED").token == first
    assert served.tokens.of("T1RED").token == first
    assert refreshes(served) == 1
    served.clock.now += timedelta(seconds=5)
    assert served.tokens.of("T1RED").token != first
    assert first not in caplog.text


def test_an_ended_token_is_waited_for_not_used(served: Served) -> None:
    rotating(served)
    served.clock.now += timedelta(hours=12)
    with served.deps.database.sessions.begin() as session:
        (held,) = session.scalars(select(Installation))
        held.refreshing_until = served.clock() + timedelta(seconds=30)

    with pytest.raises(SlackBusyError):
        served.tokens.of("T1RED")

    # Whoever was fetching it has died: its turn ends.
    served.clock.now += timedelta(seconds=31)
    assert served.tokens.of("T1RED").token == served.slack.app.bot_token


def test_a_refresh_token_that_slack_refuses_is_not_tried_at_every_call(
    served: Served,
) -> None:
    rotating(served)
    served.slack.app.refresh_token = "another"
    served.clock.now += timedelta(hours=12)

    for _ in range(2):
        with pytest.raises(SlackLockedOutError, match="token_expired"):
            served.tokens.of("T1RED")

    assert refreshes(served) == 1


def test_a_new_token_whose_answer_is_lost_leaves_half_a_day_to_install_again(
    served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    first = rotating(served)
    served.clock.now += timedelta(hours=6)
    served.slack.fail_next("oauth.v2.access", drop=True, accepted=True)

    assert served.tokens.of("T1RED").token == first
    served.clock.now += timedelta(minutes=1)
    assert served.tokens.of("T1RED").token == first

    assert refreshes(served) == 2
    assert "T1RED has to install Grapevine again" in caplog.text
    assert "ends at 2026-03-05 21:30 UTC" in caplog.text
    (told,) = [c for c in tenants(served) if c.check == "token renewal"]
    assert told.detail.endswith("T1RED (works until 2026-03-05 21:30 UTC)")
    assert "installed there again" in told.fix
    assert "grapevine_installations_lost 1" in expose(
        queues(served.deps.database, lambda: None, now=served.clock())
    )

    served.install("T1RED")
    (told,) = [c for c in tenants(served) if c.check == "token renewal"]
    assert told.ok


def tenants(served: Served) -> list[Check]:
    return check_tenants(
        served.deps.database, lambda: served.tokens, served.deps.slack_of
    )


def test_uninstalling_removes_everything_of_that_workspace_alone(
    served: Served,
) -> None:
    served.install("T1RED")
    served.install("T2BLUE")
    served.slack.as_user("U1ANN").post("C1RED", "How do I paint it red?")
    served.slack.as_user("U3CAT", "T2BLUE").post("C2BLUE", "How do I paint it blue?")
    served.settle()

    served.slack.uninstall("T1RED")
    served.settle()

    assert held_of(served, "T1RED") == {}
    assert served.tenants() == {"T2BLUE"}
    with pytest.raises(NotInstalledError):
        served.tokens.of("T1RED")


def held_of(served: Served, workspace_id: str) -> dict[str, int]:
    """How many rows each table holds of a workspace, except that it left."""
    found = {}
    with served.deps.database.readers() as session:
        for table in Base.metadata.sorted_tables:
            for name in ("workspace_id", "team_id"):
                if name in table.columns and table.name != "departures":
                    mine = table.c[name] == workspace_id
                    n = session.scalar(
                        select(func.count()).select_from(table).where(mine)
                    )
                    found[table.name] = n or 0
    return {name: n for name, n in found.items() if n}


def test_what_comes_late_from_who_has_left_is_not_held(served: Served) -> None:
    served.install("T1RED")
    served.slack.as_user("U1ANN").post("C1RED", "How do I paint it red?")
    served.slack.hold()
    served.slack.as_user("U2BEN").post("C1RED", "With a brush, secretword.")
    served.slack.uninstall("T1RED")
    served.slack.release(lambda held: list(reversed(held)))
    served.settle()

    assert held_of(served, "T1RED") == {"events": 1} or not held_of(served, "T1RED")
    assert served.tenants() == set()
    with served.deps.database.readers() as session:
        assert all(p is None for p in session.scalars(select(Event.payload)))


def test_who_comes_back_starts_clean_and_is_heard_again(served: Served) -> None:
    served.install("T1RED")
    served.slack.as_user("U1ANN").post("C1RED", "How do I paint it red?")
    served.settle()
    served.slack.uninstall("T1RED")
    served.settle()
    told = [d for d in served.slack.deliveries if "uninstalled" in d.event["type"]]

    served.clock.now += timedelta(minutes=1)
    served.install("T1RED")
    served.slack.as_user("U2BEN").post("C1RED", "Is anybody here?")
    served.settle()
    # Slack tells once more of what is over.
    with served.deps.database.sessions.begin() as session:
        for event in session.scalars(select(Event)):
            session.delete(event)
    served.slack.repeat(told[0])
    served.settle()

    assert served.tenants() == {"T1RED"}
    assert served.tokens.of("T1RED").token == served.slack.app.bot_token
    assert held_of(served, "T1RED")["messages"] == 1


def test_what_could_not_be_removed_at_once_goes_within_the_hour(
    served: Served,
) -> None:
    served.install("T1RED")
    served.slack.as_user("U1ANN").post("C1RED", "How do I paint it red?")
    served.settle()
    with served.deps.database.sessions.begin() as session:
        installations.note_departure(session, "T1RED", at=served.clock())

    sweep(served.deps, now=served.clock())

    assert held_of(served, "T1RED") == {}
    assert served.count(Departure) == 1
    sweep(served.deps, now=served.clock() + timedelta(days=8))
    assert served.count(Departure) == 0


def test_an_event_before_the_installation_is_noted_waits(served: Served) -> None:
    served.slack.as_user("U1ANN").post("C1RED", "How do I paint it red?")
    served.settle()
    assert held_of(served, "T1RED") == {"events": 1}

    served.install("T1RED")
    served.clock.now += timedelta(seconds=61)
    served.settle()

    assert held_of(served, "T1RED")["messages"] == 1


@pytest.mark.parametrize("team_id", ["T9NOWHERE", "T2BLUE"])
def test_who_acts_in_a_workspace_that_has_not_installed_it_is_refused(
    served: Served, team_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    served.install("T1RED")
    caplog.set_level(logging.INFO)
    body = {
        "type": "block_actions",
        "team": {"id": team_id},
        "user": {"id": "U9EVE", "team_id": team_id},
        "actions": [{"type": "button", "action_id": "old", "value": "secretword"}],
    }

    response = served.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    assert response.status == 200
    assert "not installed" in response.body
    assert f"U9EVE acts in {team_id}" in caplog.text
    assert "secretword" not in caplog.text
    assert served.tenants() == set()
    caplog.clear()


ORG = [
    Workspace(
        id=f"T{n}ORG",
        enterprise_id="E1ORG",
        users=(User(f"W{n}ANN", "ann"),),
        channels=(Channel(f"C{n}ORG", "room", [f"W{n}ANN", "U0BOT"]),),
    )
    for n in (7, 8)
]


@pytest.fixture
def org(served: Served) -> Served:
    for workspace in ORG:
        served.slack.add_workspace(workspace).app.is_org_wide = True
    assert served.install("T7ORG") == 200
    return served


def test_an_organisation_is_installed_as_a_whole(org: Served) -> None:
    with org.deps.database.readers() as session:
        (held,) = session.scalars(select(Installation))

    assert (held.enterprise_id, held.team_id) == ("E1ORG", "")
    assert "/manage/E1ORG/integrations/profile/A0APP/" in org.browser.page


def test_each_workspace_of_an_organisation_is_a_tenant_of_its_own(org: Served) -> None:
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "How do I paint it red?")
    org.slack.as_user("W8ANN", "T8ORG").post("C8ORG", "How do I paint it blue?")
    org.settle()

    assert org.tenants() == {"T7ORG", "T8ORG"}
    assert held_of(org, "T7ORG")["messages"] == 1
    for n in (7, 8):
        slack = org.deps.slack_of(f"T{n}ORG")
        (channel,) = slack.call("conversations.list", {})["channels"]
        assert channel["id"] == f"C{n}ORG"


def test_people_of_an_organisation_act_in_their_workspace(org: Served) -> None:
    org.slack.as_user("W8ANN", "T8ORG").command("/grapevine", "help", "C8ORG")

    (answer,) = answers_of(org.slack.worlds[3])
    assert answer["recipient"] == "W8ANN"
    assert org.tenants() == {"T8ORG"}


def test_a_person_from_elsewhere_acts_in_no_organisation(
    org: Served, caplog: pytest.LogCaptureFixture
) -> None:
    body = {
        "type": "block_actions",
        "team": None,
        "enterprise": {"id": "E1ORG"},
        "is_enterprise_install": True,
        "user": {"id": "U9EVE", "team_id": "T9NOWHERE"},
        "actions": [{"type": "button", "action_id": "old"}],
    }

    org.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    assert "U9EVE acts from elsewhere" in caplog.text
    assert org.tenants() == set()


def test_an_organisation_that_leaves_takes_all_its_workspaces_along(
    org: Served,
) -> None:
    org.install("T1RED")
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "How do I paint it red?")
    org.slack.as_user("W8ANN", "T8ORG").post("C8ORG", "How do I paint it blue?")
    org.slack.as_user("U1ANN").post("C1RED", "How do I paint it green?")
    org.settle()

    org.slack.uninstall("T7ORG")
    org.settle()

    assert org.tenants() == {"T1RED"}
    assert org.count(Installation) == 1


def test_an_organisation_takes_it_out_of_one_workspace_alone(org: Served) -> None:
    for n in (7, 8):
        org.slack.as_user(f"W{n}ANN", f"T{n}ORG").post(f"C{n}ORG", "Who paints it?")
    org.settle()

    org.slack.let_in("T7ORG", granted=False)
    org.settle()

    assert held_of(org, "T7ORG") == {}
    assert org.tenants() == {"T8ORG"}
    with pytest.raises(NotInstalledError):
        org.tokens.of("T7ORG", "E1ORG")
    assert org.tokens.of("T8ORG").team_id == ""


def test_what_comes_late_from_a_workspace_taken_out_is_not_held(org: Served) -> None:
    org.slack.hold()
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "Who paints it, secretword?")
    org.slack.let_in("T7ORG", granted=False)
    org.slack.release(lambda held: list(reversed(held)))
    org.settle()

    assert org.tenants() == set()
    with org.deps.database.readers() as session:
        assert all(p is None for p in session.scalars(select(Event.payload)))


def test_a_workspace_that_is_let_in_again_starts_clean(org: Served) -> None:
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "Who paints it?")
    org.slack.let_in("T7ORG", granted=False)
    org.settle()

    org.clock.now += timedelta(minutes=1)
    org.slack.let_in("T7ORG", granted=True)
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "Anybody here?")
    org.settle()

    assert held_of(org, "T7ORG")["messages"] == 1
    assert org.tokens.of("T7ORG", "E1ORG").enterprise_id == "E1ORG"


@pytest.mark.parametrize("late", [False, True], ids=["in order", "late"])
def test_the_newest_word_of_an_organisation_counts(
    org: Served,
    late: bool,  # noqa: FBT001
) -> None:
    org.slack.hold()
    org.slack.let_in("T7ORG", granted=False)
    org.clock.now += timedelta(minutes=1)
    org.slack.let_in("T7ORG", granted=True)
    org.slack.release(lambda held: list(reversed(held)) if late else held)
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "Anybody here?")
    org.settle()

    assert org.tenants() == {"T7ORG"}


def test_what_came_between_being_taken_out_and_let_in_is_digested(org: Served) -> None:
    held: list[Any] = []
    org.slack.hold()
    org.slack.as_user("W7ANN", "T7ORG").post("C7ORG", "Anybody here?")
    org.slack.let_in("T7ORG", granted=False)
    org.clock.now += timedelta(minutes=1)
    org.slack.let_in("T7ORG", granted=True)
    org.slack.release(lambda all_of_it: held.extend(all_of_it) or [])  # type: ignore[func-returns-value]
    said, revoked, granted = held
    for one in (revoked, said, granted):
        org.slack.repeat(one)
        org.slack.settle()
    org.settle()

    assert held_of(org, "T7ORG")["messages"] == 1


def test_a_workspace_with_its_own_installation_keeps_it(org: Served) -> None:
    with org.deps.database.sessions.begin() as session:
        own = installations.Granted("E1ORG", "T7ORG", "A0APP", "U0BOT", "", "t", *NONE)
        installations.save(session, org.tokens.vault, own, now=org.clock())
    org.slack.let_in("T7ORG", granted=False)
    org.settle()

    assert org.tokens.of("T7ORG").token == "t"


NONE = (None, None)


def test_an_organisation_that_installs_again_lets_all_in(org: Served) -> None:
    org.slack.let_in("T7ORG", granted=False)
    org.settle()
    org.clock.now += timedelta(minutes=1)
    assert org.install("T7ORG") == 200

    assert org.tokens.of("T7ORG", "E1ORG").enterprise_id == "E1ORG"


def test_keys_are_changed_one_behind_the_other(served: Served) -> None:
    served.install("T1RED")
    fresh = new_key()
    both = open_vault(f"{fresh}, {KEY}")
    with served.deps.database.sessions.begin() as session:
        assert installations.renew_seals(session, both) == 1

    with served.deps.database.readers() as session:
        (held,) = session.scalars(select(Installation))
    assert Vault([fresh]).open(held.token) == served.slack.app.bot_token
    with pytest.raises(SealedError, match="put back the key"):
        served.tokens.of("T1RED")


@pytest.mark.parametrize(
    ("setting", "told"),
    [("", "is not set"), (" , ", "is not set"), ("short", "is no key")],
)
def test_a_key_that_is_none_is_named(setting: str, told: str) -> None:
    with pytest.raises(BadInputError, match=told):
        open_vault(setting)
