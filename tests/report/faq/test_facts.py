"""How fast, how long, how dear: told as measured or as stated, and by a command where neither."""

from dataclasses import replace

import pytest

from tests.report.faq.asking import LESS, THIRD, answer, asked
from tests.report.fixtures import (
    JUDGEMENT,
    QWEN,
    RUN,
    SMOL,
    cell,
    est,
    gap,
    row,
)
from tests.report.speed.things import figures
from visavis.core.candidate import Candidate, Fact, Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.report.text import NBSP
from visavis.verdict.decide import Prefer
from visavis.verdict.money import Money
from visavis.verdict.workload import Costed


def test_speed_is_told_where_it_was_measured() -> None:
    said = answer("Which is faster?", asked())
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
