"""A judge that is no stranger to a candidate is told of."""

from dataclasses import replace
from pathlib import Path

import pytest

from visavis.candidates.grammar import parse
from visavis.candidates.kinship import kinship, told_of_kin
from visavis.core.candidate import Candidate


def named(text: str) -> Candidate:
    return parse(text, home=Path("home"), environ={"VLLM_BASE_URL": "http://127.0.0.1:8000/v1"})


@pytest.mark.parametrize(
    ("judge", "candidate", "how"),
    [
        ("gpt-4o", "gpt-4o", "itself"),
        ("openai:gpt-4o-2024-08-06", "openrouter:openai/gpt-4o-2024-08-06", "the same model"),
        ("gpt-4o", "gpt-4o-mini", "the same family"),
        ("qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b", "the same family"),
        ("ollama:qwen3:8b", "openrouter:qwen/qwen3-32b", "the same family"),
        ("ollama:llama3.1:8b", "ollama:mistral:7b", None),
        ("gpt-4o", "smollm2-135m", None),
        ("scripted:Yes", "scripted:Yes", "itself"),
        ("scripted:Yes", "scripted:No", None),
        ("http://127.0.0.1:9/v1#7b", "http://127.0.0.1:9/v1#8x7b", None),
    ],
)
def test_kinship_goes_by_what_the_catalog_and_the_names_say(
    judge: str, candidate: str, how: str | None
) -> None:
    assert kinship(named(judge), named(candidate)) == how


def test_the_same_file_by_another_name_has_the_same_weights() -> None:
    one = Candidate(name="a", kind="local", route="gguf", model="a.gguf", snapshot="sha256:1")
    assert kinship(replace(one, model="b.gguf"), one) == "the same weights"


def test_each_tie_is_one_line() -> None:
    judges = [named("gpt-4o"), named("ollama:llama3.1:8b")]
    candidates = [named("gpt-4o-mini"), named("gpt-4o")]
    told = list(told_of_kin(judges, candidates))
    assert told == [
        "'gpt-4o' is to judge 'gpt-4o-mini', which is of the same family: such judges may favour "
        "their own",
        "'gpt-4o' is to judge itself: such judges may favour their own",
    ]
