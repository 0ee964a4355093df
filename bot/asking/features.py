"""What is noticed about a message: named features, nothing learnt.

Each sentence is told apart by its mark and by the phrases it opens with or holds;
a name starts with "?" where the sentence ends in a question mark and with "."
where it does not. The features of a message are the union over its sentences, and
where its questions stand.
"""

import math
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from functools import cache

from bot.asking import courtesies, phrases, tongues
from bot.asking import turns as everyday
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
# "How are you all doing today?" greets; "how are you running it on Windows?" asks.
PLEASANTRY = 7
# The openers that show the form of a question.
QUESTION_FORMS = frozenset(
    ("wh word", "wh inversion", "inversion", "aux", "calls for anyone", "any")
)

# Steps of how much a sentence sounds like a question, in log odds (`turns.py`).
STEPS = range(-4, 3)
# A sentence in another language is heard by its own words, not by `turns.py`.
ASKS_ABROAD = 2.0
# It is told by its words, or, from TELLING words on, by how many are not English.
TELLING, STRANGE = 3, 2 / 3

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
    found = _of_message(own, kinds).union(_sounds(own), *kinds)
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


def _sounds(own: Sequence[Sentence]) -> set[str]:
    """Name the steps that the sentences reach that sound most like a question."""
    reached = {"?": -math.inf, ".": -math.inf}
    for sentence in own:
        mark = "?" if sentence.is_marked else "."
        reached[mark] = max(reached[mark], _sound(sentence))
    found = {
        f"{m} sounds {step}" for m in reached for step in STEPS if reached[m] >= step
    }
    if reached["?"] == -math.inf:
        found |= {f"only sounds {step}" for step in STEPS if reached["."] >= step}
    return found


def _sound(sentence: Sentence) -> float:
    """Return how much a sentence sounds like a question, in log odds."""
    words = sentence.words
    if not words:
        return -math.inf
    if _is_foreign(words):
        return ASKS_ABROAD if _asks_abroad(sentence, _opening(words)) else -math.inf
    return everyday.shipped().sound(words)


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
    names |= _later(sentence)
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


def _opening(words: Sequence[str], begin: int = 0) -> int:
    """Return where the clause begins once greetings and connectives are passed."""
    for place, word in enumerate(words[begin : begin + MOST_FILLERS], begin):
        if word not in courtesies.FILLERS:
            return place
    return begin


def _later(sentence: Sentence) -> set[str]:
    """Name the forms of a question that a clause within the sentence opens with."""
    openers, words = _tables()["openers"], sentence.words
    found: set[str] = set()
    for begin in sentence.later:
        found |= openers.at(words, _opening(words, begin))
    return {f"then {name}" for name in found & QUESTION_FORMS}


def _special(words: Sequence[str], start: int, *, foreign: bool) -> str | None:
    """Name what has the form of a question and is none; `None` if it has not."""
    tables = _tables()
    found = tables["special"].at(words, start)
    if foreign:
        found |= tables["foreign greetings"].at(words, 0)
    acts = not courtesies.REQUEST_ACTIONS.isdisjoint(words[start + 1 : start + REACH])
    if not acts or not courtesies.KNOWLEDGE.isdisjoint(words[start + REACH - 2 :]):
        found.discard("request")
    if len(words) - start > PLEASANTRY:
        found.discard("greeting")
    if _is_tag(words) and not courtesies.PRAISE.isdisjoint(words):
        found.add("rhetorical")
    return min(found, default=None)


def _is_foreign(words: Sequence[str]) -> bool:
    """Say whether a sentence shows another language and nothing English."""
    if not tongues.ENGLISH.isdisjoint(words):
        return False
    if not tongues.MARKERS.isdisjoint(words) or not "".join(words).isascii():
        return True
    known = everyday.shipped().known
    strange = sum(word not in known for word in words)
    return len(words) >= TELLING and strange >= STRANGE * len(words)


def _foreign(sentence: Sentence, start: int) -> set[str]:
    """Name the English features that a sentence of another language stands for."""
    asks = _asks_abroad(sentence, start)
    named = {"wh word", "wh inversion", "how do i"} if asks else set()
    return named | _tables()["foreign trouble"].anywhere(sentence.words)


def _asks_abroad(sentence: Sentence, start: int) -> bool:
    """Say whether a sentence of another language asks, as far as single words tell."""
    tables, words = _tables(), sentence.words
    return bool(
        sentence.is_marked
        or _opens_abroad(sentence, start)
        or tables["foreign inside"].anywhere(words)
        or not tongues.ENDING_WORDS.isdisjoint(words[-2:])
        or _asks_without_spaces(" ".join(words))
    )


def _opens_abroad(sentence: Sentence, start: int) -> bool:
    """Say whether a clause opens as questions do and nothing is told after it.

    "Who finds the key, please call me": what a single word opens may be half a
    sentence.
    """
    tables, words = _tables(), sentence.words
    if tables["foreign tellings"].at(words, start):
        return False
    opens = tables["foreign openers"].at(words, start)
    if any(place > start for place in sentence.later):
        opens.discard("opens")
    return bool(opens)


def _asks_without_spaces(clause: str) -> bool:
    """Say whether a clause asks in a script that leaves no space between words."""
    if clause.isascii():
        return False
    clause = tongues.NOT_ASKING.sub(" ", clause)
    if clause.endswith(tongues.ENDINGS) or any(p in clause for p in tongues.PLEAS):
        return True
    is_told = clause.endswith(tongues.TOLD)
    return not is_told and any(part in clause for part in tongues.ANYWHERE)


@cache
def _tables() -> dict[str, Table]:
    """Lay out every phrase once."""
    special = {
        "request": courtesies.REQUEST_STARTS,
        "greeting": courtesies.GREETINGS,
        "rhetorical": courtesies.RHETORICAL,
        "suggestion": courtesies.SUGGESTIONS,
        "courtesy": courtesies.COURTESIES,
    }
    return {
        "openers": Table(phrases.OPENERS),
        "inside": Table(phrases.INSIDE),
        "special": Table(special),
        "foreign openers": Table({"asks": tongues.OPENERS, "opens": tongues.WH_WORDS}),
        "foreign inside": Table({"asks": tongues.INSIDE}),
        "foreign tellings": Table({"tells": tongues.TELLINGS}),
        "foreign trouble": Table({"wants help": tongues.TROUBLE}),
        "foreign greetings": Table({"greeting": tongues.GREETINGS}),
    }
