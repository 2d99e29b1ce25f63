"""Mutants of the chart of bars."""

from typing import Final

from tests.benchmarks.programs.wrong import each

MUTANTS: Final = (
    *each(
        "picture",
        ('Image.new("RGB", (WIDTH, HEIGHT), "white")', 'Image.new("RGB", (WIDTH, 500), "white")'),
        ('Image.new("RGB", (WIDTH, HEIGHT), "white")', 'Image.new("RGB", (WIDTH, HEIGHT), "#eee")'),
    ),
    *each(
        "bars",
        ("(column + 1) * bar - 1,", "(column + 1) * bar - 1 - 5 * (number % 2),"),
        ("number * cell + start\n", "number * cell + start + 7 * (number % 2)\n"),
    ),
    *each(
        "heights",
        (
            "y = zero - (BOTTOM - TOP) * value / (high - low)",
            "y = zero - (BOTTOM - TOP) * (value / (high - low)) ** (1 if low else 0.5)",
        ),
        (
            "y = zero - (BOTTOM - TOP) * value / (high - low)",
            "y = zero - (BOTTOM - TOP) * value / (high - low) / (1 if low else 2)",
        ),
    ),
    *each(
        "order",
        ("rows = read(data)", "rows = sorted(read(data), key=lambda row: row[1])"),
        ("rows = read(data)", "rows = read(data)[::-1]"),
    ),
    *each(
        "negative",
        ("(BOTTOM - TOP) * value /", "(BOTTOM - TOP) * abs(value) /"),
        ("y = zero - (BOTTOM", "y = zero - (1 if value > 0 else 0.8) * (BOTTOM"),
    ),
    *each(
        "axes",
        ('    draw.line((LEFT, round(zero), RIGHT, round(zero)), "black")\n', ""),
        ('    draw.line((LEFT, TOP, LEFT, BOTTOM), "black")\n', ""),
    ),
    *each(
        "title",
        ('"black", ImageFont.load_default(20)', '"white", ImageFont.load_default(20)'),
        (
            '(WIDTH / 2, 20), title, "black", ImageFont.load_default(20), anchor="ma"',
            '(LEFT, 20), title, "black"',
        ),
        ("20), title,", "20), title[:5],"),
    ),
    *each(
        "labels",
        ("BOTTOM + 10), label,", "BOTTOM + 10), str(number),"),
        ("number * cell + cell / 2\n", "number * cell + cell * 1.5\n"),
    ),
    *each(
        "columns",
        ("COLOURS[column % len(COLOURS)]", "COLOURS[0]"),
        ("COLOURS[column % len(COLOURS)]", "COLOURS[(number + column) % len(COLOURS)]"),
        ('"#1f77b4", "#ff7f0e", "#2ca02c"', '"#1f77b4", "#2f77b4", "#3f77b4"'),
    ),
    *each(
        "errors",
        ("sys.exit(2)", "sys.exit(1)"),
        ('    if not rows:\n        fail("no rows")\n', ""),
        ("if any(len(row) != len(head) or len(row) < 2 for row in rows):", "if not rows:"),
    ),
)
