"""The interpreter that stays inside the fence and forks for each program.

It reads twelve bytes (time limit, size of the job) and forks a tester, which forks the program's
process *before* either has read the job. So the resident never holds a job, the program's
process never holds the tests, and nothing of one job is left in memory for the next.

    resident ── tester ── program
       │          │          └ own process, mount and IPC namespaces; no rights; filtered calls
       │          └ reads the job, runs the tests, reaches the verdict
       └ keeps the time, ends and reaps all that is left, passes the verdict on

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
from typing import Final, NoReturn

from visavis.scoring import fence_syscalls
from visavis.scoring.fence_pipe import ClosedError, Line, message, read_exactly, write_all
from visavis.scoring.fence_program import serve
from visavis.scoring.fence_tester import Candidate, Told, judge
from visavis.scoring.fence_values import MalformedError, decode, encode
from visavis.scoring.fence_walls import SCRATCH, Walls, adopt_orphans, enclose, shut

HEADER: Final = struct.Struct("!dI")
"""Wall time in seconds, and bytes of the job that follows."""
_JOBS, _ANSWERS = 0, 1
_HEARS, _SAYS = 3, 4
"""Where a program's process finds its two ends of the line; it has no other file open."""
_WARM: Final = ("collections", "functools", "heapq", "itertools", "math", "re", "string", "typing")
"""What programs import most; loaded once here. More would slow every fork, and help few."""

_REHEARSALS: Final = 8
"""So often must Python run a function before it keeps the quicker form of it."""


def main(kind: str) -> None:  # pragma: no cover  # in a forked child
    """Answer jobs until nobody asks. `kind` is `namespaces`, `namespaces-root` or `weak`."""
    walls = Walls(
        namespaces=kind != "weak",
        user=65534 if kind == "namespaces-root" else None,
    )
    adopt_orphans()
    warm_up()
    gc.collect()
    gc.freeze()  # so that a child's collector does not write on, and so copy, every shared page
    answers = Line(_JOBS, _ANSWERS)
    with contextlib.suppress(ClosedError):
        while True:
            limit_s, size = HEADER.unpack(read_exactly(_JOBS, HEADER.size))
            answers.say_value(_run(walls, limit_s, size))


def warm_up() -> None:
    """Do once, here, what every child would do first: import, compile, go the way of a call."""
    for name in _WARM:
        importlib.import_module(name)
    fence_syscalls.program(os.uname().machine, 1)
    job = {"solution": "def check(reply): return True", "entry_point": "check", "reply": ""}
    for _ in range(_REHEARSALS):
        there, back, nowhere = os.pipe(), os.pipe(), os.open(os.devnull, os.O_WRONLY)
        write_all(there[1], message(encode((job["solution"], "check"))))
        write_all(there[1], message(encode(([""], {}))))
        os.close(there[1])
        with contextlib.suppress(ClosedError):
            serve(Line(there[0], back[1]))
        judge(job, Candidate(Line(back[0], nowhere)))
        for fd in (there[0], *back, nowhere):
            os.close(fd)


def _run(walls: Walls, limit_s: float, size: int) -> Told:  # pragma: no cover  # in a forked child
    """One job from start to end; when this returns, nothing that it started is left."""
    due = time.monotonic() + limit_s
    hears, says = os.pipe()
    with _scratch(walls) as scratch:
        tester = os.fork()
        if tester == 0:
            os.close(hears)
            _test(walls, limit_s, size, Line(_JOBS, says), scratch)
        os.close(says)
        try:
            said = _hear_until(hears, due)
        finally:
            os.close(hears)
            _end_all(walls, tester)
    if said is None:
        return ("timed out", f"not done after {limit_s:g} s")
    try:
        match decode(said):
            case (str(end), str(detail)):
                return (end, detail)
    except MalformedError:
        pass
    return ("no answer", "the tester ended without a verdict")


@contextlib.contextmanager
def _scratch(walls: Walls) -> Iterator[str]:  # pragma: no cover  # in a forked child
    if walls.namespaces:
        yield SCRATCH
        return
    from tempfile import TemporaryDirectory  # large; only the weak fence uses it

    with TemporaryDirectory(prefix=f"visavis-{os.getpid()}-", ignore_cleanup_errors=True) as folder:
        yield folder


def _hear_until(fd: int, due: float) -> bytes | None:  # pragma: no cover  # in a forked child
    """All that comes until the other side ends; None when the time is up."""
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    poll.register(_JOBS, 0)  # only a hang-up is told: visavis itself is gone
    said = bytearray()
    while True:
        events = dict(poll.poll(max(0.0, due - time.monotonic()) * 1000))
        if events.get(_JOBS, 0):
            raise ClosedError("visavis is gone")
        if fd not in events:
            return None
        part = os.read(fd, 1 << 16)
        if not part:
            return bytes(said)
        said += part


def _end_all(walls: Walls, tester: int) -> None:  # pragma: no cover  # in a forked child
    """End whatever a job started, and wait until it is gone."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if walls.namespaces:
            os.kill(-1, signal.SIGKILL)  # to all but the first process of a namespace: to us
        else:
            os.killpg(tester, signal.SIGKILL)
    with contextlib.suppress(ProcessLookupError):
        os.kill(tester, signal.SIGKILL)  # it may not lead its group yet
    with contextlib.suppress(ChildProcessError):
        while True:
            os.waitpid(-1, 0)


def _test(
    walls: Walls, limit_s: float, size: int, line: Line, scratch: str
) -> NoReturn:  # pragma: no cover  # in a forked child
    """Be the tester of one job."""
    try:
        if not walls.namespaces:
            os.setpgid(0, 0)
        enclose(walls, limit_s)
        down, up = os.pipe(), os.pipe()
        program = os.fork()
        if program == 0:
            _be_program(walls, Line(down[0], up[1]), scratch)
        os.close(down[0])
        os.close(up[1])
        job = decode(read_exactly(line.hears, size))
        _silence()
        told = _judged(job, Line(up[0], down[1]), program)
        os.write(line.says, encode(told))
    finally:
        os._exit(0)


def _judged(job: object, line: Line, program: int) -> Told:  # pragma: no cover  # in a forked child
    if not isinstance(job, dict):
        return ("no answer", "the job cannot be read")
    end, detail = judge(job, Candidate(line))
    return (end, f"{detail}{_ending(program)}") if end == "died" else (end, detail)


def _ending(program: int) -> str:  # pragma: no cover  # in a forked child
    """How the program's process ended, where it did so of itself."""
    for _ in range(50):
        pid, status = os.waitpid(program, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            return f" ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"
        time.sleep(0.001)
    return ""


def _be_program(
    walls: Walls, line: Line, scratch: str
) -> NoReturn:  # pragma: no cover  # in a forked child
    """Be the process of one program."""
    try:
        _silence()
        hears, says = os.dup(line.hears), os.dup(line.says)  # out of the way of 3 and 4
        os.dup2(hears, _HEARS)
        os.dup2(says, _SAYS)
        os.closerange(_SAYS + 1, 1 << 10)
        shut(walls, scratch)
        with contextlib.suppress(ClosedError):
            serve(Line(_HEARS, _SAYS))
    finally:
        os._exit(0)


def _silence() -> None:  # pragma: no cover  # in a forked child
    """Nothing to read, and nobody listens."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
