"""The compose files start what there is: commands, settings, files."""

import re
import tomllib
from pathlib import Path
from typing import Any, cast

import pytest
import typer
import yaml

from bot.settings import Settings
from handlers.cli.main import build
from handlers.service import Role

ROOT = Path(__file__).resolve().parents[2]
FILES = ("compose.yml", "compose.many.yml")
NOT_OURS = {"database", "tls"}
SETTINGS = {str(field.alias) for field in Settings.model_fields.values()}
MANY = {"SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET", "GRAPEVINE_ENCRYPTION_KEY"}


def compose(file: str) -> dict[str, Any]:
    return cast("dict[str, Any]", yaml.safe_load((ROOT / file).read_text()))


def ours(file: str) -> dict[str, Any]:
    return {k: v for k, v in compose(file)["services"].items() if k not in NOT_OURS}


EACH = [(file, service) for file in FILES for service in ours(file)]


def parsed(file: str, service: str) -> Any:
    python, program, *arguments = ours(file)[service]["command"]
    cli = cast("Any", typer.main.get_command(build()))
    context = cli.make_context("app.py", list(arguments), resilient_parsing=True)
    name, command, rest = cli.resolve_command(context, list(arguments))
    assert (python, name) == ("python", "run")
    assert (ROOT / program).exists()
    return command.make_context(name, rest)


@pytest.mark.parametrize(("file", "service"), EACH)
def test_a_service_runs_a_command_that_parses(file: str, service: str) -> None:
    held = parsed(file, service)

    assert held.params["role"] == service
    is_many_listener = (file, service) == ("compose.many.yml", "listener")
    assert held.params["http"] is is_many_listener


@pytest.mark.parametrize("file", FILES)
def test_there_is_each_role_and_two_workers(file: str) -> None:
    assert set(ours(file)) == {role.value for role in Role} - {"all"}
    assert ours(file)["worker"]["deploy"]["replicas"] == 2


@pytest.mark.parametrize(("file", "service"), EACH)
def test_a_service_is_given_settings_that_exist(file: str, service: str) -> None:
    given = set(ours(file)[service]["environment"])
    listens = service == "listener"
    extra = {
        "compose.yml": {"SLACK_BOT_TOKEN"}
        | ({"SLACK_APP_TOKEN"} if listens else set()),
        "compose.many.yml": MANY | ({"SLACK_SIGNING_SECRET"} if listens else set()),
    }

    assert given <= SETTINGS
    assert given == {"GRAPEVINE_DATABASE_URL"} | extra[file]


@pytest.mark.parametrize(("file", "service"), EACH)
def test_a_service_waits_for_the_database_and_is_given_time_to_stop(
    file: str, service: str
) -> None:
    one = ours(file)[service]

    assert one["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert "healthcheck" in compose(file)["services"]["database"]
    assert one["stop_grace_period"] == "15s"
    assert one["restart"] == "unless-stopped"


def test_many_workspaces_are_served_where_the_page_says() -> None:
    services = compose("compose.many.yml")["services"]
    port = parsed("compose.many.yml", "listener").params["port"]
    *_, to = services["tls"]["command"]

    assert services["listener"]["ports"] == [f"127.0.0.1:{port}:{port}"]
    assert to == f"listener:{port}"
    assert services["tls"]["profiles"] == ["tls"]


@pytest.mark.parametrize("file", FILES)
def test_what_has_to_be_set_is_said_at_its_head(file: str) -> None:
    text = (ROOT / file).read_text()
    head = text.partition("\nname:")[0]
    needed = set(re.findall(r"\$\{([A-Z_]+):\?", text))

    assert needed
    assert needed <= set(re.findall(r"\b([A-Z_]+)=", head))


@pytest.mark.parametrize("file", FILES)
def test_it_is_built_from_a_file_that_is_there(file: str) -> None:
    built = ours(file)["worker"]["build"]

    assert (ROOT / built["context"] / built["dockerfile"]).exists()


@pytest.mark.parametrize("file", FILES)
def test_what_is_kept_is_in_volumes_that_are_declared(file: str) -> None:
    services = compose(file)["services"].values()
    mounted = {v.partition(":")[0] for s in services for v in s.get("volumes", ())}

    assert mounted == set(compose(file)["volumes"])


CONTAINERFILE = (ROOT / "Containerfile").read_text()
COPIED = [
    source
    for line in re.findall(r"^COPY (.+)$", CONTAINERFILE, re.MULTILINE)
    for source in line.split()[:-1]
]


@pytest.mark.parametrize("source", COPIED)
def test_what_the_image_copies_is_there_and_let_in(source: str) -> None:
    let_in = (ROOT / ".dockerignore").read_text().splitlines()

    assert (ROOT / source).exists()
    assert f"!{source}" in let_in


def test_the_image_has_every_package_that_is_imported() -> None:
    copied = {source.removesuffix(".py") for source in COPIED}
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    packages = {name.partition(".")[0] for name in tool["packages"]["find"]["include"]}

    assert packages | {"migrations", "app", "manifest.yml"} <= copied


def test_the_image_installs_the_lock_with_everything_it_runs_on() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    lock = (ROOT / "requirements.txt").read_text()
    locked = dict(
        re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", lock, re.MULTILINE)
    )
    wanted = [*project["dependencies"], *project["optional-dependencies"]["postgres"]]
    names = {re.split(r"[\[<>=!~; ]", one)[0].lower() for one in wanted}

    assert names <= set(locked)
    pinned = re.split(r"^(?=[a-z0-9._-]+(?:\[[^]]*\])?==)", lock, flags=re.MULTILINE)
    assert all("--hash=sha256:" in one for one in pinned[1:])
    assert "pip install --require-hashes --no-deps -r requirements.txt" in CONTAINERFILE


def test_the_image_has_a_python_that_the_project_takes() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    (version,) = re.findall(
        r"^FROM python:([0-9.]+)-slim$", CONTAINERFILE, re.MULTILINE
    )

    assert project["requires-python"] == f">={version}"
