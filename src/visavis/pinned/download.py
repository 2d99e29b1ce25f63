"""One address to one file, going on where an earlier try was cut off."""

import errno
import http.client
import ssl
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from urllib.parse import unquote, urlsplit, urlunsplit

from visavis.core.errors import DataError

CHUNK = 1 << 18
"""Bytes read at once: small enough for a lively progress bar."""

LARGEST = 4 << 30
"""Bytes that we take from a server that does not say how many there will be."""

DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class SourceError(DataError):
    """A server gave no answer, or not the bytes asked for; another source may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How servers are asked: with which certificates, how patiently, and until when."""

    timeout_s: float = 30.0
    """For the connection, and for each read."""
    tries: int = 3
    """Times in a row that a server may give nothing new before it is given up."""
    pause_s: float = 1.0
    """Between tries."""
    cafile: str | None = None
    """Certificates to trust, where the user's pip is told of any."""
    stop: Event = field(default_factory=Event)
    """Set when another part failed or the user pressed Ctrl-C."""

    def open(self, url: str, headers: Mapping[str, str]) -> http.client.HTTPResponse:
        """The answer of a server, redirects followed; a name and password in `url` are sent as
        such to its host alone."""
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SourceError(f"{parts.scheme or 'no'!r} is no scheme to download by")
        host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
        request = urllib.request.Request(
            urlunsplit(parts._replace(netloc=host)), headers={**headers}
        )
        if parts.username is not None:
            pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
            request.add_unredirected_header(
                "Authorization", f"Basic {b64encode(pair.encode()).decode()}"
            )
        context = ssl.create_default_context(cafile=self.cafile)
        opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context))
        try:
            answer: http.client.HTTPResponse = opener.open(request, timeout=self.timeout_s)
        except urllib.error.HTTPError as error:
            error.close()  # it is an answer, too, with an open connection
            raise
        return answer


def read_text(url: str, wire: Wire, *, accept: str, limit: int = 8 << 20) -> tuple[str, str]:
    """The type and the text of a small page."""
    try:
        with closing(wire.open(url, {"Accept": accept})) as answer:
            return answer.headers.get_content_type(), answer.read(limit).decode("utf-8", "replace")
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(why(error)) from error


def download(
    url: str, part: Path, *, wire: Wire, size: int | None, had: Callable[[int], None]
) -> None:
    """Fill `part` with what is at `url`; whatever it already holds is not asked for again.

    `had` is told the bytes that are there, `size` is what there should be. A server that
    gives nothing new `wire.tries` times in a row is given up; the part stays for the next call.
    """
    tries = 0
    while tries < wire.tries:
        before = _held(part)
        try:
            if _go_on(url, part, wire, size, had):
                return
            reason = "the connection was cut"
        except (OSError, http.client.HTTPException) as error:
            _reraise_if_ours(error, part)
            reason = why(error)
        tries = 0 if _held(part) > before else tries + 1
        if wire.stop.wait(wire.pause_s if tries < wire.tries else 0.0):
            reason = "it was stopped"
            break
    held = _held(part)
    raise SourceError(f"{reason} after {held:,} bytes" if held else reason)


def _go_on(url: str, part: Path, wire: Wire, size: int | None, had: Callable[[int], None]) -> bool:
    """One try. True when the file is whole, False when the connection was cut."""
    done, validator = _held(part), part.with_name(part.name + ".etag")
    if size is not None and done == size:
        had(done)
        return True
    with closing(wire.open(url, _range(done, validator))) as answer:
        if answer.status != http.HTTPStatus.PARTIAL_CONTENT:
            done = 0  # the server knows no ranges, or holds another file by now
        whole = _whole(answer, done, size)
        validator.write_text(answer.headers.get("ETag", ""), encoding="utf-8")
        with part.open("r+b" if done else "wb") as stream:
            stream.seek(done)
            while not wire.stop.is_set() and (chunk := answer.read(CHUNK)):
                done += len(chunk)
                if done > (whole or LARGEST):
                    raise SourceError(f"the server sends more than {whole or LARGEST:,} bytes")
                stream.write(chunk)
                had(done)
    if wire.stop.is_set() or (whole is not None and done < whole):
        return False
    validator.unlink(missing_ok=True)
    return True


def _whole(answer: http.client.HTTPResponse, done: int, size: int | None) -> int | None:
    """Bytes of the whole file, as the server says; refused at once when that is not `size`."""
    length = answer.headers.get("Content-Length")
    said = done + int(length) if length is not None and length.isdecimal() else None
    if size is not None and said not in (None, size):
        raise SourceError(f"the server offers {said:,} bytes instead of {size:,}")
    return said if size is None else size


def _range(done: int, validator: Path) -> dict[str, str]:
    """Headers that ask for the rest, if it is still the rest of the same file."""
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
        etag = validator.read_text(encoding="utf-8") if validator.exists() else ""
        if etag.startswith('"'):  # a weak validator, W/"…", may not be used with a range
            headers["If-Range"] = etag
    return headers


def _held(part: Path) -> int:
    return part.stat().st_size if part.exists() else 0


def _reraise_if_ours(error: OSError | http.client.HTTPException, part: Path) -> None:
    """A full disk is no fault of the server; a range that cannot be had means starting again."""
    if isinstance(error, urllib.error.HTTPError):
        if error.code == http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            part.unlink(missing_ok=True)
        elif error.code < http.HTTPStatus.INTERNAL_SERVER_ERROR:
            raise SourceError(why(error)) from error
    elif isinstance(error, OSError) and (error.filename or error.errno in DISK_FULL):
        raise error


def why(error: OSError | http.client.HTTPException) -> str:
    """A few words on what went wrong, without the address: it may hold a password."""
    if isinstance(error, urllib.error.HTTPError):
        return f"the server said {error.code} {error.reason}"
    if isinstance(error, urllib.error.URLError):
        return why(error.reason) if isinstance(error.reason, OSError) else str(error.reason)
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return f"the server broke off ({type(error).__name__})"
