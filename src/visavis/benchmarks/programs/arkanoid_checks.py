"""The ten checks of an Arkanoid: each plays a game of its own, and says what it saw."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from visavis.benchmarks.programs.arkanoid_bot import LOOK_S, Look, Player
from visavis.benchmarks.programs.arkanoid_field import UnseenError
from visavis.benchmarks.programs.arkanoid_scene import FILE, Scene, UnmetError, must
from visavis.benchmarks.programs.arkanoid_sight import Box, Reader, differs, ground, pixels
from visavis.scoring.fence.stage import Game, StoppedError
from visavis.scoring.fence.stage_game import Frame

TITLE: Final = "Arkanoid"
SMALLEST, LARGEST = (320, 240), (1600, 1200)
ROWS: Final = range(3, 9)
BRICKS: Final = range(15, 61)
LIVES: Final = 3
WON, LOST = "YOU WIN", "GAME OVER"

_PLAYED_S: Final = 120.0
"""Of a rally that has to see something rare."""
_WINS_WITHIN_S: Final = 420.0


def window(scene: Scene) -> str:
    game = scene.stage.play(FILE)
    frame = scene.show(_seen(game, 0.5))
    width, height = frame.width, frame.height
    must(game.title == TITLE, f"the window's title is {game.title!r}, not {TITLE!r}")
    fits = SMALLEST[0] <= width <= LARGEST[0] and SMALLEST[1] <= height <= LARGEST[1]
    must(fits, f"the window has {width} × {height} pixels")
    drawn = differs(pixels(frame), ground(pixels(frame)))
    for box in Reader(scene.stage).places(frame, game.written):
        drawn[int(box.top) : int(box.bottom), int(box.left) : int(box.right)] = False
    must(float(drawn.mean()) >= 0.005, "the window shows no field: nothing but ground and texts")
    game.close_window()
    try:
        game.step(1.0)
    except StoppedError as ended:
        must(ended.code is not None, str(ended))
        return f"{width} × {height} pixels, titled {TITLE!r}; closed when it was asked to"
    raise UnmetError("it goes on when its window is closed")


def paddle(scene: Scene) -> str:
    player = scene.play()
    width = player.field.paddle.width
    for key, wall in (("LEFT", 0), ("RIGHT", player.field.width)):
        before = _paddle(player)
        player.hold(key)
        player.look(0.1)
        after = _paddle(player)
        moved = after.x - before.x
        must(moved * (1 if wall else -1) > 0, f"{key} moves it by {moved:.0f} pixels")
        player.hold(None)
        player.look()
        stood = _paddle(player)
        player.look(0.4)
        must(_paddle(player) == stood, f"it goes on when {key} is let go")
        player.hold(key)
        player.look(6.0)
        player.hold(None)
        at_wall = _paddle(player)
        scene.show(player.whole(LOOK_S))
        scene.note(player.game.now_s, f"{key} to the end: from {at_wall.left} to {at_wall.right}")
        off = at_wall.width < 0.95 * width - 2 * player.field.scale
        must(not off, f"{key} takes it out of the window: {at_wall.width:.0f} of {width:.0f} seen")
        room = abs(wall - (at_wall.right if wall else at_wall.left))
        must(room <= 0.1 * player.field.width, f"{key} stops it {room:.0f} pixels from the wall")
    return "it moves by both keys, stands still without, and stops at both walls"


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

    for look in player.rally(_PLAYED_S, towards):
        for wall in _turns(player, player.seen[max(0, done - 2) :], scene):
            turned.setdefault(wall, look.frame.at_s)
        done = len(player.seen)
        if len(turned) == 3:
            scene.show(player.whole(LOOK_S))
            return "it bounced off all three walls: " + _at(turned)
    missed = [wall for wall in ("left", "right", "top") if wall not in turned]
    raise UnmetError(f"in {_PLAYED_S:.0f} s it never bounced off: {', '.join(missed)}")


def _at(turned: dict[str, float]) -> str:
    return ", ".join(f"{wall} at {at_s:.1f} s" for wall, at_s in turned.items())


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

    for look in player.rally(_PLAYED_S, lacking):
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
        f"in {_PLAYED_S:.0f} s the ball was seen to leave the paddle {len(player.angles)} times",
    )
    a, b, c, d = (float(np.median(side)) for side in (far_left, left, right, far_right))
    seen = f"across by up: {a:+.2f} far left, {b:+.2f} left, {c:+.2f} right, {d:+.2f} far right"
    must(max(a, b) < 0 < min(c, d), f"it does not fly off to the side on which it fell; {seen}")
    must(a < 1.25 * b and d > 1.25 * c, f"farther out is not flatter; {seen}")
    return seen


def _sides(angles: Sequence[tuple[float, float]]) -> list[list[float]]:
    bounds = (-1.01, -0.6, -0.15, 0.15, 0.6, 1.01)
    parts = [
        [slope for offset, slope in angles if low < offset <= high]
        for low, high in pairwise(bounds)
    ]
    return [parts[0], parts[1], parts[3], parts[4]]


def bricks(scene: Scene) -> str:
    player = scene.play()
    _must_be_rows(player)
    player.fine = True
    must(player.launch(), "no ball flies when SPACE is pressed")
    hits = 0
    done = 0
    for _ in player.rally(_PLAYED_S / 2, player.at_a_brick):
        looks = player.seen
        for at in range(max(done, 6), len(looks) - 6):
            done = at + 1
            hits += _hit(player, looks, at, scene)
        if hits >= 4:
            scene.show(player.whole(LOOK_S))
            rows = 1 + max(brick.row for brick in player.field.bricks)
            return f"{len(player.field.bricks)} bricks in {rows} rows; {hits} vanished when hit"
    raise UnmetError(f"in {_PLAYED_S / 2:.0f} s {hits} bricks vanished")


def _must_be_rows(player: Player) -> None:
    rows: dict[int, set[tuple[int, int, int]]] = {}
    for brick in player.field.bricks:
        rows.setdefault(brick.row, set()).add(brick.colour)
    must(len(rows) in ROWS, f"{len(rows)} rows of bricks are seen")
    count = len(player.field.bricks)
    must(count in BRICKS, f"{count} bricks are seen")
    mixed = [row + 1 for row, colours in rows.items() if len(colours) > 1]
    must(not mixed, f"row {mixed[:1]} has more than one colour")
    alike = [row + 1 for row in rows if row + 1 in rows and rows[row] == rows[row + 1]]
    must(not alike, f"row {alike[:1]} has the colour of the row below")


def _hit(player: Player, looks: Sequence[Look], at: int, scene: Scene) -> int:
    """Bricks that vanished between this look and the one before, as they should."""
    before, now = looks[at - 1], looks[at]
    gone = [
        brick.box
        for brick, stood, stands in zip(
            player.field.bricks,
            player.standing(before.frame),
            player.standing(now.frame),
            strict=True,
        )
        if stood and not stands
    ]
    if not gone:
        return 0
    near = [one.ball for one in looks[at - 2 : at + 2] if one.ball]
    must(bool(near), "a brick vanished, and no ball was seen")
    size = max(near[0].width, near[0].height)
    for box in gone:
        apart = min(box.apart(one) for one in near)
        scene.note(now.frame.at_s, f"brick at {box.x:.0f}, {box.y:.0f} gone, ball {apart:.0f} off")
        must(apart <= size + 4, f"a brick vanished {apart:.0f} pixels from the ball")
    came, left = _way(looks[at - 6 : at]), _way(looks[at : at + 6])
    if came and left:
        turned = came[0] * left[0] < 0 or came[1] * left[1] < 0
        must(turned, "the ball flies on through a brick")
    return len(gone)


def _way(looks: Sequence[Look]) -> tuple[float, float] | None:
    """Where the ball went in a few looks; None where it was not seen, or turned meanwhile."""
    seen = [look.ball for look in looks if look.ball]
    if len(seen) < 4:
        return None
    steps = [(b.x - a.x, b.y - a.y) for a, b in pairwise(seen)]
    for axis in (0, 1):
        if min(step[axis] for step in steps) < 0 < max(step[axis] for step in steps):
            return None
    return seen[-1].x - seen[0].x, seen[-1].y - seen[0].y


def score(scene: Scene) -> str:
    player = scene.play()
    shown = player.number(player.field.start, "score")
    must(shown is not None, "no score is seen at the start")
    must(shown == 0, f"the score at the start is {shown}")
    must(player.launch(), "no ball flies when SPACE is pressed")
    stood, bounces, rises = len(player.field.bricks), 0, 0
    for look in player.rally(_PLAYED_S, player.at_a_brick):
        if sum(player.standing(look.frame)) == stood and len(player.angles) == bounces:
            continue
        bounces = len(player.angles)
        frame = scene.show(player.whole(1 / 60))
        stands, now = sum(player.standing(frame)), player.number(frame, "score")
        scene.note(frame.at_s, f"{stands} bricks, score {now}")
        must(now is not None, "the score is not seen any more")
        assert now is not None
        assert shown is not None
        if stands < stood:
            must(now > shown, f"a brick vanished, and the score went from {shown} to {now}")
            rises += 1
        else:
            must(now == shown, f"no brick vanished, and the score went from {shown} to {now}")
        stood, shown = stands, now
        if rises >= 4 and bounces >= 2:
            return f"it rose {rises} times with a brick, to {now}, and at no other time"
    raise UnmetError(f"in {_PLAYED_S:.0f} s it rose {rises} times")


def lives(scene: Scene) -> str:
    player = scene.play()
    for left in range(LIVES, 0, -1):
        frame = scene.show(player.whole(LOOK_S))
        shown = player.number(frame, "lives")
        scene.note(frame.at_s, f"lives shown: {shown}")
        must(shown == left, f"{'no' if shown is None else shown} lives are seen, not {left}")
        still_ = differs(pixels(frame), pixels(player.whole(0.5))).any()
        must(not still_, "the ball does not wait for SPACE")
        if left > 1:
            player.fall()
    return "three lives, one less each time the ball fell; it waits for SPACE"


def win(scene: Scene) -> str:
    player = scene.play()
    must(not player.texts(player.field.start, WON), f"{WON!r} is seen at the start")
    must(player.launch(), "no ball flies when SPACE is pressed")
    left = len(player.field.bricks)
    must(left >= BRICKS[0], f"{left} bricks are seen")
    early = False
    for look in player.rally(_WINS_WITHIN_S, player.at_a_brick):
        stands = sum(player.standing(look.frame))
        if stands != left and stands <= 3 and not early:
            early = stands > 0 and bool(player.texts(player.whole(1 / 60), WON))
        left = stands
        if left == 0 or early:
            break
    must(not early, f"{WON!r} is seen while {left} bricks stand")
    must(left == 0, f"the bot could not win: {left} bricks stand after {player.game.now_s:.0f} s")
    player.hold(None)
    frame = scene.show(player.whole(0.5))
    must(bool(player.texts(frame, WON)), f"the last brick is gone, and no {WON!r} is seen")
    _must_stand(player, frame, "it was won")
    return f"{WON!r} after {player.game.now_s:.0f} s of play"


def over(scene: Scene) -> str:
    player = scene.play()
    must(not player.texts(player.field.start, LOST), f"{LOST!r} is seen at the start")
    for fell in range(1, 2 * LIVES + 1):
        player.fall()
        frame = scene.show(player.whole(0.3))
        if player.texts(frame, LOST):
            must(fell > 1, f"{LOST!r} is seen after the first ball")
            player.game.tap("SPACE")
            _must_stand(player, player.whole(0.2), "it was over and SPACE was pressed")
            return f"{LOST!r} after {fell} balls; SPACE launches no more"
        must(player.number(frame, "lives") != 0, f"no life is left, and no {LOST!r} is seen")
    raise UnmetError(f"{2 * LIVES} balls fell, and no {LOST!r} is seen")


def _must_stand(player: Player, frame: Frame, when: str) -> None:
    later = player.whole(0.6)
    seen = [player.moving_things(one) for one in (frame, later)]
    must(seen[0] == seen[1], f"something still moves after {when}")


def pause(scene: Scene) -> str:
    player = scene.play()
    must(player.launch(), "no ball flies when SPACE is pressed")
    player.game.tap("p")
    first = player.look(0.2)
    player.hold("LEFT")
    later = scene.show(player.whole(1.0))
    player.hold(None)
    moved = player.moving_things(later) != player.moving_things(first.frame)
    must(not moved, "P does not stop paddle and ball")
    player.game.tap("p")
    on = player.moving_things(player.whole(0.3)) != player.moving_things(later)
    must(on, "nothing moves on after P was pressed again")
    return _restarts(player, scene)


def _restarts(player: Player, scene: Scene) -> str:
    for look in player.rally(_PLAYED_S / 2, player.at_a_brick):
        if sum(player.standing(look.frame)) <= len(player.field.bricks) - 2:
            break
    player.fall()
    before = player.whole(LOOK_S)
    gone = player.standing(before).count(False)
    must(gone > 0, "no brick vanished that could come back")
    player.game.tap("r")
    frame = scene.show(player.whole(0.3))
    back = player.standing(frame).count(False)
    must(back == 0, f"R brought back {gone - back} of {gone} bricks")
    for name in ("score", "lives"):
        was, now = player.number(player.field.start, name), player.number(frame, name)
        must(was == now, f"after R the {name} is {now}, at the start it was {was}")
    must(player.launch(), "after R no ball flies when SPACE is pressed")
    return f"P stopped all and let it go on; R brought back {gone} bricks, score and lives"


def _paddle(player: Player) -> Box:
    look = player.last or player.look()
    if look.paddle is None:
        raise UnseenError("the paddle is not seen any more")
    return look.paddle


def _seen(game: Game, seconds: float) -> Frame:
    frames = game.step(seconds)
    must(bool(frames), "no window is open")
    return frames[-1]
