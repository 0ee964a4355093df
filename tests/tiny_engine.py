"""An engine of six words and two dimensions, as files."""

from base64 import b64decode
from pathlib import Path

# An ONNX model of one Gather: token n becomes row n of
# [[0, 0], [0, 1], [3, 4], [0, 2], [4, 3], [1, 0]].
TINY_MODEL = b64decode(
    "CAk6lQEKGQoBdAoJaW5wdXRfaWRzEgFoIgZHYXRoZXISAWcqOwgGCAIQAUIBdEowAAAAAAAA"
    "AAAAAAAAAACAPwAAQEAAAIBAAAAAAAAAAEAAAIBAAABAQAAAgD8AAAAAWh0KCWlucHV0X2lk"
    "cxIQCg4IBxIKCgMSAW4KAxIBa2IZCgFoEhQKEggBEg4KAxIBbgoDEgFrCgIIAkIECgAQEQ=="
)
TINY_PIECES = ["[UNK]", "[CLS]", "[SEP]", "key", "pod", "ci"]


def write_tiny(
    folder: Path, model: bytes = TINY_MODEL, pieces: list[str] = TINY_PIECES
) -> None:
    """Write its model and vocabulary."""
    (folder / "model.onnx").write_bytes(model)
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n")
