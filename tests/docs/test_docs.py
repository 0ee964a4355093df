"""The pages name what there is: options, tables, scopes, modules, and no machine."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
import typer
import yaml

from handlers.cli.main import build
from models import Base

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
SCOPES = (ROOT / "docs" / "scopes.md").read_text(encoding="utf-8")
PAGES = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
PAGES += sorted(f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))

LINK = re.compile(r"\]\((?!https?:)([^)#]+)")
# A path in backticks: a folder with its slash, or a file of ours.
NAMED = re.compile(r"`((?:[\w.-]+/)+|(?:[\w.-]+/)*[\w-]+\.(?:py|md|yml|toml|txt))`")
# Folders of whoever wrote a page, on whatever system.
MACHINE = re.compile(r"(?<![\w.-])/(?:home|root|tmp|work|Users|opt|mnt)\b|[A-Z]:\\")


def leaves(group: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Commands that do something, by the words that call them."""
    for name, command in sorted(group.commands.items()):
        if hasattr(command, "commands"):
            yield from leaves(command, f"{above}{name} ")
        else:
            yield above + name, command


CLI = cast("Any", typer.main.get_command(build()))
COMMANDS = dict(leaves(CLI))


def rows_of(command: str) -> str:
    """The first cells of the README's rows about a command."""
    cells = re.findall(r"^\| `([^`]+)` \|", README, re.MULTILINE)
    return "\n".join(c for c in cells if re.match(rf"{re.escape(command)}(?: |$)", c))


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def manifest() -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load(page("manifest.yml")))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_of_a_command_is_in_its_row(command: str) -> None:
    options = {
        name
        for parameter in COMMANDS[command].params
        if parameter.param_type_name == "option"
        for name in parameter.opts
    }

    told = set(re.findall(r"--[a-z-]+", rows_of(command)))

    assert rows_of(command)
    assert told == options


@pytest.mark.parametrize("command", COMMANDS)
def test_every_argument_of_a_command_is_in_its_row(command: str) -> None:
    arguments = [
        parameter.name.upper()
        for parameter in COMMANDS[command].params
        if parameter.param_type_name == "argument"
    ]

    row = rows_of(command)

    assert [name for name in arguments if name not in row] == []


def test_every_option_before_the_command_is_explained() -> None:
    options = [name for parameter in CLI.params for name in parameter.opts]

    assert options
    assert [name for name in options if f"`{name}" not in README] == []


def test_every_table_is_explained_and_no_other() -> None:
    part = README.partition("## What it stores\n")[2].partition("\n## ")[0]
    cells = re.findall(r"^\| (`[^|]+`) \|", part, re.MULTILINE)

    told = re.findall(r"`([a-z_]+)`", " ".join(cells))

    assert sorted(told) == sorted(Base.metadata.tables)


@pytest.mark.parametrize("command", manifest()["features"]["slash_commands"])
def test_every_slash_command_is_explained(command: dict[str, Any]) -> None:
    assert f"`{command['command']}" in README


@pytest.mark.parametrize("kind", ["bot", "bot_optional"])
def test_every_scope_is_explained(kind: str) -> None:
    scopes = manifest()["oauth_config"]["scopes"][kind]

    assert [scope for scope in scopes if f"| `{scope}` |" not in SCOPES] == []


def test_every_event_is_explained() -> None:
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]

    assert [event for event in events if f"| `{event}` |" not in SCOPES] == []


@pytest.mark.parametrize("name", PAGES)
def test_a_page_links_to_what_is_there(name: str) -> None:
    folder = (ROOT / name).parent

    lost = [link for link in LINK.findall(page(name)) if not (folder / link).exists()]

    assert lost == []


# The README names files of the reader's own, too.
@pytest.mark.parametrize("name", PAGES[1:])
def test_a_page_names_files_that_are_there(name: str) -> None:
    lost = [path for path in NAMED.findall(page(name)) if not (ROOT / path).exists()]

    assert lost == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_knows_the_machine_it_was_written_on(name: str) -> None:
    assert MACHINE.findall(page(name)) == []
