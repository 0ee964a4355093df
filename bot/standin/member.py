"""A member of the workspace: what they write, do in channels, and see."""

import uuid
from typing import Any

from bot.standin import acts
from bot.standin.choices import ClientError
from bot.standin.values import Channel, Payload
from bot.standin.world import World


class Member:
    """Writes and reads as one person; messages are dicts with `channel` and `ts`.

    What Slack's client would not allow raises `ClientError`.
    """

    def __init__(self, world: World, user_id: str) -> None:
        if world.users[user_id].deleted:
            raise ClientError(f"{user_id} is deactivated")
        self.id = user_id
        self._world = world

    def post(
        self,
        channel: str,
        text: str,
        thread_ts: str | None = None,
        subtype: str | None = None,
        **fields: Any,  # noqa: ANN401 - whatever a message may carry
    ) -> Payload:
        """Write a message, or a reply with `thread_ts`."""
        with self._world.lock:
            place = self._member_of(channel)
            if thread_ts is not None and thread_ts not in place.messages:
                raise ClientError(f"no message {thread_ts} to reply to")
            optional = {"thread_ts": thread_ts, "subtype": subtype}
            message = {
                "user": self.id,
                "text": text,
                "client_msg_id": str(uuid.uuid4()),
                **{key: value for key, value in optional.items() if value},
                **fields,
            }
            team = self._world.users[self.id].team_id
            if self._world.is_external(self.id):
                message["user_team"] = team
            return {**acts.post(self._world, place, message), "channel": place.id}

    def dm(self, text: str, thread_ts: str | None = None) -> Payload:
        """Write to the bot directly."""
        with self._world.lock:
            im = self._world.open_im(self.id)
        return self.post(im.id, text, thread_ts)

    def edit(self, message: Payload, text: str) -> None:
        """Change an own message."""
        with self._world.lock:
            place, ts = self._own(message)
            acts.edit(self._world, place, ts, {"text": text}, self.id)

    def delete(self, message: Payload) -> None:
        """Delete an own message."""
        with self._world.lock:
            acts.delete(self._world, *self._own(message))

    def react(self, message: Payload, name: str) -> None:
        """Add a reaction, such as `white_check_mark`."""
        with self._world.lock:
            place = self._member_of(message["channel"])
            if self._has_reacted(place, message["ts"], name):
                raise ClientError("already_reacted")
            acts.react(self._world, place, message["ts"], self.id, name)

    def unreact(self, message: Payload, name: str) -> None:
        """Take a reaction back."""
        with self._world.lock:
            place = self._member_of(message["channel"])
            if not self._has_reacted(place, message["ts"], name):
                raise ClientError("no_reaction")
            acts.unreact(self._world, place, message["ts"], self.id, name)

    def _has_reacted(self, channel: Channel, ts: str, name: str) -> bool:
        given = channel.messages[ts].get("reactions", [])
        return any(r["name"] == name and self.id in r["users"] for r in given)

    def join(self, channel: str) -> None:
        """Join a public channel."""
        with self._world.lock:
            place = self._find(channel)
            if place.kind != "channel" or self.id in place.members:
                raise ClientError(f"cannot join {channel}")
            acts.join(self._world, place, self.id)

    def leave(self, channel: str) -> None:
        """Leave a channel."""
        with self._world.lock:
            acts.leave(self._world, self._member_of(channel), self.id)

    def invite(self, channel: str, user_id: str) -> None:
        """Add somebody, such as the bot, to a channel."""
        with self._world.lock:
            acts.join(self._world, self._member_of(channel), user_id, self.id)

    def remove(self, channel: str, user_id: str) -> None:
        """Remove somebody, such as the bot, from a channel."""
        with self._world.lock:
            acts.leave(self._world, self._member_of(channel), user_id)

    def rename(self, channel: str, name: str) -> None:
        """Give a channel another name."""
        with self._world.lock:
            acts.rename(self._world, self._member_of(channel), name)

    def archive(self, channel: str) -> None:
        """Archive a channel."""
        with self._world.lock:
            acts.archive(self._world, self._member_of(channel), self.id)

    def unarchive(self, channel: str) -> None:
        """Open an archived channel again."""
        with self._world.lock:
            acts.unarchive(self._world, self._find(channel), self.id)

    def delete_channel(self, channel: str) -> None:
        """Delete a channel for good."""
        with self._world.lock:
            acts.delete_channel(self._world, self._find(channel))

    @property
    def modal(self) -> Payload | None:
        """The modal on top."""
        with self._world.lock:
            stack = self._world.modals.get(self.id)
            return stack[-1] if stack else None

    @property
    def home(self) -> Payload | None:
        """The Home tab, once the app published one."""
        with self._world.lock:
            return self._world.homes.get(self.id)

    def sees(self, channel: str | None = None) -> list[Payload]:
        """Give the messages they see there, oldest first, replies and ephemerals too.

        Args:
            channel: id or name; by default the conversation with the bot.
        """
        world = self._world
        with world.lock:
            place = self._find(channel) if channel else world.open_im(self.id)
            mine = [
                each
                for each in world.logs.ephemerals
                if each["recipient"] == self.id
                and each["channel"] == place.id
                and not each.get("is_deleted")
            ]
            said = [{**each, "channel": place.id} for each in place.messages.values()]
            return sorted([*said, *mine], key=lambda each: float(each["ts"]))

    def _find(self, channel: str) -> Channel:
        world = self._world
        named = world.find_channel_named(channel.removeprefix("#"))
        place = named or world.channels.get(channel)
        if place is None or (place.is_private and self.id not in place.members):
            raise ClientError(f"{self.id} sees no channel {channel}")
        return place

    def _member_of(self, channel: str) -> Channel:
        place = self._find(channel)
        if self.id not in place.members or place.is_archived:
            raise ClientError(f"{self.id} cannot write in {channel}")
        return place

    def _own(self, message: Payload) -> tuple[Channel, str]:
        place = self._find(message["channel"])
        found = place.messages.get(message["ts"])
        if found is None or found["user"] != self.id:
            raise ClientError("not their message")
        return place, message["ts"]
