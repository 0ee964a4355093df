"""What manifest.yml asks Slack for."""

from pathlib import Path
from typing import Any

import yaml

_PATH = Path(__file__).parent.parent / "manifest.yml"


def scopes(*kinds: str) -> list[str]:
    """List the scopes of some kinds: `bot`, `bot_optional`."""
    manifest: dict[str, Any] = yaml.safe_load(_PATH.read_text(encoding="utf-8"))
    asked: dict[str, list[str]] = manifest["oauth_config"]["scopes"]
    return [scope for kind in kinds for scope in asked.get(kind, ())]
