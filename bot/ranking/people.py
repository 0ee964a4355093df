"""How well each candidate fits a question: the features of the model.

p0 is each candidate's share of the talk (`View.popularity`); B a thread's and m
a message's BM25, relative to the best; fresh = ½^(days since the thread's last
message / 60). A vote is smoothed as lp(x) = log(.8 · x / Σx + .2 · p0), or
log(.2 · p0) where nobody got one. π is a probability for each channel: .7 the one it
is asked in, if known, and the rest guessed (`where`). Logarithms are natural. A
value for each candidate:

- `mention`: 1 if the question mentions them.
- `here`: log(.9 · Σ_c π(c) · P(u|c) + .1 · p0), P(u|c) = (N + p0) / (N_c + 1).
  N: each asker the person helped in c (½ for every 30 days since the last time)
  and .3 for each day they spoke there. Helping ten people counts for more than
  ten answers to one.
- `special`: log((Σ_c π(c) · messages in c + .3) / (messages + 3)): how much of what
  they write belongs where the question does. Specialists before generalists.
- `topic`: log(1 + 5 · Σ B⁴ · fresh) over all threads they replied in. Not a share:
  one answer to exactly this question is enough, however many others had.
- `topic_here`: lp of Σ B² · fresh over the 50 best threads of this channel, for those
  who replied in them; only where the channel is known.
- `thanked`: lp of Σ B⁴ · fresh, for those whom the asker thanked there.
- `meaning`: the highest cosine between the question and one they replied to, of the
  1,000 closest; 0 for everybody where there are no vectors.
- `subjects`: how far they are given to questions of this meaning, by a regression over
  all of them (`subjects`); 0 for everybody where there are no vectors.
- `own_words`: lp of Σ m⁴ over all messages, for their authors. It finds people
  who spoke of a subject, or said it was theirs, before anybody asked them.
- `talked`: log(.5 · x / Σx + .5 · p0), x: their replies to this asker, ½ for every 60
  days.
- `opens`: log((threads begun + 1) / (messages + 5)): it takes back what long
  conversations add to the others.
- `days`: log(1 + distinct days with a message). Its weight is negative: it takes
  back what mere presence adds to the others.
"""

import numpy as np

from bot.corpus import Longs
from bot.ranking.index import DAY
from bot.ranking.match import Matched
from bot.ranking.nearest import Close
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
    threads, likely = matches.threads, _likely(view, query, guessed)
    replies = view.index.replies
    rows, place = replies.within(threads.unit)
    votes = (_fourth(threads) * _fresh(view, query, threads))[place]
    found = {
        "mention": _mentioned(view, query),
        "here": _at_home(view, query, likely, p0),
        "special": _special(view, likely),
        "topic": np.log1p(5.0 * _repliers(view, rows, votes)),
        "thanked": _smooth(_repliers(view, rows, votes * replies.is_thanked[rows]), p0),
        "meaning": _closest(view, matches.meanings),
        "subjects": view.subjects.foretell(query.vector),
        "own_words": _smooth(_authors(view, matches.messages), p0),
        "talked": _smooth(_talked(view, query), p0, 0.5),
        "opens": np.log((view.opened + 1.0) / (view.messages + 5.0)),
        "days": np.log1p(view.days),
    }
    here = view.channel(query.channel_id)
    if here is not None:
        inside = threads.where(view.index.threads.channel[threads.unit] == here)
        best = inside.best(_THREADS_HERE)
        rows, place = replies.within(best.unit)
        votes = (np.square(best.score) * _fresh(view, query, best))[place]
        found["topic_here"] = _smooth(_repliers(view, rows, votes), p0)
    return found


def support(view: View, threads: Longs) -> Doubles:
    """Count in how many of some threads each candidate replied (k)."""
    rows, _ = view.index.replies.within(threads)
    return _repliers(view, rows, np.ones(len(rows)))


def _repliers(view: View, rows: Longs, votes: Doubles) -> Doubles:
    """Hand votes to whoever wrote each of some replies (k)."""
    person = view.index.replies.person[rows]
    return view.of_people(tally(person, votes, len(view.index.corpus.people)))


def _fourth(matched: Matched) -> Doubles:
    """Raise scores, relative to the best, to the fourth power."""
    relative = matched.score / matched.score.max(initial=1e-300)
    return np.asarray(np.square(np.square(relative)))


def _fresh(view: View, query: Query, threads: Matched) -> Doubles:
    age = query.now - view.index.thread_last[threads.unit]
    return np.asarray(0.5 ** (age / _FRESH))


def _closest(view: View, meanings: Close | None) -> Doubles:
    """Give the closest question each candidate replied to (k)."""
    replies, corpus = view.index.replies, view.index.corpus
    if meanings is None or not len(meanings.thread):
        return np.zeros(len(view.people))
    # Who replied to none of them is as close as the last of them, at the most.
    best = np.full(len(corpus.people), meanings.cosine.min())
    rows, place = replies.within(meanings.thread)
    np.maximum.at(best, replies.person[rows], meanings.cosine[place])
    return view.of_people(best)


def _authors(view: View, messages: Matched) -> Doubles:
    corpus = view.index.corpus
    author = corpus.person[messages.unit]
    return view.of_people(tally(author, _fourth(messages), len(corpus.people)))


def _talked(view: View, query: Query) -> Doubles:
    """Sum each candidate's replies to the asker where it can be seen (k)."""
    replies, corpus = view.index.replies, view.index.corpus
    asker = view.index.person(query.asker_id)
    if asker is None:
        return np.zeros(len(view.people))
    rows = replies.to(asker)
    rows = rows[view.visible[corpus.thread_channel[replies.thread[rows]]]]
    amount = 0.5 ** ((query.now - replies.at[rows]) / _FRESH)
    return view.of_people(tally(replies.person[rows], amount, len(corpus.people)))


def _smooth(votes: Doubles, p0: Doubles, trust: float = 0.8) -> Doubles:
    total = votes.sum()
    share = votes / total if total > 0 else votes
    return np.asarray(np.log(trust * share + (1 - trust) * p0))


def _mentioned(view: View, query: Query) -> Doubles:
    mentioned = np.zeros(len(view.index.corpus.people))
    numbers = [view.index.person(user_id) for user_id in query.mentions]
    mentioned[[n for n in numbers if n is not None]] = 1.0
    return view.of_people(mentioned)


def _likely(view: View, query: Query, guessed: Doubles) -> Doubles:
    """Give each channel's probability of being the question's: π (c)."""
    likely = np.zeros(len(view.visible))
    likely[view.channels] = guessed
    here = view.channel(query.channel_id)
    if here is not None:
        likely *= 1.0 - _ASKED_HERE
        likely[here] += _ASKED_HERE
    return likely


def _at_home(view: View, query: Query, likely: Doubles, p0: Doubles) -> Doubles:
    index = view.index
    fade = index.fade(query.now)
    each = likely / (fade * index.helped.sum(axis=1) + 1.0)
    share = view.of_people(index.helped.T @ each) * fade + p0 * each.sum()
    return np.asarray(np.log(0.9 * share + 0.1 * p0))


def _special(view: View, likely: Doubles) -> Doubles:
    inside = view.of_people(view.index.count.T @ likely)
    return np.asarray(np.log((inside + 0.3) / (view.messages + 3.0)))
