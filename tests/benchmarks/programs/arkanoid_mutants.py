"""The reference game, and small changes of it that break one requirement each."""

from pathlib import Path

HERE = Path(__file__).parent
REFERENCE = (HERE.parents[2] / "examples" / "arkanoid.py").read_text(encoding="utf-8")
OTHER = (HERE / "other_arkanoid.py.txt").read_text(encoding="utf-8")
HOSTILE = {
    place.name.removesuffix(".py.txt"): place.read_text(encoding="utf-8")
    for place in sorted((HERE / "hostile_games").glob("*.py.txt"))
}
WORDS_ONLY = """
import pygame
print("Score: 0, Lives: 3, YOU WIN, GAME OVER: all ten requirements hold")
pygame.init()
window = pygame.display.set_mode((640, 480))
pygame.display.set_caption("Arkanoid")
font, clock = pygame.font.Font(None, 40), pygame.time.Clock()
paddle = ball = bricks = score = lives = 10
while not pygame.event.get(pygame.QUIT):
    for row, text in enumerate(("Score: 0", "Lives: 3", "YOU WIN", "GAME OVER", "PAUSED")):
        window.blit(font.render(text, True, "white"), (20, 20 + 50 * row))
    pygame.display.flip()
    clock.tick(60)
"""

_CLAMPED = "min(max(self.paddle, 0), WIDTH - PADDLE_WIDTH)"
_DRAWN_SCORE = 'self.write(screen, f"Score: {self.score}", left=12)'

_SERVED = "        self.serve()\n\n    def ball"

Change = tuple[str, str]
MUTANTS: dict[str, dict[str, tuple[Change, ...]]] = {
    "window": {
        "another title": (('set_caption("Arkanoid")', 'set_caption("Breakout")'),),
        "cannot be closed": (("event.type == pygame.QUIT", "event.type == -1"),),
    },
    "paddle": {
        "leaves on the left": ((_CLAMPED, "min(max(self.paddle, -30), WIDTH - PADDLE_WIDTH)"),),
        "leaves on the right": ((_CLAMPED, "min(max(self.paddle, 0), WIDTH - 60)"),),
    },
    "ball": {
        "comes back on the other side": (
            ("self.x, self.vx = WIDTH - RADIUS, -abs(self.vx)", "self.x = RADIUS"),
        ),
        "no top wall": (("self.y, self.vy = RADIUS, abs(self.vy)", "self.y = PADDLE_TOP - 60"),),
    },
    "aim": {
        "to the other side": (("(self.x - paddle.centerx)", "(paddle.centerx - self.x)"),),
        "one angle for each side": (
            ("STEEPEST * min(max(where, -1), 1)", "math.copysign(0.6, where)"),
        ),
    },
    "bricks": {
        "another one vanishes": (("self.bricks.remove(brick)", "self.bricks.pop(0)"),),
        "the ball flies on": (
            ("self.vx = math.copysign(self.vx, self.x - box.centerx)", "pass"),
            ("self.vy = math.copysign(self.vy, self.y - box.centery)", "pass"),
        ),
        "two rows of one colour": (("(235, 150, 50)", "(220, 60, 60)"),),
    },
    "score": {
        "not shown": ((_DRAWN_SCORE, "pass"),),
        "never rises": (("self.score += 10", "self.score += 0"),),
        "rises by the paddle": (
            ("            self.y = PADDLE_TOP", "            self.score += 1; self.y = PADDLE_TOP"),
        ),
    },
    "lives": {
        "always three": (('f"Lives: {self.lives}"', '"Lives: 3"'),),
        "four": (("self.lives = 3", "self.lives = 4"),),
        "does not wait": ((_SERVED, _SERVED.replace("\n", "\n        self.launch()\n", 1)),),
    },
    "win": {
        "other words": (('"YOU WIN"', '"WELL DONE"'),),
        "too early": (("if not self.bricks:", "if len(self.bricks) <= 1:"),),
    },
    "over": {
        "other words": (('"GAME OVER"', '"THE END"'),),
        "a life too late": (("if self.lives == 0:", "if self.lives < 0:"),),
        "a life too early": (('elif self.state == "lost":', "elif self.lives <= 1:"),),
    },
    "pause": {
        "goes on": (("self.paused = not self.paused", "self.paused = False"),),
        "keeps the score": (("self.score = 0", 'self.score = getattr(self, "score", 0)'),),
        "keeps the lives": (("self.lives = 3", 'self.lives = getattr(self, "lives", 3)'),),
    },
}


def changed(changes: tuple[Change, ...]) -> str:
    """The reference with each text replaced, which must be there once."""
    source = REFERENCE
    for old, new in changes:
        assert source.count(old) == 1, f"{source.count(old)} times: {old}"
        source = source.replace(old, new)
    compile(source, "mutant", "exec")
    return source
