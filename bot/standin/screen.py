"""A message, a modal or the Home tab as lines of text, the way one person sees it."""

import html
from collections.abc import Callable, Iterable

from bot.standin import acts
from bot.standin.choices import initial
from bot.standin.mrkdwn import Line, Reader, Span, plain
from bot.standin.values import Payload
from bot.standin.world import World

_INDENT: Line = (Span("   "),)
_RULE = 48
_FIELD = 28


class Screen:
    """Shows what one person sees; call it under no lock."""

    def __init__(self, world: World, viewer_id: str) -> None:
        self._world = world
        self._viewer_id = viewer_id
        self._reader = Reader(world, viewer_id)
        self._draw: dict[str, Callable[[Payload], list[Line]]] = {
            "section": self._section,
            "header": lambda block: self._text(block["text"], "bold"),
            "divider": lambda _: [(Span("─" * _RULE, "dim"),)],
            "context": self._context,
            "actions": lambda block: [self._controls(block["elements"])],
            "input": self._input,
            "image": lambda block: [(Span(f"[image: {block['alt_text']}]", "dim"),)],
            "markdown": lambda block: [
                (Span(line),) for line in block["text"].split("\n")
            ],
            "rich_text": lambda block: [(Span(_flat(block)),)],
        }

    def message(self, message: Payload) -> list[Line]:
        """Show one message or ephemeral: who, when, what, and what hangs on it."""
        by_app = [Span(" "), Span(" APP ", "reverse")] if "bot_id" in message else []
        name = Span(self._reader.person(message["user"]), "bold")
        at = Span("  " + self._reader.clock(message["ts"]), "dim")
        head = [(name, *by_app, at)]
        if message.get("is_ephemeral"):
            head = [(Span("Only visible to you", "dim italic"),), *head]
        if message.get("blocks"):
            body = self.blocks(message["blocks"])
        else:
            body = self._reader.lines(message["text"])
        if "edited" in message and body:
            body[-1] = (*body[-1], Span(" (edited)", "dim"))
        return [*head, *body, *self._footer(message)]

    def _footer(self, message: Payload) -> list[Line]:
        lines = []
        given = [
            (*self._reader.lines(f":{each['name']}:")[0], Span(f" {each['count']}  "))
            for each in message.get("reactions", ())
        ]
        if given:
            lines.append(tuple(span for spans in given for span in spans))
        count = message.get("reply_count", 0)
        if count:
            lines.append(
                (Span(f"{count} {'reply' if count == 1 else 'replies'}", "blue"),)
            )
        return lines

    def channel(self, channel_id: str) -> list[Line]:
        """Show a channel with its threads unfolded, and what only the viewer sees."""
        with self._world.lock:
            channel = self._world.channels[channel_id]
            mine = [
                each
                for each in self._world.logs.ephemerals
                if each["channel"] == channel_id
                and each["recipient"] == self._viewer_id
                and not each.get("is_deleted")
            ]
            lines: list[Line] = []
            on_top = [
                m
                for m in channel.messages.values()
                if m.get("thread_ts", m["ts"]) == m["ts"]
            ]
            alone = [each for each in mine if "thread_ts" not in each]
            for message in sorted([*on_top, *alone], key=_at):
                lines += [*self.message(message), ()]
                inside = [e for e in mine if e.get("thread_ts") == message["ts"]]
                replies = [*acts.replies(channel, message["ts"]), *inside]
                for reply in sorted(replies, key=_at):
                    lines += [*_indented(self.message(reply)), ()]
            return lines

    def modal(self, view: Payload) -> list[Line]:
        """Show a modal: its title, what is in it, and its two buttons."""
        close = (view.get("close") or {}).get("text", "Cancel")
        submit = view.get("submit")
        foot = [Span(f"[ {close} ]")]
        if submit:
            foot += [Span("  "), Span(f"[ {submit['text']} ]", "bold green")]
        title = (Span(view["title"]["text"], "bold"),)
        rule = (Span("─" * _RULE, "dim"),)
        return [title, rule, *self.blocks(view["blocks"]), rule, tuple(foot)]

    def home(self, view: Payload) -> list[Line]:
        """Show the Home tab."""
        return self.blocks(view["blocks"])

    def blocks(self, blocks: Iterable[Payload]) -> list[Line]:
        """Show blocks one under the other."""
        return [line for block in blocks for line in self._draw[block["type"]](block)]

    def _text(self, text: Payload, style: str = "") -> list[Line]:
        if text["type"] == "plain_text":
            return [(Span(line, style),) for line in text["text"].split("\n")]
        return self._reader.lines(text["text"], style)

    def _section(self, block: Payload) -> list[Line]:
        lines = self._text(block["text"]) if "text" in block else []
        fields = [self._text(field) for field in block.get("fields", ())]
        for left in range(0, len(fields), 2):
            lines += _columns(fields[left : left + 2])
        if "accessory" in block:
            accessory = self._controls([block["accessory"]])
            lines[-1] = (*lines[-1], Span("  "), *accessory)
        return lines

    def _context(self, block: Payload) -> list[Line]:
        lines: list[Line] = []
        for element in block["elements"]:
            if element["type"] == "image":
                lines.append((Span(f"[image: {element['alt_text']}]", "dim"),))
            else:
                lines += self._text(element, "dim")
        return lines

    def _controls(self, elements: Iterable[Payload]) -> Line:
        spans: list[Span] = []
        for element in elements:
            spans += [Span("  ")] if spans else []
            spans.append(self._control(element))
        return tuple(spans)

    def _control(self, element: Payload) -> Span:
        kind = element["type"]
        if kind == "button":
            styles = {"primary": "bold green", "danger": "bold red"}
            style = styles.get(element.get("style", ""), "bold")
            return Span(f"[ {element['text']['text']} ]", style)
        if kind == "overflow":
            return Span("[ … ]")
        if kind == "image":
            return Span(f"[image: {element['alt_text']}]", "dim")
        if kind in {"checkboxes", "radio_buttons"}:
            return Span(self._ticks(element))
        shown = self._shown(element) or "…"
        return Span(f"[ {shown} ]" if "input" in kind else f"[ {shown} ▾ ]")

    def _ticks(self, element: Payload) -> str:
        chosen = initial(element) or []
        on, off = ("☑", "☐") if element["type"] == "checkboxes" else ("◉", "○")
        return "  ".join(
            f"{on if option['value'] in chosen else off} {option['text']['text']}"
            for option in element["options"]
        )

    def _shown(self, element: Payload) -> str:
        option = element.get("initial_option")
        if option:
            return str(option["text"]["text"])
        value = initial(element)
        names = [self._name(str(each)) for each in _listed(value)]
        placeholder = element.get("placeholder", {}).get("text", "")
        return ", ".join(names) or str(placeholder)

    def _name(self, value: str) -> str:
        if value in self._world.users:
            return f"@{self._reader.person(value)}"
        if value in self._world.channels:
            return self._reader.channel(value)
        return value

    def _input(self, block: Payload) -> list[Line]:
        label = [Span(block["label"]["text"], "bold")]
        if block.get("optional"):
            label.append(Span(" (optional)", "dim"))
        lines = [tuple(label), (self._control(block["element"]),)]
        return [*lines, *(self._text(block["hint"], "dim") if "hint" in block else [])]


def _at(message: Payload) -> float:
    return float(message["ts"])


def _listed(value: object) -> list[object]:
    if value in (None, ""):
        return []
    return value if isinstance(value, list) else [value]


def _indented(lines: Iterable[Line]) -> list[Line]:
    return [(*_INDENT, *line) for line in lines]


def _columns(cells: list[list[Line]]) -> list[Line]:
    left, right = cells[0], cells[1] if len(cells) > 1 else []
    lines: list[Line] = []
    for row in range(max(len(left), len(right))):
        start: Line = left[row] if row < len(left) else ()
        gap = Span(" " * max(2, _FIELD - len(plain(start))))
        lines.append((*start, gap, *right[row]) if row < len(right) else start)
    return lines


def _flat(value: object) -> str:
    if isinstance(value, dict):
        own = value.get("text") if isinstance(value.get("text"), str) else ""
        return f"{own}{_flat(value.get('elements', []))}"
    return "".join(_flat(each) for each in value) if isinstance(value, list) else ""


def to_text(lines: Iterable[Line]) -> str:
    """Join lines without their styles."""
    return "\n".join(plain(line).rstrip() for line in lines)


_CSS = {
    "bold": "font-weight:bold",
    "dim": "color:#616061",
    "italic": "font-style:italic",
    "underline": "color:#1264a3",
    "cyan": "color:#1264a3",
    "blue": "color:#1264a3",
    "green": "color:#007a5a",
    "red": "color:#e01e5a",
    "reverse": "background:#ddd;font-size:80%",
    "strike": "text-decoration:line-through",
}


def to_html(lines: Iterable[Line], title: str) -> str:
    """Make a page of lines, for a picture."""
    rows = "\n".join("".join(map(_html, line)) for line in lines)
    style = "font:15px/1.47 Lato,sans-serif;white-space:pre-wrap;margin:2em;width:44em"
    head = f"<meta charset=utf-8><title>{html.escape(title)}</title>"
    return f'<!doctype html>{head}<body style="{style}">{rows}\n'


def _html(span: Span) -> str:
    css = ";".join(_CSS[word] for word in span.style.split())
    text = html.escape(span.text)
    return f'<span style="{css}">{text}</span>' if css else text
