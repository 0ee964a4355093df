"""The sample as a standard Slack export, in a folder or a ZIP."""

import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sample import STORY_LAST_DAY, Sample, load_sample, write_export


@pytest.fixture(scope="module")
def sample() -> Sample:
    return load_sample(STORY_LAST_DAY)


def export_of(tmp_path: Path, until: datetime) -> dict[str, Any]:
    write_export(tmp_path / "out", until=until, last_day=STORY_LAST_DAY)
    folder = tmp_path / "out"
    return {
        path.relative_to(folder).as_posix(): json.loads(path.read_text("utf-8"))
        for path in folder.rglob("*.json")
    }


@pytest.fixture
def whole(tmp_path: Path, sample: Sample) -> dict[str, Any]:
    return export_of(tmp_path, sample.live_from + timedelta(days=9))


def exported(files: dict[str, Any]) -> list[dict[str, Any]]:
    return [m for name, day in files.items() if "/" in name for m in day]


def test_the_export_has_public_channels_alone(
    whole: dict[str, Any], sample: Sample
) -> None:
    public = [c for c in sample.channels if not c.is_private]

    assert [each["id"] for each in whole["channels.json"]] == [c.id for c in public]
    assert {name.split("/")[0] for name in whole if "/" in name} == {
        channel.name for channel in public
    }
    assert "porto" not in json.dumps(whole["channels.json"])
    assert len(exported(whole)) == sum(
        message.channel in {channel.id for channel in public}
        for message in sample.messages
    )


def test_the_export_tells_guests_bots_and_those_who_left(
    whole: dict[str, Any],
) -> None:
    users = {user["name"]: user for user in whole["users.json"]}

    assert [n for n, user in users.items() if user["deleted"]] == ["petra"]
    assert [n for n, user in users.items() if user["is_restricted"]] == ["viktor"]
    assert [n for n, user in users.items() if user["is_bot"]] == ["dockbot"]
    assert users["ines"]["profile"]["display_name"] == "ines"
    assert users["ines"]["tz"] == "Europe/Lisbon"


def test_a_thread_is_told_from_both_ends(whole: dict[str, Any]) -> None:
    day = whole["help-desk/2026-02-17.json"]
    first = next(m for m in day if "(blank)" in m["text"])
    answers = [m for m in day if m.get("thread_ts") == first["ts"] and m != first]

    assert first["thread_ts"] == first["ts"]
    assert first["reply_count"] == len(answers) == 5
    assert first["latest_reply"] == answers[-1]["ts"]
    assert first["reactions"][0]["count"] == 1
    assert all(m["parent_user_id"] == first["user"] for m in answers)
    assert answers[0]["user"] in first["reply_users"]
    assert first["client_msg_id"] != answers[0]["client_msg_id"]


def test_joins_bots_files_and_edits_have_slacks_form(whole: dict[str, Any]) -> None:
    messages = exported(whole)
    kinds = {m["subtype"]: m for m in messages if "subtype" in m}

    assert set(kinds) == {"channel_join", "bot_message", "file_share"}
    assert "client_msg_id" not in kinds["channel_join"]
    assert kinds["channel_join"]["text"].endswith("has joined the channel")
    assert kinds["bot_message"]["bot_id"].startswith("B0")
    assert kinds["file_share"]["files"][0]["name"].endswith(".jpg")
    assert any(m["edited"]["user"] == m["user"] for m in messages if "edited" in m)


def test_messages_stand_in_the_file_of_their_day(
    whole: dict[str, Any], sample: Sample
) -> None:
    for name, day in whole.items():
        if "/" in name:
            dates = {
                datetime.fromtimestamp(float(m["ts"]), sample.zone).date().isoformat()
                for m in day
            }
            assert dates == {name.split("/")[1].removesuffix(".json")}


def test_the_zip_holds_what_the_folder_holds(tmp_path: Path, sample: Sample) -> None:
    files = export_of(tmp_path, sample.live_from)

    target = tmp_path / "out.zip"
    write_export(target, until=sample.live_from, last_day=STORY_LAST_DAY)

    with zipfile.ZipFile(target) as archive:
        held = {name: json.loads(archive.read(name)) for name in archive.namelist()}
    assert held == files


def test_writing_the_zip_twice_gives_the_same_bytes(
    tmp_path: Path, sample: Sample
) -> None:
    paths = [tmp_path / "a.zip", tmp_path / "b.zip"]

    for path in paths:
        write_export(path, until=sample.live_from, last_day=STORY_LAST_DAY)

    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_nothing_from_until_on_is_in_the_export(tmp_path: Path, sample: Sample) -> None:
    edited = next(m for m in sample.messages if m.edited)
    assert edited.edited
    until = datetime.fromtimestamp(float(edited.edited.ts), sample.zone)

    messages = exported(export_of(tmp_path, until))

    assert all(float(m["ts"]) < until.timestamp() for m in messages)
    (found,) = (m for m in messages if m["ts"] == edited.ts)
    assert found["text"] == edited.edited.before
    assert "edited" not in found


def test_a_thread_cut_by_until_counts_what_had_been_said(
    tmp_path: Path, sample: Sample
) -> None:
    question = next(m for m in sample.messages if "(blank)" in m.text)
    second = [m for m in sample.messages if m.thread_ts == question.ts][1]
    until = datetime.fromtimestamp(float(second.ts), sample.zone)

    messages = exported(export_of(tmp_path, until))

    (found,) = (m for m in messages if m["ts"] == question.ts)
    assert found["reply_count"] == 1
