"""From observations to one judgement: every measure, every pair, one family of tests.

Repeats of one case are averaged first, so a case counts once however often it was asked. Pairs
are made of the cases that both candidates answered; what either failed to answer is counted,
and above a stated share of failures no verdict is given on that benchmark (`Because.FAILED`).

Where benchmarks were asked until decided, their scores are what the run is stopped by, and they
share nine tenths of the 5 % for false preferences; all other tests, which are made once asking has
ended, share the rest (Holm, 1979, gives his correction with such weights). So a score is judged
alike while it comes in, when nobody knows yet which other tests there will be, and at the end.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import comb
from typing import NamedTuple

from visavis.core.observation import Counts, Observation
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.many import holm
from visavis.stats.paired import PairedTest
from visavis.verdict.decide import Because, Correction, Undecided, Verdict, decide, failed_too_often
from visavis.verdict.luck import Luck, luck_of
from visavis.verdict.methods import FIXED, Drawn, RowKey, Sheets, sheets_of
from visavis.verdict.policy import MEASURES, Bar, Policy
from visavis.verdict.tries import sorted_out

STOPPED_BY = 0.9
"""Part of the 5 % for the scores that a run is stopped by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One candidate on one measure."""

    candidate: str
    estimate: Estimate | TooFew
    """Too few of 0 groups: nothing was measured."""
    counts: Counts | None
    """For measures that come from graded cases."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Candidate `a` against candidate `b` on one measure; the gap is `a - b`, or `a / b`."""

    a: str
    b: str
    scale: str
    """`difference` or `ratio`: what `verdict.by` estimates. No gap is 0 or 1.0."""
    p_value: float | None
    """Two-sided, before correction."""
    p_holm: float | None
    """After Holm's correction over the whole family of this judgement."""
    verdict: Verdict
    error: float | None = None
    """Standard error of the gap (of its logarithm where it is a ratio), as its test has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """One measure, all candidates, all pairs."""

    measure: str
    benchmark: str
    higher_is_better: bool
    matters: float
    """Smallest difference (or ratio minus one) that would change a choice."""
    cells: tuple[Cell, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """All that can be said of these candidates from these observations."""

    candidates: tuple[str, ...]
    rows: tuple[MeasureRow, ...]
    policy: str
    family: int
    """Number of tests over which Holm's correction was made."""
    luck: tuple[Luck, ...] = ()
    """How far scores rest on luck, where cases were tried several times."""


class Question(NamedTuple):
    """Which gap: one row, one pair."""

    row: RowKey
    a: str
    b: str


class Asked(NamedTuple):
    """A gap before the correction."""

    tested: PairedTest | TooFew
    barred: bool
    """Too many cases failed for a verdict."""


Failing = Collection[tuple[str, str]]
"""Candidates, each with a benchmark, that failed in too many cases for a verdict."""


def judge(
    observations: Iterable[Observation],
    counts: Sequence[Counts],
    candidates: Sequence[str],
    policy: Policy,
    drawn: Drawn = FIXED,
) -> Judgement:
    """All that can be said of these candidates. All gaps that can get a verdict are one family."""
    seen = sorted_out(observations, drawn)
    sheets = sheets_of(seen, drawn)
    counts_of = {(c.candidate, c.benchmark): c for c in counts}
    failing = {of for of, counted in counts_of.items() if failed_too_often(counted)}
    gaps = compared(sheets, candidates, policy, failing, drawn)
    return Judgement(
        candidates=tuple(candidates),
        rows=tuple(
            MeasureRow(
                measure=row.measure,
                benchmark=row.benchmark,
                higher_is_better=MEASURES[row.measure].higher_is_better,
                matters=policy.matters[row.measure],
                cells=tuple(
                    Cell(
                        candidate=candidate,
                        estimate=sheets[row].one(candidate),
                        counts=counts_of.get((candidate, row.benchmark)),
                    )
                    for candidate in candidates
                ),
                gaps=tuple(gap for question, gap in gaps.items() if question.row == row),
            )
            for row in _in_order(sheets, counts)
        ),
        policy=policy.name,
        family=sum(gap.p_holm is not None for gap in gaps.values()),
        luck=luck_of(seen, candidates),
    )


def compared(
    sheets: Sheets, candidates: Sequence[str], policy: Policy, failing: Failing, drawn: Drawn
) -> dict[Question, Gap]:
    """A verdict on every pair on every row where both were measured."""
    scores = len(drawn) * comb(len(candidates), 2)
    return settled(_ask(sheets, candidates, failing), policy, scores)


def settled(
    asked: Mapping[Question, Asked], policy: Policy, scores: int = 0
) -> dict[Question, Gap]:
    """A verdict on every gap, all that can get one being one family; by `scores` of them a run is
    stopped."""
    tests = {
        question: tested
        for question, (tested, barred) in asked.items()
        if isinstance(tested, PairedTest) and not barred
    }
    weights = _weights([question.row for question in tests], scores)
    p_values = [test.p_value for test in tests.values()]
    adjusted = holm(p_values, weights, kept_back=1 - sum(weights) if weights else 0.0)
    return _answer(asked, dict(zip(tests, adjusted, strict=True)), policy)


def _ask(sheets: Sheets, candidates: Sequence[str], failing: Failing) -> dict[Question, Asked]:
    """Every pair on every row where both were measured."""
    asked = {}
    for row, sheet in sheets.items():
        for a, b in combinations(candidates, 2):
            tested = sheet.two(a, b)
            if tested is not None:
                barred = any((name, row.benchmark) in failing for name in (a, b))
                asked[Question(row, a, b)] = Asked(tested, barred)
    return asked


def _weights(tests: Sequence[RowKey], scores: int) -> list[float]:
    """The part of the 5 % that each test has; equal parts where no run is stopped by `scores`."""
    if not scores:
        return []
    others = sum(row.measure != "score" for row in tests)
    return [
        STOPPED_BY / scores if row.measure == "score" else (1 - STOPPED_BY) / others
        for row in tests
    ]


def _answer(
    asked: Mapping[Question, Asked], p_holm: Mapping[Question, float], policy: Policy
) -> dict[Question, Gap]:
    """A verdict on each, corrected for all tests from which a claim may come."""
    gaps = {}
    for question, (tested, barred) in asked.items():
        row, a, b = question
        gap, bar = tested if isinstance(tested, TooFew) else tested.gap, policy.bar(row.measure)
        verdict: Verdict = Undecided(by=gap, cases_needed=None, because=Because.FAILED)
        if not barred:
            correction = Correction(p_holm=p_holm.get(question, 1.0), family=len(p_holm))
            verdict = decide(tested, a=a, b=b, bar=bar, correction=correction)
        gaps[question] = Gap(
            a=a,
            b=b,
            scale=bar.measure.scale,
            p_value=None if isinstance(tested, TooFew) else tested.p_value,
            p_holm=p_holm.get(question),
            verdict=verdict,
            error=None if isinstance(tested, TooFew) else tested.error,
        )
    return gaps


def judged_by(judgement: Judgement, policy: Policy) -> Judgement:
    """The same measurements under another policy: what was seen and tested stays as it is, and only
    which gaps matter may change."""
    return replace(
        judgement,
        policy=policy.name,
        rows=tuple(
            replace(
                row,
                matters=policy.matters[row.measure],
                gaps=tuple(
                    _decided_by(gap, policy.bar(row.measure), judgement.family) for gap in row.gaps
                ),
            )
            for row in judgement.rows
        ),
    )


def _decided_by(gap: Gap, bar: Bar, family: int) -> Gap:
    by = gap.verdict.by
    if isinstance(by, TooFew) or gap.p_holm is None or gap.p_value is None or gap.error is None:
        return gap
    tested = PairedTest(gap=by, p_value=gap.p_value, error=gap.error)
    correction = Correction(p_holm=gap.p_holm, family=family)
    return replace(gap, verdict=decide(tested, a=gap.a, b=gap.b, bar=bar, correction=correction))


def _in_order(sheets: Sheets, counts: Sequence[Counts]) -> list[RowKey]:
    """Benchmarks in the order asked, and what was measured beside them last."""
    benchmarks = list(
        dict.fromkeys([*(c.benchmark for c in counts), *(r.benchmark for r in sheets)])
    )
    measures = list(MEASURES)
    return sorted(
        sheets, key=lambda row: (benchmarks.index(row.benchmark), measures.index(row.measure))
    )
