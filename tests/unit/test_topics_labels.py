from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import Any

import numpy as np
import pytest

from bot.corpus import Corpus, Fact, Ints
from bot.text import Kind
from bot.topics import Naming, discover, name_topics
from bot.topics.alike import other_names
from bot.topics.candidate_names import Candidate, _apt
from bot.topics.labels import _best, _choose
from bot.topics.wording import (
    can_stand_alone,
    is_sayable,
    preferred,
    surname_after,
    tidy,
)
from tests.talk import (
    DAY_S,
    HASH,
    START,
    corpus_of,
    end_of,
    fact,
    facts_of,
    hasher_of,
    keyed_anew,
    surfaces_of,
    workspace,
)


def said(
    *texts: str, people: int = 4, around: Sequence[str] = ()
) -> list[tuple[str, Fact]]:
    """Each text asked by several people on several days, then what others ask."""
    held = []
    for i, text in enumerate(texts):
        for n in range(people):
            at = (7 * n + i) * DAY_S
            held.append((text, fact(text, f"U{n}", at)))
    for i, text in enumerate(around):
        held.append((text, fact(text, f"V{i % 3}", i * 3600.0 + 60)))
    return held


ELSEWHERE = [
    f"{verb} the {thing}?"
    for verb in ("paint", "move", "sell", "clean", "lift", "count")
    for thing in ("table", "fence", "window", "garden", "ladder", "bucket")
]


def names_of(
    held: list[tuple[str, Fact]], count: int, **more: Any
) -> list[Naming | None]:
    corpus = corpus_of(facts_of(held))
    asked = np.flatnonzero(corpus.is_question)
    own = [i for i in asked if corpus.people[corpus.person[i]][0] == "U"]
    rows = np.array(own, np.int32)
    groups = (
        [rows[corpus.at[rows] // 3600 >= 0]]
        if count == 1
        else more.pop("groups")(corpus)
    )
    return name_topics(corpus, groups, surfaces=surfaces_of(held), **more)


def test_a_label_does_not_depend_on_the_key_of_the_hashes() -> None:
    things = [
        a + b + c for a in "bdfgk" for b in "aiou" for c in ("zor", "lt", "rm", "nd")
    ]
    talk = said(f"{' and '.join(things)}?", around=ELSEWHERE)
    corpus = corpus_of(facts_of(talk))
    asked = [i for i in range(len(corpus)) if corpus.people[corpus.person[i]][0] == "U"]
    rows = np.array(asked, np.int32)

    named = {
        name_topics(
            corpus_of(facts_of(keyed_anew(talk, seed))),
            [rows],
            surfaces=surfaces_of(talk, hasher_of(seed)),
        )[0]
        for seed in range(6)
    }

    assert len(named) == 1
    assert None not in named


@pytest.mark.parametrize(
    ("texts", "label"),
    [
        pytest.param(
            ["the Kubernetes ingress is down?", "a Kubernetes ingress rule?"],
            "Kubernetes ingress",
            id="two words together",
        ),
        pytest.param(
            ["plotting with Gadfly.jl?", "does Gadfly.jl draw?"],
            "Gadfly",
            id="a name without its file ending",
        ),
        pytest.param(
            ["who does payroll?", "is payroll late?"],
            "Payroll",
            id="a word gets a capital",
        ),
        pytest.param(
            ["is graphql slow?", "why graphql?"],
            "GraphQL",
            id="a known name as it is written",
        ),
        pytest.param(
            ["does VS Code crash?", "is VS Code slow?", "VS?"],
            "VS Code",
            id="a whole name, not a part of it",
        ),
        pytest.param(
            ["who speaks HTTP?", "why HTTP?"], "HTTP", id="a protocol is a subject"
        ),
        pytest.param(
            ["the iOS build?", "an iOS phone?"], "iOS", id="people's own capitals stay"
        ),
    ],
)
def test_a_label_is_what_a_person_would_write(texts: list[str], label: str) -> None:
    (naming,) = names_of(said(*texts, around=ELSEWHERE * 2), 1)

    assert naming is not None
    assert naming.label == label


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("because", id="stop word"),
        pytest.param("today", id="dull word"),
        pytest.param("https://example.com/page", id="address"),
        pytest.param("example.com", id="host"),
        pytest.param("`foo_bar()`", id="code"),
        pytest.param("<@U123>", id="mention"),
        pytest.param("u9f3e7a21", id="an id"),
        pytest.param("jl", id="two small letters"),
        pytest.param("Zbigniew", id="a member's name"),
        pytest.param("Martina", id="a given name"),
    ],
)
def test_some_words_are_never_a_label(word: str) -> None:
    held = said(f"{word} quokka?", f"is {word} a quokka?", around=ELSEWHERE)

    (naming,) = names_of(held, 1, names=["Zbigniew Nowak"])

    assert naming is not None
    assert naming.label == "Quokka"
    assert naming.aliases == ()


def test_a_surname_is_known_from_the_name_before_it() -> None:
    held = said(
        "Martina Vokoun wrote about quokkas?", "quokkas of Vokoun?", around=ELSEWHERE
    )

    (naming,) = names_of(held, 1)

    assert naming is not None
    assert naming.label == "Quokkas"
    assert not any("Vokoun" in alias for alias in naming.aliases)


def test_words_that_one_person_alone_used_are_never_shown() -> None:
    held = said("the quokka pen?", "a quokka pen?", around=ELSEWHERE)
    held += [
        ("layoff plans quokka?", fact("layoff plans quokka?", "U0", d * DAY_S))
        for d in range(9)
    ]

    (naming,) = names_of(held, 1)

    assert naming is not None
    told = " ".join([naming.label, *naming.aliases]).lower()
    assert "quokka" in told
    assert "layoff" not in told


def test_without_words_that_two_people_used_there_is_no_name() -> None:
    corpus = corpus_of(facts_of(said("a quokka?", around=ELSEWHERE)))
    rows = np.flatnonzero(corpus.is_question).astype(np.int32)[:4]

    assert name_topics(corpus, [rows], surfaces={}) == [None]


def by_subject(*words: str) -> Callable[[Corpus], list[Ints]]:
    def groups(corpus: Corpus) -> list[Ints]:
        found = []
        for word in words:
            (term,) = corpus.find_terms([HASH(Kind.WORD, word)])
            held = np.flatnonzero(corpus.terms[:, [term]].toarray().ravel())
            found.append(held.astype(np.int32))
        return found

    return groups


def test_two_topics_never_share_a_label() -> None:
    held = said(
        "quokka pen lock?",
        "quokka pen roof?",
        "quokka diet leaf?",
        "quokka diet stem?",
        around=ELSEWHERE,
    )

    namings = names_of(held, 2, groups=by_subject("pen", "diet"))

    labels = [n.label for n in namings if n]
    assert len(labels) == 2
    assert len(set(labels)) == 2


def test_a_label_in_use_is_not_given_again() -> None:
    held = said("a quokka pen?", "the quokka pen?", around=ELSEWHERE)

    (naming,) = names_of(held, 1, taken=["Quokka pen"])

    assert naming is not None
    assert naming.label != "Quokka pen"


def test_known_aliases_that_people_use_are_aliases() -> None:
    (naming,) = names_of(
        said("is Kubernetes up?", "Kubernetes again?", "Kubernetes?", around=ELSEWHERE)
        + said("was k8s down?"),
        1,
    )

    assert naming is not None
    assert naming.label == "Kubernetes"
    assert naming.aliases == ("k8s",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        pytest.param("DataFrame", "data frames", True, id="apart"),
        pytest.param("multithreading", "multi-threading", True, id="a hyphen"),
        pytest.param("AD", "automatic differentiation", True, id="initials"),
        pytest.param("human resources", "HRs", True, id="initials, many"),
        pytest.param("C", "clang", False, id="one letter"),
        pytest.param("ad", "automatic differentiation", False, id="a small word"),
        pytest.param("Pivot table", "refresh", False, id="another word"),
    ],
)
def test_a_spelling_or_an_abbreviation_is_an_alias(
    one: str, other: str, *, same: bool
) -> None:
    assert (other in other_names(one, [other], ())) is same


def test_words_that_occur_together_are_related_and_no_aliases() -> None:
    held = said("a quokka pen?", "the quokka, a wallaby?", around=ELSEWHERE)

    (naming,) = names_of(held, 1)

    assert naming is not None
    assert naming.aliases == ()
    assert "wallaby" in [word.lower() for word in (naming.label, *naming.related)]


def test_what_surrounds_a_question_names_its_topic() -> None:
    held = said("is it up?", "still down?", "the boiler?", around=ELSEWHERE)
    held += [
        (text, fact(text, asker.user_id, asker.at - START.timestamp() + 300))
        for _, asker in held[:8]
        for text in ("the boiler again",)
    ]

    (naming,) = names_of(held, 1)

    assert naming is not None
    assert naming.label == "Boiler"


def test_a_topic_has_five_aliases_at_most() -> None:
    told = workspace()
    corpus = corpus_of(facts_of(told))
    found = discover(corpus, now=end_of())

    namings = name_topics(corpus, [f.rows for f in found], surfaces=surfaces_of(told))

    labels = [n.label for n in namings if n]
    assert labels
    assert len(set(labels)) == len(labels)
    assert all(len(n.aliases) <= 5 for n in namings if n)


@pytest.mark.parametrize(
    ("surface", "sayable"),
    [
        ("Kubernetes", True),
        ("Node.js", True),
        ("screenshot.png", False),
        ("pgPool.maxSize true", False),
        ("Kubernetes ingress", True),
        ("C++", True),
        ("CI", True),
        ("ci", False),
        ("foo_bar", False),
        ("x.y.z", False),
        ("don't", False),
        ("a" * 41, False),
        ("a" * 40, True),
        ("the plan", False),
        ("Windows11", True),
        ("abc1234", False),
        ("Ann", True),
        ("nthItem", False),
        ("MyStruct", False),
        ("MySQL", True),
        ("HTTP", True),
        ("www", False),
        ("iPhone", True),
        ("MartinaVokoun", False),
        ("2fast", False),
        ("us-east2", False),
        ("COVID-19", True),
    ],
)
def test_what_may_stand_in_a_label(surface: str, *, sayable: bool) -> None:
    assert is_sayable(surface, frozenset()) is sayable


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("error", False),
        ("error budget", True),
        ("next week", False),
        ("work-in-progress", True),
        ("next-week", False),
        ("payroll", True),
        ("precisely", False),
        ("otherwise", False),
        ("blissfully", False),
        ("assembly", True),
        ("kinda", False),
        ("nicht", False),
        ("Können", False),
        ("también", False),
        ("пожалуйста", False),
        ("Datenbank", True),
        ("MIT", True),
        ("mit", False),
        ("AWS", True),
        ("ASAP", False),
        ("machine learning", True),
        ("react", False),
        ("anyways", False),
        ("sensible", False),
        ("fair payroll", True),
        ("ideal", True),
    ],
)
def test_dull_words_stand_only_beside_another(text: str, *, alone: bool) -> None:
    assert can_stand_alone(text) is alone


@pytest.mark.parametrize(
    ("surface", "surname"),
    [
        ("Martina Vokoun", "vokoun"),
        ("martina vokoun", None),
        ("Martina wrote", None),
        ("Quokka Pen", None),
    ],
)
def test_a_surname_follows_a_given_name(surface: str, surname: str | None) -> None:
    assert surname_after(surface) == surname


def test_only_a_file_ending_is_left_out() -> None:
    assert [tidy(s) for s in ("Gadfly.jl", "Node.js", "main.py", "Ph.D")] == [
        "Gadfly",
        "Node",
        "main",
        "Ph.D",
    ]


def test_a_word_that_tells_little_of_a_large_topic_is_no_name() -> None:
    things = [
        "anvil",
        "bellows",
        "hammer",
        "tongs",
        "rivet",
        "chisel",
        "mallet",
        "vise",
    ]
    texts = [f"where is the {thing}?" for thing in things]
    few = said(*texts, "where is the anvil shop?", around=ELSEWHERE)
    one = said("where is the anvil?", "whose anvil?", around=ELSEWHERE)

    assert names_of(few, 1) == [None]
    assert names_of(one, 1) != [None]


def test_a_word_that_begins_with_a_capital_goes_before_another() -> None:
    named = names_of(
        said(*["is there a flicker of the Quokka?"] * 8, around=ELSEWHERE), 1
    )[0]

    assert named is not None
    assert named.label == "Quokka"
    assert "flicker" in named.related


def test_what_questions_say_goes_before_what_is_said_around_them() -> None:
    held = said("where is the quokka?", "a quokka?", "is it there?", around=ELSEWHERE)
    held += [
        ("a wombat", fact("a wombat", asked.user_id, asked.at - START.timestamp() + 60))
        for _, asked in held[:12]
    ]

    named = names_of(held, 1)[0]

    assert named is not None
    assert named.label == "Quokka"
    assert "wombat" in named.related


def test_a_name_that_no_question_says_is_not_shown_and_its_topic_neither() -> None:
    held = said("is it up?", "why me?", "who is it?", around=ELSEWHERE * 2)
    held += [
        ("the boiler", fact("the boiler", asked.user_id, asked.at - START.timestamp()))
        for _, asked in held[:12]
    ]

    assert names_of(held, 1) == [None]
    (named,) = names_of(held + said("the boiler?", "a boiler?"), 1)
    assert named is not None
    assert named.label == "Boiler"


QUOKKA = Candidate(
    "Quokka", ("quokka",), Kind.WORD, 0.5, 0.5, 0.5, tells=True, is_broad=False
)


@pytest.mark.parametrize(
    "better",
    [
        pytest.param(replace(QUOKKA, own=0.75), id="more questions say it"),
        pytest.param(replace(QUOKKA, share=0.75), id="it is said around more"),
        pytest.param(replace(QUOKKA, score=0.75), id="it tells more"),
    ],
)
def test_a_name_fits_better_the_more_it_is_said_and_tells(better: Candidate) -> None:
    assert _apt(better, 8.0) > _apt(QUOKKA, 8.0) + 0.1


def test_a_topic_chooses_by_its_best_name_that_not_everybody_says() -> None:
    said_by_all = replace(QUOKKA, is_broad=True, apt=9.0)
    names = [replace(QUOKKA, apt=apt) for apt in (1.0, 2.0)]

    assert _best([*names, said_by_all]) == 2.0
    assert _best([said_by_all]) == -inf


def test_what_everybody_says_names_no_topic_however_well_it_fits() -> None:
    forest = replace(QUOKKA, text="Forest", key=("forest",), is_broad=True, apt=3.0)

    named = _choose([forest, replace(QUOKKA, apt=1.0)], set(), frozenset())

    assert named is not None
    assert named.label == "Quokka"
    assert _choose([forest, replace(QUOKKA, tells=False)], set(), frozenset()) is None


def test_a_general_word_names_a_topic_that_another_word_tells() -> None:
    around = said(around=ELSEWHERE * 2)
    telling = names_of(said("the website?", "a website of quokkas?") + around, 1)[0]

    assert telling is not None
    assert telling.label == "Website"
    assert names_of(said("the website?", "a website here?") + around, 1) == [None]


def test_of_two_words_that_tell_as_much_the_commoner_one_is_the_label() -> None:
    held = said("an anvil in the forge?", "the forge?", around=ELSEWHERE)
    held += said("a bellows in the forge?", "what is a forge?")[4:]

    named = names_of(held, 1)[0]

    assert named is not None
    assert named.label == "Forge"


def test_a_name_that_another_topic_has_gets_a_second_word_beside_it() -> None:
    held = said("is the Quokka a marsupial?", *["the Quokka?", "a Quokka?"])

    named = names_of(held + said(around=ELSEWHERE * 3), 1, taken=["Quokka"])[0]

    assert named is not None
    assert named.label == "Quokka and marsupial"


@pytest.mark.parametrize(
    "subject",
    ["Salary", "Hiring", "Holidays", "Career", "Coffee", "Spanish", "Lunch", "Kids"],
)
def test_what_a_workplace_talks_about_can_be_a_name(subject: str) -> None:
    assert can_stand_alone(subject)


def test_of_two_topics_the_one_that_a_word_tells_more_of_has_it() -> None:
    told = said("explain a quokka?", "explain the quokka?", "explain?", people=6)
    told += [
        (text, fact(text, f"X{i % 6}", i * DAY_S))
        for i, text in enumerate(["an example of the quokka?"] * 18)
    ]
    told += [
        (text, fact(text, f"W{i}", i * 60)) for i, text in enumerate(ELSEWHERE * 3)
    ]

    for subjects in (("explain", "exampl"), ("exampl", "explain")):
        namings = names_of(told, 2, groups=by_subject(*subjects))
        labels = {s: n.label for s, n in zip(subjects, namings, strict=True) if n}
        assert labels["exampl"] == "Quokka"


def test_where_a_name_is_taken_another_that_tells_as_much_is_taken() -> None:
    held = said("a Quokka or Wombat?", "Quokka, the Wombat?", around=ELSEWHERE)

    named = names_of(held, 1, taken=["Quokka"])[0]

    assert named is not None
    assert named.label == "Wombat"


def test_what_an_eighth_of_all_questions_say_is_in_no_name() -> None:
    both = said("a Quokka in the forest?", "the Quokka?", "a Quokka?")

    for every, label in ((20, "Quokka and forest"), (5, None)):
        around = [
            f"{text} near a forest?" if i % every == 0 else f"{text}?"
            for i, text in enumerate(ELSEWHERE * 8)
        ]
        talk = [(t, fact(t, f"V{i}", i * 3600.0 + 60)) for i, t in enumerate(around)]
        (naming,) = names_of(both + talk, 1, taken=["Quokka"])
        assert (naming and naming.label) == label


def test_what_is_said_around_many_questions_but_in_few_may_be_in_a_name() -> None:
    both = said("a Quokka in the forest?", "the Quokka?", "a Quokka?")
    asked = [
        fact(f"{text}?", f"V{i}", i * 3600.0 + 60)
        for i, text in enumerate(ELSEWHERE * 8)
    ]
    around = [
        fact("a forest", one.user_id, one.at - START.timestamp() + 60)
        for one in asked[::4]
    ]
    talk = [("", one) for one in [*asked, *around]]

    (naming,) = names_of(both + talk, 1, taken=["Quokka"])

    assert naming is not None
    assert naming.label == "Quokka and forest"


@pytest.mark.parametrize(
    ("ways", "way"),
    [
        ([("quokkas", 3), ("quokka", 5)], "quokka"),
        ([("VSCode", 2), ("vscode", 8)], "VSCode"),
        ([("VSCode", 2), ("vscode", 9)], "vscode"),
        ([("Quokka", 4), ("quokka", 8)], "quokka"),
        ([("Quokka Pen", 4), ("quokka pen", 8)], "quokka pen"),
        ([("VsCode", 3), ("VSCode", 5), ("vscode", 8)], "VSCode"),
        ([("API calls", 3), ("api calls", 8)], "API calls"),
    ],
)
def test_a_term_is_written_as_people_do_who_take_care(
    ways: list[tuple[str, int]], way: str
) -> None:
    assert preferred(ways) == way
