"""The interpreter that stays inside the fence, and forks for each program.

    resident ─┬─ tester     reads the job, runs its tests, reaches the verdict
              └─ program    one process for one program, in namespaces of its own, without rights,
                            behind filtered calls; tied to the tester by a line of two pipes

The resident keeps the time and ends what is left of a program before the next may start. It never
reads a job or a verdict: it tells the tester how many bytes to read from the stream that both
share, and passes the verdict on unread. So no program, being a copy of the resident, holds
anything of its own tests or of an earlier job. Tests are ours, so one tester judges a few programs
before it is replaced; each program has a line to it that no other has seen.

Runs inside the fence: standard library only.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import struct
import time
from collections.abc import Iterator
from typing import Final, NamedTuple, NoReturn

from visavis.scoring.fence import syscalls
from visavis.scoring.fence.pipe import ClosedError, Line, message, read_exactly, write_all
from visavis.scoring.fence.program import serve
from visavis.scoring.fence.tester import Candidate, judge
from visavis.scoring.fence.values import decode, encode
from visavis.scoring.fence.walls import (
    SCRATCH,
    Walls,
    be_unreadable,
    drop_rights,
    enclose,
    fork_apart,
    limit_memory,
    limit_processor,
)

HEADER: Final = struct.Struct("!dI")
"""Wall time in seconds, and bytes of the job that follows."""
_LENGTH: Final = struct.Struct("!I")
_STATUS: Final = struct.Struct("!i")
_JOBS, _ANSWERS = 0, 1
_HEARS, _SAYS = 3, 4
"""Where a program's process finds its two ends of the line; it has no other file open."""
_READ, _HOW_ENDED, _VERDICT = b".", b"?", b"!"
"""What a tester says to the resident: I have read the job; how did the program end? and: the
verdict follows."""
_LINES: Final = 16
"""Programs that one tester serves."""
_WARM: Final = ("collections", "functools", "heapq", "itertools", "math", "re", "string", "typing")
"""What programs import most; loaded once here. More would slow every fork, and help few."""
_REHEARSALS: Final = 8
"""So often must Python run a function before it keeps the quicker form of it."""


def main(kind: str) -> None:  # pragma: no cover  # in a process of its own
    """Answer jobs until nobody asks. `kind` is `namespaces`, `namespaces-root` or `weak`."""
    be_unreadable()
    warm_up()
    gc.collect()
    gc.freeze()  # so that a child's collector does not write on, and so copy, every shared page
    walls = Walls(namespaces=kind != "weak", user=65534 if kind == "namespaces-root" else None)
    resident = Resident(walls)
    with contextlib.suppress(ClosedError):
        while True:
            resident.run(*HEADER.unpack(read_exactly(_JOBS, HEADER.size)))
    resident.close()


def warm_up() -> None:
    """Do once, here, what every child would do first: import, compile, go the way of a call."""
    for name in _WARM:
        importlib.import_module(name)
    syscalls.program(os.uname().machine, 1)
    job = {"solution": "def check(reply): return True", "entry_point": "check", "reply": ""}
    for _ in range(_REHEARSALS):
        there, back, nowhere = os.pipe(), os.pipe(), os.open(os.devnull, os.O_WRONLY)
        write_all(there[1], message(encode((job["solution"], "check", 1.0))))
        write_all(there[1], message(encode(([""], {}))))
        os.close(there[1])
        with contextlib.suppress(ClosedError):
            serve(Line(there[0], back[1]), lambda _: None)
        judge(job, 1.0, Candidate(Line(back[0], nowhere)))
        for fd in (there[0], *back, nowhere):
            os.close(fd)


class _Tester(NamedTuple):
    """The tester's process, seen from the resident."""

    pid: int
    line: Line
    """Hears what the tester asks; says which job is next."""
    lines: list[Line]
    """The programs' ends of the lines that are not used yet."""


class _Program(NamedTuple):
    """A program's process, seen from the resident."""

    pid: int
    scratch: contextlib.AbstractContextManager[str]

    def ended(self) -> bool:  # pragma: no cover  # in a process of its own
        return os.waitpid(self.pid, os.WNOHANG)[0] != 0


class Resident:  # pragma: no cover  # in a process of its own
    """What goes on between one job and the next."""

    def __init__(self, walls: Walls) -> None:
        self._walls = walls
        self._tester: _Tester | None = None
        self._spare: _Program | None = None
        """A process that waits for its program, made while another was judged."""
        self._read = False
        """The tester has taken the whole job off the stream."""

    def run(self, limit_s: float, size: int) -> None:
        """One job from start to answer; after it nothing that the program did is left."""
        due = time.monotonic() + limit_s
        if self._spare is not None and self._spare.ended():
            self.close()  # somebody outside killed it; a program must not be blamed for that
        tester = self._tester or self._new_tester()
        program = self._spare or self._new_program(tester)
        self._spare = None
        tester.line.say(HEADER.pack(limit_s, size))
        self._read = False
        if tester.lines:
            self._spare = self._new_program(tester)
        try:
            state = self._watch(tester, program, due)
        finally:
            self._end(program)
        if state == _VERDICT:
            (length,) = _LENGTH.unpack(read_exactly(tester.line.hears, _LENGTH.size))
            _pass_on(tester.line.hears, length)
            if self._spare is None:
                self._end_tester(tester)
            return
        self._end_tester(tester)
        told = ("timed out", f"not done after {limit_s:g} s")
        if state is not None:
            told = ("no answer", "the tester ended without a verdict")
        write_all(_ANSWERS, message(encode(told)))
        if not self._read:
            raise ClosedError("nobody knows where the next job begins")

    def close(self) -> None:
        """End what is left."""
        if self._tester is not None:
            self._end_tester(self._tester)

    def _watch(self, tester: _Tester, program: _Program, due: float) -> bytes | None:
        """Wait for the verdict; None when the time is up, nothing when the tester ended."""
        poll = select.poll()
        poll.register(tester.line.hears, select.POLLIN)
        poll.register(_JOBS, 0)  # only a hang-up is told: visavis itself is gone
        while True:
            events = dict(poll.poll(max(0.0, due - time.monotonic()) * 1000))
            if events.get(_JOBS, 0):
                self._end_tester(tester)
                raise ClosedError("visavis is gone")
            if tester.line.hears not in events:
                return None
            said = os.read(tester.line.hears, 1)
            if said == _READ:
                self._read = True
            elif said == _HOW_ENDED:
                tester.line.say(_STATUS.pack(_ending(program.pid)))
            else:
                return said

    def _new_tester(self) -> _Tester:
        pairs = [(os.pipe(), os.pipe()) for _ in range(_LINES)]
        down, up = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            ours = [Line(up_[0], down_[1]) for down_, up_ in pairs]
            for fd in (down[1], up[0], *(fd for d, u in pairs for fd in (d[0], u[1]))):
                os.close(fd)
            _be_tester(self._walls, Line(down[0], up[1]), ours)
        for fd in (down[0], up[1], *(fd for d, u in pairs for fd in (d[1], u[0]))):
            os.close(fd)
        theirs = [Line(down_[0], up_[1]) for down_, up_ in reversed(pairs)]
        self._tester = _Tester(pid, Line(up[0], down[1]), theirs)
        return self._tester

    def _new_program(self, tester: _Tester) -> _Program:
        line = tester.lines.pop()
        scratch = _scratch(self._walls)
        folder = scratch.__enter__()
        pid = fork_apart(self._walls)
        if pid == 0:
            _be_program(self._walls, line, folder)
        os.close(line.hears)
        os.close(line.says)
        return _Program(pid, scratch)

    def _end(self, program: _Program) -> None:
        """End a program's process, and with it all that it may have started."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            if not self._walls.namespaces:
                os.killpg(program.pid, signal.SIGKILL)
        with contextlib.suppress(ProcessLookupError):
            os.kill(program.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):  # its ending may have been told already
            os.waitpid(program.pid, 0)
        program.scratch.__exit__(None, None, None)

    def _end_tester(self, tester: _Tester) -> None:
        os.kill(tester.pid, signal.SIGKILL)
        os.waitpid(tester.pid, 0)
        if self._spare is not None:
            self._end(self._spare)
        for line in (tester.line, *tester.lines):
            os.close(line.hears)
            os.close(line.says)
        self._tester = self._spare = None


def _pass_on(hears: int, length: int) -> None:  # pragma: no cover  # in a process of its own
    """Let a verdict through without reading it, so that none is left in this process's memory."""
    write_all(_ANSWERS, _LENGTH.pack(length))
    while length:
        length -= os.splice(hears, _ANSWERS, length)


@contextlib.contextmanager
def _scratch(walls: Walls) -> Iterator[str]:  # pragma: no cover  # in a process of its own
    if walls.namespaces:
        yield SCRATCH
        return
    from tempfile import TemporaryDirectory  # large; only the weak fence uses it

    prefix = f"visavis-{os.getpid()}-"
    with TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield folder


def _ending(pid: int) -> int:  # pragma: no cover  # in a process of its own
    """Exit code or negative signal of a program that ended by itself; -256 if it did not."""
    for _ in range(50):
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.001)
    return -256


def _be_tester(  # pragma: no cover  # in a forked child
    walls: Walls, resident: Line, lines: list[Line]
) -> NoReturn:
    """Judge one job over each line, then end."""
    try:
        _silence(1, 2)
        drop_rights(walls)
        limit_memory()
        for line in lines:
            limit_s, size = HEADER.unpack(resident.hear())
            job = decode(read_exactly(_JOBS, size))
            write_all(resident.says, _READ)
            end, detail = _judged(job, limit_s, line)
            if end == "died":
                write_all(resident.says, _HOW_ENDED)
                (status,) = _STATUS.unpack(resident.hear())
                detail += _named(status)
            write_all(resident.says, _VERDICT + message(encode((end, detail))))
            os.close(line.hears)
            os.close(line.says)
    finally:
        os._exit(0)


def _judged(  # pragma: no cover  # in a forked child
    job: object, limit_s: float, line: Line
) -> tuple[str, str]:
    if not isinstance(job, dict):
        return ("no answer", "the job cannot be read")
    return judge(job, limit_s, Candidate(line))


def _named(status: int) -> str:  # pragma: no cover  # in a forked child
    if status == -256:
        return ""
    return f" ({signal.Signals(-status).name if status < 0 else f'exit code {status}'})"


def _be_program(  # pragma: no cover  # in a forked child
    walls: Walls, line: Line, scratch: str
) -> NoReturn:
    """Be the process of one program."""
    try:
        _silence(0, 1, 2)
        hears, says = os.dup(line.hears), os.dup(line.says)  # out of the way of 3 and 4
        os.dup2(hears, _HEARS)
        os.dup2(says, _SAYS)
        os.closerange(_SAYS + 1, 1 << 10)
        enclose(walls, scratch)
        with contextlib.suppress(ClosedError):
            serve(Line(_HEARS, _SAYS), limit_processor)
    finally:
        os._exit(0)


def _silence(*fds: int) -> None:  # pragma: no cover  # in a forked child
    """Nothing to read there, and nobody listens."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in fds:
        os.dup2(null, fd)
    os.close(null)
