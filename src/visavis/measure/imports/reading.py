"""The content of a foreign file: gzip undone, sizes bounded, whatever is wrong said in a line."""

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from visavis.core.errors import DataError, OptionError

T = TypeVar("T")

LARGEST_BYTES = 2 << 30
"""Of a file, unpacked. Logs are read whole: nothing is kept of one that is wrong at its end."""

_GZIP = b"\x1f\x8b"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFile:
    """One file of the user, unpacked."""

    path: Path
    sha256: str
    """Of the file as it lies there."""
    content: bytes

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def stem(self) -> str:
        """The name without `.jsonl.gz` or the like."""
        plain = self.name.removesuffix(".gz")
        return plain.rpartition(".")[0] or plain

    def text(self) -> str:
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = 1 + self.content.count(b"\n", 0, error.start)
            raise self.wrong("is not UTF-8; save it as UTF-8", line) from error

    def json(self) -> Any:
        """The one JSON value of the file."""
        return parsed(self, self.text())

    def lines(self) -> Iterator[tuple[int, Any]]:
        """JSON values, one a line, with the line's number; blank lines are passed over."""
        for number, line in enumerate(self.text().split("\n"), start=1):
            if line.strip():
                yield number, parsed(self, line, number)

    def wrong(self, said: str, line: int | None = None) -> DataError:
        where = "" if line is None else f", line {line}"
        return DataError(f"{self.name!r}{where} {said}")


def opened(path: Path) -> LogFile:
    """The file, unpacked where it is gzip, whatever its name."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise OptionError(f"{str(path)!r} is no file; name the files in it")
        if size > LARGEST_BYTES:
            raise DataError(f"{path.name!r} is larger than {_limit()}; split it")
        raw = path.read_bytes()
    except FileNotFoundError as error:
        raise OptionError(f"there is no file {str(path)!r}; check the path") from error
    except OSError as error:
        raise OptionError(f"{str(path)!r} cannot be read: {error.strerror}") from error
    if not raw.strip():
        raise DataError(f"{path.name!r} is empty; check the file")
    content = _unpacked(path) if raw.startswith(_GZIP) else raw
    return LogFile(path=path, sha256=sha256(raw).hexdigest(), content=content)


def parsed(file: LogFile, text: str, line: int | None = None) -> Any:
    """A JSON value; `NaN` is read as Python's `json` writes it, as many tools do."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        number = line or error.lineno
        raise file.wrong(
            f"is no JSON at column {error.colno}: {error.msg.lower()}", number
        ) from error
    except RecursionError as error:
        raise file.wrong("is nested too deeply", line) from error
    except ValueError as error:
        raise file.wrong("holds a number of absurd length", line) from error
    return _mended(value) if "\\ud" in text or "\\uD" in text else value


def shaped(file: LogFile, value: Any, kind: type[T], line: int | None = None) -> T:
    """`value` as a `kind`, or what is amiss with it."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        said = str(error)
        raise file.wrong(f"is not of this format: {said[:1].lower()}{said[1:]}", line) from error
    except RecursionError as error:
        raise file.wrong("is nested too deeply", line) from error


def _unpacked(path: Path) -> bytes:
    parts, size = [], 0
    try:
        with gzip.open(path) as stream:
            while part := stream.read(_CHUNK):
                parts.append(part)
                size += len(part)
                if size > LARGEST_BYTES:
                    raise DataError(f"{path.name!r} unpacks to more than {_limit()}; split it")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(
            f"{path.name!r} is cut short or damaged: {error}; fetch it again"
        ) from error
    return b"".join(parts)


def _limit() -> str:
    return f"{LARGEST_BYTES >> 20} MiB"


def _mended(value: Any) -> Any:
    """Halves of a character that JSON's escapes can hold, and UTF-8 cannot, are replaced."""
    match value:
        case str():
            return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        case list():
            return [_mended(item) for item in value]
        case dict():
            return {_mended(key): _mended(item) for key, item in value.items()}
    return value
