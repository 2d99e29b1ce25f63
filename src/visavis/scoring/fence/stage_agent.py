"""The one on the stage who is ours: does there what a checker outside asks for.

    checker (outside) ──line── agent ─┬─ program   started by a command, with what it printed
                                      ├─ program   a server, asked over the stage's own loopback
                                      └─ program   a game, played step by step over a line

The agent holds nothing that is expected of a program: what should come out is known outside only.
Every program is a process in namespaces of its own, without rights, behind filtered calls, in a
folder that all programs of the stage share. It may not start another process.

Runs inside the fence: standard library only.
"""

import contextlib
import fcntl
import http.client
import importlib
import os
import signal
import stat
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, NoReturn

from visavis.scoring.fence import stage_screen
from visavis.scoring.fence.pipe import ClosedError, Line, message, write_all
from visavis.scoring.fence.stage_child import OUTPUT_BYTES, Child, feed, wait
from visavis.scoring.fence.syscalls import NEW_SELF, OWN_FILES, OWN_NETWORK
from visavis.scoring.fence.values import decode
from visavis.scoring.fence.walls import (
    SCRATCH,
    Walls,
    be_unreadable,
    enclose,
    fork_apart,
    limit_processor,
    mount_scratch,
)

PACKAGES: Final = "/packages"
FILE_BYTES: Final = 8 << 20
"""Of a file that is read for the checker."""
FROM_GAME: Final = b"G"
"""What a message begins with that a game said, and that is only passed on."""
GAME_CPU_S: Final = 90.0
"""Processor time of one game, however long it is played."""
_PYTHON: Final = "/python/bin/python3"
_OURS: Final = Line(0, 1)
_HEARS, _SAYS = 3, 4
"""Where a game finds its ends of the line to us."""
_BEYOND: Final = 16
"""File numbers from here on are in nobody's way."""
_PAUSE_S: Final = 0.02
_ENVIRONMENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "HOME": SCRATCH,
        "LC_ALL": "C.UTF-8",
        "LD_LIBRARY_PATH": "/python/lib",
        "PATH": "/python/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": PACKAGES,
        "PYTHONUTF8": "1",
        "TZ": "UTC",
        "PYGAME_HIDE_SUPPORT_PROMPT": "1",
        "SDL_AUDIODRIVER": "dummy",
        "SDL_VIDEODRIVER": "dummy",
    }
)

Arguments = tuple[Any, ...]
"""Of one request: written by our own side, read by the method that they name."""


def main(kind: str) -> None:  # pragma: no cover  # in a process of its own
    """Do what is asked until nobody asks. `kind` is `namespaces` or `namespaces-root`."""
    be_unreadable()
    mount_scratch()
    os.chmod(SCRATCH, 0o777)
    os.chdir(SCRATCH)
    _widen(_OURS.says)
    os.environ.clear()
    os.environ.update(_ENVIRONMENT)
    sys.path.append(PACKAGES)
    agent = Agent(Walls(namespaces=True, user=65534 if kind == "namespaces-root" else None))
    with contextlib.suppress(ClosedError):
        while True:
            agent.serve()


class Agent:  # pragma: no cover  # in a process of its own
    """Who is on the stage now, and what each request does to them."""

    def __init__(self, walls: Walls) -> None:
        self._walls = walls
        self._servers: list[Child] = []
        self._game: Child | None = None
        self._to_game = -1
        self._requests: dict[str, Callable[..., object]] = {
            "warm": self._warm,
            "write": self._write,
            "read": self._read,
            "list": self._list,
            "run": self._run,
            "start": self._start,
            "ask": self._ask,
            "stop": self._stop,
            "play": self._play,
            "step": self._step,
            "typeset": self._typeset,
            "clear": self._clear,
        }

    def serve(self) -> None:
        """One request and its answer; servers may print meanwhile."""
        while not wait(self._all(), time.monotonic() + 3600.0, also=_OURS.hears):
            pass
        match _OURS.hear_value():
            case (str(name), *arguments):
                _OURS.say_value(self._requests[name](*arguments))

    def _all(self) -> list[Child]:
        return [*self._servers, *([self._game] if self._game else [])]

    def _warm(self, packages: Sequence[str]) -> None:
        """Import once, here, what every game would import."""
        for name in packages:
            importlib.import_module(name)

    def _write(self, name: str, data: bytes) -> str:
        try:
            os.makedirs(os.path.dirname(os.path.join(SCRATCH, name)), exist_ok=True)
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
            with open(name, "xb") as file:
                file.write(data)
            os.chmod(name, 0o666)
        except OSError as error:
            return error.strerror or "it cannot be written"
        return ""

    def _read(self, name: str) -> bytes | None:
        """A plain file's content; None where there is none, or no plain one of a bounded size."""
        if not os.path.realpath(name).startswith(f"{SCRATCH}/"):
            return None
        try:
            fd = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return None
        with open(fd, "rb") as file:
            if not stat.S_ISREG(os.fstat(fd).st_mode):
                return None
            data = file.read(FILE_BYTES + 1)
        return data if len(data) <= FILE_BYTES else None

    def _list(self) -> list[str]:
        found = [
            os.path.relpath(os.path.join(folder, name), SCRATCH)
            for folder, _, names in os.walk(SCRATCH)
            for name in names
        ]
        return sorted(found)[:1000]

    def _run(self, argv: Sequence[str], stdin: bytes, limit_s: float) -> Arguments:
        child, to_child = self._begin(limit_s, lambda: _be_command(argv))
        due = time.monotonic() + limit_s
        left: memoryview | None = memoryview(stdin)
        os.set_blocking(to_child, False)
        while child.code is None and not child.breach and time.monotonic() < due:
            if left is not None:
                left = feed(to_child, left) if left else None
                if left is None:
                    os.close(to_child)
            wait([child], min(due, time.monotonic() + (_PAUSE_S if left else 3600.0)))
        if left is not None:
            os.close(to_child)
        return _done(child)

    def _start(self, argv: Sequence[str], limit_s: float) -> int:
        child, to_child = self._begin(limit_s, lambda: _be_command(argv))
        os.close(to_child)
        self._servers.append(child)
        return len(self._servers) - 1

    def _ask(self, port: int, sent: Arguments, limit_s: float) -> Arguments:
        """One HTTP request; until the port is open, or all servers have ended, it is tried anew."""
        due = time.monotonic() + limit_s
        while True:
            try:
                return ("answer", *_answered(port, sent, max(0.05, due - time.monotonic())))
            except ConnectionRefusedError as error:
                over = all(child.code is not None for child in self._servers)
                if over or time.monotonic() >= due:
                    return ("none", f"nobody listens on port {port}: {error.strerror}")
            except TimeoutError:
                return ("none", f"no answer within {limit_s:g} s")
            except (OSError, http.client.HTTPException) as error:
                return ("none", f"{type(error).__name__}: {error}")
            wait(self._servers, time.monotonic() + _PAUSE_S)

    def _stop(self, number: int) -> Arguments:
        """How a server stands, which is then ended."""
        child = self._servers[number]
        child.look()
        return _done(child)

    def _play(self, name: str, limit_s: float) -> Arguments:
        """Start a game, up to its first frame."""
        self._end_game()
        hears, self._to_game = os.pipe()
        says_to, says = os.pipe()
        _widen(says)

        self._game, to_child = self._begin(GAME_CPU_S, _be_game(name), (hears, says), says_to)
        for fd in (to_child, hears, says):
            os.close(fd)
        return self._step(b"", limit_s)

    def _step(self, order: bytes, limit_s: float) -> Arguments:
        """Tell the game how far to go, and pass on what it shows until it is there."""
        child, due = self._game, time.monotonic() + limit_s
        if child is None:
            return ("ended", None, b"", b"", "no game is on")
        if order:
            with contextlib.suppress(ClosedError):
                write_all(self._to_game, message(order))
        while time.monotonic() < due and not child.breach:
            while child.messages:
                said = child.messages.pop(0)
                _OURS.say(FROM_GAME + said)
                if said[:1] != stage_screen.FRAME:
                    return ("there",)
            if child.code is not None:
                break
            wait([child], due)
        return ("ended", *_done(child))

    def _typeset(self, texts: Sequence[stage_screen.Text], limit_s: float) -> object:
        """How texts look, by a process that no program has ever touched."""
        hears, says = os.pipe()
        child, to_child = self._begin(
            limit_s, lambda: stage_screen.typeset(texts, _HEARS), (says,), hears
        )
        for fd in (to_child, says):
            os.close(fd)
        due = time.monotonic() + limit_s
        while not child.messages and child.code is None and time.monotonic() < due:
            wait([child], due)
        child.end()
        return decode(child.messages[0]) if child.messages else []

    def _clear(self) -> None:
        """An empty stage: nobody on it, nothing left behind."""
        for child in self._servers:
            child.end()
        self._servers.clear()
        self._end_game()
        for folder, folders, names in os.walk(SCRATCH, topdown=False):
            for name in names:
                os.unlink(os.path.join(folder, name))
            for name in folders:
                place = os.path.join(folder, name)
                (os.unlink if os.path.islink(place) else os.rmdir)(place)

    def _end_game(self) -> None:
        if self._game is not None:
            self._game.end()
            os.close(self._to_game)
        self._game = None

    def _begin(
        self,
        limit_s: float,
        play: Callable[[], None],
        line: tuple[int, ...] = (),
        says: int | None = None,
    ) -> tuple[Child, int]:
        """Fork a program; gives it with the writing end of its standard input."""
        stdin, out, err = os.pipe(), os.pipe(), os.pipe()
        pid = fork_apart(self._walls)
        if pid == 0:
            _be_program(self._walls, (stdin[0], out[1], err[1], *line), limit_s, play)
        for fd in (stdin[0], out[1], err[1]):
            os.close(fd)
        return Child(pid, out[0], err[0], says), stdin[1]


def _widen(pipe: int) -> None:  # pragma: no cover  # in a process of its own
    """Let a whole frame into a pipe, so that nobody is woken for every part of it."""
    with contextlib.suppress(OSError):  # less will do
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, 1 << 20)


def _done(child: Child) -> Arguments:  # pragma: no cover  # in a process of its own
    timed_out = child.code is None and not child.breach
    code = child.code
    child.end()
    return (code, child.out, child.err, timed_out, child.breach)


def _answered(  # pragma: no cover  # in a process of its own
    port: int, sent: Arguments, limit_s: float
) -> Arguments:
    method, path, headers, body = sent
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=limit_s)
    signal.signal(signal.SIGALRM, _late)  # an answer may come byte by byte, and never end
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    try:
        connection.request(method, path, body=body or None, headers=dict(headers))
        answer = connection.getresponse()
        held = answer.read(OUTPUT_BYTES + 1)
        return (answer.status, answer.getheaders(), held[:OUTPUT_BYTES])
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)
        connection.close()


def _late(*_: object) -> NoReturn:  # pragma: no cover  # in a process of its own
    raise TimeoutError


def _be_program(  # pragma: no cover  # in a forked child
    walls: Walls, fds: tuple[int, ...], limit_s: float, play: Callable[[], None]
) -> NoReturn:
    """Be the process of one program, with these open files and no others."""
    try:
        for fd, held in enumerate([fcntl.fcntl(fd, fcntl.F_DUPFD, _BEYOND) for fd in fds]):
            os.dup2(held, fd)
        os.closerange(len(fds), 1 << 10)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
        enclose(walls, SCRATCH, shared=True, allowed=OWN_FILES | OWN_NETWORK | NEW_SELF)
        limit_processor(limit_s)
        play()
    finally:
        os._exit(70)  # what `sysexits.h` calls an internal error: of ours


def _be_command(argv: Sequence[str]) -> None:  # pragma: no cover  # in a forked child
    os.execve(_PYTHON, ["python3", "-P", *argv], dict(_ENVIRONMENT))


def _be_game(name: str) -> Callable[[], None]:  # pragma: no cover  # in a forked child
    return lambda: stage_screen.play(name, Line(_HEARS, _SAYS))
