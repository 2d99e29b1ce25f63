"""Cases of other programs: promptfoo's configurations, samples of OpenAI's evals, tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks.own.things import Write
from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.located import json_lines_of, yaml_of
from visavis.benchmarks.own import promptfoo, samples
from visavis.benchmarks.own.foreign import Brought
from visavis.benchmarks.own.loading import read_own
from visavis.benchmarks.own.promptfoo_checks import Untold, check_of, expected
from visavis.benchmarks.own.trying import tried
from visavis.benchmarks.own.writing import yaml_text
from visavis.options.cases import EvalsGrader

CONFIG = """\
description: My eval
prompts:
  - 'Translate to {{language}}: {{input}}'
  - file://more.txt
  - file://../out.txt
  - {raw: '[{"role": "system", "content": "S"}, {"role": "user", "content": "{{input}}"}]'}
  - 3
providers: [openai:gpt-4o-mini]
scenarios: []
defaultTest:
  vars: {input: Hello}
  assert:
    - {type: latency, threshold: 5000}
tests:
  - description: Greeting!
    vars: {language: [French, German]}
    assert:
      - {type: icontains-any, value: [bonjour, hallo]}
      - {type: javascript, value: 'output.length < 100'}
    options: {}
  - vars: {language: Spanish}
    threshold: 0.5
    assert:
      - {type: contains, value: Hola, weight: 2}
      - {type: contains, value: '{{input}}'}
  - file://rows.csv
  - 7
"""


def config(folder: Path, text: str = CONFIG) -> Brought:
    path = folder / "promptfooconfig.yaml"
    return promptfoo.brought(yaml_of(str(path), text), path)


def test_a_configuration_becomes_cases_and_what_is_lost_is_told(write: Write) -> None:
    write("One {{input}}\n---\nTwo {{input}}\n", "more.txt")
    write("language,__expected,__description\nItalian,contains-all: ciao, row\n", "rows.csv")
    made = config(write.folder)
    assert [(lost.line, lost.said) for lost in sorted(set(made.lost))] == [
        (5, "'file://../out.txt' cannot be read from here"),
        (7, "a prompt must be a text"),
        (9, "'scenarios' has no meaning here"),
        (19, "the assertion 'javascript' has no meaning here"),
        (20, "'options' of a test has no meaning here"),
        (27, "a test must be a mapping, or a CSV file"),
    ]
    assert len(made.cases) == 12
    path = write(yaml_text(made.shared, made.cases, "From a test."), "ours.yaml")
    own = read_own(path)
    assert own.wrong == []
    first = own.cases[0].case
    assert (first.id, first.group) == ("greeting-prompt-1/French", "greeting")
    assert first.question == "Translate to French: Hello"
    last = next(one.case for one in own.cases if one.case.id == "spanish-prompt-4")
    assert (last.fields["system"], last.question) == ("S", "Hello")
    assert json.loads(last.target)["threshold"] == 0.5


def test_a_configuration_with_nothing_to_check_makes_no_case(write: Write) -> None:
    made = config(write.folder, "prompts: [a b]\ntests:\n- vars: {x: 1}\n")
    assert made.cases == []
    assert [lost.line for lost in made.lost] == [3]
    assert config(write.folder, "prompts: [a b]\n").cases == []


@pytest.mark.parametrize(
    ("told", "ours"),
    [
        ({"type": "equals", "value": "a"}, {"equals": "a"}),
        ({"type": "equals", "value": {"a": 1}}, {"json_schema": {"const": {"a": 1}}}),
        ({"type": "contains", "value": 42}, {"contains": "42"}),
        ({"type": "not-icontains", "value": "a"}, {"lacks": "a"}),
        ({"type": "contains-all", "value": ["a", "b"]}, {"contains": ["a", "b"]}),
        ({"type": "starts-with", "value": "a."}, {"matches": r"\A\s*(?:a\.)"}),
        ({"type": "regex", "value": "a+"}, {"matches": "a+"}),
        ({"type": "is-json"}, {"json_schema": {}}),
        ({"type": "llm-rubric", "value": "kind", "weight": 2}, {"judge": "kind", "weight": 2}),
        ({"type": "cost", "threshold": 0.01}, {"price": 0.01}),
        ({"type": "word-count", "value": {"min": 2}}, {"length": {"words": {"at_least": 2}}}),
        ({"type": "word-count", "value": 5}, {"length": {"words": 5}}),
    ],
)
def test_an_assertion_becomes_a_check(told: dict[str, Any], ours: dict[str, Any]) -> None:
    assert check_of(told) == ours


@pytest.mark.parametrize(
    ("told", "reply", "held"),
    [
        ({"type": "not-equals", "value": "a.b"}, "a.b", False),
        ({"type": "not-equals", "value": "a.b"}, "axb", True),
        ({"type": "not-regex", "value": "fo+"}, "x\nfoo", False),
        ({"type": "not-regex", "value": "fo+"}, "bar", True),
        ({"type": "python", "value": "len(output) > 2"}, "abc", True),
        ({"type": "python", "value": "import re\nreturn re.search('d', output)"}, "abc", False),
    ],
)
def test_what_becomes_a_pattern_or_code_means_the_same(
    told: dict[str, Any], reply: str, held: bool, write: Write
) -> None:
    case = {"id": "a", "prompt": "P", **check_of(told), "good" if held else "bad": reply}
    findings = tried(read_own(write(yaml_text({}, [case], "x"))), PlainFence()).findings
    assert not any("good reply" in one.said or "bad reply" in one.said for one in findings)


@pytest.mark.parametrize(
    "told",
    [
        "contains",
        {"value": "a"},
        {"type": "javascript", "value": "1"},
        {"type": "contains", "value": ""},
        {"type": "contains", "value": "file://a.txt"},
        {"type": "contains-any", "value": "a"},
        {"type": "contains-any", "value": ["{{a}}"]},
        {"type": "is-json", "value": "file://schema.json"},
        {"type": "python", "value": "context['vars']"},
        {"type": "latency"},
        {"type": "contains", "value": "a", "weight": 0},
    ],
)
def test_an_assertion_without_a_meaning_here_is_told(told: Any) -> None:
    with pytest.raises(Untold):
        check_of(told)


def test_a_cell_asserts_by_its_first_word() -> None:
    assert expected("contains: x") == {"type": "contains", "value": "x"}
    assert expected("contains-all: x, y") == {"type": "contains-all", "value": ["x", "y"]}
    assert expected("just: text") == {"type": "equals", "value": "just: text"}


SAMPLES = [
    {"input": [{"role": "system", "content": "S"}, {"role": "user", "content": "1+1?"}],
     "ideal": "2"},
    {"input": [{"role": "system", "content": "S"},
               {"role": "system", "name": "example_user", "content": "2+2?"},
               {"role": "system", "name": "example_assistant", "content": "4"},
               {"role": "system", "content": "Now:"},
               {"role": "user", "content": "3+3?"}], "ideal": ["6", "six"]},
    {"input": [{"role": "system", "content": "Only this."}], "ideal": "3"},
    {"input": "4+4?", "ideal": "8"},
]  # fmt: skip
BROKEN: list[Any] = [
    3,
    {"input": 3, "ideal": "x"},
    {"input": [{"role": "tool", "content": "x"}], "ideal": "x"},
    {"input": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}],
     "ideal": "x"},
    {"input": "a", "ideal": []},
]  # fmt: skip


def lines(rows: list[Any]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.mark.parametrize("grader", ["match", "includes", "fuzzy-match", "json-match"])
def test_samples_become_cases_whose_ideal_replies_pass(grader: EvalsGrader, write: Write) -> None:
    rows = SAMPLES if grader != "json-match" else [SAMPLES[0], SAMPLES[3]]
    made = samples.brought(json_lines_of("s.jsonl", lines(rows)), grader)
    assert not made.lost
    own = read_own(write(yaml_text({}, made.cases, "x")))
    assert own.wrong == []
    assert len(own.cases) == len(rows)
    assert tried(own, PlainFence()).findings == ()
    if grader == "match":
        asked = own.cases[1].case
        assert asked.question == "Now:\n\n3+3?"
        assert json.loads(asked.fields["turns"]) == [["user", "2+2?", 0], ["assistant", "4", 0]]
        assert own.cases[2].case.question == "Only this."


def test_samples_that_are_none_are_told_with_their_line() -> None:
    made = samples.brought(json_lines_of("s.jsonl", lines(BROKEN) + "{"), "match")
    assert not made.cases
    assert [lost.line for lost in sorted(made.lost)] == [1, 2, 3, 4, 5, 6]
    words = samples.brought(json_lines_of("s.jsonl", lines(SAMPLES[1:2])), "json-match")
    assert [lost.said for lost in words.lost] == ["'ideal' is no JSON, which JsonMatch needs"]


def test_texts_of_several_lines_are_written_as_they_are(write: Write) -> None:
    texts = ["a\nb", "a\n", " a\nb", "a \nb", "a\tb\nc", "é\u2028\n", "x: y # z\n- b", "\n"]
    cases = [
        {"id": str(n), "prompt": f"P{text}", "equals": text + "."} for n, text in enumerate(texts)
    ]
    own = read_own(write(yaml_text({"max_tokens": 9}, cases, "x")))
    assert own.wrong == []
    assert [one.case.question for one in own.cases] == [f"P{text}" for text in texts]
