"""What a message's writer says themselves, cut into sentences.

Code, quotations, addresses and emoji may hold a "?" that nobody asked. Every
pattern here takes time linear in the text: bounded, or unable to start again
inside what it has just refused.
"""

import re
from dataclasses import dataclass

# Words that stand where something was cut out, so that "does `x` work" keeps its
# shape. No phrase uses them.
CODE, LINK, QUOTE = "codeword", "linkword", "quoteword"

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
# ">>>" quotes all that follows, ">" its own line; Slack escapes both.
_QUOTED_LINES = re.compile(
    r"^\s{0,8}(?:(?:&gt;|>){3}.*\Z|(?:&gt;|>)[^\n]*)", re.MULTILINE | re.DOTALL
)
_INLINE_CODE = re.compile(r"`[^`\n]*`")
_ANGLE = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_BARE_LINK = re.compile(r"\b(?:https?|ftp)://\S*")
# The number before an item of a list is no sentence.
_ITEM = re.compile(r"^[ \t]{0,8}\d{1,2}\.(?=\s)", re.MULTILINE)
_EMOJI = re.compile(r":[a-z0-9_+'-]{1,80}:")
# Quotes stand beside no letter, but for scripts that leave no space between words.
_LETTER_APART = "[^\\W\u3040-\u9fff\uac00-\ud7af]"
_SPEECH = re.compile(rf'(?<!{_LETTER_APART})"[^"\n]{{1,300}}"(?!{_LETTER_APART})')
# "(really?)" comments on a word; it does not end the sentence.
_ASIDE = re.compile(r"\(\s{0,3}[^()\n]{0,25}\?{1,9}\s{0,3}\)")
# `ok ? yes : no` outside backticks.
_TERNARY = re.compile(r"(?<=\s)\?\s[^\s:?]{1,40}\s:\s")
_END = re.compile(
    r"""(?<![.!?])(?<!e\.g)(?<!i\.e)(?<!\bvs)  # abbreviations end nothing
    ([.!?]++)(?=[\s)\]"'*_~,]|$)  # the whole run, tried once
    |[:;](?=\s)  # "quick question: …"
    |\n+""",
    re.VERBOSE,
)
# Letters with the vowel signs that Python does not count among them (accents, Arabic,
# the scripts of India and Thailand).
_LETTERS = "[\\w\u0300-\u036f\u064b-\u065f\u0900-\u0dff\u0e31-\u0e4e]+"
_WORD = re.compile(f"{_LETTERS}(?:'{_LETTERS})*")
# Where a clause may begin inside a sentence.
_CLAUSE = re.compile(r"[,;()]|\s[-\u2013\u2014]+(?=\s)")
_GREEK = re.compile("[\u0370-\u03ff]")

# Marks of other scripts as their Latin twins, with the space those scripts leave
# out: full width, Arabic, Armenian, Ethiopic, Greek (U+037E), doubled marks.
_MARKS = str.maketrans(
    {
        "\uff1f": "? ",
        "\u061f": "? ",
        "\u055e": "? ",
        "\u1367": "? ",
        "\u037e": "? ",
        "\u2047": "? ",
        "\u2048": "?! ",
        "\u2049": "!? ",
        "\u3002": ". ",
        "\uff01": "! ",
        "\u0964": ". ",
        "\u2026": "... ",
        "\u2019": "'",
        "\u2018": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u00ab": '"',
        "\u00bb": '"',
        "\u300c": '"',
        "\u300d": '"',
        "\u300e": '"',
        "\u300f": '"',
    }
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """Lower-case words without punctuation, and the marks that end them.

    Attributes:
        later: Where in the words a clause begins, other than at the beginning.
    """

    words: tuple[str, ...]
    mark: str
    later: tuple[int, ...] = ()

    @property
    def is_marked(self) -> bool:
        """Say whether it ends in a question mark."""
        return "?" in self.mark


def sentences(mrkdwn: str) -> tuple[Sentence, ...]:
    """Return the sentences of a Slack message, without those that are not its own."""
    text = _own_words(mrkdwn)
    found: list[Sentence] = []
    start = 0
    for end in _END.finditer(text):
        _add(found, text[start : end.start()], end[1] or "")
        start = end.end()
    _add(found, text[start:], "")
    return tuple(found)


def _add(found: list[Sentence], text: str, mark: str) -> None:
    """Add a sentence; a mark that stands alone, after code, ends the one before."""
    words: list[str] = []
    starts: list[int] = []
    for clause in _CLAUSE.split(text.lower().replace("_", " ")):
        own = _WORD.findall(clause)
        if own and words:
            starts.append(len(words))
        words += own
    if words:
        found.append(Sentence(tuple(words), mark, tuple(starts)))
    elif "?" in mark:
        while found and found[-1].words == (CODE,):
            found.pop()
        before = found.pop().words if found else ()
        found.append(Sentence(before, mark))


def _own_words(text: str) -> str:
    """Cut out code, quotations, addresses and emoji; each costs only where it is."""
    if "`" in text:
        text = _INLINE_CODE.sub(f" {CODE} ", _FENCE.sub(f"\n{CODE}\n", text))
    if "&gt;" in text or ">" in text:
        text = _QUOTED_LINES.sub("", text)
    if "<" in text:
        text = _ANGLE.sub(_spoken, text)
    if "://" in text:
        text = _BARE_LINK.sub(_keep_mark, text)
    if ". " in text:
        text = _ITEM.sub("", text)
    if ":" in text:
        text = _EMOJI.sub(" ", text)
    if not text.isascii():
        text = _latin_marks(text)
    if '"' in text:
        text = _SPEECH.sub(f" {QUOTE} ", text)
    if "?" in text:
        text = _TERNARY.sub(f" {CODE} ", _ASIDE.sub(" ", text))
    return text


def _spoken(angle: re.Match[str]) -> str:
    """Say `<…>` as a reader hears it: https://docs.slack.dev/messaging/formatting-message-text."""
    target, label = angle[1], angle[2]
    if target.startswith(("@", "!")):
        return " "
    if label and "://" not in label:
        return label
    return f" {LINK} " if ":" in target or target.startswith("#") else angle[0]


def _keep_mark(link: re.Match[str]) -> str:
    """Return a stand-in for a bare address and the "?" that ends its sentence."""
    return f" {LINK}{'?' if link[0].endswith('?') else ''} "


def _latin_marks(text: str) -> str:
    """Write every script's marks in the Latin way; in Greek ";" asks."""
    if ";" in text and _GREEK.search(text):
        text = text.replace(";", "?")
    return text.translate(_MARKS)
