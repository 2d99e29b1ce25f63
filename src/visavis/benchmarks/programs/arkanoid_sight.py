"""What can be seen in the frames of an Arkanoid: bricks, paddle, ball and texts.

Nothing is known of a program's colours, sizes or places. The ground is the most frequent colour.
Bricks are rectangles of one colour that stand in rows. The paddle is what moves in the lower half
when an arrow key is pressed. The ball is what flies when it has been launched. A text is shown
where a frame holds it as pygame's own font writes it.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from visavis.benchmarks.programs.png import Pixels
from visavis.scoring.fence.stage_game import Frame, Typeset, Written

Mask = NDArray[np.bool_]
Colour = tuple[int, int, int]

_FEWEST_IN_A_ROW: Final = 3
_FILLED: Final = 0.8
"""Of a brick's rectangle: its corners may be round."""
_SOLID: Final = 255
"""Of a pixel that a letter covers whole."""
_PROBES: Final = 48


class Box(NamedTuple):
    """A rectangle in pixels of the window; `right` and `bottom` are the first beyond it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.top + self.bottom) / 2

    def apart(self, other: "Box") -> float:
        """Pixels between the two, the larger of across and down; 0 where they touch."""
        across = max(self.left - other.right, other.left - self.right)
        down = max(self.top - other.bottom, other.top - self.bottom)
        return max(0.0, across, down)

    def scaled(self, scale: float) -> "Box":
        return Box(*(scale * side for side in self))


@dataclass(frozen=True, slots=True)
class Brick:
    """One brick, as it stood at the start."""

    box: Box
    colour: Colour
    row: int


def pixels(frame: Frame) -> Pixels:
    """The frame as an array."""
    return np.frombuffer(frame.rgb, np.uint8).reshape(frame.shape)


def shrunk(frame: Frame, scale: int) -> Frame:
    """The frame as it would have come at a larger scale."""
    rows, columns = frame.height // scale, frame.width // scale
    seen = pixels(frame)[scale // 2 :: scale, scale // 2 :: scale][:rows, :columns]
    return replace(frame, scale=scale, rgb=np.ascontiguousarray(seen).tobytes())


def ground(frame: Pixels) -> Colour:
    """The most frequent colour."""
    colours, counts = np.unique(_packed(frame), return_counts=True)
    return _colour(int(colours[counts.argmax()]))


def _packed(frame: Pixels) -> NDArray[np.uint32]:
    wide = frame.astype(np.uint32)
    packed: NDArray[np.uint32] = wide @ np.array([1 << 16, 1 << 8, 1], dtype=np.uint32)
    return packed


def _colour(packed: int) -> Colour:
    return packed >> 16, packed >> 8 & 255, packed & 255


def differs(frame: Pixels, other: Pixels | Colour) -> Mask:
    """Where a frame is not like another one, or not of one colour."""
    unlike: Mask = (frame != np.asarray(other, np.uint8)).any(axis=-1)
    return unlike


def pieces(mask: Mask) -> Iterator[tuple[Box, int]]:
    """Connected pieces, with how many pixels each has; pixels that touch at a corner connect."""
    from scipy import ndimage  # slow to import

    labels, _ = ndimage.label(mask, np.ones((3, 3)))
    areas = np.bincount(labels.ravel())
    for number, (rows, columns) in enumerate(ndimage.find_objects(labels), 1):
        yield Box(columns.start, rows.start, columns.stop, rows.stop), int(areas[number])


def bricks(frame: Pixels) -> tuple[Brick, ...]:
    """Rectangles of one colour that stand in rows in the upper three quarters, row by row."""
    height, width, _ = frame.shape
    packed, found = _packed(frame), list[tuple[Box, Colour]]()
    colours, counts = np.unique(packed, return_counts=True)
    for colour in colours[counts >= height * width / 2000]:
        if _colour(int(colour)) == ground(frame):
            continue
        for box, area in pieces(packed == colour):
            if _like_a_brick(box, area, width, height):
                found.append((box, _colour(int(colour))))
    return tuple(_in_rows(found))


def _like_a_brick(box: Box, area: int, width: int, height: int) -> bool:
    return (
        area >= _FILLED * box.width * box.height
        and box.width >= max(6, box.height)
        and box.width <= width / 2
        and box.height >= 4
        and box.bottom <= 0.75 * height
    )


def _in_rows(found: Iterable[tuple[Box, Colour]]) -> Iterator[Brick]:
    by_place = sorted(found, key=lambda one: (one[0].top, one[0].height, one[0].left))
    row = 0
    for _, here in groupby(by_place, key=lambda one: (one[0].top, one[0].height)):
        held = list(here)
        if len(held) >= _FEWEST_IN_A_ROW:
            yield from (Brick(box, colour, row) for box, colour in held)
            row += 1


def standing(stood: Sequence[Brick], frame: Frame) -> list[bool]:
    """Which bricks are still there: their middle has their colour."""
    seen, scale = pixels(frame), frame.scale
    return [
        tuple(seen[int(one.box.y) // scale, int(one.box.x) // scale]) == one.colour for one in stood
    ]


class Typesetter(Protocol):
    """What sets texts: a stage."""

    def typeset(self, texts: Sequence[Written]) -> tuple[Typeset, ...]: ...


class Reader:
    """Reads texts in frames: those that the program says it wrote, where they can be seen."""

    def __init__(self, typeset: Typesetter) -> None:
        self._typeset = typeset
        self._known: dict[Written, Typeset] = {}

    def places(self, frame: Frame, written: Iterable[Written], like: str = ".") -> dict[Box, str]:
        """Where which text is seen, of those that match a pattern; the longest first."""
        wanted = [one for one in written if re.search(like, one.text, re.IGNORECASE)]
        missing = [one for one in wanted if one not in self._known]
        if missing:
            self._known |= dict(zip(missing, self._typeset.typeset(missing), strict=True))
        seen = pixels(frame)
        wanted.sort(key=lambda one: -len(one.text))
        found = ((find(seen, self._known[one], one.colour), one.text) for one in wanted)
        return {box: text for box, text in found if box is not None}

    def shown(self, frame: Frame, written: Iterable[Written], like: str) -> tuple[str, ...]:
        """The texts that are seen, of those that match a pattern; the longest first."""
        return tuple(self.places(frame, written, like).values())

    def number(self, frame: Frame, written: Iterable[Written], name: str) -> int | None:
        """The number shown as `Score: 10`; None where none is."""
        shown = self.shown(frame, written, rf"^\s*{name}\s*:?\s*\d+\s*$")
        return int(re.sub(r"\D", "", shown[0])) if shown else None


def find(frame: Pixels, text: Typeset, colour: Colour) -> Box | None:
    """Where a text stands in a frame, letters and what is between them; None where it does not."""
    cover = np.frombuffer(text.cover, np.uint8).reshape(text.height, text.width)
    if text.height > frame.shape[0] or text.width > frame.shape[1]:
        return None
    solid, clear = np.argwhere(cover == _SOLID), np.argwhere(cover == 0)
    if not len(solid):
        return None
    same = ~differs(frame, colour)
    room = (frame.shape[0] - text.height + 1, frame.shape[1] - text.width + 1)
    first = same[solid[0][0] :, solid[0][1] :][: room[0], : room[1]]
    places = np.argwhere(first)
    for dy, dx in (*_spread(solid), *solid):
        if not len(places):
            return None
        places = places[same[places[:, 0] + dy, places[:, 1] + dx]]
    for top, left in places[:50]:
        around = same[top + clear[:, 0], left + clear[:, 1]]
        if around.mean() < 0.1:
            return Box(left, top, left + text.width, top + text.height)
    return None


def _spread(points: NDArray[np.int64]) -> NDArray[np.int64]:
    """A few of many points, from all over: they rule most places out."""
    return points[:: max(1, len(points) // _PROBES)]
