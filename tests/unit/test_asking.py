# ruff: noqa: RUF001 - other languages have other letters
"""Sentences invented for each rule, and for the other side of it."""

import json
from pathlib import Path

import pytest

from bot.asking import THRESHOLD, Asking, fit, judge, judge_many
from bot.asking.features import features
from bot.asking.sentences import CODE, LINK, QUOTE, sentences
from bot.asking.table import Table
from bot.asking.weights import CONSTANT, Weights, shipped

# As long as Slack lets a message be.
LONGEST = 40_000

ASKS = {
    "wh with mark": "Who owns the billing service?",
    "wh without mark": "How do I reset my VPN password",
    "inversion with mark": "Is the staging database shared?",
    "inversion without mark": "Is there a way to run only the slow tests",
    "anyone with mark": "Has anyone used Terraform with two accounts?",
    "anyone without mark": "anyone else seeing 502s on staging",
    "any idea": "The deploy is stuck again. Any idea why?",
    "wondering": "wondering if we still support Python 3.9",
    "what's the": "what's the best way to mock S3 in tests",
    "after a greeting": "Hi all! Where do I find the travel policy?",
    "greeting, then question": "How are you? Do you know where the printer is?",
    "asks for an explanation": "Could someone explain how the rota works?",
    "in a later clause": "If the disk is full, which logs can I delete?",
    "how are you, to an end": "How are you running the jobs on the small machine?",
    "asks for an example": "Can you post a minimal example?",
    "asks to be told": "Can you tell me where the design files are?",
    "alternatives": "Should I use the old queue or the new one?",
    "statement with mark": "The nightly build runs on the small machine?",
    "tag that wants a yes": "The form goes to finance, right?",
    "mark twice": "Hey <@U012AB3CD>, is the form online yet??",
    "mark in one item of a list": "Two things:\n1. Who pays?\n2. The room is booked.",
    "mark after a pair of mentions": "<@U012AB3CD> <@U045EF6GH> who has the key?",
    "code with a mark, then the mark": "Is `user?.name` allowed in our version?",
    "address with a query, then asks": (
        "I found <https://example.com/?id=3>. Is that the current form?"
    ),
    "mark after code": "What does this print\n```print(1)```\n?",
    "mark after inline code": "Where is `load_rates` defined?",
    "mark after a link": "Who wrote <https://example.com/guide>?",
    "bare link with the mark": "Who wrote https://example.com/guide?",
    "own question below a quote": "&gt; It is broken.\nWhich part is broken?",
    "emoji after the mark": "Where is the office key? :eyes:",
    "tells, then asks": "I renamed the folder. Why is the job still green?",
    "trouble at length": (
        "Hi, I'm trying to build the docs but I keep getting an error. I tried a"
        " clean clone and it doesn't work either.\n```make: *** [docs] Error 1```"
    ),
}
TELLS = {
    "statement": "We moved the stand-up to ten.",
    "thanks": "thanks, that worked",
    "greeting": "How are you?",
    "greeting to a room": "hey all, how's it going?",
    "greeting without mark": "what's up",
    "request to review": "Could you review this PR?",
    "request to merge": "can you merge <https://example.com/pull/1>?",
    "request to anyone": "Can someone please take a look at my PR?",
    "courtesy": "Does that make sense?",
    "surprise": "Oh really?",
    "isn't it": "Great result, isn't it?",
    "rhetorical": "Who would do that?",
    "rhetorical, nobody": "why would anyone use that?",
    "invitation": "Why don't we meet on Thursday?",
    "shall we": "Shall we meet at ten?",
    "announcement": "We released version 2 today. Try it out!",
    "address with a query": "<https://example.com/search?q=1>",
    "bare address with a query": "Have a look at https://example.com/?a=1",
    "ternary in a fence": "```x = a ? b : c```",
    "ternary outside code": "ok ? 1 : 0 is what I wrote",
    "predicate in backticks": "use `empty?` there",
    "address with a query and why": "See <https://example.com/?q=why&amp;how=1>",
    "wildcard": "`ls ?.txt` lists them all",
    "question in curly speech": "He asked “where is it?” and left :joy:",
    "heading, how to": "Here is how to reset it:\n1. Open settings\n2. Click reset",
    "heading, why": "Why we moved to Postgres: <https://example.com/blog?id=7>",
    "offer of help": "Let me know if you have any questions :slightly_smiling_face:",
    "fence left open": "```does this ask?\nno",
    "quoted question": "&gt; does anybody know?\nYes, ask Kim",
    "quoted to the end": "Same here\n&gt;&gt;&gt; who knows?\nhow do I fix it?",
    "question in speech": 'She asked "how does this work?" and everybody laughed.',
    "doubted word": "the (naive?) reading is that we pay twice",
    "emoji only": ":question: :tada:",
    "mention only": "<@U012AB3CD>",
    "empty": "",
    "spaces": " \n\t ",
    "null characters": "\x00\x00\x00",
    "how as a conjunction": "That is how we did it last year.",
}


def table(rows: dict[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("text", rows.values(), ids=rows.keys())


@table(ASKS)
def test_who_seeks_information_asks(text: str) -> None:
    assert judge(text).is_question


@table(TELLS)
def test_who_tells_greets_or_requests_does_not_ask(text: str) -> None:
    assert not judge(text).is_question


def test_a_clarifying_reply_is_a_question_too() -> None:
    assert judge("Which version do you use?", top_level=False).is_question


def test_a_reply_needs_more_to_be_a_question() -> None:
    text = "I suppose the smaller one would do?"

    assert judge(text, top_level=False).score < judge(text, top_level=True).score


def test_many_are_judged_as_one_by_one_and_in_order() -> None:
    messages = [("How are you?", True), ("Who owns this?", False), ("", True)]

    judged = judge_many(iter(messages))

    assert judged == [judge(text, top_level=top) for text, top in messages]


def test_a_score_is_a_probability_and_the_threshold_belongs_to_questions() -> None:
    scores = [judge(text).score for text in (*ASKS.values(), *TELLS.values())]

    assert all(0.0 <= score <= 1.0 for score in scores)
    assert judge(ASKS["wh with mark"]) == Asking(
        is_question=True, score=judge(ASKS["wh with mark"]).score
    )
    assert THRESHOLD == 0.5


@pytest.mark.parametrize(
    "unit",
    [
        *("a", "?", " ?", "? ", "`", "```", "`a", "<", "<@", "<a|", ">", "&gt;"),
        *("\n&gt;", "&gt;&gt;&gt;", '"', '" ', '"a ', "(", "(?", "? a : ", "? :"),
        *(".", ". ", "!?", "http://", "://", ":", ":a", "_", "\n", "\x00", "'", "a'"),
        *("\n1.", "\n1. ", "1. ", "「", "「」", "か「", "かどうか", "んか、"),
        *("n't ", "how ", "is there ", "か", "\uff1f", "\u055e", "α;", "e.g."),
    ],
    ids=repr,
)
def test_no_repetition_keeps_judging_from_an_end(unit: str) -> None:
    longest = (unit * LONGEST)[:LONGEST]

    assert 0.0 <= judge(longest).score <= 1.0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("run `make` now", ("run", CODE, "now")),
        ("see <https://example.com|the guide>", ("see", "the", "guide")),
        ("see <https://a.example|https://a.example>", ("see", LINK)),
        ("in <#C012AB3CD|help>", ("in", "help")),
        ("in <#C012AB3CD>", ("in", LINK)),
        ("<!here> hello <@U012AB3CD>", ("hello",)),
        ("he said “no” to us", ("he", "said", QUOTE, "to", "us")),
        ("don’t _panic_", ("don't", "panic")),
        ("a <b> c", ("a", "b", "c")),
        ("1. open it", ("open", "it")),
        ("他问“在哪里？”然后走了", ("他问", QUOTE, "然后走了")),
        ("「はい？」と言う", (QUOTE, "と言う")),
    ],
    ids=[
        *("code", "label", "label is the address", "channel", "nameless channel"),
        *("mentions", "speech", "apostrophe and emphasis", "comparison"),
        *("number of an item", "speech without spaces", "speech in corners"),
    ],
)
def test_what_is_not_the_writers_own_is_cut(text: str, words: tuple[str, ...]) -> None:
    assert [s.words for s in sentences(text)] == [words]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("One. Two? Three!", [".", "?", "!"]),
        ("Use vim, e.g. on servers?", ["?"]),
        ("Version 1.5 is out", [""]),
        ("Really?!", ["?!"]),
        ("one\ntwo", ["", ""]),
        ("quick question: why", ["", ""]),
        ("?", ["?"]),
        ("What of `x`\n```y```\n?", ["?"]),
    ],
    ids=["marks", "abbreviation", "number", "run", "lines", "colon", "bare", "code"],
)
def test_sentences_end_where_a_reader_pauses(text: str, marks: list[str]) -> None:
    assert [s.mark for s in sentences(text)] == marks


def test_a_phrase_is_found_only_whole() -> None:
    found = Table({"idea": ("any idea|clue",), "end": ("the end",)})

    assert found.anywhere(("have", "you", "any", "clue")) == {"idea"}
    assert found.anywhere(("any", "good", "clue", "at", "the")) == set()
    assert found.at(("any", "idea"), 1) == set()
    assert found.at((), 0) == set()


def test_doubt_in_one_sentence_does_not_weaken_a_plain_question() -> None:
    text = "Maybe the cache? Where is it kept?"

    assert "? plainly" in features(text, top_level=True)
    assert "? perhaps" not in features(text, top_level=True)
    assert "? perhaps" in features("Maybe the cache?", top_level=True)


def test_every_shipped_weight_is_a_number_with_a_name() -> None:
    weights = shipped().by_name

    assert CONSTANT in weights
    assert fit.BELIEVED.keys() <= weights.keys()
    assert all(isinstance(value, float) for value in weights.values())


def test_unknown_features_weigh_nothing() -> None:
    weights = Weights({CONSTANT: 0.0, "known": 2.0})

    assert weights.probability(["unknown"]) == 0.5
    assert weights.probability(["known"]) > 0.8


def test_fitting_learns_what_labels_teach(tmp_path: Path) -> None:
    rows = [
        {"id": f"{label}{n}", "text": f"{text} {n}", "label": label}
        for n in range(30)
        for text, label in (("please note item", "yes"), ("we shipped item", "no"))
    ]
    labels = tmp_path / "labels.jsonl"
    labels.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    weights = tmp_path / "weights.json"

    said = fit.main([str(labels), "--write", str(weights)])

    learnt = Weights(json.loads(weights.read_text(encoding="utf-8")))
    asks = features("please note item 99", top_level=True)
    tells = features("we shipped item 99", top_level=True)
    assert said == ["labels.jsonl: precision 1.000 recall 1.000 F1 1.000 n 60"]
    assert learnt.probability(asks) > 0.5 > learnt.probability(tells)


def test_fitting_without_write_only_reports(tmp_path: Path) -> None:
    labels = tmp_path / "labels.jsonl"
    row = {"id": "a", "text": "hello", "label": "no", "top_level": False}
    rows = [row | {"id": str(n)} for n in range(20)]
    labels.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")

    said = fit.main([str(labels)])

    assert said == ["labels.jsonl: precision 0.000 recall 0.000 F1 0.000 n 20"]
    assert [path.name for path in tmp_path.iterdir()] == ["labels.jsonl"]
