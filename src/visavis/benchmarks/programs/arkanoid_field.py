"""What of an Arkanoid stands still, and by that, what moves: the paddle and the ball."""

import numpy as np

from visavis.benchmarks.programs.arkanoid_sight import (
    Box,
    Brick,
    Mask,
    bricks,
    differs,
    ground,
    pieces,
    pixels,
    shrunk,
)
from visavis.benchmarks.programs.png import Pixels
from visavis.core.tell import tell
from visavis.scoring.fence.stage import StoppedError
from visavis.scoring.fence.stage_game import Frame


class UnseenError(StoppedError):
    """Something that must be there cannot be seen."""


class Field:
    """What does not move: the ground, the bricks, the texts; and by that, what does."""

    def __init__(self, whole: Frame, scale: int, moved: list[Frame]) -> None:
        """`whole` shows the start, `moved` what came of it by the arrow keys; what moves will be
        looked for in frames of that scale."""
        start = pixels(whole)
        self.width, self.height = whole.width, whole.height
        self.start = whole
        self.ground = ground(start)
        self.bricks: tuple[Brick, ...] = bricks(start)
        """Those of the start, by rows."""
        self.scale = scale
        mobile = _mobile(start, self.ground, [pixels(frame) for frame in moved])
        if not mobile:
            raise UnseenError(tell("no paddle is seen: nothing moves by LEFT and RIGHT"))
        self._paddle = _paddle(differs(start, self.ground), mobile)
        self._still = pixels(shrunk(whole, scale)).copy()
        for box in mobile:
            left, top, right, bottom = (int(side) // self.scale for side in box)
            self._still[max(0, top - 1) : bottom + 2, max(0, left - 1) : right + 2] = self.ground

    @property
    def paddle(self) -> Box:
        """Where the paddle was at the start."""
        return self._paddle

    @property
    def lowest_brick(self) -> float:
        return max((brick.box.bottom for brick in self.bricks), default=0.0)

    def moving(self, frame: Frame) -> Mask:
        """Where there is something that is neither ground nor still."""
        seen: Pixels = pixels(frame)
        return differs(seen, self.ground) & differs(seen, self._still)

    def paddle_in(self, moving: Mask) -> Box | None:
        """The paddle, which only ever moves sideways."""
        top, bottom = self._rows()
        covered = moving[top:bottom].mean(axis=0) >= 0.6
        edges = np.flatnonzero(np.diff(np.concatenate(([0], covered.astype(np.int8), [0]))))
        runs = list(zip(edges[::2], edges[1::2], strict=True))
        if not runs:
            return None
        left, right = max(runs, key=lambda run: run[1] - run[0])
        box = Box(left, top, right, bottom).scaled(self.scale)
        return box._replace(top=self._paddle.top, bottom=self._paddle.bottom)

    def others_in(self, moving: Mask, paddle: Box | None) -> list[Box]:
        """Everything that moves but the paddle."""
        left = moving.copy()
        if paddle is not None:
            top, bottom = self._rows()
            here = slice(int(paddle.left) // self.scale - 1, int(paddle.right) // self.scale + 1)
            left[top - 1 : bottom + 1, max(0, here.start) : here.stop] = False
        return [box.scaled(self.scale) for box, area in pieces(left) if area >= 3]

    def _rows(self) -> tuple[int, int]:
        top = int(self._paddle.top) // self.scale
        return top, max(top + 1, int(self._paddle.bottom) // self.scale)


def _mobile(start: Pixels, colour: tuple[int, int, int], moved: list[Pixels]) -> list[Box]:
    """What stood in the lower half at the start, and moved."""
    there = differs(start, colour)
    changed = np.zeros_like(there)
    for frame in moved:
        if frame.shape != start.shape:
            raise UnseenError(tell("the window changes its size"))
        changed |= differs(start, frame)
    return [
        box
        for box, _ in pieces(there)
        if box.bottom > start.shape[0] / 2
        and changed[int(box.top) : int(box.bottom), int(box.left) : int(box.right)].any()
    ]


def _paddle(there: Mask, mobile: list[Box]) -> Box:
    """Of what moved the widest; a ball that lies on it is not part of it."""
    box = max(mobile, key=lambda one: one.width)
    part = there[int(box.top) : int(box.bottom), int(box.left) : int(box.right)]
    wide = np.flatnonzero(part.sum(axis=1) >= 0.7 * part.sum(axis=1).max())
    return box._replace(top=box.top + int(wide[0]), bottom=box.top + int(wide[-1]) + 1)
