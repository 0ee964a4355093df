"""What a workspace's history teaches: who answered the questions it held.

A lesson is cut from the past: what was held before a moment ranks people for
the questions asked after it, and those who then answered were right.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.corpus import NOBODY, Corpus, Flags, Floats, Ints, Longs
from bot.ranking import people, where
from bot.ranking.history import until
from bot.ranking.index import DAY, Index, build
from bot.ranking.nearest import Nearest
from bot.ranking.postings import Doubles
from bot.ranking.values import Query
from bot.ranking.view import View, look

# Questions of the two months after a moment; less in a young workspace.
_MOST_AHEAD_S = 60 * DAY
_SHARE_AHEAD = 0.3
_EARLY = 0.05
# Three moments, so that one odd week does not decide.
_MOMENTS = (0.0, 0.35, 0.7)
# So many questions a moment settle six weights; more only take longer.
MOST_QUESTIONS = 500
# Who has answered so many questions at most is a newcomer, and counts so many times
# where they were right. Few of the right ones are (6 to 22 %), and unless they count
# for more, what is learnt is to name again whom everybody knows. Three times costs the
# others next to nothing; more does not (docs/design.md, "one answer can be enough").
NEW = 3
NEWCOMER = 3.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """Choices to learn from: in each row, some of the alternatives were right.

    Attributes:
        names: The features.
        values: Rows x alternatives x features (float32).
        right: Rows x alternatives: how much each counts that was right, 0 for all
            others (float32).
        barred: Rows x alternatives: not to be chosen (the asker).
    """

    names: tuple[str, ...]
    values: np.ndarray[tuple[int, int, int], np.dtype[np.float32]]
    right: np.ndarray[tuple[int, int], np.dtype[np.float32]]
    barred: np.ndarray[tuple[int, int], np.dtype[np.bool_]]

    def __len__(self) -> int:
        return len(self.values)


@dataclass(frozen=True, slots=True)
class Moment:
    """A view of the past, and the questions that came next.

    Attributes:
        view: What was held at the time.
        nearest: Its questions by their meaning.
        queries: The questions, with their channel.
        answerers: Numbers of those who answered each.
        answered: How many questions each person had replied to (p).
    """

    view: View
    nearest: Nearest
    queries: tuple[Query, ...]
    answerers: tuple[Ints, ...]
    answered: Longs

    def without_vectors(self) -> "Moment":
        """The same, with the questions told by their words alone."""
        return replace(
            self, queries=tuple(replace(q, vector=None) for q in self.queries)
        )


def moments(corpus: Corpus) -> list[Moment]:
    """Cut lessons from a corpus; none from an empty one."""
    if not len(corpus):
        return []
    # A few messages may be older by years: roots that somebody answered lately.
    first, newest = float(np.quantile(corpus.at, _EARLY)), float(corpus.at[-1])
    ahead = min(_MOST_AHEAD_S, _SHARE_AHEAD * (newest - first))
    index = build(corpus)
    cuts = [newest - ahead * (1 + share) for share in _MOMENTS]
    return [_moment(index, cut, cut + ahead) for cut in cuts]


def _moment(whole: Index, now: float, end: float) -> Moment:
    corpus = whole.corpus
    then = build(until(corpus, now))
    asked = [t for t in _questions(corpus, now, end) if _answered(whole, t).size]
    known = np.unique(then.replies.person)
    asked = [t for t in asked if np.isin(_answered(whole, t), known).any()]
    asked = spread(asked, MOST_QUESTIONS)
    return Moment(
        view=look(then, None),
        nearest=Nearest(then.corpus),
        queries=tuple(_query(corpus, int(t), now) for t in asked),
        answerers=tuple(_answered(whole, t) for t in asked),
        answered=_answers(then),
    )


def _questions(corpus: Corpus, start: float, end: float) -> list[int]:
    threads = np.flatnonzero(corpus.root != NOBODY)
    root = corpus.root[threads]
    at = corpus.at[root]
    chosen = corpus.is_question[root] & (at > start) & (at <= end)
    return [int(t) for t in threads[chosen][np.argsort(at[chosen], kind="stable")]]


def spread(asked: list[int], most: int) -> list[int]:
    """Take `most` questions evenly spread over time, without chance."""
    step = max(1.0, len(asked) / most)
    return [asked[int(i * step)] for i in range(min(len(asked), most))]


def _answered(index: Index, thread: int) -> Ints:
    replies = index.replies
    start, end = np.searchsorted(replies.thread, [thread, thread + 1])
    return replies.person[start:end]


def _answers(index: Index) -> Longs:
    """Count the questions that each person replied to (p)."""
    corpus, replies = index.corpus, index.replies
    root = corpus.root[replies.thread]
    asked = (root != NOBODY) & corpus.is_question[root]
    return np.bincount(replies.person[asked], minlength=len(corpus.people))


def _query(corpus: Corpus, thread: int, now: float) -> Query:
    row = int(corpus.root[thread])
    held = slice(corpus.terms.indptr[row], corpus.terms.indptr[row + 1])
    hashes = corpus.vocabulary[corpus.terms.indices[held]]
    counts = corpus.terms.data[held].astype(np.int64)
    named = slice(corpus.mentions.indptr[row], corpus.mentions.indptr[row + 1])
    return Query(
        words=tuple(np.repeat(hashes, counts).tolist()),
        now=now,
        channel_id=corpus.channels[corpus.channel[row]],
        asker_id=corpus.people[corpus.person[row]],
        mentions=tuple(corpus.people[p] for p in corpus.mentions.indices[named]),
        vector=_vector(corpus, row),
    )


def _vector(corpus: Corpus, row: int) -> Floats | None:
    place = int(corpus.vector_row[row])
    return None if place == NOBODY else corpus.vectors[place]


def where_lesson(moment: Moment) -> Lesson:
    """Learn which channel a question belongs to."""
    view = moment.view
    kept = [q for q in moment.queries if view.channel(q.channel_id) is not None]
    rows = [where.features(view, q, where.match(view, q, moment.nearest)) for q in kept]
    right = [view.channels == view.channel(q.channel_id) for q in kept]
    nobody = np.zeros((len(kept), len(view.channels)), np.bool_)
    return _lesson(rows, right, nobody)


def people_lesson(
    moment: Moment, which_channel: Mapping[str, float], *, given: bool
) -> Lesson:
    """Learn who answers, with the channel `given` or guessed."""
    view = moment.view
    counts = np.where(moment.answered[view.people] <= NEW, NEWCOMER, 1.0)
    rows, right, barred = [], [], []
    for query, answerers in zip(moment.queries, moment.answerers, strict=True):
        known = view.channel(query.channel_id) is not None
        found = np.isin(view.people, answerers)
        if (given and not known) or not found.any():
            continue
        asked = query if given else replace(query, channel_id=None)
        matches = where.match(view, asked, moment.nearest)
        clues = where.features(view, asked, matches)
        guessed = where.probabilities(clues, which_channel)
        rows.append(people.features(view, asked, matches, guessed))
        right.append(found * counts)
        barred.append(view.people == view.index.person(query.asker_id))
    return _lesson(rows, right, np.array(barred, np.bool_))


def _lesson(
    rows: list[dict[str, Doubles]], right: Sequence[Flags | Doubles], barred: Flags
) -> Lesson:
    names = tuple(rows[0]) if rows else ()
    values = [np.stack([row[n] for n in names], axis=-1) for row in rows]
    return Lesson(
        names=names,
        values=np.array(values, np.float32),
        right=np.array(right, np.float32),
        barred=barred,
    )
