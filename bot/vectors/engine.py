"""Which engine a setting names, and what every engine can do."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.errors import GrapevineError

DEFAULT = "minilm"
NONE = "none"
_FOLDER = "onnx:"


class EngineError(GrapevineError):
    """The engine of sentence vectors cannot be used; the message says the fix."""


class Engine(Protocol):
    """Turns texts into vectors whose dot product says how alike they are."""

    @property
    def model(self) -> str:
        """Weights, pooling, truncation and tokenizer in one name.

        At most 64 characters; stored beside each vector.
        """
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Embed each text by itself; its neighbours never change its vector.

        Returns:
            Unit rows in the order of `texts` (n x dimensions); a text without
            a word to read gets a row of zeros, which is like nothing.
        """
        ...


def load_engine(name: str, *, threads: int = 1) -> Engine | None:
    """Load the engine that a setting names.

    Args:
        name: "minilm" (carried in the package), "none", or "onnx:FOLDER" for
            a folder with a sentence-transformer as model.onnx and vocab.txt.
        threads: How many texts to embed at a time.

    Returns:
        None for "none": what reads vectors then does without.

    Raises:
        EngineError: No engine is called that, or its files are not usable.
    """
    if name == NONE:
        return None
    # Reading onnxruntime takes 20 MB and 0.1 s, which "none" need not pay.
    from bot.vectors.onnx_engine import OnnxEngine  # noqa: PLC0415
    from bot.vectors.weights import read_folder, read_minilm  # noqa: PLC0415

    if name == DEFAULT:
        return OnnxEngine(read_minilm(), threads=threads)
    if name.startswith(_FOLDER) and len(name) > len(_FOLDER):
        folder = Path(name.removeprefix(_FOLDER)).expanduser()
        return OnnxEngine(read_folder(folder), threads=threads)
    raise EngineError(
        f"No engine of sentence vectors is called {name!r}:"
        ' use "minilm", "none" or "onnx:FOLDER"'
    )
