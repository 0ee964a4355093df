"""Read a standard Slack export, a ZIP or a folder, without trusting it.

Source: Slack, "How to read Slack data exports": users.json, channels.json,
integration_logs.json and a folder a channel with a file a day.
"""

import json
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO, Any, Protocol

from bot.errors import BadInputError

# A day of the busiest channel is a few megabytes; a member that claims more
# than this is a bomb or no day file.
MAX_FILE_BYTES = 256 * 1024 * 1024

_DAY = re.compile(r"(?P<channel>[^/]+)/(?P<day>\d{4}-\d{2}-\d{2})\.json")


@dataclass(frozen=True, slots=True)
class DayFile:
    """One day of one channel, by the channel's folder name."""

    name: str
    folder: str


class _Files(Protocol):
    def names(self) -> list[str]: ...
    def open(self, name: str) -> IO[bytes]: ...
    def size(self, name: str) -> int: ...


class _Folder:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def names(self) -> list[str]:
        return sorted(
            path.relative_to(self._root).as_posix()
            for path in self._root.rglob("*.json")
            # A link may lead anywhere on the machine.
            if path.is_file() and path.resolve().is_relative_to(self._root)
        )

    def open(self, name: str) -> IO[bytes]:
        return (self._root / name).open("rb")

    def size(self, name: str) -> int:
        return (self._root / name).stat().st_size


class _Zip:
    """Members are read, never unpacked, so their names can lead nowhere."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def names(self) -> list[str]:
        return sorted(n for n in self._archive.namelist() if n.endswith(".json"))

    def open(self, name: str) -> IO[bytes]:
        return self._archive.open(name)

    def size(self, name: str) -> int:
        return self._archive.getinfo(name).file_size


class Export:
    """An open export."""

    def __init__(self, files: _Files, name: str) -> None:
        self._files = files
        self.name = name
        names = files.names()
        self._prefix = _common_folder(names)
        self._names = {n.removeprefix(self._prefix): n for n in names}
        if not {"users.json", "channels.json"} <= self._names.keys():
            raise BadInputError(
                f"{name} is no Slack export: it holds no users.json and channels.json. "
                "Give the ZIP that Slack made, or the folder it unpacks to."
            )

    @property
    def fingerprint(self) -> str:
        """Tells exports apart by their files' names and sizes."""
        digest = sha256()
        for short, name in sorted(self._names.items()):
            digest.update(f"{short}\0{self._files.size(name)}\n".encode())
        return digest.hexdigest()

    def users(self) -> list[dict[str, Any]]:
        """The people, as Slack describes them."""
        return self._listing("users.json")

    def channels(self) -> list[dict[str, Any]]:
        """Public and, where the export has them, private channels."""
        public = self._listing("channels.json")
        if "groups.json" not in self._names:
            return public
        private = self._listing("groups.json")
        return public + [channel | {"is_private": True} for channel in private]

    def channel_ids(self) -> dict[str, str]:
        """Ids by the folder's name; folders are named by channel, at times by id."""
        ids: dict[str, str] = {}
        for channel in self.channels():
            if isinstance(channel.get("id"), str):
                ids[channel["id"]] = channel["id"]
                ids[str(channel.get("name"))] = channel["id"]
        return ids

    def days(self) -> list[DayFile]:
        """Every day file, channel by channel."""
        found = (_DAY.fullmatch(name) for name in sorted(self._names))
        return [DayFile(day[0], day["channel"]) for day in found if day]

    def messages(self, day: DayFile) -> list[Mapping[str, Any]]:
        """The entries of a day file.

        Raises:
            BadInputError: It cannot be read as a list of messages.
        """
        held = self._read(day.name)
        if not isinstance(held, list):
            raise BadInputError("not a list of messages")
        return held

    def _listing(self, name: str) -> list[dict[str, Any]]:
        try:
            held = self._read(name)
        except BadInputError as error:
            raise BadInputError(f"{self.name}: {name} is broken: {error}") from error
        if not isinstance(held, list):
            raise BadInputError(f"{self.name}: {name} is not a list")
        return [entry for entry in held if isinstance(entry, dict)]

    def _read(self, short: str) -> Any:  # noqa: ANN401 - JSON may be anything
        name = self._names[short]
        if self._files.size(name) > MAX_FILE_BYTES:
            raise BadInputError(f"larger than {MAX_FILE_BYTES // 2**20} MB")
        try:
            with self._files.open(name) as file:
                # The size above is the archive's own claim.
                data = file.read(MAX_FILE_BYTES + 1)
        except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError) as error:
            raise BadInputError(f"cannot be read ({error})") from error
        if len(data) > MAX_FILE_BYTES:
            raise BadInputError(f"larger than {MAX_FILE_BYTES // 2**20} MB")
        try:
            return json.loads(data)
        except (ValueError, RecursionError) as error:
            raise BadInputError("not JSON") from error


def _common_folder(names: list[str]) -> str:
    """Where the export's files lie: some tools wrap them in one folder."""
    for name in names:
        path = PurePosixPath(name)
        if path.name == "channels.json" and len(path.parts) <= 2:  # noqa: PLR2004
            return name.removesuffix("channels.json")
    return ""


@contextmanager
def open_export(path: Path) -> Iterator[Export]:
    """Open an export.

    Raises:
        BadInputError: There is nothing, or no export, at the path.
    """
    if path.is_dir():
        yield Export(_Folder(path), path.name)
        return
    if not path.is_file():
        raise BadInputError(f"{path}: there is no such file or folder")
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError) as error:
        raise BadInputError(
            f"{path} is not a whole ZIP ({error}). Download the export again; "
            "nothing was imported."
        ) from error
    with archive:
        yield Export(_Zip(archive), path.name)
