"""A person in front of Slack: what they do with the app."""

from typing import Any

from bot.standin.calls import ApiError
from bot.standin.choices import ClientError, entered, is_stateful, read_form
from bot.standin.delivery import Delivery, DeliveryKind
from bot.standin.events import event_ts, send_event
from bot.standin.interactions import (
    click_payload,
    closing_payload,
    command_payload,
    find_element,
    find_target,
    settle_submission,
    shortcut_payload,
    submission_payload,
)
from bot.standin.member import Member
from bot.standin.responses import answer
from bot.standin.values import Payload
from bot.standin.world import ResponseUrl, World

__all__ = ["ClientError", "Person"]


class Person(Member):
    """A member who also uses the app.

    What Slack's client would not allow raises `ClientError`; so does an interaction
    that the app does not acknowledge.
    """

    def __init__(self, world: World, user_id: str, ack_timeout_s: float) -> None:
        super().__init__(world, user_id)
        # A little more than the app has, so that its failure is what is reported.
        self._patience_s = ack_timeout_s + 2.0

    def command(
        self, name: str, text: str = "", channel: str | None = None
    ) -> Delivery:
        """Use a slash command, in a channel or in the conversation with the bot."""
        world = self._world
        with world.lock:
            self._may_use(name, world.app.commands)
            place = self._member_of(channel) if channel else world.open_im(self.id)
            grant = ResponseUrl(self.id, place.id, world.ticks())
            payload = command_payload(world, grant, name, text)
        delivery = self._interact("slash_commands", payload)
        if delivery.response:
            self._show(grant, delivery.response)
        return delivery

    def _show(self, grant: ResponseUrl, response: Payload) -> None:
        with self._world.lock:
            try:
                answer(self._world, grant, dict(response))
            except ApiError as error:
                refusal = f"acknowledgement: {error.code} {error.extra}"
                self._world.logs.refused.append(refusal)
                raise ClientError(refusal) from None

    def shortcut(self, callback_id: str, message: Payload | None = None) -> Delivery:
        """Use a shortcut, on a message or from anywhere."""
        with self._world.lock:
            self._may_use(callback_id, self._world.app.shortcuts)
            shown = message and find_target(self._world, self.id, message)
            payload = shortcut_payload(self._world, self.id, callback_id, shown)
        return self._interact("interactive", payload)

    def _may_use(self, name: str, known: set[str] | None) -> None:
        if self._world.is_external(self.id):
            raise ClientError("people of other workspaces cannot use this")
        if known is not None and name not in known:
            raise ClientError(f"{name} is not in the manifest")

    def click(
        self,
        target: Payload,
        action_id: str,
        value: Any = None,  # noqa: ANN401 - what they choose
        *,
        block_id: str = "",
    ) -> Delivery:
        """Press a button or choose in a menu, in a message or a view.

        Args:
            target: a message or a view, found again as it is now.
            action_id: of the element.
            value: what to choose; for a button it picks the one with this value.
            block_id: picks one of several elements with this `action_id`.
        """
        with self._world.lock:
            shown = find_target(self._world, self.id, target)
            block, element = find_element(shown, action_id, value, block_id)
            report = entered(element, value)
            if "ts" not in shown and is_stateful(element):
                held = shown["state"]["values"].setdefault(block["block_id"], {})
                held[action_id] = report
            action = {
                **report,
                "action_id": action_id,
                "block_id": block["block_id"],
                "action_ts": event_ts(self._world),
            }
            payload = click_payload(self._world, self.id, shown, action)
        return self._interact("interactive", payload)

    def submit(self, values: Payload | None = None) -> dict[str, str]:
        """Fill in the modal on top and submit it.

        Args:
            values: by `block_id` or `action_id`; the others keep what they show.

        Returns:
            The errors that the app shows, by `block_id`; empty when it took them.
        """
        with self._world.lock:
            view = self.modal
            if view is None:
                raise ClientError("no modal is open")
            if view["submit"] is None:
                raise ClientError("the modal has no submit button")
            view["state"] = read_form(view, values or {})
            payload = submission_payload(self._world, self.id, view)
        response = self._interact("interactive", payload).response
        with self._world.lock:
            return settle_submission(self._world, self.id, view, response)

    def close_modal(self) -> None:
        """Cancel the modal on top."""
        with self._world.lock:
            stack = self._world.modals.get(self.id, [])
            if not stack:
                raise ClientError("no modal is open")
            view = stack.pop()
            payload = closing_payload(self._world, self.id, view, is_cleared=False)
        if view["notify_on_close"]:
            self._interact("interactive", payload)

    def open_home(self, tab: str = "home") -> None:
        """Open the app's Home tab, or its `messages` tab."""
        world = self._world
        with world.lock:
            event: Payload = {
                "type": "app_home_opened",
                "user": self.id,
                "channel": world.open_im(self.id).id,
                "tab": tab,
                "event_ts": event_ts(world),
            }
            if self.id in world.homes and tab == "home":
                event["view"] = world.homes[self.id]
            send_event(world, "app_home_opened", "", event)

    def _interact(self, kind: DeliveryKind, payload: Payload) -> Delivery:
        delivery = Delivery(self._world.new_id("I"), kind, payload)
        self._world.send(delivery)
        if not delivery.done.wait(self._patience_s) or not delivery.acked:
            raise ClientError(f"operation_timeout {delivery.error}".rstrip())
        return delivery
