"""Each block format, unpacked number by number as ggml-quants.c does it, and by ours."""

import random
import struct
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from visavis.candidates.gguf_types import TENSOR_TYPES
from visavis.candidates.likelihood.dequantise import KNOWN, dequantise

SIZES = {kind.name: kind for kind in TENSOR_TYPES.values()}
f32 = np.float32


def half(block: bytes, at: int) -> np.float32:
    return f32(struct.unpack_from("<e", block, at)[0])


def low_high(packed: bytes) -> list[int]:
    return [byte & 15 for byte in packed] + [byte >> 4 for byte in packed]


def fifth(block: bytes, at: int) -> list[int]:
    (bits,) = struct.unpack_from("<I", block, at)
    return [(bits >> n & 1) << 4 for n in range(32)]


def q8_0(b: bytes) -> Iterator[np.float32]:
    for n in struct.unpack_from("32b", b, 2):
        yield half(b, 0) * f32(n)


def q4_0(b: bytes) -> Iterator[np.float32]:
    for n in low_high(b[2:]):
        yield half(b, 0) * f32(n - 8)


def q4_1(b: bytes) -> Iterator[np.float32]:
    for n in low_high(b[4:]):
        yield half(b, 0) * f32(n) + half(b, 2)


def q5_0(b: bytes) -> Iterator[np.float32]:
    for n, bit in zip(low_high(b[6:]), fifth(b, 2), strict=True):
        yield half(b, 0) * f32((n | bit) - 16)


def q5_1(b: bytes) -> Iterator[np.float32]:
    for n, bit in zip(low_high(b[8:]), fifth(b, 4), strict=True):
        yield half(b, 0) * f32(n | bit) + half(b, 2)


def scale_and_minimum(b: bytes, n: int) -> tuple[int, int]:
    """`get_scale_min_k4` of ggml-quants.c."""
    q = b[4:16]
    if n < 4:
        return q[n] & 63, q[n + 4] & 63
    return (q[n + 4] & 15) | (q[n - 4] >> 6) << 4, q[n + 4] >> 4 | (q[n] >> 6) << 4


def scaled(b: bytes, n: int, number: int) -> np.float32:
    scale, minimum = scale_and_minimum(b, n)
    return half(b, 0) * f32(scale) * f32(number) - half(b, 2) * f32(minimum)


def q4_k(b: bytes) -> Iterator[np.float32]:
    for run in range(8):
        for byte in b[16 + run // 2 * 32 :][:32]:
            yield scaled(b, run, byte >> 4 if run % 2 else byte & 15)


def q5_k(b: bytes) -> Iterator[np.float32]:
    for run in range(8):
        for high, byte in zip(b[16:48], b[48 + run // 2 * 32 :][:32], strict=True):
            number = byte >> 4 if run % 2 else byte & 15
            yield scaled(b, run, number | (high >> run & 1) << 4)


def q6_k(b: bytes) -> Iterator[np.float32]:
    scales = struct.unpack_from("16b", b, 192)
    for n in range(256):
        part, inside = divmod(n, 128)
        quarter, column = divmod(inside, 32)
        low = b[part * 64 + quarter % 2 * 32 + column] >> (4 * (quarter // 2)) & 15
        high = b[128 + part * 32 + column] >> (2 * quarter) & 3
        yield half(b, 208) * f32(scales[n // 16]) * f32((low | high << 4) - 32)


def f32_plain(b: bytes) -> Iterator[np.float32]:
    yield f32(struct.unpack("<f", b)[0])


def f16(b: bytes) -> Iterator[np.float32]:
    yield half(b, 0)


def bf16(b: bytes) -> Iterator[np.float32]:
    yield f32(struct.unpack("<f", b"\0\0" + b)[0])


BY_HAND: dict[str, Callable[[bytes], Iterator[np.float32]]] = {
    "F32": f32_plain, "F16": f16, "BF16": bf16, "Q4_0": q4_0, "Q4_1": q4_1, "Q5_0": q5_0,
    "Q5_1": q5_1, "Q8_0": q8_0, "Q4_K": q4_k, "Q5_K": q5_k, "Q6_K": q6_k,
}  # fmt: skip
HALVES = {"Q4_1": (0, 2), "Q5_1": (0, 2), "Q4_K": (0, 2), "Q5_K": (0, 2), "Q6_K": (208,)}


def blocks(kind: str, count: int, rng: random.Random) -> bytes:
    """Random blocks, with scales as real ones are."""
    raw = b""
    for _ in range(count):
        block = bytearray(rng.randbytes(SIZES[kind].bytes))
        if kind in ("F32", "F16", "BF16"):
            block[-1] = 0x3D  # a small number, neither infinite nor none
        else:
            for at in HALVES.get(kind, (0,)):
                block[at : at + 2] = struct.pack("<e", rng.uniform(-0.02, 0.02))
        raw += block
    return raw


@pytest.mark.parametrize("kind", sorted(KNOWN))
def test_every_format_is_unpacked_to_the_last_bit(kind: str) -> None:
    raw = blocks(kind, 9, random.Random(kind))
    into = np.empty(9 * SIZES[kind].elements, np.float32)
    dequantise(np.frombuffer(raw, np.uint8), kind, into)
    size = SIZES[kind].bytes
    hand = [n for at in range(0, len(raw), size) for n in BY_HAND[kind](raw[at : at + size])]
    assert into.tolist() == np.array(hand, np.float32).tolist()


def test_more_than_fits_the_cache_is_unpacked_in_pieces_without_a_seam() -> None:
    raw = blocks("Q8_0", 3, random.Random(1)) * 700
    into = np.empty((700, 96), np.float32)
    dequantise(np.frombuffer(raw, np.uint8), "Q8_0", into)
    assert (into == into[0]).all()
