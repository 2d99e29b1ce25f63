"""Memory reckoned from a shape, beside memory as it was measured."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.candidates.tiny_gguf import write_tiny_model
from visavis.candidates import gguf
from visavis.candidates.fit import (
    Need,
    machines,
    need_of_file,
    need_of_size,
    parameters_in,
    quantisations,
    slot_within,
)
from visavis.core.errors import OptionError, UnknownNameError


def of_size(parameters: float, quantisation: str = "F16", **changed: int) -> Need:
    how = {"tokens": 8192, "streams": 1} | changed
    return need_of_size(
        parameters, quantisation, tokens=how["tokens"], streams=how["streams"], kv="f16"
    )


def test_the_articles_figures_are_a_175_billion_model_in_f16_and_an_8_billion_one_in_4_bits() -> (
    None
):
    assert of_size(175e9).least == pytest.approx(350e9, rel=0.02)
    assert of_size(8e9, "Q4_K_M").least == pytest.approx(6e9, rel=0.05)


def test_a_kv_cache_grows_with_context_and_with_streams_alike() -> None:
    one = of_size(8e9).kv_cache
    assert one == 2 * 32 * 8 * 128 * 2 * 8192  # Llama 3.1 8B, by hand
    assert of_size(8e9, tokens=16_384).kv_cache == 2 * one
    assert of_size(8e9, streams=4).kv_cache == 4 * one


def test_fewer_bits_never_need_more() -> None:
    sizes = [of_size(8e9, name).weights for name in ("F32", "F16", "Q8_0", "Q4_K_M", "Q2_K")]
    assert sizes == sorted(sizes, reverse=True)
    assert {"F16", "Q4_K_M"} <= set(quantisations())


@pytest.mark.parametrize(
    ("text", "size"),
    [("8B", 8e9), ("1.5b", 1.5e9), ("135M", 135e6), ("smollm2", None), ("B", None)],
)
def test_sizes_are_read_as_people_write_them(text: str, size: float | None) -> None:
    assert parameters_in(text) == size


@pytest.mark.parametrize("text", ["0B", "-1B", "nanB", "infB", "1e30T"])
def test_a_size_that_no_model_has_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match="no number of parameters"):
        parameters_in(text)


def test_an_unknown_quantisation_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="Q4_K_M"):
        of_size(8e9, "Q4_KM")
    with pytest.raises(UnknownNameError, match="q8_0"):
        need_of_size(8e9, "F16", tokens=1, streams=1, kv="q8")


def test_of_a_file_all_is_known(tmp_path: Path) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf")
    header = gguf.read(file)
    needed = need_of_file(header, tokens=64, streams=2, kv="f16")
    assert needed.weights == file.stat().st_size
    assert needed.assumed == ""
    shape = needed.shape
    assert needed.kv_cache == 2 * 2 * shape.layers * shape.kv_heads * shape.head * 2 * 64
    assert needed.total == needed.least + needed.second_copy


def test_a_slot_is_halved_until_it_fits_into_memory(tmp_path: Path) -> None:
    header = gguf.read(write_tiny_model(tmp_path / "tiny.gguf"))

    def takes(tokens: int) -> float:
        return need_of_file(header, tokens=tokens, streams=2, kv="f16").total

    for wanted, free, held in (
        (4096, takes(4096), 4096),
        (4096, takes(4096) - 1, 2048),
        (4096, takes(1024), 1024),
        (4096, 0.0, 512),
        (100, 0.0, 100),
    ):
        assert slot_within(header, free, wanted=wanted, streams=2) == held


def test_a_sliding_window_bounds_the_cache_of_most_layers() -> None:
    shape = of_size(8e9).shape
    sliding = replace(shape, window=512, full_every=8)
    assert sliding.kv_bytes(256, 2.0) == shape.kv_bytes(256, 2.0)
    assert sliding.kv_bytes(65_536, 2.0) < shape.kv_bytes(65_536, 2.0) / 7


def test_a_machine_holds_what_its_usable_part_holds() -> None:
    small = machines()[0]
    assert small.holds(small.bytes * small.usable)
    assert not small.holds(small.bytes * small.usable + 1)
