"""GLUE: its tasks' files, how each is asked and read, and the paper's measures."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from scipy import stats

from tests.benchmarks.upstream import options, write_parquet
from tests.measure.things import NoFence
from tests.shared_data import shared_data
from visavis.benchmarks import glue
from visavis.benchmarks.base import BENCHMARKS, Benchmark, Graded
from visavis.benchmarks.figures import figures_of
from visavis.benchmarks.glue_tasks import TASKS
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Score
from visavis.stats.estimate import Estimate, TooFew

MNLI_HEAD = "\t".join(f"column{n}" for n in range(16))


def nli(premise: str, hypothesis: str, label: str) -> str:
    """A line of MNLI's development files."""
    return "\t".join(["x"] * 8 + [premise, hypothesis] + ["y"] * 5 + [label])


def sts(first: str, second: str, amount: str) -> str:
    return "\t".join(["x"] * 7 + [first, second, amount])


FILES: Mapping[str, Sequence[str]] = {
    "CoLA/dev.tsv": [
        "gj04\t1\t\tThe sailors rode the breeze clear of the rocks.",
        "gj04\t0\t*\tThe car honked down the road",
        'gj04\t1\t\tSay "no',
    ],
    "SST-2/dev.tsv": ["sentence\tlabel", "a charming journey . \t1", "unflinchingly bleak \t0"],
    "MRPC/dev.tsv": [
        "\ufeffQuality\t#1 ID\t#2 ID\t#1 String\t#2 String",
        "1\t1\t2\tHe said so.\tSo he said.",
        "0\t3\t4\tShares rose.\tShares fell.",
    ],
    "QQP/dev.tsv": [
        "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate",
        "0\t1\t2\tWhy?\tWhat for?\t1",
        "1\t3\t4\tWho?\tWhere?\t0",
    ],
    "STS-B/dev.tsv": [
        "index\tgenre\tfile\tyear\told\ts1\ts2\tsentence1\tsentence2\tscore",
        sts("A man plays.", "A man is playing.", "4.800"),
        sts("A cat sits.", "A plane lands.", "0"),
        sts("A boy runs.", "A child runs.", "3.25"),
    ],
    "MNLI/dev_matched.tsv": [
        MNLI_HEAD,
        nli("It rains.", "It is wet", "entailment"),
        nli("It rains.", "It is dry.", "contradiction"),
    ],
    "MNLI/dev_mismatched.tsv": [MNLI_HEAD, nli("He left.", "She came.", "neutral")],
    "QNLI/dev.tsv": [
        "index\tquestion\tsentence\tlabel",
        "0\tWho won?\tAnn won.\tentailment",
        "1\tWho won?\tIt rained.\tnot_entailment",
    ],
    "RTE/dev.tsv": [
        "index\tsentence1\tsentence2\tlabel",
        "0\tAnn won.\tSomebody won.\tentailment",
        "1\tAnn won.\tAnn lost.\tnot_entailment",
    ],
    "WNLI/dev.tsv": [
        "index\tsentence1\tsentence2\tlabel",
        "0\tThe cup is in the box, it is red.\tThe box is red.\t0",
        "1\tThe cup is in the box, it is large.\tThe box is large.\t1",
    ],
    "AX/diagnostic-full.tsv": [
        "Lexical Semantics\tPredicate\tLogic\tKnowledge\tDomain\tPremise\tHypothesis\tLabel",
        "\t\t\t\tNews\tThe cat sat\tThe cat did not sit.\tcontradiction",
        "\t\t\t\tNews\tThe cat did not sit.\tThe cat sat\tcontradiction",
    ],
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Files of our own in upstream's form."""
    for name, lines in FILES.items():
        file = tmp_path / "upstream/glue" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8", newline="")
    return tmp_path / "upstream"


def load(name: str, data: Path, notes: list[str] | None = None) -> dict[str, Case]:
    """Cases by their first text; a text that stands there twice by its second."""
    made: dict[str, Case] = {}
    loading = options(data.parent / "home", data=data, notes=notes)
    for case in BENCHMARKS.get(name).load(loading):
        first = case.fields["first"]
        made[case.fields["second"] if first in made else first] = case
    return made


def read(benchmark: Benchmark, case: Case, text: str) -> Score:
    grade = benchmark.grade(case, text, NoFence())
    assert isinstance(grade, Score)
    return grade


def test_every_task_has_two_ways_of_asking() -> None:
    for task in TASKS:
        assert BENCHMARKS.get(f"glue-{task.name}@loglik").way == "choose"
        assert BENCHMARKS.get(f"glue-{task.name}@generative").way == "chat"
    assert BENCHMARKS.get("glue-mnli@loglik").chance == pytest.approx(1 / 3)
    assert BENCHMARKS.get("glue-stsb@loglik").chance is None


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


def graded(task: str, key: str, said: str | None, number: int, part: str = "") -> Graded:
    fields = {"task": task, "first": f"text {number}"} | ({"part": part} if part else {})
    name = f"glue/{task}/{key}/{number}"
    case = Case(id=name, group=name, question="?", target=key, fields=fields)
    score = Score(value=0.0, because="") if said is None else glue.compare(case, said)
    assert isinstance(score, Score)
    return Graded(case=case, score=score)


Table = Mapping[tuple[str, str | None], int]
"""How many answers have this key and this label."""


def answers(task: str, table: Table, part: str = "") -> list[Graded]:
    """So many answers for each pair of key and label."""
    return [
        graded(task, key, said, number, part)
        for (key, said), count in table.items()
        for number in range(count)
    ]


COLA: Table = {
    ("acceptable", "acceptable"): 60,
    ("acceptable", "unacceptable"): 10,
    ("unacceptable", "acceptable"): 15,
    ("unacceptable", "unacceptable"): 15,
}
MRPC: Table = {
    ("equivalent", "equivalent"): 50,
    ("equivalent", "different"): 10,
    ("different", "equivalent"): 20,
    ("different", "different"): 19,
    ("equivalent", None): 1,
}


def values(protocol: str, seen: Sequence[Graded]) -> dict[str, float | None]:
    found = figures_of(BENCHMARKS.get(protocol), seen)
    return {
        one.name: one.value.value if isinstance(one.value, Estimate) else one.value.mean
        for one in found
    }


def test_cola_is_measured_by_matthews() -> None:
    expected = (60 * 15 - 15 * 10) / (75 * 70 * 30 * 25) ** 0.5
    assert values("glue-cola@loglik", answers("cola", COLA)) == {
        "Matthews correlation": pytest.approx(expected)
    }


def test_f1_counts_an_unread_answer_as_a_miss() -> None:
    assert values("glue-mrpc@loglik", answers("mrpc", MRPC)) == {
        "F1": pytest.approx(100 / (100 + 20 + 11))
    }


def test_amounts_are_measured_by_two_correlations() -> None:
    keys, said = ("0.000", "1.000", "2.500", "4.000", "5.000"), ("0", "2", "1", "4", "3.5")
    seen = [
        graded("stsb", key, read, n) for n, (key, read) in enumerate(zip(keys, said, strict=True))
    ]
    found = values("glue-stsb@loglik", [*seen, graded("stsb", "3.000", None, 9)])
    assert found["Spearman correlation"] == pytest.approx(0.8)
    assert found["Pearson correlation"] == pytest.approx(
        stats.pearsonr([0, 1, 2.5, 4, 5], [0, 2, 1, 4, 3.5])[0]
    )


def test_amounts_none_of_which_could_be_read_have_no_correlation() -> None:
    figures = figures_of(BENCHMARKS.get("glue-stsb@loglik"), [graded("stsb", "3.000", None, 1)])
    assert [figure.value for figure in figures] == [TooFew(groups=0, needed=2)] * 2


def test_mnli_is_measured_by_part() -> None:
    right: Table = {("neutral", "neutral"): 8, ("neutral", "entailment"): 2}
    wrong: Table = {("neutral", "neutral"): 5, ("neutral", "entailment"): 5}
    seen = answers("mnli", right, "matched") + answers("mnli", wrong, "mismatched")
    assert values("glue-mnli@loglik", seen) == {
        "matched accuracy": pytest.approx(0.8),
        "mismatched accuracy": pytest.approx(0.5),
    }


def test_the_glue_score_averages_measures_and_then_tasks() -> None:
    seen = answers("cola", COLA) + answers("mrpc", MRPC)
    seen += answers("stsb", {("0.000", "0"): 5, ("2.000", "3"): 5, ("5.000", "4"): 5})
    plain = {
        "sst2": "positive",
        "qqp": "duplicate",
        "mnli": "neutral",
        "qnli": "yes",
        "rte": "yes",
        "wnli": "yes",
    }
    for task, key in plain.items():
        seen += answers(task, {(key, key): 3, (key, "no"): 1})
    found = values("glue@loglik", seen)
    mrpc = (found["MRPC, accuracy"] or 0) / 2 + (found["MRPC, F1"] or 0) / 2
    qqp = (0.75 + 2 * 3 / (2 * 3 + 1)) / 2
    stsb = ((found["STS-B, Pearson correlation"] or 0) + 1.0) / 2
    tasks = [found["CoLA, Matthews correlation"] or 0, 0.75, mrpc, qqp, stsb, 0.75, 0.75, 0.75]
    assert found["GLUE score without WNLI"] == pytest.approx(sum(tasks) / 8)
    assert found["GLUE score"] == pytest.approx((sum(tasks) + 0.75) / 9)


def test_without_all_tasks_there_is_no_glue_score() -> None:
    assert "GLUE score" not in values("glue@loglik", answers("cola", COLA))


def test_the_real_wnli_is_read_whole() -> None:
    notes: list[str] = []
    loading = options(Path("nowhere"), data=shared_data("glue").parent, notes=notes)
    benchmark = BENCHMARKS.get("glue-wnli@loglik")
    cases = list(benchmark.load(loading))
    assert notes == []
    assert len(cases) == len({case.id for case in cases}) == 71
    assert sum(read(benchmark, case, " False").value for case in cases) == 40
