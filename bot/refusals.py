"""What Slack's refusals mean, and what a person can do about each.

Codes are those of the methods Grapevine calls: posting, creating, inviting.
https://docs.slack.dev/reference/methods/chat.postMessage#errors
"""

from collections.abc import Iterable

_INVITE = "write /invite @Grapevine in the channel"
_MAY_POST = "have an admin let Grapevine post in that channel"
_TOKEN = "reinstall the app and give Grapevine the new token"  # noqa: S105 - words
_NOTHING = "nothing: the person is out of reach, and is left alone"

# What to do, by Slack's code.
_FIXES = {
    "access_denied": "have an admin approve the app for this workspace",
    "account_inactive": _TOKEN,
    "cannot_dm_bot": _NOTHING,
    "cant_invite": "let somebody of the channel invite them",
    "channel_not_found": _INVITE,
    "invalid_auth": _TOKEN,
    "is_archived": "unarchive the channel, or choose another",
    "messages_tab_disabled": "turn on the app's Messages tab (App Home)",
    "missing_scope": "bring the app's manifest up to date with manifest.yml and "
    "reinstall it",
    "msg_too_long": "report it: Grapevine should never write so much",
    "name_taken": "choose another name for the channel",
    "no_answer": "look whether this machine reaches Slack: it gave no answer for "
    "twelve hours",
    "no_permission": "have an admin let apps do this",
    "not_authed": _TOKEN,
    "not_in_channel": _INVITE,
    "org_login_required": "wait until the organisation's migration is over",
    "restricted_action": _MAY_POST,
    "restricted_action_non_threadable_channel": _MAY_POST,
    "restricted_action_read_only_channel": _MAY_POST,
    "restricted_action_thread_only_channel": "choose a channel that takes messages "
    "outside threads",
    "team_access_not_granted": "have an admin of the organisation add the app to this "
    "workspace",
    "thread_not_found": "nothing: the thread has been deleted",
    "token_expired": _TOKEN,
    "token_revoked": _TOKEN,
    "ura_max_channels": "nothing: a guest of one channel cannot join another",
    "user_disabled": _NOTHING,
    "user_is_restricted": "have an admin invite the guest",
    "user_not_found": _NOTHING,
    "user_not_in_channel": "nothing: the person had left the channel",
}

# A rule that Slack adds to this family is of the same kind.
_FAMILIES = (("restricted_action", _MAY_POST), ("invalid_name", "choose another name"))

_UNKNOWN = "look the code up in Slack's documentation, and report it"


def fix_of(code: str) -> str:
    """Say what a person can do about a refusal."""
    if code in _FIXES:
        return _FIXES[code]
    return next((fix for family, fix in _FAMILIES if code.startswith(family)), _UNKNOWN)


def fixes_of(codes: Iterable[str]) -> str:
    """Say what to do about several, each thing once, with the codes it is for."""
    by_fix: dict[str, list[str]] = {}
    for code in sorted(codes):
        by_fix.setdefault(fix_of(code), []).append(code)
    return "; ".join(f"{', '.join(codes)}: {fix}" for fix, codes in by_fix.items())
