"""Arkanoid: a game to be written, played by its keys, and judged by its frames."""

from collections.abc import Callable
from typing import Final

from visavis.benchmarks.programs import arkanoid_checks as checks
from visavis.benchmarks.programs import arkanoid_moves as moves
from visavis.benchmarks.programs.arkanoid_scene import FILE, Scene, check
from visavis.benchmarks.programs.base import ProgramTask, Requirement, offered

CONTRACT: Final = """\
- It starts when the file is run, without a menu, and reads no arguments and no files.
- It opens one window of 320 × 240 to 1600 × 1200 pixels, and keeps its size.
- It has an ordinary main loop: events by `pygame.event.get()`, held keys by \
`pygame.key.get_pressed()` or by KEYDOWN and KEYUP, one `pygame.display.flip()` for each frame, \
and `clock.tick(60)` on a `pygame.time.Clock`.
- It is still until a key is pressed: the ball lies on the paddle and waits for SPACE.
- The ground is of one colour. Nothing moves but paddle and ball: no particles, no animation.
- Each brick is a filled rectangle of one colour, at least 4 pixels high, wider than high, and \
there is a gap between bricks. The ball is at least 6 pixels wide.
- The ball takes one to three seconds from the paddle to the top, the paddle no more than three \
from wall to wall.
- Texts are written by `pygame.font.Font(None, SIZE)` straight onto the window, each in one piece \
and exactly as quoted here, with the number: `Score: 0`, `Lives: 3`, `YOU WIN`, `GAME OVER`. \
They are covered by nothing."""


def _requirement(play: Callable[[Scene], str], text: str) -> Requirement:
    return Requirement(name=play.__name__, text=text, check=check(play.__name__, play))


ARKANOID: Final = offered(
    ProgramTask(
        name="arkanoid",
        title="An Arkanoid game",
        file=FILE,
        contract=CONTRACT,
        requirements=(
            _requirement(
                moves.window,
                "It opens a window titled `Arkanoid` that shows the field, and ends when the "
                "window is closed.",
            ),
            _requirement(
                moves.paddle,
                "A paddle near the bottom moves left while LEFT is held and right while RIGHT is "
                "held, stands still otherwise, and stops at both walls, never leaving the window.",
            ),
            _requirement(
                moves.ball,
                "SPACE launches the ball upwards from the paddle; it then flies by itself, and "
                "bounces off the left, the right and the top wall.",
            ),
            _requirement(
                moves.aim,
                "Where the ball falls on the paddle decides where it flies off: on the left half "
                "to the left, on the right half to the right, and the farther out, the flatter.",
            ),
            _requirement(
                checks.bricks,
                "At the start there are 3 to 8 rows of bricks, 15 to 60 bricks in all. The bricks "
                "of a row have one colour, rows beside each other have different ones. A brick "
                "that the ball hits vanishes, that one only, and the ball bounces off.",
            ),
            _requirement(
                checks.score,
                "`Score: 0` is shown at the start. With every brick that vanishes the number "
                "shown rises, and at no other time.",
            ),
            _requirement(
                checks.lives,
                "`Lives: 3` is shown at the start. When the ball falls past the paddle, the "
                "number shown falls by one, and the ball lies on the paddle again and waits for "
                "SPACE.",
            ),
            _requirement(
                checks.win,
                "When the last brick has vanished, and not before, `YOU WIN` is shown, and "
                "nothing moves any more.",
            ),
            _requirement(
                checks.over,
                "When the last life is lost, and not before, `GAME OVER` is shown, and SPACE "
                "launches no ball any more.",
            ),
            _requirement(
                checks.pause,
                "P stops paddle and ball until P is pressed again. R starts anew at any time: all "
                "bricks, score 0, three lives, the ball on the paddle.",
            ),
        ),
        packages=("pygame",),
        max_tokens=6000,
    ),
)
