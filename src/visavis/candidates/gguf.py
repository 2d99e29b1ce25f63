"""Reads the header of a GGUF file: which model it is, how it is quantised, whether it is whole, and
where in it each tensor lies.

Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md, versions 2 and 3, little-endian.
The file may be hostile or cut: every count and length is checked against the bytes that are left
before anything is allocated, and values that nobody asks for are skipped.
"""

import struct
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from visavis.candidates.gguf_types import FILE_TYPES, TENSOR_TYPES, TensorType
from visavis.core.candidate import Fact
from visavis.core.errors import DataError, OptionError

_MOST_KEYS: Final = 1 << 16
_MOST_TENSORS: Final = 1 << 18
_MOST_ITEMS: Final = 1 << 23
"""Values in one array; the largest vocabularies have a quarter of a million words."""
_LONGEST_STRING: Final = 1 << 24
"""Bytes; the longest value met is a chat template of a hundred thousand."""
_MOST_DIMENSIONS: Final = 4
_DEFAULT_ALIGNMENT: Final = 32

_FORMATS: Final[Mapping[int, str]] = {
    0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q",
    12: "<d",
}  # fmt: skip
_STRING: Final = 8
_ARRAY: Final = 9

_TEMPLATE: Final = "tokenizer.chat_template"
_KEPT: Final = ("general.", "tokenizer.ggml.model", _TEMPLATE)
_KEPT_ENDS: Final = (".rope.scaling.type", ".rope_scaling.type")
"""Texts that are read; numbers always are."""

_OTHERS: Final = (
    (b"version https://git-lfs", "a Git LFS pointer; fetch the file itself with 'git lfs pull'"),
    (b"<", "a web page; download the file itself, not the page that shows it"),
    (b"PK\x03\x04", "a ZIP archive; unpack it first"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"tjgg", "an old GGML file; convert it to GGUF"),
    (b"lmgg", "an old GGML file; convert it to GGUF"),
)
"""What people have instead of a GGUF file, by its first bytes."""

NO_TEMPLATE: Final = "base: the file has no chat template, so it continues text"
"""What such a file was trained for."""

_Value = str | int | float | bool


class TensorPlace(NamedTuple):
    """Where a tensor lies in its file."""

    kind: str
    """`F32`, `Q4_K` …; `type N` where this version does not know it."""
    shape: tuple[int, ...]
    """Outermost dimension first, as NumPy counts them; the file has it the other way round."""
    start: int
    """Byte of the file."""
    bytes: int
    """0 for a type that is not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GgufHeader:
    """What a GGUF file says of itself."""

    version: int
    architecture: str
    name: str | None
    parameters: int
    """Elements of all tensors. A file that stores a tied output matrix twice counts it twice."""
    quantisation: str
    """`Q4_K_M` …: the file's own label, or its commonest tensor type where there is no such label
    or no tensor bears it out."""
    context_tokens: int | None
    chat_template: bool
    """Without one the model was not taught to answer: it continues text."""
    file_bytes: int
    values: Mapping[str, str | float | bool] = field(repr=False, hash=False)
    """Its metadata, without lists and most texts."""
    tensors: Mapping[str, TensorPlace] = field(repr=False, hash=False)


def read(path: Path) -> GgufHeader:
    """The header of the file at `path`, which is known to be whole when this returns."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(0)
            return _Header(file, size, path.name).read()
    except FileNotFoundError as error:
        raise OptionError(f"there is no file {path.name!r}; check the path") from error
    except IsADirectoryError as error:
        raise OptionError(f"{path.name!r} is a folder; name the GGUF file in it") from error
    except OSError as error:
        raise OptionError(f"{path.name!r} cannot be read: {error.strerror}") from error


def facts(header: GgufHeader, *, as_of: str) -> tuple[Fact, ...]:
    """What the report shows of a file; `as_of` is the ISO date of reading."""
    known: dict[str, float | str | None] = {
        "architecture": header.architecture,
        "parameters": header.parameters,
        "quantisation": header.quantisation,
        "context_window_tokens": header.context_tokens,
        "file_bytes": header.file_bytes,
        "training": None if header.chat_template else NO_TEMPLATE,
    }
    return tuple(
        Fact(name=name, value=value, source="read from the file", as_of=as_of)
        for name, value in known.items()
        if value is not None
    )


class _Header:
    """One pass over a header."""

    def __init__(self, file: BinaryIO, size: int, name: str) -> None:
        self._file = file
        self._size = size
        self._name = name
        self._at = 0

    def read(self) -> GgufHeader:
        version = self._version()
        tensors = self._count(_MOST_TENSORS, least_bytes=24)
        keys = self._count(_MOST_KEYS, least_bytes=13)
        pairs = (self._key_value() for _ in range(keys))
        values = {key: value for key, value in pairs if value is not None}
        split = values.get("split.count", 1)
        if isinstance(split, int) and split > 1:
            raise OptionError(
                f"{self._name!r} is one of {split} parts; join them with "
                "'llama-gguf-split --merge' and name the result"
            )
        places = self._tensors(tensors)
        start = self._data_start(values) if tensors else self._at
        needed = max((start + place.start + place.bytes for _, place in places), default=start)
        if needed > self._size:
            raise DataError(
                f"{self._name!r} is cut short: it needs {needed:,} bytes and has {self._size:,}; "
                "pull it again"
            )
        architecture = _text(values.get("general.architecture")) or "unknown"
        context = values.get(f"{architecture}.context_length")
        elements: Counter[str] = Counter()
        for _, place in places:
            elements[place.kind] += prod(place.shape)
        return GgufHeader(
            version=version,
            architecture=architecture,
            name=_text(values.get("general.name")),
            parameters=elements.total(),
            quantisation=_label(values.get("general.file_type"), elements),
            context_tokens=context if isinstance(context, int) and context > 0 else None,
            chat_template=bool(values.get(_TEMPLATE)),
            file_bytes=self._size,
            values=values,
            tensors={name: place._replace(start=start + place.start) for name, place in places},
        )

    def _version(self) -> int:
        start = self._file.read(64)
        if not start:
            raise DataError(f"{self._name!r} is empty; pull it again")
        if not start.startswith(b"GGUF"):
            what = next((what for begin, what in _OTHERS if start.lstrip().startswith(begin)), None)
            raise DataError(f"{self._name!r} is no GGUF file; it is {what or 'something else'}")
        self._file.seek(4)
        self._at = 4
        version = self._number("<I")
        if version & 0xFFFF == 0:
            raise DataError(f"{self._name!r} is a big-endian GGUF file; get the little-endian one")
        if version not in (2, 3):
            raise DataError(
                f"{self._name!r} is GGUF version {version}, and only 2 and 3 can be read; "
                "get a newer file of the model"
            )
        return version

    # --- values ---------------------------------------------------------------------------------

    def _key_value(self) -> tuple[str, _Value | None]:
        key = self._string().decode("utf-8", "replace")
        kind = self._number("<I")
        if kind == _ARRAY:
            self._skip_array()
            return key, None
        if kind != _STRING or key.startswith(_KEPT) or key.endswith(_KEPT_ENDS):
            return key, self._value(kind)
        self._skip_value(kind)
        return key, None

    def _value(self, kind: int) -> _Value:
        if kind == _STRING:
            return self._string().decode("utf-8", "replace")
        value: _Value = struct.unpack(self._format(kind), self._take(self._width(kind)))[0]
        return value

    def _skip_value(self, kind: int) -> None:
        if kind == _STRING:
            self._skip(self._count(_LONGEST_STRING, least_bytes=1))
        else:
            self._skip(self._width(kind))

    def _skip_array(self) -> None:
        kind = self._number("<I")
        if kind == _STRING:
            for _ in range(self._count(_MOST_ITEMS, least_bytes=8)):
                self._skip_value(_STRING)
        else:
            width = self._width(kind)
            self._skip(width * self._count(_MOST_ITEMS, least_bytes=width))

    def _string(self) -> bytes:
        return self._take(self._count(_LONGEST_STRING, least_bytes=1))

    def _format(self, kind: int) -> str:
        if kind not in _FORMATS:
            raise self._damaged(f"a value of unknown type {kind}")
        return _FORMATS[kind]

    def _width(self, kind: int) -> int:
        return struct.calcsize(self._format(kind))

    # --- tensors --------------------------------------------------------------------------------

    def _tensors(self, count: int) -> list[tuple[str, TensorPlace]]:
        """The tensors with their names; starts are counted from the beginning of the data."""
        places = []
        for _ in range(count):
            name = self._string().decode("utf-8", "replace")
            dimensions = self._number("<I")
            if dimensions > _MOST_DIMENSIONS:
                raise self._damaged(f"a tensor of {dimensions} dimensions")
            shape = tuple(self._number("<Q") for _ in range(dimensions))[::-1]
            code, start = self._number("<I"), self._number("<Q")
            # A type newer than this table has no size we know, so only its start is checked.
            kind = TENSOR_TYPES.get(code, TensorType(f"type {code}", 1, 0))
            size = prod(shape) // kind.elements * kind.bytes
            places.append((name, TensorPlace(kind.name, shape, start, size)))
        return places

    def _data_start(self, values: Mapping[str, _Value]) -> int:
        alignment = values.get("general.alignment", _DEFAULT_ALIGNMENT)
        if not isinstance(alignment, int) or not 0 < alignment <= 1 << 20:
            raise self._damaged(f"an alignment of {str(alignment)[:20]!r}")
        return -(-self._at // alignment) * alignment

    # --- bytes ----------------------------------------------------------------------------------

    def _count(self, most: int, *, least_bytes: int) -> int:
        """A count of things that take at least `least_bytes` each, so that it can be doubted."""
        count = self._number("<Q")
        if count * least_bytes > self._size - self._at:
            raise self._cut()
        if count > most:
            raise self._damaged(f"a count of {count:,}")
        return count

    def _number(self, form: str) -> int:
        number: int = struct.unpack(form, self._take(struct.calcsize(form)))[0]
        return number

    def _take(self, amount: int) -> bytes:
        piece = self._file.read(amount) if amount <= self._size - self._at else b""
        if len(piece) < amount:
            raise self._cut()
        self._at += amount
        return piece

    def _skip(self, amount: int) -> None:
        if amount > self._size - self._at:
            raise self._cut()
        self._file.seek(amount, 1)
        self._at += amount

    def _cut(self) -> DataError:
        return DataError(
            f"the header of {self._name!r} asks for more than its {self._size:,} bytes; "
            "the file is cut short or damaged: pull it again"
        )

    def _damaged(self, what: str) -> DataError:
        return DataError(f"the header of {self._name!r} holds {what}; pull the file again")


def _text(value: _Value | None) -> str | None:
    """A string of the file, without what could disturb a terminal."""
    if not isinstance(value, str):
        return None
    return "".join(sign for sign in value[:200] if sign.isprintable()).strip() or None


def _label(file_type: _Value | None, elements: Mapping[str, int]) -> str:
    """The file's own label, if a tensor of the type in that label is there."""
    label = FILE_TYPES.get(file_type) if isinstance(file_type, int) else None
    if label is not None and any(label.startswith(kind) for kind in elements):
        return label
    return max(elements, key=lambda kind: elements[kind], default="unknown")
