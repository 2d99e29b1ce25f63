"""Opens the way to each candidate, and closes all of them again whatever happens."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from visavis.api.request import Request
from visavis.candidates.by_way import by_way
from visavis.candidates.lifecycle import corrected, warning
from visavis.candidates.likelihood.opening import open_likelihood
from visavis.candidates.llama_cpp import Llama, open_llama
from visavis.candidates.llama_settings import SLOT_TOKENS, own_server
from visavis.candidates.openai_http import open_http
from visavis.candidates.pacing import careful
from visavis.candidates.recorded import RecordedClient
from visavis.candidates.scripted import scripted_from
from visavis.candidates.server_models import server_models
from visavis.core.candidate import Candidate, Fact
from visavis.core.client import Client
from visavis.core.errors import OptionError, VisavisError


@dataclass(frozen=True, kw_only=True)
class Door:
    """A candidate that can be asked."""

    candidate: Candidate
    bare: Client
    """For measuring speed: a retry would hide what is measured."""
    careful: Client
    """For cases: retried and paced where that is right."""
    llama: Llama | None = None
    """The local engine, which knows its memory."""

    @property
    def engine(self) -> str:
        return self.llama.engine if self.llama is not None else ""


@asynccontextmanager
async def opened(
    request: Request,
    candidate: Candidate,
    note: Callable[[str], None],
    *,
    slot_tokens: int = SLOT_TOKENS,
) -> AsyncIterator[Door]:
    """The way to one candidate, open as long as the context is; `slot_tokens` are what a local
    engine holds of one prompt and its reply."""
    at_once = request.at_once(candidate)
    if candidate.name in request.clients:
        yield _plain(candidate, request.clients[candidate.name])
    elif candidate.route == "scripted":
        yield _plain(candidate, scripted_from(candidate.model))
    elif candidate.route == "recorded" and candidate.file is not None:
        yield _plain(candidate, RecordedClient(candidate.file))
    elif candidate.route == "gguf":
        async with (
            open_llama(
                candidate,
                at_once=at_once,
                note=note,
                slot_tokens=slot_tokens,
                server=own_server(request.around.environ),
            ) as llama,
            by_way(llama, lambda: open_likelihood(candidate, llama, note=note)) as client,
        ):
            known = replace(candidate, facts=(*candidate.facts, _engine(llama)))
            yield Door(candidate=known, bare=llama, careful=client, llama=llama)
    else:
        key = request.around.environ.get(candidate.key_name or "")
        candidate = await seen(candidate, key, note)
        async with open_http(candidate, key=key, at_once=at_once, note=note) as client:
            paced = careful(
                client,
                name=candidate.name,
                at_once=at_once,
                note=note,
                rng=Random(request.options.seed),
            )
            yield Door(candidate=candidate, bare=client, careful=paced)


def _engine(llama: Llama) -> Fact:
    today = datetime.now(UTC).date().isoformat()
    return Fact(name="engine", value=llama.engine, source="as it was started here", as_of=today)


def _plain(candidate: Candidate, client: Client) -> Door:
    return Door(candidate=candidate, bare=client, careful=client)


async def seen(candidate: Candidate, key: str | None, note: Callable[[str], None]) -> Candidate:
    """Ask the server's list of models first, so that a wrong name costs one line."""
    listed = await server_models(candidate, key)
    match listed.state:
        case "down":
            raise VisavisError(listed.detail)
        case "key refused" | "no such model":
            raise OptionError(listed.detail)
    today = datetime.now(UTC).date()
    told = corrected(candidate, listed.shutdown_date, today)
    line = warning(told, today)
    if told != candidate and line is not None:
        note(line)
    return told
