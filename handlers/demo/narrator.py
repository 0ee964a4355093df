"""Writes the demo to a console: what happens, and what people see of it."""

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.text import Text

from bot.standin.mrkdwn import Line
from bot.standin.screen import Screen
from bot.standin.world import World

_WIDTH = 88

Payload = dict[str, Any]


class Narrator:
    """Numbers the steps, and draws messages, modals and Home tabs."""

    def __init__(self, console: Console, world: World) -> None:
        self._console = console
        self._world = world
        self._step = 0

    def say(self, text: str) -> None:
        """Begin a step."""
        self._step += 1
        self._console.print()
        self._console.print(f"[bold]{self._step}. {text}[/bold]", width=_WIDTH)

    def tell(self, text: str) -> None:
        """Add to a step what nobody sees in Slack; what is indented stays so."""
        inner = text.lstrip()
        indent = len(text) - len(inner)
        self._console.print(Padding(Text(inner), (0, 0, 0, indent)), width=_WIDTH)

    def show(self, viewer_id: str, messages: Sequence[Payload], title: str) -> None:
        """Show messages as somebody sees them."""
        screen = Screen(self._world, viewer_id)
        lines = [line for message in messages for line in screen.message(message)]
        self._panel(lines, title)

    def show_view(self, viewer_id: str, view: Payload, title: str) -> None:
        """Show a modal or a Home tab as somebody sees it."""
        screen = Screen(self._world, viewer_id)
        draw = screen.modal if view["type"] == "modal" else screen.home
        self._panel(draw(view), title)

    def _panel(self, lines: Sequence[Line], title: str) -> None:
        text = Text("\n").join(_styled(line) for line in lines)
        self._console.print(Panel(text, title=title, title_align="left", width=_WIDTH))


def _styled(line: Line) -> Text:
    text = Text()
    for span in line:
        text.append(span.text, style=span.style or None)
    return text
