"""One check of an Arkanoid at work: the game it plays, and the evidence it keeps."""

from collections.abc import Callable, Sequence
from typing import Final

from visavis.benchmarks.programs.arkanoid_bot import Player
from visavis.benchmarks.programs.arkanoid_sight import pixels
from visavis.benchmarks.programs.base import Finding, UnmetError
from visavis.benchmarks.programs.png import Pixels, clip, still
from visavis.core.outcome import CLIP, Evidence
from visavis.scoring.fence.stage import Stage, StoppedError
from visavis.scoring.fence.stage_game import Frame

FILE: Final = "arkanoid.py"
PLAYED_S: Final = 120.0
"""Of a rally that has to see something rare."""
_CLIP_FRAMES: Final = 48
_CLIP_S: Final = 0.15
"""Between two frames of a clip, at least."""
_WIDEST: Final = 400
"""Pixels of a frame that is kept."""
_MOST_NOTES: Final = 200


class Scene:
    """One check at work: its game, and what it keeps as evidence."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._player: Player | None = None
        self._frame: Frame | None = None
        self._notes: list[str] = []

    def play(self) -> Player:
        """A new game with the bot at its keys."""
        self._player = Player(self.stage, FILE)
        self.show(self._player.field.start)
        return self._player

    def show(self, frame: Frame) -> Frame:
        """Keep this frame as the one that tells."""
        self._frame = frame
        return frame

    def note(self, at_s: float, text: str) -> None:
        """Keep a line of the trace."""
        self._notes.append(f"{at_s:8.3f} s  {text}")

    def evidence(self, name: str) -> tuple[Evidence, ...]:
        kept: list[Evidence] = []
        frames = [look.frame for look in self._player.seen] if self._player else []
        if self._frame is not None:
            kept.append(_png(name, still(_small(self._frame))))
        reel = _reel(frames)
        if len(reel) > 1:
            kept.append(_png(name + CLIP, clip([_small(frame) for frame in reel], _CLIP_S)))
        if self._notes:
            text = "\n".join(self._notes[:_MOST_NOTES]).encode()
            kept.append(Evidence(name=f"{name} trace", media_type="text/plain", data=text))
        return tuple(kept)


def check(name: str, play: Callable[[Scene], str]) -> Callable[[Stage], Finding]:
    """A check from what plays a scene: it gives what it saw, or raises what it missed."""

    def found(stage: Stage) -> Finding:
        scene = Scene(stage)
        try:
            because, holds = play(scene), True
        except (UnmetError, StoppedError) as error:
            because, holds = str(error), False
        return Finding(holds=holds, because=because, evidence=scene.evidence(name))

    return found


def _png(name: str, data: bytes) -> Evidence:
    return Evidence(name=name, media_type="image/png", data=data)


def _reel(frames: Sequence[Frame]) -> Sequence[Frame]:
    """A few frames, evenly over time, of one size."""
    alike = [frame for frame in frames if frame.shape == frames[0].shape]
    if not alike:
        return ()
    first, last = alike[0].at_s, alike[-1].at_s
    step_s = max(_CLIP_S, (last - first) / _CLIP_FRAMES)
    kept, due = [], first
    for frame in alike:
        if frame.at_s >= due:
            kept.append(frame)
            due = frame.at_s + step_s
    return kept[:_CLIP_FRAMES]


def _small(frame: Frame) -> Pixels:
    step = -(-pixels(frame).shape[1] // _WIDEST)
    return pixels(frame)[::step, ::step]
