"""Frames as PNG files, still and moving, for evidence. The format is in the PNG specification."""

import struct
import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""Rows, columns, and red, green and blue."""

_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"


def still(frame: Pixels) -> bytes:
    """One frame as a PNG file."""
    return _SIGNATURE + b"".join((_head(frame), _chunk(b"IDAT", _packed(frame)), _END))


def clip(frames: Sequence[Pixels], seconds: float) -> bytes:
    """Frames of one size as an animated PNG file, each shown for `seconds`, over and over.

    Of each but the first, only the rectangle that changed is kept.
    """
    parts = [_head(frames[0]), _chunk(b"acTL", struct.pack(">II", len(frames), 0))]
    number = 0
    for at, (frame, (top, left)) in enumerate(_changes(frames)):
        place = (number, frame.shape[1], frame.shape[0], left, top, round(1000 * seconds), 1000)
        parts.append(_chunk(b"fcTL", struct.pack(">IIIIIHHBB", *place, 0, 0)))
        number += 1
        if at == 0:
            parts.append(_chunk(b"IDAT", _packed(frame)))
        else:
            parts.append(_chunk(b"fdAT", struct.pack(">I", number) + _packed(frame)))
            number += 1
    return _SIGNATURE + b"".join((*parts, _END))


def _changes(frames: Sequence[Pixels]) -> Iterator[tuple[Pixels, tuple[int, int]]]:
    """What to paint over the frame before, and where."""
    yield frames[0], (0, 0)
    for before, frame in pairwise(frames):
        changed = (before != frame).any(axis=2)
        rows, columns = np.flatnonzero(changed.any(axis=1)), np.flatnonzero(changed.any(axis=0))
        if not len(rows):
            rows = columns = np.array([0])
        top, left = int(rows[0]), int(columns[0])
        yield frame[top : rows[-1] + 1, left : columns[-1] + 1], (top, left)


def _head(frame: Pixels) -> bytes:
    height, width, _ = frame.shape
    return _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def _packed(frame: Pixels) -> bytes:
    """The rows, each behind a zero: none is written as a difference to another."""
    height, width, _ = frame.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)
    rows[:, 1:] = frame.reshape(height, 3 * width)
    return zlib.compress(rows.tobytes(), 6)


def _chunk(kind: bytes, data: bytes) -> bytes:
    body = kind + data
    return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))


_END: Final = _chunk(b"IEND", b"")
