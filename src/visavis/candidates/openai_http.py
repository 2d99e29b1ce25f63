"""Any OpenAI-compatible server as a candidate: one streamed request for each prompt, on aiohttp.

Whatever the server does ends as a `Reply` or a `Failure`. Departures from a plain client: no
redirect is followed (a prompt and a key go where the user said, or nowhere), and a field that the
server refuses and that can be spared is left out from then on, with one note to the user.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Final

import aiohttp

from visavis.candidates.endpoint import Endpoint, endpoint
from visavis.candidates.exchange import Exchange
from visavis.candidates.likelihood.echoed import Echoed
from visavis.candidates.sse import Events, TooLongError, Whole
from visavis.candidates.wire_format import SPARED, encode_request
from visavis.core.candidate import Candidate
from visavis.core.client import Client
from visavis.core.outcome import Failure, Outcome, Retry
from visavis.core.prompt import Prompt
from visavis.core.tell import tell

_ERROR_BYTES: Final = 64 * 1024
"""Bytes of an error's body that are read."""
_LINGER_S: Final = 0.25
"""Wait for the end of a response whose answer is complete, so that its connection can be reused."""
_Listen = Callable[[aiohttp.StreamReader, Exchange], Awaitable[None]]
"""Reads the body of an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a server may take, how much it may send, and whether its connections last."""

    total_s: float = 900.0
    idle_s: float = 300.0
    """Longest silence: a model may think that long before its first word."""
    connect_s: float = 15.0
    body_bytes: int = 32 * 1024 * 1024
    keep_alive: bool = True
    """Ask again over an open connection. llama.cpp's server says that one may, and hangs up."""


@contextlib.asynccontextmanager
async def open_http(
    candidate: Candidate,
    *,
    key: str | None,
    at_once: int,
    note: Callable[[str], None],
    limits: Limits = Limits(),
) -> AsyncIterator[Client]:
    """A client of the candidate's server; at most `at_once` requests are in flight."""
    place = endpoint(candidate, key)
    if place.key is not None and place.open_wire:
        note(
            tell(
                "the key of {name!r} goes to {host!r} unencrypted; use https",
                name=candidate.name,
                host=place.host,
            )
        )
    async with open_session(place, limits) as session:
        gate = asyncio.Semaphore(at_once)
        yield _OpenAIClient(candidate, place, session, gate=gate, note=note, limits=limits)


def open_session(place: Endpoint, limits: Limits) -> aiohttp.ClientSession:
    """Connections that are kept alive, names resolved once in ten minutes, no cookies."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0, ttl_dns_cache=600, force_close=not limits.keep_alive
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        headers=place.headers,
        timeout=aiohttp.ClientTimeout(
            total=limits.total_s, sock_connect=limits.connect_s, sock_read=limits.idle_s
        ),
    )


class _OpenAIClient:
    """Sends prompts to one model of one server."""

    def __init__(
        self,
        candidate: Candidate,
        place: Endpoint,
        session: aiohttp.ClientSession,
        *,
        gate: asyncio.Semaphore,
        note: Callable[[str], None],
        limits: Limits,
    ) -> None:
        self._candidate = candidate
        self._place = place
        self._session = session
        self._gate = gate
        self._note = note
        self._limits = limits
        self._spared: frozenset[str] = frozenset()
        """Fields that this server was found not to take."""
        self._echoed = Echoed(candidate.model, self._whole)

    async def send(self, prompt: Prompt) -> Outcome:
        due = perf_counter()
        if prompt.way == "choose":
            return await self._echoed.send(prompt, due)
        url = self._place.chat if prompt.way == "chat" else self._place.completions
        retries: tuple[Retry, ...] = ()
        async with self._gate:
            while True:
                spared = self._spared
                body = encode_request(self._candidate.model, prompt, spared)
                exchange = Exchange(prompt, key=self._place.key, due=due)
                outcome = await self._ask(exchange, url, body, self._listen)
                refused = exchange.refused
                if refused is None or refused in spared:
                    return replace(outcome, retries=retries) if retries else outcome
                self._spare(refused)
                because = tell("the server does not take {field!r}", field=refused)
                retries += (Retry(because=because, waited_s=0.0),)

    def _spare(self, field: str) -> None:
        """Leaves a field out from now on; told once, though many requests may meet it at once."""
        if field not in self._spared:
            self._spared |= {field}
            name = self._candidate.name
            self._note(
                tell(
                    "the server of {name!r} does not take {field!r}: {told}",
                    name=name,
                    field=field,
                    told=SPARED[field],
                )
            )

    async def _whole(self, prompt: Prompt, body: bytes, due: float) -> bytes | Failure:
        """The answer to a request that asks for no stream, unread."""
        exchange = Exchange(prompt, key=self._place.key, due=due)
        said: list[bytes] = []

        async def listen(content: aiohttp.StreamReader, _: Exchange) -> None:
            said.append(await read_all(content, self._limits.body_bytes))

        async with self._gate:
            outcome = await self._ask(exchange, self._place.completions, body, listen)
        if said:
            return said[0]
        assert isinstance(outcome, Failure)
        return outcome

    async def _ask(self, exchange: Exchange, url: str, body: bytes, listen: _Listen) -> Outcome:
        """One request. What aiohttp raises about the wire becomes a failure, and nothing else."""
        try:
            async with self._session.post(url, data=body, allow_redirects=False) as response:
                if response.status != 200:
                    said = await read_all(response.content, _ERROR_BYTES)
                    return exchange.turned_down(response.status, response.headers, said)
                await listen(response.content, exchange)
        except TimeoutError as error:
            return exchange.broken("timed out", self._timed_out(error))
        except TooLongError:
            return exchange.failure("malformed", tell("the answer is longer than any can be"))
        except aiohttp.ClientResponseError as error:
            return exchange.failure(
                "malformed", tell("the answer is not HTTP: {fault}", fault=error.message)
            )
        except aiohttp.ClientConnectorError as error:
            return exchange.failure("unreachable", str(error))
        except (aiohttp.ClientError, OSError) as error:
            return exchange.broken(
                "unreachable", tell("the connection broke: {fault}", fault=error)
            )
        return exchange.outcome()

    def _timed_out(self, error: TimeoutError) -> str:
        match error:
            case aiohttp.ConnectionTimeoutError():
                return tell("no connection within {limit:g} s", limit=self._limits.connect_s)
            case aiohttp.SocketTimeoutError():
                return tell("silent for {limit:g} s", limit=self._limits.idle_s)
        return tell("no end within {limit:g} s", limit=self._limits.total_s)

    async def _listen(self, content: aiohttp.StreamReader, exchange: Exchange) -> None:
        """Hears the answer to its end, each piece stamped before anything is done with it."""
        heard, left = exchange.heard, self._limits.body_bytes
        reader: Events | Whole | None = None
        while piece := await content.readany():
            exchange.arrived = at = perf_counter()
            left -= len(piece)
            if left < 0:
                raise TooLongError
            reader = reader or (Whole() if piece.lstrip().startswith(b"{") else Events())
            for payload in reader.feed(piece):
                heard.take(payload, at)
            if heard.ended:
                await _linger(content)
                return
        for payload in reader.close() if reader else ():
            heard.take(payload, exchange.arrived or exchange.sent)


async def read_all(content: aiohttp.StreamReader, at_most: int) -> bytes:
    """The body, cut after `at_most` bytes."""
    body = bytearray()
    while len(body) < at_most and (piece := await content.readany()):
        body += piece
    return bytes(body[:at_most])


async def _linger(content: aiohttp.StreamReader) -> None:
    """Reads past `[DONE]`, for a moment at most: a server may leave the response open."""
    if not content.at_eof():
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_S):
                while await content.readany():
                    pass
