"""Questions and files in other orders: the key moves along, and nothing but the order changes."""

import json
import re
from collections.abc import Sequence
from itertools import permutations
from math import factorial
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.benchmarks.upstream import options as load_options
from tests.shared_data import shared_data
from visavis.benchmarks import gsm8k, mmlu
from visavis.benchmarks.base import BENCHMARKS
from visavis.core.case import Case
from visavis.core.fence import NoFence
from visavis.core.outcome import Score
from visavis.measure.contamination import (
    OTHERS,
    ask_likeliest,
    example_orders,
    fit,
    option_orders,
    options_of,
    published_id,
    turn_of,
    turned,
)

ORIGINAL = BENCHMARKS.get("mmlu@orig-loglik")
OPENAI = BENCHMARKS.get("mmlu@openai-0cot")
GSM8K = BENCHMARKS.get("gsm8k@0cot")
BONES = ("the femur", "a rib", "one tiny stapes", "some skull")


def question(
    options: Sequence[str] = BONES, key: str = "B", name: str = "bone", *, listed: bool = False
) -> Case:
    """As MMLU has it, or `listed` as MMMU."""
    plain = dict(zip("ABCDEFGHIJ", options, strict=False))
    fields = {"options": json.dumps(list(options))} if listed else plain
    return Case(
        id=name,
        group=name,
        question=f"Which {name}?",
        target=key,
        fields=MappingProxyType({**fields, "shots": "Examples.\n\n"}),
    )


@pytest.mark.parametrize("listed", [False, True])
def test_every_option_stands_once_at_every_letter_and_the_key_moves_along(listed: bool) -> None:
    cases = turned(ORIGINAL, [question(listed=listed)]).cases
    assert [turn_of(case) for case in cases] == [0, 1, 2, 3]
    assert {options_of(case)["ABCD".index(case.target)] for case in cases} == {"a rib"}
    assert [case.target for case in cases] == ["B", "C", "D", "A"]
    places = zip(*map(options_of, cases), strict=True)
    assert all(sorted(at_letter) == sorted(BONES) for at_letter in places)


def test_the_published_order_keeps_its_case_and_the_others_are_known_by_it() -> None:
    cases = turned(ORIGINAL, [question()]).cases
    assert cases[0] == question()
    assert len({case.id for case in cases}) == 4
    assert {published_id(case) for case in cases} == {"bone"}


def test_a_moved_question_is_asked_and_graded_as_its_protocol_does_but_greedily() -> None:
    asked = turned(OPENAI, [question()])
    last = asked.cases[3]
    prompt = asked.benchmark.ask(last)
    assert prompt.settings.temperature == 0.0
    assert OPENAI.ask(last).settings.temperature == 0.5
    assert "A) a rib\nB) one tiny stapes" in prompt.messages[-1].content
    grade = asked.benchmark.grade(last, "Answer: A", NoFence())
    assert isinstance(grade, Score)
    assert grade.value == 1.0
    assert asked.benchmark.name == "mmlu@openai-0cot+turned"


@pytest.mark.parametrize(
    "options",
    [
        ("rest", "work", "play", "all of the above"),
        ("Yes, since", "No, since", "work", "play a lot"),
        ("1 W", "40 W", "rest", "by far more"),
        ("wrong", "right", "both of them", "play"),
        ("I only", "II only", "work", "by far more"),
        ("A and B", "work", "by far more", "all"),
        ("alpha", "beta is longer", "gamma", "zeta"),
        ("zeta", "longer than zeta", "gamma", "alpha"),
        ("one", "three", "exactly", "two and a bit"),
        ("work", "work", "by far more", "rest it"),
        ("<image 1>", "<image 2>", "by far more", "rest it"),
        ("only one",),
        (),
    ],
)
def test_options_with_an_order_of_their_own_are_left_out(options: tuple[str, ...]) -> None:
    assert fit([question(options, "A")]) == ()


def test_sets_of_options_that_come_back_are_left_out() -> None:
    again = question(BONES[::-1], name="other")
    assert fit([question(), again]) == ()
    assert fit([question(), question(("knee", "the elbow", "jaw", "a big toe"))]) != ()


def test_a_question_without_a_letter_for_its_key_is_left_out() -> None:
    assert fit([question(key="stapes")]) == ()
    assert fit([question(key="E")]) == ()


WORDS = st.text("abcdefg", min_size=1, max_size=6)


@given(st.lists(WORDS, min_size=3, max_size=5, unique=True), st.integers(0, 5))
def test_the_published_order_is_first_and_no_order_comes_twice(
    options: list[str], seed: int
) -> None:
    for case in option_orders(ORIGINAL, fit([question(options, "A")]), seed).cases:
        texts = ask_likeliest(case).choices
        assert texts[0] == case.target
        assert texts[0].startswith(f"\nA. {options[0]}\nB. {options[1]}")
        assert len(set(texts)) == len(texts) <= min(OTHERS + 1, factorial(len(options)))
        assert len({frozenset(re.sub(r"\n[A-Z]\. ", "\n", text).split()) for text in texts}) == 1


def test_orders_that_are_sorted_are_never_ours() -> None:
    options = ("knee", "the elbow", "jaws")
    drawn = {
        text
        for seed in range(30)
        for case in option_orders(ORIGINAL, [question(options)], seed).cases
        for text in json.loads(case.fields["texts"])[1:]
    }
    lengths = [[*map(len, order)] for order in permutations(options)]
    allowed = [
        order
        for order, sizes in zip(permutations(options), lengths, strict=True)
        if order not in (options, tuple(sorted(options)), tuple(sorted(options, reverse=True)))
        and sizes not in (sorted(sizes), sorted(sizes, reverse=True))
    ]
    assert drawn == {f"\nA. {a}\nB. {b}\nC. {c}" for a, b, c in allowed}


def test_the_same_seed_draws_the_same_orders_and_another_does_not() -> None:
    def texts(seed: int) -> str:
        (case,) = option_orders(ORIGINAL, [question()], seed).cases
        return case.fields["texts"]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)


def test_a_question_is_the_beginning_and_its_options_are_weighed_behind_it() -> None:
    asked = option_orders(ORIGINAL, [question()], 0)
    (case,) = asked.cases
    prompt = asked.benchmark.ask(case)
    assert prompt.way == asked.benchmark.way == "choose"
    assert prompt.messages[-1].content == "Which bone?"
    assert len(prompt.choices) == OTHERS + 1
    assert asked.benchmark.protocol == "mmlu@option-orders"
    for text, value in ((prompt.choices[0], 1.0), (prompt.choices[1], 0.0)):
        grade = asked.benchmark.grade(case, text, NoFence())
        assert isinstance(grade, Score)
        assert grade.value == value


def test_neighbours_of_a_file_are_shuffled_behind_the_one_before_them() -> None:
    asked = example_orders(GSM8K, [f"example {n}" for n in range(13)], 0)
    first, second = asked.cases
    assert (first.question, second.question) == ("example 0", "example 5")
    assert first.id == "gsm8k/examples/1-5"
    texts = json.loads(second.fields["texts"])
    assert texts[0] == "\n\nexample 6\n\nexample 7\n\nexample 8\n\nexample 9"
    assert len(set(texts)) == OTHERS + 1
    assert {frozenset(text.split("\n\n")) for text in texts} == {frozenset(texts[0].split("\n\n"))}


def test_too_few_neighbours_make_no_case() -> None:
    assert example_orders(GSM8K, ["a", "b", "c", "d"], 0).cases == ()
    assert example_orders(GSM8K, ["a", *["same"] * 4], 0).cases == ()


def test_of_the_real_questions_a_good_part_is_left_and_is_no_oftener_sorted_than_by_chance(
    tmp_path: Path,
) -> None:
    cases = mmlu.load(load_options(tmp_path, data=shared_data()))
    fitting = fit(cases)
    assert 4_000 < len(fitting) < 6_000 < len(cases)
    firsts = [options_of(case)[0] == min(options_of(case)) for case in fitting]
    assert sum(firsts) / len(firsts) == pytest.approx(0.25, abs=0.03)


def test_the_real_examples_stand_as_in_the_file(tmp_path: Path) -> None:
    found = gsm8k.in_file_order(load_options(tmp_path, data=shared_data()))
    first = json.loads(shared_data("gsm8k/test.jsonl").read_text("utf-8").splitlines()[0])
    assert found[0] == f"{first['question']}\n{first['answer']}"
    assert len(found) > 1_000
