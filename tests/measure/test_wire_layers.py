"""What has a time of its own is found in plain bytes and in TLS records, wherever they are cut."""

import ssl
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from visavis.measure.wire.layers import Plain, Tls

CERTIFICATE = Path(__file__).with_name("loopback.pem")


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    return context


def client_context() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=CERTIFICATE)


def shaken() -> tuple[Tls, Tls]:
    """Two ends that know each other."""
    client, server = Tls(client_context(), "localhost"), Tls(server_context(), None)
    to_server, _ = client.shake(b"")
    to_client, _ = server.shake(to_server)
    to_server, done = client.shake(to_client)
    assert done
    to_client, done = server.shake(to_server)
    assert done
    client.open(to_client)
    return client, server


def units(layer: Plain | Tls, came: bytes) -> list[bytes]:
    found = []
    while came:
        size = layer.first_unit(came)
        assert 0 < size <= len(came)
        found.append(came[:size])
        came = came[size:]
    return found


def test_events_are_units_and_a_chunks_line_end_belongs_to_the_last() -> None:
    head, first, last = b"HTTP/1.1 200 OK\r\n\r\n", b"5\r\ndata: a\n\n", b"\r\n5\r\ndata: b\n\n\r\n"
    assert units(Plain(), head + first + last) == [head, first, last]
    assert units(Plain(), b"data: a\r\n\r\ndata: b\r\n\r\n") == [
        b"data: a\r\n\r\n", b"data: b\r\n\r\n",
    ]  # fmt: skip
    assert units(Plain(), b"data: half an ev") == [b"data: half an ev"]


@given(st.binary())
def test_units_of_any_bytes_are_those_bytes(came: bytes) -> None:
    assert b"".join(units(Plain(), came)) == came


@given(st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=5), st.data())
def test_records_are_units_and_open_to_what_was_sealed(
    said: list[bytes], data: st.DataObject
) -> None:
    client, server = shaken()
    records = [server.seal(part) for part in said]
    came = b"".join(records)
    cuts = data.draw(st.lists(st.integers(1, len(came)), max_size=8))
    heard, ends, at = [], [], 0
    edges = sorted({0, len(came), *cuts})
    for start, end in pairwise(edges):
        for unit in units(client, came[start:end]):
            at += len(unit)
            ends.append(at)
            heard.append(client.open(unit))
    assert b"".join(heard) == b"".join(said)
    ended = 0
    for record in records:
        ended += len(record)
        assert ended in ends
