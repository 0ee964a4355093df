"""Whom of the people ranked to name, each with the evidence and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence

from bot.answers import Knower, Proof
from bot.graph.topics import Tie
from bot.ranking import Ranked
from bot.ranking.tuning import contrast
from models import EvidenceKind

_MOST_PROOFS = 3
# Beside so many ranked people one is set when somebody says how it went.
_COMPARED = 10


def name_people(
    ranked: Sequence[Ranked],
    ties: Sequence[Tie],
    declined: Collection[str],
    factors: Mapping[str, float],
) -> tuple[Knower, ...]:
    """Name those who answered about the subject, in the order of the ranking.

    Args:
        ranked: People, best first.
        ties: Evidence about the subject.
        declined: Who does not want to be named under it.
        factors: What the shipped weights were multiplied with, by feature.
    """
    by_person: dict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_person[tie.user_id].append(tie)
    shipped = {
        one.user_id: {n: x / factors.get(n, 1.0) for n, x in one.features.items()}
        for one in ranked
    }
    beside = [one.user_id for one in ranked[:_COMPARED]]
    return tuple(
        _knower(
            one,
            by_person[one.user_id],
            contrast(
                shipped[one.user_id],
                [shipped[other] for other in beside if other != one.user_id],
            ),
        )
        for one in ranked
        # Interest is no expertise: who only asked is not sent the next question.
        if one.user_id not in declined
        and any(t.kind != EvidenceKind.ASKED for t in by_person[one.user_id])
    )


def _knower(ranked: Ranked, ties: Sequence[Tie], beyond: Mapping[str, float]) -> Knower:
    kinds = Counter(tie.kind for tie in ties)
    shown = [t for t in ties if t.kind in (EvidenceKind.ANSWERED, EvidenceKind.SHARED)]
    newest = sorted(shown, key=lambda tie: (tie.at, tie.ts), reverse=True)
    return Knower(
        user_id=ranked.user_id,
        score=ranked.score,
        asked=kinds[EvidenceKind.ASKED],
        answered=kinds[EvidenceKind.ANSWERED] + kinds[EvidenceKind.SHARED],
        thanked=kinds[EvidenceKind.THANKED],
        last_at=max((tie.at for tie in ties), default=None),
        evidence=tuple(
            Proof(tie.channel_id, tie.ts, tie.at) for tie in newest[:_MOST_PROOFS]
        ),
        why=ranked.features,
        contrast=beyond,
    )
