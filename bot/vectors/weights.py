"""A model's files on disk: found, checked, and named by what is in them."""

import json
from dataclasses import dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Literal

from bot.vectors.engine import EngineError

MODEL = "model.onnx"
VOCABULARY = "vocab.txt"
MANIFEST = "SHA256.json"

# Of real chat messages 5 % are longer than 128 tokens and 16 % longer than 64;
# what a message is about stands at its beginning.
MAX_TOKENS = 128

# Raise it when the tokenizer or the pooling changes what a text's vector is.
_VERSION = 1
_NAME_LENGTH = 40  # the name of a folder, so that a model's name fits its column

Pooling = Literal["mean", "cls"]


@dataclass(frozen=True, slots=True)
class Weights:
    """What an engine is made from.

    Attributes:
        model: Name stored beside each vector.
        batch_tokens: Texts of one length run together up to this many tokens;
            1 means each alone.
    """

    model: str
    folder: Path
    pooling: Pooling = "mean"
    lowercase: bool = True
    batch_tokens: int = 1


def read_minilm(folder: Path | None = None) -> Weights:
    """Check the weights that the package carries against their manifest.

    Raises:
        EngineError: A file is missing or is not the one that was published.
    """
    folder = folder or Path(__file__).with_name("minilm")
    manifest = json.loads(_existing(folder / MANIFEST).read_text(encoding="utf-8"))
    for name, wanted in manifest["files"].items():
        if _digest(folder / name) != wanted:
            raise EngineError(
                f"{folder / name} is not the published file (its SHA-256 differs):"
                " restore it from the release, or rebuild it with"
                " `python -m bot.vectors.build`"
            )
    # 512 tokens at a time keep the process at 100 MB; 4,096 took 200 MB and
    # were slower. The graph scales each token by itself, so a batch is safe.
    return Weights(_name("minilm-l6-v2-int8", folder), folder, batch_tokens=512)


def read_folder(folder: Path) -> Weights:
    """Take any BERT-like sentence-transformer: model.onnx and vocab.txt.

    How it pools and whether it lowers letters is read from the files that
    sentence-transformers writes beside them (1_Pooling/config.json and
    tokenizer_config.json); without them: the mean, and lower-case.

    Raises:
        EngineError: A file is missing or unreadable, or it pools otherwise.
    """
    pooling = _pooling(_settings(folder / "1_Pooling" / "config.json"))
    tokenizer = _settings(folder / "tokenizer_config.json")
    lowercase = bool(tokenizer.get("do_lower_case", True))
    title = f"onnx:{folder.resolve().name[:_NAME_LENGTH]}"
    name = _name(title, folder, pooling=pooling, lowercase=lowercase)
    return Weights(name, folder, pooling, lowercase)


def _pooling(settings: dict[str, object]) -> Pooling:
    modes = {k for k, v in settings.items() if k.startswith("pooling_mode_") and v}
    if not modes or modes == {"pooling_mode_mean_tokens"}:
        return "mean"
    if modes == {"pooling_mode_cls_token"}:
        return "cls"
    raise EngineError(
        f"The model pools by {', '.join(sorted(modes))}:"
        " only the mean of its tokens or its first token can be used"
    )


def _settings(path: Path) -> dict[str, object]:
    if not path.exists():
        return {}
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EngineError(f"{path} is not JSON: {error}") from error
    return settings if isinstance(settings, dict) else {}


def _name(
    title: str, folder: Path, *, pooling: Pooling = "mean", lowercase: bool = True
) -> str:
    files = [_digest(folder / name) for name in (MODEL, VOCABULARY)]
    said = [_VERSION, MAX_TOKENS, pooling, lowercase, *files]
    return f"{title}:{sha256(json.dumps(said).encode()).hexdigest()[:12]}"


def _digest(path: Path) -> str:
    with _existing(path).open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise EngineError(
            f"{path} is missing: an engine needs {MODEL} and {VOCABULARY}"
        )
    return path
