from itertools import combinations

import pytest

from visavis.stats.estimate import Estimate
from visavis.verdict.compare import Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Prefer, Undecided, Verdict
from visavis.verdict.explain import (
    AlikeOverall,
    Depends,
    Overall,
    PreferOverall,
    UndecidedOverall,
    explain,
)

BY = Estimate(value=0.1, low=0.0, high=0.2, n=40, method="any")
ALIKE = Alike(within=0.05, by=BY)
OPEN = Undecided(by=BY, cases_needed=200, because=Because.TOO_WIDE)
PAIR = ("a", "b")


def prefer(winner: str) -> Prefer:
    return Prefer(winner=winner, by=BY)


def judgement(candidates: str, *measures: tuple[str, dict[str, Verdict]]) -> Judgement:
    """One row a measure; verdicts by pair, such as `ab`."""
    return Judgement(
        candidates=tuple(candidates),
        rows=tuple(
            MeasureRow(
                measure=measure,
                benchmark="logic",
                higher_is_better=True,
                matters=0.05,
                cells=(),
                gaps=tuple(
                    Gap(a=a, b=b, scale="ratio", p_value=0.01, p_holm=0.02, verdict=verdicts[a + b])
                    for a, b in combinations(candidates, 2)
                    if a + b in verdicts
                ),
            )
            for measure, verdicts in measures
        ),
        policy="default",
        family=len(measures),
    )


@pytest.mark.parametrize(
    ("score", "speed", "overall"),
    [
        (prefer("a"), prefer("a"), PreferOverall(winner="a")),
        (prefer("b"), OPEN, PreferOverall(winner="b")),
        (ALIKE, prefer("b"), PreferOverall(winner="b")),
        (prefer("a"), prefer("b"), Depends(between=PAIR)),
        (ALIKE, ALIKE, AlikeOverall(between=PAIR)),
        (ALIKE, OPEN, UndecidedOverall(between=PAIR)),
        (OPEN, OPEN, UndecidedOverall(between=PAIR)),
        (OPEN, prefer("b"), UndecidedOverall(between=PAIR)),  # speed alone is no reason
    ],
)
def test_a_pair_comes_to_one_of_four(score: Verdict, speed: Verdict, overall: Overall) -> None:
    found = explain(judgement("ab", ("score", {"ab": score}), ("first_token_s", {"ab": speed})))
    assert found.overall == overall == found.pairs[0].overall


def test_each_point_of_a_pair_is_told_once_in_the_tables_order() -> None:
    (pair,) = explain(
        judgement(
            "ab",
            ("score", {"ab": prefer("a")}),
            ("usd_per_solved_case", {"ab": OPEN}),
            ("first_token_s", {"ab": prefer("b")}),
            ("output_tokens_per_s", {"ab": ALIKE}),
        )
    ).pairs
    told = [
        [point.row.measure for point in points]
        for points in (pair.for_a, pair.for_b, pair.alike, pair.undecided)
    ]
    assert told == [["score"], ["first_token_s"], ["output_tokens_per_s"], ["usd_per_solved_case"]]


def test_what_only_explains_a_price_does_not_count_in_a_choice() -> None:
    found = explain(
        judgement("ab", ("score", {"ab": prefer("a")}), ("output_tokens", {"ab": prefer("b")}))
    )
    assert found.overall == PreferOverall(winner="a")
    assert len(found.pairs[0].for_b) == 1


def test_where_nothing_was_measured_nothing_is_decided() -> None:
    assert explain(judgement("ab")).overall == UndecidedOverall(between=PAIR)
    assert explain(judgement("a")).overall == UndecidedOverall(between=("a",))


@pytest.mark.parametrize(
    ("verdicts", "overall"),
    [
        ({"ab": prefer("a"), "ac": prefer("a"), "bc": OPEN}, PreferOverall(winner="a")),
        ({"ab": ALIKE, "ac": prefer("a"), "bc": prefer("b")}, AlikeOverall(between=("a", "b"))),
        ({"ab": OPEN, "ac": prefer("a"), "bc": OPEN}, UndecidedOverall(between=("a", "b"))),
        ({"ab": prefer("a"), "ac": OPEN, "bc": prefer("b")}, UndecidedOverall(between=("a", "c"))),
        (
            {"ab": prefer("a"), "ac": prefer("c"), "bc": prefer("b")},
            Depends(between=("a", "b", "c")),
        ),
    ],
)
def test_several_come_to_the_best_or_to_what_is_between_those_in_front(
    verdicts: dict[str, Verdict], overall: Overall
) -> None:
    assert explain(judgement("abc", ("score", verdicts))).overall == overall


def test_a_trade_off_in_front_is_told_whoever_lies_behind() -> None:
    score: dict[str, Verdict] = {"ab": prefer("a"), "ac": prefer("a"), "bc": prefer("b")}
    speed: dict[str, Verdict] = {"ab": prefer("b"), "ac": ALIKE, "bc": ALIKE}
    found = explain(judgement("abc", ("score", score), ("first_token_s", speed)))
    assert found.overall == Depends(between=("a", "b"))
