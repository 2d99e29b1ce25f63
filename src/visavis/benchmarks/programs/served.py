"""How a program that serves HTTP is asked: over the stage's own loopback."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from visavis.benchmarks.programs.base import Requirement, UnmetError
from visavis.benchmarks.programs.calls import Trace, brief, checked, text
from visavis.benchmarks.programs.draw import Draw
from visavis.core.tell import tell
from visavis.scoring.fence.stage import Stage, StoppedError

LIMIT_S: Final = 5.0
_CLIENTS: Final = Path(__file__).with_name("clients.py")


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """An answer, and what was asked."""

    asked: str
    """`GET /items`, for the reader."""
    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in small letters."""


def served(file: str, name: str, text: str, check: "Callable[[Served, Draw], str]") -> Requirement:
    """A requirement of a program that listens at the port it is given, another one each time."""

    def serve(stage: Stage, trace: Trace, draw: Draw) -> str:
        return check(Served(stage, file, draw.whole(2_000, 30_000), trace), draw)

    return checked(file, name, text, serve)


class Served:
    """Requests to the program's server: `web("POST", "/items", {"name": "lamp"})`."""

    def __init__(self, stage: Stage, file: str, port: int, trace: Trace) -> None:
        self._stage = stage
        self._port = port
        self._trace = trace
        self._number = stage.start([file, str(port)])
        trace.add(f"$ python {file} {port}")

    def __call__(self, method: str, path: str, item: object = None) -> Heard:
        """Send a request, with a value as JSON where one is given."""
        data = b"" if item is None else json.dumps(item, ensure_ascii=False).encode()
        return self.send(method, path, data)

    def send(self, method: str, path: str, data: bytes) -> Heard:
        """Send a request with any bytes as its body."""
        asked = f"{method} {path}"
        try:
            answer = self._stage.request(
                method,
                path,
                port=self._port,
                body=data,
                headers={"Content-Type": "application/json"},
                limit_s=LIMIT_S,
            )
        except StoppedError as error:
            self._trace.add(f"{asked} {_shown(data)}", f"  {error}")
            raise UnmetError(
                tell(
                    "{asked}: {told}; {told_state}",
                    asked=asked,
                    told=error,
                    told_state=self._state(),
                )
            ) from error
        self._trace.add(f"{asked} {_shown(data)}", f"  {answer.status} {_shown(answer.body)}")
        return Heard(asked=asked, status=answer.status, body=answer.body, headers=answer.headers)

    def together(self, asked: Sequence[tuple[str, str, object]]) -> list[Heard]:
        """All at the same time, each by a client of its own, beside one that keeps silent."""
        told = [f"{method} {path} {json.dumps(body)}" for method, path, body in asked]
        sent = [(method, path, json.dumps(body)) for method, path, body in asked]
        stdin = json.dumps([self._port, sent]).encode()
        done = self._stage.run(["-I", "-c", _CLIENTS.read_text()], stdin, 2 * LIMIT_S)
        if done.code != 0:
            raise UnmetError(
                tell(
                    "clients at the same time were not served; {told_state}",
                    told_state=self._state(),
                )
            )
        heard = []
        for one, (status, body) in zip(told, json.loads(text(done.stdout)), strict=True):
            self._trace.add(one, f"  {status} {body}")
            heard.append(Heard(asked=one, status=status, body=body.encode("latin-1")))
        return heard

    def _state(self) -> str:
        """How the server stands, which is then no more."""
        done = self._stage.stop(self._number)
        if done.breach:
            return tell("stopped: {maybe}", maybe=done.breach)
        if done.timed_out:
            return tell("the server goes on")
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        return tell(
            "the server ended with {code}: {last}",
            code=done.code,
            last=brief(last[0] if last else ""),
        )


def _shown(data: bytes) -> str:
    return data.decode(errors="backslashreplace")
