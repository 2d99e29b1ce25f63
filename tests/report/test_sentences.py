"""The verdict in words, for two candidates and for three, in both languages."""

from dataclasses import replace

import pytest

from tests.report.fixtures import JUDGEMENT, QWEN, SMOL, cell, est, gap, row
from visavis.report.headline import headline
from visavis.report.sentences import sentences
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Prefer, Undecided, Verdict


def judged(*rows: MeasureRow, candidates: tuple[str, ...] = (QWEN, SMOL)) -> Judgement:
    return Judgement(candidates=candidates, rows=rows, policy="default", family=3)


def scored(verdict: Verdict, benchmark: str = "logic") -> MeasureRow:
    cells = (cell(QWEN, est(0.5, 0.4, 0.6)), cell(SMOL, est(0.4, 0.3, 0.5)))
    return row("score", cells, (gap(verdict),), benchmark, up=True, matters=0.05)


def said(*rows: MeasureRow) -> str:
    return " ".join(sentence.text for sentence in sentences(judged(*rows), "en")).replace(
        "\u00a0", " "
    )


def test_the_headline_says_who_is_better_at_what_and_what_is_open() -> None:
    assert headline(JUDGEMENT, "en") == (
        "It depends: qwen2.5-coder-0.5b is better at humaneval; smollm2-135m is quicker to answer "
        "and faster at writing; logic is undecided."
    )
    assert headline(JUDGEMENT, "fr") == (
        "Cela dépend\u00a0: qwen2.5-coder-0.5b est meilleur sur humaneval\u202f; smollm2-135m est "
        "plus prompt à répondre et plus rapide à écrire\u202f; encore à trancher\u00a0: logic."
    )


def test_each_verdict_is_a_sentence_with_its_evidence() -> None:
    told = [s.text.replace("\u00a0", " ") for s in sentences(JUDGEMENT, "en")]
    assert told == [
        "qwen2.5-coder-0.5b is better at humaneval: +41 points (25 to 57, n = 16).",
        "smollm2-135m is quicker to answer: qwen2.5-coder-0.5b takes 2.61 times as long "
        "(2.48 to 2.75, n = 12).",
        "smollm2-135m is faster at writing: 3.72 times as many tokens per second as "
        "qwen2.5-coder-0.5b (3.56 to 3.88, n = 12).",
        "qwen2.5-coder-0.5b and smollm2-135m are alike on tokens per reply (humaneval): "
        "they differ by less than 10%, 0.97 times (0.93 to 1.04, n = 64).",
        "logic is undecided: anything from smollm2-135m ahead by 5 points to qwen2.5-coder-0.5b "
        "ahead by 21 points is possible; about 350 cases would settle it if "
        "the gap is as measured.",
    ]


def test_a_lower_score_of_the_first_is_told_from_the_winners_side() -> None:
    lost = scored(Prefer(winner=SMOL, by=est(-0.3, -0.45, -0.1)))
    assert said(lost) == "smollm2-135m is better at logic: +30 points (10 to 45, n = 16)."


def test_alike_scores_are_told_in_points() -> None:
    alike = scored(Alike(within=0.05, by=est(0.0, -0.01, 0.01)))
    assert "alike on logic: they differ by less than 5 points" in said(alike)
    assert headline(judged(alike), "en") == (
        "No difference that matters: the two are alike on logic."
    )


@pytest.mark.parametrize(
    ("because", "verdict_by", "expected"),
    [
        (Because.TOO_FEW, TooFew(groups=1, needed=2), "too little was measured (1 of 2)."),
        (Because.FAILED, est(0.1, 0.05, 0.2), "too many of the cases asked have failed."),
        (
            Because.CORRECTED,
            est(0.1, 0.02, 0.2),
            "qwen2.5-coder-0.5b looks ahead by 2 points to 20 points, but not beyond doubt after "
            "so many comparisons.",
        ),
        (
            Because.MAY_LACK_RARE,
            est(0.1, 0.02, 0.2),
            "among so few replies, one that runs on to the limit may be missing.",
        ),
        (
            Because.NOT_EXACT,
            est(-0.1, -0.2, -0.02),
            "smollm2-135m looks ahead by 2 points to 20 points, but the exact test still allows "
            "chance.",
        ),
    ],
)
def test_what_is_open_says_why(
    because: Because, verdict_by: Estimate | TooFew, expected: str
) -> None:
    open_ = scored(Undecided(by=verdict_by, cases_needed=None, because=because))
    assert said(open_) == f"logic is undecided: {expected}"
    assert headline(judged(open_), "en") == "Not decided yet: logic is undecided."


def test_where_nothing_was_solved_there_is_no_price_of_a_solved_case_to_compare() -> None:
    none = TooFew(groups=0, needed=1)
    open_ = Undecided(by=none, cases_needed=None, because=Because.TOO_FEW)
    cells = (cell(QWEN, est(0.5, 0.4, 0.6)), cell(SMOL, none))
    price = row("usd_per_solved_case", cells, (gap(open_, "ratio"),), "humaneval")
    assert said(price).endswith("of one of them no case was solved, or none was paid for.")


def test_an_open_ratio_is_told_as_a_range() -> None:
    open_ = Undecided(by=est(1.0, 0.8, 1.3), cases_needed=None, because=Because.TOO_WIDE)
    cells = (cell(QWEN, est(0.5, 0.4, 0.6)), cell(SMOL, est(0.5, 0.4, 0.6)))
    speed = row("first_token_s", cells, (gap(open_, "ratio"),))
    assert said(speed) == (
        "time to first token is undecided: for qwen2.5-coder-0.5b, anything from 0.80 to 1.30 "
        "times smollm2-135m is possible."
    )


def test_nothing_compared_is_said_so() -> None:
    assert headline(judged(), "en") == "Nothing was compared."


def three(*verdicts: Verdict) -> Judgement:
    """Verdicts on A against B, A against C and B against C."""
    pairs = (("A", "B"), ("A", "C"), ("B", "C"))
    gaps: list[Gap] = [
        replace(gap(verdict), a=a, b=b) for verdict, (a, b) in zip(verdicts, pairs, strict=True)
    ]
    cells = tuple(cell(name, est(0.5, 0.4, 0.6)) for name in "ABC")
    logic = row("score", cells, tuple(gaps), "logic", up=True, matters=0.05)
    return judged(logic, candidates=("A", "B", "C"))


def test_the_best_of_three_has_to_beat_both_others() -> None:
    over, open_ = est(0.3, 0.2, 0.4), est(0.0, -0.2, 0.2)
    best = three(
        Prefer(winner="A", by=over),
        Prefer(winner="A", by=over),
        Undecided(by=open_, cases_needed=900, because=Because.TOO_WIDE),
    )
    assert headline(best, "en") == "Prefer A: A is better at logic."
    assert sentences(best, "en")[0].text.startswith("A is better at logic than B: +30 points")
    assert sentences(best, "en")[2].text.startswith("logic between B and C is undecided")
    unclear = three(
        Prefer(winner="A", by=over),
        Undecided(by=open_, cases_needed=900, because=Because.TOO_WIDE),
        Undecided(by=open_, cases_needed=900, because=Because.TOO_WIDE),
    )
    assert "logic has no winner over all" in headline(unclear, "en")


def test_three_alike_are_told_together() -> None:
    alike = Alike(within=0.05, by=est(0.0, -0.01, 0.01))
    assert "all are alike on logic" in headline(three(alike, alike, alike), "en")


def at_chance(winner: str, low: float, verdict: Verdict | None = None) -> MeasureRow:
    """QWEN ahead of SMOL by ten points of a test on which guessing scores a quarter."""
    cells = (cell(QWEN, est(low + 0.05, low, low + 0.1)), cell(SMOL, est(0.08, 0.05, 0.13)))
    shown = verdict or Prefer(winner=winner, by=est(0.1, 0.04, 0.18))
    return row("score", cells, (gap(shown),), "mmlu", up=True, matters=0.05)


def test_a_lead_of_one_who_guesses_is_not_called_better() -> None:
    chances = {"mmlu": 0.25, "logic": None}
    known = scored(Prefer(winner=QWEN, by=est(0.3, 0.1, 0.45)))
    judgement = judged(at_chance(QWEN, 0.14), known)
    first, _second = (s.text.replace("\u00a0", " ") for s in sentences(judgement, "en", chances))
    assert first == (
        "qwen2.5-coder-0.5b scores 10 points more than smollm2-135m on mmlu (4 to 18, n = 16), "
        "but is not above guessing (25%): that may show who keeps to the format, not who knows "
        "more."
    )
    assert headline(judgement, "en", chances) == (
        "Prefer qwen2.5-coder-0.5b: qwen2.5-coder-0.5b is better at logic; nobody does better than "
        "guessing on mmlu."
    )


def test_nobody_is_preferred_for_a_lead_among_those_who_guess() -> None:
    judgement = judged(at_chance(QWEN, 0.14))
    assert headline(judgement, "en", {"mmlu": 0.25}) == (
        "Not decided yet: nobody does better than guessing on mmlu."
    )


@pytest.mark.parametrize("chances", [{}, {"mmlu": None}, {"mmlu": 0.1}])
def test_whoever_is_above_chance_is_better(chances: dict[str, float | None]) -> None:
    judgement = judged(at_chance(QWEN, 0.14))
    assert "is better at mmlu" in headline(judgement, "en", chances)
    assert "is better at mmlu" in sentences(judgement, "en", chances)[0].text


def test_those_who_are_each_shown_ahead_of_the_rest_are_told_once_for_all_benchmarks() -> None:
    over, within = est(0.3, 0.2, 0.4), est(0.0, -0.01, 0.01)
    ahead = three(
        Alike(within=0.05, by=within), Prefer(winner="A", by=over), Prefer(winner="B", by=over)
    )
    (logic,) = ahead.rows
    prices = tuple(
        row(
            "usd_per_solved_case",
            tuple(cell(name, est(0.5, 0.4, 0.6)) for name in "ABC"),
            tuple(
                replace(gap(Prefer(winner="C", by=est(3.0, 2.0, 4.0)), "ratio"), a=a, b=b)
                if b == "C"
                else replace(gap(Alike(within=0.1, by=est(1.0, 0.99, 1.01)), "ratio"), a=a, b=b)
                for a, b in (("A", "B"), ("A", "C"), ("B", "C"))
            ),
            benchmark,
        )
        for benchmark in ("logic", "math")
    )
    rows = (logic, prices[0], replace(logic, benchmark="math"), prices[1])
    assert headline(replace(ahead, rows=rows), "en") == (
        "It depends: A and B are each better at logic and math than C; C is cheaper per solved "
        "case of logic and math."
    )
