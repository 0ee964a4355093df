"""How long an import takes, beside embedding its questions alone.

usage: python -m tests.bench.importing [EXPORT]

Without one, what had been said in the sample workspace is told again and again.
"""

import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from bot.asking import judge
from bot.entries import Batch
from bot.hearing import to_embed
from bot.sample import STORY_LAST_DAY, load_sample
from bot.sample.export import export_files
from bot.slack_export import open_export
from bot.vectors import load_engine

_APP = Path(__file__).resolve().parents[2] / "app.py"
# As `handlers/cli/runtime.py` has it.
_THREADS = 2
# The sample is told so many times, two years apart from one another.
_TELLINGS = 20
_APART_S = timedelta(weeks=104).total_seconds()


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds, and those of processors."""

    wall_s: float
    cpu_s: float


def table(export: Path | None = None) -> Table:
    """Measure an import, then embedding what it embedded."""
    with TemporaryDirectory() as folder:
        given = export or _written(Path(folder) / "told.zip")
        done, imported, most_mb = _import(given, Path(folder))
        questions = _questions(given)
    alone = _embed(questions)
    found = Table("", "seconds", "of processors", "times embedding alone, by both")
    found.title = (
        f"import of {done['messages']:,} messages, {len(questions):,} questions, "
        f"{most_mb:.0f} MB at most"
    )
    found.add_row("embedding alone", f"{alone.wall_s:.1f}", f"{alone.cpu_s:.1f}", "1")
    ratios = f"{imported.wall_s / alone.wall_s:.2f}, {imported.cpu_s / alone.cpu_s:.2f}"
    found.add_row(
        "import, all of it", f"{imported.wall_s:.1f}", f"{imported.cpu_s:.1f}", ratios
    )
    return found


def _import(export: Path, folder: Path) -> tuple[dict[str, int], Spent, float]:
    """Run the command; what it printed, what it took, and its most memory in MB."""
    database = f"sqlite:///{folder / 'bench.db'}"
    command = [sys.executable, str(_APP), "--database", database]
    command += ["import", str(export), "--json"]
    began = time.perf_counter()
    with subprocess.Popen(  # noqa: S603 - our own program
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as child:
        printed = child.stdout.read() if child.stdout else b""
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    wall_s = time.perf_counter() - began
    spent = Spent(wall_s, used.ru_utime + used.ru_stime)
    return json.loads(printed), spent, used.ru_maxrss / 1024


def _questions(export: Path) -> list[str]:
    """What an import embeds, but for people whom only a database could leave out."""
    batch = Batch()
    with open_export(export) as opened:
        bots = {str(user["id"]): "bot" for user in opened.users() if user.get("is_bot")}
        ids = opened.channel_ids()
        for day in opened.days():
            for entry in opened.messages(day) if day.folder in ids else ():
                batch.read(entry, ids[day.folder], bots)
    return [
        to_embed(said.text)
        for said in batch.said
        if said.is_root and judge(said.text).is_question
    ]


def _embed(texts: list[str]) -> Spent:
    engine = load_engine("minilm", threads=_THREADS)
    assert engine is not None
    began, before = time.perf_counter(), _cpu_s()
    engine.embed(texts)
    return Spent(time.perf_counter() - began, _cpu_s() - before)


def _cpu_s() -> float:
    used = getrusage(RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _written(target: Path) -> Path:
    """Write the sample's export with all that was said in it told many times."""
    sample = load_sample(STORY_LAST_DAY)
    files = export_files(sample, sample.live_from)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, written in files.items():
            folder, _, day = name.rpartition("/")
            if not folder:
                archive.writestr(name, written)
                continue
            for telling in range(_TELLINGS):
                told = [_earlier(one, telling) for one in json.loads(written)]
                # The day in a file's name need not be that of its messages.
                number = f"{2000 + telling}{day[4:]}"
                archive.writestr(f"{folder}/{number}", json.dumps(told))
    return target


def _earlier(entry: dict[str, object], tellings: int) -> dict[str, object]:
    """The same entry, said some tellings earlier."""
    moved = dict(entry)
    for name in ("ts", "thread_ts"):
        if name in moved:
            moved[name] = f"{float(str(moved[name])) - tellings * _APART_S:.6f}"
    return moved


if __name__ == "__main__":
    Console().print(table(Path(sys.argv[1]) if len(sys.argv) > 1 else None))
