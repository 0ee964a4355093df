"""Commands about the graph: `import`, `topics` and `communities`."""

from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.blocks.spoken import counted
from bot.deps import Deps
from bot.graph.listings import list_topics
from bot.importing import import_export
from bot.judging import Judged, judge_topics
from bot.slack_export import open_export
from bot.topic_pass import run_pass
from handlers.cli.choices import Choices, of
from handlers.cli.runtime import Runtime
from handlers.cli.vectors import warn_of_vectors
from models import Answer, Question, Topic

_Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
_NO_TOPICS = (
    "No topics yet: they are found once several people have asked about the same thing."
)

_Now = Annotated[str | None, typer.Option(help="Judge momentum at this time.")]


def register(cli: typer.Typer) -> None:
    """Add the commands of this module."""
    cli.command("import")(import_)
    cli.command("topics")(topics)
    cli.command("communities")(communities)


def import_(
    context: typer.Context,
    export: Annotated[Path, typer.Argument(help="A Slack export, ZIP or folder.")],
    *,
    as_json: _Json = False,
) -> None:
    """Read a Slack export into the graph.

    It can be stopped and run again.
    """
    choices = of(context)
    runtime = choices.runtime
    began = runtime.clock()
    with choices.deps() as deps:
        with open_export(export) as opened, runtime.bar() as bar:
            task = bar.add_task("Reading", total=None)
            imported = import_export(
                deps,
                opened,
                now=began,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )
            bar.update(task, description="Finding topics")
            run_pass(deps, imported.workspace_id)
        with deps.database.readers() as session:
            held: dict[str, Any] = {
                "messages": imported.messages,
                **count_graph(session, imported.workspace_id),
                "skipped": dict(imported.skipped),
            }
        warn_of_vectors(runtime, deps)
    held["seconds"] = round((runtime.clock() - began).total_seconds(), 2)
    for file in imported.files[:20]:
        runtime.console.print(f"Passed over {file}", markup=False)
    if as_json:
        runtime.print_json(held)
    else:
        _say(choices, held)


def count_graph(session: Session, workspace_id: str) -> dict[str, int]:
    """How many questions, answers, live topics and askers are held."""

    def count(what: Any) -> int:  # noqa: ANN401 - any select of one number
        return session.scalar(what) or 0

    of = Question.workspace_id == workspace_id
    answers = select(func.count()).select_from(Answer)
    asked = select(func.count()).select_from(Question)
    topics = select(func.count()).select_from(Topic)
    people = select(func.count(func.distinct(Question.asker_id))).where(of)
    return {
        "questions": count(asked.where(of)),
        "answers": count(answers.where(Answer.workspace_id == workspace_id)),
        "topics": count(
            topics.where(Topic.workspace_id == workspace_id, Topic.retired_at.is_(None))
        ),
        "people": count(people),
    }


def _say(choices: Choices, held: dict[str, Any]) -> None:
    out = choices.runtime.pages
    out.print(
        f"Read {counted(held['messages'], 'message')} in {held['seconds']} s: "
        f"{counted(held['questions'], 'question')}, "
        f"{counted(held['answers'], 'answer')}, {counted(held['topics'], 'topic')}."
    )
    for reason, n in sorted(held["skipped"].items(), key=lambda item: -item[1]):
        out.print(f"  left out {n}: {reason}", markup=False)
    out.print('Next: app.py topics, or app.py who-knows "something people ask"')


def topics(context: typer.Context, *, as_json: _Json = False) -> None:
    """List the topics, those with the most questions first."""
    choices = of(context)
    with choices.deps() as deps, deps.database.readers() as session:
        held = list_topics(session, choices.workspace_id(session))
    if as_json:
        choices.runtime.print_json(held)
        return
    if not held:
        choices.runtime.print_paragraph(_NO_TOPICS)
    for topic in held:
        also = f"  (also {', '.join(topic['aliases'])})" if topic["aliases"] else ""
        asked = counted(len(topic["questions"]), "question")
        choices.runtime.pages.print(
            f"{asked:>15}  {topic['label']}{also}  [{topic['id']}]",
            markup=False,
            soft_wrap=True,
        )


def communities(
    context: typer.Context, *, now: _Now = None, as_json: _Json = False
) -> None:
    """Say which topics could become a community, and why."""
    choices = of(context)
    with choices.deps() as deps:
        judged = _judge(choices, deps, now)
    if as_json:
        choices.runtime.print_json([one.as_json() for one in judged])
        return
    if not judged:
        choices.runtime.print_paragraph(_NO_TOPICS)
    for one in judged:
        _show(choices.runtime, one)


def _judge(choices: Choices, deps: Deps, now: str | None) -> list[Judged]:
    with deps.database.readers() as session:
        workspace_id = choices.workspace_id(session)
        at = choices.judged_at(session, workspace_id, now)
        return judge_topics(session, deps, workspace_id, now=at)


def _show(runtime: Runtime, one: Judged) -> None:
    """Show a verdict with why, and each gate: `+` for met, `-` for not."""
    gates = [(gate.says, "+" if gate.met else "-") for gate in one.why.gates]
    says = {words for words, _ in gates}
    # What is only about gates is told below, gate by gate.
    reasons = "; ".join(why for why in one.why.reasons if why not in says)
    why = f" ({reasons})" if reasons else ""
    runtime.print_paragraph(f"{one.verdict.replace('_', ' ')}: {one.label}{why}")
    for words, mark in gates:
        runtime.print_paragraph(words, indent=f"    {mark} ", hang=" " * 6)
