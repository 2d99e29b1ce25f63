"""Small real pictures, drawn here with the standard library alone."""

import struct
import zlib

_PNG = b"\x89PNG\r\n\x1a\n"


def png(width: int = 2, height: int = 2, grey: int = 128) -> bytes:
    """A grey PNG file of one tone; its pixels are made in rows, so a giant one stays cheap."""
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    row = b"\0" + bytes([grey]) * width
    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    return _PNG + _chunk(b"IHDR", head) + _chunk(b"IDAT", rows) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
