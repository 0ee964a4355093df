"""What is noticed about a message: named features, nothing learnt.

Each sentence is told apart by its mark and by the phrases it opens with or holds;
a name starts with "?" where the sentence ends in a question mark and with "."
where it does not. The features of a message are the union over its sentences, and
where its questions stand.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from bot.asking import courtesies, phrases, tongues
from bot.asking.sentences import CODE, LINK, QUOTE, Sentence, sentences
from bot.asking.table import Table

# A message of more words than LONG tells a story; one of at most SHORT words is
# often an interjection ("why?", "9-15?").
LONG, SHORT = 60, 4
# "No idea how to do that" asks for help; inside a longer message it need not.
BRIEF = 14
# How many words of a clause may be passed over before its opener.
MOST_FILLERS = 6
# How far behind "could you" the verb of a request may stand ("please all have a").
REACH = 5
# The openers that show the form of a question.
QUESTION_FORMS = frozenset(
    ("wh word", "wh inversion", "inversion", "aux", "calls for anyone", "any")
)

# The features that tell of a trouble; who tells of several wants help.
TROUBLES = frozenset(
    (". troubled", ". trouble", ". error", ". tries", ". lost", ". fails to")
)

# The features of a request for knowledge that needs no mark.
CRIES = frozenset(
    f". {name}"
    for name in ("calls for anyone", "wonders", "how do i", "is there", "any", "lost")
) | frozenset((". wants help", ". inversion", ". wh inversion"))

# What makes a marked sentence less of a question. One sentence without them is
# enough for the whole message.
DOUBTS = frozenset(
    ("? hedge", "? perhaps", "? suggests", "? proposes", "? fragment", "? with !")
)


def features(mrkdwn: str, *, top_level: bool) -> frozenset[str]:
    """Return the names of what is noticed in a message."""
    own = sentences(mrkdwn)
    if not own:
        return frozenset({"empty"})
    kinds = [_of_sentence(s) for s in own]
    found = _of_message(own, kinds).union(*kinds)
    if any("?" in kind and kind.isdisjoint(DOUBTS) for kind in kinds):
        found = (found - DOUBTS) | {"? plainly"}
    return found | {"top level"} if top_level else found


def _of_message(
    own: Sequence[Sentence], kinds: Sequence[AbstractSet[str]]
) -> frozenset[str]:
    """Name what only the whole message shows: its length, where it asks."""
    size = sum(len(s.words) for s in own)
    asks = ["?" in kind for kind in kinds]
    words = {word for s in own for word in s.words}
    troubles = TROUBLES.intersection(set().union(*kinds))
    told = {
        "told without asking": not any(asks),
        "trouble without asking": bool(troubles) and not any(asks),
        "cries out": size <= BRIEF
        and not any(asks)
        and not all(kind.isdisjoint(CRIES) for kind in kinds),
        "much trouble": len(troubles) > 1 and not any(asks),
        "trouble with code": bool(troubles) and CODE in words and not any(asks),
        "long": size > LONG,
        "greets": not courtesies.GREETS.isdisjoint(own[0].words[:1]),
        "greets without asking": not asks.count(True)
        and not courtesies.GREETS.isdisjoint(own[0].words[:1]),
        "short": size <= SHORT,
        "? last": asks[-1],
        "? first": asks[0],
        "? twice": sum(asks) > 1,
        "one sentence": len(own) == 1,
        "code": CODE in words,
        "link": LINK in words,
        "quote": QUOTE in words,
    }
    return frozenset(name for name, is_so in told.items() if is_so)


def _of_sentence(sentence: Sentence) -> set[str]:
    """Name what one sentence does, "?" itself only if it may seek information."""
    words = sentence.words
    mark = "?" if sentence.is_marked else "."
    start = _opening(words)
    foreign = _is_foreign(words)
    special = _special(words, start, foreign=foreign)
    if special:
        return {f"{mark} {special}"}
    names = _tables()["openers"].at(words, start) | _tables()["inside"].anywhere(words)
    if foreign:
        names |= _foreign(sentence, start)
    found = {f"{mark} {name}" for name in names}
    return found | _of_mark(sentence, start, names) if sentence.is_marked else found


def _of_mark(sentence: Sentence, start: int, names: AbstractSet[str]) -> set[str]:
    """Name what the mark and the last words of a marked sentence add."""
    words = sentence.words
    is_short = len(words) - start <= SHORT
    is_statement = names.isdisjoint(QUESTION_FORMS)
    told = {
        "?": True,
        "? with !": "!" in sentence.mark,
        "? on a statement": is_statement,
        "? fragment": is_statement and is_short,
        "? right": not courtesies.TAGS.isdisjoint(words[-1:]),
        "? isn't it": _is_tag(words),
    }
    return {name for name, is_so in told.items() if is_so}


def _is_tag(words: Sequence[str]) -> bool:
    """Say whether a sentence ends in "isn't it"."""
    *_, verb, subject = ("", "", *words)
    return subject in courtesies.TAG_SUBJECTS and verb.endswith("n't")


def _opening(words: Sequence[str]) -> int:
    """Return where the clause begins once greetings and connectives are passed."""
    for place, word in enumerate(words[:MOST_FILLERS]):
        if word not in courtesies.FILLERS:
            return place
    return 0


def _special(words: Sequence[str], start: int, *, foreign: bool) -> str | None:
    """Name what has the form of a question and is none; `None` if it has not."""
    tables = _tables()
    found = tables["special"].at(words, start)
    if foreign:
        found |= tables["foreign greetings"].at(words, 0)
    if courtesies.REQUEST_ACTIONS.isdisjoint(words[start + 1 : start + REACH]):
        found.discard("request")
    return min(found, default=None)


def _is_foreign(words: Sequence[str]) -> bool:
    """Say whether a sentence shows another language and nothing English."""
    return tongues.ENGLISH.isdisjoint(words) and not (
        tongues.MARKERS.isdisjoint(words) and "".join(words).isascii()
    )


def _foreign(sentence: Sentence, start: int) -> set[str]:
    """Name the English features that a sentence of another language stands for."""
    tables, words = _tables(), sentence.words
    asks = (
        sentence.is_marked
        or tables["foreign openers"].at(words, start)
        or tables["foreign inside"].anywhere(words)
        or not tongues.ENDING_WORDS.isdisjoint(words[-2:])
        or words[-1].endswith(tongues.ENDINGS)
        or any(part in " ".join(words) for part in tongues.ANYWHERE)
    )
    named = {"wh word", "wh inversion", "how do i"} if asks else set()
    return named | tables["foreign trouble"].anywhere(words)


@cache
def _tables() -> dict[str, Table]:
    """Lay out every phrase once."""
    special = {
        "request": courtesies.REQUEST_STARTS,
        "greeting": courtesies.GREETINGS,
        "rhetorical": courtesies.RHETORICAL,
        "suggestion": courtesies.SUGGESTIONS,
    }
    return {
        "openers": Table(phrases.OPENERS),
        "inside": Table(phrases.INSIDE),
        "special": Table(special),
        "foreign openers": Table({"asks": tongues.OPENERS}),
        "foreign inside": Table({"asks": tongues.INSIDE}),
        "foreign trouble": Table({"wants help": tongues.TROUBLE}),
        "foreign greetings": Table({"greeting": tongues.GREETINGS}),
    }
