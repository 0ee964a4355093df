"""A town in the local Slack that goes on talking, whatever happens to Grapevine."""

import random
import threading
from collections.abc import Callable
from typing import Any

from bot.standin import Channel, LocalSlack, User, Workspace

TEAM = "T0CHAOS"
PEOPLE = tuple(f"U{i:02}PERSON" for i in range(30))
CHANNELS = tuple(f"C{i:02}TALK" for i in range(8))
DAILY = tuple(f"C{i:02}DAILY" for i in range(40))

_ACTS_A_SECOND = 25

# Some dozens of events for each life, so that what is left over is soon digested.
_ACTS_A_DEATH = 15
_ACTS_BEFORE = 100
_SUBJECTS = ("pgbouncer", "sourdough", "night trains", "beekeeping", "sailing", "kilns")
_ASKING = ("How do I start with {}?", "Who has tried {}?", "What helps with {}?")
_ANSWERING = ("Try it with {} first.", "We did {} last year.", "Mind the {}.")


def town() -> Workspace:
    """Thirty people, channels to talk in, and channels for daily questions."""
    everybody = [*PEOPLE, "U0BOT"]
    talk = [Channel(one, one.lower(), list(everybody)) for one in CHANNELS]
    daily = [Channel(one, one.lower(), [PEOPLE[0], "U0BOT"]) for one in DAILY]
    return Workspace(
        id=TEAM,
        users=tuple(User(one, one.lower()) for one in PEOPLE),
        channels=(*talk, *daily),
    )


class Talk:
    """What people do, as long as nobody stops them.

    Attributes:
        questions: Messages to Grapevine alone, each of which gets one answer.
        mentions: How often Grapevine was addressed in a channel.
    """

    def __init__(self, slack: LocalSlack, seed: int, deaths: Callable[[], int]) -> None:
        """Prepare; nobody says anything yet.

        Args:
            slack: Where they talk.
            seed: Of the chance by which they do.
            deaths: How many processes have died so far: the talk keeps pace.
        """
        self._deaths = deaths
        self._slack = slack
        self._chance = random.Random(seed)  # noqa: S311 - not for secrets
        self._said: list[dict[str, Any]] = []
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="talk")
        self.questions: list[dict[str, Any]] = []
        self.mentions = 0

    def start(self) -> None:
        """Begin to talk."""
        self._thread.start()

    def stop(self) -> None:
        """Fall silent."""
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        acts = {
            self._ask: 5,
            self._answer: 8,
            self._edit: 3,
            self._delete: 1,
            self._react: 4,
            self._move: 1,
            self._write_to_grapevine: 2,
            self._mention: 1,
        }
        done = 0
        while not self._stop.wait(1 / _ACTS_A_SECOND):
            if done > _ACTS_BEFORE + _ACTS_A_DEATH * self._deaths():
                continue
            done += 1
            for act in self._chance.choices([*acts], [*acts.values()]):
                act()

    def _someone(self) -> Any:
        return self._slack.as_user(self._chance.choice(PEOPLE))

    def _words(self, forms: tuple[str, ...]) -> str:
        return self._chance.choice(forms).format(self._chance.choice(_SUBJECTS))

    def _ask(self) -> None:
        self._post(self._words(_ASKING))

    def _post(self, text: str, **more: Any) -> None:
        channel = more.pop("channel", None) or self._chance.choice(CHANNELS)
        person = self._someone()
        if person.id in self._slack.channel(channel).members:
            self._said.append(person.post(channel, text, **more))

    def _answer(self) -> None:
        roots = [one for one in self._said[-60:] if "thread_ts" not in one]
        if roots:
            root = self._chance.choice(roots)
            text = self._chance.choice(("Thanks, that helps!", self._words(_ANSWERING)))
            self._post(text, channel=root["channel"], thread_ts=root["ts"])

    def _edit(self) -> None:
        if self._said:
            one = self._chance.choice(self._said[-60:])
            forms = self._chance.choice((_ASKING, _ANSWERING))
            self._slack.as_user(one["user"]).edit(one, self._words(forms))

    def _delete(self) -> None:
        if self._said:
            one = self._said.pop(self._chance.randrange(len(self._said)))
            self._slack.as_user(one["user"]).delete(one)

    def _react(self) -> None:
        person = self._someone()
        if not self._said:
            return
        one = self._chance.choice(self._said[-60:])
        if person.id not in self._slack.channel(one["channel"]).members:
            return
        held = self._slack.channel(one["channel"]).messages[one["ts"]]
        given = [r for r in held.get("reactions", ()) if person.id in r["users"]]
        if given:
            person.unreact(one, given[0]["name"])
        else:
            person.react(one, self._chance.choice(("pray", "tada", "heart")))

    def _move(self) -> None:
        person, channel = self._someone(), self._chance.choice(CHANNELS)
        if person.id in self._slack.channel(channel).members:
            person.leave(channel)
        else:
            person.join(channel)

    def _write_to_grapevine(self) -> None:
        self.questions.append(self._someone().dm(self._words(_ASKING)))

    def _mention(self) -> None:
        before = len(self._said)
        self._post(f"<@U0BOT> {self._words(_ASKING)}")
        self.mentions += len(self._said) - before
        del self._said[before:]  # what is said to Grapevine is edited by nobody
