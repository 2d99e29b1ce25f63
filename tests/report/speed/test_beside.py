"""What stands beside a load, in words, in a drawing and as data."""

import json
from dataclasses import replace

import jsonschema
import pytest

from tests.measure.load.things import block, timing
from tests.report.speed.things import LOADS, NAMES, blocks, figures
from visavis.core.candidate import Fact, Unknown
from visavis.measure.energy import BlockEnergy
from visavis.measure.memory_growth import ContextMemory
from visavis.measure.reference_tokens import Reference
from visavis.options import Language
from visavis.report.speed.beside import Beside, beside_of
from visavis.report.speed.export import SCHEMA, speed_results
from visavis.report.speed.figures import SpeedFigures
from visavis.report.speed.view import speed_view
from visavis.stats.estimate import Estimate

WORDS = Reference(name="words, by hand 1", count=lambda text: len(text.split()))
LACKING = Unknown(because="this machine has no NVIDIA device")


def memory(tokens: int) -> ContextMemory:
    return ContextMemory(
        tokens=tokens,
        filled_tokens=tokens - 70,
        peak_bytes=250_000_000 + 25_000 * tokens,
        own_bytes=130_000_000 + 25_000 * tokens,
        reckoned_bytes=245_000_000 + 23_040.0 * tokens,
    )


def energy(number: int, joules: float) -> BlockEnergy:
    return BlockEnergy(
        of="processor",
        how="RAPL (package-0), of the whole machine",
        load=LOADS[0],
        number=number,
        joules=joules,
        seconds=10.0,
        idle_w=5.0,
    )


def fact(value: float | Unknown) -> Fact:
    source = "NVML, of its processes"
    return Fact(name="device_peak_bytes", value=value, source=source, as_of="2026-11-22")


def beside(reference: Reference | Unknown = WORDS) -> Beside:
    return beside_of(
        blocks(),
        [(NAMES[0], memory(n)) for n in (1024, 2048, 4096)],
        [(NAMES[0], energy(n, 170.0 + n)) for n in range(4)],
        [(NAMES[0], fact(LACKING)), (NAMES[0], fact(3e9)), (NAMES[1], fact(LACKING))],
        reference,
    )


@pytest.fixture(scope="module")
def seen() -> SpeedFigures:
    return replace(figures(), beside=beside())


def items(seen: SpeedFigures, lang: Language = "en") -> dict[str, str]:
    return {item.label: item.value.replace("\u00a0", " ") for item in speed_view(seen, lang).items}


def test_memory_stands_beside_what_is_reckoned(seen: SpeedFigures) -> None:
    told = items(seen)[f"memory by context, {NAMES[0]}"]
    assert told.startswith("1,024 tokens: 276 MB (reckoned 269 MB); 2,048 tokens: ")
    assert "more for each further token (25.0 to 25.0 kB; reckoned 23.0 kB)" in told


def test_energy_is_that_above_the_machine_at_rest(seen: SpeedFigures) -> None:
    told = items(seen)[f"energy per output token, {NAMES[0]}"]
    assert told.startswith("1 at once: 0.4")  # some 121 J above rest by 300 tokens a block
    assert told.endswith("RAPL (package-0), of the whole machine, less 5.00 W at rest")


def test_the_last_word_on_a_fact_counts_and_each_candidate_has_its_own(seen: SpeedFigures) -> None:
    told = items(seen)
    assert told[f"peak device memory, {NAMES[0]}"] == "3.00 GB (NVML, of its processes)"
    assert told[f"peak device memory, {NAMES[1]}"] == f"unknown: {LACKING.because}"


def test_what_all_lack_is_said_once() -> None:
    lacking = beside_of(blocks(), [], [], [(name, fact(LACKING)) for name in NAMES], WORDS)
    told = items(replace(figures(), beside=lacking))
    assert told["peak device memory"] == f"unknown: {LACKING.because}"


def test_speeds_in_reference_tokens_are_of_one_unit(seen: SpeedFigures) -> None:
    load = speed_view(seen).loads[0]
    row = next(row for row in load.rows if row.label == "output speed, in reference tokens")
    own = seen.judgement.rows
    server = next(
        cell.estimate.value
        for one in own
        if (one.benchmark, one.measure) == (LOADS[0], "output_tokens_per_s")
        for cell in one.cells
        if cell.candidate == NAMES[0] and isinstance(cell.estimate, Estimate)
    )
    found = seen.beside.reference[LOADS[0], NAMES[0]]
    assert isinstance(found.output, Estimate)
    assert found.output.n == 6
    assert found.output.value == pytest.approx(server, rel=0.02)
    assert row.cells[0].notes[0].endswith("of all together")
    assert any("words, by hand 1" in text for text in speed_view(seen).reading)


def test_without_the_tokenizer_the_report_says_what_to_install() -> None:
    lacking = Unknown(because="needs the reference tokenizer; install visavis[tokens]")
    seen = replace(figures(), beside=beside(lacking))
    assert items(seen)["reference tokens"] == f"unknown: {lacking.because}"
    labels = {row.label for load in speed_view(seen).loads for row in load.rows}
    assert "output speed, in reference tokens" not in labels


def test_a_candidate_without_replies_has_no_speed_and_no_energy() -> None:
    uncounted = replace(timing(0.0, 0.1).outcome, usage=None)
    lone = block([timing(0.0, 0.1, outcome=uncounted)], candidate=NAMES[0], load=LOADS[0])
    found = beside_of([lone], [], [(NAMES[0], energy(0, 100.0))], [], WORDS)
    assert found.reference[LOADS[0], NAMES[0]].throughput is None
    told = items(replace(figures(), beside=found))
    assert told[f"energy per output token, {NAMES[0]}"] == "1 at once: too few (0 of 2)"


def test_it_is_data_too(seen: SpeedFigures) -> None:
    document = json.loads(speed_results(seen))
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    told = document["beside"]
    assert [one["context_tokens"] for one in told["memory_by_context"]] == [1024, 2048, 4096]
    (grown,) = told["memory_growth_bytes_per_token"]
    assert (grown["measured"]["value"], grown["reckoned"]) == (
        pytest.approx(25_000),
        pytest.approx(23_040),
    )
    assert told["device_peak_bytes"] == {NAMES[0]: 3e9}
    assert told["unknown"] == [
        {"candidate": NAMES[1], "name": "device_peak_bytes", "because": LACKING.because}
    ]
    assert told["reference_tokenizer"] == "words, by hand 1"
    assert told["energy"][0]["joules_per_output_token"]["n"] == 4
    lacking = json.loads(speed_results(replace(figures(), beside=beside(LACKING))))["beside"]
    assert lacking["reference_tokenizer"] is None
    assert lacking["unknown"][-1]["name"] == "reference_tokens"
