"""Questions of a field are asked where a run scored it, and answered no further than it shows."""

from dataclasses import replace

import pytest

from tests.report.faq.asking import THIRD, answer, asked
from tests.report.fixtures import (
    BENCHMARKS,
    HOSTED,
    JUDGEMENT,
    QWEN,
    RUN,
    SMOL,
    cell,
    counts,
    est,
    gap,
    row,
)
from visavis.measure.spec import BenchmarkSpec
from visavis.report.clauses import told
from visavis.report.faq.asked import Answered
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import field_of, title
from visavis.stats.estimate import TooFew
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Prefer, Undecided


def with_specs(*protocols: str) -> RunFacts:
    """A run whose benchmarks have these protocols, each under its family's name."""
    specs = tuple(
        replace(BENCHMARKS[0], name=one.partition("@")[0], protocol=one) for one in protocols
    )
    return replace(RUN, spec=replace(RUN.spec, benchmarks=specs))


def of_three(*gaps: tuple[str, str, Prefer | Alike | Undecided], benchmark: str) -> MeasureRow:
    cells = tuple(
        cell(name, est(value, value - 0.02, value + 0.02, 500), counts(name, benchmark, 500))
        for name, value in ((QWEN, 0.9), (SMOL, 0.8), (THIRD, 0.88))
    )
    return row(
        "score",
        cells,
        tuple(gap(verdict, a=a, b=b) for a, b, verdict in gaps),
        benchmark,
        up=True,
        matters=0.05,
    )


def ahead(winner: str) -> Prefer:
    return Prefer(winner=winner, by=est(0.1, 0.07, 0.13, 500))


LEVEL = Alike(within=0.05, by=est(0.01, -0.01, 0.03, 500))
OPEN = Undecided(by=est(0.02, -0.01, 0.08, 500), cases_needed=1234, because=Because.TOO_WIDE)


def three(*rows: MeasureRow) -> tuple[Answered, ...]:
    spec = replace(RUN.spec, candidates=(*RUN.spec.candidates, HOSTED))
    specs = tuple(replace(BENCHMARKS[1], name=one.benchmark) for one in rows)
    run = replace(RUN, spec=replace(spec, benchmarks=specs))
    judgement = Judgement(candidates=(QWEN, SMOL, THIRD), rows=rows, policy="default", family=3)
    return asked(run, judgement)


def test_a_field_is_asked_for_by_what_its_benchmarks_are_about() -> None:
    questions = [one.question for one in asked()]
    assert questions[:2] == [
        "Which is better at reasoning?",
        "Which is better at writing code?",
    ]


def test_an_answer_says_by_how_much_over_how_many_cases() -> None:
    said = answer("Which is better at writing code?", asked())
    assert said == (
        f"{QWEN}: it was shown ahead of {SMOL}. "
        f"HumanEval, 16 cases ({QWEN} 56%, {SMOL} 15%): {QWEN} is ahead of {SMOL} "
        "by 41 points (25 to 57)."
    )


def test_what_is_undecided_is_said_to_be_with_what_would_settle_it() -> None:
    said = answer("Which is better at reasoning?", asked())
    assert "nobody does better than guessing would" in said
    assert "undecided: anything from smollm2-135m ahead by 5 points" in said
    assert "about 350 cases would settle it" in said
    assert "Guessing scores 50%." in said


def test_a_benchmark_of_ones_own_is_asked_for_by_its_name() -> None:
    run = with_specs("own@1", "humaneval@evalplus")
    rows = (replace(JUDGEMENT.rows[1], benchmark="own"), JUDGEMENT.rows[0])
    seen = asked(run, replace(JUDGEMENT, rows=rows))
    assert seen[0].question == "Which is better on own?"


@pytest.mark.parametrize(
    ("gaps", "beginning"),
    [
        (((QWEN, SMOL, ahead(QWEN)), (QWEN, THIRD, ahead(QWEN)), (SMOL, THIRD, OPEN)), QWEN),
        (
            ((QWEN, SMOL, ahead(QWEN)), (QWEN, THIRD, LEVEL), (SMOL, THIRD, ahead(THIRD))),
            f"{QWEN} and {THIRD}: each was shown ahead of {SMOL}, and among themselves they are",
        ),
        (
            ((QWEN, SMOL, ahead(QWEN)), (QWEN, THIRD, OPEN), (SMOL, THIRD, ahead(THIRD))),
            f"{QWEN} and {THIRD}: each was shown ahead of {SMOL}; among themselves no difference",
        ),
        (((QWEN, SMOL, LEVEL), (QWEN, THIRD, LEVEL), (SMOL, THIRD, LEVEL)), "They are alike"),
        (((QWEN, SMOL, OPEN), (QWEN, THIRD, LEVEL), (SMOL, THIRD, LEVEL)), "That is not decided"),
        (((QWEN, SMOL, OPEN), (QWEN, THIRD, OPEN), (SMOL, THIRD, ahead(THIRD))), "Nobody was"),
    ],
)
def test_several_candidates_are_summed_up_by_who_was_shown_ahead_of_whom(
    gaps: tuple[tuple[str, str, Prefer | Alike | Undecided], ...], beginning: str
) -> None:
    said = answer("Which is better at writing code?", three(of_three(*gaps, benchmark="humaneval")))
    assert said.startswith(beginning)


def test_benchmarks_that_disagree_are_said_to() -> None:
    one = of_three((QWEN, SMOL, ahead(QWEN)), benchmark="a")
    other = of_three((QWEN, SMOL, ahead(SMOL)), benchmark="b")
    assert answer("Which is better at writing code?", three(one, other)).startswith(
        "That depends on the benchmark."
    )


def test_many_benchmarks_of_a_field_are_left_to_the_table() -> None:
    rows = [of_three((QWEN, SMOL, OPEN), benchmark=str(n)) for n in range(4)]
    assert answer("Which is better at writing code?", three(*rows)).endswith(
        "2 further benchmarks: in the table."
    )


def test_a_single_candidate_is_asked_nothing() -> None:
    spec = replace(RUN.spec, candidates=RUN.spec.candidates[:1])
    assert asked(replace(RUN, spec=spec)) == ()


def test_alike_ratios_and_gaps_without_an_interval_are_told_too() -> None:
    alike = JUDGEMENT.rows[-1]
    assert told(alike, "Tokens per reply", "en").endswith(
        f"{QWEN} and {SMOL} are alike, less than 10% apart (0.93 to 1.04)."
    )
    few = TooFew(groups=1, needed=2)
    bare = row(
        "score",
        (cell(QWEN, few), cell(SMOL, few)),
        (gap(Undecided(by=few, cases_needed=None, because=Because.TOO_FEW)),),
        "logic",
        up=True,
    )
    assert told(bare, "Logic", "en") == (
        f"Logic ({QWEN} too few (1 of 2), {SMOL} too few (1 of 2)): undecided: "
        "too little was measured (1 of 2)."
    )


@pytest.mark.parametrize(
    ("name", "protocol", "field", "called"),
    [
        ("gsm8k", "gsm8k@zeroeval", "mathematics", "GSM8K"),
        ("math", "math@zeroeval", "mathematics", "MATH, level 5"),
        ("mine", "gsm8k@0cot", "mathematics", "mine"),
        ("glue-cola", "glue-cola@loglik", "language", "glue-cola"),
        ("capitals", "own@1", None, "capitals"),
    ],
)
def test_a_benchmark_is_called_by_its_published_name(
    name: str, protocol: str, field: str | None, called: str
) -> None:
    spec: BenchmarkSpec = replace(BENCHMARKS[0], name=name, protocol=protocol)
    assert (field_of(protocol), title(spec, "en")) == (field, called)
