"""A stage without walls: commands run in this very process, servers as processes beside it.

For programs of our own, which harm nothing: a hundred times as fast as the fence. The fence itself
has the same programs in `test_five_programs_fenced.py`.
"""

import contextlib
import http.client
import io
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import FrameType, MappingProxyType
from typing import Any, Self

from visavis.scoring.fence.stage import LIMIT_S, Answer, Done, Stage, StoppedError


class _TimeUpError(BaseException):
    """No program takes this for an error of its own."""


class BareStage(Stage):
    """What a check needs of a stage, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._servers: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def write(self, name: str, data: bytes) -> None:
        (self._folder / name).write_bytes(data)

    def read(self, name: str) -> bytes | None:
        place = self._folder / name
        return place.read_bytes() if place.is_file() else None

    def run(self, argv: Sequence[str], stdin: bytes = b"", limit_s: float = LIMIT_S) -> Done:
        out, err = _stream(), _stream()
        with _as_program(self._folder, [arg for arg in argv if arg != "-I"], stdin, out, err):
            code = _ended(sys.argv, limit_s)
        return Done(stdout=_bytes(out), stderr=_bytes(err), code=code, timed_out=code is None)

    def start(self, argv: Sequence[str]) -> int:
        command = [sys.executable, "-S", "-E", *argv]
        null = subprocess.DEVNULL
        self._servers.append(
            subprocess.Popen(command, cwd=self._folder, stdin=null, stdout=null, stderr=null)
        )
        return len(self._servers) - 1

    def stop(self, number: int) -> Done:
        server = self._servers[number]
        code = server.poll()
        server.kill()
        server.wait()
        return Done(stdout=b"", stderr=b"", code=code, timed_out=code is None)

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
        due = time.monotonic() + limit_s
        while True:
            client = http.client.HTTPConnection("127.0.0.1", port, timeout=limit_s)
            with contextlib.closing(client):
                try:
                    client.request(method, path, body=body or None, headers=dict(headers))
                    answer = client.getresponse()
                    held = {name.lower(): value for name, value in answer.getheaders()}
                    return Answer(status=answer.status, headers=held, body=answer.read())
                except ConnectionRefusedError as error:
                    if time.monotonic() > due or self._servers[-1].poll() is not None:
                        raise StoppedError("nobody listens") from error
                except (OSError, http.client.HTTPException) as error:
                    raise StoppedError(f"{type(error).__name__}: {error}") from error
            time.sleep(0.01)

    def clear(self) -> None:
        for number in range(len(self._servers)):
            self.stop(number)
        self._servers.clear()
        for place in self._folder.iterdir():
            place.unlink()


def _stream(data: bytes = b"") -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")


def _bytes(stream: io.TextIOWrapper) -> bytes:
    stream.flush()
    held = stream.buffer
    assert isinstance(held, io.BytesIO)
    return held.getvalue()


@contextlib.contextmanager
def _as_program(
    folder: Path, argv: list[str], stdin: bytes, out: io.TextIOWrapper, err: io.TextIOWrapper
) -> Iterator[None]:
    """The process as a program finds it; afterwards as it was."""
    before = (os.getcwd(), sys.argv, sys.stdin, sys.stdout, sys.stderr)
    os.chdir(folder)
    sys.argv, sys.stdin, sys.stdout, sys.stderr = argv, _stream(stdin), out, err
    try:
        yield
    finally:
        folder_before, sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        os.chdir(folder_before)


def _ended(argv: list[str], limit_s: float) -> int | None:
    """The exit code of a program that is run here, or None when it took too long."""
    if argv[0] == "-c":
        _, source = argv
    else:
        source = Path(argv[0]).read_text()

    def stop(number: int, frame: FrameType | None) -> None:
        raise _TimeUpError

    signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
    names: dict[str, Any] = {"__name__": "__main__"}
    try:
        exec(compile(source, argv[0], "exec"), names)
    except SystemExit as ended:
        return _code(ended.code)
    except _TimeUpError:
        return None
    except BaseException:  # noqa: BLE001  # whatever a program ends with is told, as Python does it
        traceback.print_exc()
        return 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return 0


def _code(given: object) -> int:
    if isinstance(given, str):
        sys.stderr.write(f"{given}\n")
        return 1
    return int(given) if isinstance(given, int) else 0
