"""Where a hosted candidate is asked, and with which headers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final
from urllib.parse import quote, urlsplit

from visavis.core.candidate import Candidate
from visavis.core.errors import MissingKeyError, OptionError

AZURE_API_VERSION: Final = "2024-10-21"
"""Azure's latest dated version of its inference API; its undated form ends in `/openai/v1`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The addresses of one candidate's server; its key is in the headers and shown nowhere."""

    chat: str
    completions: str
    """Goes on with raw text; many servers have no such place."""
    models: str
    lists_all: bool
    """`models` lists whatever can be asked. Azure lists what could be deployed instead."""
    host: str
    headers: Mapping[str, str] = field(repr=False)
    key: str | None = field(repr=False)
    open_wire: bool
    """Requests leave this machine unencrypted."""


def endpoint(candidate: Candidate, key: str | None) -> Endpoint:
    """How to reach this candidate.

    `base_url` ends in `/v1`, and the key goes into `Authorization`. On the route `azure` the key
    goes into `api-key`, `model` is the deployment, and a `base_url` that is the bare resource
    (`https://NAME.openai.azure.com`) is asked by deployment path and dated API version.
    """
    if candidate.base_url is None:
        raise OptionError(f"candidate {candidate.name!r} has no address; give it a base URL")
    base, parts = candidate.base_url.rstrip("/"), urlsplit(candidate.base_url)
    azure = candidate.route == "azure"
    chat, models = f"{base}/chat/completions", f"{base}/models"
    completions = f"{base}/completions"
    if azure and not parts.path.rstrip("/").endswith("/v1"):
        deployment = quote(candidate.model, safe="")
        version = f"api-version={AZURE_API_VERSION}"
        chat = f"{base}/openai/deployments/{deployment}/chat/completions?{version}"
        completions = f"{base}/openai/deployments/{deployment}/completions?{version}"
        models = f"{base}/openai/models?{version}"
    secret = _checked_key(candidate, key)
    lock = ("api-key", "") if azure else ("Authorization", "Bearer ")
    return Endpoint(
        chat=chat,
        completions=completions,
        models=models,
        lists_all=not azure,
        host=_checked_host(candidate, parts.hostname),
        headers={
            "Content-Type": "application/json",
            "Accept": "text/event-stream, application/json",
            "Accept-Encoding": "identity",  # a packed event stream comes late and in lumps
            "User-Agent": "visavis",
            **({lock[0]: lock[1] + secret} if secret else {}),
        },
        key=secret,
        open_wire=parts.scheme == "http" and not is_here(parts.hostname or ""),
    )


def _checked_key(candidate: Candidate, key: str | None) -> str | None:
    """The key without the line end that a file or a shell may leave on it."""
    key = (key or "").strip()
    if not key and candidate.key_name is not None:
        raise MissingKeyError(
            f"candidate {candidate.name!r} needs a key; set {candidate.key_name} in the environment"
        )
    if not (key.isascii() and key.isprintable()):
        raise MissingKeyError(
            f"the key in {candidate.key_name or 'the environment'!r} holds characters that cannot "
            "be sent; copy it again"
        )
    return key or None


def _checked_host(candidate: Candidate, host: str | None) -> str:
    try:
        (host or "").encode("idna")  # as the look-up of names will do, in the middle of a run
    except UnicodeError:
        host = None
    if not host:
        raise OptionError(f"candidate {candidate.name!r} has no address that can be asked")
    return host


def is_here(host: str) -> bool:
    """Whether a host name or address means this machine, whatever any name server says."""
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified
