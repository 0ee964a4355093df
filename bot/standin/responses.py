"""What the app answers where a person acted: response URLs and acknowledgements.

https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

from bot.standin import acts
from bot.standin.calls import ApiError, Call
from bot.standin.methods.chat import bot_author, read_body, show_ephemeral
from bot.standin.values import Channel, Payload
from bot.standin.world import (
    RESPONSE_URL_LIFE_S,
    RESPONSE_URL_USES,
    ResponseUrl,
    World,
)

_KNOWN = {
    "text",
    "blocks",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
    "mrkdwn",
}


def respond(world: World, key: str, body: Payload) -> None:
    """Take an answer to an interaction.

    Raises:
        ApiError: `invalid_url`, `expired_url`, `used_url`, or what is wrong with
            the body.
    """
    grant = world.response_urls.get(key)
    if grant is None:
        raise ApiError("invalid_url")
    if world.ticks() - grant.born_s > RESPONSE_URL_LIFE_S:
        raise ApiError("expired_url")
    if grant.uses >= RESPONSE_URL_USES:
        raise ApiError("used_url")
    grant.uses += 1
    answer(world, grant, body)


def answer(world: World, grant: ResponseUrl, body: Payload) -> None:
    """Show an answer, in the channel or to the one who acted.

    Raises:
        ApiError: what is wrong with the body.
    """
    unknown = {*body} - _KNOWN
    if unknown:
        raise ApiError("invalid_arguments", unknown=sorted(unknown))
    channel = world.channels[grant.channel_id]
    if body.get("delete_original"):
        _delete(world, channel, grant)
        return
    shown = read_body(Call(world, body))
    if body.get("replace_original"):
        _replace(world, channel, grant, shown)
        return
    thread_ts = body.get("thread_ts") or grant.thread_ts
    full = {**bot_author(world), **shown}
    if thread_ts:
        full["thread_ts"] = thread_ts
    if body.get("response_type") == "in_channel":
        posted = acts.post(world, channel, full)
        world.logs.posts.append({**posted, "channel": channel.id})
    else:
        show_ephemeral(world, channel, grant.user_id, full)


def _replace(
    world: World, channel: Channel, grant: ResponseUrl, shown: Payload
) -> None:
    ephemeral = find_ephemeral(world, grant.message_ts, grant.user_id)
    if ephemeral is not None:
        ephemeral.pop("blocks", None)
        ephemeral |= shown
    elif grant.message_ts in channel.messages:
        shown.setdefault("blocks", [])
        acts.edit(world, channel, grant.message_ts, shown, world.app.user_id)
    else:
        show_ephemeral(world, channel, grant.user_id, {**bot_author(world), **shown})


def _delete(world: World, channel: Channel, grant: ResponseUrl) -> None:
    ephemeral = find_ephemeral(world, grant.message_ts, grant.user_id)
    if ephemeral is not None:
        ephemeral["is_deleted"] = True
    elif grant.message_ts in channel.messages:
        acts.delete(world, channel, grant.message_ts)
    else:
        raise ApiError("message_not_found")


def find_ephemeral(world: World, ts: str, user_id: str) -> Payload | None:
    """Find what only one person sees."""
    mine = (e for e in world.logs.ephemerals if e["recipient"] == user_id)
    found = (e for e in mine if e["ts"] == ts and not e.get("is_deleted"))
    return next(found, None)
