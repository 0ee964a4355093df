"""What commands show a person in a terminal, where JSON was not asked for."""

import io
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.answers import Earlier, Knower, Outcome, Place, Proof, WhoKnows
from bot.checks import Check
from bot.database import open_database
from bot.momentum import Facts, judge
from bot.sample import STORY_LAST_DAY, write_export
from handlers.cli import run_command_line
from handlers.cli.answers import Names, in_lines, read_names
from handlers.cli.care import _show
from handlers.cli.runtime import Runtime
from models import Channel, Person, Workspace

NOW = datetime(2026, 3, 27, 18, tzinfo=UTC)
AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def run(url: str, *typed: str) -> tuple[int, str]:
    out = io.StringIO()
    runtime = Runtime(
        {"GRAPEVINE_ENGINE": "none"}, lambda: NOW, out, io.StringIO(), Path()
    )
    status = run_command_line(["--database", url, *typed], runtime)
    return status, out.getvalue()


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database with the sample workspace."""
    folder = tmp_path_factory.mktemp("shown")
    until = datetime.combine(STORY_LAST_DAY, time.max, tzinfo=UTC)
    write_export(folder / "x.zip", until=until, last_day=STORY_LAST_DAY)
    url = f"sqlite:///{folder}/held.db"
    status, _ = run(url, "import", str(folder / "x.zip"))
    assert status == 0
    return url


def test_topics_say_what_their_number_counts(held: str) -> None:
    _, out = run(held, "topics")

    assert any(
        line.strip().startswith(tuple("123456789")) and " questions  " in line
        for line in out.splitlines()
    )


def test_people_and_places_have_names_and_evidence_a_day_and_an_address(
    held: str,
) -> None:
    status, out = run(held, "who-knows", "pivot tables")

    assert status == 0

    person, proof, *_ = out.splitlines()[1:]
    assert "(U" in person
    assert not person.strip().startswith("U")
    day, channel, address = proof.split()
    assert datetime.fromisoformat(day)
    assert channel.startswith("#")
    assert address.startswith("https://slack.com/archives/C")


def test_verdicts_are_told_gate_by_gate_in_words(held: str) -> None:
    _, out = run(held, "communities")

    assert "    + 6 weeks\n" in out
    short = next(line for line in out.splitlines() if line.startswith("    - "))
    assert f"({short.removeprefix('    - ')}" not in out  # told once, at its gate
    assert "share_of" not in out
    assert "join_existing" not in out
    assert "(a channel is its place already)" in " ".join(out.split())


@pytest.mark.parametrize("command", ["topics", "communities"])
def test_a_list_of_nothing_says_when_there_will_be_something(
    held: str, tmp_path: Path, command: str
) -> None:
    del held
    export = tmp_path / "x.zip"
    last_day = STORY_LAST_DAY
    until = datetime.combine(last_day - timedelta(days=60), time.max, tzinfo=UTC)
    write_export(export, until=until, last_day=last_day)
    url = f"sqlite:///{tmp_path}/held.db"
    run(url, "import", str(export))

    status, out = run(url, command)

    assert (status, out.startswith("No topics yet:")) == (0, True)


def test_the_doctor_folds_and_hangs_what_it_found(
    held: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")

    status, out = run(held, "doctor")

    assert status == 1
    lines = out.splitlines()
    assert max(map(len, lines)) <= 40
    assert all(line.startswith(("ok  ", "!!  ", "    ")) for line in lines[:-1])
    assert "    -> copy the Bot User OAuth Token" in lines
    assert lines[-1].endswith(" things to mend.")


@pytest.mark.parametrize(
    ("wrong", "said"), [(0, "All is well."), (1, "1 thing to mend.")]
)
def test_the_doctor_counts_what_is_to_be_mended(wrong: int, said: str) -> None:
    out = io.StringIO()
    checks = [Check("clock", ok=True, detail="x")] * 2
    checks += [Check("token", ok=False, detail="x", fix="y")] * wrong

    _show(Runtime({}, lambda: NOW, out, io.StringIO(), Path()), checks)

    assert out.getvalue().splitlines()[-1] == said


NAMES = Names({"U1": "ann"}, {"C1": "data"}, "acme")


def test_who_has_no_name_is_told_by_id() -> None:
    proofs = (Proof("C9", "1772703000.000100", AT),)
    people = tuple(Knower(u, 1.0, 0, 2, 1, AT, proofs) for u in ("U1", "U2"))
    found = WhoKnows("x", Outcome.FOUND, None, people, ())

    told = list(in_lines(found, NAMES))

    assert told[1] == "  ann (U1): answered 2, thanked 1, asked 0"
    assert told[3] == "  U2: answered 2, thanked 1, asked 0"
    assert told[2].split()[1] == "C9"


def test_a_name_gives_a_terminal_no_orders(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/held.db"
    database = open_database(url)
    odd = "\x1b]0;an\x07n\u202e \x1b[31m"
    with database.sessions.begin() as session:
        session.add(Workspace(id="T1", word_key=b"k" * 32, created_at=NOW))
        session.flush()
        session.add(Person(workspace_id="T1", id="U1", name=odd))
        session.add(Channel(workspace_id="T1", id="C1", name=odd))
        session.flush()
        places = (Place("C1", odd, "1 conversation about it"),)
        people = (Knower("U1", 1.0, 0, 2, 1, AT, ()),)
        earlier = (Earlier("C1", "1772703000.000100", AT, 1.0, 1),)
        found = WhoKnows("x", Outcome.FOUND, None, people, places, asked_before=earlier)

        told = list(in_lines(found, read_names(session, "T1", found)))
    database.close()

    assert all(line.isprintable() for line in told)
    assert told[1].startswith("  ]0;an n [31m (U1): ")
    assert "  #]0;an n [31m  https://" in told[-1]


def test_places_and_earlier_questions_stand_under_a_heading() -> None:
    earlier = (Earlier("C1", "1772703000.000100", AT, 1.0, 1),)
    places = (Place("C1", "data", "1 conversation about it"),)
    found = WhoKnows("x", Outcome.NO_PEOPLE, None, (), places, asked_before=earlier)

    told = list(in_lines(found, NAMES))

    address = "https://acme.slack.com/archives/C1/p1772703000000100"
    assert told == [
        "About x:",
        "  nobody to name yet; `topics` lists what people ask about",
        "  Talked about in:",
        "      #data: 1 conversation about it",
        "  Asked before:",
        f"      2026-03-05  #data  {address}  (1 person answered)",
    ]


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "less than a day ago"),
        (0.9, "less than a day ago"),
        (1, "a day ago"),
        (1.4, "a day ago"),
        (1.6, "2 days ago"),
        (3, "3 days ago"),
    ],
)
def test_how_long_ago_is_right_in_every_zone(days: float, said: str) -> None:
    asked = Facts(last_asked_at=NOW - timedelta(days=days))

    *_, warm = judge(asked, now=NOW).gates

    assert warm.says == f"last asked {said} (56 days at most)"


def test_what_a_command_does_is_told_whole_in_the_list_of_commands(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")

    for typed in ([], ["topic"], ["events"], ["daily"]):
        run("sqlite://", *typed, "--help")

        _, _, commands = capsys.readouterr().out.partition("Commands:")
        assert commands
        assert "..." not in commands
