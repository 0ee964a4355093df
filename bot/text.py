"""Slack text as words to match, never as text to keep.

Turns mrkdwn into plain text, and plain text into terms: word stems, pairs of
neighbours, names and code. What is stored of a term is a keyed hash; the
surface a person wrote travels beside it only until the message is digested.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from enum import IntEnum
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import snowballstemmer

# A message of 40,000 characters must not outweigh a hundred ordinary ones, nor
# fill a row: an ordinary question has 10 to 40 terms.
MAX_TERMS = 256

KIND_BITS = 3  # room for eight kinds below the hash, so a kind can be read back
_HASH_BYTES = 8
_MAX_WORD = 40  # longer "words" are hashes, tokens and base64, of no use to match

_FENCE = re.compile(r"```.*?(?:```|\Z)", re.DOTALL)
_INLINE_CODE = re.compile(r"`([^`\n]{1,80})`")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_BROADCAST = re.compile(r"<![^>]*>")
_CHANNEL = re.compile(r"<#[^|>]*\|?([^>]*)>")
_LINK = re.compile(r"<([a-z]+:[^|>]+)(?:\|([^>]*))?>")
_BARE_LINK = re.compile(r"\bhttps?://\S+")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_QUOTED = re.compile(r"(?m)^(?:>|&gt;).*$")
_HOST = re.compile(r"https?://(?:www\.)?([^/\s|>]+)(?:/([\w.-]+)/([\w.-]+))?")
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7af"
_WORD = re.compile(
    rf"[{_CJK}]+|[^\W_{_CJK}](?:[^\W{_CJK}]|[.+#'\u2019-](?=[^\W_{_CJK}]))*[+#]*"
)
_HAS_CJK = re.compile(rf"[{_CJK}]")
_CODE_NAME = re.compile(r"[A-Za-z_@][\w.@!]{2,39}")
# Foo.jl, CamelCase, k8s, GPU: a name says more about the subject than a verb.
_NAME = re.compile(
    r"(?:\w+\.[a-z]{2,4}|[A-Z][a-z0-9]+(?:[A-Z][A-Za-z0-9]*)+|[A-Z]{2,}[A-Za-z0-9]*"
    r"|[a-z]+[0-9]+[a-z]*|[a-z]+[A-Z]\w*)"
)
_ENTITIES = {"&amp;": "&", "&lt;": "<", "&gt;": ">"}

# Chat has a small vocabulary: 62,000 messages hold 40,000 forms of words. What was
# read or hashed of one is kept in memory, a few megabytes.
_WORDS_KEPT = 100_000
_HASHES_KEPT = 200_000


@lru_cache(maxsize=1)
def stop_words() -> frozenset[str]:
    """Words too common in chat to tell one subject from another.

    Contractions stand without their apostrophe, as `terms` meets them.
    """
    listed = Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8")
    return frozenset(listed.split())


class Kind(IntEnum):
    """What sort of term; kept in the low bits of its hash."""

    WORD = 0
    PAIR = 1
    NAME = 2
    CODE = 3
    HOST = 4
    REPOSITORY = 5


class Term(NamedTuple):
    """One thing a message mentions: its matching key and how it was written."""

    kind: Kind
    key: str
    surface: str


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Reduce a lower-case word to its English stem; other scripts stay whole."""
    return str(_stemmer().stemWord(word)) if word.isascii() else word


def unescape(text: str) -> str:
    """Undo Slack's escaping of `&`, `<` and `>`.

    Source: Slack, "Formatting text for app surfaces": three entities, no more.
    """
    for entity, character in _ENTITIES.items():
        text = text.replace(entity, character)
    return text


def escape(text: str) -> str:
    """Escape text that a person or a channel supplied before it is posted.

    Without it a label could carry `<!channel>` and wake everybody.
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def mentioned(mrkdwn: str) -> tuple[str, ...]:
    """List the ids of the people a message mentions, each once, in order."""
    if "<@" not in mrkdwn:
        return ()
    return tuple(dict.fromkeys(_MENTION.findall(_FENCE.sub(" ", mrkdwn))))


def plain(mrkdwn: str) -> str:
    """Strip code blocks, mentions, links' addresses, quotes and emoji."""
    return _bare(_FENCE.sub(" ", mrkdwn))


def _bare(text: str) -> str:
    """Strip all but code blocks; each step costs only where there is need of it."""
    if ">" in text or "&gt;" in text:
        text = _QUOTED.sub(" ", text)
    if "<" in text:
        text = _MENTION.sub(" ", text)
        text = _BROADCAST.sub(" ", text)
        text = _CHANNEL.sub(r"\1", text)
        text = _LINK.sub(lambda found: found.group(2) or " ", text)
    if ":" in text:
        text = _BARE_LINK.sub(" ", text)
        text = _EMOJI.sub(" ", text)
    text = unescape(text).replace("\x00", " ")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """Split plain text into words as written, without surrounding marks."""
    return [w for w in _WORD.findall(text) if len(w) <= _MAX_WORD]


class Told(NamedTuple):
    """What a message says: its plain text, and at most `MAX_TERMS` terms of it."""

    plain: str
    terms: list[Term]


def read(mrkdwn: str) -> Told:
    """Read a message once, for all that wants its words."""
    unfenced = _FENCE.sub(" ", mrkdwn)
    spoken = _bare(unfenced)
    with_code = spoken
    if "`" in unfenced:
        with_code = _bare(_INLINE_CODE.sub(r" \1 ", unfenced))
    found = _links(mrkdwn) + _code(unfenced)
    _add_words(found, with_code)
    return Told(spoken, found[:MAX_TERMS])


def terms(mrkdwn: str) -> list[Term]:
    """List what a message mentions, with repeats, at most `MAX_TERMS`."""
    return read(mrkdwn).terms


def _links(mrkdwn: str) -> list[Term]:
    found: list[Term] = []
    for host, owner, repository in _HOST.findall(mrkdwn) if "://" in mrkdwn else ():
        found.append(Term(Kind.HOST, host.lower(), host))
        if owner and repository:
            name = f"{host}/{owner}/{repository}".lower()
            found.append(Term(Kind.REPOSITORY, name, repository))
    return found


def _code(unfenced: str) -> list[Term]:
    return [
        Term(Kind.CODE, name.lower(), name)
        for code in (_INLINE_CODE.findall(unfenced) if "`" in unfenced else ())
        for name in _CODE_NAME.findall(code)
    ]


def _add_words(found: list[Term], text: str) -> None:
    before: Term | None = None
    for word in words(text):
        alone, term = _read_word(word)
        found += alone
        if before is not None and term is not None:
            key, surface = f"{before.key} {term.key}", f"{before.surface} {word}"
            found.append(Term(Kind.PAIR, key, surface))
        before = term
        if len(found) >= MAX_TERMS:
            return


@lru_cache(_WORDS_KEPT)
def _read_word(word: str) -> tuple[tuple[Term, ...], Term | None]:
    """What a word says by itself, and which of it makes pairs with its neighbours."""
    if _HAS_CJK.match(word):
        return tuple(_cjk_pairs(word)), None
    bare = word.lower().replace("'", "").replace("\u2019", "")
    if bare in stop_words() or len(bare) < 2 or bare.isdigit():  # noqa: PLR2004
        return (), None
    stemmed = Term(Kind.WORD, stem(bare), word)
    if _NAME.fullmatch(word):
        return (Term(Kind.NAME, bare, word), stemmed), stemmed
    return (stemmed,), stemmed


def _cjk_pairs(run: str) -> Iterator[Term]:
    """Cut a run without spaces into overlapping pairs, as search engines do."""
    if len(run) == 1:
        yield Term(Kind.WORD, run, run)
    for left, right in pairwise(run):
        yield Term(Kind.WORD, left + right, left + right)


def kind_of(word_hash: int) -> Kind:
    """Read the kind back from a hash."""
    return Kind(word_hash & ((1 << KIND_BITS) - 1))


class Hasher:
    """Hashes terms with a workspace's own key, so that no hash can be looked up.

    A hash is 60 bits of keyed BLAKE2b above `KIND_BITS` of kind: positive, so it
    fits a signed 64-bit column of any database.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._above = lru_cache(_HASHES_KEPT)(self._hash)

    def __call__(self, kind: Kind, key: str) -> int:
        """Hash one term."""
        return self._above(key) | kind

    def all(self, terms: Iterable[Term]) -> list[int]:
        """Hash terms, in their order."""
        above = self._above
        return [above(key) | kind for kind, key, _ in terms]

    def _hash(self, key: str) -> int:
        digest = blake2b(
            key.encode("utf-8", "surrogatepass"),
            key=self._key,
            digest_size=_HASH_BYTES,
        ).digest()
        return int.from_bytes(digest) >> (KIND_BITS + 1) << KIND_BITS
