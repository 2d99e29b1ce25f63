"""Holds one resident from outside: starts it, asks it, ends it."""

import os
import select
import shutil
import struct
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Final, get_args

from visavis.core.fence import Check, End, Program, Ran
from visavis.scoring.fence.bubblewrap import Way, start
from visavis.scoring.fence.resident import HEADER
from visavis.scoring.fence.values import MalformedError, decode, encode

_LEAVE_S: Final = 1.0
"""Time for a resident to clear up after itself."""
_LENGTH: Final = struct.Struct("!I")
_ENDS: Final[tuple[End, ...]] = get_args(End)


class BrokenError(Exception):
    """This resident is of no more use; says why."""


class Keeper:
    """One resident. Not for use by two threads at once."""

    def __init__(self, way: Way, *, patience_s: float = 10.0) -> None:
        """A resident that answers later than a job's own limit, which it keeps, plus `patience_s`
        is broken."""
        self._patience_s = patience_s
        self._process = start(way)
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            os.set_blocking(stream.fileno(), False)

    def ask(self, job: Program | Check) -> Ran:
        """Run one job; `BrokenError` when no verdict can be had of this resident any more."""
        body = encode(_fields(job))
        due = time.monotonic() + job.limit_s + self._patience_s
        try:
            self._write(HEADER.pack(job.limit_s, len(body)) + body, due)
            (size,) = _LENGTH.unpack(self._read(_LENGTH.size, due))
            answer = decode(self._read(size, due))
        except (OSError, MalformedError) as error:
            raise BrokenError(str(error)) from None
        match answer:
            case (str(said), str(detail)):
                for end in _ENDS:
                    if end == said:
                        return Ran(end=end, detail=detail)
        raise BrokenError("the resident gave no verdict")

    def close(self) -> str:
        """End it and all inside; gives what it or bubblewrap said about its trouble, if any."""
        try:
            _, said = self._process.communicate(timeout=_LEAVE_S)  # it ends when nobody can ask
        except subprocess.TimeoutExpired:
            self._process.kill()
            _, said = self._process.communicate()
        # A weak resident that was killed could not remove its programs' scratch folders.
        for left in Path(tempfile.gettempdir()).glob(f"visavis-{self._process.pid}-*"):
            shutil.rmtree(left, ignore_errors=True)
        return " ".join(said.decode("utf-8", "replace").split())[-300:]

    def _write(self, data: bytes, due: float) -> None:
        fd, view = _fileno(self._process.stdin), memoryview(data)
        while view:
            _wait(fd, select.POLLOUT, due)
            view = view[os.write(fd, view) :]

    def _read(self, size: int, due: float) -> bytes:
        fd, data = _fileno(self._process.stdout), b""
        while len(data) < size:
            _wait(fd, select.POLLIN, due)
            part = os.read(fd, size - len(data))
            if not part:
                raise BrokenPipeError("the resident ended")
            data += part
        return data


def _fields(job: Program | Check) -> dict[str, str]:
    if isinstance(job, Check):
        return {"solution": job.code, "entry_point": "check", "reply": job.reply}
    return {
        "solution": job.solution,
        "entry_point": job.entry_point,
        "setup": job.setup,
        "test": job.test,
    }


def _fileno(stream: object) -> int:
    return int(stream.fileno())  # type: ignore[attr-defined]  # Popen's pipes are there: we asked


def _wait(fd: int, event: int, due: float) -> None:
    poll = select.poll()
    poll.register(fd, event)
    if not poll.poll(max(0.0, due - time.monotonic()) * 1000):
        raise TimeoutError("the resident gave no answer in time")
