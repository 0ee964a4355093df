"""What the README promises is what there is."""

import re
import tomllib
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import typer

from bot.settings import Settings
from handlers.cli.main import build

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def commands() -> list[str]:
    group = typer.main.get_command(build())
    return sorted(getattr(group, "commands", {}))


def test_the_link_opens_slack_with_our_manifest() -> None:
    (link,) = re.findall(r"\((https://api\.slack\.com/apps\?[^)]+)\)", README)

    query = parse_qs(urlsplit(link).query)

    assert query["new_app"] == ["1"]
    assert query["manifest_yaml"] == [(ROOT / "manifest.yml").read_text("utf-8")]


@pytest.mark.parametrize("command", commands())
def test_every_command_is_explained(command: str) -> None:
    assert re.search(rf"^\| `{command}\b", README, re.MULTILINE)


@pytest.mark.parametrize("field", Settings.model_fields.values(), ids=str)
def test_every_setting_is_explained(field: object) -> None:
    assert f"| `{field.alias}` |" in README  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", ["demo", "test", "run"])
def test_the_commands_it_names_are_there(target: str) -> None:
    assert f"make {target}" in README
    assert re.search(
        rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )


def test_the_changelog_has_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert f"## [{project['project']['version']}]" in changes


@pytest.mark.parametrize("linked", sorted(set(re.findall(r"\]\((?!https?:)([^)]+)\)", README)))
def test_its_links_lead_somewhere(linked: str) -> None:
    assert (ROOT / linked).exists()
