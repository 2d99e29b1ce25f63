"""The first four checks of an Arkanoid: its window, its paddle, and how its ball flies."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from visavis.benchmarks.programs.arkanoid_bot import LOOK_S, Look, Player
from visavis.benchmarks.programs.arkanoid_field import UnseenError
from visavis.benchmarks.programs.arkanoid_scene import FILE, PLAYED_S, Scene
from visavis.benchmarks.programs.arkanoid_sight import Box, Reader, differs, ground, pixels
from visavis.benchmarks.programs.base import UnmetError, must
from visavis.core.tell import tell
from visavis.scoring.fence.stage import Game, StoppedError
from visavis.scoring.fence.stage_game import Frame

TITLE: Final = "Arkanoid"
SMALLEST, LARGEST = (320, 240), (1600, 1200)
_WALLS: Final = (tell("left"), tell("right"), tell("top"))


def window(scene: Scene) -> str:
    game = scene.stage.play(FILE)
    frame = scene.show(_seen(game, 0.5))
    width, height = frame.width, frame.height
    must(
        game.title == TITLE,
        "the window's title is {title!r}, not {due!r}",
        title=game.title,
        due=TITLE,
    )
    fits = SMALLEST[0] <= width <= LARGEST[0] and SMALLEST[1] <= height <= LARGEST[1]
    must(fits, "the window has {width} × {height} pixels", width=width, height=height)
    drawn = differs(pixels(frame), ground(pixels(frame)))
    for box in Reader(scene.stage).places(frame, game.written):
        drawn[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = False
    must(float(drawn.mean()) >= 0.005, "the window shows no field: nothing but ground and texts")
    game.close_window()
    try:
        game.step(1.0)
    except StoppedError as ended:
        must(ended.code is not None, str(ended))
        return tell(
            "{width} × {height} pixels, titled {due!r}; closed when it was asked to",
            width=width,
            height=height,
            due=TITLE,
        )
    raise UnmetError(tell("it goes on when its window is closed"))


def paddle(scene: Scene) -> str:
    player = scene.play()
    width = player.field.paddle.width
    for key, wall in (("LEFT", 0), ("RIGHT", player.field.width)):
        before = _paddle(player)
        player.hold(key)
        player.look(0.1)
        after = _paddle(player)
        moved = after.x - before.x
        must(
            moved * (1 if wall else -1) > 0,
            "{key} moves it by {moved:.0f} pixels",
            key=key,
            moved=moved,
        )
        player.hold(None)
        player.look()
        stood = _paddle(player)
        player.look(0.4)
        must(_paddle(player) == stood, "it goes on when {key} is let go", key=key)
        player.hold(key)
        player.look(6.0)
        player.hold(None)
        at_wall = _paddle(player)
        scene.show(player.whole(LOOK_S))
        scene.note(player.game.now_s, f"{key} to the end: from {at_wall.left} to {at_wall.right}")
        off = at_wall.width < 0.95 * width - 2 * player.field.scale
        must(
            not off,
            "{key} takes it out of the window: {seen:.0f} of {width:.0f} seen",
            key=key,
            seen=at_wall.width,
            width=width,
        )
        room = abs(wall - (at_wall.right if wall else at_wall.left))
        must(
            room <= 0.1 * player.field.width,
            "{key} stops it {room:.0f} pixels from the wall",
            key=key,
            room=room,
        )
    return tell("it moves by both keys, stands still without, and stops at both walls")


def ball(scene: Scene) -> str:
    player = scene.play()
    first, second = player.whole(0.3), player.whole(0.5)
    must(not differs(pixels(first), pixels(second)).any(), "something moves before SPACE")
    player.fine = True
    must(player.launch(), "no ball flies when SPACE is pressed")
    turned: dict[str, float] = {}
    done = len(player.seen)

    def towards(falls_at: float) -> float:
        if "top" not in turned:
            return player.through(falls_at)
        return -0.8 if "left" not in turned else 0.8

    for look in player.rally(PLAYED_S, towards):
        for wall in _turns(player, player.seen[max(0, done - 2) :], scene):
            turned.setdefault(wall, look.frame.at_s)
        done = len(player.seen)
        if len(turned) == 3:
            scene.show(player.whole(LOOK_S))
            return tell("it bounced off all three walls: {told}", told=_at(turned))
    missed = [wall for wall in _WALLS if wall not in turned]
    raise UnmetError(
        tell(
            "in {played_s:.0f} s it never bounced off: {told}",
            played_s=PLAYED_S,
            told=", ".join(missed),
        )
    )


def _at(turned: dict[str, float]) -> str:
    return ", ".join(
        tell("{told} at {at_s:.1f} s", told=wall, at_s=at_s) for wall, at_s in turned.items()
    )


def _turns(player: Player, seen: Sequence[Look], scene: Scene) -> list[str]:
    """At which walls the ball turned round in what was seen last."""
    looks = [look for look in seen if look.ball]
    found: list[str] = []
    width = player.field.width
    highest = min((brick.box.top for brick in player.field.bricks), default=0.0)
    for one, two, three in zip(looks, looks[1:], looks[2:], strict=False):
        a, b, c = one.ball, two.ball, three.ball
        if a is None or b is None or c is None or three.frame.at_s - one.frame.at_s > 4 * LOOK_S:
            continue
        for one_box, next_box in ((a, b), (b, c)):
            far = abs(next_box.x - one_box.x) >= width / 2
            far |= abs(next_box.y - one_box.y) >= player.field.height / 2
            must(not far, "it jumps from one side of the window to the other")
        if a.x > b.x < c.x and b.left <= 0.08 * width:
            found.append("left")
        if a.x < b.x > c.x and b.right >= 0.92 * width:
            found.append("right")
        if a.y > b.y < c.y and b.y < highest:
            found.append("top")
        if found:
            scene.note(two.frame.at_s, f"turns at {b.x:.0f}, {b.y:.0f}: {found[-1]}")
    return found


_AIMED: Final = (-0.8, -0.4, 0.4, 0.8)
_HITS: Final = 2
"""Of each of the four parts of the paddle."""


def aim(scene: Scene) -> str:
    player = scene.play()
    player.fine = True
    must(player.launch(), "no ball flies when SPACE is pressed")

    def lacking(falls_at: float) -> float:
        counts = [len(side) for side in _sides(player.angles)]
        return _AIMED[counts.index(min(counts))]

    for look in player.rally(PLAYED_S, lacking):
        sides = _sides(player.angles)
        if all(len(side) >= _HITS for side in sides):
            break
        if not len(player.angles) % 5:
            scene.show(look.frame)
    for offset, slope in player.angles:
        scene.note(player.game.now_s, f"hit at {offset:+.2f} of the half, flies off {slope:+.2f}")
    far_left, left, right, far_right = _sides(player.angles)
    must(
        min(map(len, (far_left, left, right, far_right))) >= _HITS,
        "in {played_s:.0f} s the ball was seen to leave the paddle {n} times",
        played_s=PLAYED_S,
        n=len(player.angles),
    )
    a, b, c, d = (float(np.median(side)) for side in (far_left, left, right, far_right))
    seen = tell(
        "across by up: {a:+.2f} far left, {b:+.2f} left, {c:+.2f} right, {d:+.2f} far right",
        a=a,
        b=b,
        c=c,
        d=d,
    )
    must(
        max(a, b) < 0 < min(c, d),
        "it does not fly off to the side on which it fell; {told}",
        told=seen,
    )
    must(a < 1.25 * b and d > 1.25 * c, "farther out is not flatter; {told}", told=seen)
    return seen


def _sides(angles: Sequence[tuple[float, float]]) -> list[list[float]]:
    bounds = (-1.01, -0.6, -0.15, 0.15, 0.6, 1.01)
    parts = [
        [slope for offset, slope in angles if low < offset <= high]
        for low, high in pairwise(bounds)
    ]
    return [parts[0], parts[1], parts[3], parts[4]]


def _paddle(player: Player) -> Box:
    look = player.last or player.look()
    if look.paddle is None:
        raise UnseenError(tell("the paddle is not seen any more"))
    return look.paddle


def _seen(game: Game, seconds: float) -> Frame:
    frames = game.step(seconds)
    must(bool(frames), "no window is open")
    return frames[-1]
