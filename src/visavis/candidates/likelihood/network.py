"""The networks that can be computed here: Llama and its kin, from a GGUF file, in float32.

They differ in two details only: Qwen2 adds a bias to queries, keys and values, Qwen3 normalises
queries and keys. Tensor names and layouts: llama.cpp's gguf-py/gguf/constants.py.
"""

import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from math import prod
from pathlib import Path
from typing import Final

import numpy as np

from visavis.candidates.gguf import GgufHeader, TensorPlace
from visavis.candidates.likelihood.dequantise import KNOWN, Bytes, Floats, dequantise

_ARCHITECTURES: Final = frozenset({"llama", "qwen2", "qwen3"})
_INTERLEAVED: Final = frozenset({"llama"})
"""Rotates neighbours, where the others rotate the two halves of a head."""
_PARTS: Final = re.compile(
    r"(token_embd|output|output_norm|rope_freqs)\.weight|"
    r"blk\.\d+\.((attn_norm|attn_[qkv]|attn_[qk]_norm|attn_output|ffn_norm|ffn_gate|ffn_up|ffn_down)"
    r"\.weight|attn_[qkv]\.bias)"
)
"""Every tensor that we know what to do with: a file with another one is another network."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a network."""

    layers: int
    width: int
    heads: int
    key_heads: int
    """Heads of keys and values, each shared by `heads / key_heads` heads of queries."""
    head_width: int
    epsilon: float
    rope_base: float


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. Matrices are stored as [out, in]; those of one input are joined."""

    attention_norm: Floats
    query_key_value: Floats
    bias: Floats | None
    query_norm: Floats | None
    key_norm: Floats | None
    mix: Floats
    feed_norm: Floats
    gate_up: Floats
    down: Floats


@dataclass(frozen=True, slots=True)
class Network:
    """A whole network, ready to compute with."""

    shape: Shape
    embed: Callable[[Sequence[int]], Floats]
    """The rows of these tokens."""
    layers: tuple[Layer, ...]
    norm: Floats
    output: Floats
    rope: Floats
    """Angle by which each pair of a head turns from one position to the next."""


def why_not(header: GgufHeader) -> str | None:
    """Why this file's network cannot be computed here; None when it can."""
    if header.architecture not in _ARCHITECTURES:
        return f"its architecture is {header.architecture}"
    odd = next((name for name in header.tensors if not _PARTS.fullmatch(name)), None)
    if odd is not None:
        return f"it has a tensor {odd[:40]!r}"
    kinds = {place.kind for place in header.tensors.values()} - KNOWN
    if kinds:
        return f"it is stored as {min(kinds)}"
    scaling = header.values.get(f"{header.architecture}.rope.scaling.type", "none")
    if scaling != "none":
        return f"its positions are scaled ({scaling!s:.20})"
    try:
        width = shape_of(header).head_width
    except ValueError as error:
        return str(error)
    turned = header.values.get(f"{header.architecture}.rope.dimension_count", width)
    return None if turned == width else "it turns a part of each head only"


def float32_bytes(header: GgufHeader) -> int:
    """Memory of the weights once they are float32. Rows of the input are unpacked as needed."""
    looked_up = {"token_embd.weight"} - {_output(header)}
    used = (place for name, place in header.tensors.items() if name not in looked_up)
    return 4 * sum(prod(place.shape) for place in used)


def _output(header: GgufHeader) -> str:
    """The output matrix; many networks use that of the input."""
    return "output.weight" if "output.weight" in header.tensors else "token_embd.weight"


def shape_of(header: GgufHeader) -> Shape:
    def number(name: str, default: float | None = None) -> float:
        value = header.values.get(f"{header.architecture}.{name}", default)
        if not isinstance(value, int | float):
            raise ValueError(f"the file does not say its {name}")
        return value

    width, heads = int(number("embedding_length")), int(number("attention.head_count"))
    return Shape(
        layers=int(number("block_count")),
        width=width,
        heads=heads,
        key_heads=int(number("attention.head_count_kv", heads)),
        head_width=int(number("attention.key_length", width // heads)),
        epsilon=number("attention.layer_norm_rms_epsilon"),
        rope_base=number("rope.freq_base", 10_000.0),
    )


def load(file: Path, header: GgufHeader, pool: ThreadPoolExecutor) -> Network:
    """The network in a file for which `why_not` knows no reason."""
    tensors, shape = _Tensors(file, header), shape_of(header)
    turn = header.architecture in _INTERLEAVED
    output = pool.submit(tensors.joined, _output(header))
    layers = pool.map(lambda number: _layer(tensors, number, shape, turn), range(shape.layers))
    return Network(
        shape=shape,
        embed=partial(tensors.rows, "token_embd.weight"),
        layers=tuple(layers),
        norm=tensors.joined("output_norm.weight"),
        output=output.result(),
        rope=_rope(shape, tensors.maybe("rope_freqs.weight")),
    )


class _Tensors:
    """The tensors of a file by name, as float32."""

    def __init__(self, file: Path, header: GgufHeader) -> None:
        self._raw = np.memmap(file, np.uint8, mode="r")
        self._places = header.tensors

    def joined(self, *names: str) -> Floats:
        """Tensors of one width under one another."""
        places = [self._places[name] for name in names]
        whole = np.empty((sum(place.shape[0] for place in places), *places[0].shape[1:]), "<f4")
        row = 0
        for place in places:
            dequantise(self._stored(place), place.kind, whole[row : row + place.shape[0]])
            row += place.shape[0]
        return whole

    def maybe(self, *names: str) -> Floats | None:
        """The same, where the file has the first of them."""
        return self.joined(*names) if names[0] in self._places else None

    def rows(self, name: str, wanted: Sequence[int]) -> Floats:
        """Some rows of a matrix, unpacked when they are asked for."""
        place = self._places[name]
        stored = self._stored(place).reshape(place.shape[0], -1)[np.array(wanted, np.intp)]
        rows = np.empty((len(wanted), *place.shape[1:]), np.float32)
        dequantise(stored, place.kind, rows)
        return rows

    def _stored(self, place: TensorPlace) -> Bytes:
        return self._raw[place.start : place.start + place.bytes]


def _layer(tensors: _Tensors, number: int, shape: Shape, turn: bool) -> Layer:
    at = f"blk.{number}."
    inputs = tensors.joined(f"{at}attn_q.weight", f"{at}attn_k.weight", f"{at}attn_v.weight")
    if turn:
        turned = (shape.heads + shape.key_heads) * shape.head_width
        inputs[:turned] = _halved(inputs[:turned], shape.heads + shape.key_heads)
    return Layer(
        attention_norm=tensors.joined(f"{at}attn_norm.weight"),
        query_key_value=inputs,
        bias=tensors.maybe(f"{at}attn_q.bias", f"{at}attn_k.bias", f"{at}attn_v.bias"),
        query_norm=tensors.maybe(f"{at}attn_q_norm.weight"),
        key_norm=tensors.maybe(f"{at}attn_k_norm.weight"),
        mix=tensors.joined(f"{at}attn_output.weight"),
        feed_norm=tensors.joined(f"{at}ffn_norm.weight"),
        gate_up=tensors.joined(f"{at}ffn_gate.weight", f"{at}ffn_up.weight"),
        down=tensors.joined(f"{at}ffn_down.weight"),
    )


def _halved(weight: Floats, heads: int) -> Floats:
    """Reorders each head's outputs so that pairs of neighbours become pairs across its halves.
    Queries and keys are reordered alike, so their products stay."""
    pairs = weight.reshape(heads, -1, 2, weight.shape[-1])
    return pairs.swapaxes(1, 2).reshape(weight.shape)


def _rope(shape: Shape, factors: Floats | None) -> Floats:
    """Su et al., RoFormer, arXiv:2104.09864; Llama 3.1 divides each frequency by a factor."""
    pairs = np.arange(0, shape.head_width, 2) / shape.head_width
    angles = shape.rope_base**-pairs
    return (angles if factors is None else angles / factors).astype(np.float32)
