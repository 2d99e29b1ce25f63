"""Values cross the fence as they are, and bytes that are no value do no harm."""

import math
from collections import Counter, OrderedDict, defaultdict, namedtuple
from contextlib import suppress
from enum import IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.scoring.fence.values import (
    MAX_BYTES,
    MalformedError,
    Opaque,
    TooMuchError,
    decode,
    encode,
)

keys: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.complex_numbers()),
    *(st.text(max_size=5), st.binary(max_size=5), st.text(st.characters(categories=["Cs"]))),
)
values: st.SearchStrategy[Any] = st.recursive(
    keys,
    lambda x: st.one_of(
        st.lists(x, max_size=4),
        st.tuples(x, x),
        st.dictionaries(st.tuples(keys, keys), x, max_size=3),
        st.sets(keys, max_size=3),
        st.frozensets(st.frozensets(keys, max_size=2), max_size=3),
    ),
    max_leaves=8,
)


def shape(value: object) -> str:
    """A writing that tells 1, True and 1.0 apart, and holds NaN equal to itself."""
    if isinstance(value, set | frozenset):
        return type(value).__name__ + "".join(sorted(map(shape, value)))
    if isinstance(value, dict):
        return "dict" + "".join(shape(pair) for pair in value.items())
    if isinstance(value, list | tuple):
        return type(value).__name__ + f"({', '.join(map(shape, value))})"
    return f"{type(value).__name__} {value!r}"


@given(values)
def test_a_plain_value_arrives_as_it_was(value: object) -> None:
    assert shape(decode(encode(value))) == shape(value)


@given(st.binary(max_size=200))
def test_any_bytes_are_a_value_or_malformed(data: bytes) -> None:
    with suppress(MalformedError):
        decode(data)


@given(values, st.data())
def test_damaged_bytes_are_a_value_or_malformed(value: object, data: st.DataObject) -> None:
    sent = bytearray(encode(value))
    at = data.draw(st.integers(0, len(sent) - 1))
    sent[at] = data.draw(st.integers(0, 255))
    with suppress(MalformedError):
        decode(bytes(sent[: data.draw(st.integers(0, len(sent)))]))


class Colour(IntEnum):
    RED = 3


Point = namedtuple("Point", "x y")


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (Counter("aab"), {"a": 2, "b": 1}),
        (OrderedDict(a=1), {"a": 1}),
        (defaultdict(list, a=[1]), {"a": [1]}),
        (Point(1, 2), (1, 2)),
        (Colour.RED, 3),
        (range(1, 9, 2), range(1, 9, 2)),
        (bytearray(b"x"), bytearray(b"x")),
    ],
)
def test_a_subclass_arrives_as_the_plain_type_it_equals(value: object, plain: object) -> None:
    found = decode(encode(value))
    assert (found, type(found)) == (plain, type(plain))


def test_an_iterator_arrives_as_one_over_its_items() -> None:
    found: Any = decode(encode((n * n for n in range(4)), lenient=True))
    assert iter(found) is found
    assert list(found) == [0, 1, 4, 9]


def test_what_is_no_plain_value_equals_nothing() -> None:
    found = decode(encode(math, lenient=True))
    assert found != found
    assert [found] != [decode(encode(Opaque("module")))]
    assert repr(found) == "<module>"
    assert len({found}) == 1


def test_our_own_side_refuses_what_cannot_cross() -> None:
    with pytest.raises(TooMuchError, match="'module' cannot cross"):
        encode(math)


def test_a_ring_and_a_flood_are_bounded() -> None:
    ring: list[object] = []
    ring.append(ring)
    with pytest.raises(TooMuchError):
        encode(ring, lenient=True)
    with pytest.raises(TooMuchError):
        encode(["x" * (MAX_BYTES // 2)] * 3)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"i\0\0\0\x09",
        b"l\xff\xff\xff\xffN",
        b"NN",
        b"d\0\0\0\x01N",
        b"l\0\0\0\x01" * 300,
        b"e\0\0\0\x01l\0\0\0\0",
        b"r\0\0\0\x01N",
        b"s\0\0\0\x01\xff",
        b"c\0\0",
        b"?\0\0\0\x01",
    ],
)
def test_malformed_bytes_are_told(data: bytes) -> None:
    with pytest.raises(MalformedError):
        decode(data)
