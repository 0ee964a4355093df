"""Settings from the environment, each with what it is for."""

from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.database import DEFAULT_URL
from bot.errors import BadInputError


class Settings(BaseSettings):
    """What the person who runs Grapevine may set; README lists the same."""

    model_config = SettingsConfigDict(extra="ignore", populate_by_name=True)

    database_url: str = Field(
        DEFAULT_URL,
        alias="GRAPEVINE_DATABASE_URL",
        description="where the graph is kept: a SQLite file or PostgreSQL",
    )
    engine: str = Field(
        "minilm",
        alias="GRAPEVINE_ENGINE",
        description="sentence vectors: minilm, none, or onnx:FOLDER",
    )
    slack_bot_token: SecretStr = Field(
        SecretStr(""),
        alias="SLACK_BOT_TOKEN",
        description="the app's bot token (xoxb-…)",
    )
    slack_app_token: SecretStr = Field(
        SecretStr(""),
        alias="SLACK_APP_TOKEN",
        description="the app-level token for Socket Mode (xapp-…)",
    )
    slack_signing_secret: SecretStr = Field(
        SecretStr(""),
        alias="SLACK_SIGNING_SECRET",
        description="proves that a request over HTTP comes from Slack",
    )
    slack_client_id: str = Field(
        "",
        alias="SLACK_CLIENT_ID",
        description="for many workspaces: the app's client id",
    )
    slack_client_secret: SecretStr = Field(
        SecretStr(""),
        alias="SLACK_CLIENT_SECRET",
        description="for many workspaces: the app's client secret",
    )
    encryption_key: SecretStr = Field(
        SecretStr(""),
        alias="GRAPEVINE_ENCRYPTION_KEY",
        description="for many workspaces: what their tokens are sealed with",
    )
    slack_api_url: str = Field(
        "https://slack.com/api/",
        alias="SLACK_API_URL",
        description="where Slack's Web API is: a proxy, or a local stand-in",
    )

    health_port: str = Field(
        "",
        alias="GRAPEVINE_HEALTH_PORT",
        description="serves /healthz, /readyz and /metrics at this port; off if unset",
    )
    health_host: str = Field(
        "127.0.0.1",
        alias="GRAPEVINE_HEALTH_HOST",
        description="the address for that port; 0.0.0.0 lets other machines ask",
    )
    log_format: str = Field(
        "text",
        alias="GRAPEVINE_LOG_FORMAT",
        description="text, or json for one object a line",
    )
    log_level: str = Field(
        "INFO",
        alias="GRAPEVINE_LOG_LEVEL",
        description="the least that is logged: DEBUG, INFO, WARNING or ERROR",
    )

    keep_days: str = Field(
        "",
        alias="GRAPEVINE_KEEP_DAYS",
        description="forget messages and evidence older than this; all stay if unset",
    )

    @property
    def is_for_many(self) -> bool:
        """Whether workspaces install Grapevine themselves, by OAuth."""
        return bool(self.slack_client_id)

    def number(self, name: str) -> int | None:
        """Read a setting that is a whole number; None if it is not set.

        Raises:
            BadInputError: It is none, or negative.
        """
        raw = str(getattr(self, name))
        if not raw:
            return None
        if not (raw.isascii() and raw.isdigit()):
            alias = Settings.model_fields[name].alias
            raise BadInputError(f"{alias} is {raw!r}: give a whole number")
        return int(raw)

    def choice(self, name: str, choices: Collection[str]) -> str:
        """Read a setting that is one of a few words.

        Raises:
            BadInputError: It is another.
        """
        raw = str(getattr(self, name))
        if raw not in choices:
            alias = Settings.model_fields[name].alias
            raise BadInputError(f"{alias} is {raw!r}: give one of {', '.join(choices)}")
        return raw


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings from the environment it is given."""
    names = {str(field.alias) for field in Settings.model_fields.values()}
    given = {name: environ[name] for name in names if environ.get(name)}
    return Settings.model_construct(None, **_validated(given))


def _validated(given: Mapping[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, field in Settings.model_fields.items():
        raw = given.get(str(field.alias))
        if raw is not None:
            values[name] = SecretStr(raw) if field.annotation is SecretStr else raw
    return values
