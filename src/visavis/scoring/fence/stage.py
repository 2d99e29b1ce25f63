"""A place to try a whole program on, shut off like the rest of the fence; all judging is outside.

    with Stage(packages=("pygame",)) as stage:
        stage.write("todo.py", source)
        done = stage.run(["todo.py", "add", "milk"])        # a command
        stage.start(["server.py"])                          # a server …
        answer = stage.request("GET", "/", port=8000)       # … asked over the stage's own loopback
        game = stage.play("game.py")                        # a game, in steps, by real key events

Programs of one stage share its folder, and see no network but its own, no file but their own,
no screen and no sound. They may start threads, but no other process. Nothing that is expected of
them is ever inside: what comes out is their own output, and is judged where they cannot reach.
"""

import dataclasses
import importlib.util
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Final, Self

from visavis.core.errors import FenceError, OptionError
from visavis.core.tell import tell
from visavis.scoring.fence.bubblewrap import start_stage, ways
from visavis.scoring.fence.stage_child import MESSAGE_BYTES
from visavis.scoring.fence.stage_game import Game, StoppedError, Typeset, Written, told
from visavis.scoring.fence.talk import BrokenError, Talk
from visavis.scoring.fence.values import MAX_BYTES, MalformedError, decode, encode

__all__ = ["Answer", "Done", "Game", "Stage", "StoppedError"]

LIMIT_S: Final = 5.0
"""Wall time of a command, and of a server's answer, where nothing else is said."""
LASTS_S: Final = 60.0
"""For so long all programs of a stage may keep us waiting, whatever is asked of them; what is asked
later is not done. Right programs took 24 s at most, on a machine with seven times as much to do as
it has processors."""
ENDS_S: Final = 240.0
"""Wall time of a whole stage, our own work included."""
_WHEELS: Final[Mapping[str, str]] = MappingProxyType({"PIL": "pillow"})
"""Packages whose wheel has another name."""
_STALLS: Final = 2
"""So often may a program come to a standstill; then it is played no more."""
_PATIENCE_S: Final = 5.0
"""By which our own side may be late."""
_LEAST_S: Final = 0.05
"""Less is no time: nothing is done in it, and the two sides begin to count milliseconds apart."""
_WARM_S: Final = 20.0
_LARGEST: Final = max(MAX_BYTES, MESSAGE_BYTES) + (1 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """How a command ended."""

    stdout: bytes
    stderr: bytes
    code: int | None
    """Exit code, or a signal below zero; None where it was stopped."""
    timed_out: bool = False
    breach: str = ""
    """Which bound of the stage it broke, in words."""

    @property
    def why(self) -> str:
        """How it ended, in one line for the reader; empty where it ended well."""
        return "" if self.code == 0 else told(self.code, self.stderr, self.breach)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered."""

    status: int
    headers: Mapping[str, str]
    """Names in small letters; of one that comes twice, the last."""
    body: bytes
    """The first MiB of it."""


class Stage:
    """One fenced place. Not for use by two threads; ends with the thread that opened it."""

    def __init__(self, *, packages: Sequence[str] = (), lasts_s: float = LASTS_S) -> None:
        """`packages` are shown to programs, the standard library always is."""
        self._packages = tuple(packages)
        self._shown = _places(packages)
        self._lasts_s = lasts_s
        self._waited_s = 0.0
        """For what is on the stage."""
        self._due = math.inf
        self._talk: Talk | None = None
        self._unplayable: dict[str, str] = {}
        self._stalls = 0
        self._written: dict[str, bytes] = {}

    def __enter__(self) -> Self:
        """Open it; `FenceError` says why none can be had."""
        reasons: list[str] = []
        for way in ways():
            assert way.bwrap is not None
            self._talk = Talk(start_stage(way.bwrap, self._shown))
            try:
                self.ask("warm", list(self._packages), limit_s=_WARM_S)
            except BrokenError as error:
                reasons.append(f"{way.name}: {error} {self._talk.close()}".strip())
            else:
                self._waited_s, self._due = 0.0, time.monotonic() + ENDS_S
                return self
        why = "; ".join(reasons) or "no bubblewrap was found"
        raise FenceError(
            f"no stage for programs that a model wrote ({why}); 'visavis doctor' says what to do"
        )

    def __exit__(self, *_: object) -> None:
        if self._talk is not None:
            self._talk.close()

    @property
    def left_s(self) -> float:
        """For how long this stage may still keep us waiting."""
        left = min(self._lasts_s - self._waited_s, self._due - time.monotonic())
        return left if left >= _LEAST_S else 0.0

    def write(self, name: str, data: bytes) -> None:
        """Put a file into the folder; folders on the way to it are made."""
        digest = sha256(data).digest()
        if self._written.get(name) != digest:
            self._written[name], self._stalls = digest, 0
            self._unplayable.pop(name, None)
        trouble = self.ask("write", _inside(name), data)
        if trouble:
            raise StoppedError(
                tell("{name!r} cannot be written: {fault}", name=name, fault=trouble)
            )

    def read(self, name: str) -> bytes | None:
        """A file of the folder; None where there is none, or one of more than 8 MiB."""
        data = self.ask("read", _inside(name))
        return data if isinstance(data, bytes) else None

    def files(self) -> tuple[str, ...]:
        """All files of the folder and those below, by name; a thousand at most."""
        found = self.ask("list")
        return tuple(map(str, found)) if isinstance(found, list) else ()

    def run(self, argv: Sequence[str], stdin: bytes = b"", limit_s: float = LIMIT_S) -> Done:
        """Run a Python file to its end: `["todo.py", "add", "milk"]`."""
        limit_s = self.within(limit_s)
        return _done(self.ask("run", list(argv), stdin, limit_s, limit_s=limit_s))

    def start(self, argv: Sequence[str]) -> int:
        """Start a Python file that goes on; gives the number by which `stop` knows it."""
        number = self.ask("start", list(argv), self.within(self._lasts_s))
        assert isinstance(number, int)
        return number

    def stop(self, number: int) -> Done:
        """End what was started, and say how it stood; what was still going has no `code`."""
        return _done(self.ask("stop", number))

    def request(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] = MappingProxyType({}),
        *,
        port: int,
        limit_s: float = LIMIT_S,
    ) -> Answer:
        """Ask a server on the stage by HTTP, waiting for it to listen.

        `StoppedError` where no answer comes.
        """
        limit_s = self.within(limit_s)
        sent = (method, path, dict(headers), body)
        match self.ask("ask", port, sent, limit_s, limit_s=limit_s):
            case ("answer", int(status), list(pairs), bytes(data)):
                held = {str(name).lower(): str(value) for name, value in pairs}
                return Answer(status=status, headers=MappingProxyType(held), body=data)
            case ("none", str(why)):
                raise StoppedError(why)
        raise StoppedError(tell("the server gave what is no answer"))

    def play(self, name: str, limit_s: float = LIMIT_S) -> Game:
        """Start a pygame program, up to its first frame; a game that is on ends.

        One that could not be started once is not started again: it would come to the same.
        """
        if name in self._unplayable:
            raise StoppedError(self._unplayable[name])
        game = Game(self)
        try:
            game.begin(_inside(name), limit_s)
        except StoppedError as error:
            self._unplayable[name] = str(error)
            raise
        return game

    def typeset(self, texts: Sequence[Written]) -> tuple[Typeset, ...]:
        """How texts look in pygame's own font, set by nobody but us; without `pygame` shown, none.

        So what a program says it wrote can be looked for in its frames.
        """
        wanted = [dataclasses.astuple(text) for text in texts]
        said = self.ask("typeset", wanted, LIMIT_S, limit_s=LIMIT_S)
        assert isinstance(said, list)
        return tuple(Typeset(*one) for one in said)

    def stalled(self, name: str, why: str) -> None:
        """A game came to a standstill; it is not to keep us waiting in every check."""
        self._stalls += 1
        if self._stalls >= _STALLS:
            self._unplayable[name] = why

    def clear(self) -> None:
        """End all programs, and empty the folder."""
        self.ask("clear", limit_s=LIMIT_S)

    def ask(self, name: str, *arguments: object, limit_s: float = 0.0) -> object:
        """One request to the agent, and its answer; `BrokenError` when there is none any more."""
        self.tell(name, *arguments)
        try:
            return decode(self.hear(limit_s))
        except MalformedError as error:
            raise BrokenError(str(error)) from None

    def tell(self, name: str, *arguments: object) -> None:
        """Send a request; `hear` takes what comes back."""
        assert self._talk is not None, "a stage is opened by `with`"
        try:
            self._talk.say(encode((name, *arguments)), time.monotonic() + _PATIENCE_S)
        except OSError as error:
            raise BrokenError(tell("the stage broke: {maybe}", maybe=error)) from None

    def hear(self, limit_s: float) -> bytes:
        """The next message of the agent."""
        assert self._talk is not None, "a stage is opened by `with`"
        began = time.monotonic()
        try:
            return self._talk.hear(_LARGEST, time.monotonic() + limit_s + _PATIENCE_S)
        except OSError as error:
            raise BrokenError(tell("the stage broke: {maybe}", maybe=error)) from None
        finally:
            self._waited_s += time.monotonic() - began

    def within(self, limit_s: float) -> float:
        """A time limit that ends with the stage; `StoppedError` when that is now."""
        if not self.left_s:
            over = self._lasts_s - self._waited_s < _LEAST_S
            raise StoppedError(
                tell("timed out: it took more than {most:g} s over all checks", most=self._lasts_s)
                if over
                else tell("timed out: trying it took more than {most:g} s", most=ENDS_S)
            )
        return min(limit_s, self.left_s)


def _places(packages: Sequence[str]) -> dict[str, Path]:
    """Where packages lie on this machine, with the libraries that wheels put beside them."""
    found: dict[str, Path] = {}
    for name in packages:
        spec = importlib.util.find_spec(name)
        if spec is None or not spec.submodule_search_locations:
            raise OptionError(
                f"these programs use {name!r}, which is not installed; install 'visavis[programs]'"
            )
        place = Path(spec.submodule_search_locations[0])
        found[name] = place
        found |= {libs.name: libs for libs in place.parent.glob(f"{_WHEELS.get(name, name)}*.libs")}
    return found


def _inside(name: str) -> str:
    """A plain name of a file below the folder; ours to get right."""
    parts = PurePosixPath(name).parts
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\0" in name:
        raise ValueError(f"{name!r} is no file of the stage")
    return name


def _done(said: object) -> Done:
    match said:
        case (int() | None as code, bytes(out), bytes(err), bool(timed_out), str(breach)):
            return Done(code=code, stdout=out, stderr=err, timed_out=timed_out, breach=breach)
    raise BrokenError(tell("the stage did not say how a program ended"))
