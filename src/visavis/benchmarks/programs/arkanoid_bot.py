"""Plays an Arkanoid by its keys alone, and sees it by its frames alone."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import hypot
from typing import Final, NamedTuple

import numpy as np

from visavis.benchmarks.programs.arkanoid_field import Field, UnseenError
from visavis.benchmarks.programs.arkanoid_sight import Box, Reader, shrunk, standing
from visavis.core.tell import tell
from visavis.scoring.fence.stage import Game, Stage
from visavis.scoring.fence.stage_game import Frame

LOOK_S: Final = 1 / 30
"""Between two looks from which a speed is read."""
_LONGEST_LOOK_S: Final = 1.0
_SHORTEST_S, _LONGEST_S = 0.9 * LOOK_S, 0.25
_WIDE_PX: Final = 360
"""About as wide are the frames that the bot looks at; a window of 640 is halved."""
_LAUNCH_S: Final = 0.6
_LOST_S: Final = 0.5
"""A ball that is not seen for so long has to be launched again."""
_SEEN_AFTER: Final = 4
"""Looks at a ball after it came back, from which its way is read."""
_AIMS: Final = tuple(number / 12 for number in range(-9, 10))


class Speed(NamedTuple):
    """Pixels a second, to the right and down."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen at one moment, in pixels of the window."""

    frame: Frame
    paddle: Box | None
    ball: Box | None
    speed: Speed | None
    """Of the ball, since the look before, where that was a short while ago."""


Aim = Callable[[float], float]
"""Where on the paddle, from -1 to 1, a ball is to fall that comes down at some place."""


def missed(falls_at: float) -> float:
    """Aims nowhere: the paddle gets out of the ball's way."""
    return 0.0


class Player:
    """A game with what is known of it, and the means to play it."""

    def __init__(self, stage: Stage, file: str) -> None:
        """Start the game, and find out what the arrow keys move."""
        self.game: Game = stage.play(file)
        self.reader = Reader(stage)
        self.fine = False
        """Whether the ball is to be seen all the way, and not only where the bot needs it."""
        self.seen: list[Look] = []
        """Every look so far."""
        self._scale = 1
        self.field, self.paddle_speed = self._learn()
        self._ball: Box | None = None
        """How large the ball is; None before it was seen in flight."""
        self.last: Look | None = None
        """The latest look; None where what came before tells nothing of what comes."""
        self._recent: list[Look] = []
        self._seen: set[Box] = set()
        """All that moves and is no paddle, at the last look: what is there again does not fly."""
        self._texts = [
            box._replace(left=box.left - box.width, right=box.right + box.width)
            for box in self.reader.places(self.field.start, self.game.written)
        ]
        """Where texts stand, with room for longer ones: letters are no ball."""
        self._held: str | None = None
        self.angles: list[tuple[float, float]] = []
        """Where on the paddle a ball fell, and its speed across over that upwards afterwards."""
        self._falls_at: float | None = None
        """Where the ball was last seen to come down to the paddle."""
        self._since = 0
        """The first look after the ball was last seen to come back from the paddle."""
        self._where: float | None = None
        """Where on the paddle it is to fall."""
        self._random = random.Random(0)

    def _learn(self) -> tuple[Field, float]:
        whole = self.whole(0.2)
        self._scale = max(1, round(whole.width / _WIDE_PX))
        frames = []
        for key, seconds in (("LEFT", 0.25), ("RIGHT", 0.5)):
            self.game.down(key)
            frames.append(self.whole(seconds))
            self.game.up(key)
        field = Field(whole, self._scale, frames)
        before, after = (
            field.paddle_in(field.moving(shrunk(frame, self._scale))) for frame in frames
        )
        moved = abs(after.x - before.x) if before and after else 0.0
        return field, max(moved / 0.5, 60.0)

    def whole(self, seconds: float) -> Frame:
        """Play on, and see every pixel."""
        frames = self.game.step(seconds)
        if not frames:
            raise UnseenError(tell("no window is open"))
        return frames[-1]

    def texts(self, frame: Frame, like: str) -> tuple[str, ...]:
        return self.reader.shown(frame, self.game.written, like)

    def number(self, frame: Frame, name: str) -> int | None:
        return self.reader.number(frame, self.game.written, name)

    def look(self, seconds: float = LOOK_S) -> Look:
        """Play on, and see where paddle and ball are; all the way where that is `fine`."""
        every_s = LOOK_S if self.fine else 0.0
        for frame in self.game.step(seconds, every_s, self._scale):
            self.last = self._looked(frame)
            self.seen.append(self.last)
        assert self.last is not None, "a step has a frame"
        return self.last

    def _looked(self, frame: Frame) -> Look:
        moving = self.field.moving(frame)
        paddle = self.field.paddle_in(moving)
        ball = self._which(self.field.others_in(moving, paddle), paddle)
        look = Look(frame, paddle, ball, self._speed(frame, ball))
        self._recent = [*self._recent[-5:], look]
        return look

    def moving_things(self, frame: Frame) -> tuple[Box | None, frozenset[Box]]:
        """The paddle, and all that moves and is as large as a ball."""
        moving = self.field.moving(shrunk(frame, self._scale) if frame.scale == 1 else frame)
        paddle = self.field.paddle_in(moving)
        others = self.field.others_in(moving, paddle)
        return paddle, frozenset(box for box in others if self._like_the_ball(box))

    def _like_the_ball(self, box: Box) -> bool:
        size = self._ball
        return size is not None and (
            0.4 * size.width - 2 <= box.width <= 1.5 * size.width + 2
            and 0.4 * size.height - 2 <= box.height <= 1.5 * size.height + 2
        )

    def _which(self, boxes: list[Box], paddle: Box | None) -> Box | None:
        """Of what moves, the ball: of its size, and nearest to where it should be."""
        before, self._seen = self._seen, set(boxes)
        alike = [
            box
            for box in boxes
            if self._like_the_ball(box)
            and not (paddle and box.apart(paddle) <= 1 + self._scale)
            and box not in before
            and not any(box.apart(text) <= 0 for text in self._texts)
        ]
        last = self.last.ball if self.last else None
        if last is None:
            return max(alike, key=lambda box: box.y, default=None)
        return min(alike, key=lambda box: hypot(box.x - last.x, box.y - last.y), default=None)

    def _speed(self, frame: Frame, ball: Box | None) -> Speed | None:
        """From the longest straight way that was just seen; a short one tells little."""
        seen = [(look.frame.at_s, look.ball) for look in self._recent]
        for at, (from_s, first) in enumerate(seen):
            seconds = frame.at_s - from_s
            if not (ball and first and _SHORTEST_S <= seconds <= _LONGEST_S):
                continue
            speed = Speed((ball.x - first.x) / seconds, (ball.y - first.y) / seconds)
            between = [(at_s - from_s, box) for at_s, box in seen[at + 1 :]]
            if all(box and self._on_way(first, speed, after_s, box) for after_s, box in between):
                return speed
        return None

    def _on_way(self, first: Box, speed: Speed, after_s: float, box: Box) -> bool:
        x, y = first.x + speed.x * after_s, first.y + speed.y * after_s
        return max(abs(box.x - x), abs(box.y - y)) <= 1.5 * self._scale

    def hold(self, key: str | None) -> None:
        """Hold one arrow key, or none."""
        if key != self._held:
            if self._held:
                self.game.up(self._held)
            if key:
                self.game.down(key)
            self._held = key

    def launch(self) -> bool:
        """Press SPACE, and see whether a ball flies; learn its size by that."""
        self.hold(None)
        self.last, self._recent = None, []
        self.game.tap("SPACE")
        seen: list[Box] = []
        for _ in range(round(_LAUNCH_S / LOOK_S)):
            frame = self.game.step(LOOK_S, scale=self._scale)[-1]
            moving = self.field.moving(frame)
            paddle = self.field.paddle_in(moving) or self.field.paddle
            over = self.field.others_in(moving, paddle)
            free = [box for box in over if _flies(box, paddle, self.field.lowest_brick)]
            if free:
                seen.append(max(free, key=lambda box: box.width * box.height))
            if len(seen) >= 3 and seen[-1] != seen[-2]:
                if self._ball is None:
                    self._ball = seen[-1]
                self.look()
                return True
        return False

    def rally(self, limit_s: float, aim: Aim) -> Iterator[Look]:
        """Keep the ball in play for so long; gives every look. Lost balls are launched anew."""
        end_s = self.game.now_s + limit_s
        lost_s = None
        while self.game.now_s < end_s:
            look = self.last or self.look()
            if look.ball is not None:
                lost_s = None
                self._bounced(look)
                yield self.look(self._reach(look, aim))
                continue
            self.hold(None)
            lost_s = lost_s or self.game.now_s
            if self.game.now_s - lost_s >= _LOST_S:
                self._serve()
                lost_s = None
            yield self.look(2 * LOOK_S)

    def _serve(self) -> None:
        """Launch a ball; where none comes, the game is over or won, so play a new one."""
        if not self.launch() and not self.launch():
            self.game.tap("r")
            self.launch()

    def _bounced(self, look: Look) -> None:
        """Where the ball came back from the paddle, learn how it did."""
        falls_at, speed = self._falls_at, look.speed
        if falls_at is None or speed is None or speed.y >= 0:
            return
        since = [one for one in self.seen[self._since :] if one.ball]
        if self.fine and _after_lowest(since) < _SEEN_AFTER:
            return  # not yet
        self._falls_at = self._where = None
        self._since = len(self.seen)
        paddle = look.paddle or self.field.paddle
        if self.fine:
            seen = _bounce(since, self.field.width)
            self.angles += [seen] if seen else []
        elif 0.12 <= falls_at / self.field.width <= 0.88:  # elsewhere a wall turns it at once
            offset = (falls_at - paddle.x) / (paddle.width / 2)
            self.angles.append((max(-1.0, min(1.0, offset)), -speed.x / speed.y))

    def _reach(self, look: Look, aim: Aim) -> float:
        """Press what brings the paddle under the ball; gives for how long nothing need be seen."""
        ball, speed = look.ball, look.speed
        paddle, lowest = look.paddle or self.field.paddle, self.field.lowest_brick
        assert ball is not None
        if speed is None:
            self.hold(None)
            return LOOK_S
        fast, sure = max(abs(speed.y), 1.0), speed.y > 0 and ball.bottom >= lowest
        lands_s = max(0.0, paddle.top - max(lowest, ball.bottom)) / fast
        if speed.y <= 0:  # it may come back from the lowest brick
            lands_s = (max(0.0, ball.top - lowest) + max(0.0, paddle.top - lowest)) / fast
        falls_at = self.folded(ball.x + speed.x * lands_s, ball.width / 2)
        if sure:
            if self._falls_at is None:
                self._where = aim(falls_at)
            self._falls_at = falls_at
        way = self._target(falls_at, paddle, aim) - paddle.x
        if abs(way) <= max(3.0, 2 * self._scale, self.paddle_speed / 50):
            self.hold(None)
            wait_s = lands_s + LOOK_S if sure else min(lands_s - 0.15, _LONGEST_LOOK_S)
            return max(LOOK_S, wait_s)
        self.hold("RIGHT" if way > 0 else "LEFT")
        return max(1 / 60, min(abs(way) / self.paddle_speed, max(lands_s - 0.1, LOOK_S)))

    def _target(self, falls_at: float, paddle: Box, aim: Aim) -> float:
        """Where the paddle's middle should be."""
        if aim is missed:  # out of its way, to the farther side
            return self.field.width * (0.1 if falls_at > self.field.width / 2 else 0.9)
        return falls_at - (self._where or 0.0) * paddle.width / 2

    def folded(self, x: float, radius: float) -> float:
        """A place beyond the walls, back between them."""
        room = max(1.0, self.field.width - 2 * radius)
        away = (x - radius) % (2 * room)
        return radius + (away if away <= room else 2 * room - away)

    def fall(self, limit_s: float = 25.0) -> None:
        """Launch the ball if none flies, and let it fall."""
        if self.last is None or self.last.ball is None:
            must_fly = self.launch()
            if not must_fly:
                raise UnseenError(tell("no ball flies when SPACE is pressed"))
        gone_s = 0.0
        for look in self.rally(limit_s, missed):
            gone_s = 0.0 if look.ball else gone_s + LOOK_S
            if gone_s >= 0.3 or (look.ball and look.ball.y > self.field.paddle.bottom):
                self.hold(None)
                self.last = None
                self.game.step(1.0)
                return
        raise UnseenError(
            tell("the ball never falls past the paddle, though nothing is in its way")
        )

    def standing(self, frame: Frame) -> list[bool]:
        """Which bricks of the start still stand."""
        return standing(self.field.bricks, frame)

    def at_a_brick(self, falls_at: float) -> float:
        """An aim from which a ball that falls there should fly to a brick that still stands."""
        stands = self.standing(self.last.frame) if self.last else []
        left = [b.box for b, there in zip(self.field.bricks, stands, strict=False) if there]
        aims = sorted(_AIMS, key=lambda _: self._random.random())
        return min(aims, key=lambda one: self._off(one, falls_at, left))

    def through(self, falls_at: float) -> float:
        """An aim at the column with the fewest bricks: the shortest way to the top wall."""
        stands = self.standing(self.last.frame) if self.last else []
        columns: dict[float, list[Box]] = {}
        for brick, there in zip(self.field.bricks, stands, strict=False):
            columns.setdefault(brick.box.x, []).extend([brick.box] if there else [])
        fewest = min(columns.values(), key=len, default=[])
        if not fewest:
            place = min(columns, key=lambda x: len(columns[x]), default=self.field.width / 2)
            top = min((brick.box.top for brick in self.field.bricks), default=0.0)
            fewest = [Box(place - 20, top, place + 20, top + 10)]
        return min(_AIMS, key=lambda one: self._off(one, falls_at, fewest))

    def _off(self, aim: float, falls_at: float, left: Sequence[Box]) -> float:
        """By how many widths of a brick such a ball would miss the middle of the nearest."""
        slope, radius = self._slope(aim), self.field.paddle.height / 2
        off = (
            abs(self.folded(falls_at + slope * (self.field.paddle.top - box.y), radius) - box.x)
            / box.width
            for box in left
        )
        return max(0.3, min(off, default=0.3))  # nearer than that, one is as good as another

    def _slope(self, aim: float) -> float:
        """Across by up, of a ball that falls there, by what was seen of others."""
        if len(self.angles) < 3:
            return aim
        offsets, slopes = np.array(self.angles[-30:]).T
        if np.ptp(offsets) < 0.3:
            return aim
        rises, at_zero = np.polyfit(offsets, np.arctan(slopes), 1)
        return float(np.tan(np.clip(rises * aim + at_zero, -1.3, 1.3)))


def _flies(box: Box, paddle: Box, lowest_brick: float) -> bool:
    return (
        box.bottom < paddle.top - 2
        and box.top > lowest_brick
        and box.width <= paddle.width
        and 0.4 <= box.width / box.height <= 2.5
    )


def _after_lowest(looks: Sequence[Look]) -> int:
    """How many looks there are after the one at which the ball was lowest."""
    bottoms = [look.ball.bottom for look in looks if look.ball]
    return len(bottoms) - 1 - bottoms.index(max(bottoms)) if bottoms else 0


def _bounce(looks: Sequence[Look], width: float) -> tuple[float, float] | None:
    """Where on the paddle a ball fell, and its way across by up afterwards, where that was seen
    from close by and no wall was near."""
    at = len(looks) - 1 - _after_lowest(looks)
    if at < 2:
        return None
    came, here, up, left = looks[at - 2], looks[at], looks[at + 1], looks[at + _SEEN_AFTER]
    if not (came.ball and here.ball and up.ball and left.ball):
        return None
    boxes = (here.ball, left.ball)
    away = min(*(box.left for box in boxes), *(width - box.right for box in boxes))
    fallen, risen = here.ball.y - came.ball.y, up.ball.y - left.ball.y
    near = left.frame.at_s - came.frame.at_s <= 8 * LOOK_S
    if here.paddle is None or away < here.ball.width or min(risen, fallen) <= 0 or not near:
        return None
    if here.paddle.left <= 4 or here.paddle.right >= width - 4:
        return None  # part of it may be beyond the wall
    below = max(0.0, here.paddle.top - here.ball.bottom)
    falls_at = here.ball.x + (here.ball.x - came.ball.x) * below / fallen
    offset = (falls_at - here.paddle.x) / (here.paddle.width / 2)
    return max(-1.0, min(1.0, offset)), (left.ball.x - up.ball.x) / risen
