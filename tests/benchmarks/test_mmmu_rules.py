"""How MMMU's authors read replies, by examples and by the replies that they published."""

import gzip
import json
from ast import literal_eval
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.shared_data import shared_data
from visavis.benchmarks.mmmu_rules import is_right, letter, letter_pro, normal, short_answers

FRUIT = ("a red apple", "a ripe pear", "a sour plum", "<image 1>")
TYPE = "multiple-choice"


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("B", "B"),
        ("B.", "B"),
        ("(B)", "B"),
        ("'B'", "B"),
        ("(A) is tempting, (C) is right, D is not", "C"),
        ("A is tempting but C is right", "C"),
        ("I am quite sure it is a Ripe Pear", "B"),
        ("Not a red apple; I would say a sour plum", "C"),
        ("a ripe pear", None),  # five words or less
        ("b", None),
        ("E", None),  # no fifth option
        ("C) a sour plum", None),  # the authors draw here
        ("", None),
        ("No idea at all, none of the above options", None),
    ],
)
def test_the_last_letter_is_read_else_the_option_named_last(reply: str, read: str | None) -> None:
    assert letter(reply, FRUIT) == read


@pytest.mark.parametrize(
    ("reply", "read"),
    [
        ("(A) or (B)? I reason at length.\nAnswer: C", "C"),
        ("Answer: A. No, wait.\nAnswer: **D**", "D"),
        ("Answer: A or B", "B"),  # two behind it: the last letter before a blank
        ("Answer: none, but (C) comes near", "C"),
        ("The result is C.", "C"),
        ("A or C.", "C"),
        ("D: Of A. or C. I take none", "A"),  # of signs whose place is unknown, the first
        ("Answer: E", None),
        ("Of all these I would take a ripe pear", "B"),
        ("", None),
    ],
)
def test_what_stands_behind_the_last_answer_goes_first(reply: str, read: str | None) -> None:
    assert letter_pro(reply, FRUIT) == read


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1,234.567", (1234.57,)),
        (" -120 ", (-120.0,)),
        ("Tampa", ("tampa",)),
        ("B", (" b", "b ")),
        ("", ("",)),
    ],
)
def test_texts_are_made_alike_before_they_are_compared(text: str, values: tuple[Any, ...]) -> None:
    assert normal(text) == values


@pytest.mark.parametrize(
    ("reply", "accepted", "right"),
    [
        ("3.43", ["24/7", "3.429"], True),
        ("24/7", ["24/7", "3.429"], True),
        ("The answer is 3.4289.", ["3.429"], True),
        ("The final result is x = 12\nso y = 7,243,000", ["7243000"], True),
        ("It is 5. So the result is 6", ["5"], False),
        ("In Tampa, Florida", ["Tampa"], True),
        ("embryo", ["embryonic"], False),
        ("3e2", ["300"], True),
        ("C", ["C"], True),
        ("Cats", ["C"], False),
        ("so it must be is", ["x"], False),
        ("is .\nis :", ["is ."], True),
    ],
)
def test_a_number_must_be_one_of_the_accepted_a_text_must_hold_one(
    reply: str, accepted: list[str], right: bool
) -> None:
    assert is_right(short_answers(reply), accepted) is right


@given(st.text(max_size=400), st.lists(st.text(max_size=9), max_size=10))
def test_any_reply_to_any_options_is_read(reply: str, options: list[str]) -> None:
    for rule in (letter, letter_pro):
        read = rule(reply, options)
        assert read is None or read in "ABCDEFGHIJ"[: len(options)]
    assert short_answers(reply)


# --- beside what the authors published ----------------------------------------------------------


def llava() -> dict[str, dict[str, Any]]:
    """LLaVA-1.5-13B's raw replies to the 900 questions, by case."""
    folder = shared_data("mmmu/example_outputs/llava1.5_13b")
    files = sorted(folder.glob("*/output.json"))
    rows = (row for file in files for row in json.loads(file.read_text(encoding="utf-8")))
    return {row["id"]: row for row in rows}


def read_by_authors() -> dict[str, str]:
    file = shared_data("mmmu/example_outputs/llava1.5_13b/total_val_output.json")
    readings: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return readings


def test_the_authors_letters_of_llava_are_right_328_times_in_847() -> None:
    readings = read_by_authors()
    keys = json.loads(shared_data("mmmu/answer_dict_val.json").read_text(encoding="utf-8"))
    letters = {name: key for name, key in keys.items() if key["question_type"] == TYPE}
    right = [name for name, key in letters.items() if readings[name] == key["ground_truth"]]
    assert (len(right), len(letters)) == (328, 847)


def test_llavas_raw_replies_are_read_as_the_authors_read_them_but_where_they_drew() -> None:
    readings, differing, right = read_by_authors(), {}, 0
    for name, row in llava().items():
        if row["question_type"] == TYPE:
            read = letter(row["response"], list(row["index2ans"].values()))
            right += read == row["answer"]
            if read != readings[name]:
                differing[name] = (row["response"], read, readings[name], row["answer"])
    assert right == 327
    assert differing == {
        # "C)" is no sign of theirs and three words are too few for the option's text: they drew.
        "validation_Psychology_4": ("C) Schachter-Singer Theory", None, "A", "B"),
        "validation_Design_4": ("A) Josef Albers", None, "A", "A"),
    }


def test_llavas_short_answers_are_right_where_the_authors_readings_are() -> None:
    readings, right = read_by_authors(), []
    for name, row in llava().items():
        if row["question_type"] != TYPE:
            accepted = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
            theirs = is_right(frozenset(normal(readings[name])), accepted)
            assert is_right(short_answers(row["response"]), accepted) == theirs, name
            right += [name] if theirs else []
    assert sorted(right) == ["validation_Geography_22", "validation_Pharmacy_19"]


def gpt_4o() -> Iterator[dict[str, Any]]:
    file = shared_data("recorded/mmmu-pro/gpt-4o_standard_10_options_cot.jsonl.gz")
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def test_gpt_4os_1730_replies_are_read_as_the_authors_read_them_952_right() -> None:
    rows = list(gpt_4o())
    readings = [letter_pro(row["response"], literal_eval(row["options"])) for row in rows]
    assert [row["pred_indexs"] for row in rows] == readings
    assert sum(row["answer"] == read for row, read in zip(rows, readings, strict=True)) == 952
    assert len(rows) == 1730
