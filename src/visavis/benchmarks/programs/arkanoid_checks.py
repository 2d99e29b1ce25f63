"""Six checks of an Arkanoid, on bricks, score, lives and the end: each plays a game of its own."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from visavis.benchmarks.programs.arkanoid_bot import LOOK_S, Look, Player
from visavis.benchmarks.programs.arkanoid_scene import PLAYED_S, Scene
from visavis.benchmarks.programs.arkanoid_sight import differs, pixels
from visavis.benchmarks.programs.base import UnmetError, must
from visavis.core.tell import tell
from visavis.scoring.fence.stage_game import Frame

ROWS: Final = range(3, 9)
BRICKS: Final = range(15, 61)
LIVES: Final = 3
WON, LOST = "YOU WIN", "GAME OVER"

_WINS_WITHIN_S: Final = 420.0


def bricks(scene: Scene) -> str:
    player = scene.play()
    _must_be_rows(player)
    player.fine = True
    must(player.launch(), "no ball flies when SPACE is pressed")
    hits = 0
    done = 0
    for _ in player.rally(PLAYED_S / 2, player.at_a_brick):
        looks = player.seen
        for at in range(max(done, 6), len(looks) - 6):
            done = at + 1
            hits += _hit(player, looks, at, scene)
        if hits >= 4:
            scene.show(player.whole(LOOK_S))
            rows = 1 + max(brick.row for brick in player.field.bricks)
            return tell(
                "{bricks} bricks in {rows} rows; {hits} vanished when hit",
                bricks=len(player.field.bricks),
                rows=rows,
                hits=hits,
            )
    raise UnmetError(
        tell("in {played_s:.0f} s {hits} bricks vanished", played_s=PLAYED_S / 2, hits=hits)
    )


def _must_be_rows(player: Player) -> None:
    rows: dict[int, set[tuple[int, int, int]]] = {}
    for brick in player.field.bricks:
        rows.setdefault(brick.row, set()).add(brick.colour)
    must(len(rows) in ROWS, "{rows} rows of bricks are seen", rows=len(rows))
    count = len(player.field.bricks)
    must(count in BRICKS, "{count} bricks are seen", count=count)
    mixed = [row + 1 for row, colours in rows.items() if len(colours) > 1]
    must(not mixed, "row {row} has more than one colour", row=mixed[:1])
    alike = [row + 1 for row in rows if row + 1 in rows and rows[row] == rows[row + 1]]
    must(not alike, "row {row} has the colour of the row below", row=alike[:1])


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
        must(apart <= size + 4, "a brick vanished {apart:.0f} pixels from the ball", apart=apart)
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
    must(shown == 0, "the score at the start is {shown}", shown=shown)
    must(player.launch(), "no ball flies when SPACE is pressed")
    stood, bounces, rises = len(player.field.bricks), 0, 0
    for look in player.rally(PLAYED_S, player.at_a_brick):
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
            must(
                now > shown,
                "a brick vanished, and the score went from {shown} to {now}",
                shown=shown,
                now=now,
            )
            rises += 1
        else:
            must(
                now == shown,
                "no brick vanished, and the score went from {shown} to {now}",
                shown=shown,
                now=now,
            )
        stood, shown = stands, now
        if rises >= 4 and bounces >= 2:
            return tell(
                "it rose {rises} times with a brick, to {now}, and at no other time",
                rises=rises,
                now=now,
            )
    raise UnmetError(
        tell("in {played_s:.0f} s it rose {rises} times", played_s=PLAYED_S, rises=rises)
    )


def lives(scene: Scene) -> str:
    player = scene.play()
    for left in range(LIVES, 0, -1):
        frame = scene.show(player.whole(LOOK_S))
        shown = player.number(frame, "lives")
        scene.note(frame.at_s, f"lives shown: {shown}")
        must(shown is not None, "no lives are seen, not {left}", left=left)
        must(shown == left, "{shown} lives are seen, not {left}", shown=shown, left=left)
        still_ = differs(pixels(frame), pixels(player.whole(0.5))).any()
        must(not still_, "the ball does not wait for SPACE")
        if left > 1:
            player.fall()
    return tell("three lives, one less each time the ball fell; it waits for SPACE")


def win(scene: Scene) -> str:
    player = scene.play()
    must(not player.texts(player.field.start, WON), "{text!r} is seen at the start", text=WON)
    must(player.launch(), "no ball flies when SPACE is pressed")
    left = len(player.field.bricks)
    must(left >= BRICKS[0], "{count} bricks are seen", count=left)
    early = False
    for look in player.rally(_WINS_WITHIN_S, player.at_a_brick):
        stands = sum(player.standing(look.frame))
        if stands != left and stands <= 3 and not early:
            early = stands > 0 and bool(player.texts(player.whole(1 / 60), WON))
        left = stands
        if left == 0 or early:
            break
    must(not early, "{text!r} is seen while {left} bricks stand", text=WON, left=left)
    must(
        left == 0,
        "the bot could not win: {left} bricks stand after {now_s:.0f} s",
        left=left,
        now_s=player.game.now_s,
    )
    player.hold(None)
    frame = scene.show(player.whole(0.5))
    must(
        bool(player.texts(frame, WON)), "the last brick is gone, and no {text!r} is seen", text=WON
    )
    _must_stand(player, frame, tell("it was won"))
    return tell("{text!r} after {now_s:.0f} s of play", text=WON, now_s=player.game.now_s)


def over(scene: Scene) -> str:
    player = scene.play()
    must(not player.texts(player.field.start, LOST), "{text!r} is seen at the start", text=LOST)
    for fell in range(1, 2 * LIVES + 1):
        player.fall()
        frame = scene.show(player.whole(0.3))
        if player.texts(frame, LOST):
            must(fell > 1, "{text!r} is seen after the first ball", text=LOST)
            player.game.tap("SPACE")
            _must_stand(player, player.whole(0.2), tell("it was over and SPACE was pressed"))
            return tell("{text!r} after {fell} balls; SPACE launches no more", text=LOST, fell=fell)
        must(
            player.number(frame, "lives") != 0,
            "no life is left, and no {text!r} is seen",
            text=LOST,
        )
    raise UnmetError(
        tell("{lives} balls fell, and no {text!r} is seen", lives=2 * LIVES, text=LOST)
    )


def _must_stand(player: Player, frame: Frame, when: str) -> None:
    later = player.whole(0.6)
    seen = [player.moving_things(one) for one in (frame, later)]
    must(seen[0] == seen[1], "something still moves after {told}", told=when)


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
    for look in player.rally(PLAYED_S / 2, player.at_a_brick):
        if sum(player.standing(look.frame)) <= len(player.field.bricks) - 2:
            break
    player.fall()
    before = player.whole(LOOK_S)
    gone = player.standing(before).count(False)
    must(gone > 0, "no brick vanished that could come back")
    player.game.tap("r")
    frame = scene.show(player.whole(0.3))
    back = player.standing(frame).count(False)
    must(back == 0, "R brought back {back} of {gone} bricks", back=gone - back, gone=gone)
    for name in ("score", "lives"):
        was, now = player.number(player.field.start, name), player.number(frame, name)
        must(was == now, _changed(name, was, now))
    must(player.launch(), "after R no ball flies when SPACE is pressed")
    return tell(
        "P stopped all and let it go on; R brought back {gone} bricks, score and lives", gone=gone
    )


def _changed(name: str, was: int | None, now: int | None) -> str:
    if name == "score":
        return tell("after R the score is {now}, at the start it was {was}", now=now, was=was)
    return tell("after R the lives is {now}, at the start it was {was}", now=now, was=was)
