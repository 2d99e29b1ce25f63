"""GSM8K: the right file, the published wordings, two readers of every reply."""

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from tests.scoring.plain_fence import PlainFence
from tests.shared_data import shared_data
from visavis.benchmarks import gsm8k
from visavis.benchmarks.base import BENCHMARKS, LoadOptions
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Score, Unscored

PROBLEMS = [
    ("A hen lays 3 eggs a day. How many in 6 days?", "6 * 3 = <<6*3=18>>18\n#### 18"),
    ("How many are 2 thousand and 125?", "So many.\n#### 2,125"),
    ("What is 3 less 10?", "3 - 10 = -7\n#### -7"),
]


@pytest.fixture
def options(tmp_path: Path) -> LoadOptions:
    folder = tmp_path / "gsm8k"
    folder.mkdir()
    lines = [json.dumps({"question": q, "answer": a}) for q, a in PROBLEMS]
    (folder / "test.jsonl").write_text("\n".join(lines) + "\n")
    (folder / "train.jsonl").write_text("\n".join(lines * 3) + "\n")
    return LoadOptions(home=tmp_path / "home", seed=0, note=lambda text: None, data=tmp_path)


def score(protocol: str, case: Case, reply: str) -> Score:
    grade = BENCHMARKS.get(protocol).grade(case, reply, PlainFence())
    assert isinstance(grade, Score)
    return grade


def test_an_id_does_not_depend_on_the_rest_of_the_file(options: LoadOptions) -> None:
    every = {case.question: case for case in gsm8k.load(options)}
    assert [case.target for case in map(every.get, [q for q, _ in PROBLEMS]) if case] == [
        "18",
        "2125",
        "-7",
    ]
    file = options.data / "gsm8k" / "test.jsonl" if options.data else Path()
    file.write_text(file.read_text().splitlines()[1] + "\n")
    (alone,) = gsm8k.load(options)
    assert alone == every[alone.question]
    assert alone.id == alone.group == gsm8k.case_id(f" {alone.question}\n")


@pytest.mark.parametrize(
    "text",
    ["", "{}\n", "no json\n", "[1]\n", '{"question": "a", "answer": "b"}\n', '{"question": "a"}\n'],
)
def test_another_file_is_refused_with_its_name(options: LoadOptions, text: str) -> None:
    assert options.data is not None
    (options.data / "gsm8k" / "test.jsonl").write_text(text)
    with pytest.raises(DataError, match=r"test\.jsonl' is not GSM8K .*grade-school-math"):
        gsm8k.load(options)


def test_a_line_that_is_no_problem_is_told_by_its_number(options: LoadOptions) -> None:
    assert options.data is not None
    file = options.data / "gsm8k" / "test.jsonl"
    whole = file.read_text()
    for wrong in ('{"question": 3, "answer": "#### 4"}', '{"question": " ", "answer": "#### 4"}'):
        file.write_text(f"{whole}\n{wrong}\n")
        with pytest.raises(DataError, match=r"line 5 is no 'question' with an 'answer' that ends"):
            gsm8k.load(options)


def test_a_part_of_the_problems_is_said_to_be_one(options: LoadOptions) -> None:
    notes: list[str] = []
    gsm8k.load_with_shots(replace(options, note=notes.append))
    assert notes[-1].startswith("GSM8K: 3 of 1,319 problems are in")


def test_zero_shot_asks_one_question_in_a_chat(options: LoadOptions) -> None:
    benchmark = BENCHMARKS.get("gsm8k@0cot")
    case = next(iter(benchmark.load(options)))
    (message,) = benchmark.ask(case).messages
    assert message.content.endswith(f"\n\n{case.question}")


def test_eight_shot_gives_the_examples_as_turns(options: LoadOptions) -> None:
    benchmark = BENCHMARKS.get("gsm8k@8shot-cot")
    case = next(iter(benchmark.load(options)))
    messages = benchmark.ask(case).messages
    assert [message.role for message in messages] == ["user", "assistant"] * 8 + ["user"]
    assert messages[1].content.endswith("21 - 15 = 6. The final answer is 6")
    assert f"Problem: {case.question}\n" in messages[-1].content


def test_five_shot_is_a_text_to_go_on_with(options: LoadOptions) -> None:
    benchmark = BENCHMARKS.get("gsm8k@5shot")
    prompt = benchmark.ask(next(iter(benchmark.load(options))))
    text = prompt.messages[0].content
    assert prompt.way == benchmark.way == "continue"
    assert text.count("Question: ") == text.count("Answer:") == 6
    assert text.count("<<6*3=18>>") == 2
    assert text.endswith("\nAnswer:")
    assert "Question:" in prompt.settings.stop


@pytest.mark.parametrize(
    ("protocol", "reply", "strict", "flexible"),
    [
        ("gsm8k@0cot", "6 x 3 = 18\nAnswer: 18", 1, 1),
        ("gsm8k@0cot", "6 x 3 = 18\n**Answer:** $18 in 6 days = 18", 1, 1),
        ("gsm8k@0cot", "Answer: 17\nNo.\nAnswer: 18", 1, 1),
        ("gsm8k@0cot", "It is 18.", 0, 1),
        ("gsm8k@0cot", "Answer: 6", 0, 0),
        ("gsm8k@0cot", "eighteen", 0, 0),
        ("gsm8k@8shot-cot", "6 x 3 = 18. The final answer is 18.0", 1, 1),
        ("gsm8k@8shot-cot", "6 x 3 = 18. The answer is 18", 0, 1),
        ("gsm8k@5shot", " 6 x 3\n#### 18\n\nQuestion: more\n#### 5", 1, 0),
        ("gsm8k@5shot", " 6 x 3 = 18", 0, 1),
    ],
)
def test_two_readers_mark_every_reply(
    options: LoadOptions, protocol: str, reply: str, strict: float, flexible: float
) -> None:
    case = next(case for case in gsm8k.load(options) if case.target == "18")
    found = score(protocol, case, reply)
    assert found.marks == {"strict": strict, "flexible": flexible}
    counted = flexible if protocol == "gsm8k@0cot" else strict
    assert found.value == counted


def test_a_reply_that_the_counting_reader_cannot_read_is_unparsed(options: LoadOptions) -> None:
    case = next(iter(gsm8k.load(options)))
    assert score("gsm8k@0cot", case, "I do not know").read is None
    assert score("gsm8k@5shot", case, "It is 18").read is None
    assert score("gsm8k@0cot", case, "It is 18").read == "18"


@pytest.mark.parametrize(
    ("reply", "strict", "flexible"),
    [
        ('{"reasoning": "6 times 3", "answer": "18"}', 1, 1),
        ('{"reasoning": "6 times\n3", "answer": 18}', 0, 1),
        ('```json\n{"reasoning": "6 times 3 is 18', 0, 0),
        ("#### 18", 1, 1),
        ("So 18", 0, 1),
    ],
)
def test_a_log_is_read_in_the_formats_in_use(reply: str, strict: float, flexible: float) -> None:
    case = Case(id="a", group="a", question="", target="# 18")
    found = gsm8k.grade(case, reply, PlainFence())
    assert isinstance(found, Score)
    assert found.marks == {"strict": strict, "flexible": flexible}


def test_a_log_with_a_key_that_is_no_number_is_left_unscored() -> None:
    case = Case(id="a", group="a", question="", target="many")
    assert isinstance(gsm8k.grade(case, "18", PlainFence()), Unscored)


def test_the_published_solutions_get_the_published_marks() -> None:
    """Of Cobbe et al.'s four models, on the 1,055 problems that are open here."""
    by_question = {case.question: case for case in gsm8k.cases(shared_data("gsm8k/test.jsonl"))}
    ours: Counter[str] = Counter()
    with shared_data("gsm8k/example_model_solutions.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            case = by_question[row.pop("question")]
            row.pop("ground_truth")
            for model, said in row.items():
                mark = score("gsm8k@0cot", case, said["solution"]).value
                assert bool(mark) == said["is_correct"]
                ours[model] += int(mark)
    assert ours == {
        "6b_finetuning": 223,
        "6b_verification": 405,
        "175b_finetuning": 374,
        "175b_verification": 594,
    }
