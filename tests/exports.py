"""Small exports made by hand, for tests of what reads them."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
HOUR_S = 3600.0


@dataclass
class SmallExport:
    """Messages an hour apart, each in its channel's folder and day."""

    channels: Sequence[Mapping[str, Any]] = ({"id": "CBAKE", "name": "baking"},)
    people: Sequence[str] = ("UANA", "UBEN", "UCAT", "UDAN")
    said: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def say(self, user: str, text: str, *, folder: str = "baking", **more: Any) -> str:
        """Add a message; returns its `ts`."""
        ts = f"{START.timestamp() + len(self.said) * HOUR_S:.6f}"
        entry = {"type": "message", "user": user, "text": text, "ts": ts}
        self.said.append((folder, entry | more))
        return ts

    def ask(self, user: str, text: str, *answerers: str, folder: str = "baking") -> str:
        """Add a question, and an answer by each answerer; returns its `ts`."""
        ts = self.say(user, text, folder=folder)
        for answerer in answerers:
            self.say(answerer, f"like this: {text[:-1]}", folder=folder, thread_ts=ts)
        return ts

    def write(self, folder: Path) -> Path:
        """Write it as a folder."""
        days: dict[Path, list[dict[str, Any]]] = defaultdict(list)
        for channel, entry in self.said:
            day = datetime.fromtimestamp(float(entry["ts"]), tz=UTC).date()
            days[folder / channel / f"{day}.json"].append(entry)
        users = [{"id": user, "team_id": "T1", "name": user} for user in self.people]
        held: dict[Path, Any] = {
            folder / "users.json": users,
            folder / "channels.json": list(self.channels),
            **days,
        }
        for path, content in held.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content), encoding="utf-8")
        return folder
