"""The instrument's error is what it said less what the server truly did."""

import asyncio
import json
import ssl
import urllib.error
import urllib.request
from typing import Any

import pytest

from tests.measure.test_wire_layers import CERTIFICATE, client_context
from visavis.core.errors import VisavisError
from visavis.core.outcome import Failure, Reply
from visavis.measure.calibrate import (
    Calibration,
    Delays,
    ErrorAt,
    Load,
    Spread,
    Told,
    calibrate,
    compare,
    take_log,
    tell,
    truth_server,
)
from visavis.measure.timings import Chunk, Timing
from visavis.measure.truth_server import Truth

QUICK = Delays(first_s=0.02, gap_s=0.005, tokens=5)
NONE = Spread(p50=0.0, p99=0.0, largest=0.0)


def error(streams: int, p99: float, *, failed: int = 0) -> ErrorAt:
    return ErrorAt(
        streams=streams,
        requests=10,
        failed=failed,
        first_token=Spread(p50=0.0, p99=p99, largest=p99),
        inter_token=NONE,
        chunk_gap=NONE,
        doubtful=0,
        late=NONE,
        longest_blind_s=0.0,
        cpu_s_per_token=0.0,
    )


def calibration(*at: ErrorAt) -> Calibration:
    return Calibration(clock="kernel", delays=QUICK, processes=1, at=at)


def said(prompt: str, *at: float) -> tuple[str, Timing]:
    chunks = tuple(Chunk(a, 5) for a in at)
    return prompt, Timing(outcome=Reply(text=""), due=0.9, sent=1.0, chunks=chunks, end=9.0)


def truth(prompt: str, *at: float) -> Truth:
    return Truth(number=0, prompt=prompt, arrived=1.25, before=list(at), after=list(at))


def test_errors_are_of_latencies_and_joined_by_request() -> None:
    told = Told(dict([said("a", 2.0, 3.0, 4.5), said("b", 2.0, 3.0, 4.0)]), "kernel", 0.5, 0.6)
    truths = [truth("b", 2.25, 3.25, 4.25), truth("a", 2.0, 3.0, 4.0), truth("warm-up", 1.0)]
    found = compare(2, [told], truths)
    assert (found.requests, found.failed) == (2, 0)
    assert (found.first_token.p50, found.first_token.p99) == (0.0, 0.25)
    assert (found.inter_token.p50, found.inter_token.largest) == (0.0, 0.25)
    assert found.chunk_gap.largest == 0.5
    assert found.late.p50 == pytest.approx(0.1)
    assert found.cpu_s_per_token == pytest.approx(0.1)
    assert found.longest_blind_s == 0.5


def test_requests_that_were_lost_are_counted() -> None:
    gone = Timing(outcome=Failure(kind="unreachable", detail="gone"), due=0.0, end=1.0)
    told = Told(dict([said("a", 2.0, 3.0), said("cut", 2.0), ("gone", gone)]), "user", 0.0, 0.0)
    found = compare(3, [told], [truth("a", 2.0, 3.0), truth("cut", 2.0, 3.0)])
    assert (found.requests, found.failed) == (1, 2)


def test_an_instrument_that_gets_no_answer_says_so() -> None:
    with pytest.raises(VisavisError, match="7 streams"):
        compare(7, [Told({}, "user", 0.0, 0.0)], [])


def test_it_vouches_up_to_the_last_load_with_a_good_error() -> None:
    found = calibration(error(1, 0.0001), error(16, 0.0009), error(64, 0.004), error(256, 0.0001))
    assert found.vouched() == 16
    assert found.vouched(first_token_s=0.1) == 256
    assert calibration(error(1, 0.1)).vouched() == 0
    assert calibration(error(1, 0.0), error(2, 0.0, failed=1)).vouched() == 1


def test_the_error_of_a_load_is_that_of_the_next_larger_one_measured() -> None:
    found = calibration(error(1, 0.1), error(16, 0.2))
    assert found.error_at(1) is found.at[0]
    assert found.error_at(2) is found.at[1]
    assert found.error_at(17) is None


@pytest.mark.parametrize("processes", [1, 2])
async def test_every_stream_of_every_process_is_measured(processes: int) -> None:
    notes: list[str] = []
    found = await calibrate(
        [3, 1], delays=QUICK, least_requests=4, processes=processes, note=notes.append
    )
    assert [(at.streams, at.requests, at.failed) for at in found.at] == [(1, 4, 0), (3, 6, 0)]
    assert found.processes == processes
    assert len(notes) == 2
    for at in found.at:
        assert 0.0 <= at.first_token.p50 <= at.first_token.p99 <= at.first_token.largest
        assert at.cpu_s_per_token > 0.0


@pytest.mark.parametrize("certificate", [None, CERTIFICATE])
async def test_the_server_keeps_its_delays_and_logs_what_it_did(certificate: Any) -> None:
    trust = None if certificate is None else client_context()
    with truth_server(certificate) as (url, _):
        told = await tell(Load(url, QUICK, range(2), 2), trust)
        log = {t.prompt: t for t in await asyncio.to_thread(take_log, url, trust)}
        assert not await asyncio.to_thread(take_log, url, trust)
    assert len(log) == 5  # with the warm-up
    for name, timing in told.timings.items():
        true = log[name]
        assert len(true.before) == len(true.after) == QUICK.tokens == len(timing.chunks)
        assert true.before[0] - true.arrived >= QUICK.first_s
        assert true.before[-1] - true.arrived >= QUICK.first_s + 4 * QUICK.gap_s
        assert all(a <= b for a, b in zip(true.before, true.after, strict=True))
        assert all(at >= before for at, before in zip(
            (c.at for c in timing.chunks), true.before, strict=True))  # fmt: skip
        assert isinstance(timing.outcome, Reply)
        assert timing.outcome.text.startswith(f"#{true.number} word")
        assert timing.tokens == QUICK.tokens


def ask_plainly(url: str, body: dict[str, Any], context: ssl.SSLContext | None = None) -> Any:
    said = urllib.request.urlopen(
        f"{url}/chat/completions", json.dumps(body).encode(), context=context
    )
    with said:
        return json.loads(said.read())


def test_the_server_answers_whole_and_refuses_what_has_no_delays() -> None:
    messages = [{"role": "user", "content": "hello"}]
    with truth_server() as (url, _):
        whole = ask_plainly(url, {"model": "truth-1-1", "messages": messages, "max_tokens": 3})
        assert whole["choices"][0]["message"]["content"] == "#0 word word "
        with urllib.request.urlopen(f"{url}/models") as models:
            assert b"truth-200-10" in models.read()
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            ask_plainly(url, {"model": "gpt", "messages": messages})
        refused.value.close()
