"""A server of known delays that logs when it truly sent: what the instrument is calibrated on.

    python -m visavis.measure.truth_server [CERTIFICATE.pem]

Prints its address and serves until its input ends. The model `truth-200-10` sends its first token
200 ms after the request came, then one each 10 ms, as many as `max_tokens`; each is an event and a
packet of its own. `GET /v1/log` gives what was logged since the last time: a schedule is only a
wish, so that each sending is timed just before and just after it was handed to the kernel. With a
certificate (key and chain in one file) it speaks TLS.
"""

import gc
import heapq
import os
import re
import select
import selectors
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import Any, Final

import msgspec

from visavis.measure.wire.dialling import make_room
from visavis.measure.wire.kernel_stamps import (
    ANCILLARY_BYTES,
    KernelStamps,
    came_ns,
    wall_ahead_ns,
)
from visavis.measure.wire.layers import Layer, Plain, Tls

_GUESTS: Final = 8_192
_AT_ONCE: Final = 64 * 1024
_MODEL: Final = re.compile(r"truth-(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)")
_LENGTH: Final = re.compile(rb"\r\ncontent-length:[ \t]*(\d+)", re.IGNORECASE)
_USUAL_TOKENS: Final = 16
_PROMPT_LETTERS: Final = 80
_STREAM_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
)
_END: Final = b"0\r\n\r\n"


class Truth(msgspec.Struct, kw_only=True):
    """What the server truly did for one request, in seconds of `perf_counter`, which all processes
    of a machine share where the kernel stamps."""

    number: int
    """The reply begins with it: `#17 `."""
    prompt: str
    """Its beginning."""
    arrived: float
    """The request's last byte came, by the kernel's stamp where there is one."""
    before: list[float]
    """Just before each token was handed to the kernel."""
    after: list[float]
    """Just after."""


class _Asked(msgspec.Struct):
    model: str = ""
    messages: list[Any] = []
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    stream: bool = False


class Server:
    """All guests in one thread: what is due is sent before anything is read."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        make_room(_GUESTS)
        self.stamps = KernelStamps()
        self.log: list[Truth] = []
        self._numbers = 0
        self._tls = tls
        self._selector = selectors.DefaultSelector()
        self._due: list[tuple[float, int, Iterator[float]]] = []
        """When each answer goes on, its number, and the answer."""
        self._door = socket.create_server(("127.0.0.1", 0), backlog=_GUESTS)
        self._door.setblocking(False)
        self._selector.register(self._door, selectors.EVENT_READ, self._let_in)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._door.getsockname()[1]}/v1"

    def serve(self) -> None:
        while True:
            self._send_what_is_due()
            self._sleep()
            for key, _ in self._selector.select(0):
                key.data()

    def _send_what_is_due(self) -> None:
        now = perf_counter()
        while self._due and self._due[0][0] <= now:
            _, number, answer = self._due[0]
            due = next(answer, None)
            if due is None:
                heapq.heappop(self._due)
            else:
                heapq.heapreplace(self._due, (due, number, answer))

    def _sleep(self) -> None:
        """Until something comes or is due. `select` waits to the microsecond, `epoll` to the ms."""
        wait_s = max(0.0, self._due[0][0] - perf_counter()) if self._due else None
        fileno = getattr(self._selector, "fileno", None)
        if fileno is None:
            self._selector.select(wait_s)
        else:
            select.select([fileno()], [], [], wait_s)

    def _let_in(self) -> None:
        try:
            sock, _ = self._door.accept()
        except OSError:  # gone again, or too many
            return
        layer: Layer = Plain() if self._tls is None else Tls(self._tls, None)
        guest = _Guest(sock, layer, self)
        self._selector.register(sock, selectors.EVENT_READ, guest.read)

    def let_out(self, sock: socket.socket) -> None:
        self._selector.unregister(sock)
        sock.close()

    def answer(self, guest: "_Guest", body: bytes, arrived: float) -> None:
        """Plans the answer to a chat request."""
        asked = msgspec.json.decode(body, type=_Asked)
        delays = _MODEL.fullmatch(asked.model)
        if delays is None:
            guest.say_whole(b'{"error": {"message": "ask a model such as truth-200-10"}}', 404)
            return
        prompt = asked.messages[-1]["content"] if asked.messages else ""
        truth = Truth(
            number=self._numbers,
            prompt=str(prompt)[:_PROMPT_LETTERS],
            arrived=arrived,
            before=[],
            after=[],
        )
        self._numbers += 1
        self.log.append(truth)
        tokens = asked.max_tokens or asked.max_completion_tokens or _USUAL_TOKENS
        pieces = _pieces(truth.number, tokens) if asked.stream else [_whole(truth.number, tokens)]
        first_s, gap_s = float(delays[1]) / 1000, float(delays[2]) / 1000
        steps = guest.say(pieces, truth, (arrived + first_s, gap_s))
        heapq.heappush(self._due, (arrived + first_s, truth.number, steps))

    def take_log(self) -> bytes:
        taken, self.log = self.log, []
        return msgspec.json.encode(taken)


class _Guest:
    """One connection: HTTP/1.1 with `Content-Length`, kept alive, one request at once."""

    def __init__(self, sock: socket.socket, layer: Layer, server: Server) -> None:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._sock = sock
        self._layer = layer
        self._server = server
        self._shaken = not isinstance(layer, Tls)
        self._came = b""
        self._gone = False
        self._stamped = server.stamps.ask(sock)

    def read(self) -> None:
        try:
            data, at = self._receive()
            if not data:
                self._leave()
                return
            self._came += self._opened(data)
        except BlockingIOError:
            return
        except OSError:  # a broken connection, or broken TLS
            self._leave()
            return
        self._take_requests(at)

    def _receive(self) -> tuple[bytes, float]:
        if not self._stamped:
            return self._sock.recv(_AT_ONCE), perf_counter()
        data, ancillary, _, _ = self._sock.recvmsg(_AT_ONCE, ANCILLARY_BYTES)
        stamp = came_ns(ancillary)
        return data, perf_counter() if stamp is None else (stamp - wall_ahead_ns()) / 1e9

    def _opened(self, data: bytes) -> bytes:
        if not self._shaken:
            assert isinstance(self._layer, Tls)
            goes, self._shaken = self._layer.shake(data)
            self._sock.sendall(goes)
            data = b""
        return self._layer.open(data) if self._shaken else b""

    def _take_requests(self, at: float) -> None:
        head, found, rest = self._came.partition(b"\r\n\r\n")
        if not found:
            return
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        if len(rest) < size:
            return
        body, self._came = rest[:size], rest[size:]
        target = head.split(b" ", 2)[1]
        if target.endswith(b"/chat/completions"):
            self._server.answer(self, body, at)
        elif target.endswith(b"/log"):
            self.say_whole(self._server.take_log())
        elif target.endswith(b"/models"):
            self.say_whole(b'{"object": "list", "data": [{"id": "truth-200-10"}]}')
        else:
            self.say_whole(b"{}")

    def say_whole(self, body: bytes, status: int = 200) -> None:
        """A small answer at once; a log may be large, so this one may wait for its reader."""
        self._sock.setblocking(True)
        self._sock.sendall(self._layer.seal(_http(status, body)))
        self._sock.setblocking(False)

    def say(self, pieces: list[bytes], truth: Truth, when: tuple[float, float]) -> Iterator[float]:
        """Sends a piece whenever it is asked on; yields when the next is due."""
        due, gap_s = when
        before, after = truth.before.append, truth.after.append
        seal, send = self._layer.seal, self._sock.send
        last = len(pieces) - 1
        for n, piece in enumerate(pieces):
            sealed = seal(piece)
            try:
                before(perf_counter())
                sent = send(sealed)
                after(perf_counter())
            except OSError:  # gone, or it does not read
                self._leave()
                return
            if sent < len(sealed):
                self._leave()
                return
            if n < last:
                due += gap_s
                yield due

    def _leave(self) -> None:
        if not self._gone:
            self._gone = True
            self._server.let_out(self._sock)


# --- bytes --------------------------------------------------------------------------------------


def _pieces(number: int, tokens: int) -> list[bytes]:
    """Head and first token, each token, and what ends the answer with the last one."""
    first = _STREAM_HEAD + _token(number, f"#{number} ")
    one = _token(number, "word ")
    usage = {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": 1 + tokens}
    finish = {"index": 0, "delta": {}, "finish_reason": "length"}
    end = (
        _chunk(_event(number, [finish]))
        + _chunk(_event(number, [], usage=usage))
        + _chunk(b"data: [DONE]\n\n")
        + _END
    )
    tokens_ = [first, *[one] * (tokens - 1)]
    tokens_[-1] += end
    return tokens_


def _token(number: int, text: str) -> bytes:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": None}
    return _chunk(_event(number, [choice]))


def _event(number: int, choices: list[Any], **more: object) -> bytes:
    payload = {
        "id": f"chatcmpl-{number}",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "truth",
        "choices": choices,
        **more,
    }
    return b"data: " + msgspec.json.encode(payload) + b"\n\n"


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _whole(number: int, tokens: int) -> bytes:
    text = f"#{number} " + "word " * (tokens - 1)
    message = {"role": "assistant", "content": text}
    usage = {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": 1 + tokens}
    choices = [{"index": 0, "message": message, "finish_reason": "length"}]
    body = {"object": "chat.completion", "model": "truth", "choices": choices, "usage": usage}
    return _http(200, msgspec.json.encode(body))


def _http(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} OK\r\nContent-Type: application/json\r\n"
    return head.encode() + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


# --- its own process ----------------------------------------------------------------------------


def main(arguments: list[str], say: Callable[[str], object]) -> None:
    tls = None
    if arguments:
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(arguments[0])
    server = Server(tls)
    threading.Thread(target=_end_with_input, daemon=True).start()
    say(server.url + "\n")
    gc.freeze()
    gc.disable()
    server.serve()


def _end_with_input() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":

    def _say(line: str) -> None:
        sys.stdout.write(line)
        sys.stdout.flush()

    main(sys.argv[1:], _say)
