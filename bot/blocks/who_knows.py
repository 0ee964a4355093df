"""The answer to "who knows about X?": people with their evidence, then places.

Never a score or a rank: the evidence is what there is to say for a person.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.answers import Knower, Outcome, Place, TopicShown, WhoKnows
from bot.ballots import Ballot
from bot.blocks.asked_before import asked_before, asked_before_in_words
from bot.blocks.spoken import (
    DOT,
    MAX_VALUE,
    Block,
    Spoken,
    actions,
    button,
    confirm,
    context,
    counted,
    day,
    linked_day,
    listed,
    named,
    plain_day,
    say,
    section,
    times,
)
from bot.text import plain

SHARE_ACTION = "share_answer"
HELPED_ACTION = "answer_helped"
NOT_ME_ACTION = "not_me"

MAX_PEOPLE = 3  # more is a list to skim, not somebody to ask
MAX_LINKS = 3
MAX_PLACES = 5
MAX_RELATED = 5
MAX_SUBJECT = 120

# Gives the address of a message from its channel's id and its `ts`.
Permalink = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Sharing:
    """Who showed an answer to a channel, and so answers for its being there."""

    shared_by: str


def answer(
    found: WhoKnows,
    *,
    permalink: Permalink,
    share_value: str | None = None,
    in_thread: bool = True,
    sharing: Sharing | None = None,
) -> Spoken:
    """Show an answer, whatever it is; each kind says what to do next.

    Args:
        found: The answer.
        permalink: Addresses of messages.
        share_value: What the share button carries; None leaves the button out.
        in_thread: Whether sharing goes to a thread or to the channel itself.
        sharing: Set when it is shown to a channel; the button is then left out.
    """
    text, blocks = _BODIES[found.outcome](found, permalink)
    if found.question and sharing is None:
        _let_say_that_it_helped(found, blocks)
    # An answer that is there already is the quickest help of all; the heading over
    # people stays with them.
    at = 0 if found.people else 1
    question = "" if sharing else found.question
    blocks[at:at] = asked_before(found.asked_before, permalink, question=question)
    text += asked_before_in_words(found.asked_before)
    small = _small_print(found, sharing)
    if small:
        blocks.append(context(*small))
    if sharing is not None:
        text = f"{text}\nAsked and shared by <@{sharing.shared_by}>."
        if found.question and found.people:
            blocks.append(actions(_not_me_button(found)))
    elif share_value is not None and len(share_value) <= MAX_VALUE:
        blocks.append(actions(_share_button(share_value, in_thread=in_thread)))
    return say(text, blocks)


def _small_print(found: WhoKnows, sharing: Sharing | None) -> list[str]:
    """Say how people come to be named, and what the buttons beside them do."""
    told = [f"Asked and shared by <@{sharing.shared_by}>"] if sharing else []
    if found.people:
        told.append("Named for what they wrote in channels")
        if found.question:
            told.append(
                "Not Me is for those named, and nobody is told"
                if sharing
                else "Nobody is told who presses That Helped"
            )
    return told


def _let_say_that_it_helped(found: WhoKnows, blocks: list[Block]) -> None:
    """Put a button beside each person named; they follow the first block."""
    for person, block in zip(found.people[:MAX_PEOPLE], blocks[1:], strict=False):
        ballot = Ballot(found.question, {person.user_id: person.contrast})
        block["accessory"] = button("That Helped", HELPED_ACTION, value=ballot.dump())


def _not_me_button(found: WhoKnows) -> Block:
    """Let whoever is named, and nobody else, say that they are not the one."""
    named = {p.user_id: p.contrast for p in found.people[:MAX_PEOPLE]}
    return button("Not Me", NOT_ME_ACTION, value=Ballot(found.question, named).dump())


def _share_button(value: str, *, in_thread: bool) -> Block:
    place = "thread" if in_thread else "channel"
    return button(
        f"Share in {place.title()}",
        SHARE_ACTION,
        value=value,
        confirm=confirm(
            "Share this answer?",
            f"Grapevine posts it in this {place} and says that you asked. What not "
            "everybody here may see is left out. The people it names are notified.",
            "Share",
        ),
    )


def _found(found: WhoKnows, permalink: Permalink) -> tuple[str, list[Block]]:
    people = found.people[:MAX_PEOPLE]
    lead = f"People who may know about {_subject(found)}"
    blocks = [section(f"*{lead}*")]
    blocks += [section(_person(person, permalink)) for person in people]
    blocks += _places(found)
    told = "\n".join(f"<@{p.user_id}>: {_in_words(p)}." for p in people)
    return f"{lead}:\n{told}{_places_in_words(found)}", blocks


def _no_people(found: WhoKnows, _permalink: Permalink) -> tuple[str, list[Block]]:
    text = f"Nobody has answered about {_subject(found)} yet in channels you can see."
    if found.asked_before:
        # Whoever answered then is not to be named: away, or left in peace.
        text = f"I have nobody to name about {_subject(found)} right now."
        step = "It was asked and answered before: start there, or ask again."
    elif found.places:
        step = (
            "Ask where it is talked about: I'll notice when somebody answers, "
            "and know next time."
        )
    else:
        step = (
            "Ask in a channel I'm in: I'll notice when somebody answers, "
            "and know next time."
        )
    blocks = [section(f"*{text}*\n{step}"), *_places(found), *_related(found)]
    return f"{text} {step}{_places_in_words(found)}{_related_in_words(found)}", blocks


def _unknown(found: WhoKnows, _permalink: Permalink) -> tuple[str, list[Block]]:
    text = f"I haven't heard anybody talk about {_subject(found)}."
    step = (
        "Try another word for it, or ask in a channel I'm in: "
        "I'll notice when somebody answers."
    )
    blocks = [section(f"*{text}*\n{step}"), *_places(found), *_related(found)]
    return f"{text} {step}{_places_in_words(found)}{_related_in_words(found)}", blocks


def _empty(found: WhoKnows, _permalink: Permalink) -> tuple[str, list[Block]]:
    text = "Who knows about what? Name a subject, and I'll name people and channels."
    example = (
        "`/who-knows connection pooling`, or in a channel: "
        "\u201cwho knows about connection pooling?\u201d"
    )
    blocks = [section(f"*{text}*\nFor example {example}"), *_related(found)]
    return f"{text} For example {example}{_related_in_words(found)}", blocks


_BODIES: dict[Outcome, Callable[[WhoKnows, Permalink], tuple[str, list[Block]]]] = {
    Outcome.FOUND: _found,
    Outcome.NO_PEOPLE: _no_people,
    Outcome.UNKNOWN: _unknown,
    Outcome.EMPTY: _empty,
}


def _subject(found: WhoKnows) -> str:
    """The topic's own name where there is one: it says what was understood."""
    if found.topic:
        return named(found.topic.label, MAX_SUBJECT)
    # What was asked is Slack's markup, and may be nothing but a mention; as words of
    # theirs, which may be a whole question, it stands in quotes.
    asked = named(plain(found.subject), MAX_SUBJECT)
    return f"\u201c{asked}\u201d" if asked else "this"


def _person(person: Knower, permalink: Permalink) -> str:
    shown = [
        f"{linked_day(p.at, permalink(p.channel_id, p.ts))} in <#{p.channel_id}>"
        for p in person.evidence[:MAX_LINKS]
    ]
    when = f", most recently {day(person.last_at)}" if person.last_at else ""
    lines = [
        f"<@{person.user_id}>",
        (listed(_expertise(person)) or "Has written about it") + when * (not shown),
    ]
    if shown:
        answers = "answer" if len(shown) == 1 else "answers"
        lines.append(f"Latest {answers}: {DOT.join(shown)}")
    if person.asked:
        lines.append(f"_Has also asked about it {times(person.asked)}_")
    return "\n".join(lines)


def _expertise(person: Knower) -> list[str]:
    said = []
    if person.answered:
        said.append(f"Answered {times(person.answered)}")
    if person.thanked:
        verb = "was thanked" if said else "Was thanked"
        said.append(f"{verb} {times(person.thanked)}")
    return said


def _in_words(person: Knower) -> str:
    told = listed(_expertise(person)).lower() or "has written about it"
    # The latest of all may be a question of theirs.
    last = person.evidence[0].at if person.evidence else person.last_at
    if last:
        told += f", most recently {plain_day(last)}"
    if person.asked:
        told += f"; asked about it {times(person.asked)}"
    return told


def _places(found: WhoKnows) -> list[Block]:
    if not found.places:
        return []
    shown = [_place(place) for place in found.places[:MAX_PLACES]]
    return [section("\n".join(["*Where it is talked about*", *shown, *_more(found)]))]


def _place(place: Place) -> str:
    return f"\u2022 <#{place.channel_id}>: {named(place.why, MAX_SUBJECT)}"


def _more(found: WhoKnows) -> list[str]:
    left = len(found.places) - MAX_PLACES
    return [f"and {counted(left, 'more channel')}"] if left > 0 else []


def _places_in_words(found: WhoKnows) -> str:
    if not found.places:
        return ""
    shown = [
        f"#{named(p.name)} ({named(p.why, MAX_SUBJECT)})"
        for p in found.places[:MAX_PLACES]
    ]
    return f"\nIt is talked about in {listed([*shown, *_more(found)])}."


def _related(found: WhoKnows) -> list[Block]:
    names = _related_names(found.related)
    return [context(f"Related topics: {listed(names)}")] if names else []


def _related_in_words(found: WhoKnows) -> str:
    names = _related_names(found.related)
    return f"\nRelated topics: {listed(names)}." if names else ""


def _related_names(related: tuple[TopicShown, ...]) -> list[str]:
    return [named(topic.label) for topic in related[:MAX_RELATED]]
