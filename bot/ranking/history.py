"""A corpus as it stood at an earlier time, and the questions that came after."""

import numpy as np

from bot.corpus import NOBODY, Corpus


def until(corpus: Corpus, now: float) -> Corpus:
    """Cut a corpus off after `now` (seconds since 1970).

    Numbers of people, channels, threads and terms stay as they are, so that
    whoever holds them can go on using them.
    """
    n = int(np.searchsorted(corpus.at, now, side="right"))
    return Corpus(
        people=corpus.people,
        channels=corpus.channels,
        ts=corpus.ts[:n],
        person=corpus.person[:n],
        channel=corpus.channel[:n],
        thread=corpus.thread[:n],
        at=corpus.at[:n],
        is_question=corpus.is_question[:n],
        is_thanks=corpus.is_thanks[:n],
        root=np.where(corpus.root < n, corpus.root, NOBODY).astype(np.int32),
        root_ts=corpus.root_ts,
        thread_channel=corpus.thread_channel,
        vocabulary=corpus.vocabulary,
        terms=corpus.terms[:n],
        mentions=corpus.mentions[:n],
        vectors=corpus.vectors,
        vector_row=corpus.vector_row[:n],
    )
