"""What the tests of GLUE share: a few lines of each task's file, read and graded."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.benchmarks.upstream import options
from visavis.benchmarks.base import BENCHMARKS, Benchmark
from visavis.core.case import Case
from visavis.core.fence import NoFence
from visavis.core.outcome import Score

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
