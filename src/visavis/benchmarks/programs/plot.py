"""A bar chart from a CSV file: a picture that is read back pixel by pixel."""

import csv
import io
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from visavis.benchmarks.programs.base import ProgramTask, must, offered
from visavis.benchmarks.programs.calls import Calls, called
from visavis.benchmarks.programs.draw import Draw
from visavis.benchmarks.programs.picture import Bar, Mask, Picture, read_picture
from visavis.benchmarks.programs.png import still
from visavis.core.tell import tell

FILE: Final = "plot.py"
_asked: Final = partial(called, FILE)
DATA, PICTURE = "data.csv", "plot.png"
WIDTH, HEIGHT = SIZE = 640, 480
TALL_PX: Final = 240
NEAR_PX: Final = 3
"""How far an edge may be from where it is due: an outline and a rounding."""
APART: Final = 60
"""Between two colours, in the largest of the differences of red, green and blue."""

CONTRACT: Final = f"""\
- It is started as `python {FILE} DATA PICTURE TITLE` and writes a chart of upright bars. PIL is \
Pillow.
- DATA is a CSV file in UTF-8: a line of column names, then rows of a label and one or more whole \
numbers, some of which may be negative. Labels and TITLE are at most 12 plain letters and blanks.
- PICTURE is the PNG file to write, {WIDTH} by {HEIGHT} pixels, on white.
- Bars are rectangles, each filled with one colour that is neither white, black nor grey. All \
else (axes, text, marks) is black or dark grey, and stays clear of the bars; there is no legend.
- The exit code is 0 unless said otherwise."""


class _Chart(NamedTuple):
    title: str
    labels: Sequence[str]
    columns: Sequence[Sequence[int]]

    @property
    def values(self) -> Sequence[int]:
        """By row, then by column."""
        return [value for row in zip(*self.columns, strict=True) for value in row]

    def as_csv(self) -> bytes:
        text = io.StringIO(newline="")
        head = ["label", *(f"c{n}" for n, _ in enumerate(self.columns, 1))]
        rows = zip(self.labels, *self.columns, strict=True)
        csv.writer(text, lineterminator="\n").writerows([head, *rows])
        return text.getvalue().encode()


def _picture(call: Calls, draw: Draw) -> str:
    seen = _drawn(call, _chart(draw, 9))
    must(
        seen.size == SIZE,
        "the picture has {width} by {height} pixels",
        width=seen.size[0],
        height=seen.size[1],
    )
    must(seen.white_corners, "the four corners are not white")
    must(bool(seen.bars), "nothing in the picture has a colour")
    return tell("a picture of {width} by {height} pixels, on white", width=WIDTH, height=HEIGHT)


def _bars(call: Calls, draw: Draw) -> str:
    for count in (draw.whole(2, 4), draw.whole(8, 12)):
        bars = _counted(_drawn(call, _chart(draw, count)), count)
        widths = [bar.width for bar in bars]
        alike = max(widths) - min(widths) <= NEAR_PX
        must(alike, "the bars are {widths} pixels wide", widths=widths)
        gaps = [right.left - left.right for left, right in pairwise(bars)]
        must(min(gaps) >= 2, "two bars are only {gap} pixels apart", gap=min(gaps))
        must(max(gaps) - min(gaps) <= NEAR_PX, "the bars are {gaps} pixels apart", gaps=gaps)
    return tell(
        "a bar for each row, the last {count} all about {width} pixels wide",
        count=count,
        width=widths[0],
    )


def _heights(call: Calls, draw: Draw) -> str:
    for count, low, high in ((5, 900, 999), (8, 1_000, 80_000)):
        chart = _chart(draw, count, low, high)
        bars = sorted(_counted(_drawn(call, chart), count), key=lambda bar: bar.height)
        _must_stand_on_one_line(bars)
        tallest = bars[-1].height
        must(
            tallest >= TALL_PX,
            "the tallest bar has {tallest} pixels, fewer than {least}",
            tallest=tallest,
            least=TALL_PX,
        )
        values = sorted(chart.values)
        for bar, value in zip(bars, values, strict=True):
            due = tallest * value / values[-1]
            must(
                abs(bar.height - due) <= NEAR_PX,
                "a bar of {value} has {px} pixels where {due:.0f} are due beside {top} for {most}",
                value=value,
                px=bar.height,
                due=due,
                top=tallest,
                most=values[-1],
            )
    return tell("two charts were measured to the pixel")


def _order(call: Calls, draw: Draw) -> str:
    count = 8
    chart = _chart(draw, count)
    bars = _counted(_drawn(call, chart), count)
    at = sorted(range(count), key=lambda n: bars[n].height)
    due = sorted(range(count), key=lambda n: chart.values[n])
    must(at == due, "from the lowest the bars stand at {at}, the rows at {due}", at=at, due=due)
    return tell("{count} bars stand in the rows' order", count=count)


def _negative(call: Calls, draw: Draw) -> str:
    values = [*draw.numbers(3, 30, 99), *(-n for n in draw.numbers(3, 30, 99))]
    chart = _chart(draw, 6)._replace(columns=[draw.shuffled(values)])
    bars = _counted(_drawn(call, chart), 6)
    rising = sorted(bars, key=lambda bar: bar.height)
    sizes = sorted(abs(value) for value in values)
    scale = rising[-1].height / sizes[-1]
    for bar, size in zip(rising, sizes, strict=True):
        must(
            abs(bar.height - size * scale) <= NEAR_PX,
            "a bar of {size} above or below zero has {height} pixels, not {due:.0f}",
            size=size,
            height=bar.height,
            due=size * scale,
        )
    zero = sorted(edge for bar in bars for edge in (bar.top, bar.bottom))[5:7]
    must(zero[1] - zero[0] <= 2 * NEAR_PX, "the bars do not part at one line of zero")
    up = sum(bar.bottom <= zero[1] + NEAR_PX and bar.top < zero[0] - NEAR_PX for bar in bars)
    down = sum(bar.top >= zero[0] - NEAR_PX and bar.bottom > zero[1] + NEAR_PX for bar in bars)
    must(
        (up, down) == (3, 3),
        "{up} bars stand above zero and {down} below, not 3 and 3",
        up=up,
        down=down,
    )
    return tell("three bars stand on the line of zero, three hang from it")


def _axes(call: Calls, draw: Draw) -> str:
    seen = _drawn(call, _chart(draw, 7))
    bars = _counted(seen, 7)
    left, right = bars[0].left, bars[-1].right
    top, zero = min(bar.top for bar in bars), max(bar.bottom for bar in bars)
    ink = seen.ink
    between = np.concatenate([np.arange(a.right, b.left) for a, b in pairwise(bars)])
    flat = ink[zero - NEAR_PX : zero + NEAR_PX + 1, between].mean(axis=1).max()
    must(flat >= 0.95, "no line runs along the foot of the bars")
    upright = ink[top + NEAR_PX : zero - NEAR_PX, :left].mean(axis=0)
    must(upright.max() >= 0.95, "no upright line stands to the left of the bars")
    return tell(
        "a line at the foot of the bars, columns {left} to {right}, and one to their left",
        left=left,
        right=right,
    )


def _title(call: Calls, draw: Draw) -> str:
    chart = _chart(draw, 5)
    first, second = _title_words(draw), _title_words(draw)
    pictures = [_drawn(call, chart._replace(title=title)) for title in (first, second)]
    highest = min(bar.top for bar in _counted(pictures[0], 5))
    long = _changed(*pictures)
    must(
        bool(long.any()),
        "the titles {first!r} and {second!r} look the same",
        first=first,
        second=second,
    )
    rows, columns = np.nonzero(long)
    must(int(rows.max()) < highest, "what the title changes reaches down to the bars")
    middle = (int(columns.min()) + int(columns.max())) / 2
    must(
        abs(middle - pictures[0].size[0] / 2) <= 40,
        "the title stands around column {middle:.0f}",
        middle=middle,
    )
    other = first[:-3] + draw.word()[:3]
    tail = _changed(pictures[0], _drawn(call, chart._replace(title=other)))
    must(
        bool(tail.any()),
        "the titles {first!r} and {other!r} look the same",
        first=first,
        other=other,
    )
    return tell(
        "the titles {first!r}, {second!r} and {other!r} can be told apart, above the bars",
        first=first,
        second=second,
        other=other,
    )


def _labels(call: Calls, draw: Draw) -> str:
    count = 5
    chart = _chart(draw, count)
    seen = _drawn(call, chart)
    bars = _counted(seen, count)
    foot = max(bar.bottom for bar in bars) + NEAR_PX
    half = (bars[1].middle - bars[0].middle) / 2
    # By their heights: which bar stands where is another check's matter.
    rising = sorted(bars, key=lambda bar: bar.height)
    under = {value: bar for value, bar in zip(sorted(chart.values), rising, strict=True)}
    for number in sorted(draw.numbers(3, 0, count - 1)):
        labels = [draw.word() if n == number else label for n, label in enumerate(chart.labels)]
        changed = _changed(seen, _drawn(call, chart._replace(labels=labels)))
        must(
            bool(changed.any()), "another label of bar {number} changes nothing", number=number + 1
        )
        rows, columns = np.nonzero(changed)
        must(
            int(rows.min()) >= foot,
            "the label of bar {number} does not stand below it",
            number=number + 1,
        )
        off = max(
            abs(int(end) - under[chart.values[number]].middle)
            for end in (columns.min(), columns.max())
        )
        must(
            off <= half + NEAR_PX,
            "the label of bar {number} is not under its bar",
            number=number + 1,
        )
    return tell("three labels, when changed, changed the picture below their own bars only")


def _columns(call: Calls, draw: Draw) -> str:
    for rows, columns in ((draw.whole(3, 5), 2), (3, 3)):
        chart = _chart(draw, rows)
        values = [draw.numbers(rows, 40, 99) for _ in range(columns)]
        bars = _counted(_drawn(call, chart._replace(columns=values)), rows * columns)
        groups = [bars[n : n + columns] for n in range(0, len(bars), columns)]
        colours = [bar.colour for bar in groups[0]]
        for group in groups:
            shown = [bar.colour for bar in group]
            must(
                shown == colours,
                "the colours of a row's bars are {shown}, not {colours}",
                shown=shown,
                colours=colours,
            )
        for n, colour in enumerate(colours):
            for other in colours[:n]:
                apart = max(abs(a - b) for a, b in zip(colour, other, strict=True))
                must(
                    apart >= APART,
                    "the colours {other} and {colour} are hard to tell apart",
                    other=other,
                    colour=colour,
                )
        within = max(b.left - a.right for group in groups for a, b in pairwise(group))
        between = min(b[0].left - a[-1].right for a, b in pairwise(groups))
        must(
            within < between,
            "bars of a row are {within} pixels apart, rows {between}",
            within=within,
            between=between,
        )
    return tell("two and three columns stood side by side in colours of their own")


def _errors(call: Calls, draw: Draw) -> str:
    chart = _chart(draw, 3)
    _drawn(call, chart)
    good = chart.as_csv()
    label = chart.labels[1].encode()
    word = draw.word()
    wrong = {
        "letters.csv": good.replace(label, label + f",{word}\n{word}".encode()),
        "short.csv": good + f"{word}\n".encode(),
        "empty.csv": good[: good.index(b"\n") + 1],
    }
    for name, data in wrong.items():
        call.put(name, data)
    for name in draw.shuffled([*wrong, f"{word}.csv"]):
        picture = f"{name}.png"
        call.refused(name, picture, chart.title)
        must(call.find(picture) is None, "{picture!r} was written all the same", picture=picture)
    return tell("{n} wrong files and one that is not there were refused", n=len(wrong))


def _chart(draw: Draw, count: int, low: int = 30, high: int = 99) -> _Chart:
    """A chart of one column of numbers far enough apart to be told from each other."""
    step = (high - low) // (count + 1)
    values = [low + n * step + draw.whole(0, step // 3) for n in range(1, count + 1)]
    return _Chart(_title_words(draw), draw.words(count), [draw.shuffled(values)])


def _title_words(draw: Draw) -> str:
    return f"{draw.word()[:5]} {draw.word()[:6]}"


def _drawn(call: Calls, chart: _Chart) -> Picture:
    """What the program makes of a chart, kept as evidence."""
    call.put(DATA, chart.as_csv())
    call.ok(DATA, PICTURE, chart.title)
    picture = read_picture(call.file(PICTURE))
    call.show(partial(still, picture.pixels))
    return picture


def _counted(picture: Picture, count: int) -> tuple[Bar, ...]:
    bars = picture.bars
    must(
        len(bars) == count,
        "{bars} bars can be told apart, not {count}",
        bars=len(bars),
        count=count,
    )
    return bars


def _must_stand_on_one_line(bars: Sequence[Bar]) -> None:
    feet = [bar.bottom for bar in bars]
    must(max(feet) - min(feet) <= NEAR_PX, "the bars' feet are at the rows {feet}", feet=feet)


def _changed(before: Picture, after: Picture) -> Mask:
    return np.asarray(before.ink != after.ink)


PLOT: Final = ProgramTask(
    name="plot",
    title="A chart of bars from a CSV file",
    file=FILE,
    contract=CONTRACT,
    packages=("PIL",),
    requirements=(
        _asked(
            "picture",
            f"The picture is a PNG file of {WIDTH} by {HEIGHT} pixels, white in its corners, "
            "with bars in colour.",
            _picture,
        ),
        _asked(
            "bars",
            "Each row has one bar for each of its numbers. Bars of rows with one number are "
            "equally wide and equally far apart, with white between them.",
            _bars,
        ),
        _asked(
            "heights",
            "Where no number is negative, all bars stand on one line, and their heights are in "
            f"proportion to the numbers; the tallest has at least {TALL_PX} pixels.",
            _heights,
        ),
        _asked("order", "From left to right the bars stand in the order of the rows.", _order),
        _asked(
            "negative",
            "Bars of negative numbers hang from the line of zero, on which the others stand, and "
            "all are in one proportion.",
            _negative,
        ),
        _asked(
            "axes",
            "A line runs along zero under all bars, and an upright line stands to their left, from "
            "there to the top of the tallest.",
            _axes,
        ),
        _asked(
            "title",
            "TITLE is written at the top, in the middle of the picture, above all bars.",
            _title,
        ),
        _asked(
            "labels",
            "Each row's label is written below its bars, in the middle of them.",
            _labels,
        ),
        _asked(
            "columns",
            "Where rows have several numbers, their bars stand side by side in the columns' order, "
            "nearer to each other than to those of the next row; each column has a colour of its "
            "own, the same in all rows and easy to tell from the others.",
            _columns,
        ),
        _asked(
            "errors",
            "A file that is not there or has no rows, a row with too few fields, and a number that "
            "is none are refused: exit code 2, a message on standard error, and no picture.",
            _errors,
        ),
    ),
)
offered(PLOT)
