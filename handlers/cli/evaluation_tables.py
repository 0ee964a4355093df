"""An evaluation's figures as tables for the terminal."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import RenderableType
from rich.markup import escape
from rich.table import Table

from bot.evaluation import Report
from bot.evaluation.scoring import Compared, Detection, Interval, Speed, gain, interval
from bot.evaluation.topic_scores import TopicScores
from bot.evaluation.who_knows import FEWEST_QUESTIONS, WhoKnowsScores


def tables(report: Report) -> Iterator[RenderableType]:
    """Show a report, measure by measure, and say what could not be measured."""
    yield escape(
        f"{report.export}: {report.messages} messages of people in public channels; "
        f"sentence vectors: {report.engine}"
    )
    if report.who_knows:
        yield from _who_knows(report.who_knows)
    if report.topics:
        yield from _topics(report.topics)
    if report.taken:
        yield (
            f"\nOf {report.taken.messages} messages that open a thread, Grapevine "
            f"takes {report.taken.ours} for questions; {report.taken.marked} have a "
            f"question mark; {report.taken.both} are both."
        )
    if report.detected:
        yield _detected(report.detected)
    if report.speed:
        yield from _speed(report.speed, report.who_knows)
    for measure, why in report.not_measured.items():
        yield escape(f"\nNot measured, {measure}: {why}.")


def _who_knows(scores: WhoKnowsScores) -> Iterator[RenderableType]:
    asked = f"{len(scores.cut.asked)} questions asked after {scores.cut.at:%Y-%m-%d}"
    yield from _compared(f"Who knows, channel told: {asked}", scores.with_channel)
    yield from _compared("Who knows, channel not told", scores.without_channel)
    if cold := sum(scores.cold):
        few = "; too few to say much" if cold < FEWEST_QUESTIONS else ""
        title = f"answerers new to answering, {cold} questions{few}"
        told = scores.with_channel.only(scores.cold)
        yield from _compared(f"Channel told, {title}", told)
        untold = scores.without_channel.only(scores.cold)
        yield from _compared(f"Channel not told, {title}", untold)


def _compared(title: str, compared: Compared) -> Iterator[RenderableType]:
    rows = [
        (
            one.name,
            f"{one.mrr:.3f}",
            _between(interval(one.reciprocal)),
            *(f"{one.hit(k):.3f}" for k in (1, 3, 5)),
            str(len(one.places)),
        )
        for one in compared.rankings
    ]
    headers = ("ranking", "MRR@10", "95 %", "hit@1", "hit@3", "hit@5", "n")
    yield _table(title, headers, rows)
    best = compared.best_baseline
    yield (
        f"Beside the best baseline: {compared.ours.mrr - best.mrr:+.3f} "
        f"({_between(gain(compared.ours, best), '+.3f')})"
    )


def _topics(scores: TopicScores) -> Iterator[RenderableType]:
    rows = [
        (
            name,
            f"{purity.share:.3f}",
            _between(purity.interval()),
            f"{purity.questions} in {len(purity.wholes)} topics",
        )
        for name, purity in (
            ("purity by true channel", scores.purity),
            ("a day of one person once", scores.once),
        )
    ]
    rows.append(("baseline: dealt at random", f"{scores.by_chance:.3f}", "", ""))
    title = "Topics, found with the channels hidden"
    yield _table(title, ("measure", "share", "95 %", "questions"), rows)
    yield _table(
        "Communities, found with the channels hidden",
        ("measure", "share", "of"),
        [
            _share("busy channels found again", len(scores.found), len(scores.big)),
            _share("suggestions about one channel", scores.on_one, scores.suggestions),
            _share("hosts among its five best answerers", scores.active, scores.hosts),
        ],
    )


def _share(name: str, part: int, whole: int) -> tuple[str, str, str]:
    return name, f"{part / whole:.2f}" if whole else "-", f"{part} of {whole}"


def _detected(rows: Iterable[Detection]) -> Table:
    return _table(
        "Is it a question? Labelled messages",
        ("by", "precision", "recall", "F1", "95 %", "n"),
        [
            (
                row.name,
                *(f"{x:.3f}" for x in (row.precision, row.recall, row.f1)),
                _between(row.f1_interval()),
                str(len(row.true)),
            )
            for row in rows
        ],
    )


def _speed(speed: Speed, scores: WhoKnowsScores | None) -> Iterator[RenderableType]:
    rate = speed.messages / max(speed.import_s, 1e-9)
    yield (
        f"\nImport: {speed.messages} messages in {speed.import_s:.1f} s "
        f"({rate:.0f} a second); topics: {speed.topics_s:.1f} s"
    )
    if scores:
        p50, p95 = scores.took_ms(50), scores.took_ms(95)
        yield f"Who knows, from a warm process: p50 {p50:.1f} ms, p95 {p95:.1f} ms"


def _table(title: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    table = Table(title=f"\n{title}", title_justify="left", title_style="bold")
    for place, header in enumerate(headers):
        table.add_column(header, justify="right" if place else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _between(one: Interval, form: str = ".3f") -> str:
    return f"{one.low:{form}} to {one.high:{form}}"
