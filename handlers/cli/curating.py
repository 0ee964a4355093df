"""The commands `topic …`: what a person decides about a topic."""

from collections.abc import Callable
from typing import Annotated, Any

import typer
from sqlalchemy.orm import Session

from bot import curation
from bot.blocks.spoken import counted
from bot.curation import Curator
from bot.curation_log import log_of
from bot.graph import topics
from bot.splitting import Preview, preview, split
from handlers.cli.choices import Choices, of
from models import Topic

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_Id = Annotated[int, typer.Argument(help="Its id, as `topics` lists it.")]
_Name = Annotated[str, typer.Argument(help="What people call it.")]

# A command's work, inside its one transaction.
_Work = Callable[[Session, Curator], Topic]

_MOST_NOTED = 200
# Both are noted without a name.
_UNNAMED = "the command line or somebody erased since"


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    group = typer.Typer(
        help="Rename, merge, split, hide and lock topics; it stays so.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    for name, command in (
        ("rename", rename),
        ("alias", alias),
        ("merge", merge),
        ("split", split_),
        ("hide", hide),
        ("show", show),
        ("lock", lock),
        ("unlock", unlock),
        ("kept", kept),
        ("log", log),
    ):
        group.command(name)(command)
    cli.add_typer(group, name="topic")


def rename(
    context: typer.Context, topic: _Id, name: _Name, *, as_json: _Json = False
) -> None:
    """Give a topic a name that stays."""

    def work(session: Session, curator: Curator) -> Topic:
        return curation.rename(session, curator, topic, name)

    _do(context, work, "is called {label} from now on", as_json=as_json)


def alias(
    context: typer.Context,
    topic: _Id,
    what: Annotated[str, typer.Argument(help="add or remove")],
    name: _Name,
    *,
    as_json: _Json = False,
) -> None:
    """Give a topic another name, or take one away."""
    works = {"add": curation.add_name, "remove": curation.remove_name}
    if what not in works:
        raise typer.BadParameter(f"{what!r} is neither add nor remove")

    def work(session: Session, curator: Curator) -> Topic:
        return works[what](session, curator, topic, name)

    _do(context, work, "({label}) is also called: {aliases}", as_json=as_json)


def merge(
    context: typer.Context,
    topic: _Id,
    into: Annotated[int, typer.Argument(help="The id of what it goes into.")],
    *,
    as_json: _Json = False,
) -> None:
    """Let one topic live on in another, with its questions and names."""

    def work(session: Session, curator: Curator) -> Topic:
        return curation.merge(session, curator, topic, into)

    _do(context, work, f"({{label}}) holds what {topic} held", as_json=as_json)


def hide(context: typer.Context, topic: _Id, *, as_json: _Json = False) -> None:
    """Show a topic nowhere any more; nothing is deleted."""

    def work(session: Session, curator: Curator) -> Topic:
        return curation.hide(session, curator, topic)

    said = "({label}) is hidden; `topic show {id}` brings it back"
    _do(context, work, said, as_json=as_json)


def show(context: typer.Context, topic: _Id, *, as_json: _Json = False) -> None:
    """Show a hidden topic again."""

    def work(session: Session, curator: Curator) -> Topic:
        return curation.show(session, curator, topic)

    _do(context, work, "({label}) is shown", as_json=as_json)


def lock(context: typer.Context, topic: _Id, *, as_json: _Json = False) -> None:
    """Keep a topic's name and questions as they are; new ones may join."""

    def work(session: Session, curator: Curator) -> Topic:
        return curation.lock(session, curator, topic)

    said = "({label}) stays as it is; `topic unlock {id}` lets it go"
    _do(context, work, said, as_json=as_json)


def unlock(context: typer.Context, topic: _Id, *, as_json: _Json = False) -> None:
    """Let Grapevine rename, merge and split a topic again."""

    def work(session: Session, curator: Curator) -> Topic:
        return curation.unlock(session, curator, topic)

    _do(context, work, "({label}) is Grapevine's to rename again", as_json=as_json)


def _do(context: typer.Context, work: _Work, said: str, *, as_json: bool) -> None:
    """Do it in one transaction, and say what came of it."""
    choices = of(context)
    with choices.deps() as deps, deps.database.sessions.begin() as session:
        curator = _curator(choices, session)
        row = _row(session, work(session, curator))
    if as_json:
        choices.runtime.print_json(row)
        return
    words = row | {"aliases": ", ".join(row["aliases"]) or "nothing else"}
    _print(choices, f"Topic {row['id']} {said.format(**words)}.")


def _curator(choices: Choices, session: Session) -> Curator:
    workspace_id = choices.workspace_id(session)
    return Curator(workspace_id, None, choices.runtime.clock())


def _row(session: Session, topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "label": topic.label,
        "aliases": curation.names_of(session, topic),
        "is_locked": topic.is_locked,
        "is_hidden": topic.is_hidden,
    }


def _print(choices: Choices, line: str) -> None:
    choices.runtime.pages.print(line, markup=False, soft_wrap=True)


def split_(
    context: typer.Context,
    topic: _Id,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do it; else only show.")] = False,
    as_json: _Json = False,
) -> None:
    """Split a topic into its parts; without --yes it only shows them."""
    choices = of(context)
    with choices.deps() as deps:
        with deps.database.readers() as session:
            workspace_id = choices.workspace_id(session)
        planned = preview(deps, workspace_id, topic)
        made: list[int] = []
        if yes:
            with deps.database.sessions.begin() as session:
                made = split(session, _curator(choices, session), planned)
    if as_json:
        choices.runtime.print_json(_planned(planned, made))
        return
    _print(choices, f"Topic {topic} ({planned.label}) keeps {planned.stays} questions.")
    for place, part in enumerate(planned.parts):
        name = f"Topic {made[place]}" if made else "New topic"
        also = f" (also {', '.join(part.aliases)})" if part.aliases else ""
        _print(
            choices,
            f"{name}, {part.label}{also}: {counted(len(part.questions), 'question')}.",
        )
    if not made:
        _print(choices, "Nothing is changed yet: run it again with --yes to split it.")


def _planned(planned: Preview, made: list[int]) -> dict[str, Any]:
    return {
        "id": planned.topic_id,
        "label": planned.label,
        "stays": planned.stays,
        "is_done": bool(made),
        "parts": [
            {
                "id": made[place] if made else None,
                "label": part.label,
                "aliases": list(part.aliases),
                "questions": [{"channel": c, "ts": ts} for c, ts in part.questions],
            }
            for place, part in enumerate(planned.parts)
        ],
    }


def kept(context: typer.Context, *, as_json: _Json = False) -> None:
    """List the topics that are hidden or locked."""
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        held = topics.held_topics(session, choices.workspace_id(session))
    rows = [
        {
            "id": one.id,
            "label": one.label,
            "aliases": list(one.aliases),
            "is_locked": one.is_locked,
            "is_hidden": one.is_hidden,
        }
        for one in held
        if one.is_kept
    ]
    if as_json:
        choices.runtime.print_json(rows)
        return
    for row in rows:
        states = ("hidden", row["is_hidden"]), ("locked", row["is_locked"])
        how = ", ".join(name for name, is_so in states if is_so)
        _print(choices, f"{row['id']:5}  {row['label']} ({how})")
    if not rows:
        _print(choices, "No topic is hidden or locked.")


def log(context: typer.Context, *, as_json: _Json = False) -> None:
    """Print what was done to topics, and by whom, the newest first."""
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        workspace_id = choices.workspace_id(session)
        noted = log_of(session, workspace_id, limit=_MOST_NOTED)
    if as_json:
        choices.runtime.print_json(
            [
                {
                    "at": one.at.isoformat(),
                    "act": one.act,
                    "topic_id": one.topic_id,
                    "other_id": one.other_id,
                    "user": one.done_by,
                }
                for one in noted
            ]
        )
        return
    for one in noted:
        other = f" (and {one.other_id})" if one.other_id else ""
        who = one.done_by or _UNNAMED
        _print(
            choices, f"{one.at:%Y-%m-%d %H:%M}  {one.topic_id} {one.act}{other}, {who}"
        )
    if not noted:
        _print(choices, "Nobody has changed a topic yet.")
