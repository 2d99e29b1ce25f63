"""MMMU and MMMU-Pro: files as their authors publish them, their words, pictures in their places."""

import json
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from tests.drawn import png
from tests.scoring.plain_fence import PlainFence
from tests.shared_data import shared_data
from visavis.benchmarks import mmmu
from visavis.benchmarks.base import BENCHMARKS, Graded, LoadOptions
from visavis.benchmarks.choose import chosen, hindrances
from visavis.benchmarks.mmmu_files import case_of
from visavis.candidates.grammar import parse
from visavis.candidates.pictures import prepared
from visavis.core.case import Case
from visavis.core.errors import DataError, OptionError
from visavis.core.outcome import Score
from visavis.core.prompt import Prompt

PROTOCOLS = ("mmmu@direct", "mmmu@0cot", "mmmu-pro@direct", "mmmu-pro@0cot", "mmmu-pro@vision")
FIRST, SECOND = png(4, 3, 1), png(3, 4, 2)
QUESTION: Mapping[str, Any] = {
    "id": "validation_Art_Theory_7",
    "question": "Which of <image 1> and <image 2> is {older}?",
    "options": "['<image 1>', \"neither's\"]",
    "answer": "B",
    "question_type": "multiple-choice",
}
SHORT = {**QUESTION, "id": "validation_Math_15", "options": "[]", "question_type": "open"}
FENCE = PlainFence()


def written(folder: Path, *rows: Mapping[str, Any]) -> Path:
    """A user's folder with these questions, their pictures beside them."""
    place = folder / "mmmu"
    (place / "images").mkdir(parents=True)
    (place / "images" / "a.png").write_bytes(FIRST)
    (place / "images" / "b.jpg").write_bytes(SECOND)
    lines = "\n".join(json.dumps(row) for row in rows)
    (place / "samples_mmmu_val.jsonl").write_text(lines, encoding="utf-8")
    return folder


def pictured(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "image_1": "images/a.png", "image_2": "images/b.jpg", "image_3": None}


def load(protocol: str, data: Path | None, home: Path, notes: list[str]) -> Sequence[Case]:
    options = LoadOptions(home=home, seed=0, note=notes.append, data=data)
    return tuple(BENCHMARKS.get(protocol).load(options))


def made(row: Mapping[str, Any], tmp_path: Path) -> Case:
    (case,) = load("mmmu@direct", written(tmp_path / "data", pictured(row)), tmp_path, [])
    return case


def asked(protocol: str, case: Case) -> str:
    prompt = BENCHMARKS.get(protocol).ask(case)
    (message,) = prompt.messages
    assert message.images == case.images
    assert prompt.settings.temperature == 0.0
    return message.content


def graded(protocol: str, case: Case, reply: str) -> Score:
    grade = BENCHMARKS.get(protocol).grade(case, reply, FENCE)
    assert isinstance(grade, Score)
    return grade


def test_json_lines_become_cases_with_pictures_by_their_marks(tmp_path: Path) -> None:
    notes: list[str] = []
    data = written(tmp_path / "data", pictured(QUESTION), pictured(SHORT))
    cases = {case.id: case for case in load("mmmu@direct", data, tmp_path, notes)}
    assert notes == [f"MMMU: 2 of 900 questions are in {str(data / 'mmmu')!r}"]
    case = cases["validation_Art_Theory_7"]
    assert json.loads(case.fields["options"]) == ["<image 1>", "neither's"]
    assert (case.target, case.fields["subject"]) == ("B", "Art_Theory")
    assert case.fields["discipline"] == "Art and Design"
    assert [(image.mark, image.data) for image in case.images] == [
        ("<image 1>", FIRST),
        ("<image 2>", SECOND),
    ]


def test_the_words_are_the_authors(tmp_path: Path) -> None:
    case = made(QUESTION, tmp_path)
    assert asked("mmmu@direct", case) == (
        "Which of <image 1> and <image 2> is {older}?\n\n(A) <image 1>\n(B) neither's\n\n\n"
        "Answer with the option's letter from the given choices directly."
    )
    assert asked("mmmu-pro@direct", case) == (
        "Which of <image 1> and <image 2> is {older}?\nA. <image 1>\nB. neither's\n"
        "Answer with the option letter from the given choices directly."
    )
    for protocol in ("mmmu-pro@0cot", "mmmu@0cot"):
        assert asked(protocol, case) == (
            "Which of <image 1> and <image 2> is {older}?\nA. <image 1>\nB. neither's\n"
            "Answer the preceding multiple choice question. The last line of your response should "
            "be of the following format: 'Answer: $LETTER' (without quotes) where LETTER is one of "
            "options. Think step by step before answering."
        )
    assert asked("mmmu-pro@vision", case).startswith("Write out the multiple-choice question in")


def test_a_short_answer_is_asked_for_without_options(tmp_path: Path) -> None:
    case = made(SHORT, tmp_path)
    direct = asked("mmmu@direct", case)
    assert direct.endswith("?\n\nAnswer the question using a single word or phrase.")
    assert "'Answer: $ANSWER'" in asked("mmmu@0cot", case)
    assert "options" not in asked("mmmu@0cot", case)


@pytest.mark.parametrize(
    ("reply", "value", "read", "strict"),
    [
        ("(B)", 1.0, "B", 1.0),
        ("A", 0.0, "A", 0.0),
        ("B) neither's", 1.0, "B", 1.0),  # where the authors draw
        ("I hold that it is B for sure", 1.0, "B", 0.0),
        ("I cannot see any picture.", 0.0, None, 0.0),
        ("", 0.0, None, 0.0),
    ],
)
def test_a_letter_is_read_or_the_reply_is_unparsed(
    reply: str, value: float, read: str | None, strict: float, tmp_path: Path
) -> None:
    grade = graded("mmmu@direct", made(QUESTION, tmp_path), reply)
    assert (grade.value, grade.read) == (value, read)
    assert grade.marks == {"strict": strict, "flexible": value}


def test_reasoning_may_name_any_letter_before_the_answer(tmp_path: Path) -> None:
    case = made(QUESTION, tmp_path)
    assert graded("mmmu@0cot", case, "(A) looks old.\n\nAnswer: B").value == 1.0
    assert graded("mmmu-pro@0cot", case, "(A) looks old.\n\nAnswer: B").value == 1.0


@pytest.mark.parametrize(
    ("reply", "value"), [("24/7", 1.0), ("Long thought: 5.\nAnswer: 3.43", 1.0), ("5", 0.0)]
)
def test_any_of_the_accepted_short_answers_will_do(
    reply: str, value: float, tmp_path: Path
) -> None:
    case = made({**SHORT, "answer": "['24/7', '3.429']"}, tmp_path)
    grade = graded("mmmu@0cot", case, reply)
    assert grade.value == value
    assert grade.read is not None
    assert grade.marks == {"strict": value, "flexible": value}


def test_an_empty_short_answer_is_unparsed(tmp_path: Path) -> None:
    assert graded("mmmu@0cot", made(SHORT, tmp_path), "Answer: ").read is None


def test_a_key_may_be_one_text_or_a_list_of_them(tmp_path: Path) -> None:
    assert made({**SHORT, "answer": "-120"}, tmp_path).target == '["-120"]'
    row = {**SHORT, "answer": ["$MgS$", "MgS"]}
    assert case_of(row, tmp_path).target == '["$MgS$", "MgS"]'


@pytest.mark.parametrize(
    "change",
    [
        {"answer": "C"},
        {"options": "'text'"},
        {"options": "[unclosed"},
        {"id": "validation_Alchemy_1"},
        {"image_1": "images/none.png"},
        {"image_1": {"path": "a.png"}},
        {"image_1": 5},
    ],
)
def test_a_row_that_is_no_question_is_named(change: dict[str, Any], tmp_path: Path) -> None:
    data = written(tmp_path / "data", pictured(QUESTION), {**pictured(QUESTION), **change})
    with pytest.raises(
        DataError, match=r"question 2 of '.*samples_mmmu_val\.jsonl' is not as MMMU"
    ):
        load("mmmu@direct", data, tmp_path, [])


@pytest.mark.parametrize("path", ["../secret", "/etc/hostname", "images/../../secret"])
def test_a_picture_outside_the_folder_is_not_sent_to_anyone(path: str, tmp_path: Path) -> None:
    data = written(tmp_path / "data", {**pictured(QUESTION), "image_1": path})
    (data / "secret").write_text("key")
    with pytest.raises(DataError, match="lies outside its folder"):
        load("mmmu@direct", data, tmp_path, [])


def test_a_file_without_questions_and_a_torn_one_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds no questions"):
        load("mmmu@direct", written(tmp_path / "none"), tmp_path, [])
    torn = written(tmp_path / "torn", QUESTION) / "mmmu" / "samples_mmmu_val.jsonl"
    torn.write_bytes(torn.read_bytes()[:40])
    with pytest.raises(DataError, match="cannot be read"):
        load("mmmu@direct", tmp_path / "torn", tmp_path, [])


def test_files_that_cannot_be_fetched_say_where_to_put_them(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"on the hub are not known here.*'mmmu/vision' by --data"):
        load("mmmu-pro@vision", None, tmp_path, [])


@pytest.fixture
def parquet() -> Any:
    pytest.importorskip("pyarrow", reason="Parquet is read with the extra 'data'")
    return import_module("pyarrow.parquet"), import_module("pyarrow").Table


def on_hub(row: Mapping[str, Any]) -> dict[str, Any]:
    """As the hub has it: pictures within the file, all seven columns, and more besides."""
    columns: dict[str, Any] = {f"image_{n}": None for n in range(1, 8)}
    columns["image_1"] = {"bytes": FIRST, "path": "a.png"}
    columns["image_2"] = {"bytes": SECOND, "path": None}
    return {**row, **columns, "explanation": "", "subfield": "x", "img_type": "['Plots']"}


@pytest.mark.parametrize("at", ["mmmu", "."])
def test_the_hubs_files_are_read_subject_by_subject(parquet: Any, at: str, tmp_path: Path) -> None:
    write, table = parquet[0].write_table, parquet[1].from_pylist
    for row in (QUESTION, SHORT):
        subject = row["id"].removeprefix("validation_").rpartition("_")[0]
        file = tmp_path / "data" / at / subject / "validation-00000-of-00001.parquet"
        file.parent.mkdir(parents=True)
        write(table([on_hub(row)]), file)
    notes: list[str] = []
    cases = load("mmmu@direct", tmp_path / "data", tmp_path / "home", notes)
    assert {case.id for case in cases} == {"validation_Art_Theory_7", "validation_Math_15"}
    assert all([i.data for i in case.images] == [FIRST, SECOND] for case in cases)
    assert notes[0].startswith("MMMU: 2 of 900 questions")


def test_of_mmmu_pro_the_question_may_be_a_picture(parquet: Any, tmp_path: Path) -> None:
    row = {
        "id": "test_History_1",
        "image": {"bytes": FIRST, "path": None},
        "options": "['a', 'b', 'c']",
        "answer": "C",
        "subject": "History",
    }
    file = tmp_path / "home" / "data" / "mmmu" / "vision" / "test-00000-of-00001.parquet"
    file.parent.mkdir(parents=True)
    parquet[0].write_table(parquet[1].from_pylist([row]), file)
    (case,) = load("mmmu-pro@vision", None, tmp_path / "home", [])
    assert (case.question, case.target) == ("(in the picture)", "C")
    assert [(image.mark, image.data) for image in case.images] == [("", FIRST)]
    assert graded("mmmu-pro@vision", case, "Answer: C").value == 1.0


def test_figures_are_by_discipline_and_by_subject(tmp_path: Path) -> None:
    cases = [case_of({**QUESTION, "id": f"test_{s}_1"}, tmp_path) for s in ("Art", "Music", "Math")]
    scored = [Graded(case=case, score=Score(value=1.0, because="")) for case in cases]
    assert [(figure.by, figure.name) for figure in mmmu.figures(scored)] == [
        ("discipline", "Art and Design"),
        ("discipline", "Science"),
        ("subject", "Art"),
        ("subject", "Math"),
        ("subject", "Music"),
    ]


def test_a_candidate_that_sees_nothing_is_told_so() -> None:
    blind = parse("llama-3.1-8b", home=Path("/no/home"), environ={})
    seeing = parse("gpt-4o", home=Path("/no/home"), environ={})
    for protocol in PROTOCOLS:
        benchmark = BENCHMARKS.get(protocol)
        assert list(hindrances(benchmark, [seeing])) == []
        (reason,) = hindrances(benchmark, [blind])
        assert reason == f"{protocol!r} shows pictures, which 'llama-3.1-8b' cannot see"
    with pytest.raises(OptionError, match="cannot see"):
        chosen(["mmmu:5"], "quick", [seeing, blind])


# --- the real samples ----------------------------------------------------------------------------


@pytest.mark.parametrize(("protocol", "count"), [("mmmu@0cot", 9), ("mmmu-pro@direct", 16)])
def test_the_real_samples_can_be_asked_with_their_pictures(
    protocol: str, count: int, tmp_path: Path
) -> None:
    cases = load(protocol, shared_data("mmmu").parent, tmp_path, [])
    assert len(cases) == count
    who = [parse("gpt-4o", home=tmp_path, environ={})]
    for case in prepared(cases, who, of=protocol, note=lambda _: None):
        prompt: Prompt = BENCHMARKS.get(protocol).ask(case)
        assert all(image.pixels for image in prompt.messages[0].images)
        assert all(image.mark in prompt.messages[0].content for image in case.images)
        assert graded(protocol, case, f"Answer: {case.target}").value == 1.0


def test_a_question_with_pictures_for_options_has_them_all(tmp_path: Path) -> None:
    cases = load("mmmu-pro@0cot", shared_data("mmmu").parent, tmp_path, [])
    (music,) = [case for case in cases if case.id == "test_Music_251"]
    assert [image.mark for image in music.images] == [f"<image {n}>" for n in range(1, 6)]
