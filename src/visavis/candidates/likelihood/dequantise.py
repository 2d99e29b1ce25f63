"""The weights of a GGUF file as float32, to the last bit as ggml's reference makes them.

A quantised tensor is a row of blocks, each a few scales and 32 or 256 small whole numbers. Layout:
the block structures in ggml-common.h of https://github.com/ggml-org/ggml.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from visavis.candidates.gguf_types import TENSOR_TYPES

Floats: TypeAlias = npt.NDArray[np.float32]
Bytes: TypeAlias = npt.NDArray[np.uint8]

_AT_ONCE: Final = 1 << 15
"""Elements unpacked together: what comes in between stays in the processor's cache."""


def dequantise(raw: Bytes, kind: str, into: Floats) -> None:
    """Fills `into`, which is contiguous, with the elements stored in `raw`."""
    stored, unpack = _STORED[kind], _UNPACK[kind]
    blocks, wanted = raw.reshape(-1, stored.bytes), into.reshape(-1, stored.elements)
    step = _AT_ONCE // stored.elements
    for start in range(0, len(blocks), step):
        wanted[start : start + step] = unpack(blocks[start : start + step])


def _half(blocks: Bytes, at: int) -> Floats:
    """The half-precision number at byte `at` of each block, as a column."""
    return blocks[:, at : at + 2].copy().view(np.float16).astype(np.float32)


def _fields(packed: Bytes, bits: int, run: int) -> Bytes:
    """Whole numbers of `bits` bits. Each `run` bytes hold first the lowest bits of all of them,
    then the next ones."""
    shifts = np.arange(0, 8, bits, dtype=np.uint8).reshape(1, 1, -1, 1)
    parts = packed.reshape(len(packed), -1, 1, run) >> shifts
    fields: Bytes = (parts & np.uint8((1 << bits) - 1)).reshape(len(packed), -1)
    return fields


def _plain(numbers: npt.DTypeLike) -> Callable[[Bytes], Any]:
    return lambda blocks: blocks.view(numbers)


def _bf16(blocks: Bytes) -> Floats:
    return (blocks.view("<u2").astype(np.uint32) << 16).view(np.float32)


def _q8_0(blocks: Bytes) -> Floats:
    return _half(blocks, 0) * blocks[:, 2:].view(np.int8)


def _q4_0(blocks: Bytes) -> Floats:
    return _half(blocks, 0) * (_fields(blocks[:, 2:], 4, 16).view(np.int8) - np.int8(8))


def _q4_1(blocks: Bytes) -> Floats:
    return _half(blocks, 0) * _fields(blocks[:, 4:], 4, 16) + _half(blocks, 2)


def _fifth_bits(blocks: Bytes, at: int) -> Bytes:
    """The 32 fifth bits that begin at byte `at` of each block, as 0 or 16."""
    return np.unpackbits(blocks[:, at : at + 4], axis=1, bitorder="little") * np.uint8(16)


def _q5_0(blocks: Bytes) -> Floats:
    whole = _fields(blocks[:, 6:], 4, 16) | _fifth_bits(blocks, 2)
    return _half(blocks, 0) * (whole.view(np.int8) - np.int8(16))


def _q5_1(blocks: Bytes) -> Floats:
    whole = _fields(blocks[:, 8:], 4, 16) | _fifth_bits(blocks, 4)
    return _half(blocks, 0) * whole + _half(blocks, 2)


def _scales_and_minima(blocks: Bytes) -> tuple[Bytes, Bytes]:
    """Eight scales and eight minima of six bits, packed in the twelve bytes from the fifth on."""
    low, high, mixed = blocks[:, 4:8], blocks[:, 8:12], blocks[:, 12:16]
    scales = np.hstack([low & 0x3F, (mixed & 0x0F) | ((low >> 2) & 0x30)])
    minima = np.hstack([high & 0x3F, (mixed >> 4) | ((high >> 2) & 0x30)])
    return scales, minima


def _scaled(blocks: Bytes, whole: Bytes) -> Floats:
    """Eight runs of 32, each with a scale and a minimum that are multiples of the block's."""
    scales, minima = _scales_and_minima(blocks)
    by, less = _half(blocks, 0) * scales, _half(blocks, 2) * minima
    runs = by[:, :, None] * whole.reshape(-1, 8, 32) - less[:, :, None]
    return runs.reshape(-1, 256)


def _q4_k(blocks: Bytes) -> Floats:
    return _scaled(blocks, _fields(blocks[:, 16:], 4, 32))


def _q5_k(blocks: Bytes) -> Floats:
    fifth = _fields(blocks[:, 16:48], 1, 32) * np.uint8(16)
    return _scaled(blocks, _fields(blocks[:, 48:], 4, 32) | fifth)


def _q6_k(blocks: Bytes) -> Floats:
    whole = _fields(blocks[:, :128], 4, 64) | _fields(blocks[:, 128:192], 2, 32) * np.uint8(16)
    by = _half(blocks, 208) * blocks[:, 192:208].view(np.int8)
    centred = whole.view(np.int8) - np.int8(32)
    return (by[:, :, None] * centred.reshape(-1, 16, 16)).reshape(-1, 256)


_UNPACK: Final[Mapping[str, Callable[[Bytes], Any]]] = {
    "F32": _plain("<f4"),
    "F16": _plain("<f2"),
    "BF16": _bf16,
    "Q4_0": _q4_0,
    "Q4_1": _q4_1,
    "Q5_0": _q5_0,
    "Q5_1": _q5_1,
    "Q8_0": _q8_0,
    "Q4_K": _q4_k,
    "Q5_K": _q5_k,
    "Q6_K": _q6_k,
}
_STORED: Final = {stored.name: stored for stored in TENSOR_TYPES.values()}

KNOWN: Final = frozenset(_UNPACK)
"""The tensor types that can be unpacked."""
