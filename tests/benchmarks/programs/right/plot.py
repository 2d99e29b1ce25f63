"""A chart of bars, drawn with Pillow."""

# mypy: ignore-errors
# Written as a model would write it: without types.

import csv
import sys

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 640, 480
LEFT, RIGHT, TOP, BOTTOM = 60, 620, 60, 420
COLOURS = ["#1f77b4", "#ff7f0e", "#2ca02c", "#d62728"]


def fail(told):
    sys.stderr.write(f"plot: {told}\n")
    sys.exit(2)


def read(path):
    try:
        with open(path, encoding="utf-8", newline="") as file:
            head, *rows = csv.reader(file)
    except (OSError, ValueError) as error:
        fail(error)
    if not rows:
        fail("no rows")
    if any(len(row) != len(head) or len(row) < 2 for row in rows):
        fail("a row has too few fields")
    try:
        return [(label, [float(part) for part in parts]) for label, *parts in rows]
    except ValueError as error:
        fail(error)


def main(data, target, title):
    rows = read(data)
    values = [value for _, parts in rows for value in parts]
    high, low = max(0, *values), min(0, *values)
    zero = BOTTOM - (BOTTOM - TOP) * (0 - low) / (high - low)
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(12)
    cell = (RIGHT - LEFT) // len(rows)
    bar = int(cell * 0.7) // len(rows[0][1])
    start = (cell - bar * len(rows[0][1])) // 2
    for number, (label, parts) in enumerate(rows):
        x = LEFT + number * cell + start
        for column, value in enumerate(parts):
            y = zero - (BOTTOM - TOP) * value / (high - low)
            top, bottom = sorted((round(y), round(zero)))
            box = (x + column * bar, top, x + (column + 1) * bar - 1, bottom - 1)
            draw.rectangle(box, fill=COLOURS[column % len(COLOURS)])
        middle = LEFT + number * cell + cell / 2
        draw.text((middle, BOTTOM + 10), label, "black", font, anchor="ma")
    draw.line((LEFT, round(zero), RIGHT, round(zero)), "black")
    draw.line((LEFT, TOP, LEFT, BOTTOM), "black")
    draw.text((WIDTH / 2, 20), title, "black", ImageFont.load_default(20), anchor="ma")
    image.save(target, "PNG")


if len(sys.argv) != 4:
    fail("usage: plot.py DATA PICTURE TITLE")
main(*sys.argv[1:])
