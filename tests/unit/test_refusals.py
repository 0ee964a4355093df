"""Every refusal has something that a person can do about it."""

import pytest

from bot.daily_jobs import LASTING
from bot.refusals import fix_of, fixes_of
from bot.slack import LOCKED_OUT


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("not_in_channel", "/invite @Grapevine"),
        ("channel_not_found", "/invite @Grapevine"),
        ("is_archived", "unarchive"),
        ("restricted_action", "admin"),
        ("restricted_action_of_tomorrow", "admin"),
        ("restricted_action_thread_only_channel", "outside threads"),
        ("invalid_name_specials", "another name"),
        ("name_taken", "another name"),
        ("missing_scope", "manifest.yml"),
        ("token_revoked", "reinstall"),
        ("no_answer", "reaches Slack"),
        ("never_heard_of", "documentation"),
    ],
)
def test_a_refusal_says_what_to_do(code: str, words: str) -> None:
    assert words in fix_of(code)


@pytest.mark.parametrize("code", sorted(LASTING | LOCKED_OUT))
def test_what_stops_a_feature_or_a_workspace_is_known(code: str) -> None:
    assert fix_of(code) != fix_of("never_heard_of")


def test_what_has_one_fix_is_told_once() -> None:
    told = fixes_of(["not_in_channel", "is_archived", "channel_not_found"])

    assert told == (
        "channel_not_found, not_in_channel: write /invite @Grapevine in the channel; "
        "is_archived: unarchive the channel, or choose another"
    )
