"""Commands that answer: `who-knows` and `questions`."""

from pathlib import Path
from typing import Annotated, Any

import typer

from bot.answers import Earlier, Knower, Place, WhoKnows
from bot.deps import Deps
from bot.finding import Asked, find_who_knows, look, rank
from bot.hearing import judge_all
from bot.vectors import load_engine
from handlers.cli.answers import in_lines, read_names
from handlers.cli.choices import of
from handlers.cli.runtime import Runtime, read_lines

# A batch is scored on its first ten.
BATCH_PEOPLE = 10

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Batch = Annotated[
    Path | None,
    typer.Option(help="A file of JSON Lines to answer, a line each (- for input)."),
]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("who-knows")(who_knows)
    cli.command("questions")(questions)


def who_knows(  # noqa: PLR0913 - the options of a fixed contract
    context: typer.Context,
    text: Annotated[str | None, typer.Argument(help="What it is about.")] = None,
    *,
    channel: Annotated[
        str | None, typer.Option(help="Asked in this channel (id).")
    ] = None,
    asker: Annotated[
        str | None, typer.Option(help="Asked by this person (id).")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=50, help="The most people.")] = 3,
    now: Annotated[str | None, typer.Option(help="Judge recency at this time.")] = None,
    batch: _Batch = None,
    as_json: _Json = False,
) -> None:
    """Say who knows about something, with the evidence."""
    choices = of(context)
    if (text is None) == (batch is None):
        raise typer.BadParameter("give either TEXT or --batch FILE")
    with choices.deps() as deps:
        with deps.database.readers() as session:
            workspace_id = choices.workspace_id(session)
            at = choices.judged_at(session, workspace_id, now)
        if batch is not None:
            base = Asked(workspace_id, "", None, None, at, BATCH_PEOPLE)
            _answer_lines(choices.runtime, deps, base, batch)
            return
        asked = Asked(workspace_id, text or "", asker, channel, at, limit)
        found = find_who_knows(deps, asked)
        if as_json:
            choices.runtime.print_json(_as_json(found))
            return
        with deps.database.readers() as session:
            names = read_names(session, workspace_id, found)
        for line in in_lines(found, names):
            choices.runtime.pages.print(line, markup=False, soft_wrap=True)


def _answer_lines(runtime: Runtime, deps: Deps, base: Asked, batch: Path) -> None:
    with deps.database.readers() as session:
        for line in read_lines(batch):
            asked = Asked(
                base.workspace_id,
                line["text"],
                line.get("asker"),
                line.get("channel"),
                base.now,
                base.limit,
            )
            ranked = rank(look(session, deps, asked), limit=base.limit)
            people = [{"user": r.user_id, "score": round(r.score, 6)} for r in ranked]
            runtime.print_line({"id": line.get("id"), "people": people})


def _as_json(found: WhoKnows) -> dict[str, Any]:
    topic = found.topic and {
        "id": found.topic.id,
        "label": found.topic.label,
        "aliases": list(found.topic.aliases),
    }
    return {
        "topic": topic,
        "people": [_person(knower) for knower in found.people],
        "channels": [_place(place) for place in found.places],
        "asked_before": [_earlier(one) for one in found.asked_before],
    }


def _earlier(one: Earlier) -> dict[str, Any]:
    return {
        "channel": one.channel_id,
        "ts": one.ts,
        "at": one.at.isoformat(),
        "score": round(one.score, 6),
        "answers": one.answers,
    }


def _person(knower: Knower) -> dict[str, Any]:
    return {
        "user": knower.user_id,
        "score": round(knower.score, 6),
        "asked": knower.asked,
        "answered": knower.answered,
        "thanked": knower.thanked,
        "last_at": knower.last_at.isoformat() if knower.last_at else None,
        "evidence": [
            {"channel": p.channel_id, "ts": p.ts, "at": p.at.isoformat()}
            for p in knower.evidence
        ],
        "why": {name: round(part, 4) for name, part in knower.why.items()},
    }


def _place(place: Place) -> dict[str, Any]:
    return {"channel": place.channel_id, "name": place.name, "why": place.why}


def questions(
    context: typer.Context,
    *,
    batch: Annotated[Path, typer.Option(help="A file of JSON Lines to judge.")],
    as_json: _Json = False,
) -> None:
    """Say of each message whether its writer seeks information."""
    runtime = of(context).runtime
    del as_json  # a batch is always JSON Lines
    engine = load_engine(runtime.settings.engine, threads=2)
    lines = list(read_lines(batch))
    messages = [(line["text"], bool(line.get("top_level", True))) for line in lines]
    for line, judged in zip(lines, judge_all(engine, messages), strict=True):
        runtime.print_line(
            {
                "id": line.get("id"),
                "is_question": judged.is_question,
                "score": round(judged.score, 4),
            }
        )
