"""Events come out the same, however the network cuts the bytes."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visavis.candidates.heard import Heard
from visavis.candidates.sse import LINE_BYTES, Events, TooLongError


def _payloads(pieces: list[bytes]) -> list[bytes]:
    reader = Events()
    return [payload for piece in pieces for payload in reader.feed(piece)] + reader.close()


def _cut(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [data[a:b] for a, b in pairwise(places)]


_LINES = st.lists(
    st.one_of(
        st.binary(max_size=12),
        st.sampled_from([b"", b"", b": ping", b"event: x", b"data", b"data:", b"data: [DONE]"]),
        st.text(max_size=8).map(lambda text: b"data: " + text.encode("utf-8", "replace")),
    ),
    max_size=12,
)
_STREAMS = st.tuples(_LINES, st.sampled_from([b"\n", b"\r\n"])).map(
    lambda made: made[1].join(made[0])
)


@given(data=_STREAMS, at=st.lists(st.integers(0, 400)))
def test_any_cut_of_any_stream_gives_the_same_payloads(data: bytes, at: list[int]) -> None:
    assert _payloads(_cut(data, at)) == _payloads([data])


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=6), max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    at=st.lists(st.integers(0, 2000)),
)
def test_any_cut_gives_the_text_that_was_sent(texts: list[str], end: str, at: list[int]) -> None:
    chunks = ({"choices": [{"delta": {"content": text}}]} for text in texts)
    events = (json.dumps(chunk, ensure_ascii=False) for chunk in chunks)
    sent = "".join(f": ping{end}data: {event}{end}{end}" for event in events)
    heard = Heard()
    for payload in _payloads(_cut(f"{sent}data: [DONE]{end}{end}".encode(), at)):
        heard.take(payload, 1.0)
    assert heard.ended
    assert not heard.malformed
    assert heard.characters == len("".join(texts))


def test_only_data_counts_and_several_lines_of_it_are_one_payload() -> None:
    told = b": hello\nevent: x\ndata: a\ndata:b\nid: 3\n\ndata\n\n\ndata: c\r\n\r\ndata:  d"
    assert _payloads([told]) == [b"a\nb", b"c", b" d"]


def test_a_line_without_end_is_given_up() -> None:
    reader = Events()
    for _ in range(LINE_BYTES // 1024):
        reader.feed(b"x" * 1024)
    with pytest.raises(TooLongError):
        reader.feed(b"x")
