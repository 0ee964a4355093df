"""A text as the numbers a BERT model reads: WordPiece, as BERT defined it.

Written here because the usual library brings a network client along, into a
product that promises to need none. `bot.vectors.build` compares the two.
The rules: https://github.com/google-research/bert/blob/master/tokenization.py
"""

import re
import string
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain

_CACHED_PARTS = 16_384  # about 4 MB; six of seven parts of a chat are in it
_CACHED_LENGTH = 32  # longer parts are links and pasted code, not met again
_MAX_WORD = 100  # BERT's own limit: a longer word is unknown

# str.split() would also split at control characters, which BERT removes.
_PART = re.compile("[^ \t\n\r\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+")
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs"})
_ASCII_PUNCTUATION = frozenset(string.punctuation)
# Hiragana, Katakana and Hangul are left out, as in BERT.
_IDEOGRAPH = re.compile(
    "([\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0002a6df\U0002a700-\U0002b81f"
    "\U0002b920-\U0002ceaf\U0002f800-\U0002fa1f])"
)


class WordPiece:
    """Tokenizer over one vocabulary; safe to share between threads.

    It keeps the parts of texts that it met last in memory, never on disk.

    Args:
        vocabulary: Pieces in the order of their numbers, one for each line of
            vocab.txt.
        lowercase: Lower letters and drop accents first ("uncased" models).

    Raises:
        KeyError: The vocabulary lacks [CLS], [SEP] or [UNK].
    """

    def __init__(self, vocabulary: Iterable[str], *, lowercase: bool = True) -> None:
        self._numbers = {piece: n for n, piece in enumerate(vocabulary)}
        self._start, self._end, self._unknown = (
            self._numbers[piece] for piece in ("[CLS]", "[SEP]", "[UNK]")
        )
        self._lowercase = lowercase
        self._cached = lru_cache(_CACHED_PARTS)(self._read_part)

    def __len__(self) -> int:
        return len(self._numbers)

    def encode(self, text: str, limit: int) -> list[int]:
        """Number the pieces of a text between [CLS] and [SEP].

        Args:
            text: What somebody wrote, however long.
            limit: Most numbers to return, both marks counted; 2 or more.

        Returns:
            Two numbers only when there is nothing to read.
        """
        found = [self._start]
        for match in _PART.finditer(text):
            part = match[0]
            short = len(part) <= _CACHED_LENGTH
            found += self._cached(part) if short else self._read_part(part)
            if len(found) >= limit:
                break
        del found[limit - 1 :]
        found.append(self._end)
        return found

    def _read_part(self, part: str) -> tuple[int, ...]:
        seen = _seen(part, lowercase=self._lowercase)
        words = chain.from_iterable(map(_words, seen.split(" ")))
        return tuple(chain.from_iterable(map(self._read_word, words)))

    def _read_word(self, word: str) -> list[int]:
        if len(word) > _MAX_WORD:
            return [self._unknown]
        found: list[int] = []
        start = 0
        while start < len(word):
            number, start = _longest(self._numbers, word, start)
            if number is None:
                return [self._unknown]
            found.append(number)
        return found


def _longest(
    numbers: Mapping[str, int], word: str, start: int
) -> tuple[int | None, int]:
    """The longest known piece from `start` on, and where it ends."""
    mark = "##" if start else ""
    for end in range(len(word), start, -1):
        number = numbers.get(mark + word[start:end])
        if number is not None:
            return number, end
    return None, start


def _seen(part: str, *, lowercase: bool) -> str:
    """Drop what cannot be seen, set ideographs apart, lower and drop accents."""
    if part.isascii() and part.isprintable():
        return part.lower() if lowercase else part
    visible = "".join(c for c in part if not _is_invisible(c))
    apart = _IDEOGRAPH.sub(r" \1 ", visible)
    if not lowercase:
        return apart
    spread = unicodedata.normalize("NFD", apart)
    # Letter by letter: str.lower() would end a Greek word in another sigma.
    return "".join(c.lower() for c in spread if unicodedata.category(c) != "Mn")


def _is_invisible(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in _INVISIBLE


def _words(text: str) -> list[str]:
    """Split a text without spaces so that each punctuation mark stands alone."""
    words: list[str] = []
    start = 0
    for at, char in enumerate(text):
        if _is_punctuation(char):
            words += [text[start:at], char]
            start = at + 1
    words.append(text[start:])
    return [word for word in words if word]


def _is_punctuation(char: str) -> bool:
    if char.isascii():
        return char in _ASCII_PUNCTUATION
    return unicodedata.category(char).startswith("P")
