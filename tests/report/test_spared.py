"""Where asking stopped, in words and as data."""

from dataclasses import replace

import pytest

from tests.report.fixtures import JUDGEMENT, QWEN, ROWS, RUN, SPEC, TRIALS, est, gap
from visavis.benchmarks.base import Figure
from visavis.options import Language
from visavis.report.background import warnings
from visavis.report.breakdown import breakdowns
from visavis.report.run_facts import RunFacts
from visavis.report.spared import Stop, spared, stops
from visavis.verdict.compare import Judgement
from visavis.verdict.decide import Alike, Because, Prefer, Undecided, Verdict

PREFERRED: Verdict = Prefer(winner=QWEN, by=est(0.41, 0.25, 0.57))
ALIKE: Verdict = Alike(within=0.05, by=est(0.0, -0.04, 0.04))


def undecided(because: Because = Because.TOO_WIDE) -> Verdict:
    return Undecided(by=est(0.08, -0.05, 0.21), cases_needed=300, because=because)


def stopped(cases: int) -> RunFacts:
    """The run of the fixture, as if `cases` of humaneval could have been asked, and 4 were."""
    logic, humaneval = SPEC.benchmarks
    benchmarks = (logic, replace(humaneval, cases=cases))
    return replace(RUN, spec=replace(SPEC, benchmarks=benchmarks, drawn={"humaneval": 1}))


def judged(*verdicts: Verdict) -> Judgement:
    rows = (replace(ROWS[0], gaps=tuple(map(gap, verdicts))), *ROWS[1:])
    return replace(JUDGEMENT, rows=rows)


@pytest.mark.parametrize(
    ("cases", "verdicts", "said"),
    [
        (
            164,
            [PREFERRED],
            "humaneval was decided after 4 of its 164 cases; the other 160 were not",
        ),
        (164, [PREFERRED, ALIKE], "the other 160 were not needed"),
        (5, [ALIKE], "the other one was not needed"),
        (4, [PREFERRED], "humaneval took all of its 4 cases."),
        (4, [undecided()], "humaneval took all of its 4 cases."),
        (164, [undecided()], "asked 4 of its 164 cases; that did not decide every gap"),
        (164, [PREFERRED, undecided()], "that did not decide every gap"),
    ],
)
def test_it_says_how_many_cases_were_not_needed(
    cases: int, verdicts: list[Verdict], said: str
) -> None:
    (sentence,) = spared(judged(*verdicts), stopped(cases), TRIALS, "en")
    assert said in sentence.text
    assert sentence.kind == "stop"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_run_of_all_cases_says_nothing_of_it(lang: Language) -> None:
    assert spared(JUDGEMENT, RUN, TRIALS, lang) == ()


@pytest.mark.parametrize(
    ("cases", "verdict", "goes_on"),
    [
        (164, undecided(), True),
        (4, undecided(), False),
        (164, undecided(Because.FAILED), False),
        (164, PREFERRED, False),
    ],
)
def test_only_a_run_that_further_cases_may_decide_is_to_be_gone_on_with(
    cases: int, verdict: Verdict, goes_on: bool
) -> None:
    judgement, run = judged(verdict), stopped(cases)
    (stop,) = stops(judgement, run, TRIALS)
    assert stop.goes_on == goes_on
    told = " ".join(warnings(judgement, run, TRIALS, "en"))
    assert ("resume" in told) == goes_on
    assert "is not finished" not in told


@pytest.mark.parametrize(
    ("own", "judged_by", "advice"),
    [
        ("default", "default", "visavis resume"),
        ("my/policy.yaml", "mine", "visavis resume"),
        ("my/policy.yaml", "default", "stopped by another policy; by default not every gap"),
        ("default", "mine", "stopped by another policy; by mine not every gap"),
    ],
)
def test_by_a_stricter_policy_than_its_own_a_run_is_not_said_to_have_been_cut_off(
    own: str, judged_by: str, advice: str
) -> None:
    run = stopped(164)
    run = replace(run, spec=replace(run.spec, passed={"policy": own}))
    told = " ".join(warnings(replace(judged(undecided()), policy=judged_by), run, TRIALS, "en"))
    assert advice in told
    assert ("visavis resume" in told) == (advice == "visavis resume")


def test_figures_behind_scores_are_marked_where_asking_stopped_early() -> None:
    figures = {"humaneval": {QWEN: (Figure(name="strict", value=est(0.4, 0.3, 0.5)),)}}
    (early,) = breakdowns(figures, "en", {"humaneval": 1})
    assert early.benchmark == "humaneval (intervals not adjusted for stopping early)"
    (fixed,) = breakdowns(figures, "en", {"logic": 1})
    assert fixed.benchmark == "humaneval"


def test_a_benchmark_of_which_nothing_came_is_open() -> None:
    judgement = replace(JUDGEMENT, rows=ROWS[1:])
    nothing = tuple(trial for trial in TRIALS if trial.key.benchmark != "humaneval")
    (stop,) = stops(judgement, stopped(164), nothing)
    assert stop == Stop("humaneval", 164, 0, decided=False, goes_on=True)
    assert stop.spared == 164
