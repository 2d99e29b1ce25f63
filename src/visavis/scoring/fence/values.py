"""Plain values as bytes, for a reader who must not trust the writer.

A model's program and the tests that judge it live in two processes, and what a function takes and
gives crosses between them in this form. Reading it makes numbers, texts and containers, and nothing
else: no class is looked up and no code is run, whatever the bytes are (which `pickle` and
`marshal` do not promise). Types are kept: `1`, `True` and `1.0` stay three things.

What is no plain value arrives as an `Opaque`, equal to nothing. A subclass (`Counter`, a named
tuple) arrives as the plain type it extends, which it equals; an iterator as one over its items.

Runs inside the fence too: standard library only.
"""

import struct
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

MAX_BYTES: Final = 16 << 20
"""Of one value, written. More is `TooMuchError`."""
MAX_DEPTH: Final = 100
"""Containers inside containers; a list that holds itself ends here too."""
MAX_ITERATED: Final = 100_000
"""Items drawn from an iterator, which may have no end."""

_COUNT: Final = struct.Struct("!I")
_FLOAT: Final = struct.Struct("!d")


class TooMuchError(ValueError):
    """The value is too large or too deep to cross, or of a kind that does not."""


class MalformedError(ValueError):
    """These bytes are no value."""


class Opaque:
    """A value that cannot cross: equal to nothing, not even to itself."""

    __slots__ = ("kind",)

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def __eq__(self, other: object) -> bool:
        return False

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"<{self.kind}>"


def encode(value: object, *, lenient: bool = False) -> bytes:
    """Bytes of a value. `lenient` sends an `Opaque` in place of what cannot cross."""
    writer = _Writer(lenient=lenient)
    writer.put(value, 0)
    return bytes(writer.out)


def decode(data: bytes) -> object:
    """The value that these bytes stand for; `MalformedError` when they stand for none."""
    reader = _Reader(data)
    try:
        value = reader.take(0)
    except MalformedError:
        raise
    except (ValueError, TypeError, IndexError, struct.error, OverflowError) as error:
        raise MalformedError(f"no value: {error}") from None
    if reader.at != len(data):
        raise MalformedError("bytes are left over")
    return value


class _Writer:
    def __init__(self, *, lenient: bool) -> None:
        self.out = bytearray()
        self._lenient = lenient

    def put(self, value: object, depth: int) -> None:
        if len(self.out) > MAX_BYTES or depth > MAX_DEPTH:
            raise TooMuchError("the value is too large or too deep to cross the fence")
        if value is None or value is True or value is False:
            self.out += b"N" if value is None else b"T" if value else b"F"
            return
        write = _WRITERS.get(type(value)) or _of_a_subclass(value)
        if write is not None:
            write(self, value, depth)
            return
        if not self._lenient:
            raise TooMuchError(f"a {type(value).__name__!r} cannot cross the fence")
        if isinstance(value, Iterator):
            self.items(b"I", list(islice(value, MAX_ITERATED)), depth)
        else:
            self.sized(b"?", type(value).__name__.encode("utf-8", "replace")[:100])

    def sized(self, tag: bytes, data: bytes) -> None:
        self.out += tag + _COUNT.pack(len(data)) + data

    def items(self, tag: bytes, items: Iterable[object], depth: int) -> None:
        held = list(items)
        self.out += tag + _COUNT.pack(len(held))
        for item in held:
            self.put(item, depth + 1)

    def integer(self, value: int, depth: int) -> None:
        whole = int(value)
        self.sized(b"i", whole.to_bytes(whole.bit_length() // 8 + 1, "big", signed=True))

    def real(self, value: float, depth: int) -> None:
        self.out += b"f" + _FLOAT.pack(value)

    def compound(self, value: complex, depth: int) -> None:
        self.out += b"c" + _FLOAT.pack(value.real) + _FLOAT.pack(value.imag)

    def text(self, value: str, depth: int) -> None:
        self.sized(b"s", str.encode(value, "utf-8", "surrogatepass"))

    def mapping(self, value: dict[object, object], depth: int) -> None:
        self.items(b"d", (part for pair in value.items() for part in pair), depth)


def _sized(tag: bytes) -> Callable[..., None]:
    return lambda writer, value, depth: writer.sized(tag, bytes(value))


def _items(tag: bytes) -> Callable[..., None]:
    return lambda writer, value, depth: writer.items(tag, value, depth)


def _of_a_subclass(value: object) -> Callable[..., None] | None:
    return next((write for kind, write in _WRITERS.items() if isinstance(value, kind)), None)


_WRITERS: Final[dict[type, Callable[..., None]]] = {
    int: _Writer.integer,
    str: _Writer.text,
    list: _items(b"l"),
    tuple: _items(b"t"),
    float: _Writer.real,
    dict: _Writer.mapping,
    set: _items(b"e"),
    frozenset: _items(b"z"),
    bytes: _sized(b"b"),
    bytearray: _sized(b"a"),
    complex: _Writer.compound,
    range: lambda writer, r, depth: writer.items(b"r", (r.start, r.stop, r.step), depth),
    Opaque: lambda writer, value, depth: writer.sized(b"?", value.kind.encode()),
}


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def take(self, depth: int) -> object:
        if depth > MAX_DEPTH + 1:
            raise MalformedError("too deep")
        tag = self._next(1)
        read = _READERS.get(tag)
        if read is None:
            raise MalformedError(f"unknown tag {tag!r}")
        return read(self, depth)

    def _next(self, size: int) -> bytes:
        part = self._data[self.at : self.at + size]
        if len(part) != size:
            raise MalformedError("cut short")
        self.at += size
        return part

    def sized(self) -> bytes:
        (size,) = _COUNT.unpack(self._next(4))
        return self._next(size)

    def real(self) -> float:
        (value,) = _FLOAT.unpack(self._next(8))
        return float(value)

    def items(self, depth: int) -> list[object]:
        (count,) = _COUNT.unpack(self._next(4))
        # Each item takes a byte at least, so a lie about their number ends soon.
        return [self.take(depth + 1) for _ in range(count)]

    def mapping(self, depth: int) -> dict[object, object]:
        parts = self.items(depth)
        return dict(zip(parts[::2], parts[1::2], strict=True))

    def span(self, depth: int) -> range:
        start, stop, step = (part for part in self.items(depth) if isinstance(part, int))
        return range(start, stop, step)


_READERS: Final[dict[bytes, Callable[[_Reader, int], object]]] = {
    b"N": lambda reader, depth: None,
    b"T": lambda reader, depth: True,
    b"F": lambda reader, depth: False,
    b"i": lambda reader, depth: int.from_bytes(reader.sized(), "big", signed=True),
    b"f": lambda reader, depth: reader.real(),
    b"c": lambda reader, depth: complex(reader.real(), reader.real()),
    b"s": lambda reader, depth: reader.sized().decode("utf-8", "surrogatepass"),
    b"b": lambda reader, depth: reader.sized(),
    b"a": lambda reader, depth: bytearray(reader.sized()),
    b"l": lambda reader, depth: reader.items(depth),
    b"t": lambda reader, depth: tuple(reader.items(depth)),
    b"e": lambda reader, depth: set(reader.items(depth)),
    b"z": lambda reader, depth: frozenset(reader.items(depth)),
    b"d": lambda reader, depth: reader.mapping(depth),
    b"r": lambda reader, depth: reader.span(depth),
    b"I": lambda reader, depth: iter(reader.items(depth)),
    b"?": lambda reader, depth: Opaque(reader.sized().decode("utf-8", "replace")),
}
