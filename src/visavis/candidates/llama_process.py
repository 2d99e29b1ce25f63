"""One life of a process that holds a local model, from its start to its death."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

from visavis.candidates import llama_child
from visavis.core.errors import DataError
from visavis.core.tell import tell

LOAD_LIMIT_S: Final = 600.0
"""A model that takes longer to load is too large for this machine."""
_KEPT_BYTES: Final = 8192
"""Of what the child prints: the end."""
_GRACE_S: Final = 2.0

_TELLING: Final = re.compile(r" E |Error|GGML_ASSERT|error:")
_STAMP: Final = re.compile(r"^[\d.]+ [A-Z] +")
"""llama.cpp's time and level before a line."""
_NO_OPENMP: Final = "libgomp"


def left_alone(how: str, restarts: int) -> str:
    """Why an engine that keeps dying is not started again."""
    return tell(
        "{maybe}; it was started again {restarts} times and is left alone now",
        maybe=how,
        restarts=restarts,
    )


class LlamaProcess:
    """A child that has loaded its model. `ended` is done as soon as it is dead."""

    def __init__(self, process: asyncio.subprocess.Process, file: Path) -> None:
        self.pid = process.pid
        self.address = ""
        self.load_s = 0.0
        self.ended = asyncio.create_task(process.wait())
        self._process = process
        self._file = file
        self._printed = b""
        self._listening = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        """Keeps the end of what the child prints, and keeps its pipe from filling up."""
        assert self._process.stderr is not None
        while piece := await self._process.stderr.read(4096):
            self._printed = (self._printed + piece)[-_KEPT_BYTES:]

    async def load(self, wanted: dict[str, Any]) -> None:
        """Sends the settings and waits until the model is there."""
        await self.tell(json.dumps(wanted).encode())
        try:
            async with asyncio.timeout(LOAD_LIMIT_S):
                line = await self.hear()
        except TimeoutError:
            raise DataError(
                f"{self._file.name!r} was not loaded within {LOAD_LIMIT_S:g} s; try a smaller model"
            ) from None
        if not line:
            await self.ended
            await self._listening
            raise DataError(f"{self._file.name!r} could not be loaded: {self._why_not_loaded()}")
        ready = json.loads(line)
        self.address, self.load_s = ready.get("address", ""), ready["load_s"]
        self.pid = ready.get("pid", self.pid)  # of the process that holds the model

    async def tell(self, line: bytes) -> None:
        """Writes one line to the child. One that has died hears nothing; `hear` will tell."""
        assert self._process.stdin is not None
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(line + b"\n")
            await self._process.stdin.drain()

    async def hear(self) -> bytes:
        """The child's next line; empty when none will come any more."""
        assert self._process.stdout is not None
        return await self._process.stdout.readline()

    def _why_not_loaded(self) -> str:
        lines = self._lines()
        line = next((line for line in lines if _TELLING.search(line)), None)
        if line is not None and _NO_OPENMP in line:
            return tell(
                "the engine needs libgomp; install it, on Debian with 'apt install libgomp1'"
            )
        if self.ended.result() == llama_child.LOAD_FAILED and line is not None:
            return _STAMP.sub("", line)
        return self.how_it_ended()

    def how_it_ended(self) -> str:
        """One line about its death, with the last thing it said."""
        status = self.ended.result()
        how = tell("it ended with status {status}", status=status)
        if status < 0:
            name = signal.Signals(-status).name
            how = tell("it was ended by {signal}", signal=name)
            if name == "SIGKILL":
                how = tell("it was ended by SIGKILL, perhaps because memory ran out")
        last = self._lines()[-1:]
        return tell("{told}: {last}", told=how, last=_STAMP.sub("", last[0])) if last else how

    def _lines(self) -> list[str]:
        text = self._printed.decode("utf-8", "replace").replace(str(self._file), self._file.name)
        return [line.strip() for line in text.splitlines() if line.strip()]

    async def stop(self) -> None:
        """Ends the child: by closing its stdin, and if that does not do it, by force."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_GRACE_S):
                await asyncio.shield(self.ended)
        except TimeoutError:
            self._process.kill()
            await self.ended
        await self._listening


@contextlib.asynccontextmanager
async def running(
    file: Path, wanted: dict[str, Any], *, program: str = llama_child.__file__
) -> AsyncIterator[LlamaProcess]:
    """A child that runs `program` and has loaded `file`; it is dead when the context ends.

    Settings and key go through the pipe: the command line can be read by every user of the
    machine. The child has a session of its own, so that Ctrl-C is for the run to handle.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",  # or the folder of the file would come first on the path, and shadow modules
        program,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    child = LlamaProcess(process, file)
    try:
        await child.load({**wanted, "file": str(file), "parent": os.getpid()})
        yield child
    finally:
        await asyncio.shield(child.stop())
