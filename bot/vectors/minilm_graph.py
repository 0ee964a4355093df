"""all-MiniLM-L6-v2 as an ONNX graph whose products are of eight-bit integers.

Two choices differ from the usual dynamic quantisation of a whole tensor. Each
token is scaled by its own largest number, so a message's vector does not
depend on what it was batched with. And weights have seven bits: processors
without VNNI add pairs of products in 16 bits, where 255 * 64 * 2 still fits and
255 * 127 * 2 does not; so every processor finds the same integers.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

Floats = NDArray[np.float32]

LAYERS = 6
HEADS = 12
DIMENSIONS = 384
_EPSILON = 1e-12
_WEIGHT_LEVELS = 64
_TABLE_LEVELS = 127  # the table of words is looked up, never multiplied
_TOKEN_LEVELS = 127
_MIDDLE = 128
_OPSET = 17
_IR_VERSION = 9
_FUSED = "com.microsoft"


def to_onnx(weights: dict[str, Floats]) -> bytes:
    """Write the model: `input_ids` (n x tokens) to `sentence_embedding` (n x 384).

    A row is the mean of its tokens, not yet of unit length. There is no mask:
    texts that run together have the same number of tokens.
    """
    return _Graph(weights).write()


class _Graph:
    def __init__(self, weights: dict[str, Floats]) -> None:
        self._weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}
        self._keep("token_scale", np.array(1 / _TOKEN_LEVELS, np.float32))
        self._keep("token_zero", np.array(_MIDDLE, np.uint8))

    def write(self) -> bytes:
        x = self._embeddings()
        for layer in range(LAYERS):
            x = self._layer(x, f"encoder.layer.{layer}.")
        mean = helper.make_node(
            "ReduceMean", [x], ["sentence_embedding"], axes=[1], keepdims=0
        )
        ids = helper.make_tensor_value_info(
            "input_ids", TensorProto.INT64, ["texts", "tokens"]
        )
        rows = helper.make_tensor_value_info(
            "sentence_embedding", TensorProto.FLOAT, ["texts", DIMENSIONS]
        )
        graph = helper.make_graph(
            [*self._nodes, mean], "minilm", [ids], [rows], [*self._constants.values()]
        )
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_FUSED, 1)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION)
        written: bytes = model.SerializeToString(deterministic=True)
        return written

    def _embeddings(self) -> str:
        name = "embeddings."
        table = self._weights[name + "word_embeddings.weight"]
        scales, steps = _quantise(table, _TABLE_LEVELS)
        words = self._add("Gather", [self._keep("words", steps), "input_ids"])
        scale = self._add("Gather", [self._keep("words_scale", scales), "input_ids"])
        x = self._add("Cast", [words], to=TensorProto.FLOAT)
        x = self._add("Mul", [x, scale])
        # Every token has type 0, so its vector is part of the position's.
        places = self._weights[name + "position_embeddings.weight"]
        places = places + self._weights[name + "token_type_embeddings.weight"][0]
        x = self._add("Add", [x, self._first(self._keep("places", places))])
        norm = self._norm(name + "LayerNorm")
        return self._add("LayerNormalization", [x, *norm], epsilon=_EPSILON)

    def _first(self, places: str) -> str:
        zero = self._keep("zero", np.array([0], np.int64))
        tokens = self._add("Shape", ["input_ids"], start=1, end=2)
        return self._add("Slice", [places, zero, tokens, zero])

    def _layer(self, x: str, name: str) -> str:
        parts = [f"{name}attention.self.{part}" for part in ("query", "key", "value")]
        whole = self._steps(x)
        products = [self._product(whole, part) for part in parts]
        biases = np.concatenate([self._weights[f"{part}.bias"] for part in parts])
        mixed = self._add(
            "MultiHeadAttention",
            [*products, self._keep(f"{name}attention.bias", biases)],
            fused=True,
            num_heads=HEADS,
        )
        x = self._joined(mixed, x, f"{name}attention.output")
        wide = self._product(self._steps(x), f"{name}intermediate.dense")
        bias = self._given(f"{name}intermediate.dense.bias")
        wide = self._add("BiasGelu", [wide, bias], fused=True)
        return self._joined(wide, x, f"{name}output")

    def _joined(self, x: str, skipped: str, name: str) -> str:
        """Project, add what was skipped, and bring to one size."""
        out = self._product(self._steps(x), f"{name}.dense")
        bias = self._given(f"{name}.dense.bias")
        return self._add(
            "SkipLayerNormalization",
            [out, skipped, *self._norm(f"{name}.LayerNorm"), bias],
            fused=True,
            epsilon=_EPSILON,
        )

    def _steps(self, x: str) -> tuple[str, str]:
        """Each token as bytes around the middle, and its largest number."""
        largest = self._add("ReduceMax", [self._add("Abs", [x])], axes=[-1], keepdims=1)
        scaled = self._add("Div", [x, largest])
        steps = self._add("QuantizeLinear", [scaled, "token_scale", "token_zero"])
        return steps, largest

    def _product(self, tokens: tuple[str, str], name: str) -> str:
        steps, largest = tokens
        scales, matrix = _quantise(self._weights[f"{name}.weight"], _WEIGHT_LEVELS)
        out = self._add(
            "MatMulIntegerToFloat",
            [
                steps,
                self._keep(f"{name}.steps", matrix.T),
                "token_scale",
                self._keep(f"{name}.scale", scales[:, 0]),
                "token_zero",
                self._keep(f"{name}.zero", np.zeros(len(matrix), np.int8)),
            ],
            fused=True,
        )
        return self._add("Mul", [out, largest])

    def _norm(self, name: str) -> list[str]:
        return [self._given(f"{name}.weight"), self._given(f"{name}.bias")]

    def _given(self, name: str) -> str:
        return self._keep(name, self._weights[name])

    def _keep(self, name: str, values: NDArray[Any]) -> str:
        tensor = numpy_helper.from_array(np.ascontiguousarray(values), name)
        self._constants[name] = tensor
        return name

    def _add(
        self, kind: str, inputs: list[str], *, fused: bool = False, **settings: object
    ) -> str:
        """Append an operation; `fused` ones are onnxruntime's own."""
        out = f"{kind}_{len(self._nodes)}"
        domain = _FUSED if fused else ""
        node = helper.make_node(kind, inputs, [out], domain=domain, **settings)
        self._nodes.append(node)
        return out


def _quantise(rows: Floats, levels: int) -> tuple[Floats, NDArray[np.int8]]:
    """Each row as steps of its own size: scales (n x 1) and steps (n x d)."""
    scales = np.abs(rows).max(axis=1, keepdims=True) / np.float32(levels)
    return scales, np.rint(rows / scales).astype(np.int8)
