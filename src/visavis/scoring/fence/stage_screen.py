"""Runs a pygame program in steps: no screen, no sound, and a clock that only we turn.

The program is an ordinary one with a loop of its own. What it calls to show a frame
(`pygame.display.flip`), to pace itself (`pygame.time`, `time`) and to ask which keys are down stops
it here until the checker wants to see more; the same keys at the same moments thus give the same
frames on any machine. Keys come through pygame's own queue of events.

Everything here shares a process with the program, so nothing here can be trusted to stay as it is
written, and nothing rests on it: frames are pictures that the program shows, whoever sends them,
and what it says it wrote is believed only where it can be seen in a frame.

Runs inside the fence: standard library and pygame only.
"""

import importlib
import os
import random
import runpy
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, NoReturn

from visavis.scoring.fence.pipe import ClosedError, Line
from visavis.scoring.fence.values import decode, encode

FRAME, THERE = b"F", b"T"
"""What a message to the checker begins with: a frame, or that the step is done."""
FRAME_MS: Final = 1000 / 60
"""Between two frames of a program that sets no pace of its own."""
MOST_PIXELS: Final = 4_000_000
"""Of a window; a larger one is only named by its size."""
_IDLE_FRAMES: Final = 4
"""Frames in a row at one moment, after which time goes on by itself."""
_MOST_TEXTS: Final = 200
_LONGEST_TEXT: Final = 80
_EPOCH_S: Final = 1_800_000_000.0

Colour = tuple[int, int, int]
Text = tuple[str, int, bool, bool, bool, Colour]
"""What was written: text, size of the font, bold, italic, smoothed, in which colour."""


def play(name: str, line: Line) -> NoReturn:  # pragma: no cover  # in a process of its own
    """Run a file as a program of its own, which steps as the checker says."""
    code = 1
    try:
        screen = Screen(line)
        screen.take_over()
        random.seed(0)
        sys.argv, sys.path[0:0] = [name], [os.getcwd()]
        runpy.run_path(name, run_name="__main__")
        code = 0
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else int(error.code is not None)
    except ClosedError:
        pass
    except BaseException:  # noqa: BLE001  # whatever the program raises, it is told where it was
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:  # noqa: BLE001  # the program may have put its own there
                code = code or 1
        os._exit(code & 0xFF)


def typeset(texts: Iterable[Text], says: int) -> None:  # pragma: no cover  # in a forked child
    """How each text looks in pygame's own font: width, height, and how covered each pixel is."""
    import pygame

    pygame.font.init()
    pictures = []
    for text, size, bold, italic, smooth, _ in texts:
        font = pygame.font.Font(None, size)
        font.bold, font.italic = bold, italic
        written = font.render(text, smooth, (255, 255, 255))
        width, height = written.get_size()
        ground = pygame.Surface((width, height), 0, 24)
        ground.blit(written, (0, 0))
        pictures.append((width, height, pygame.image.tobytes(ground, "RGB")[::3]))
    Line(-1, says).say_value(pictures)


class Screen:  # pragma: no cover  # in a process of its own
    """Stands between a program and pygame: shows its frames, turns its clock, gives it keys."""

    def __init__(self, line: Line) -> None:
        import pygame

        self._pygame: Any = pygame
        self._line = line
        self._flip = pygame.display.flip
        self._wait = pygame.event.wait
        self._surface = pygame.display.get_surface
        self._caption = pygame.display.get_caption
        self._bytes = pygame.image.tobytes
        self._smaller = pygame.transform.scale
        self._post, self._event = pygame.event.post, pygame.event.Event
        self._error = pygame.error
        self.now_ms = 0.0
        self._until_ms = 0.0
        self._next_ms = 0.0
        self._every_ms = 0.0
        self._scale = 1
        self._shown_ms = -1.0
        self._idle = 0
        self._flipped = False
        self._texts: dict[Text, None] = {}
        self._told = 0
        self.held: set[int] = set()
        self._timers: dict[int, tuple[Any, float, float]] = {}

    def take_over(self) -> None:
        """Put ourselves in the place of what a program paces itself by."""
        pygame = self._pygame
        pygame.display.flip = self.flip
        pygame.display.update = self.flip
        pygame.event.wait = self.wait_for_event
        pygame.key.get_pressed = lambda: Pressed(self.held)
        pygame.time.Clock = lambda: Clock(self)
        pygame.time.get_ticks = lambda: int(self.now_ms)
        pygame.time.wait = pygame.time.delay = self.pause
        pygame.time.set_timer = self.set_timer
        self._write_with(pygame)
        for name, read in self._clocks():
            setattr(time, name, read)
            setattr(time, f"{name}_ns", lambda read=read: int(read() * 1e9))
        setattr(time, "sleep", self.sleep)  # noqa: B010  # it is assigned over on purpose

    def _clocks(self) -> Iterable[tuple[str, Callable[[], float]]]:
        for name in ("monotonic", "perf_counter", "process_time"):
            yield name, lambda: self.now_ms / 1000
        yield "time", lambda: _EPOCH_S + self.now_ms / 1000

    def _write_with(self, pygame: Any) -> None:
        """Note what is written; the checker looks for it in the frames."""
        inner: Any = pygame.font.Font
        screen = self

        class Font(inner):  # type: ignore[misc]  # pygame's, whose kind is not known here
            def __init__(self, name: Any = None, size: int = 20) -> None:
                super().__init__(name, size)
                self._size = int(size)

            def render(
                self, text: Any, antialias: Any, color: Any, *rest: Any, **named: Any
            ) -> Any:
                how = (self._size, self.bold, self.italic, bool(antialias))
                screen.wrote((str(text), *how, tuple(pygame.Color(color))[:3]))
                return super().render(text, antialias, color, *rest, **named)

        sysfont: Any = importlib.import_module("pygame.sysfont")
        pygame.font.Font = sysfont.Font = Font
        sysfont.initsysfonts = lambda: None  # there are none here, and none can be asked for

    def wrote(self, text: Text) -> None:
        if len(text[0]) <= _LONGEST_TEXT:
            self._texts.pop(text, None)
            self._texts[text] = None

    def flip(self, *_: object) -> None:
        """The program shows a frame."""
        self._flip()
        self._flipped = True
        self._beat()

    def pause(self, ms: float) -> int:
        """The program lets time go by."""
        self.now_ms += max(0.0, ms)
        self._rest()
        return int(ms)

    def sleep(self, seconds: float) -> None:
        self.pause(1000 * seconds)

    def paced(self, due_ms: float) -> None:
        """The program's clock has ticked."""
        self.now_ms = max(self.now_ms, due_ms)
        self._rest()

    def wait_for_event(self, timeout: int = 0) -> Any:
        """The program waits for an event: frames go by until there is one."""
        due_ms = self.now_ms + timeout if timeout else float("inf")
        while True:
            event = self._pygame.event.poll()
            if event.type != self._pygame.NOEVENT or self.now_ms >= due_ms:
                return event
            self.now_ms += FRAME_MS
            self._beat()

    def set_timer(self, event: Any, millis: int, loops: int = 0) -> None:
        """The program wants an event again and again."""
        kind = event if isinstance(event, int) else event.type
        made = self._event(event) if isinstance(event, int) else event
        self._timers.pop(kind, None)
        if millis > 0:
            self._timers[kind] = (made, float(millis), self.now_ms + millis)

    def _rest(self) -> None:
        """Time went by; a program that shows no frame meanwhile is seen all the same."""
        if not self._flipped:
            self._beat()
        self._flipped = False

    def _beat(self) -> None:
        """One frame: show it where that is wanted, and stop here when the step is done."""
        self._idle = self._idle + 1 if self.now_ms == self._shown_ms else 0
        if self._idle >= _IDLE_FRAMES:
            self.now_ms += FRAME_MS
            self._idle = 0
        self._shown_ms = self.now_ms
        self._ring()
        done = self.now_ms >= self._until_ms
        if done or (self._every_ms and self.now_ms >= self._next_ms):
            self._show()
            self._next_ms += self._every_ms
        if done:
            self._there()

    def _ring(self) -> None:
        for kind, (event, every_ms, due_ms) in tuple(self._timers.items()):
            if self.now_ms >= due_ms:
                self._timers[kind] = (event, every_ms, due_ms + every_ms)
                self._post(event)

    def _show(self) -> None:
        surface = self._surface()
        if surface is None:
            return
        width, height = surface.get_size()
        data = b""
        if width * height <= MOST_PIXELS:
            if self._scale > 1:
                columns, rows = max(1, width // self._scale), max(1, height // self._scale)
                whole = (min(width, columns * self._scale), min(height, rows * self._scale))
                surface = self._smaller(surface.subsurface((0, 0, *whole)), (columns, rows))
            data = self._bytes(surface, "RGB")
        self._line.say(FRAME + encode((self.now_ms / 1000, width, height, self._scale, data)))

    def _there(self) -> None:
        caption = str(self._caption()[0])[:200] if self._surface() is not None else ""
        texts = list(self._texts)[-_MOST_TEXTS:]
        self._line.say(THERE + encode((self.now_ms / 1000, caption, texts)))
        match decode(self._line.hear()):
            case (float(seconds), float(every_s), int(scale), list(events)):
                self._until_ms = self.now_ms + 1000 * seconds
                self._every_ms = 1000 * every_s
                self._next_ms = self.now_ms + self._every_ms
                self._scale = scale
                for kind, key in events:
                    self._happen(kind, key)

    def _happen(self, kind: str, name: str) -> None:
        pygame = self._pygame
        if kind == "quit":
            self._post(self._event(pygame.QUIT))
            return
        key = getattr(pygame, f"K_{name}")
        typed = " " if name == "space" else name if len(name) == 1 else ""
        scan = getattr(pygame, f"KSCAN_{name.upper()}")
        fields: Mapping[str, object] = {"key": key, "mod": 0, "unicode": typed, "scancode": scan}
        down = kind == "down"
        (self.held.add if down else self.held.discard)(key)
        self._post(self._event(pygame.KEYDOWN if down else pygame.KEYUP, dict(fields)))


class Pressed:  # pragma: no cover  # in a process of its own
    """Which keys are down, asked as pygame's own is asked."""

    def __init__(self, held: set[int]) -> None:
        self._held = frozenset(held)

    def __getitem__(self, key: int) -> bool:
        return key in self._held

    def __len__(self) -> int:
        return 512

    def __iter__(self) -> Any:
        return (key in self._held for key in range(512))


class Clock:  # pragma: no cover  # in a process of its own
    """A clock that ticks in the checker's time."""

    def __init__(self, screen: Screen) -> None:
        self._screen = screen
        self._last_ms = screen.now_ms
        self._took_ms = 0

    def tick(self, framerate: float = 0) -> int:
        step_ms = 1000 / framerate if framerate > 0 else FRAME_MS
        before = self._last_ms
        self._screen.paced(before + step_ms)
        self._last_ms = self._screen.now_ms
        self._took_ms = round(self._last_ms) - round(before)
        return self._took_ms

    tick_busy_loop = tick

    def get_time(self) -> int:
        return self._took_ms

    get_rawtime = get_time

    def get_fps(self) -> float:
        return 1000 / self._took_ms if self._took_ms else 0.0
