"""A real OpenAI-compatible server on the loopback, whose every fault you write.

It serves *fake models*: functions from a request to the steps of the answer. A step is bytes to
send now, a `float` of seconds to wait, `RESET` to break the connection hard or `HANG_UP` to
close it politely in mid-sentence. Whatever it truly received and sent, and when, is in its log.

    with FakeServer({"yes": say("Yes"), "busy": turn_down(429, "slow down")}) as server:
        ...  # candidate http://127.0.0.1:PORT/v1#yes, that is f"{server.url}#yes"
        assert [r.prompt for r in server.requests] == ["2 + 2?"]

`FakeServer` runs in a thread. `own_process()` runs one with `MODELS` in a process of its own,
for benches: above 10,000 short requests a second on one core, which raw asyncio allows and an
HTTP framework does not. Instants are of `time.perf_counter`, which on Linux all processes share.
"""

import asyncio
import contextlib
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from tests.fake_models import MODELS, RESET, Model, Request, Step, http, turn_down


class FakeServer:
    """Serves fake models in a thread; `key` makes it refuse requests without that key, `tls` makes
    it speak TLS."""

    def __init__(
        self,
        models: Mapping[str, Model] = MODELS,
        *,
        key: str | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self.models = dict(models)
        self.requests: list[Request] = []
        """Chat requests in the order of their arrival. `sent` and `ended` may trail the client by
        a moment; after the block they are final."""
        self.connections = 0
        self.listings: list[dict[str, Any]] = [{"id": name, "object": "model"} for name in models]
        """What `GET /models` lists."""
        self.list_models: Model = lambda _: [
            http(200, msgspec.json.encode({"data": self.listings}))
        ]
        self.url = ""
        self._key = key
        self._tls = tls
        self._asked: Counter[tuple[str, str]] = Counter()
        self._loop = asyncio.new_event_loop()
        self._open: set[_Connection] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> "FakeServer":
        self._thread.start()
        self._call(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def times(self, prompt: str) -> int:
        """How often this prompt was put, to whichever model."""
        return sum(request.prompt == prompt for request in self.requests)

    def _call(self, job: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(job, self._loop).result(timeout=10)

    async def _start(self) -> None:
        self._server = await self._loop.create_server(
            lambda: _Connection(self), "127.0.0.1", 0, backlog=1024, ssl=self._tls
        )
        scheme = "http" if self._tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"

    async def _stop(self) -> None:
        self._server.close()
        for connection in list(self._open):
            connection.abort()
        while self._open:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0)  # lets the answers that were cut off end

    def answer(self, target: str, headers: dict[str, str], body: bytes) -> "_Answer":
        """The steps for one request, and the log entry they belong to, if it was a chat."""
        given = headers.get("authorization", "").removeprefix("Bearer ") or headers.get("api-key")
        if self._key is not None and given != self._key:
            wrong = f"Incorrect API key provided: {given}"
            return _Answer(turn_down(401, wrong, code="invalid_api_key")(_nobody()), None)
        path = target.partition("?")[0]
        if path.endswith("/served"):
            return _Answer([http(200, msgspec.json.encode(self.requests))], None)
        if path.endswith("/models"):
            return _Answer(self.list_models(_nobody()), None)
        if not path.endswith("/completions"):
            return _Answer(turn_down(404, f"no such path {path}")(_nobody()), None)
        request = self._log(target, headers, body)
        missing = turn_down(404, f"The model `{request.model}` does not exist")
        return _Answer(self.models.get(request.model, missing)(request), request)

    def _log(self, target: str, headers: dict[str, str], body: bytes) -> Request:
        asked = msgspec.json.decode(body)
        model = asked.get("model", "")
        prompt = asked["prompt"] if "prompt" in asked else _text(asked["messages"][-1]["content"])
        if "/deployments/" in target:  # as Azure does
            model = target.split("/deployments/")[1].split("/")[0]
        self._asked[model, prompt] += 1
        request = Request(
            number=len(self.requests),
            time=self._asked[model, prompt],
            target=target,
            model=model,
            prompt=prompt,
            headers=headers,
            body=asked,
            received=time.perf_counter(),
        )
        self.requests.append(request)
        return request

    def opened(self, connection: "_Connection") -> None:
        self.connections += 1
        self._open.add(connection)

    def closed(self, connection: "_Connection") -> None:
        self._open.discard(connection)


@dataclass(slots=True)
class _Answer:
    steps: Iterable[Step]
    request: Request | None


def _text(content: str | list[dict[str, Any]]) -> str:
    """A message's text, without the pictures among its parts."""
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part["type"] == "text")


class _Connection(asyncio.Protocol):
    """One client's connection: HTTP/1.1 with `Content-Length`, kept alive, one request at once."""

    def __init__(self, server: FakeServer) -> None:
        self._server = server
        self._waiting = b""
        self._task: asyncio.Task[None] | None = None
        self._answer: _Answer | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._server.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._task is not None:
            self._task.cancel()
        self._end("client gone")
        self._server.closed(self)

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        if self._task is None:
            self._next()

    def abort(self) -> None:
        self._transport.abort()

    def _next(self) -> None:
        """Answers what has come in whole: at once where no step waits, else in a task."""
        head, found, rest = self._waiting.partition(b"\r\n\r\n")
        if not found:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        size = int(headers.get("content-length", "0"))
        if len(rest) < size:
            return
        self._waiting = rest[size:]
        self._answer = self._server.answer(first.split(" ")[1], headers, rest[:size])
        steps = iter(self._answer.steps)
        wait = self._play(steps)
        if wait is not None:
            self._task = asyncio.ensure_future(self._play_slowly(steps, wait))

    def _play(self, steps: Iterator[Step]) -> float | None:
        """Plays steps until one waits, and says how long; None when all are played."""
        request = self._answer.request if self._answer else None
        for step in steps:
            if isinstance(step, bytes):
                if request is not None:
                    request.sent.append(time.perf_counter())
                self._transport.write(step)
            elif isinstance(step, str):
                self._hang_up(step)
                return None
            else:
                return step
        self._end("sent")
        return None

    async def _play_slowly(self, steps: Iterator[Step], wait: float) -> None:
        pause: float | None = wait
        while pause is not None:
            await asyncio.sleep(pause)
            pause = self._play(steps)
        self._task = None
        if self._waiting:
            self._next()

    def _hang_up(self, how: Literal["reset", "hang up"]) -> None:
        self._end(how)
        if how == RESET:  # closing with no time to linger sends RST instead of FIN
            wire = self._transport.get_extra_info("socket")
            wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            self._transport.close()

    def _end(self, how: Literal["sent", "reset", "hang up", "client gone"]) -> None:
        if self._answer is not None and self._answer.request is not None:
            self._answer.request.ended = how
        self._answer = None


def _nobody() -> Request:
    return Request(
        number=0, time=1, target="", model="", prompt="", headers={}, body={}, received=0.0
    )


# --- in a process of its own --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RemoteServer:
    """A fake server in another process."""

    url: str

    def requests(self) -> list[Request]:
        """Its log so far."""
        with urllib.request.urlopen(f"{self.url}/served") as answer:  # loopback only
            return msgspec.json.decode(answer.read(), type=list[Request])


@contextlib.contextmanager
def own_process() -> Iterator[RemoteServer]:
    """A server of `MODELS` in its own process, which ends with this block."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.fake_server"],
        cwd=Path(__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        yield RemoteServer(child.stdout.readline().strip())  # its input, closed, ends it


if __name__ == "__main__":
    with FakeServer() as here:
        sys.stdout.write(here.url + "\n")
        sys.stdout.flush()
        sys.stdin.read()
