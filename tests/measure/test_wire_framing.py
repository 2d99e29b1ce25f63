"""An answer's frame is found wherever its bytes are cut, and what is none is refused."""

import contextlib
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.measure.wire.framing import Framing, NotHttpError

HEAD = b"HTTP/1.1 200 OK\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


def read(whole: bytes, cuts: list[int] | None = None) -> tuple[Framing, bytes]:
    """The frame and the body of an answer that comes in pieces."""
    framing, body = Framing(), b""
    edges = sorted({0, len(whole), *(cut % (len(whole) + 1) for cut in cuts or [])})
    for start, end in pairwise(edges):
        body += b"".join(framing.feed(whole[start:end]))
    return framing, body


bodies = st.lists(st.binary(min_size=1, max_size=40), max_size=6)
places = st.lists(st.integers(0, 10_000), max_size=30)


@given(bodies, places, st.sampled_from([b"\r\n", b"\n"]), st.booleans())
def test_a_chunked_body_is_the_same_wherever_it_is_cut(
    parts: list[bytes], cuts: list[int], line_end: bytes, trailer: bool
) -> None:
    whole = CHUNKED.replace(b"\r\n", line_end)
    for n, part in enumerate(parts):
        extension = b" ; a=b" if n % 2 else b""
        whole += b"%X%s%s%s%s" % (len(part), extension, line_end, part, line_end)
    whole += b"0" + line_end + (b"X-Sum: 1" + line_end if trailer else b"") + line_end
    framing, body = read(whole, cuts)
    assert body == b"".join(parts)
    assert (framing.status, framing.complete, framing.keeps, framing.surplus) == (
        200, True, True, False,
    )  # fmt: skip


@given(st.binary(max_size=200), places)
def test_a_body_of_known_length_is_the_same_wherever_it_is_cut(
    content: bytes, cuts: list[int]
) -> None:
    whole = HEAD + b"content-length: %d\r\n\r\n" % len(content) + content
    framing, body = read(whole, cuts)
    assert body == content
    assert framing.complete
    assert framing.keeps


@given(st.binary(max_size=200), places)
def test_a_body_without_a_length_ends_with_the_connection(content: bytes, cuts: list[int]) -> None:
    framing, body = read(HEAD + b"\r\n" + content, cuts)
    assert body == content
    assert not framing.complete
    framing.close()
    assert framing.complete
    assert not framing.keeps


@settings(max_examples=300)
@given(st.binary(max_size=300), places, st.sampled_from([b"", HEAD, CHUNKED, CHUNKED + b"5\r\n"]))
def test_garbage_is_refused_or_read_and_raises_nothing_else(
    garbage: bytes, cuts: list[int], ahead: bytes
) -> None:
    with contextlib.suppress(NotHttpError):
        framing, _ = read(ahead + garbage, cuts)
        framing.close()


def test_interim_answers_are_passed_over() -> None:
    early = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    framing, body = read(early + HEAD + b"Content-Length: 2\r\n\r\nhi", [7, 30, 60])
    assert (framing.status, body) == (200, b"hi")
    assert "link" not in framing.headers


def test_fields_are_found_whatever_their_case_and_joined_when_repeated() -> None:
    framing, _ = read(HEAD + b"Retry-After: 3\r\nX-A: 1\r\nx-a: 2\r\nContent-Length: 0\r\n\r\n")
    assert framing.headers.get("retry-AFTER") == "3"
    assert framing.headers["X-A"] == "1, 2"
    assert len(framing.headers) == 3
    assert framing.complete


@pytest.mark.parametrize(
    ("head", "keeps"),
    [
        (b"HTTP/1.1 200 OK\r\n", True),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\n", False),
        (b"HTTP/1.0 200 OK\r\n", False),
        (b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n", True),
    ],
)
def test_a_connection_is_kept_when_the_server_keeps_it(head: bytes, keeps: bool) -> None:
    framing, _ = read(head + b"Content-Length: 0\r\n\r\n")
    assert framing.complete
    assert framing.keeps is keeps


def test_more_than_the_answer_is_surplus() -> None:
    framing, body = read(CHUNKED + b"2\r\nhi\r\n0\r\n\r\nmore")
    assert body == b"hi"
    assert framing.surplus
    framing.feed(b"and more")
    assert framing.surplus
    length, _ = read(HEAD + b"Content-Length: 1\r\n\r\nhi")
    assert length.surplus


def test_an_answer_without_a_body_is_complete_with_its_head() -> None:
    assert read(b"HTTP/1.1 204 No Content\r\n\r\n")[0].complete


@pytest.mark.parametrize(
    "whole",
    [
        b"SPDY/9 hello\r\n\r\n",
        b"SPDY",
        b"HTTP/1.1 twenty\r\n\r\n",
        HEAD + b"no colon\r\n\r\n",
        HEAD + b"bad name : 1\r\n\r\n",
        HEAD + b" folded\r\n\r\n",
        HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n",
        HEAD + b"Content-Encoding: gzip\r\n\r\n",
        HEAD + b"Content-Length: 1, 2\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1_0\r\n\r\n",
        CHUNKED + b"zz\r\n",
        CHUNKED + b"\r\n",
        CHUNKED + b"+1\r\na\r\n",
        CHUNKED + b"1\r\nab\r\n",
        CHUNKED + b"1" * 5000,
        HEAD + b"X: " + b"x" * 70_000,
    ],
)
def test_what_breaks_the_rules_is_refused(whole: bytes) -> None:
    with pytest.raises(NotHttpError):
        read(whole, [5, 20, 40])
