"""The networks that can be computed here: Llama and its kin, from a GGUF file, in float32.

They differ in few details: Qwen2 adds a bias to queries, keys and values; Qwen3 and Gemma 3
normalise queries and keys; Gemma 3 also normalises what each part adds, looks back a limited way in
five layers of six, and bends its gates by another curve. Tensor names and layouts: llama.cpp's
gguf-py/gguf/constants.py; Gemma 3: arXiv:2503.19786 and llama.cpp's src/models/gemma3.cpp.
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

_ARCHITECTURES: Final = frozenset({"llama", "qwen2", "qwen3", "gemma3"})
_INTERLEAVED: Final = frozenset({"llama"})
"""Rotates neighbours, where the others rotate the two halves of a head."""
_PARTS: Final = re.compile(
    r"(token_embd|output|output_norm|rope_freqs)\.weight|"
    r"blk\.\d+\.((attn_norm|attn_[qkv]|attn_[qk]_norm|attn_output|post_attention_norm|ffn_norm|ffn_gate"
    r"|ffn_up|ffn_down|post_ffw_norm)\.weight|attn_[qkv]\.bias)"
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


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer. Matrices are stored as [out, in]; those of one input are joined."""

    attention_norm: Floats
    query_key_value: Floats
    bias: Floats | None
    query_norm: Floats | None
    key_norm: Floats | None
    mix: Floats
    mix_norm: Floats | None
    feed_norm: Floats
    gate_up: Floats
    down: Floats
    down_norm: Floats | None
    sight: "Sight"


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What a layer sees of the tokens before."""

    turns: Floats
    """Angle by which each pair of a head turns from one position to the next."""
    window: int | None
    """The nearest tokens, itself included; None for all."""


@dataclass(frozen=True, slots=True)
class Network:
    """A whole network, ready to compute with."""

    shape: Shape
    embed: Callable[[Sequence[int]], Floats]
    """The rows of these tokens."""
    layers: tuple[Layer, ...]
    norm: Floats
    output: Floats
    gelu: bool
    """Gates bend by GELU (Hendrycks and Gimpel, arXiv:1606.08415), else by SiLU."""


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
    if header.values.get(f"{header.architecture}.final_logit_softcapping"):
        return "its logits are capped"
    try:
        width = shape_of(header).head_width
        if header.architecture == "gemma3":
            _number(header, "attention.sliding_window")
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
    number = partial(_number, header)
    width, heads = int(number("embedding_length")), int(number("attention.head_count"))
    return Shape(
        layers=int(number("block_count")),
        width=width,
        heads=heads,
        key_heads=int(number("attention.head_count_kv", heads)),
        head_width=int(number("attention.key_length", width // heads)),
        epsilon=number("attention.layer_norm_rms_epsilon"),
    )


def _number(header: GgufHeader, name: str, default: float | None = None) -> float:
    value = header.values.get(f"{header.architecture}.{name}", default)
    if not isinstance(value, int | float):
        raise ValueError(f"the file does not say its {name}")
    return value


def load(file: Path, header: GgufHeader, pool: ThreadPoolExecutor) -> Network:
    """The network in a file for which `why_not` knows no reason."""
    tensors, shape = _Tensors(file, header), shape_of(header)
    turn, gemma = header.architecture in _INTERLEAVED, header.architecture == "gemma3"
    scale = np.float32(shape.width**0.5 if gemma else 1.0)
    output = pool.submit(tensors.joined, _output(header))
    sights = _sights(header, shape, tensors.maybe("rope_freqs.weight"))
    layers = pool.map(partial(_layer, tensors, shape, turn), range(shape.layers), sights)
    return Network(
        shape=shape,
        embed=lambda tokens: tensors.rows("token_embd.weight", tokens) * scale,
        layers=tuple(layers),
        norm=tensors.joined("output_norm.weight"),
        output=output.result(),
        gelu=gemma,
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


def _layer(tensors: _Tensors, shape: Shape, turn: bool, number: int, sight: Sight) -> Layer:
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
        mix_norm=tensors.maybe(f"{at}post_attention_norm.weight"),
        feed_norm=tensors.joined(f"{at}ffn_norm.weight"),
        gate_up=tensors.joined(f"{at}ffn_gate.weight", f"{at}ffn_up.weight"),
        down=tensors.joined(f"{at}ffn_down.weight"),
        down_norm=tensors.maybe(f"{at}post_ffw_norm.weight"),
        sight=sight,
    )


def _halved(weight: Floats, heads: int) -> Floats:
    """Reorders each head's outputs so that pairs of neighbours become pairs across its halves.
    Queries and keys are reordered alike, so their products stay."""
    pairs = weight.reshape(heads, -1, 2, weight.shape[-1])
    return pairs.swapaxes(1, 2).reshape(weight.shape)


_FAR_EVERY: Final = 6
"""Of so many layers of Gemma 3, the last sees all tokens."""


def _sights(header: GgufHeader, shape: Shape, factors: Floats | None) -> list[Sight]:
    """What each layer sees."""
    number = partial(_number, header)
    far = Sight(_turns(shape, number("rope.freq_base", 10_000.0), factors), None)
    if header.architecture != "gemma3":
        return [far] * shape.layers
    near_turns = _turns(shape, number("rope.freq_base_swa", 10_000.0), None)
    near = Sight(near_turns, int(number("attention.sliding_window")))
    return [near if (layer + 1) % _FAR_EVERY else far for layer in range(shape.layers)]


def _turns(shape: Shape, base: float, factors: Floats | None) -> Floats:
    """Su et al., RoFormer, arXiv:2104.09864; Llama 3.1 divides each frequency by a factor."""
    angles = base ** -(np.arange(0, shape.head_width, 2) / shape.head_width)
    return (angles if factors is None else angles / factors).astype(np.float32)
