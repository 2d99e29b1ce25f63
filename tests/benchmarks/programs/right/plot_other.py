"""A chart of bars: pixels written by hand into a PNG; Pillow only for the letters."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import pathlib
import struct
import sys
import zlib

from PIL import Image, ImageDraw

W, H = 640, 480
PALETTE = [(200, 30, 60), (40, 90, 220), (20, 150, 60), (230, 180, 0)]


class Canvas:
    def __init__(self):
        self.rows = [bytearray(b"\xff" * (W * 3)) for _ in range(H)]

    def fill(self, left, top, right, bottom, colour):
        for y in range(top, bottom):
            self.rows[y][left * 3 : right * 3] = bytes(colour) * (right - left)

    def write(self, middle, top, text, scale):
        mask = Image.new("1", (300, 12))
        ImageDraw.Draw(mask).text((0, 0), text, 1)
        box = mask.getbbox()
        if not box:
            return
        left = int(middle - (box[2] - box[0]) * scale / 2)
        for y in range(box[1], box[3]):
            for x in range(box[0], box[2]):
                if mask.getpixel((x, y)):
                    at = left + (x - box[0]) * scale, top + y * scale
                    self.fill(*at, at[0] + scale, at[1] + scale, (0, 0, 0))

    def png(self):
        def chunk(name, body):
            crc = zlib.crc32(name + body)
            return struct.pack(">I", len(body)) + name + body + struct.pack(">I", crc)

        head = struct.pack(">IIBBBBB", W, H, 8, 2, 0, 0, 0)
        body = zlib.compress(b"".join(b"\0" + bytes(row) for row in self.rows))
        parts = chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b"")
        return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def table(path):
    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines()
    cells = [line.split(",") for line in lines if line]
    width = len(cells[0])
    if len(cells) < 2 or {len(row) for row in cells} != {width} or width < 2:
        raise ValueError("no rows, or rows of different lengths")
    return [row[0] for row in cells[1:]], [[int(c) for c in row[1:]] for row in cells[1:]]


def chart(labels, numbers, title):
    canvas = Canvas()
    everything = [0] + [n for row in numbers for n in row]
    high, low = max(everything), min(everything)
    unit = 330 / (high - low)
    base = 80 + round(high * unit)
    pitch = 540 // len(labels)
    each = max(5, (pitch - 14) // len(numbers[0]) - 2)
    canvas.fill(80, base, 80 + pitch * len(labels), base + 2, (0, 0, 0))
    canvas.fill(78, 70, 80, 412, (60, 60, 60))
    for i, (label, row) in enumerate(zip(labels, numbers, strict=True)):
        left = 80 + i * pitch + (pitch - (each + 2) * len(row)) // 2
        for j, n in enumerate(row):
            x = left + j * (each + 2)
            tip = base - round(n * unit) if n >= 0 else base + 2 + round(-n * unit)
            top, bottom = (tip, base) if n >= 0 else (base + 2, tip)
            canvas.fill(x, top, x + each, bottom, PALETTE[j % 4])
        canvas.write(80 + i * pitch + pitch / 2, 425, label, 1)
    canvas.write(W / 2, 30, title, 2)
    return canvas.png()


try:
    source, target, title = sys.argv[1:]
    picture = chart(*table(source), title)
except (OSError, ValueError) as trouble:
    sys.exit(sys.stderr.write(f"{trouble}\n") and 2)
pathlib.Path(target).write_bytes(picture)
