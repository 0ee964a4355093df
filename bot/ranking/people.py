"""How well each candidate fits a question: the features of the model.

p0 is each candidate's share of the talk (`View.popularity`); B a thread's and m
a message's BM25; fresh = ½^(days since the thread's last message / 60). A vote is
smoothed as lp(x) = log(.8 · x / Σx + .2 · p0), or log(.2 · p0) where nobody got
one. Logarithms are natural. A value for each candidate:

- `mention`: 1 if the question mentions them.
- `here`: log(.9 · Σ_c π(c) · P(u|c) + .1 · p0), P(u|c) = (N + p0) / (N_c + 1).
  N: each asker the person helped in c (½ for every 30 days since the last time)
  and .3 for each day they spoke there. Helping ten people counts for more than
  ten answers to one. π: .7 the channel it is asked in, if known, and the rest
  guessed (`where`).
- `topic`: lp of Σ B⁴ · fresh over all threads, for those who replied in them.
- `topic_here`: lp of Σ B² · fresh over the 50 best threads of this channel; only
  where the channel is known.
- `own_words`: lp of Σ m⁴ over all messages, for their authors. It finds people
  who spoke of a subject before anybody asked them.
- `days`: log(1 + distinct days with a message). Its weight is negative: it takes
  back what mere presence adds to the others.
"""

import numpy as np

from bot.corpus import Longs
from bot.ranking.index import DAY
from bot.ranking.match import Matched
from bot.ranking.postings import Doubles, tally
from bot.ranking.values import Query
from bot.ranking.view import View
from bot.ranking.where import Matches

_FRESH = 60 * DAY
_THREADS_HERE = 50
_ASKED_HERE = 0.7  # people ask in the wrong channel, too


def features(
    view: View, query: Query, matches: Matches, guessed: Doubles
) -> dict[str, Doubles]:
    """Give each feature's values for the candidates of a view (names as above).

    Args:
        view: What the asker may see.
        query: The question.
        matches: Its scores with threads and messages.
        guessed: Probability of each visible channel (`where.probabilities`).
    """
    p0 = view.popularity(query.now)
    threads, here = matches.threads, view.channel(query.channel_id)
    topic = np.square(np.square(threads.score)) * _fresh(view, query, threads)
    found = {
        "mention": _mentioned(view, query),
        "here": _at_home(view, query, guessed, p0),
        "topic": _smooth(repliers(view, threads.unit, topic), p0),
        "own_words": _smooth(_authors(view, matches.messages), p0),
        "days": np.log1p(view.days),
    }
    if here is not None:
        inside = threads.where(view.index.threads.channel[threads.unit] == here)
        best = inside.best(_THREADS_HERE)
        votes = np.square(best.score) * _fresh(view, query, best)
        found["topic_here"] = _smooth(repliers(view, best.unit, votes), p0)
    return found


def repliers(view: View, threads: Longs, votes: Doubles) -> Doubles:
    """Hand each thread's votes to those who replied in it (k)."""
    replies, corpus = view.index.replies, view.index.corpus
    by_thread = np.zeros(len(corpus.root))
    by_thread[threads] = votes
    given = tally(replies.person, by_thread[replies.thread], len(corpus.people))
    return view.of_people(given)


def _fresh(view: View, query: Query, threads: Matched) -> Doubles:
    age = query.now - view.index.thread_last[threads.unit]
    return np.asarray(0.5 ** (age / _FRESH))


def _authors(view: View, messages: Matched) -> Doubles:
    corpus = view.index.corpus
    votes = np.square(np.square(messages.score))
    author = corpus.person[messages.unit]
    return view.of_people(tally(author, votes, len(corpus.people)))


def _smooth(votes: Doubles, p0: Doubles) -> Doubles:
    total = votes.sum()
    share = votes / total if total > 0 else votes
    return np.asarray(np.log(0.8 * share + 0.2 * p0))


def _mentioned(view: View, query: Query) -> Doubles:
    mentioned = np.zeros(len(view.index.corpus.people))
    numbers = [view.index.person(user_id) for user_id in query.mentions]
    mentioned[[n for n in numbers if n is not None]] = 1.0
    return view.of_people(mentioned)


def _at_home(view: View, query: Query, guessed: Doubles, p0: Doubles) -> Doubles:
    index = view.index
    likely = np.zeros(len(view.visible))
    likely[view.channels] = guessed
    here = view.channel(query.channel_id)
    if here is not None:
        likely *= 1.0 - _ASKED_HERE
        likely[here] += _ASKED_HERE
    fade = index.fade(query.now)
    likely /= fade * index.helped.sum(axis=1) + 1.0
    share = view.of_people(index.helped.T @ likely) * fade + p0 * likely.sum()
    return np.asarray(np.log(0.9 * share + 0.1 * p0))
