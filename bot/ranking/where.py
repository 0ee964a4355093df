"""Which channel a question belongs to, judged by its words and by who asks.

Each feature is a log share (natural logarithm, floored) or a score from 0 to 1,
a value for each visible channel:

- `prior`: log pr(c); pr is proportional to .2 + "?" roots, half-life 14 days.
- `threads`: log(.9 · share + .1 · pr); share of the 50 threads most like the
  question, by BM25².
- `messages`: the same over the 100 most like messages.
- `asked`, `said`: BM25 of the question against all roots, all messages of the
  channel, divided by the best channel's.
- `asker_asks`: log((R_ac + pr) / (R_a + 1)), R: roots by the asker.
- `asker_speaks`: log(.8 · s · min(1, n / 5) + .2 · pr), s: share of the channel
  in what the asker wrote, n: how many messages that was.

Decayed counts have a half-life of 30 days where nothing else is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from bot.corpus import Ints
from bot.ranking.index import ASKING_HALF_LIFE
from bot.ranking.match import Matched, Wanted, bm25, coverage, find, wanted
from bot.ranking.nearest import Close, Nearest
from bot.ranking.postings import Doubles, tally
from bot.ranking.values import Query
from bot.ranking.view import View

_FLOOR = float(np.exp(-8.0))  # a channel nothing speaks for is not impossible
_THREADS = 50
_MESSAGES = 100
# Beyond the thousandth closest question, who answered it says nothing any more.
_MEANINGS = 1_000
_ENOUGH_MESSAGES = 5  # fewer say little about where somebody is at home


@dataclass(frozen=True, slots=True)
class Matches:
    """What is like a question.

    Attributes:
        sought: The question's terms.
        threads, messages: Those that hold some of them, by BM25.
        covered: What share of the question's words each thread holds (t).
        meanings: Threads whose questions are closest; None without a vector.
    """

    sought: Wanted
    threads: Matched
    messages: Matched
    covered: Doubles
    meanings: Close | None


def match(view: View, query: Query, nearest: Nearest) -> Matches:
    """Score all threads and messages against a question."""
    index = view.index
    sought = wanted(index, query.words)
    in_threads = find(view, index.threads, sought)
    return Matches(
        sought=sought,
        threads=bm25(view, in_threads),
        messages=bm25(view, find(view, index.messages, sought)),
        covered=coverage(view, in_threads),
        meanings=None
        if query.vector is None
        else nearest.best(query.vector, view.visible, _MEANINGS),
    )


def features(view: View, query: Query, matches: Matches) -> dict[str, Doubles]:
    """Give each feature's values for the visible channels (names as above)."""
    index = view.index
    prior = _prior(view, query.now)
    heard = index.corpus.channel
    owner = index.corpus.thread_channel
    threads = matches.threads.best(_THREADS)
    messages = matches.messages.best(_MESSAGES)
    by_thread = _share(view, owner[threads.unit], np.square(threads.score))
    by_message = _share(view, heard[messages.unit], np.square(messages.score))
    asked = bm25(view, find(view, index.asked_channels, matches.sought))
    said = bm25(view, find(view, index.said_channels, matches.sought))
    return {
        "prior": _log(prior),
        "threads": _log(0.9 * by_thread + 0.1 * prior),
        "messages": _log(0.9 * by_message + 0.1 * prior),
        "asked": _of_best(view, asked),
        "said": _of_best(view, said),
        **_of_asker(view, query, prior),
    }


def probabilities(
    values: Mapping[str, Doubles], weights: Mapping[str, float]
) -> Doubles:
    """Turn features into a probability for each visible channel."""
    total = sum((w * values[name] for name, w in weights.items()), np.zeros(1))
    if not total.size:
        return total
    share = np.maximum(np.exp(total - total.max()), _FLOOR)
    return np.asarray(share / share.sum())


def _log(share: Doubles) -> Doubles:
    return np.asarray(np.log(np.maximum(share, _FLOOR)))


def _prior(view: View, now: float) -> Doubles:
    fade = view.index.fade(now, ASKING_HALF_LIFE)
    raw = 0.2 + fade * view.index.asking[view.channels]
    return np.asarray(raw / raw.sum()) if raw.size else raw


def _share(view: View, channel: Ints, votes: Doubles) -> Doubles:
    """Give each visible channel's share of votes."""
    sums = tally(channel, votes, len(view.visible))[view.channels]
    return np.asarray(sums / max(sums.sum(), 1e-9))


def _of_best(view: View, channels: Matched) -> Doubles:
    """Give each visible channel's score, the best channel's being 1."""
    scores = tally(channels.unit, channels.score, len(view.visible))[view.channels]
    return np.asarray(scores / max(scores.max(initial=0.0), 1e-9))


def _of_asker(view: View, query: Query, prior: Doubles) -> dict[str, Doubles]:
    index = view.index
    fade = index.fade(query.now)
    rooted = fade * _row(view, index.rooted, query.asker_id)
    said = fade * _row(view, index.said, query.asker_id)
    written = _row(view, index.count, query.asker_id).sum()
    trust = min(1.0, written / _ENOUGH_MESSAGES) / max(said.sum(), 1e-300)
    return {
        "asker_asks": _log((rooted + prior) / (rooted.sum() + 1.0)),
        "asker_speaks": _log(0.8 * trust * said + 0.2 * prior),
    }


def _row(view: View, sums: sparse.csr_array, user_id: str | None) -> Doubles:
    """Give one person's sums in the visible channels; zeros for somebody unknown."""
    person = view.index.person(user_id)
    if person is None:
        return np.zeros(len(view.channels))
    column = np.zeros(sums.shape[1])
    column[person] = 1.0
    return np.asarray((sums @ column)[view.channels])
