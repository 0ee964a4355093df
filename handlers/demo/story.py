"""The demo's story, step by step, each message shown as its reader sees it."""

from collections.abc import Callable, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.blocks import communities as asking
from bot.communities import go_on
from bot.daily_jobs import post_due_questions
from bot.errors import GrapevineError
from bot.happenings import instant
from bot.importing import import_export
from bot.judging import judge_topics
from bot.periodic import suggest_communities
from bot.sample import write_export
from bot.slack_export import open_export
from bot.standin import Person
from bot.topic_pass import run_pass
from handlers.demo.narrator import Narrator
from handlers.demo.stage import Stage, set_stage

_DAILY_AT = time(9, 30)

Payload = dict[str, Any]


def tell_story(console: Console, *, engine: str) -> None:
    """Tell the whole story; raises if any step of it does not happen."""
    with set_stage(engine) as (stage, folder):
        teller = Teller(console, stage)
        teller.past(folder)
        teller.live_days()
        teller.who_knows()
        teller.daily_question()
        teller.suggestion()
        teller.community()
        teller.home()
        teller.close()


class Teller:
    """Plays the steps and shows what people see."""

    def __init__(self, console: Console, stage: Stage) -> None:
        self._stage = stage
        narrator = Narrator(console, stage.slack.world)
        self._say, self._tell = narrator.say, narrator.tell
        self._show, self._show_view = narrator.show, narrator.show_view

    def past(self, folder: Path) -> None:
        """Import what happened before."""
        stage = self._stage
        sample = stage.sample
        self._say(
            f"{sample.name} makes cargo bikes. Its people have talked in Slack for six "
            "weeks; Grapevine reads the export."
        )
        target = folder / "export.zip"
        write_export(target, until=sample.live_from, last_day=sample.last_day)
        with open_export(target) as export:
            told = import_export(
                stage.deps, export, now=stage.clock(), progress=lambda *_: None
            )
        count = run_pass(stage.deps, sample.team_id)
        self._tell(f"{told.messages} messages read, {count} topics found:")
        self._topics()

    def _topics(self) -> None:
        stage = self._stage
        with stage.deps.database.readers() as session:
            judged = judge_topics(
                session, stage.deps, stage.sample.team_id, now=stage.clock()
            )
        for one in sorted(judged, key=lambda j: -len(j.questions))[:6]:
            why = "; ".join(one.why.reasons) or "ready"
            self._tell(f"  {one.label}: {len(one.questions)} questions ({why})")

    def live_days(self) -> None:
        """Play Wednesday and Thursday over Socket Mode."""
        self._say("Wednesday and Thursday happen live, event by event.")
        played = self._play(lambda at: at.weekday() < 4)  # noqa: PLR2004 - Friday
        self._tell(f"{played} messages heard, each durable before Slack was told so.")
        run_pass(self._stage.deps, self._stage.sample.team_id)

    def _play(self, chosen: Callable[[datetime], bool]) -> int:
        stage = self._stage
        sample = stage.sample
        bots = {p.id for p in sample.people if p.bot_id}
        live = [
            m
            for m in sample.messages
            if sample.live_from <= instant(m.ts)
            and chosen(instant(m.ts).astimezone(sample.zone))
            and m.user not in bots
            and m.subtype in (None, "file_share", "thread_broadcast")
        ]
        for message in live:
            stage.say(message)
        stage.wait()
        return len(live)

    def who_knows(self) -> None:
        """Ask by a mention, share it, then ask by the command."""
        stage = self._stage
        self._say("Sofia is stuck and asks in #help-desk. Only she sees the answer.")
        sofia = stage.person("sofia")
        asked = sofia.post(
            "help-desk", f"<@{stage.slack.app.user_id}> who knows about pivot tables?"
        )
        answer = self._newest(sofia, "help-desk", asked["ts"])
        self._show(sofia.id, [asked, answer], "#help-desk, as Sofia sees it")
        sofia.click(answer, "share_answer")
        self._say("She shares it in the thread, for everybody else who wonders.")
        henrike = stage.person("henrike")
        shared = self._newest(henrike, "help-desk", asked["ts"])
        self._show(henrike.id, [shared], "the thread, as Henrike sees it")
        self._say("Kofi asks by the command; Grapevine has a name for what he means.")
        kofi = stage.person("kofi")
        before = kofi.sees("workshop")[-1]["ts"]
        kofi.command("/who-knows", "storing batteries over the winter", "workshop")
        found = self._newest(kofi, "workshop", before)
        self._show(kofi.id, [found], "#workshop, as Kofi sees it")

    def daily_question(self) -> None:
        """Set up the daily question, post it, answer it."""
        stage = self._stage
        mei = stage.person("mei")
        self._say("Mei sets up a daily question for #kitchen-table.")
        mei.command("/grapevine", "daily", "kitchen-table")
        modal = stage.until(lambda: mei.modal, "the modal of the daily question")
        self._show_view(mei.id, modal, "the modal, as Mei sees it")
        errors = mei.submit(
            {
                "daily_channel": stage.slack.channel("kitchen-table").id,
                "daily_time": f"{_DAILY_AT:%H:%M}",
                "daily_zone": str(stage.sample.zone),
            }
        )
        if errors:
            raise GrapevineError(f"the modal was refused: {errors}")
        stage.wait()
        friday = datetime.combine(stage.sample.last_day, _DAILY_AT, stage.sample.zone)
        stage.clock.move_to(friday)
        self._strike(post_due_questions)
        channel = stage.slack.channel("kitchen-table")
        asked = stage.until(
            lambda: next(
                (m for m in channel.messages.values() if "Day 1" in m["text"]), None
            ),
            "the first daily question",
        )
        self._say("On Friday at half past nine the first one comes.")
        self._show(mei.id, [asked], "#kitchen-table")
        for handle, text in _DAILY_ANSWERS.items():
            stage.person(handle).post("kitchen-table", text, thread_ts=asked["ts"])
        # A run too many must not post it again.
        self._strike(post_due_questions)
        stage.wait()
        answers = [m for m in mei.sees("kitchen-table") if m["ts"] > asked["ts"]]
        self._show(mei.id, answers, "the answers in its thread")

    def suggestion(self) -> None:
        """Play Friday; the topic's momentum leads to a suggestion."""
        stage = self._stage
        self._say("Friday goes on; one more person asks, from one more place.")
        self._play(lambda at: at.weekday() == 4)  # noqa: PLR2004 - Friday
        run_pass(stage.deps, stage.sample.team_id)
        self._topics()
        self._strike(suggest_communities)
        host, message = self._suggested()
        self._say("Grapevine puts it to the people who carry the topic, in private.")
        self._show(host.id, [message], f"a message to {self._name(host.id)}")

    def _suggested(self) -> tuple[Person, Payload]:
        return self._stage.until(
            lambda: next(iter(self._asked(asking.YES_ACTION)), None),
            "a suggestion",
        )

    def _asked(self, action_id: str) -> list[tuple[Person, Payload]]:
        """Everybody who sees a message with a button, and the message."""
        actors = (
            self._stage.slack.as_user(person.id)
            for person in self._stage.sample.people
            if not person.bot_id and not person.is_deactivated
        )
        return [
            (actor, message)
            for actor in actors
            for message in actor.sees()
            if _has_action(message, action_id)
        ]

    def community(self) -> None:
        """Accept the suggestion: a channel, invitations, a first post."""
        stage = self._stage
        host, message = self._suggested()
        before = set(stage.slack.world.channels)
        host.click(message, asking.YES_ACTION)
        modal = stage.until(lambda: host.modal, "the modal of the community")
        self._say(f"{self._name(host.id)} says yes, and sees what would happen.")
        self._show_view(host.id, modal, "the modal")
        errors = host.submit({})
        if errors:
            raise GrapevineError(f"the modal was refused: {errors}")
        channel = stage.until(
            lambda: next(
                (
                    c
                    for c in list(stage.slack.world.channels.values())
                    if c.id not in before and c.kind == "channel"
                ),
                None,
            ),
            "the community's channel",
        )
        self._strike(go_on)
        self._say(f"#{channel.name} is there. Its first post says where it grew from.")
        self._show(host.id, host.sees(channel.name), f"#{channel.name}")
        self._invitations(channel.id)

    def _invitations(self, channel_id: str) -> None:
        stage = self._stage
        stage.until(
            lambda: self._asked(asking.ACCEPT_ACTION) or None, "the invitations"
        )
        invited = self._asked(asking.ACCEPT_ACTION)
        guest, message = invited[0]
        self._say(f"{len(invited)} people are invited, and nobody is added unasked.")
        self._show(guest.id, [message], f"a message to {self._name(guest.id)}")
        for actor, offer in invited[:4]:
            actor.click(offer, asking.ACCEPT_ACTION)
        stage.until(
            lambda: self._have_joined(channel_id, [a.id for a, _ in invited[:4]]),
            "the guests in the channel",
        )
        members = stage.slack.channel(channel_id).members
        names = [self._name(u) for u in members if u != stage.slack.app.user_id]
        self._tell(f"In the channel now: {', '.join(names)}.")

    def _have_joined(self, channel_id: str, guests: Sequence[str]) -> bool | None:
        """True once they are members, None before."""
        members = self._stage.slack.channel(channel_id).members
        return True if set(guests) <= set(members) else None

    def home(self) -> None:
        """Show a person's own page."""
        stage = self._stage
        nadia = stage.person("nadia")
        nadia.open_home()
        page = stage.until(lambda: nadia.home, "the Home tab")
        self._say("Nadia opens Grapevine's Home: what is held about her, and why.")
        self._show_view(nadia.id, page, "Home, as Nadia sees it")

    def close(self) -> None:
        """Check that nothing went wrong behind the scenes, and end."""
        slack = self._stage.slack
        if slack.refused or slack.broadcasts:
            raise GrapevineError(f"Slack refused: {slack.refused or slack.broadcasts}")
        self._say("That is the whole story. README says how to connect a real Slack.")

    def _strike(self, *jobs: Callable[..., object]) -> None:
        for job in jobs:
            job(self._stage.deps, now=self._stage.clock())
        self._stage.wait()

    def _name(self, user_id: str) -> str:
        user = self._stage.slack.world.users[user_id]
        return user.real_name.split()[0]

    def _newest(self, reader: Person, channel: str, after_ts: str) -> Payload:
        """Grapevine's newest message that somebody sees, once there is one."""

        def look() -> Payload | None:
            seen = reader.sees(channel)
            ours = [m for m in seen if "bot_id" in m and m["ts"] > after_ts]
            return ours[-1] if ours else None

        return self._stage.until(look, f"Grapevine's message in #{channel}")


def _has_action(message: Payload, action_id: str) -> bool:
    return any(
        element.get("action_id") == action_id
        for block in message.get("blocks", ())
        for element in block.get("elements", ())
        if isinstance(element, dict)
    )


_DAILY_ANSWERS = {
    "bruno": "I learnt pivot tables by breaking one of Graça's. She made me rebuild "
    "it while she watched.",
    "yuki": "The old jig drawings. Nobody could tell me why the slot was off centre "
    "until I asked the person who cut the first one.",
    "priya": "Asking the same thing twice. The second answer is always the real one.",
}
