"""A bar chart read back from its pixels: its bars, and where there is ink.

Colour is what tells a bar from everything else: the task asks that nothing else has any.
"""

import struct
import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from itertools import groupby
from types import ModuleType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from visavis.benchmarks.programs.base import UnmetError
from visavis.core.errors import OptionError
from visavis.core.tell import tell

_COLOURFUL: Final = 40
"""Between the strongest and the weakest of red, green and blue: a pixel of a bar."""
_INK: Final = 176
"""Of a colourless pixel: darker is ink."""
_WHITE: Final = 250
MOST_PIXELS: Final = 4_000_000
_THINNEST_PX: Final = 4
"""Less is a blurred edge between two bars, not a bar."""
_HEAD: Final = struct.Struct(">8s8x2I")
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_DECODING: Final = (
    *(OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, ArithmeticError),
    *(MemoryError, struct.error, zlib.error),
)
"""What Pillow's decoders raise of files that are not what they seem."""

Pixels = NDArray[np.uint8]
Mask = NDArray[np.bool_]


class Bar(NamedTuple):
    """A rectangle of one colour; `right` and `bottom` are the first pixels beyond it."""

    left: int
    right: int
    top: int
    bottom: int
    colour: tuple[int, int, int]

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """The pixels of a chart: rows, columns, then red, green and blue."""

    pixels: Pixels

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        height, width = self.pixels.shape[:2]
        return width, height

    @property
    def ink(self) -> Mask:
        """Pixels that are black or a darker grey."""
        return np.asarray(~self._colourful & (self.pixels.max(axis=2) < _INK))

    @property
    def white_corners(self) -> bool:
        width, height = self.size
        ys, xs = np.ix_((0, 1, height - 2, height - 1), (0, 1, width - 2, width - 1))
        return bool((self.pixels[ys, xs] >= _WHITE).all())

    @property
    def bars(self) -> tuple[Bar, ...]:
        """From left to right; neighbours that touch are told apart by their colours."""
        colourful, codes = self._colourful, self.pixels.astype(np.int64) @ (65_536, 256, 1)
        columns = [_main(codes[colourful[:, x], x]) for x in range(self.size[0])]
        bars, left = [], 0
        for colour, run in groupby(columns):
            width = len(list(run))
            if colour is not None and width >= _THINNEST_PX:
                bars.append(self._bar(left, left + width, colour))
            left += width
        return tuple(bars)

    @property
    def _colourful(self) -> Mask:
        strong, weak = self.pixels.max(axis=2), self.pixels.min(axis=2)
        return np.asarray(strong.astype(int) - weak > _COLOURFUL)

    def _bar(self, left: int, right: int, colour: tuple[int, int, int]) -> Bar:
        filled = (self.pixels[:, left:right] == colour).all(axis=2).sum(axis=1) * 2 > right - left
        rows = np.flatnonzero(filled)
        top, bottom = (int(rows[0]), int(rows[-1]) + 1) if len(rows) else (0, 0)
        if len(rows) != bottom - top or not len(rows):
            raise UnmetError(
                tell(
                    "the columns {left} to {right} hold colour, but no whole rectangle",
                    left=left,
                    right=right,
                )
            )
        return Bar(left, right, top, bottom, colour)


def _main(codes: NDArray[np.int64]) -> tuple[int, int, int] | None:
    """The most frequent of some colours, each a number of 24 bits."""
    if not len(codes):
        return None
    colours, counts = np.unique(codes, return_counts=True)
    main = int(colours[counts.argmax()])
    return main >> 16, main >> 8 & 255, main & 255


def read_picture(data: bytes) -> Picture:
    """The picture in a PNG file; a giant one is never decoded."""
    if len(data) < _HEAD.size or not data.startswith(_PNG):
        raise UnmetError(tell("the file is not a PNG"))
    _, *seen = _HEAD.unpack_from(data)
    size = (seen[0], seen[1])
    if not 0 < size[0] * size[1] <= MOST_PIXELS:
        raise UnmetError(
            tell("the picture has {width} by {height} pixels", width=size[0], height=size[1])
        )
    pillow = _pillow()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of harmless oddities of a file
        try:
            opened = pillow.open(BytesIO(data), formats=("PNG",)).convert("RGBA")
        except _DECODING as error:
            raise UnmetError(tell("the PNG file is broken")) from error
    on_white = pillow.new("RGBA", size, "white")
    on_white.alpha_composite(opened)
    return Picture(np.asarray(on_white.convert("RGB")))


def _pillow() -> ModuleType:
    try:
        import PIL.Image
    except ImportError as error:
        raise OptionError(
            "these programs draw with Pillow; install it: pip install 'visavis[programs]'"
        ) from error
    return PIL.Image
