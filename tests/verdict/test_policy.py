import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from visavis.core.errors import OptionError, UnknownNameError
from visavis.verdict.hardware import Hardware
from visavis.verdict.policy import DEFAULT, MEASURES
from visavis.verdict.policy_file import money, policies, policy_of, read, source
from visavis.verdict.policy_schema import SCHEMA_FILE, published
from visavis.verdict.workload import Workload

FILE = Path("mine.yaml")


def test_the_default_says_of_every_measure_what_matters() -> None:
    assert policy_of("default") is DEFAULT
    assert DEFAULT.matters.keys() == MEASURES.keys()
    assert DEFAULT.bar("score").matters == 0.05
    assert DEFAULT.bar("first_token_s").measure.higher_is_better is False


def test_an_unknown_policy_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no policy is called 'defualt'; try default"):
        policy_of("defualt")


def test_a_file_overrides_what_it_names_and_keeps_the_rest(tmp_path: Path) -> None:
    file = tmp_path / "thrifty.yaml"
    file.write_text("matters:\n  score: 0.08\n  usd_per_solved_case: 2\n", encoding="utf-8")
    policy = policy_of(str(file))
    assert policy.name == "thrifty"
    assert policy.matters == {**DEFAULT.matters, "score": 0.08, "usd_per_solved_case": 2.0}


def test_a_file_may_give_its_name() -> None:
    assert read("name: strict\nmatters: {score: 0.01}", FILE).name == "strict"


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("matters:\n  score: 0.1\n  scor: 0.1", 3, "no measure is called 'scor'; try score"),
        ("matters:\n\n  score: 0", 3, "0 is no gap in 'score' that could matter"),
        ("matters: {score: 5}", 1, "5 is no gap"),
        ("matters: {score: .nan}", 1, "nan is no gap"),
        ("matters: {output_tokens: .inf}", 1, "inf is no gap"),
        ("matters: {score: true}", 1, "True is no gap"),
        ("matters: {score: 5 %}", 1, "'5 %' is no gap"),
        ("matters: {1: 2}", 1, "no measure is called '1'"),
        ("name: x\nmatters: 0.1", 2, "`matters` is written as `name: value`"),
        ("name: 3\nmatters: {}", 1, "the name is no text"),
        ("name: x", 1, "it asks for nothing"),
        ("must: score >= 1", 1, "`must` is a list"),
        (
            "must:\n  - score >= 1\n  - scor >= 1",
            3,
            "no measure of what must hold is called 'scor'",
        ),
        ("weights: 3", 1, "`weights` is written as"),
        ("weights:\n  scor: 1", 2, "no measure that decides is called 'scor'"),
        ("weights: {output_tokens: 1}", 1, "no measure that decides is called 'output_tokens'"),
        ("weights: {score: -1}", 1, "-1 is no weight of 'score'"),
        ("weights: {score: [2, 1]}", 1, "[2, 1] is no weight"),
        ("weights: {score: [1]}", 1, "[1] is no weight"),
        ("weights: {score: true}", 1, "True is no weight"),
        ("about: 3\nmatters: {}", 1, "the about is no text"),
        ("workload:\n  requests: 3", 2, "no figure is called 'requests'"),
        ("workload:\n  cached_share: 20", 2, "cached_share 20 is no share; give 0 to 1"),
        ("workload: {requests_per_day: .nan}", 1, "requests_per_day nan is no number of requests"),
        ("name: x\nhardware: {watts: 300}", 2, "`hardware` has no price; write `usd: 2500`"),
        ("hardware: {usd: 2500, hours_per_day: 25}", 1, "hours_per_day 25 is no number of hours"),
        ("nam: x", 1, "no key is called 'nam'; try name"),
        ("- 1", 1, "a policy is written as"),
        ("", 1, "a policy is written as"),
        ("name: a\nname: b", 2, "found duplicate key"),
        ("name: [", 1, "expected the node content"),
        ("name: \x01", 1, "this is no YAML text"),
        ("must: " + "[" * 500, 1, "lists within lists"),
    ],
)
def test_what_is_wrong_is_said_with_file_and_line(text: str, line: int, why: str) -> None:
    with pytest.raises(OptionError) as caught:
        read(text, FILE)
    assert str(caught.value).startswith(f"policy file 'mine.yaml', line {line}: {why}")


def test_a_file_that_is_not_there_or_not_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"no policy can be read from 'none\.yml'"):
        policy_of("none.yml")
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"name: caf\xe9")
    with pytest.raises(OptionError, match="is no UTF-8 text"):
        policy_of(str(file))


@settings(deadline=None)
@given(st.text(alphabet="matters:score 01.-[]{}!&*\"'\n|>#?%@", max_size=60))
def test_any_text_is_a_policy_or_an_error_of_one_line(text: str) -> None:
    said = ""
    try:
        read(f"matters: {text}", FILE)
    except OptionError as error:
        said = str(error)
    assert "\n" not in said


def test_the_articles_uses_have_a_policy_each() -> None:
    names = list(policies())
    assert names[0] == "default"
    assert len(names) == 9
    assert all(policies().get(name).about for name in names)
    assert all(policies().get(name).weights for name in names[1:])


@pytest.mark.parametrize("name", list(policies()))
def test_a_policy_printed_is_the_file_that_it_is_read_from(name: str) -> None:
    assert read(source(name), FILE) == policies().get(name)


def test_what_is_asked_and_on_what_hardware_is_written_as_it_is_read() -> None:
    text = "workload:\n  requests_per_day: 5000.0\n  batch_share: 0.25\nhardware:\n  usd: 2500.0\n"
    policy = read(text, FILE)
    again = read(money(policy), FILE)
    assert (again.workload, again.hardware) == (policy.workload, policy.hardware)
    assert money(policy_of("default")) == ""


def test_a_weight_is_a_figure_or_a_range() -> None:
    policy = read("weights: {score: 2, score.logic: [0.5, 3]}", FILE)
    assert policy.weights == {"score": (2.0, 2.0), "score.logic": (0.5, 3.0)}


def test_a_file_may_state_a_workload_and_hardware_and_leave_the_rest_as_usual() -> None:
    policy = read("workload: {requests_per_day: 50}\nhardware: {usd: 2500, watts: 300}", FILE)
    assert policy.workload == Workload(requests_per_day=50)
    assert policy.hardware == Hardware(usd=2500, watts=300)
    assert (DEFAULT.workload, DEFAULT.hardware) == (None, None)


SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))


def faults(text: str) -> list[str]:
    """What an editor finds wrong with a policy file."""
    written = YAML(typ="safe", pure=True).load(text)
    return [fault.message for fault in Draft202012Validator(SCHEMA).iter_errors(written)]


def test_the_published_schema_is_made_from_what_is_read() -> None:
    # When it is stale: `SCHEMA_FILE.write_text(published(), encoding="utf-8")`.
    assert SCHEMA_FILE.read_text(encoding="utf-8") == published()
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", list(policies()))
def test_every_policy_that_comes_with_the_program_is_valid_for_an_editor(name: str) -> None:
    assert faults(source(name)) == []


def test_a_policy_with_all_its_parts_is_valid_for_us_and_for_an_editor() -> None:
    text = """
name: thrifty
must: [score.mmlu@5-shot >= 0.7, first_token_s.speed.p99.9 <= 2, usd_per_month <= 5e2, runs_locally]
matters: {score: 0.08, usd_per_solved_case: 2}
weights: {score: [1, 2], usd_per_solved_case.gsm8k: 3}
workload: {requests_per_day: 5000, output_tokens: 300}
hardware: {usd: 2500, watts: 300}
"""
    assert faults(text) == []
    assert len(read(text, FILE).must) == 4


@pytest.mark.parametrize(
    "text",
    [
        "matters: {scor: 0.1}",
        "matters: {score: 0}",
        "matters: {score: 5}",
        "matters: {score: true}",
        "matters: {score: 5 %}",
        "matters: 0.1",
        "name: 3\nmatters: {}",
        "name: x",
        "must: score >= 1",
        "must: [scor >= 1]",
        "must: [score = 1]",
        "must: [score.p95 >= 0.1]",
        "must: [first_token_s.p0 <= 1]",
        "must: [first_token_s.p100 <= 1]",
        "must: [peak_bytes.logic <= 1]",
        "must: [runs_locally >= 1]",
        "weights: 3",
        "weights: {scor: 1}",
        "weights: {output_tokens: 1}",
        "weights: {score: -1}",
        "weights: {score: [1]}",
        "weights: {score: [1, 2, 3]}",
        "weights: {score: 2000}",
        "weights: {score: true}",
        "nam: x",
        "- 1",
        "workload: {requests: 3}",
        "workload: {cached_share: 2}",
        "hardware: {watts: 300}",
    ],
)
def test_what_we_refuse_an_editor_marks(text: str) -> None:
    assert faults(text)
    with pytest.raises(OptionError):
        read(text, FILE)
