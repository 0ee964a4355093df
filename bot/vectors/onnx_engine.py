"""Sentence vectors from an ONNX model, on this machine's own processor."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as ort_errors

from bot.vectors.engine import EngineError
from bot.vectors.weights import MAX_TOKENS, MODEL, VOCABULARY, Weights
from bot.vectors.wordpiece import WordPiece

Floats = NDArray[np.float32]

_MARKS = 2  # [CLS] and [SEP]: a text of only these says nothing
_ROWS_AND_TOKENS = 3  # axes of an output with a vector for each token
_ERRORS_ONLY = 3
_UNREADABLE = (
    ort_errors.Fail,
    ort_errors.InvalidArgument,
    ort_errors.InvalidGraph,
    ort_errors.InvalidProtobuf,
    ort_errors.NotImplemented,
    ort_errors.RuntimeException,
)


class OnnxEngine:
    """An `Engine`; safe to share between threads.

    Texts of the same number of tokens run together, so nothing is padded.

    Args:
        weights: Files to load; they were checked by whoever read them.
        threads: Batches embedded side by side. One thread a batch: short texts
            gain little from sharing one (1.1 times) and much from this.

    Raises:
        EngineError: The files are not a model and its vocabulary.
    """

    def __init__(self, weights: Weights, *, threads: int = 1) -> None:
        self._weights = weights
        self._threads = threads
        self._tokens = _read_vocabulary(weights)
        self._session = _open_session(weights)
        self._wanted = {each.name for each in self._session.get_inputs()}
        self._dimensions = self._measure()

    @property
    def model(self) -> str:
        """Name of the weights, stored beside each vector."""
        return self._weights.model

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Floats:
        """Embed each text by itself; see `Engine`."""
        numbers = [self._tokens.encode(text, MAX_TOKENS) for text in texts]
        rows = np.zeros((len(texts), self._dimensions), np.float32)

        def fill(batch: list[int]) -> None:
            rows[batch] = self._run(np.array([numbers[i] for i in batch], np.int64))

        batches = list(_batches(numbers, self._weights.batch_tokens))
        if self._threads > 1 and len(batches) > 1:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(fill, batches))
        else:
            for batch in batches:
                fill(batch)
        return rows

    def _run(self, numbers: NDArray[np.int64]) -> Floats:
        inputs = {
            "input_ids": numbers,
            "attention_mask": np.ones_like(numbers),
            "token_type_ids": np.zeros_like(numbers),
        }
        asked = {name: inputs[name] for name in self._wanted}
        found: Floats = self._session.run(None, asked)[0]
        if found.ndim == _ROWS_AND_TOKENS:
            by_first = self._weights.pooling == "cls"
            found = found[:, 0] if by_first else found.mean(axis=1)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        unit: Floats = found / np.maximum(lengths, np.finfo(np.float32).tiny)
        return unit

    def _measure(self) -> int:
        """Run the longest text of the highest number: does the model take it?"""
        longest = np.full((1, MAX_TOKENS), len(self._tokens) - 1, np.int64)
        try:
            return int(self._run(longest).shape[1])
        except (KeyError, *_UNREADABLE) as error:
            raise EngineError(
                f"{self._weights.folder / MODEL} does not turn {MAX_TOKENS} numbers"
                f" of {VOCABULARY} into vectors: {_line(error)}"
            ) from error


def _batches(numbers: list[list[int]], most_tokens: int) -> Iterator[list[int]]:
    """Group texts of one length, as row numbers; texts that say nothing stay out."""
    said = [i for i, each in enumerate(numbers) if len(each) > _MARKS]
    said.sort(key=lambda i: len(numbers[i]))
    for length, same in groupby(said, key=lambda i: len(numbers[i])):
        rows = list(same)
        step = max(1, most_tokens // length)
        yield from (rows[at : at + step] for at in range(0, len(rows), step))


def _read_vocabulary(weights: Weights) -> WordPiece:
    path = weights.folder / VOCABULARY
    try:
        pieces = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        return WordPiece(pieces, lowercase=weights.lowercase)
    except (UnicodeDecodeError, KeyError) as error:
        raise EngineError(f"{path} is not a BERT vocabulary: {error}") from error


def _open_session(weights: Weights) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # Texts differ in length; a plan kept for each length grows without end.
    options.enable_mem_pattern = False
    path = weights.folder / MODEL
    try:
        return onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
    except _UNREADABLE as error:
        raise EngineError(f"{path} is not a model: {_line(error)}") from error


def _line(error: Exception) -> str:
    return " ".join(str(error).split())
