"""GLUE: how each task is asked and read."""

from pathlib import Path

import pytest

from tests.benchmarks.glue_things import FILES, load, read
from visavis.benchmarks import glue
from visavis.benchmarks.base import BENCHMARKS
from visavis.benchmarks.glue_tasks import TASKS


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of our own in upstream's form."""
    for name, lines in FILES.items():
        file = tmp_path / "upstream/glue" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return tmp_path / "upstream"


def test_every_task_has_two_ways_of_asking() -> None:
    for task in TASKS:
        assert BENCHMARKS.get(f"glue-{task.name}@loglik").way == "choose"
        assert BENCHMARKS.get(f"glue-{task.name}@generative").way == "chat"
    assert BENCHMARKS.get("glue-mnli@loglik").chance == pytest.approx(1 / 3)
    assert BENCHMARKS.get("glue-stsb@loglik").chance is None


@pytest.mark.parametrize(
    ("task", "text", "asked", "choices"),
    [
        (
            "cola",
            "The car honked down the road",
            "The car honked down the road\nQuestion: Does this sentence make sense?\nAnswer:",
            (" no", " yes"),
        ),
        (
            "mnli",
            "It is wet",
            "It rains.\nQuestion: It is wet. True, False or Neither?\nAnswer:",
            (" True", " Neither", " False"),
        ),
        (
            "qqp",
            "Why?",
            "Question 1: Why?\nQuestion 2: What for?\nQuestion: Do both questions ask the same "
            "thing?\nAnswer:",
            (" no", " yes"),
        ),
        (
            "sst2",
            "unflinchingly bleak ",
            "unflinchingly bleak \nQuestion: Is this sentence positive or negative?\nAnswer:",
            (" negative", " positive"),
        ),
    ],
)
def test_choices_are_put_as_the_harness_puts_them(
    data: Path, task: str, text: str, asked: str, choices: tuple[str, ...]
) -> None:
    benchmark = BENCHMARKS.get(f"glue-{task}@loglik")
    prompts = [
        benchmark.ask(case)
        for case in load(benchmark.protocol, data).values()
        if text in case.fields.values()
    ]
    assert [prompt.messages[0].content for prompt in prompts] == [asked]
    assert prompts[0].choices == choices


def test_a_chat_is_asked_for_one_word(data: Path) -> None:
    benchmark = BENCHMARKS.get("glue-mrpc@generative")
    (user,) = benchmark.ask(load(benchmark.protocol, data)["Shares rose."]).messages
    assert user.content == (
        "Sentence 1: Shares rose.\nSentence 2: Shares fell.\n\nDo both sentences mean the same? "
        "Answer with one word: different or equivalent."
    )
    amounts = BENCHMARKS.get("glue-stsb@generative")
    (user,) = amounts.ask(load(amounts.protocol, data)["A boy runs."]).messages
    assert user.content.endswith("from 0 (unrelated) to 5 (the same)? Answer with a number alone.")


def test_a_choice_is_graded_by_its_label(data: Path) -> None:
    benchmark = BENCHMARKS.get("glue-rte@loglik")
    case = load(benchmark.protocol, data)["Ann won."]
    assert read(benchmark, case, " True").read == "yes"
    assert {read(benchmark, case, said).value for said in (" True", " False")} == {0.0, 1.0}
    assert read(benchmark, case, "yes").read is None


@pytest.mark.parametrize(
    ("task", "text", "strict", "flexible"),
    [
        ("mrpc", "Equivalent.", "equivalent", "equivalent"),
        ("mrpc", "**different**", "different", "different"),
        ("mrpc", "They are equivalent.", None, "equivalent"),
        ("mrpc", "They are not equivalent.", None, None),
        ("mrpc", "Not equivalent but different.", None, "different"),
        ("mrpc", "Equivalent? Hardly. Answer: different", None, "different"),
        ("mrpc", "equivalent or different", None, None),
        ("mrpc", "Answer: unclear, perhaps equivalent", None, "equivalent"),
        ("mrpc", "Equivalent. The answer is: see above", None, "equivalent"),
        ("cola", "It is unacceptable", None, "unacceptable"),
        ("wnli", "Yes", "yes", "yes"),
        ("wnli", "No, it does not follow.", None, "no"),
        ("wnli", "Perhaps.", None, None),
        ("stsb", "3.5", "3.5", "3.5"),
        ("stsb", "About 4 of 5: similar. Answer: 4", None, "4"),
        ("stsb", "97", None, None),
        ("stsb", "Rather alike", None, None),
    ],
)
def test_a_reply_is_read_strictly_and_leniently(
    data: Path, task: str, text: str, strict: str | None, flexible: str | None
) -> None:
    case = next(iter(load(f"glue-{task}@generative", data).values()))
    assert glue.only_answer(case, text) == strict
    assert glue.some_answer(case, text) == flexible


def test_an_amount_scores_by_its_distance(data: Path) -> None:
    benchmark = BENCHMARKS.get("glue-stsb@generative")
    case = load(benchmark.protocol, data)["A man plays."]
    assert read(benchmark, case, "4.8").value == pytest.approx(1.0)
    assert read(benchmark, case, "2.3").value == pytest.approx(0.5)
    chosen = BENCHMARKS.get("glue-stsb@loglik")
    assert read(chosen, case, " 4").value == pytest.approx(0.84)
    assert read(chosen, case, "Rather alike").value == 0.0
