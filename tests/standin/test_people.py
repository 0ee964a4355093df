from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.standin import ClientError, LocalSlack
from bot.standin.calls import ApiError
from bot.standin.responses import answer, respond
from bot.standin.world import ResponseUrl
from tests.standin.conftest import Run

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def button(action_id: str = "share", value: str = "7") -> Block:
    text = plain("Share in Thread")
    return {"type": "button", "text": text, "action_id": action_id, "value": value}


def buttons(*elements: Block) -> list[Block]:
    return [{"type": "actions", "block_id": "row", "elements": list(elements)}]


def test_a_click_reaches_the_app_with_all_it_needs(
    slack: LocalSlack, bolt: App, run: Run, client: WebClient
) -> None:
    bodies: list[Block] = []

    @bolt.action("share")
    def on_share(ack: Ack, body: Block, respond: Any) -> None:
        ack()
        bodies.append(body)
        respond(text="Shared", replace_original=True)

    client.chat_postMessage(channel="C1", text="Share?", blocks=buttons(button()))
    with run(bolt):
        ann = slack.as_user("U1")
        ann.click(ann.sees("C1")[-1], "share")

    (body,) = bodies
    assert body["user"]["id"] == "U1"
    assert body["actions"][0]["value"] == "7"
    assert body["container"]["message_ts"] == body["message"]["ts"]
    message = ann.sees("C1")[-1]
    assert (message["text"], message["blocks"]) == ("Shared", [])
    with pytest.raises(ClientError, match="0 elements"):
        ann.click(message, "share")


def test_an_ephemeral_is_seen_clicked_and_replaced_by_one_person(
    slack: LocalSlack, bolt: App, run: Run, client: WebClient
) -> None:
    @bolt.action("share")
    def on_share(ack: Ack, respond: Any) -> None:
        ack()
        respond(text="Done", replace_original=True)
        respond(text="For all", response_type="in_channel")

    client.chat_postEphemeral(
        channel="C1", user="U1", text="Share?", blocks=buttons(button())
    )
    ann, ben = slack.as_user("U1"), slack.as_user("U2")
    shown = ann.sees("C1")[-1]
    with pytest.raises(ClientError, match="does not see"):
        ben.click(shown, "share")
    with run(bolt):
        ann.click(shown, "share")

    assert [each["text"] for each in ann.sees("C1")] == ["Done", "For all"]
    assert [each["text"] for each in ben.sees("C1")] == ["For all"]


def test_a_response_url_is_good_for_five_answers(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    statuses: list[int] = []

    @bolt.command("/chat")
    def on_chat(ack: Ack, respond: Any) -> None:
        ack()
        statuses.extend(respond(text=str(n)).status_code for n in range(6))

    with run(bolt):
        slack.as_user("U1").command("/chat", channel="C1")

    assert statuses == [200] * 5 + [404]
    assert slack.refused == ["response_url: used_url"]


def test_an_answer_can_delete_what_was_clicked(
    slack: LocalSlack, bolt: App, run: Run, client: WebClient
) -> None:
    @bolt.action("share")
    def on_share(ack: Ack, respond: Any) -> None:
        ack()
        respond(delete_original=True)

    client.chat_postMessage(channel="C1", text="a", blocks=buttons(button()))
    client.chat_postEphemeral(
        channel="C1", user="U1", text="b", blocks=buttons(button())
    )
    ann = slack.as_user("U1")
    with run(bolt):
        for message in ann.sees("C1"):
            ann.click(message, "share")

    assert ann.sees("C1") == []


def test_home_is_published_and_clicked(slack: LocalSlack, bolt: App, run: Run) -> None:
    views: list[str] = []

    @bolt.event("app_home_opened")
    def on_home(event: Block, client: WebClient) -> None:
        home = {"type": "home", "blocks": buttons(button())}
        client.views_publish(user_id=event["user"], view=home)

    @bolt.action("share")
    def on_share(ack: Ack, body: Block) -> None:
        ack()
        views.append(body["view"]["id"])

    with run(bolt):
        ann = slack.as_user("U1")
        ann.open_home()
        slack.settle()
        assert ann.home is not None
        ann.click(ann.home, "share")
        ann.open_home()
        slack.settle()

    assert views == [ann.home["id"]]
    assert slack.deliveries[-1].event["view"]["id"] == views[0]
    assert slack.as_user("U2").home is None


def test_shortcuts_on_a_message_and_from_anywhere(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    bodies: list[Block] = []

    @bolt.shortcut("find")
    def on_find(ack: Ack, body: Block) -> None:
        ack()
        bodies.append(body)

    with run(bolt):
        ann = slack.as_user("U1")
        message = ann.post("C2", "who?")
        ann.shortcut("find", message)
        ann.shortcut("find")

    assert [body["type"] for body in bodies] == ["message_action", "shortcut"]
    assert bodies[0]["message"]["text"] == "who?"
    assert bodies[0]["channel"] == {"id": "C2", "name": "random"}


def test_a_manifest_lists_commands_and_shortcuts() -> None:
    features = {"slash_commands": [{"command": "/a"}], "shortcuts": []}
    with LocalSlack(manifest={"features": features}) as slack:
        slack.add_user("U1", "ann")
        with pytest.raises(ClientError, match="/b is not in the manifest"):
            slack.as_user("U1").command("/b")
        with pytest.raises(ClientError, match="x is not in the manifest"):
            slack.as_user("U1").shortcut("x")


def test_two_buttons_of_one_name_are_told_apart(
    slack: LocalSlack, bolt: App, run: Run, client: WebClient
) -> None:
    values: list[str] = []

    @bolt.action("share")
    def on_share(ack: Ack, action: Block) -> None:
        ack()
        values.append(action["value"])

    rows = [{**buttons(button(value=v))[0], "block_id": v} for v in "ab"]
    posted = client.chat_postMessage(channel="C1", text="x", blocks=rows)
    message = {"channel": "C1", "ts": posted["ts"]}
    with run(bolt):
        ann = slack.as_user("U1")
        ann.click(message, "share", "b")
        ann.click(message, "share", block_id="a")
        with pytest.raises(ClientError, match="2 elements"):
            ann.click(message, "share")

    assert values == ["b", "a"]


FORBIDDEN = [
    pytest.param("U8", lambda p, _: p.post("C1", "x"), id="post_elsewhere"),
    pytest.param("U1", lambda p, _: p.post("C4", "x"), id="post_archived"),
    pytest.param("U2", lambda p, _: p.post("C3", "x"), id="post_private"),
    pytest.param("U1", lambda p, _: p.post("C1", "x", "1.0"), id="reply_to_nothing"),
    pytest.param("U2", lambda p, m: p.edit(m, "x"), id="edit_others"),
    pytest.param("U2", lambda p, m: p.delete(m), id="delete_others"),
    pytest.param("U1", lambda p, m: p.unreact(m, "eyes"), id="unreact"),
    pytest.param("U1", lambda p, _: p.join("C1"), id="join_twice"),
    pytest.param("U2", lambda p, _: p.sees("secret"), id="see_private"),
    pytest.param("U5", lambda p, _: p.command("/x"), id="external_command"),
]


@pytest.mark.parametrize(("user_id", "act"), FORBIDDEN)
def test_what_slacks_client_would_not_allow(
    slack: LocalSlack, user_id: str, act: Any
) -> None:
    message = slack.as_user("U1").post("C1", "hello")

    with pytest.raises(ClientError):
        act(slack.as_user(user_id), message)


def test_a_deactivated_person_cannot_act(slack: LocalSlack) -> None:
    with pytest.raises(ClientError, match="deactivated"):
        slack.as_user("U3")


def test_a_reaction_is_given_once(slack: LocalSlack) -> None:
    ann = slack.as_user("U1")
    message = ann.post("C1", "x")
    ann.react(message, "eyes")
    with pytest.raises(ClientError, match="already_reacted"):
        ann.react(message, "eyes")
    ann.unreact(message, "eyes")

    assert ann.sees("C1")[0]["reactions"] == []


@pytest.mark.parametrize(
    ("body", "error"),
    [({"text": "x", "colour": "red"}, "invalid_arguments"), ({}, "no_text")],
)
def test_what_a_response_url_refuses(
    slack: LocalSlack, body: Block, error: str
) -> None:
    grant = ResponseUrl("U1", "C1", 0.0)

    with pytest.raises(ApiError, match=error):
        answer(slack.world, grant, body)


@pytest.mark.parametrize(
    ("key", "age_s", "error"), [("R1", 1801, "expired_url"), ("R2", 0, "invalid_url")]
)
def test_a_response_url_ends(
    slack: LocalSlack, key: str, age_s: float, error: str
) -> None:
    slack.world.ticks = lambda: age_s
    slack.world.response_urls["R1"] = ResponseUrl("U1", "C1", 0.0)

    with pytest.raises(ApiError, match=error):
        respond(slack.world, key, {"text": "x"})


def test_answers_go_to_the_thread_and_replace_nothing_that_is_gone(
    slack: LocalSlack,
) -> None:
    ann = slack.as_user("U1")
    ts = ann.post("C1", "a")["ts"]
    grant = ResponseUrl("U1", "C1", 0.0, thread_ts=ts)

    answer(slack.world, grant, {"text": "b"})
    answer(slack.world, grant, {"text": "c", "replace_original": True})
    with pytest.raises(ApiError, match="message_not_found"):
        answer(slack.world, grant, {"delete_original": True})

    seen = [(each["text"], each.get("thread_ts")) for each in ann.sees("C1")]
    assert seen == [("a", None), ("b", ts), ("c", None)]
