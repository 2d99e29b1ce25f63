"""What `--on` and `--suite` stand for."""

from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from visavis.benchmarks.base import LoadOptions
from visavis.benchmarks.choose import Chosen, cases_of, chosen
from visavis.core.errors import CaseFileError, DataError, OptionError, UnknownNameError
from visavis.options import Suite

OPTIONS = LoadOptions(home=Path("unused"), seed=0, note=lambda text: None)


def named(*on: str, suite: Suite = "quick") -> list[tuple[str, int | None]]:
    return [(choice.benchmark.name, choice.count) for choice in chosen(on, suite)]


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text("cases:\n- {id: a, prompt: A?, equals: a}\n- {id: b, prompt: B?, equals: b}\n")
    return path


def test_names_come_with_numbers_in_lists_or_one_by_one() -> None:
    assert named("logic") == [("logic", None)]
    assert named("logic:7, humaneval:20") == [("logic", 7), ("humaneval", 20)]
    assert named("humaneval:20", "logic:7") == [("humaneval", 20), ("logic", 7)]


def test_a_path_is_a_file_of_ones_own(own: Path) -> None:
    assert named(str(own)) == [("mine", None)]
    assert named(f"{own}:1,logic") == [("mine", 1), ("logic", None)]


def test_a_file_name_alone_is_a_path_too(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(own.parent)
    assert named(own.name) == [("mine", None)]


@pytest.mark.parametrize("suite", get_args(Suite))
def test_a_suite_names_benchmarks_and_goes_when_something_is_named(suite: Suite) -> None:
    assert [name for name, _ in named(suite=suite)] == ["logic", "humaneval"]
    assert named("logic:1", suite=suite) == [("logic", 1)]


def test_a_larger_suite_asks_the_cases_of_a_smaller_one_too() -> None:
    asked = [
        {case.id for case in cases_of(chosen([], suite)[0], OPTIONS)}
        for suite in ("quick", "standard", "full")
    ]
    assert [len(ids) for ids in asked] == [24, 100, 200]
    assert asked[0] < asked[1] < asked[2]


def test_blanks_between_commas_count_for_nothing_and_blanks_alone_are_refused() -> None:
    assert named("logic:7,, ", "") == [("logic", 7)]
    with pytest.raises(OptionError, match="--on names nothing; try"):
        named(" , ")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="no benchmark is called 'logik'; try logic"):
        chosen(["logik"], "quick")


def test_a_missing_file_is_a_missing_file(tmp_path: Path) -> None:
    for name in (f"{tmp_path}/none.yaml", "none.jsonl"):
        with pytest.raises(CaseFileError, match="no file '"):
            chosen([name], "quick")


@pytest.mark.parametrize(
    "text",
    ["logic:0", "logic:-1", "logic:x", "logic:", "logic:²", "logic:1.5", f"logic:{'9' * 5000}"],
)
def test_a_number_of_cases_is_one_or_more(text: str) -> None:
    with pytest.raises(OptionError, match="after the ':' comes a number of cases"):
        chosen([text], "quick")


def test_a_benchmark_is_named_once(own: Path) -> None:
    for twice in ("logic,logic:10", f"{own},{own}"):
        with pytest.raises(OptionError, match="name each once"):
            chosen([twice], "quick")


def test_a_benchmark_is_said_once_to_be_asked_in_one_of_its_ways() -> None:
    said: list[str] = []
    chosen(["gsm8k:5,gsm8k@5shot"], "quick", note=said.append)
    assert [text.partition(";")[0] for text in said] == ["'gsm8k' is asked by 'gsm8k@0cot'"]
    said.clear()
    with pytest.raises(OptionError, match="name each once"):
        chosen(["gsm8k:5,gsm8k:6"], "quick", note=said.append)
    assert said == []


def test_one_protocol_is_not_asked_under_two_names() -> None:
    with pytest.raises(OptionError, match="'gsm8k' and 'gsm8k@0cot' are both 'gsm8k@0cot'"):
        chosen(["gsm8k:5,gsm8k@0cot:5"], "quick")
    assert len(chosen(["gsm8k,gsm8k@5shot"], "quick")) == 2


def test_a_case_that_is_there_twice_is_told_before_anything_is_asked(own: Path) -> None:
    (choice,) = chosen([str(own)], "quick")
    cases = cases_of(choice, OPTIONS)
    twice = replace(choice.benchmark, load=lambda options: (*cases, cases[0]))
    with pytest.raises(DataError, match="'mine' has case 'a' more than once; get its file anew"):
        cases_of(Chosen(twice, None), OPTIONS)


def test_a_file_does_not_take_a_benchmarks_name(own: Path) -> None:
    for name in ("logic.yaml", "gsm8k@0cot.yaml"):
        own = own.rename(own.with_name(name))
        with pytest.raises(OptionError, match="rename the file"):
            chosen([str(own)], "quick")


def test_more_cases_than_there_are_is_said(own: Path) -> None:
    (choice,) = chosen([f"{own}:3"], "quick")
    with pytest.raises(OptionError, match="'mine' has 2 cases, 3 were asked for; write 'mine:2'"):
        cases_of(choice, OPTIONS)


def test_the_first_cases_are_asked(own: Path) -> None:
    (choice,) = chosen([f"{own}:1"], "quick")
    assert [case.id for case in cases_of(choice, OPTIONS)] == ["a"]
    assert len(cases_of(Chosen(choice.benchmark, None), OPTIONS)) == 2


def test_a_windows_path_is_no_number_of_cases() -> None:
    with pytest.raises(CaseFileError, match="no file"):
        chosen([r"C:\none.yaml"], "quick")
