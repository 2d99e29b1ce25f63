"""What a server offers, asked before a run so that a wrong name costs one line and no requests."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any, Final, Literal

import aiohttp
import msgspec

from visavis.candidates.catalog import catalog
from visavis.candidates.detail import one_line
from visavis.candidates.endpoint import Endpoint, endpoint
from visavis.candidates.openai_http import Limits, open_session, read_all
from visavis.candidates.wire_format import read_complaint
from visavis.core.candidate import Candidate
from visavis.core.tell import tell

State = Literal[
    "ready",  # the model is on the list
    "no such model",  # there is a list, and the model is not on it
    "key refused",
    "down",  # nobody answers there, or not in time
    "no list",  # the server answers and has no list to show: asking will tell
]

_LIST_BYTES: Final = 16 * 1024 * 1024
_QUICKLY: Final = Limits(total_s=30.0, idle_s=20.0, connect_s=10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerModels:
    """What one candidate's server says of its models."""

    state: State
    detail: str
    """One line for the user: what is wrong, about which candidate, what to do; empty when ready."""
    offers: tuple[str, ...] = ()
    """Ids of all models that the server lists."""
    shutdown_date: str | None = None
    """ISO date from which the model can no longer be asked, where the provider's list gives it."""


class _Listed(msgspec.Struct):
    id: str
    shutdown_date: Any = None
    """As OpenAI gives it: an ISO date, or seconds since 1970."""


class _List(msgspec.Struct):
    data: list[_Listed]


async def server_models(
    candidate: Candidate, key: str | None, *, limits: Limits = _QUICKLY
) -> ServerModels:
    """Whether the candidate's server is up, takes the key and has the model."""
    place = endpoint(candidate, key)
    name = candidate.name
    try:
        async with (
            open_session(place, limits) as session,
            session.get(place.models, allow_redirects=False) as response,
        ):
            status, body = response.status, await read_all(response.content, _LIST_BYTES)
    except TimeoutError:
        return ServerModels(
            state="down",
            detail=tell(
                "the server of {name!r} at {host!r} does not answer in time",
                name=name,
                host=place.host,
            ),
        )
    except (aiohttp.ClientError, OSError) as error:
        why = (
            f"the server of {name!r} at {place.host!r} cannot be reached; "
            f"start it or mend its address: {_reason(error)}"
        )
        return ServerModels(state="down", detail=one_line(why, key=place.key))
    if status in (401, 403):
        return ServerModels(state="key refused", detail=_refusal(candidate, place, status, body))
    listed = _read(body) if status == 200 else None
    if listed is None:
        why = f"the server of {name!r} shows no list of models ({status})"
        return ServerModels(state="no list", detail=why)
    return _found(candidate, listed, place)


def _reason(error: Exception) -> str:
    """The system's words, without the addresses and settings that aiohttp puts around them."""
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    number = cause.errno if isinstance(cause, OSError) else None
    if number is not None and number > 0:
        return os.strerror(number)
    return (cause.strerror if isinstance(cause, OSError) else None) or str(error)


def _refusal(candidate: Candidate, place: Endpoint, status: int, body: bytes) -> str:
    if place.key is None:
        return (
            f"the server of {candidate.name!r} at {place.host!r} wants a key ({status}); "
            f"set {_variable(candidate)}"
        )
    why = f"the server of {candidate.name!r} refuses the key in {candidate.key_name!r} ({status})"
    if status == 403:  # a 401 only repeats the key
        why = f"{why}: {read_complaint(body).message}"
    return one_line(why, key=place.key)


def _variable(candidate: Candidate) -> str:
    route = catalog().route(candidate.route)
    return route.key if route is not None else "HTTP_API_KEY"


def _read(body: bytes) -> list[_Listed] | None:
    """The list in OpenAI's form, or bare, as Together gives it; None when it is neither."""
    try:
        listed = msgspec.json.decode(body, type=_List | list[_Listed])
    except (ValueError, RecursionError):
        return None
    return listed.data if isinstance(listed, _List) else listed


def _found(candidate: Candidate, listed: Sequence[_Listed], place: Endpoint) -> ServerModels:
    offers = tuple(one.id for one in listed)
    by_id = {one.id: one for one in listed}
    found = next((by_id[name] for name in _names(candidate.model) if name in by_id), None)
    if found is not None:
        date = _date(found.shutdown_date)
        return ServerModels(state="ready", detail="", offers=offers, shutdown_date=date)
    if not (place.lists_all and offers):
        why = f"the server of {candidate.name!r} does not list what it can be asked"
        return ServerModels(state="no list", detail=why, offers=offers)
    near = get_close_matches(candidate.model, offers, n=3, cutoff=0.4) or offers[:3]
    why = (
        f"the server of {candidate.name!r} has no model {candidate.model!r}; "
        f"it offers {', '.join(map(repr, near))}" + (" …" if len(offers) > len(near) else "")
    )
    return ServerModels(state="no such model", detail=one_line(why, key=place.key), offers=offers)


def _names(model: str) -> tuple[str, ...]:
    """Ids under which a list may hold a model: Ollama adds `:latest`, Google puts `models/`
    before it, and OpenRouter lists no variants (`:free`, `:nitro`)."""
    return (model, f"{model}:latest", f"models/{model}", model.rpartition(":")[0] or model)


def _date(value: object) -> str | None:
    match value:
        case str() if value:
            return value[:10]
        case int() | float() if 0 < value < 1e11:  # before the year 5139
            return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=value)).date().isoformat()
    return None
