"""How much memory a model needs: its weights, its context, and the engine around them.

Arithmetic on a model's shape, checked against local models as measured (`tests/candidates/
test_fit.py`): no estimate there is off by more than a tenth. Of a file everything is known; of a
bare number of parameters the shape is that of the published model nearest in size.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import log, prod
from pathlib import Path
from typing import Final

import msgspec

from visavis.candidates.gguf import GgufHeader
from visavis.core.errors import OptionError
from visavis.core.registry import unknown

_GIB: Final = 1 << 30
_BYTES: Final = {"F32": 4.0, "F16": 2.0, "BF16": 2.0, "FP8": 1.0, "INT8": 1.0, "INT4": 0.5}
"""Bytes a parameter, where every one is stored alike."""

KV_BYTES: Final[Mapping[str, float]] = {"f32": 4.0, "f16": 2.0, "q8_0": 34 / 32, "q4_0": 18 / 32}
"""Bytes a number of the KV cache, by its type; the quantised ones store a scale per 32."""

_BATCH: Final = 512
"""Tokens of a prompt that the engine computes together: so much room its activations take."""
_LEAST_SLOT: Final = 512
"""Tokens; where not even these fit, the engine says so."""
_PROCESS_BYTES: Final = 36_000_000
"""Of the process that holds the engine and its libraries, before it holds a model. Measured."""
_WORD_BYTES: Final = {"gpt2": 480, "llama": 275}
"""Of each word of the vocabulary in the engine's memory, by kind of tokenizer: a byte-pair one has
its merges beside it. Measured."""
_REPACKED: Final = frozenset({"Q4_0", "Q4_K", "IQ4_NL"})
"""Tensor types of which the engine, computing on a processor with AVX2, keeps a second copy, laid
out for its instructions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What of a model decides its memory."""

    name: str
    parameters: int
    layers: int
    kv_heads: int
    head: int
    """Numbers in one head's key, and in its value."""
    hidden: int
    feed_forward: int
    vocabulary: int
    window: int = 0
    """Tokens of a sliding attention window; 0 where every layer attends to all."""
    full_every: int = 1
    """Of so many layers, one attends to all in spite of the window."""

    def kv_bytes(self, tokens: int, each: float) -> float:
        """The KV cache of one stream with a context of `tokens`; `each` number takes so much."""
        full = -(-self.layers // self.full_every) if self.window else self.layers
        seen = min(tokens, self.window + _BATCH) if self.window else tokens
        return 2 * self.kv_heads * self.head * each * (full * tokens + (self.layers - full) * seen)

    @property
    def activation_bytes(self) -> float:
        """Intermediate results of one batch, in 32 bits."""
        return 4.0 * _BATCH * (2 * self.feed_forward + 4 * self.hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """Something to run a model on."""

    name: str
    bytes: int
    usable: float
    """Share of its memory that is left for a model."""

    def holds(self, needed: float) -> bool:
        return needed <= self.bytes * self.usable


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """Memory in bytes, part by part."""

    shape: Shape
    parameters: float
    quantisation: str
    weights: float
    kv_cache: float
    engine: float
    """The process, its vocabulary and intermediate results."""
    second_copy: float
    """Weights laid out anew for the processor, beside the file's pages. The system may drop those
    pages, so that a machine can do without as much; a GPU keeps no second copy."""
    assumed: str
    """What had to be assumed, in one sentence; empty where the file says all."""

    @property
    def total(self) -> float:
        """What a process was measured to hold at its peak."""
        return self.least + self.second_copy

    @property
    def least(self) -> float:
        """What a machine must have."""
        return self.weights + self.kv_cache + self.engine


class _Tables(msgspec.Struct):
    as_of: str
    shapes: tuple[Shape, ...]
    quantised_gib: dict[str, float]
    machines: tuple[Machine, ...]


@cache
def _tables() -> _Tables:
    text = Path(__file__).with_name("shapes.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), _Tables)


def machines() -> tuple[Machine, ...]:
    """Common machines, smallest kind first."""
    return _tables().machines


def quantisations() -> tuple[str, ...]:
    """Ways to store weights whose size is known for any model, smallest last."""
    return (*_BYTES, *sorted(_tables().quantised_gib, reverse=True))


def need_of_size(
    parameters: float, quantisation: str, *, tokens: int, streams: int, kv: str
) -> Need:
    """Of a model of which no more is known than how many parameters it has."""
    shape = _nearest(parameters)
    per_parameter = _bytes_each(quantisation)
    return Need(
        shape=shape,
        parameters=parameters,
        quantisation=quantisation.upper(),
        weights=parameters * per_parameter,
        kv_cache=streams * shape.kv_bytes(tokens, _kv_bytes(kv)),
        engine=_engine_bytes(shape, "gpt2"),
        second_copy=0.0,
        assumed=(
            f"context and activations as of {shape.name}, the nearest published shape "
            f"({shape.layers} layers, {shape.kv_heads} KV heads of {shape.head})"
        ),
    )


def need_of_file(header: GgufHeader, *, tokens: int, streams: int, kv: str) -> Need:
    """Of a GGUF file under the local engine."""
    shape = shape_of(header)
    inner = (place for name, place in header.tensors.items() if name != "token_embd.weight")
    second = sum(place.bytes for place in inner if _is_repacked(place.kind, place.shape))
    return Need(
        shape=shape,
        parameters=header.parameters,
        quantisation=header.quantisation,
        weights=header.file_bytes,
        kv_cache=streams * shape.kv_bytes(tokens, _kv_bytes(kv)),
        engine=_engine_bytes(shape, str(header.values.get("tokenizer.ggml.model", "gpt2"))),
        second_copy=second,
        assumed="",
    )


def slot_within(header: GgufHeader, free_bytes: float, *, wanted: int, streams: int) -> int:
    """Tokens that each stream can hold: those wanted, halved until all fits into so much memory."""
    tokens = wanted
    while tokens > _LEAST_SLOT:
        if need_of_file(header, tokens=tokens, streams=streams, kv="f16").total <= free_bytes:
            break
        tokens //= 2
    return tokens


def shape_of(header: GgufHeader) -> Shape:
    """What a file's header says of its model's shape."""

    def number(key: str, default: float = 0) -> int:
        return int(header.values.get(f"{header.architecture}.{key}", default) or default)

    heads, hidden = number("attention.head_count", 1), number("embedding_length")
    window = number("attention.sliding_window")
    embedding = header.tensors.get("token_embd.weight")
    return Shape(
        name=header.name or header.architecture,
        parameters=header.parameters,
        layers=number("block_count"),
        kv_heads=number("attention.head_count_kv", heads),
        head=number("attention.key_length", hidden // heads),
        hidden=hidden,
        feed_forward=number("feed_forward_length"),
        vocabulary=embedding.shape[0] if embedding else 0,
        window=window,
        full_every=_GEMMA_3 if window and header.architecture == "gemma3" else 1,
    )


_GEMMA_3: Final = 6
"""Gemma 3 attends to all in every sixth layer (Gemma Team 2025, arXiv 2503.19786)."""


def _is_repacked(kind: str, shape: tuple[int, ...]) -> bool:
    return kind in _REPACKED and len(shape) == 2 and shape[0] % 8 == 0 and prod(shape) > 0


def _engine_bytes(shape: Shape, tokenizer: str) -> float:
    words = _WORD_BYTES.get(tokenizer, _WORD_BYTES["gpt2"]) * shape.vocabulary
    return _PROCESS_BYTES + words + shape.activation_bytes


def _nearest(parameters: float) -> Shape:
    return min(_tables().shapes, key=lambda shape: abs(log(shape.parameters / parameters)))


def _bytes_each(quantisation: str) -> float:
    name = quantisation.upper()
    whole = _BYTES.get(name)
    if whole is not None:
        return whole
    gib = _tables().quantised_gib.get(name)
    if gib is None:
        raise unknown("quantisation", quantisation, quantisations())
    (measured,) = (shape for shape in _tables().shapes if shape.name == "llama-3.1-8b")
    return gib * _GIB / measured.parameters


def _kv_bytes(kv: str) -> float:
    if kv not in KV_BYTES:
        raise unknown("type of KV cache", kv, KV_BYTES)
    return KV_BYTES[kv]


def parameters_in(text: str) -> float | None:
    """`8B`, `1.5b`, `135M` as a number of parameters; None where it is no such text."""
    number, unit = text[:-1], text[-1:].upper()
    scale = {"M": 1e6, "B": 1e9, "T": 1e12}.get(unit)
    try:
        size = float(number) if scale else 0.0
    except ValueError:
        return None
    if scale is None:
        return None
    if not 0 < size * scale < 1e15:
        raise OptionError(f"{text!r} is no number of parameters; write one such as '8B'")
    return size * scale
