"""MMLU: the files in either format, the four ways of asking, and what replies are read as."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.benchmarks.upstream import options, write_parquet
from tests.shared_data import shared_data
from visavis.benchmarks import mmlu, mmlu_files
from visavis.benchmarks.base import BENCHMARKS, Benchmark, Graded, protocols_of
from visavis.benchmarks.figures import figures_of
from visavis.benchmarks.mmlu_files import FIELD_OF, FIELDS, Row
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.fence import NoFence
from visavis.core.outcome import Score
from visavis.stats.estimate import Estimate

OPENAI, META_COT, META, ORIGINAL = protocols_of("mmlu")
TEST: Mapping[str, Sequence[Sequence[str]]] = {
    "anatomy": [
        ["Which bone?\r\nLook twice.", "NA", "0,1", 'the "funny" one', "None", "B"],
        ["Twice", "a", "b", "c", "d", "A"],
        ["Twice", "a", "b", "c", "d", "A"],
        ["Twice", "a", "b", "c", "d", "C"],
    ],
    "virology": [["  Spaced ", "w", "x", "y", "z", "D"]],
}


def write(folder: Path, split: str, subjects: Mapping[str, Sequence[Sequence[str]]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for subject, rows in subjects.items():
        with (folder / f"{subject}_{split}.csv").open("w", encoding="utf-8", newline="") as text:
            csv.writer(text).writerows(rows)


def shots(subject: str) -> list[list[str]]:
    return [[f"{subject} {n}?", "p", "q", "r", "s", "ABCDA"[n]] for n in range(5)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of our own in upstream's form."""
    write(tmp_path / "upstream/mmlu/data/test", "test", TEST)
    write(tmp_path / "upstream/mmlu/data/dev", "dev", {name: shots(name) for name in FIELD_OF})
    return tmp_path / "upstream"


def load(benchmark: Benchmark, data: Path, notes: list[str] | None = None) -> list[Case]:
    return list(benchmark.load(options(data.parent / "home", data=data, notes=notes)))


def the(cases: Sequence[Case], question: str) -> Case:
    return next(case for case in cases if case.question == question)


def read(benchmark: Benchmark, case: Case, text: str) -> Score:
    grade = benchmark.grade(case, text, NoFence())
    assert isinstance(grade, Score)
    return grade


def test_the_fields_are_the_authors_57_subjects() -> None:
    assert {field: len(subjects) for field, subjects in FIELDS.items()} == {
        "STEM": 18,
        "humanities": 13,
        "social sciences": 12,
        "other": 14,
    }
    assert len(FIELD_OF) == 57


def test_a_part_of_the_files_is_used_and_said_to_be_one(data: Path) -> None:
    notes: list[str] = []
    cases = load(OPENAI, data, notes)
    place = data / "mmlu/data/test"
    assert notes == [f"MMLU: 5 of 14,042 questions are in {str(place)!r}"]
    bone = the(cases, "Which bone?\r\nLook twice.")
    assert [bone.fields[letter] for letter in "ABCD"] == ["NA", "0,1", 'the "funny" one', "None"]
    assert bone.target == "B"
    assert (bone.fields["subject"], bone.fields["field"]) == ("anatomy", "other")


def test_subjects_without_a_question_are_named_where_they_are_few(tmp_path: Path) -> None:
    shown = {subject: [["Why?", "a", "b", "c", "d", "A"]] for subject in FIELD_OF}
    del shown["anatomy"], shown["virology"]
    write(tmp_path / "data/mmlu/test", "test", shown)
    notes: list[str] = []
    load(OPENAI, tmp_path / "data", notes)
    assert [note.partition("'")[0] for note in notes] == ["MMLU: 55 of 14,042 questions are in "]
    assert notes[0].endswith("', none of anatomy, virology")


def test_copies_of_a_question_are_one_group_with_ids_of_their_own(data: Path) -> None:
    copies = [case for case in load(OPENAI, data) if case.question == "Twice"]
    assert len({case.id for case in copies}) == 3
    assert len({case.group for case in copies}) == 1


@pytest.mark.parametrize("inner", ["mmlu/data", "mmlu", "data", "."])
def test_the_files_are_found_however_deep_they_lie(data: Path, inner: str, tmp_path: Path) -> None:
    (tmp_path / "mine" / inner).parent.mkdir(parents=True, exist_ok=True)
    if inner == ".":
        (data / "mmlu/data").rename(tmp_path / "mine")
    else:
        (data / "mmlu/data").rename(tmp_path / "mine" / inner)
    assert len(load(ORIGINAL, tmp_path / "mine")) == 5


def as_parquet(subjects: Mapping[str, Sequence[Sequence[str]]]) -> list[dict[str, object]]:
    return [
        {"question": q, "subject": name, "choices": [a, b, c, d], "answer": "ABCD".index(letter)}
        for name, rows in subjects.items()
        for q, a, b, c, d, letter in rows
    ]


def test_the_hubs_files_give_the_same_cases(data: Path, tmp_path: Path) -> None:
    rows = {"test": as_parquet(TEST), "dev": as_parquet({name: shots(name) for name in FIELD_OF})}
    for split in rows:
        write_parquet(tmp_path / f"hub/mmlu/all/{split}-00000-of-00001.parquet", rows[split])
    for way in protocols_of("mmlu"):
        assert load(way, tmp_path / "hub") == load(way, data)


def test_of_the_whole_nothing_is_said(tmp_path: Path) -> None:
    rows = [[f"{n}?", "a", "b", "c", "d", "A"] for n in range(14_042)]
    write(tmp_path / "data/mmlu/test", "test", {"virology": rows})
    notes: list[str] = []
    assert len(load(OPENAI, tmp_path / "data", notes)) == 14_042
    assert notes == []


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("anatomy_test.csv", "question,a,b,c,d\n"),
        ("anatomy_test.csv", "question,a,b,c,d,E\n"),
        ("alchemy_test.csv", "question,a,b,c,d,A\n"),
    ],
)
def test_a_record_that_is_no_question_is_told(data: Path, file: str, content: str) -> None:
    (data / "mmlu/data/test" / file).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=rf"record 1 of '.*{file}' is no MMLU question"):
        load(OPENAI, data)


@pytest.mark.parametrize("answer", [4, None])
def test_a_hubs_record_that_is_no_question_is_told(tmp_path: Path, answer: int | None) -> None:
    file = tmp_path / "data/mmlu/all/test-00000-of-00001.parquet"
    rows = as_parquet(TEST)
    write_parquet(file, [*rows, {**rows[0], "answer": answer}])
    with pytest.raises(DataError, match=r"record 6 of .* is no MMLU question"):
        load(OPENAI, tmp_path / "data")


def test_files_without_a_question_are_told(data: Path) -> None:
    for file in (data / "mmlu/data/test").iterdir():
        file.write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="holds no questions; get MMLU anew"):
        load(OPENAI, data)


def test_too_few_examples_are_told(data: Path) -> None:
    write(data / "mmlu/data/dev", "dev", {"virology": shots("virology")[:4]})
    with pytest.raises(DataError, match="has 4 examples of 'virology' instead of 5"):
        load(META, data)


def test_without_files_or_network_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'test-00000-of-00001\.parquet' could not be fetched"):
        list(OPENAI.load(options(tmp_path)))


def test_openais_prompt_is_that_of_simple_evals(data: Path) -> None:
    prompt = OPENAI.ask(the(load(OPENAI, data), "  Spaced "))
    system, user = prompt.messages
    assert system.content == "You are a helpful assistant."
    assert user.content == (
        "Answer the following multiple choice question. The last line of your response should be "
        "of the following format: 'Answer: $LETTER' (without quotes) where LETTER is one of ABCD. "
        "Think step by step before answering.\n\n  Spaced \n\nA) w\nB) x\nC) y\nD) z"
    )
    assert (prompt.settings.temperature, prompt.settings.max_tokens) == (0.5, 2048)


def test_metas_prompt_reasons_and_ends_with_the_best_answer(data: Path) -> None:
    prompt = META_COT.ask(the(load(META_COT, data), "  Spaced "))
    (user,) = prompt.messages
    assert user.content.startswith(
        "Given the following question and four candidate answers (A, B, C and D), choose the best "
        "answer.\n\nQuestion:   Spaced \nA. w\nB. x\nC. y\nD. z\n\n- For simple problems:\n"
    )
    assert user.content.endswith("is one of A, B, C or D.\n\nLet's think step by step.")
    assert prompt.settings.max_tokens == 1024


def test_metas_five_examples_are_earlier_turns(data: Path) -> None:
    prompt = META.ask(the(load(META, data), "  Spaced "))
    assert [message.role for message in prompt.messages] == ["user", "assistant"] * 5 + ["user"]
    assert prompt.messages[0].content.startswith(
        "Given the following question and four candidate answers (A, B, C and D), choose the best "
        "answer.\nQuestion: virology 0?\nA. p\nB. q\nC. r\nD. s\nYour response should end with "
    )
    assert prompt.messages[3].content == "The best answer is B."
    assert prompt.settings.max_tokens == 10


def test_the_original_way_shares_a_subjects_beginning(data: Path) -> None:
    cases = load(ORIGINAL, data)
    prompts = [ORIGINAL.ask(case) for case in cases]
    assert all(prompt.way == "choose" for prompt in prompts)
    assert all(prompt.choices == mmlu.CHOICES for prompt in prompts)
    (text,) = [p.messages[0].content for p in prompts if "Spaced" in p.messages[0].content]
    assert text.startswith(
        "The following are multiple choice questions (with answers) about  virology.\n\n"
        "virology 0?\nA. p\nB. q\nC. r\nD. s\nAnswer: A\n\nvirology 1?\n"
    )
    assert text.endswith("Answer: A\n\n  Spaced \nA. w\nB. x\nC. y\nD. z\nAnswer:")
    beginnings = {case.fields["shots"] for case in cases if case.fields["subject"] == "anatomy"}
    assert len(beginnings) == 1


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("So it is B.\nAnswer: C", "C"),
        ("**Answer: B**", "B"),
        ("Answer: $\\boxed{D}$", "D"),
        ("ANSWER :\tA", "A"),
        ("Answer: A\n… no.\nAnswer: B", "A"),  # theirs is the first
        ("Réponse : C", "C"),
        ("答案：B", "B"),
        ("الإجابة: د", "D"),
        ("উত্তর: ব", "B"),
        ("答え：Ｃ", "C"),
        ("Answer:\u200b\u200b C", "C"),
        ("answer: b", "b"),  # theirs, too, takes no small letter for the key
        ("It is C.", None),
        ("Answer: the third", None),
        ("", None),
    ],
)
def test_openais_reader_is_that_of_simple_evals(data: Path, text: str, letter: str | None) -> None:
    case = load(OPENAI, data)[0]
    assert read(OPENAI, case, text).read == letter


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("The best answer is B.", "B"),
        ("The best answer is A. No: the best answer is D", "D"),
        ("The best answer is E.", "E"),
        ("B", None),
    ],
)
def test_metas_reader_takes_the_last_best_answer(data: Path, text: str, letter: str | None) -> None:
    assert read(META, load(META, data)[0], text).read == letter


def test_what_is_lost_to_format_is_told(data: Path) -> None:
    case = the(load(OPENAI, data), "  Spaced ")
    lost = read(OPENAI, case, "Everything else is wrong.\n\n**D**")
    assert (lost.value, dict(lost.marks)) == (0.0, {"strict": 0.0, "flexible": 1.0})
    right = read(META_COT, case, "The best answer is D.")
    assert (right.value, dict(right.marks)) == (1.0, {"strict": 1.0, "flexible": 1.0})


def test_a_choice_is_graded_by_its_letter(data: Path) -> None:
    case = the(load(ORIGINAL, data), "  Spaced ")
    assert read(ORIGINAL, case, " D").value == 1.0
    assert read(ORIGINAL, case, " A") == Score(value=0.0, because="read A, key D", read="A")
    assert read(ORIGINAL, case, "D").read is None


def graded(subject: str, number: int, value: float) -> Graded:
    (case,) = mmlu_files.cases([Row(subject, f"{subject} {number}", ("a", "b", "c", "d"), "A")], {})
    return Graded(case=case, score=Score(value=value, because="so"))


def test_figures_tell_questions_subjects_and_fields_apart() -> None:
    seen = [graded("anatomy", n, float(n < 1)) for n in range(2)]
    seen += [graded("astronomy", n, float(n < 9)) for n in range(10)]
    found = {(one.by, one.name): one.value for one in figures_of(OPENAI, seen)}
    macro = found["", "mean of subjects"]
    assert isinstance(macro, Estimate)
    assert macro.value == pytest.approx(0.7)
    values = {
        key: value.value for key, value in found.items() if isinstance(value, Estimate) and key[0]
    }
    assert values == {
        ("field", "STEM"): 0.9,
        ("field", "other"): 0.5,
        ("subject", "anatomy"): 0.5,
        ("subject", "astronomy"): 0.9,
    }


def test_the_real_files_are_read_whole() -> None:
    folder, notes = shared_data("mmlu").parent, list[str]()
    cases = list(ORIGINAL.load(options(Path("nowhere"), data=folder, notes=notes)))
    assert len(cases) == len({case.id for case in cases}) == 11_233
    assert [note.partition(" in ")[0] for note in notes] == ["MMLU: 11,233 of 14,042 questions are"]
    assert len({case.fields["subject"] for case in cases}) == 57
    assert Counter(case.target for case in cases).keys() == set("ABCD")
    share = Counter(case.fields["field"] for case in cases[:400])
    whole = Counter(case.fields["field"] for case in cases)
    for field, count in whole.items():
        assert share[field] / 400 == pytest.approx(count / len(cases), abs=0.07)


def test_every_way_is_known_by_name() -> None:
    assert [one.protocol for one in protocols_of("mmlu")] == [
        "mmlu@openai-0cot",
        "mmlu@meta-0cot",
        "mmlu@meta-5shot",
        "mmlu@orig-loglik",
    ]
    assert all(BENCHMARKS.get(one.protocol).chance == 0.25 for one in protocols_of("mmlu"))
    assert mmlu_files.UPSTREAM.source == "github.com/hendrycks/test; MIT"
