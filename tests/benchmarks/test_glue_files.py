"""GLUE: the authors' files and the hub's, whole, in part and wrong."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.benchmarks.glue_things import FILES, load, read, sts
from tests.benchmarks.upstream import options, write_parquet
from tests.shared_data import shared_data
from visavis.benchmarks.base import BENCHMARKS
from visavis.benchmarks.glue_tasks import TASKS
from visavis.core.errors import DataError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of our own in upstream's form."""
    for name, lines in FILES.items():
        file = tmp_path / "upstream/glue" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return tmp_path / "upstream"


@pytest.mark.parametrize(
    ("task", "keys"),
    [
        ("cola", {'Say "no': "acceptable", "The car honked down the road": "unacceptable"}),
        ("sst2", {"a charming journey . ": "positive", "unflinchingly bleak ": "negative"}),
        ("mrpc", {"He said so.": "equivalent", "Shares rose.": "different"}),
        ("qqp", {"Why?": "duplicate", "Who?": "different"}),
        ("stsb", {"A man plays.": "4.800", "A cat sits.": "0.000", "A boy runs.": "3.250"}),
        ("mnli", {"He left.": "neutral"}),
        ("wnli", {"The cup is in the box, it is red.": "no"}),
        ("ax", {"The cat sat": "contradiction", "The cat did not sit.": "contradiction"}),
    ],
)
def test_the_authors_files_are_read(data: Path, task: str, keys: dict[str, str]) -> None:
    found = load(f"glue-{task}@loglik", data)
    assert {text: found[text].target for text in keys} == keys


def test_a_part_of_a_task_is_said_to_be_one(data: Path) -> None:
    notes: list[str] = []
    load("glue-mnli@loglik", data, notes)
    assert notes == ["GLUE: 3 of the 19,647 cases of MNLI are here"]


@pytest.mark.parametrize("task", ["mnli", "qnli", "rte", "ax"])
def test_cases_of_one_text_are_one_group(data: Path, task: str) -> None:
    cases = list(BENCHMARKS.get(f"glue-{task}@loglik").load(options(data, data=data)))
    two = [case for case in cases if case.fields.get("part") != "mismatched"]
    assert len({case.id for case in two}) == 2
    assert len({case.group for case in two}) == 1


def test_a_case_that_stands_there_twice_has_two_ids(data: Path) -> None:
    file = data / "glue/WNLI/dev.tsv"
    lines = FILES["WNLI/dev.tsv"]
    file.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    cases = BENCHMARKS.get("glue-wnli@loglik").load(options(data, data=data))
    assert len({case.id for case in cases}) == 3


HUB: Mapping[str, Sequence[Mapping[str, object]]] = {
    "cola/validation": [
        {"sentence": line.split("\t")[3], "label": int(line.split("\t")[1])}
        for line in FILES["CoLA/dev.tsv"]
    ],
    "stsb/validation": [
        {"sentence1": a, "sentence2": b, "label": float(amount)}
        for a, b, amount in (line.split("\t")[7:10] for line in FILES["STS-B/dev.tsv"][1:])
    ],
    "mnli/validation_matched": [
        {"premise": "It rains.", "hypothesis": "It is wet", "label": 0},
        {"premise": "It rains.", "hypothesis": "It is dry.", "label": 2},
    ],
    "mnli/validation_mismatched": [{"premise": "He left.", "hypothesis": "She came.", "label": 1}],
    "qnli/validation": [
        {"question": "Who won?", "sentence": "Ann won.", "label": 0},
        {"question": "Who won?", "sentence": "It rained.", "label": 1},
    ],
}


@pytest.mark.parametrize("task", ["cola", "stsb", "mnli", "qnli"])
def test_the_hubs_files_give_the_same_cases(data: Path, tmp_path: Path, task: str) -> None:
    for split, rows in HUB.items():
        write_parquet(tmp_path / f"hub/glue/{split}-00000-of-00001.parquet", rows)
    name = f"glue-{task}@loglik"
    assert load(name, tmp_path / "hub") == load(name, data)


def test_a_hubs_label_that_is_none_is_told(tmp_path: Path) -> None:
    file = tmp_path / "data/glue/rte/validation-00000-of-00001.parquet"
    write_parquet(file, [{"sentence1": "a", "sentence2": "b", "label": -1}])
    with pytest.raises(DataError, match=r"is not RTE's validation split of GLUE \(-1 is no label"):
        load("glue-rte@loglik", tmp_path / "data")


@pytest.mark.parametrize(
    ("file", "line", "why"),
    [
        ("RTE/dev.tsv", "2\ta\tb\tperhaps", "'perhaps' is no label"),
        ("STS-B/dev.tsv", sts("a", "b", "6.1"), r"'6\.1' is no label"),
        ("STS-B/dev.tsv", sts("a", "b", "much"), "'much' is no label"),
        ("RTE/dev.tsv", "3\ta", "lines have fewer than 4 columns"),
    ],
)
def test_a_wrong_file_is_told(data: Path, file: str, line: str, why: str) -> None:
    with (data / "glue" / file).open("a", encoding="utf-8") as lines:
        lines.write(f"{line}\n")
    task = {"RTE": "rte", "STS-B": "stsb"}[file.partition("/")[0]]
    with pytest.raises(DataError, match=rf"validation split of GLUE \({why}.*get it anew"):
        load(f"glue-{task}@loglik", data)


def test_a_file_without_cases_is_told(data: Path) -> None:
    (data / "glue/RTE/dev.tsv").write_text("index\tsentence1\n", encoding="utf-8")
    with pytest.raises(DataError, match="is not RTE's validation split"):
        load("glue-rte@loglik", data)


def test_a_few_broken_lines_are_left_out_and_told(data: Path) -> None:
    file = data / "glue/QQP/dev.tsv"
    whole = [f"{n}\t1\t2\tWhy {n}?\tHow {n}?\t0" for n in range(200)]
    file.write_text("\n".join(["head", *whole, "7\t1\t2\tbroken", ""]), encoding="utf-8")
    notes: list[str] = []
    assert len(load("glue-qqp@loglik", data, notes)) == 200
    assert notes[0] == f"GLUE: 1 broken lines of {str(file)!r} are left out"


def test_the_diagnostics_need_a_file_with_keys(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'AX/diagnostic-full\.tsv'.*cannot be fetched"):
        load("glue-ax@loglik", tmp_path)


def test_all_tasks_come_in_turn(data: Path) -> None:
    notes: list[str] = []
    loading = options(data, data=data, notes=notes)
    tasks = [case.fields["task"] for case in BENCHMARKS.get("glue@loglik").load(loading)]
    assert tasks[:10] == [task.name for task in TASKS]
    assert notes[0].startswith("GLUE: the tasks that are here are CoLA, SST-2, MRPC")


def test_where_nothing_is_here_all_would_be_fetched(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'validation-00000-of-00001\.parquet' could not be"):
        BENCHMARKS.get("glue@loglik").load(options(tmp_path))


def test_of_all_tasks_those_that_are_here_are_asked(data: Path) -> None:
    for task in TASKS[:-2]:
        for file in task.files:
            (data / "glue" / task.folder / file).unlink()
    assert {c.fields["task"] for c in load("glue@loglik", data).values()} == {"wnli", "ax"}


def test_the_real_wnli_is_read_whole() -> None:
    notes: list[str] = []
    loading = options(Path("nowhere"), data=shared_data("glue").parent, notes=notes)
    benchmark = BENCHMARKS.get("glue-wnli@loglik")
    cases = list(benchmark.load(loading))
    assert notes == []
    assert len(cases) == len({case.id for case in cases}) == 71
    assert sum(read(benchmark, case, " False").value for case in cases) == 40
