"""The real command, in a process of its own.

To load all that commands need takes an interpreter a second, and the tests call hundreds: so each
call is forked from a process that has loaded it. What hangs on the start of an interpreter, on
signals or on streams is tested by `VISAVIS` itself.
"""

import os
import sys
from multiprocessing import get_context
from pathlib import Path
from subprocess import CompletedProcess, TimeoutExpired
from tempfile import TemporaryDirectory

VISAVIS = [sys.executable, "-m", "visavis"]
LIMIT_S = 120.0

_FORKED = get_context("forkserver")
_FORKED.set_forkserver_preload(
    [f"visavis.cli.{name}" for name in ("main", "runs", "show", "verdict", "own_cases", "judge")]
)


def called(
    environment: dict[str, str], *words: str, cwd: Path | None = None
) -> CompletedProcess[str]:
    with TemporaryDirectory() as place:
        told = [Path(place, name) for name in ("out", "err")]
        process = _FORKED.Process(target=_call, args=(environment, words, cwd, *told))
        process.start()
        process.join(LIMIT_S)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise TimeoutExpired(words, LIMIT_S)
        return CompletedProcess(words, process.exitcode, *(one.read_text("utf-8") for one in told))


def _call(
    environment: dict[str, str], words: tuple[str, ...], cwd: Path | None, out: Path, err: Path
) -> None:
    """As a shell would: with these streams, this environment and this folder."""
    for place, stream in ((out, 1), (err, 2)):
        os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT), stream)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # as long as we live
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    if cwd is not None:
        os.chdir(cwd)
    sys.argv = ["visavis", *words]
    from visavis.cli.main import run

    try:
        run()
    except Exception:  # noqa: BLE001  # as an interpreter ends: by its hook, with 1
        sys.excepthook(*sys.exc_info())
        sys.exit(1)
