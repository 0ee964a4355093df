import urllib.error
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.standin import LocalSlack, RateLimits
from tests.standin.conftest import error_of


def test_the_fifth_message_at_once_has_to_wait() -> None:
    now_s = [0.0]
    with LocalSlack(ticks=lambda: now_s[0]) as slack:
        slack.add_channel("C1", "general", ["U0BOT"])
        client = WebClient(slack.app.bot_token, base_url=slack.api_url)
        for _ in range(4):
            client.chat_postMessage(channel="C1", text="x")

        refused = error_of(lambda: client.chat_postMessage(channel="C1", text="x"))
        now_s[0] += 1
        client.chat_postMessage(channel="C1", text="x")

    assert (refused.status_code, refused["error"]) == (429, "ratelimited")
    assert refused.headers["retry-after"] == "1"


def test_a_method_has_its_minute(slack: LocalSlack) -> None:
    slack.rate_limits = RateLimits(per_minute={3: 2})
    client = WebClient(slack.app.bot_token, base_url=slack.api_url)
    client.bots_info()
    client.bots_info()

    refused = error_of(client.bots_info)

    assert int(refused.headers["retry-after"]) == 60


def test_planned_faults_happen_once(slack: LocalSlack, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", "ratelimited", retry_after_s=7)
    slack.fail_next("chat.postMessage", "fatal_error", accepted=True)

    def post() -> Any:
        return client.chat_postMessage(channel="C1", text="x")

    assert error_of(post).headers["retry-after"] == "7"
    assert error_of(post)["error"] == "fatal_error"
    assert post()["ok"]
    assert len(slack.channel("C1").messages) == 2


@pytest.mark.parametrize(("accepted", "count"), [(False, 0), (True, 1)])
def test_a_dropped_connection_loses_the_call_or_only_its_answer(
    slack: LocalSlack, client: WebClient, *, accepted: bool, count: int
) -> None:
    slack.fail_next("chat.postMessage", drop=True, accepted=accepted)

    with pytest.raises((ConnectionError, urllib.error.URLError)):
        client.chat_postMessage(channel="C1", text="x")

    assert len(slack.channel("C1").messages) == count


def test_a_fault_can_wait_for_its_call(slack: LocalSlack, client: WebClient) -> None:
    slack.fail_next("chat.postMessage", status=500, when=lambda a: a["text"] == "b")
    client.chat_postMessage(channel="C1", text="a")

    with pytest.raises(SlackApiError) as raised:
        client.chat_postMessage(channel="C1", text="b")

    assert raised.value.response.status_code == 500


def test_a_minute_passes() -> None:
    now_s = [0.0]
    with LocalSlack(ticks=lambda: now_s[0]) as slack:
        slack.rate_limits = RateLimits(per_minute={3: 1})
        client = WebClient(slack.app.bot_token, base_url=slack.api_url)
        client.bots_info()
        now_s[0] = 60.0

        assert client.bots_info()["ok"]
