from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visavis.core.errors import OptionError, UnknownNameError
from visavis.verdict.policy import DEFAULT, MEASURES
from visavis.verdict.policy_file import policies, policy_of, read, source

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
        ("nam: x", 1, "no key is called 'nam'; try name"),
        ("- 1", 1, "a policy is written as"),
        ("", 1, "a policy is written as"),
        ("name: a\nname: b", 2, "found duplicate key"),
        ("name: [", 1, "expected the node content"),
        ("name: \x01", 1, "this is no YAML text"),
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


def test_a_weight_is_a_figure_or_a_range() -> None:
    policy = read("weights: {score: 2, score.logic: [0.5, 3]}", FILE)
    assert policy.weights == {"score": (2.0, 2.0), "score.logic": (0.5, 3.0)}
