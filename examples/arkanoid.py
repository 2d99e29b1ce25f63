"""Arkanoid, as `visavis cases try arkanoid` asks for it: all ten requirements hold."""

import math
import sys

import pygame

WIDTH, HEIGHT = 640, 480
ROW_COLOURS = [(220, 60, 60), (235, 150, 50), (80, 190, 90), (80, 130, 230)]
COLUMNS = 6
BRICK_WIDTH, BRICK_HEIGHT, GAP, BRICKS_TOP = 94, 20, 8, 60
PADDLE_WIDTH, PADDLE_HEIGHT, PADDLE_TOP = 90, 12, 440
PADDLE_SPEED, BALL_SPEED, RADIUS = 480, 390, 7
STEEPEST = math.radians(60)
BACKGROUND, LIGHT = (16, 18, 34), (235, 235, 245)


class Game:
    def __init__(self):
        self.font = pygame.font.Font(None, 28)
        self.large = pygame.font.Font(None, 72)
        self.restart()

    def restart(self):
        left = (WIDTH - COLUMNS * (BRICK_WIDTH + GAP) + GAP) // 2
        self.bricks = [
            (
                pygame.Rect(
                    left + column * (BRICK_WIDTH + GAP),
                    BRICKS_TOP + row * (BRICK_HEIGHT + GAP),
                    BRICK_WIDTH,
                    BRICK_HEIGHT,
                ),
                colour,
            )
            for row, colour in enumerate(ROW_COLOURS)
            for column in range(COLUMNS)
        ]
        self.score = 0
        self.lives = 3
        self.state = "playing"
        self.paused = False
        self.paddle = (WIDTH - PADDLE_WIDTH) / 2
        self.serve()

    def serve(self):
        self.flying = False
        self.x, self.y = self.paddle + PADDLE_WIDTH / 2, PADDLE_TOP - RADIUS
        self.vx, self.vy = 0.0, 0.0

    def launch(self):
        if self.state == "playing" and not self.flying and not self.paused:
            self.flying = True
            self.vx, self.vy = BALL_SPEED * math.sin(0.4), -BALL_SPEED * math.cos(0.4)

    def pressed(self, key):
        if key == pygame.K_SPACE:
            self.launch()
        elif key == pygame.K_p and self.state == "playing":
            self.paused = not self.paused
        elif key == pygame.K_r:
            self.restart()

    def update(self, seconds, keys):
        if self.paused or self.state != "playing":
            return
        way = keys[pygame.K_RIGHT] - keys[pygame.K_LEFT]
        self.paddle += way * PADDLE_SPEED * seconds
        self.paddle = min(max(self.paddle, 0), WIDTH - PADDLE_WIDTH)
        if not self.flying:
            self.x = self.paddle + PADDLE_WIDTH / 2
            return
        self.x += self.vx * seconds
        self.y += self.vy * seconds
        self.meet_walls()
        self.meet_paddle()
        self.meet_brick()

    def meet_walls(self):
        if self.x < RADIUS:
            self.x, self.vx = RADIUS, abs(self.vx)
        if self.x > WIDTH - RADIUS:
            self.x, self.vx = WIDTH - RADIUS, -abs(self.vx)
        if self.y < RADIUS:
            self.y, self.vy = RADIUS, abs(self.vy)
        if self.y > HEIGHT + RADIUS:
            self.lose_life()

    def lose_life(self):
        self.lives -= 1
        if self.lives == 0:
            self.state = "lost"
        self.serve()

    def ball(self):
        return pygame.Rect(self.x - RADIUS, self.y - RADIUS, 2 * RADIUS, 2 * RADIUS)

    def meet_paddle(self):
        paddle = pygame.Rect(self.paddle, PADDLE_TOP, PADDLE_WIDTH, PADDLE_HEIGHT)
        if self.vy > 0 and self.ball().colliderect(paddle):
            where = (self.x - paddle.centerx) / (PADDLE_WIDTH / 2)
            angle = STEEPEST * min(max(where, -1), 1)
            self.vx = BALL_SPEED * math.sin(angle)
            self.vy = -BALL_SPEED * math.cos(angle)
            self.y = PADDLE_TOP - RADIUS

    def meet_brick(self):
        ball = self.ball()
        for brick in self.bricks:
            box = brick[0]
            if ball.colliderect(box):
                self.bricks.remove(brick)
                self.score += 10
                over_x = min(ball.right - box.left, box.right - ball.left)
                over_y = min(ball.bottom - box.top, box.bottom - ball.top)
                if over_x < over_y:
                    self.vx = math.copysign(self.vx, self.x - box.centerx)
                else:
                    self.vy = math.copysign(self.vy, self.y - box.centery)
                break
        if not self.bricks:
            self.state = "won"

    def draw(self, screen):
        screen.fill(BACKGROUND)
        for box, colour in self.bricks:
            pygame.draw.rect(screen, colour, box)
        paddle = (round(self.paddle), PADDLE_TOP, PADDLE_WIDTH, PADDLE_HEIGHT)
        pygame.draw.rect(screen, LIGHT, paddle)
        pygame.draw.circle(screen, LIGHT, (round(self.x), round(self.y)), RADIUS)
        self.write(screen, f"Score: {self.score}", left=12)
        self.write(screen, f"Lives: {self.lives}", right=WIDTH - 12)
        if self.state == "won":
            self.announce(screen, "YOU WIN")
        elif self.state == "lost":
            self.announce(screen, "GAME OVER")
        elif self.paused:
            self.announce(screen, "PAUSED")

    def write(self, screen, text, **place):
        picture = self.font.render(text, True, LIGHT)
        screen.blit(picture, picture.get_rect(top=12, **place))

    def announce(self, screen, text):
        picture = self.large.render(text, True, LIGHT)
        screen.blit(picture, picture.get_rect(center=(WIDTH // 2, HEIGHT // 2 + 60)))


def main():
    pygame.init()
    screen = pygame.display.set_mode((WIDTH, HEIGHT))
    pygame.display.set_caption("Arkanoid")
    clock = pygame.time.Clock()
    game = Game()
    while True:
        seconds = clock.tick(60) / 1000
        for event in pygame.event.get():
            if event.type == pygame.QUIT:
                pygame.quit()
                sys.exit()
            if event.type == pygame.KEYDOWN:
                game.pressed(event.key)
        game.update(seconds, pygame.key.get_pressed())
        game.draw(screen)
        pygame.display.flip()


if __name__ == "__main__":
    main()
