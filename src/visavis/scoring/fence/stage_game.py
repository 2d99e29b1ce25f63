"""One game on the stage, seen from the checker: keys go in, frames come out."""

import re
import signal
from dataclasses import dataclass
from typing import Final, Protocol

from visavis.core.tell import tell
from visavis.scoring.fence.stage_agent import FROM_GAME
from visavis.scoring.fence.stage_screen import MOST_PIXELS
from visavis.scoring.fence.values import MalformedError, decode, encode

STEP_S: Final = 5.0
"""Wall time of a step, and four times what is played: a slow machine is no fault of a program."""
_STEP_BYTES: Final = 512 << 20
"""Of all frames of one step; nobody asks for so many."""
_LARGEST_FONT: Final = 400
_ERROR: Final = re.compile(r"^([\w.]+)(?:: (.*))?$")
_REFUSED: Final = {
    "socket.py": tell("the network, of which there is none"),
    "subprocess.py": tell("another process, which it may not start"),
    "multiprocessing": tell("another process, which it may not start"),
}


class StoppedError(Exception):
    """The program on the stage does no more; the text says why, in one line for the reader."""

    def __init__(self, why: str, *, code: int | None = None) -> None:
        super().__init__(why)
        self.code = code
        """Exit code of a program that ended by itself; None where it was stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What the window showed at one moment."""

    at_s: float
    """Played time since the start."""
    width: int
    height: int
    scale: int
    """One pixel of so many in each direction is here, the one in the middle."""
    rgb: bytes
    """Rows from the top, three bytes a pixel."""

    @property
    def shape(self) -> tuple[int, int, int]:
        """Of `rgb` as an array: rows, columns, colours."""
        return (max(1, self.height // self.scale), max(1, self.width // self.scale), 3)


@dataclass(frozen=True, slots=True)
class Written:
    """A text that the program says it has written; true where a frame shows it."""

    text: str
    size: int
    bold: bool
    italic: bool
    smooth: bool
    colour: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Typeset:
    """How a text looks, set by ourselves."""

    width: int
    height: int
    cover: bytes
    """How much of each pixel the letters cover, 0 to 255; rows from the top."""


class Actor(Protocol):
    """The side of a stage that a game needs."""

    def tell(self, name: str, *arguments: object) -> None: ...
    def hear(self, limit_s: float) -> bytes: ...
    def within(self, limit_s: float) -> float: ...
    def stalled(self, name: str, why: str) -> None: ...


class Game:
    """A pygame program that is played in steps. `StoppedError` when it can be played no more."""

    def __init__(self, stage: Actor) -> None:
        self._stage = stage
        self._name = ""
        self._events: list[tuple[str, str]] = []
        self.title = ""
        """Of its window, now."""
        self.now_s = 0.0
        """Played time since the start."""
        self.frame: Frame | None = None
        """The latest that was seen; None before its window is open."""
        self.written: tuple[Written, ...] = ()
        """Texts that it says it wrote, the latest last."""

    def begin(self, name: str, limit_s: float) -> None:
        self._name = name
        limit_s = self._stage.within(limit_s)
        self._stage.tell("play", name, limit_s)
        self._listen(limit_s)

    def down(self, *keys: str) -> None:
        """Press keys, by pygame's names without `K_`: `LEFT`, `SPACE`, `p`."""
        self._events += [("down", key) for key in keys]

    def up(self, *keys: str) -> None:
        """Let keys go."""
        self._events += [("up", key) for key in keys]

    def tap(self, key: str) -> None:
        """Press a key for three frames."""
        self.down(key)
        self.step(0.05)
        self.up(key)
        self.step(0.02)

    def close_window(self) -> None:
        """Ask the program to end, as a click on the window's cross does."""
        self._events.append(("quit", ""))

    def step(self, seconds: float, every_s: float = 0.0, scale: int = 1) -> list[Frame]:
        """Play on; gives frames at `every_s`, and always the last one."""
        limit_s = self._stage.within(STEP_S + 4 * seconds)
        order = encode((float(seconds), float(every_s), scale, self._events))
        self._events = []
        self._stage.tell("step", order, limit_s)
        return self._listen(limit_s)

    def _listen(self, limit_s: float) -> list[Frame]:
        frames: list[Frame] = []
        wrong: StoppedError | None = None
        while (said := self._stage.hear(limit_s)).startswith(FROM_GAME):
            try:  # all is heard, also what comes after nonsense
                self._take(said[len(FROM_GAME) :], frames)
            except StoppedError as error:
                wrong = wrong or error
        if wrong is not None:
            raise wrong
        match decode(said):
            case ("there",):
                self.frame = frames[-1] if frames else None
                return frames
            case ("ended", int() | None as code, _, bytes(err), _, str(breach)):
                why = told(code, err, breach)
                if code is None and not breach:
                    self._stage.within(0.0)  # says so where the stage's own time is over
                    self._stage.stalled(self._name, why)
                raise StoppedError(why, code=None if breach else code)
        raise StoppedError(tell("it ended"))

    def _take(self, said: bytes, frames: list[Frame]) -> None:
        """Believe nothing: whatever is no frame of the size it says ends the game."""
        try:
            value = decode(said[1:])
        except MalformedError:
            value = None
        match said[:1], value:
            case b"F", (float(at_s), int(width), int(height), int(scale), bytes(rgb)):
                if sum(len(frame.rgb) for frame in frames) > _STEP_BYTES:
                    frames.clear()
                    raise StoppedError(tell("it shows more frames than were asked for"))
                frames.append(_frame(at_s, (width, height, scale), rgb))
            case b"T", (float(now_s), str(title), list(texts)):
                self.now_s, self.title = now_s, title
                self.written = tuple(one for one in map(_written, texts) if one is not None)
            case _:
                raise StoppedError(tell("what it shows is no frame of a game"))


def _frame(at_s: float, size: tuple[int, int, int], rgb: bytes) -> Frame:
    width, height, scale = size
    if width * height > MOST_PIXELS:
        raise StoppedError(
            tell(
                "its window of {width} × {height} pixels is larger than {most:,} pixels",
                width=width,
                height=height,
                most=MOST_PIXELS,
            )
        )
    frame = Frame(at_s=at_s, width=width, height=height, scale=max(1, scale), rgb=rgb)
    rows, columns, colours = frame.shape
    if width < 1 or height < 1 or rows * columns * colours != len(rgb):
        raise StoppedError(tell("what it shows is no frame of a game"))
    return frame


def _written(said: object) -> Written | None:
    match said:
        case (
            str(text), int(size), bool(bold), bool(italic), bool(smooth),
            (int(red), int(green), int(blue)),
        ) if 0 < size <= _LARGEST_FONT and text:  # fmt: skip
            return Written(text, size, bold, italic, smooth, (red, green, blue))
    return None


def told(code: int | None, stderr: bytes, breach: str) -> str:
    """How a program ended, in one line for the reader."""
    if breach:
        return tell("it was stopped: {told}", told=breach)
    if code is None:
        return tell("it was stopped: nothing more came of it in time")
    if code < 0:
        return tell("it ended by {signal}", signal=_signal(-code))
    raised = _raised(stderr.decode("utf-8", "replace"))
    if code and raised:
        return tell("it ended: {maybe}", maybe=raised)
    return tell("it ended by itself, with exit code {code}", code=code)


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _raised(stderr: str) -> str:
    """The exception of a traceback, and what the fence has to do with it."""
    lines = stderr.strip().splitlines()
    last = lines[-1].strip()[:200] if lines else ""
    if not _ERROR.match(last) or not any(line.startswith("Traceback") for line in lines):
        return ""
    wanted = next((what for name, what in _REFUSED.items() if name in stderr), "")
    if wanted and ("OSError" in last or "PermissionError" in last):
        return tell("it wanted {told} ({fault})", told=wanted, fault=last)
    return last
