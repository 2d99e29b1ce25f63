"""The arena's server: for one person on this machine, and for no page but ours.

It listens on 127.0.0.1 alone. Every address begins with a token drawn anew at each start; the
`Host` must be our own, so that a name which somebody points at this machine leads nowhere; a vote
must come from our own page (`Origin`) as JSON, which no other page can send here unasked.
aiohttp serves it, which asks the candidates as well: no further dependency.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from secrets import compare_digest, token_urlsafe
from typing import Annotated

import msgspec
from aiohttp import web

from visavis.api.arena import Arena
from visavis.core.errors import OptionError, VisavisError
from visavis.core.vote import Choice
from visavis.options import Language
from visavis.report.arena_page import Sent, arena_page, results_page

_HERE = "127.0.0.1"
_LONGEST_BODY = 4096
_HEADERS = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "Server": "visavis",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class _Ballot(msgspec.Struct, forbid_unknown_fields=True):
    """A vote as the page sends it."""

    pair: int
    choice: Choice
    seconds: Annotated[float, msgspec.Meta(ge=0)]


class _TakenBack(msgspec.Struct, forbid_unknown_fields=True):
    number: int


class _Nothing(msgspec.Struct, forbid_unknown_fields=True):
    pass


async def serve(
    arena: Arena,
    port: int,
    lang: Language,
    told: Callable[[str], None],
    stop: asyncio.Event,
) -> None:
    """Serve until told to stop; `told` gets the address once it can be opened."""
    server = _Server(arena, lang)
    runner = web.AppRunner(server.app(), access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, _HERE, port)
        try:
            await site.start()
        except (OSError, OverflowError) as error:
            raise OptionError(
                f"--port {port} cannot be used ({error}); choose another, or none"
            ) from error
        server.port = runner.addresses[0][1]
        told(server.url)
        await stop.wait()
    finally:
        await runner.cleanup()


class _Server:
    """Routes, and what is asked of every request before it gets to one."""

    def __init__(self, arena: Arena, lang: Language) -> None:
        self._arena, self._lang = arena, lang
        self._token = token_urlsafe(24)
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://{_HERE}:{self.port}/{self._token}/"

    def app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=_LONGEST_BODY)
        app.add_routes(
            [
                web.get("/{token}/", self._page),
                web.get("/{token}/results", self._results),
                web.get("/{token}/next", self._next),
                web.post("/{token}/vote", self._vote),
                web.post("/{token}/undo", self._undo),
                web.post("/{token}/put-back", self._put_back),
            ]
        )
        return app

    @web.middleware
    async def _guard(self, request: web.Request, handler: _Handler) -> web.StreamResponse:
        response = self._refused(request) or await _answered(request, handler)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    def _refused(self, request: web.Request) -> web.Response | None:
        """Why a request gets no further; None where it may."""
        ours = {f"{name}:{self.port}" for name in (_HERE, "localhost")}
        if request.host not in ours:
            return web.Response(status=421, text="this is no address of the arena")
        token = request.match_info.get("token", "")
        if not compare_digest(token.encode(), self._token.encode()):
            return web.Response(status=404, text="not found; open the address that visavis printed")
        if request.method != "POST":
            return None
        if request.headers.get("Origin") != f"http://{request.host}":
            return web.Response(status=403, text="a vote comes from the arena's own page alone")
        if request.content_type != "application/json":
            return web.Response(status=415, text="a vote is JSON")
        return None

    def _asked(self, request: web.Request) -> Language:
        wanted = request.query.get("lang", self._lang)
        return "fr" if wanted == "fr" else "en"

    async def _page(self, request: web.Request) -> web.Response:
        return _html(arena_page(self._asked(request)))

    async def _results(self, request: web.Request) -> web.Response:
        lang = self._asked(request)
        found, judged = await asyncio.to_thread(self._arena.results, lang)
        return _html(results_page(found, self._arena.folder.name, lang, judged))

    async def _next(self, request: web.Request) -> web.Response:
        return _json(self._arena.state())

    async def _vote(self, request: web.Request) -> web.Response:
        ballot = msgspec.json.decode(await request.read(), type=_Ballot)
        counted = self._arena.vote(ballot.pair, ballot.choice, ballot.seconds)
        return _json({"counted": counted, **self._arena.state()})

    async def _undo(self, request: web.Request) -> web.Response:
        self._arena.undo(msgspec.json.decode(await request.read(), type=_TakenBack).number)
        return _json(self._arena.state())

    async def _put_back(self, request: web.Request) -> web.Response:
        msgspec.json.decode(await request.read(), type=_Nothing)
        self._arena.put_back_skipped()
        return _json(self._arena.state())


async def _answered(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """The handler's answer, or in one line what kept it from giving one."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        return web.Response(status=error.status, text=error.reason)
    except (OptionError, msgspec.DecodeError) as error:
        return web.Response(status=400, text=str(error))
    except VisavisError as error:
        return web.Response(status=500, text=str(error))


def _html(page: Sent) -> web.Response:
    return web.Response(
        text=page.html,
        content_type="text/html",
        charset="utf-8",
        headers={"Content-Security-Policy": page.policy},
    )


def _json(state: dict[str, object]) -> web.Response:
    """In ASCII: no character in it means anything but itself."""
    return web.Response(body=json.dumps(state).encode(), content_type="application/json")
