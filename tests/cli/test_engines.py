"""Changing the engine: what can be renewed is, and what cannot is said."""

import io
import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.database import Database, open_database
from bot.graph.vectors import count_vectors
from handlers.cli import run_command_line
from handlers.cli.runtime import Runtime
from models import Message, Workspace
from tests.exports import SmallExport
from tests.tiny_engine import write_tiny


class Shell:
    """Types commands at one database, with the engine of the moment."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'engines.db'}"
        self.engine = "minilm"

    def run(self, *arguments: object) -> tuple[int, str, str]:
        out, err = io.StringIO(), io.StringIO()
        environ = {"GRAPEVINE_ENGINE": self.engine}
        runtime = Runtime(environ, lambda: datetime.now(UTC), out, err, Path())
        words = ["--database", self.url, *map(str, arguments)]
        status = run_command_line(words, runtime)
        return status, out.getvalue(), " ".join(err.getvalue().split())

    def held(self) -> dict[str, str | None]:
        """The engine of each question's vector, by `ts`."""
        database = open_database(self.url)
        with database.readers() as session:
            rows = session.execute(
                select(Message.ts, Message.vector_model).where(Message.is_question)
            )
            found = {ts: model for ts, model in rows}  # noqa: C416 - rows of two
        database.close()
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def export(tmp_path: Path) -> Path:
    small = SmallExport()
    for what in ("key", "pod", "ci"):
        small.ask("UANA", f"How do I bake a {what}?", "UBEN")
    return small.write(tmp_path / "export")


@pytest.fixture
def tiny(tmp_path: Path) -> str:
    folder = tmp_path / "tiny"
    folder.mkdir()
    write_tiny(folder)
    return f"onnx:{folder}"


def test_importing_again_renews_what_is_in_the_export(
    shell: Shell, export: Path, tiny: str
) -> None:
    shell.run("import", export)
    before = shell.held()

    shell.engine = tiny
    _, _, said = shell.run("import", export)
    after = shell.held()

    assert before.keys() == after.keys()
    assert {model.split(":")[0] for model in before.values() if model} == {
        "minilm-l6-v2-int8"
    }
    assert all(model and model.startswith("onnx:tiny:") for model in after.values())
    assert "no sentence vector" not in said


def test_importing_again_under_the_same_engine_changes_nothing(
    shell: Shell, export: Path
) -> None:
    shell.run("import", export)
    before = _revision(shell.url)

    shell.run("import", export)

    assert _revision(shell.url) == before


def _revision(url: str) -> int:
    database = open_database(url)
    with database.readers() as session:
        revision = session.scalars(select(Workspace.revision)).one()
    database.close()
    return revision


def test_what_cannot_be_renewed_is_counted_with_what_to_do(
    shell: Shell, export: Path, tiny: str
) -> None:
    shell.run("import", export)
    # As if one of them had been edited in Slack since: the export's words are not its.
    newest = max(shell.held())
    database = open_database(shell.url)
    with database.sessions.begin() as session:
        session.execute(
            update(Message).where(Message.ts == newest).values(version_ts="9999999999")
        )
    database.close()

    shell.engine = tiny
    _, _, said = shell.run("import", export)
    _, told, _ = shell.run("doctor", "--json")

    assert "1 of 3 questions have no sentence vector of the engine in use" in said
    assert "they have those of minilm-l6-v2-int8:" in said
    assert "that were only heard live cannot be" in said
    (check,) = [c for c in json.loads(told) if c["check"] == "vectors"]
    assert not check["ok"]
    assert "again" in check["fix"]


def test_vectors_that_were_never_made_are_made_by_importing_again(
    shell: Shell, export: Path, tiny: str
) -> None:
    shell.engine = "none"
    shell.run("import", export)
    assert set(shell.held().values()) == {None}

    shell.engine = tiny
    shell.run("import", export)

    assert None not in shell.held().values()


def test_other_engines_vectors_are_not_looked_at(
    shell: Shell, export: Path, tiny: str
) -> None:
    shell.run("import", export)
    shell.engine = tiny

    status, out, _ = shell.run("who-knows", "baking a pod", "--json")

    assert status == 0
    assert json.loads(out)["people"][0]["user"] == "UBEN"


def test_questions_are_counted_by_engine(shell: Shell, export: Path) -> None:
    shell.run("import", export)
    (model,) = Counter(shell.held().values())
    assert model is not None
    database: Database = open_database(shell.url)
    with database.readers() as session:
        own, other = count_vectors(session, model), count_vectors(session, "other")
    database.close()

    assert (own.questions, own.missing, own.engines) == (3, 0, ())
    assert (other.questions, other.missing, other.engines) == (3, 3, (model,))
