"""Opening connections: name to addresses, address to socket, socket to TLS, each with its time."""

import asyncio
import contextlib
import socket
import ssl
import sys
from time import perf_counter
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from visavis.core.outcome import FailureKind
from visavis.measure.wire.layers import Layer, Plain, Tls

_FLIGHT_BYTES: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}

_OTHER_FILES: Final = 128

Address = tuple[int, Any]
"""Family, and what `connect` takes of it."""


class NoConnectionError(Exception):
    """There is no connection to be had; the text says why, in a line."""

    def __init__(self, kind: FailureKind, why: str) -> None:
        super().__init__(why)
        self.kind = kind


class Dialled(NamedTuple):
    """A fresh connection."""

    sock: socket.socket
    layer: Layer
    connected: float
    secured: float | None
    """None without TLS."""


class Dialling:
    """Opens connections to one server. Names are resolved once: no look-up is timed twice."""

    def __init__(self, url: str, tls: ssl.SSLContext | None) -> None:
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        self._port = parts.port or _PORTS.get(parts.scheme, 80)
        self._context = (tls or _usual_trust()) if parts.scheme == "https" else None
        self._addresses: list[Address] = []

    async def dial(self, limit_s: float) -> Dialled:
        """A connection, or `NoConnectionError`."""
        try:
            async with asyncio.timeout(limit_s):
                return await self._dial()
        except TimeoutError:
            raise NoConnectionError("timed out", f"no connection within {limit_s:g} s") from None
        except ssl.SSLError as error:
            reason = getattr(error, "verify_message", None) or error.reason or str(error)
            raise NoConnectionError("unreachable", f"no TLS with {self._host}: {reason}") from None
        except OSError as error:
            why = f"no connection to {self._host}: {error.strerror or error}"
            raise NoConnectionError("unreachable", why) from None

    async def _dial(self) -> Dialled:
        sock = await self._connected()
        connected = perf_counter()
        if self._context is None:
            return Dialled(sock, Plain(), connected, None)
        try:
            layer = Tls(self._context, self._host)
            await _shake_hands(sock, layer)
        except BaseException:
            sock.close()
            raise
        return Dialled(sock, layer, connected, perf_counter())

    async def _connected(self) -> socket.socket:
        """A socket to the first of the server's addresses that answers, which is kept first."""
        if not self._addresses:
            self._addresses = await self._look_up()
        wrong: OSError | None = None
        for address in self._addresses:
            try:
                sock = await _connected_to(address)
            except OSError as error:
                wrong = wrong or error
            else:
                self._addresses = [address, *(a for a in self._addresses if a != address)]
                return sock
        raise wrong or OSError("it has no address")

    async def _look_up(self) -> list[Address]:
        found = await asyncio.get_running_loop().getaddrinfo(
            self._host, self._port, type=socket.SOCK_STREAM
        )
        return [(family, address) for family, _, _, _, address in found]


async def _connected_to(address: Address) -> socket.socket:
    family, where = address
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, where)
    except BaseException:
        sock.close()
        raise
    return sock


async def _shake_hands(sock: socket.socket, layer: Tls) -> None:
    loop = asyncio.get_running_loop()
    came, done = b"", False
    while not done:
        goes, done = layer.shake(came)
        if goes:
            await loop.sock_sendall(sock, goes)
        if not done:
            came = await loop.sock_recv(sock, _FLIGHT_BYTES)
            if not came:
                raise OSError("it was closed")


def make_room(sockets: int) -> None:
    """Lets this process hold so many sockets, as far as the system allows."""
    if sys.platform == "win32":  # it has no such limit
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = sockets + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def _usual_trust() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
