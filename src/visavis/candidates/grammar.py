"""How a user names a candidate. One parser, and errors that suggest.

    gpt-4o-mini                            a name of the catalog, by the first route with a key
    openai:gpt-4o-mini-2024-07-18          a route and a model id as that route writes it
    azure:DEPLOYMENT                       AZURE_BASE_URL says whose resource
    http://127.0.0.1:8000/v1#model-id      any OpenAI-compatible server; https likewise
    ollama:llama3.1:8b   vllm:model-id     servers on this machine
    gguf:/path/model.gguf                  a file; a bare path that ends in .gguf will do
    recorded:NAME    recorded:/path        what 'visavis import' keeps; replies in a file
    scripted:NAME                          replies you write
    NAME=any of these                      the same, under a column name of your own

Keys are never part of a name. A route's key is in `<ROUTE>_API_KEY`, a server's by address in
`HTTP_API_KEY`, which may be missing where the server asks for none. `<ROUTE>_BASE_URL` replaces
a route's address.
"""

import re
import stat
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import get_args
from urllib.parse import urlsplit

from visavis.candidates import gguf, recordings
from visavis.candidates.catalog import Known, LocalModel, Route, catalog
from visavis.candidates.endpoint import is_here
from visavis.core.candidate import Candidate
from visavis.core.errors import DataError, OptionError, UnknownNameError
from visavis.core.prompt import Way
from visavis.core.registry import unknown
from visavis.pinned.digest import sha256_of

OTHER_KINDS = ("gguf", "recorded", "scripted", "http", "https")
"""Prefixes that are no provider of the catalog."""

LONGEST = 4096
"""Characters of a text that names a candidate; a path of the operating system fits."""

LONGEST_NAME = 120
"""Characters of the head of a column; a model id of any provider fits."""

_NAMED = re.compile(r"(?P<name>[^\s=:/\\#][^=:/\\#]*)=(?P<spec>.+)", re.DOTALL)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_UNSEEN = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
"""Marks that turn the writing round or take no place: a name with one passes for another."""


def parse(text: str, *, home: Path, environ: Mapping[str, str]) -> Candidate:
    """The candidate that `text` names; looks at the disk only for a file that it names."""
    text = text.strip()
    _check_text(text)
    named = _NAMED.fullmatch(text)
    if named is None:
        return _parse_spec(text, home, environ)
    candidate = _parse_spec(named["spec"].strip(), home, environ)
    return replace(candidate, name=named["name"].strip())


def canonical(candidate: Candidate) -> str:
    """The text that names the same candidate again, whatever keys are in the environment."""
    spec = _spec_of(candidate)
    return spec if candidate.name == _name_of(candidate) else f"{candidate.name}={spec}"


def repeated(candidates: Sequence[Candidate]) -> OptionError | None:
    """The error for two candidates under one name, if there are any; a report could not tell
    them apart."""
    seen: set[str] = set()
    for candidate in candidates:
        if candidate.name in seen:
            return OptionError(
                f"two candidates are called {candidate.name!r}; "
                f"name one of them yourself: 'other={_spec_of(candidate)}'"
            )
        seen.add(candidate.name)
    return None


def check_name(name: str) -> None:
    """Refuse what could not stand at the head of a column."""
    if len(name) > LONGEST_NAME:
        raise OptionError(
            f"a candidate would be called {_short(name)!r}, {len(name):,} characters; "
            "give it a short name: 'short=…'"
        )
    if not name.strip() or _UNPRINTABLE.search(name) or _UNSEEN.search(name):
        raise OptionError(
            f"no candidate can be called {name!r}; give it a name that can be seen: 'name=…'"
        )


def _check_text(text: str) -> None:
    if not text:
        raise OptionError("a candidate's name is empty; try 'smollm2-135m' or 'visavis models'")
    if len(text) > LONGEST:
        raise OptionError(
            f"a candidate's name has {len(text):,} characters, at most {LONGEST:,} can be read"
        )
    if _UNPRINTABLE.search(text):
        raise OptionError(f"candidate {text!r} holds control characters; type it again")


def _parse_spec(spec: str, home: Path, environ: Mapping[str, str]) -> Candidate:
    prefix, colon, rest = spec.partition(":")
    prefix, rest = prefix.strip().lower(), rest.strip()
    if not colon or _is_bare_path(spec):
        return _by_name(spec, home, environ)
    if prefix in ("http", "https"):
        return _by_address(spec, environ)
    route = catalog().route(prefix)
    if route is None and prefix not in OTHER_KINDS:
        raise _unknown_route(spec, prefix, rest)
    if not rest:
        raise OptionError(f"{spec!r} names no model; write '{prefix}:' and then the model")
    if route is not None:
        return _by_route(f"{route.name}:{rest}", route, rest, environ)
    if prefix == "scripted":
        name = f"{prefix}:{rest}"
        return Candidate(
            name=name, kind="scripted", route=prefix, model=rest, snapshot=rest, ways=get_args(Way)
        )
    if prefix == "recorded" and recordings.is_meant(home, rest):
        return _imported(rest, home)
    return _from_file(prefix, rest, home)


def _is_bare_path(spec: str) -> bool:
    """A path needs no prefix when it ends in .gguf; `C:\\models\\a.gguf` is one, too."""
    before = spec.partition(":")[0]
    return spec.lower().endswith(".gguf") and (":" not in spec or "/" in before or len(before) == 1)


def _by_name(spec: str, home: Path, environ: Mapping[str, str]) -> Candidate:
    """A bare word: a name of the catalog, or the path of a GGUF file."""
    if spec.lower().endswith(".gguf"):
        return _from_file("gguf", spec, home)
    name = spec.lower()
    local = catalog().local(name)
    if local is not None:
        return _local(spec, local, home)
    ways = catalog().named(name)
    if not ways:
        raise _unknown_name(spec)
    keyed = (known for known in ways if environ.get(_route_of(known).key))
    chosen = next(keyed, ways[0])
    return _by_route(spec, _route_of(chosen), chosen.way.model, environ, chosen)


def _route_of(known: Known) -> Route:
    route = catalog().route(known.way.route)
    if route is None:
        raise unknown("route", known.way.route, [route.name for route in catalog().routes])
    return route


def _by_route(
    name: str, route: Route, model: str, environ: Mapping[str, str], named: Known | None = None
) -> Candidate:
    """A model at a provider of the catalog; `named` when the user gave a name of the catalog."""
    base_url = environ.get(route.address) or route.base_url
    if base_url is None:
        raise OptionError(
            f"{name!r} needs an address; set {route.address} to that of your {route.title} resource"
        )
    base_url = _checked_address(base_url, route.address)
    known = named or catalog().asked(route.name, model)
    # A proxy on this machine does not make a provider's tokens free.
    here = route.prices is None and is_here(urlsplit(base_url).hostname or "")
    return Candidate(
        name=name,
        kind="local" if here else "hosted",
        route=route.name,
        model=model,
        ways=get_args(Way) if route.name == "vllm" else ("chat",),
        snapshot=_snapshot(model, known),
        system=known.system.name if known else None,
        sees_images=known.system.sees_images if known else None,
        base_url=base_url,
        key_name=route.key if route.key_needed or environ.get(route.key) else None,
        facts=known.facts if known else (),
        lifecycle=catalog().lifecycle(known) if known else None,
    )


def _snapshot(model: str, known: Known | None) -> str:
    """The day's name where the id says it; a host's own id, or an Azure deployment, does not."""
    if known is not None and model.endswith(known.snapshot.name):
        return known.snapshot.name
    return model


def _by_address(spec: str, environ: Mapping[str, str]) -> Candidate:
    address, _, model = spec.partition("#")
    model = model.strip()
    if not model:
        raise OptionError(
            f"{spec!r} does not say which model; add '#' and its id: '{address}#model-id'"
        )
    base_url = _checked_address(address.strip(), spec)
    return Candidate(
        name=model,
        kind="local" if is_here(urlsplit(base_url).hostname or "") else "hosted",
        route="http",
        model=model,
        snapshot=model,
        ways=get_args(Way),  # what the server lacks of these, it says when asked
        base_url=base_url,
        key_name="HTTP_API_KEY" if environ.get("HTTP_API_KEY") else None,
    )


def _checked_address(address: str, where: str) -> str:
    """The address without a slash at its end. One that may hold a secret is not repeated."""
    try:
        parts = urlsplit(address)
        sound = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
        parts = urlsplit("")
    if not sound:
        raise OptionError(f"{where!r} is no web address; write it like 'http://127.0.0.1:8000/v1'")
    if parts.username or parts.password or parts.query:
        raise OptionError(
            f"the address of {parts.hostname!r} holds a user name, a password or a query; "
            "leave them out and put the key in HTTP_API_KEY"
        )
    return address.rstrip("/")


def _local(spec: str, local: LocalModel, home: Path) -> Candidate:
    return Candidate(
        name=spec,
        kind="local",
        route="gguf",
        model=local.file,
        snapshot=f"sha256:{local.sha256}",
        system=local.name,
        file=home / "models" / local.file,
        quantisation=local.quantisation,
        ways=get_args(Way),
        sees_images=False,
        facts=local.facts,
    )


def _from_file(route: str, path: str, home: Path) -> Candidate:
    """A GGUF file or a recording; it is what its content is, wherever it lies."""
    file = _found(path)
    header = _header(file) if route == "gguf" else None
    changed = datetime.fromtimestamp(file.stat().st_mtime, UTC).date().isoformat()
    candidate = Candidate(
        name="",
        kind="local" if route == "gguf" else "recorded",
        route=route,
        model=file.name,
        snapshot=f"sha256:{sha256_of(file, remember=home / 'digests')}",
        file=file,
        quantisation=header.quantisation if header else None,
        ways=get_args(Way),
        sees_images=False if header else None,
        facts=gguf.facts(header, as_of=changed) if header else (),
    )
    return replace(candidate, name=_name_of(candidate))


def _imported(name: str, home: Path) -> Candidate:
    """What `visavis import` keeps under this name, with what the catalog knows of its model."""
    file = recordings.folder_of(home, name) / recordings.ANSWERS
    source = recordings.source_of(home, name)
    system, facts = catalog().recognised(source.model)
    return Candidate(
        name=name,
        kind="recorded",
        route="recorded",
        model=source.model,
        snapshot=f"sha256:{sha256_of(_found(str(file)), remember=home / 'digests')}",
        system=system,
        file=file,
        ways=get_args(Way),
        protocols=tuple(sorted(source.protocols)),
        facts=facts,
    )


def _header(file: Path) -> gguf.GgufHeader:
    """The file's header; the user named the file, so the user can mend it."""
    try:
        return gguf.read(file)
    except DataError as error:
        raise OptionError(str(error)) from error


def _found(path: str) -> Path:
    """The file at `path`, in full; an error says what lies there instead."""
    try:
        file = Path(path).expanduser().resolve(strict=True)
        mode = file.stat().st_mode
    except FileNotFoundError as error:
        raise OptionError(f"there is no file {path!r}; check the path") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: `~nobody`, or a loop of links
        raise OptionError(f"{_short(path)!r} cannot be opened: {_reason(error)}") from error
    if stat.S_ISDIR(mode):
        raise OptionError(f"{path!r} is a folder; name the file in it")
    if not stat.S_ISREG(mode):
        raise OptionError(f"{path!r} is no file that can be read twice; name one that is")
    return file


def _reason(error: OSError | RuntimeError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:60]}…{text[-40:]}"


def _name_of(candidate: Candidate) -> str:
    """What a candidate is called when the user gives no name of their own.

    Addresses and folders are left out: they would widen every table and tell where it was made.
    """
    if candidate.route == "http":
        return candidate.model
    if candidate.system is not None and candidate.route == "gguf":
        return candidate.system
    if candidate.protocols is not None and candidate.file is not None:
        return candidate.file.parent.name
    if candidate.file is not None:
        return candidate.file.stem if candidate.route == "gguf" else candidate.file.name
    return f"{candidate.route}:{candidate.model}"


def _spec_of(candidate: Candidate) -> str:
    if candidate.route == "http":
        return f"{candidate.base_url}#{candidate.model}"
    if candidate.route == "gguf" and candidate.system is not None:
        return candidate.system
    if candidate.protocols is not None and candidate.file is not None:
        return f"{candidate.route}:{candidate.file.parent.name}"
    if candidate.file is not None:
        return f"{candidate.route}:{candidate.file}"
    return f"{candidate.route}:{candidate.model}"


def _unknown_name(spec: str) -> UnknownNameError:
    return unknown("candidate", spec, _as_models(spec) or catalog().names())


def _unknown_route(spec: str, prefix: str, rest: str) -> UnknownNameError:
    routes = [*(route.name for route in catalog().routes), *OTHER_KINDS]
    near = _as_models(spec)
    near = near or [f"{route}:{rest}" for route in get_close_matches(prefix, routes, n=2)]
    near = near or get_close_matches(spec.lower(), catalog().names(), n=3)
    if near:
        return UnknownNameError(f"no candidate is called {spec!r}; try {', '.join(near)}")
    return UnknownNameError(
        f"{spec!r} begins with no route; try one of {', '.join(f'{r}:' for r in routes)}"
    )


def _as_models(spec: str) -> list[str]:
    """A model id of some provider, written without its route: `llama3.1:8b`."""
    return [
        f"{known.way.route}:{known.way.model}"
        for known in catalog().known()
        if known.way.model.lower() == spec.lower()
    ]
