"""The page about many workspaces changes the manifest into one that works."""

import re
from pathlib import Path
from typing import Any, cast

import yaml

from bot.settings import Settings
from handlers.http import EVENTS_PATH
from handlers.oauth import INSTALL_PATH, REDIRECT_PATH

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "many-workspaces.md").read_text(encoding="utf-8")
HOST = "https://YOUR-HOST"


def changes() -> dict[str, Any]:
    (block,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    return cast("dict[str, Any]", yaml.safe_load(block))


def test_every_address_is_one_that_is_served() -> None:
    settings, features = changes()["settings"], changes()["features"]

    assert settings["event_subscriptions"]["request_url"] == HOST + EVENTS_PATH
    assert settings["interactivity"]["request_url"] == HOST + EVENTS_PATH
    assert changes()["oauth_config"]["redirect_urls"] == [HOST + REDIRECT_PATH]
    assert {c["url"] for c in features["slash_commands"]} == {HOST + EVENTS_PATH}
    assert f"`{HOST}{INSTALL_PATH}`" in PAGE


def test_every_command_of_the_manifest_is_changed() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())

    told = [c["command"] for c in changes()["features"]["slash_commands"]]

    assert told == [c["command"] for c in manifest["features"]["slash_commands"]]


def test_the_settings_it_changes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load((ROOT / "manifest.yml").read_text())

    assert set(changes()["settings"]) <= set(manifest["settings"])


def test_it_names_only_settings_that_there_are() -> None:
    named = set(re.findall(r"\b(?:SLACK|GRAPEVINE)_[A-Z_]+\b", PAGE))

    assert named <= {field.alias for field in Settings.model_fields.values()}
