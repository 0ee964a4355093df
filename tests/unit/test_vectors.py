"""Sentence vectors: the tokenizer, the carried weights, and what vectors mean."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from bot import vectors
from bot.vectors import Engine, EngineError, load_engine
from bot.vectors.store import pack, unpack, unpack_many
from bot.vectors.weights import MAX_TOKENS, read_folder, read_minilm
from bot.vectors.wordpiece import WordPiece
from tests.tiny_engine import TINY_MODEL, TINY_PIECES, write_tiny

MINILM = Path(vectors.__file__).with_name("minilm")
PIECES = [
    *("[PAD]", "[UNK]", "[CLS]", "[SEP]"),
    *(
        "cafe",
        "pod",
        "##s",
        "k",
        "##8",
        "!",
        "?",
        "中",
        "文",
        "\u03c3\u03b1\u03c3",
        "the",
        "\u0131",
    ),
]
CLS, SEP = 2, 3


@pytest.fixture(scope="module")
def minilm() -> Engine:
    return _load("minilm")


@pytest.fixture(scope="module")
def words() -> WordPiece:
    return WordPiece(PIECES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as one exported by hand: a model and its vocabulary, no more."""
    for name in ("model.onnx", "vocab.txt"):
        (tmp_path / name).symlink_to(MINILM / name)
    return tmp_path


def _load(name: str, *, threads: int = 1) -> Engine:
    engine = load_engine(name, threads=threads)
    assert engine is not None
    return engine


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [], id="empty"),
        pytest.param(" \t\n\u3000\u2028 ", [], id="only spaces"),
        pytest.param("\x00\x07\u200b\ufffd\ue000", [], id="only invisible"),
        pytest.param("the pods", ["the", "pod", "##s"], id="pieces of a word"),
        pytest.param("THE PODS", ["the", "pod", "##s"], id="capitals"),
        pytest.param("Café cafe\u0301", ["cafe", "cafe"], id="accents"),
        pytest.param(
            "\u03a3\u0391\u03a3", ["\u03c3\u03b1\u03c3"], id="one small sigma"
        ),
        pytest.param("\u0131", ["\u0131"], id="dotless i keeps its letter"),
        pytest.param("中文", ["中", "文"], id="ideographs stand alone"),
        pytest.param("pod中the", ["pod", "中", "the"], id="ideograph inside"),
        pytest.param("the!?pod", ["the", "!", "?", "pod"], id="punctuation"),
        pytest.param("the…pod", ["the", "[UNK]", "pod"], id="punctuation unknown"),
        pytest.param("the\x85po\x0bd", ["[UNK]"], id="control characters join"),
        pytest.param("th\x07e po\u200bd", ["the", "pod"], id="invisible inside"),
        pytest.param("k8s", ["k", "##8", "##s"], id="letters and digits"),
        pytest.param("🎉 pod👩\u200d💻", ["[UNK]", "[UNK]"], id="emoji"),
        pytest.param("podx", ["[UNK]"], id="unknown ending spoils the word"),
        pytest.param("pod" + "s" * 97, ["pod", *["##s"] * 97], id="100 letters"),
        pytest.param("pod" + "s" * 98, ["[UNK]"], id="101 letters"),
        pytest.param("[SEP] the", ["[UNK]"] * 3 + ["the"], id="marks are only text"),
    ],
)
def test_a_text_becomes_the_pieces_that_bert_reads(
    words: WordPiece, text: str, expected: list[str]
) -> None:
    numbers = words.encode(text, 1_000)

    assert numbers == [CLS, *(PIECES.index(piece) for piece in expected), SEP]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        pytest.param("the " * 6, 8, id="just fits"),
        pytest.param("the " * 7, 8, id="one too many"),
        pytest.param("the " * 10_000, 8, id="40,000 characters in words"),
        pytest.param("中" * 40_000, 8, id="40,000 characters in one"),
    ],
)
def test_a_text_is_cut_and_still_ends_properly(
    words: WordPiece, text: str, length: int
) -> None:
    numbers = words.encode(text, 8)

    assert len(numbers) == length
    assert (numbers[0], numbers[-1]) == (CLS, SEP)


def test_a_cased_vocabulary_keeps_capitals_and_accents() -> None:
    words = WordPiece(["[CLS]", "[SEP]", "[UNK]", "Café", "The"], lowercase=False)

    assert words.encode("The Café cafe", 9) == [0, 4, 3, 2, 1]


def test_rows_are_of_unit_length_and_named(minilm: Engine) -> None:
    rows = minilm.embed(["How do I rotate a key?", "ok", "🎉", "x" * 40_000])

    assert rows.shape == (4, minilm.dimensions) == (4, 384)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert minilm.model.startswith("minilm-l6-v2-int8:")
    assert len(minilm.model) <= 64


def test_a_text_that_says_nothing_is_like_nothing(minilm: Engine) -> None:
    rows = minilm.embed(["", " \n", "\u200b", "hello"])

    assert np.abs(rows).sum(axis=1).astype(bool).tolist() == [False] * 3 + [True]


def test_no_texts_give_no_rows(minilm: Engine) -> None:
    assert minilm.embed([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        pytest.param(
            "Who can help me with k8s ingress?",
            "our kubernetes ingress returns 502",
            "my favourite pasta recipe has sage and butter",
            id="another name for it",
        ),
        pytest.param(
            "How do I get the invoice of last month?",
            "where can I download a bill from March",
            "how do I get a desk near the window",
            id="other words for it",
        ),
        pytest.param(
            "tests are flaky on the build server",
            "CI fails at random, then passes when rerun",
            "the build of our new office starts in May",
            id="the sense, not the word",
        ),
    ],
)
def test_what_means_the_same_is_nearer(
    minilm: Engine, text: str, near: str, far: str
) -> None:
    said, same, other = minilm.embed([text, near, far])

    assert said @ same > said @ other + 0.1


@pytest.mark.parametrize("threads", [1, 2])
def test_neighbours_never_change_a_vector(minilm: Engine, threads: int) -> None:
    engine = _load("minilm", threads=threads)
    # Loud company: code, capitals and repeats have the largest numbers inside.
    company = ["!!!! ERROR ERROR 0xFFFF }}}}", "the the the the the the the"]
    texts = [
        *company * 40,
        *(f"How do I rotate key {n} of our payment service?" for n in range(90)),
    ]

    together = engine.embed(texts)
    turned = engine.embed(texts[::-1])[::-1]
    alone = np.vstack([minilm.embed([text]) for text in texts])

    assert np.abs(together - alone).max() < 1e-6
    assert np.abs(turned - alone).max() < 1e-6


def test_the_same_text_has_the_same_vector_after_a_restart(minilm: Engine) -> None:
    texts = ["Where do we keep the style guide?", "and who reviews it?"]

    again = _load("minilm")

    assert again.model == minilm.model
    assert np.array_equal(again.embed(texts), minilm.embed(texts))


def test_only_the_beginning_of_a_long_text_counts(minilm: Engine) -> None:
    beginning = "printer " * (MAX_TOKENS - 2)

    long, short = minilm.embed([beginning + "budget " * 50, beginning])

    assert np.array_equal(long, short)


@pytest.mark.parametrize("name", ["model.onnx", "vocab.txt"])
def test_changed_weights_are_refused(tmp_path: Path, name: str) -> None:
    copy = tmp_path / "minilm"
    shutil.copytree(MINILM, copy)
    content = bytearray((copy / name).read_bytes())
    content[-1] ^= 1
    (copy / name).write_bytes(content)

    with pytest.raises(EngineError) as refused:
        read_minilm(copy)

    assert str(copy / name) in str(refused.value)
    assert "python -m bot.vectors.build" in str(refused.value)


def test_missing_weights_are_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"SHA256\.json is missing"):
        read_minilm(tmp_path)


def test_no_engine_is_a_choice() -> None:
    assert load_engine("none") is None


@pytest.mark.parametrize("name", ["", "minilm2", "onnx", "onnx:", "MINILM"])
def test_an_unknown_engine_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(EngineError, match='use "minilm", "none" or "onnx:FOLDER"'):
        load_engine(name)


def test_a_folder_of_ones_own_is_an_engine(minilm: Engine, folder: Path) -> None:
    engine = _load(f"onnx:{folder}")

    rows = engine.embed(["who knows Terraform?", ""])

    assert np.abs(rows - minilm.embed(["who knows Terraform?", ""])).max() < 1e-6
    assert engine.model.startswith(f"onnx:{folder.name[:40]}:")
    assert len(engine.model) <= 64


@pytest.mark.parametrize("missing", ["model.onnx", "vocab.txt"])
def test_a_folder_without_a_file_is_refused(folder: Path, missing: str) -> None:
    (folder / missing).unlink()

    with pytest.raises(EngineError, match=f"{missing} is missing"):
        load_engine(f"onnx:{folder}")


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        pytest.param("model.onnx", b"no model", "is not a model", id="no model"),
        pytest.param("vocab.txt", b"a\nb\n", "is not a BERT vocabulary", id="words"),
        pytest.param("vocab.txt", b"\xff\xfe", "is not a BERT vocabulary", id="bytes"),
        pytest.param("tokenizer_config.json", b"{", "is not JSON", id="settings"),
    ],
)
def test_a_folder_with_an_unreadable_file_is_refused(
    folder: Path, name: str, content: bytes, complaint: str
) -> None:
    (folder / name).unlink(missing_ok=True)
    (folder / name).write_bytes(content)

    with pytest.raises(EngineError, match=complaint):
        load_engine(f"onnx:{folder}")


@pytest.mark.parametrize(
    ("modes", "pooling"),
    [
        pytest.param({"mean_tokens": True, "cls_token": False}, "mean", id="mean"),
        pytest.param({"mean_tokens": False, "cls_token": True}, "cls", id="first"),
    ],
)
def test_a_folder_says_how_it_pools(
    folder: Path, modes: dict[str, bool], pooling: str
) -> None:
    _write_pooling(folder, modes)

    assert read_folder(folder).pooling == pooling


def test_pooling_that_we_cannot_do_is_refused(folder: Path) -> None:
    _write_pooling(folder, {"max_tokens": True})

    with pytest.raises(EngineError, match="pooling_mode_max_tokens"):
        read_folder(folder)


@pytest.mark.parametrize(
    ("mode", "summed"),
    [
        pytest.param("mean_tokens", (0 + 0 + 3, 1 + 2 + 4), id="mean"),
        pytest.param("cls_token", (0, 1), id="first"),
    ],
)
def test_a_vector_for_each_token_is_pooled(
    tmp_path: Path, mode: str, summed: tuple[int, int]
) -> None:
    write_tiny(tmp_path)
    _write_pooling(tmp_path, {mode: True})

    engine = _load(f"onnx:{tmp_path}")
    rows = engine.embed(["key"])  # [CLS], key, [SEP]: rows 1, 3 and 2 of the table

    assert engine.dimensions == 2
    assert rows[0] == pytest.approx(np.array(summed) / np.hypot(*summed))


@pytest.mark.parametrize(
    ("model", "pieces"),
    [
        pytest.param(
            TINY_MODEL.replace(b"input_ids", b"pixel_ids"), TINY_PIECES, id="an input"
        ),
        pytest.param(TINY_MODEL, [*TINY_PIECES, "seventh"], id="a longer vocabulary"),
    ],
)
def test_a_model_that_does_not_take_the_numbers_is_refused(
    tmp_path: Path, model: bytes, pieces: list[str]
) -> None:
    write_tiny(tmp_path, model, pieces)

    with pytest.raises(EngineError, match="does not turn 128 numbers"):
        load_engine(f"onnx:{tmp_path}")


def test_settings_that_change_vectors_change_the_name(folder: Path) -> None:
    plain = read_folder(folder)
    (folder / "tokenizer_config.json").write_text('{"do_lower_case": false}')
    cased = read_folder(folder)
    _write_pooling(folder, {"cls_token": True})
    by_first = read_folder(folder)

    assert (plain.lowercase, cased.lowercase) == (True, False)
    assert len({plain.model, cased.model, by_first.model}) == 3


def test_settings_that_are_no_table_are_passed_over(folder: Path) -> None:
    (folder / "tokenizer_config.json").write_text("[]")

    assert read_folder(folder).lowercase


def _write_pooling(folder: Path, modes: dict[str, bool]) -> None:
    (folder / "1_Pooling").mkdir(exist_ok=True)
    settings = {f"pooling_mode_{name}": on for name, on in modes.items()}
    (folder / "1_Pooling" / "config.json").write_text(json.dumps(settings))


def _some_vectors() -> NDArray[np.float32]:
    rows = np.random.default_rng(4).standard_normal((50, 384)).astype(np.float32)
    rows[0, 0] = 60  # one number far above the others takes most of the steps
    unit: NDArray[np.float32] = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


def test_a_packed_vector_comes_back_almost_the_same() -> None:
    rows = _some_vectors()

    packed = [pack(row) for row in rows]
    back = unpack_many(packed)

    cosines = (back * rows).sum(axis=1) / np.linalg.norm(back, axis=1)
    assert {len(each) for each in packed} == {4 + 384}
    assert back.dtype == np.float32
    assert cosines[0] > 0.98
    assert cosines[1:].min() > 0.9999
    assert np.linalg.norm(back[1:], axis=1) == pytest.approx(1, abs=1e-2)
    assert np.array_equal(unpack(packed[7]), back[7])


def test_bytes_mean_the_same_on_every_machine() -> None:
    packed = pack(np.array([1.27, -1.27, 0.0, 0.01], np.float32))

    assert packed == b"\x0a\xd7\x23\x3c" + bytes([127, 0x81, 0, 1])


def test_a_vector_of_zeros_stays_zeros() -> None:
    assert unpack(pack(np.zeros(5, np.float32))).tolist() == [0] * 5


def test_nothing_unpacks_to_an_empty_matrix() -> None:
    assert unpack_many([]).shape == (0, 0)


def test_vectors_of_two_lengths_are_not_mixed() -> None:
    packed = [pack(np.ones(3, np.float32)), pack(np.ones(4, np.float32))]

    with pytest.raises(ValueError, match="different lengths"):
        unpack_many(packed)
