"""The compose file starts what there is: commands, settings, files."""

from pathlib import Path
from typing import Any, cast

import pytest
import typer
import yaml

from bot.settings import Settings
from handlers.cli.main import build
from handlers.service import Role

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = cast("dict[str, Any]", yaml.safe_load((ROOT / "compose.yml").read_text()))
OURS = {k: v for k, v in COMPOSE["services"].items() if k != "database"}
SETTINGS = {str(field.alias) for field in Settings.model_fields.values()}


@pytest.mark.parametrize("service", OURS)
def test_a_service_runs_a_command_that_parses(service: str) -> None:
    python, program, *arguments = OURS[service]["command"]
    cli = cast("Any", typer.main.get_command(build()))

    context = cli.make_context("app.py", list(arguments), resilient_parsing=True)
    name, command, rest = cli.resolve_command(context, list(arguments))
    held = command.make_context(name, rest)

    assert (python, name) == ("python", "run")
    assert (ROOT / program).exists()
    assert held.params["role"] == service


def test_there_is_each_role_and_two_workers() -> None:
    assert set(OURS) == {role.value for role in Role} - {"all"}
    assert OURS["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize("service", OURS)
def test_a_service_is_given_settings_that_exist(service: str) -> None:
    given = OURS[service]["environment"]

    assert set(given) <= SETTINGS
    assert {"GRAPEVINE_DATABASE_URL", "SLACK_BOT_TOKEN"} <= set(given)
    assert ("SLACK_APP_TOKEN" in given) == (service == "listener")


@pytest.mark.parametrize("service", OURS)
def test_a_service_waits_for_the_database_and_is_given_time_to_stop(
    service: str,
) -> None:
    needs = OURS[service]["depends_on"]

    assert needs == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in COMPOSE["services"]["database"]
    assert OURS[service]["stop_grace_period"] == "15s"
    assert OURS[service]["restart"] == "unless-stopped"


def test_it_is_built_from_a_file_that_is_there() -> None:
    built = OURS["worker"]["build"]

    assert (ROOT / built["context"] / built["dockerfile"]).exists()


def test_what_the_database_keeps_is_a_volume_that_is_declared() -> None:
    (mounted,) = COMPOSE["services"]["database"]["volumes"]

    assert mounted.partition(":")[0] in COMPOSE["volumes"]
