from typing import Any

import pytest
from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.standin import ClientError, LocalSlack
from bot.standin.choices import entered, initial
from bot.standin.interactions import settle_submission
from tests.standin.conftest import Run, error_of

Block = dict[str, Any]


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def form(**more: Any) -> Block:
    name = {"type": "plain_text_input", "action_id": "name", "max_length": 5}
    pick = {
        "type": "static_select",
        "action_id": "pick",
        "options": [{"text": plain(v), "value": v} for v in ("a", "b")],
    }
    return {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": [
            {"type": "input", "block_id": "n", "label": plain("N"), "element": name},
            {
                "type": "input",
                "block_id": "p",
                "label": plain("P"),
                "element": pick,
                "optional": True,
            },
        ],
        **more,
    }


def on_open(app: App, view: Block) -> None:
    """Open a modal when /form is used."""

    @app.command("/form")
    def open_form(ack: Ack, client: WebClient, command: Block) -> None:
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=view)


def test_a_form_is_filled_in_and_taken(slack: LocalSlack, bolt: App, run: Run) -> None:
    taken: list[Block] = []
    on_open(bolt, form())

    @bolt.view("form")
    def on_form(ack: Ack, view: Block) -> None:
        taken.append(view["state"]["values"])
        ack()

    with run(bolt):
        ann = slack.as_user("U1")
        ann.command("/form")
        errors = ann.submit({"n": "Ann", "pick": "b"})

    assert errors == {}
    assert ann.modal is None
    assert taken[0]["n"]["name"]["value"] == "Ann"
    assert taken[0]["p"]["pick"]["selected_option"]["value"] == "b"


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({}, "'N' is required"),
        ({"n": "toolong"}, "7 characters"),
        ({"n": "a", "p": "z"}, "no option 'z'"),
        ({"n": "a", "q": "z"}, r"no input for \['q'\]"),
    ],
)
def test_a_form_that_slack_would_not_send(
    slack: LocalSlack, bolt: App, run: Run, values: Block, reason: str
) -> None:
    on_open(bolt, form())
    with run(bolt):
        ann = slack.as_user("U1")
        ann.command("/form")
        with pytest.raises(ClientError, match=reason):
            ann.submit(values)

    assert ann.modal is not None


@pytest.mark.parametrize(
    ("answer", "titles"),
    [
        pytest.param({}, [], id="close"),
        pytest.param({"response_action": "clear"}, [], id="clear"),
        pytest.param(
            {"response_action": "update", "view": form(title=plain("Two"))},
            ["Two"],
            id="update",
        ),
        pytest.param(
            {"response_action": "push", "view": form(title=plain("Two"))},
            ["Form", "Two"],
            id="push",
        ),
        pytest.param(
            {"response_action": "errors", "errors": {"n": "Taken"}},
            ["Form"],
            id="errors",
        ),
    ],
)
def test_what_an_app_answers_to_a_form(
    slack: LocalSlack, bolt: App, run: Run, answer: Block, titles: list[str]
) -> None:
    on_open(bolt, form())
    bolt.view("form")(lambda ack: ack(**answer))
    with run(bolt):
        ann = slack.as_user("U1")
        ann.command("/form")
        errors = ann.submit({"n": "Ann"})

    assert errors == answer.get("errors", {})
    stack = slack.world.modals["U1"]
    assert [view["title"]["text"] for view in stack] == titles


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "update", "view": {"type": "modal", "blocks": []}},
        {"response_action": "explode"},
    ],
    ids=["no_such_input", "bad_view", "no_such_action"],
)
def test_an_answer_slack_would_not_understand_is_recorded(
    slack: LocalSlack, bolt: App, run: Run, answer: Block
) -> None:
    on_open(bolt, form())
    bolt.view("form")(lambda ack: ack(**answer))
    with run(bolt):
        slack.as_user("U1").command("/form")
        with pytest.raises(ClientError):
            slack.as_user("U1").submit({"n": "Ann"})

    assert len(slack.refused) == 1


def test_a_trigger_opens_one_modal_and_soon(
    slack: LocalSlack, client: WebClient
) -> None:
    now_s = [0.0]
    slack.world.ticks = lambda: now_s[0]
    used, late = slack.world.new_trigger("U1"), slack.world.new_trigger("U2")
    now_s[0] = 3.0
    client.views_open(trigger_id=used, view=form())
    twice = error_of(lambda: client.views_push(trigger_id=used, view=form()))
    now_s[0] = 3.1
    expired = error_of(lambda: client.views_open(trigger_id=late, view=form()))

    assert twice["error"] == "exchanged_trigger_id"
    assert expired["error"] == "expired_trigger_id"


def test_modals_stack_three_high(slack: LocalSlack, client: WebClient) -> None:
    def trigger() -> str:
        return slack.world.new_trigger("U1")

    view_id = client.views_open(trigger_id=trigger(), view=form())["view"]["id"]
    for _ in range(2):
        client.views_push(trigger_id=trigger(), view=form())
    top = client.views_update(view_id=view_id, view=form(external_id="x"))
    by_name = client.views_update(external_id="x", view=form())
    stale = error_of(
        lambda: client.views_update(
            view_id=view_id, view=form(), hash=top["view"]["hash"]
        )
    )
    high = error_of(lambda: client.views_push(trigger_id=trigger(), view=form()))

    assert by_name["view"]["id"] == view_id
    assert stale["error"] == "hash_conflict"
    assert high["error"] == "push_limit_reached"


def test_cancelling_a_modal_is_told_when_it_asked_for_it(
    slack: LocalSlack, bolt: App, run: Run
) -> None:
    closed: list[str] = []
    on_open(bolt, form(notify_on_close=True))

    @bolt.view_closed("form")
    def on_close(ack: Ack, body: Block) -> None:
        ack()
        closed.append(body["view"]["callback_id"])

    with run(bolt):
        ann = slack.as_user("U1")
        ann.command("/form")
        ann.close_modal()

    assert closed == ["form"]
    with pytest.raises(ClientError, match="no modal"):
        ann.close_modal()
    with pytest.raises(ClientError, match="no modal"):
        ann.submit()


def test_a_modal_without_submit_cannot_be_submitted(
    slack: LocalSlack, client: WebClient
) -> None:
    view = {"type": "modal", "title": plain("T"), "blocks": []}
    ann = slack.as_user("U1")
    client.views_open(trigger_id=slack.world.new_trigger("U1"), view=view)
    with pytest.raises(ClientError, match="no submit"):
        ann.submit()
    ann.close_modal()
    nothing = error_of(
        lambda: client.views_push(trigger_id=slack.world.new_trigger("U1"), view=form())
    )

    assert ann.modal is None
    assert nothing["error"] == "not_found"


def test_one_modal_at_a_time_is_opened(slack: LocalSlack, client: WebClient) -> None:
    for _ in range(2):
        trigger = slack.world.new_trigger("U1")
        if slack.as_user("U1").modal is None:
            client.views_open(trigger_id=trigger, view=form())

    refused = error_of(lambda: client.views_open(trigger_id=trigger, view=form()))

    assert refused["error"] == "invalid_arguments"


def test_a_menu_in_a_modal_keeps_what_was_chosen(
    slack: LocalSlack, bolt: App, run: Run, client: WebClient
) -> None:
    bolt.action("pick")(lambda ack: ack())
    view = client.views_open(trigger_id=slack.world.new_trigger("U1"), view=form())
    ann = slack.as_user("U1")
    with run(bolt):
        ann.click(view["view"], "pick", "b")
        bolt.view("form")(lambda ack: ack())
        ann.submit({"n": "Ann"})

    state = slack.deliveries[-1].payload["view"]["state"]["values"]
    assert state["p"]["pick"]["selected_option"]["value"] == "b"


def test_an_update_of_a_modal_that_is_gone_changes_nothing(
    slack: LocalSlack, client: WebClient
) -> None:
    view = client.views_open(trigger_id=slack.world.new_trigger("U1"), view=form())
    slack.as_user("U1").close_modal()
    answer = {"response_action": "update", "view": form()}

    assert settle_submission(slack.world, "U1", view["view"], answer) == {}
    assert slack.as_user("U1").modal is None


def element(kind: str, **more: Any) -> Block:
    return {"type": kind, "action_id": "x", **more}


OPTIONS = [{"text": plain(v), "value": v} for v in "ab"]
ENTRIES = [
    pytest.param(
        element("checkboxes", options=OPTIONS),
        ["b"],
        {"selected_options": OPTIONS[1:]},
        id="checkboxes",
    ),
    pytest.param(
        element("users_select"), "U1", {"selected_user": "U1"}, id="users_select"
    ),
    pytest.param(
        element("multi_users_select"),
        ["U1"],
        {"selected_users": ["U1"]},
        id="multi_users_select",
    ),
    pytest.param(
        element("number_input", is_decimal_allowed=False),
        5,
        {"value": "5"},
        id="number",
    ),
    pytest.param(element("datepicker"), None, {"selected_date": None}, id="date"),
]


@pytest.mark.parametrize(("what", "raw", "report"), ENTRIES)
def test_what_is_entered_is_reported(what: Block, raw: Any, report: Block) -> None:
    assert entered(what, raw) == {"type": what["type"], **report}


def test_a_number_is_digits() -> None:
    with pytest.raises(ClientError, match="not a number"):
        entered(element("number_input"), "five")


def test_what_several_people_start_with() -> None:
    assert initial(element("multi_users_select", initial_users=["U1"])) == ["U1"]
