"""Questions are asked where a run can say something, and answered no further than it shows."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.report.fixtures import (
    BENCHMARKS,
    HOSTED,
    JUDGEMENT,
    QWEN,
    RUN,
    SMOL,
    TRIALS,
    cell,
    counts,
    est,
    gap,
    row,
)
from tests.report.speed_things import figures
from visavis.benchmarks.base import Figure
from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.measure.spec import BenchmarkSpec
from visavis.options import Language
from visavis.report.clauses import told
from visavis.report.facts import fact_rows
from visavis.report.faq.answers import answers
from visavis.report.faq.asked import Answered
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import field_of, title
from visavis.report.text import NBSP
from visavis.stats.estimate import TooFew
from visavis.verdict.choice import Choice
from visavis.verdict.choice import Standing as Place
from visavis.verdict.claims import Checked, Claim, Known, Source, Standing
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.consider import Choices
from visavis.verdict.consider import Known as ToChoose
from visavis.verdict.decide import TOO_FEW, TOO_WIDE, Alike, Prefer, Undecided
from visavis.verdict.flips import BreakEven
from visavis.verdict.money import Money
from visavis.verdict.policy import DEFAULT
from visavis.verdict.workload import Costed

THIRD = "gpt-4o-mini"


def asked(
    run: RunFacts = RUN, judgement: Judgement = JUDGEMENT, lang: Language = "en"
) -> tuple[Answered, ...]:
    return answers(judgement, run, fact_rows(run, TRIALS, lang), lang)


def answer(question: str, seen: Sequence[Answered]) -> str:
    return " ".join(next(one for one in seen if one.question == question).answer)


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


LESS = TooFew(groups=1, needed=2)
LEVEL = Alike(within=0.05, by=est(0.01, -0.01, 0.03, 500))
OPEN = Undecided(by=est(0.02, -0.01, 0.08, 500), cases_needed=1234, because=TOO_WIDE)


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


def test_speed_is_told_where_it_was_measured() -> None:
    said = answer(f"Is {QWEN} faster than {SMOL}?", asked())
    assert said.startswith(f"{SMOL}: it was shown ahead of {QWEN}.")
    assert f"{QWEN} takes 2.61 times as long (2.48 to 2.75)" in said


def test_speed_that_was_not_measured_is_no_answer_but_a_command() -> None:
    slow = replace(JUDGEMENT, rows=JUDGEMENT.rows[:2])
    one = next(one for one in asked(judgement=slow) if "faster" in one.question)
    assert one.answer == ("This run cannot say: speed was not measured.",)
    assert one.command == f"visavis speed {QWEN} {SMOL}"


def test_speed_is_told_from_a_speed_run_beside_which_is_named() -> None:
    slow = replace(JUDGEMENT, rows=JUDGEMENT.rows[:2])
    beside = replace(RUN, load=replace(figures(), name="elsewhere/by-hand"))
    one = next(one for one in asked(beside, slow) if "faster" in one.question)
    said = " ".join(one.answer).replace("\u00a0", " ")
    assert said.startswith(f"{SMOL}: it was shown ahead of {QWEN}. Time to first token (n = 6): ")
    assert said.endswith("Measured in the speed run by-hand, one at a time.")
    assert one.command == ""


@pytest.mark.parametrize("loads", [(), ("poisson rate 9",)])
def test_a_speed_run_that_compared_nobody_is_no_answer(loads: tuple[str, ...]) -> None:
    slow = replace(JUDGEMENT, rows=JUDGEMENT.rows[:2])
    beside = replace(RUN, load=replace(figures(), loads=loads))
    one = next(one for one in asked(beside, slow) if "faster" in one.question)
    assert one.answer == ("This run cannot say: speed was not measured.",)


def recorded(*names: str, **told: object) -> tuple[Candidate, ...]:
    return tuple(
        replace(RUN.spec.candidates[0], name=name, kind="recorded", system=name, facts=())
        for name in names
    )


def test_recordings_say_nothing_of_speed_and_are_named_by_their_system() -> None:
    spec = replace(RUN.spec, candidates=recorded("gpt-4o", "gpt 4"))
    judgement = replace(JUDGEMENT, rows=JUDGEMENT.rows[:2])
    seen = asked(replace(RUN, spec=spec, facts={}), judgement)
    one = next(one for one in seen if "faster" in one.question)
    assert one.answer == ("This run cannot say: recorded replies carry no times.",)
    assert one.command == "visavis speed gpt-4o 'gpt 4'"
    assert (
        answer("Can they run on my own machine?", seen)
        == "Nobody says how large: gpt-4o and gpt 4."
    )
    assert "Can they handle long documents?" not in [one.question for one in seen]


def test_long_documents_are_answered_by_what_is_stated_and_said_to_be_untried() -> None:
    said = answer("Can they handle long documents?", asked())
    assert f"{QWEN} takes in 8,192 tokens" in said
    assert said.startswith("That was not tried in this run")


def test_what_is_stated_of_one_alone_is_told_of_it_alone() -> None:
    def stated(*facts: Fact) -> Candidate:
        return replace(RUN.spec.candidates[0], facts=facts)

    fact = Fact(name="context_window_tokens", value=1000, source="a list", as_of="2026-11-22")
    longest = replace(fact, name="largest_output_tokens", value=100)
    candidates = (
        stated(fact, longest),
        replace(stated(longest), name=SMOL),
        replace(stated(), name=THIRD),
    )
    spec = replace(RUN.spec, candidates=candidates)
    said = answer("Can they handle long documents?", asked(replace(RUN, spec=spec)))
    assert f"{QWEN} takes in 1,000 tokens and writes up to 100" in said
    assert f"{SMOL} writes up to 100 tokens" in said
    assert f"of {THIRD} nothing is known" in said


def test_memory_is_told_where_it_was_measured() -> None:
    assert answer("Can they run on my own machine?", asked()) == (
        f"Memory taken here, at most: {QWEN} (612{NBSP}MB). "
        f"Parameters known, memory not measured: {SMOL} (135 million)."
    )


def test_what_runs_here_has_no_price_per_token() -> None:
    assert answer("Which is cheaper?", asked()).startswith("None has a price per token")


def test_prices_are_those_of_the_lists() -> None:
    rates = Rates(above=0, input_usd=0.15, output_usd=0.6, cached_usd=0.075)
    tariff = Tariff(rates=(rates,), batch=None, source="a list", as_of="2026-11-22")
    none = Unknown(because="runs on this machine, no price per token")
    money = Money(
        candidates=(
            Costed(candidate=QWEN, tariff=tariff, tokens=none),
            Costed(candidate=SMOL, tariff=none, tokens=none),
        )
    )
    said = answer("Which is cheaper, and per what?", asked(replace(RUN, money=money)))
    assert said == f"A million tokens, read and written, by the price list: {QWEN} $0.15 and $0.60."


def test_a_price_per_solved_case_is_told_with_its_benchmark() -> None:
    paid = row(
        "usd_per_solved_case",
        (cell(QWEN, est(0.1, 0.09, 0.11)), cell(SMOL, est(0.2, 0.18, 0.22))),
        (gap(Prefer(winner=QWEN, by=est(0.5, 0.4, 0.6)), "ratio"),),
        "humaneval",
    )
    seen = asked(judgement=replace(JUDGEMENT, rows=(*JUDGEMENT.rows, paid)))
    said = answer("Which is cheaper, and per what?", seen)
    assert said == (
        f"{QWEN}: it was shown ahead of {SMOL}. "
        f"Price per solved case of HumanEval, 16 cases: {QWEN} is ahead, "
        f"{SMOL} costs 2.00 times as much (1.67 to 2.50)."
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-0.2, -0.1, "worse"), (0.1, 0.2, "better"), (-0.1, 0.1, "no difference was shown")],
)
def test_french_is_asked_about_where_puzzles_were_put_in_both_languages(
    low: float, high: float, words: str
) -> None:
    figure = Figure(name="French less English", value=est((low + high) / 2, low, high, 40))
    run = replace(RUN, figures={"logic": {QWEN: (figure,), SMOL: ()}})
    said = answer("Do they do as well in French?", asked(run))
    assert words in said
    assert "on the same puzzles" in said


def claim(standing: Standing) -> Checked:
    return Checked(
        claim=Claim(
            system="x",
            criterion="mmlu",
            value=73.0,
            unit="percent",
            source=Source(name="A", title="T"),
        ),
        standing=standing,
        because="what is known differs from it",
        known=(Known(value=0.6, source="measured here", as_of="2026-11-22", protocol="mmlu@1"),),
        against=(),
        candidate=QWEN,
    )


def test_published_figures_are_counted_and_those_contradicted_are_named() -> None:
    run = replace(RUN, claims=(claim("contradicted"), claim("cannot be checked")))
    said = answer("Are the published figures right?", asked(run))
    assert said.startswith("Of 2 published figures, agreeing with what is known: 0; contradicted")
    assert f"Contradicted: {QWEN}, MMLU: 73.0% (A)." in said


def test_how_sure_it_is_counts_what_was_shown_and_what_is_left() -> None:
    said = answer("How sure is this?", asked())
    assert said.startswith("5 comparisons were made: 3 with a difference shown, 1 without any")
    assert "kept below 5%" in said
    assert said.endswith("about 350 cases would be needed of Logic puzzles.")


def test_what_would_change_the_choice_is_told_of_a_choice_that_was_made() -> None:
    flips = tuple(
        BreakEven(criterion=f"score.{name}", against=SMOL, scale="difference", by=by)
        for name, by in (("humaneval", 0.2), ("logic", 0.9))
    )
    places = tuple(
        Place(candidate=name, musts={}, acceptability=share, central=None, dominated_by=())
        for name, share in ((QWEN, 0.97), (SMOL, 0.03))
    )
    taken = Choice(
        policy=DEFAULT,
        standings=places,
        chosen=QWEN,
        because="it is best in nearly all worlds",
        worlds=None,
        flips=flips,
    )
    run = replace(
        RUN,
        choices=Choices(judgement=JUDGEMENT, known=ToChoose(), taken=(taken,)),
    )
    said = answer("When would the answer change?", asked(run))
    assert "scores 20 points less on humaneval, and smollm2-135m draws level" in said
    assert "logic" not in said, "a score cannot fall by more than it is"
    commands = [one.command for one in asked(run) if one.command]
    assert commands[-1].endswith(" --policy default")
    for name in ("mine.yaml", "coding"):
        own = replace(taken, policy=replace(DEFAULT, name=name))
        by_own = Choices(judgement=JUDGEMENT, known=ToChoose(), taken=(own,))
        told = [one.command for one in asked(replace(RUN, choices=by_own))]
        assert not any("--policy" in one for one in told), "what a file holds has no name"
    many = replace(taken, policy=replace(DEFAULT, name="volume", about="high volume"))
    for_many = Choices(judgement=JUDGEMENT, known=ToChoose(), taken=(many,))
    seen = asked(replace(RUN, choices=for_many))
    assert "When would the choice for high volume change?" in [one.question for one in seen]
    undecided = replace(run.choices, taken=(replace(taken, chosen=None),)) if run.choices else None
    questions = [one.question for one in asked(replace(run, choices=undecided))]
    assert "When would the answer change?" not in questions


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
        (gap(Undecided(by=few, cases_needed=None, because=TOO_FEW)),),
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


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ((0.15, 0.6), (2.5, 10.0), f"By the token, {QWEN}; per solved case that is not known."),
        ((0.15, 12.0), (2.5, 10.0), "By the token, that depends on how much is read"),
    ],
)
def test_the_cheapest_is_named_where_reading_and_writing_agree(
    one: tuple[float, float], other: tuple[float, float], said: str
) -> None:
    none = Unknown(because="nobody counted them")
    costed = []
    for name, (taken, made) in ((QWEN, one), (SMOL, other)):
        rates = Rates(above=0, input_usd=taken, output_usd=made, cached_usd=taken)
        tariff = Tariff(rates=(rates,), batch=None, source="a list", as_of="2026-11-22")
        costed.append(Costed(candidate=name, tariff=tariff, tokens=none))
    run = replace(RUN, money=Money(candidates=tuple(costed)))
    assert answer("Which is cheaper, and per what?", asked(run)).startswith(said)


def test_a_solved_case_is_reckoned_from_tokens_where_nobody_paid() -> None:
    none = Unknown(because="nobody counted them")

    def costed(name: str, usd: float, price: float) -> Costed:
        rates = Rates(above=0, input_usd=usd, output_usd=usd, cached_usd=usd)
        return Costed(
            candidate=name,
            tariff=Tariff(rates=(rates,), batch=None, source="a list", as_of="2026-11-22"),
            tokens=none,
            per_solved={"humaneval": est(price, price - 0.05, price + 0.05), "logic": LESS},
        )

    money = Money(candidates=(costed(QWEN, 1.0, 0.2), costed(SMOL, 2.0, 0.4)))
    said = answer("Which is cheaper, and per what?", asked(replace(RUN, money=money)))
    assert said.startswith(f"By the token, {QWEN}. ")
    assert said.endswith(
        "A solved case of HumanEval, reckoned from the tokens of 16 cases by the price list: "
        f"{QWEN} $0.20 ($0.15 to $0.25); {SMOL} $0.40 ($0.35 to $0.45)."
    )
