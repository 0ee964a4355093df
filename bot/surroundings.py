"""What the doctor looks at beside Slack: disk, database, schedules, time zones."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import false, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from bot.checks import Check
from bot.database import Database, network_folder
from models import Channel, Schedule, Workspace

# A day of a busy workspace is some megabytes; a migration may copy the file once.
MIN_FREE_BYTES = 500 * 2**20

FreeBytes = Callable[[Path], int]


def free_bytes(folder: Path) -> int:
    """How much room is left on the disk of a folder."""
    return shutil.disk_usage(folder).free


def check_machine(
    database: Database,
    *,
    free: FreeBytes = free_bytes,
    mounts: Path = Path("/proc/mounts"),
) -> list[Check]:
    """Look at where the database lies and whether it can be written."""
    return [_writing(database), _disk(database, free), _folder(database, mounts)]


def _writing(database: Database) -> Check:
    try:
        with database.sessions.begin() as session:
            session.execute(update(Workspace).where(false()).values(name=""))
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).partition("\n")[0]
        return Check(
            "writing",
            ok=False,
            detail=f"the database cannot be written: {cause}",
            fix="let the user that runs Grapevine write the file and its folder; with "
            "PostgreSQL, use the primary server and a role that may write",
        )
    return Check("writing", ok=True, detail="the database can be written")


def _disk(database: Database, free: FreeBytes) -> Check:
    file = database.engine.url.database if database.is_sqlite else None
    if not file:
        return Check("disk", ok=True, detail="the database server's own affair")
    left = free(Path(file).resolve().parent)
    told = f"{left // 2**20:,} MB left beside the database"
    if left < MIN_FREE_BYTES:
        fix = "make room on that disk, or move the database to another"
        return Check("disk", ok=False, detail=told, fix=fix)
    return Check("disk", ok=True, detail=told)


def _folder(database: Database, mounts: Path) -> Check:
    folder = network_folder(database, mounts=mounts)
    if folder is None:
        return Check("file system", ok=True, detail="no network file system")
    return Check(
        "file system",
        ok=False,
        detail=f"the database lies on a network file system ({folder}), where "
        "SQLite's locks do not hold and data gets lost",
        fix="put it on a local disk, or use PostgreSQL",
    )


def check_schedules(session: Session) -> list[Check]:
    """Look whether daily questions can be posted where and when they should."""
    active = session.scalars(select(Schedule).where(~Schedule.is_paused)).all()
    return [_places(session, active), _zones({one.zone for one in active})]


def _places(session: Session, schedules: Sequence[Schedule]) -> Check:
    lost = []
    for one in schedules:
        channel = session.get(Channel, (one.workspace_id, one.channel_id))
        if channel is None or not channel.is_joined or channel.is_archived:
            lost.append(f"#{channel.name}" if channel else one.channel_id)
    if not lost:
        return Check("schedules", ok=True, detail=f"{len(schedules)} at work")
    return Check(
        "schedules",
        ok=False,
        detail=f"cannot post its daily question in {', '.join(sorted(lost))}",
        fix="write /invite @Grapevine there, or pause it by /grapevine daily; an "
        "archived channel has to be opened again",
    )


def _zones(zones: set[str]) -> Check:
    missing = []
    for zone in sorted(zones | {"Europe/Paris"}):
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            missing.append(zone)
    if not missing:
        return Check("time zones", ok=True, detail="known")
    return Check(
        "time zones",
        ok=False,
        detail=f"unknown here: {', '.join(missing)}",
        fix="install time zone data (the package tzdata), or set the schedule anew by "
        "/grapevine daily",
    )
