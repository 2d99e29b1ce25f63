"""What recorded replies would cost, reckoned from their texts and a price list."""

from dataclasses import replace

import pytest

from tests.api.test_money import CASES, GPT, HERE, LENGTHS, STRANGER, replies, run_of
from visavis.api.describe import described
from visavis.api.reckoned import has_list_price, reckoned
from visavis.api.tokens import TokenCounts
from visavis.core.candidate import Unknown
from visavis.core.observation import Observation
from visavis.core.tariff import UNASKED
from visavis.report.table import rows
from visavis.verdict.compare import Judgement, judge
from visavis.verdict.policy import DEFAULT

KNOWN = described(GPT, UNASKED)


def of() -> list[Observation]:
    run = run_of(KNOWN, STRANGER, HERE)
    trials = [*replies(KNOWN, LENGTHS), *replies(STRANGER, LENGTHS), *replies(HERE, LENGTHS)]
    counts = TokenCounts(run, trials)
    return list(reckoned(run.spec.candidates, lambda: counts))


def test_a_recording_has_the_list_price_of_its_model_among_its_facts() -> None:
    prices = {fact.name: fact for fact in KNOWN.facts}
    assert prices["usd_per_million_input_tokens"].value == 0.15
    assert prices["usd_per_million_output_tokens"].value == 0.60
    source = prices["usd_per_million_output_tokens"].source
    assert source.startswith("as gpt-4o-mini-2024-07-18 at OpenAI, genai-prices")
    assert has_list_price(KNOWN)


def test_a_recording_of_nobody_known_has_no_price() -> None:
    assert described(STRANGER, UNASKED).facts == STRANGER.facts
    assert not has_list_price(described(STRANGER, UNASKED))


def test_each_counted_case_costs_its_tokens_at_that_price() -> None:
    found = of()
    assert {one.candidate for one in found} == {"gpt"}
    assert len(found) == len(LENGTHS)
    first = next(one for one in found if one.unit_id == CASES["logic"][0].case.id)
    counts = TokenCounts(run_of(KNOWN), replies(KNOWN, LENGTHS))
    read, written = counts.by_case["gpt"]["logic", first.unit_id]
    assert first.value == pytest.approx((0.15 * read + 0.60 * written) / 1e6)
    assert (first.measure, first.axis, first.group) == (
        "usd",
        "price",
        CASES["logic"][0].case.group,
    )


def test_nobody_counts_tokens_where_no_recording_has_a_price() -> None:
    def never() -> TokenCounts:
        raise AssertionError("counted for nothing")

    assert list(reckoned([STRANGER, HERE, GPT], never)) == []


def test_a_reckoned_price_says_that_it_was_reckoned() -> None:
    scores = [
        Observation(
            candidate="gpt",
            axis="quality",
            measure="score",
            benchmark="logic",
            unit_id=one.unit_id,
            group=one.group,
            value=1.0,
        )
        for one in of()
    ]
    judged: Judgement = judge([*scores, *of()], [], ["gpt"], DEFAULT)
    table = rows(judged, {"gpt": KNOWN}, {}, "en")
    (price,) = [row for row in table if row.measure == "usd_per_solved_case"]
    assert price.cells[0].notes == ("reckoned: tokens counted here, at its model's list price",)


def test_recordings_of_which_nothing_came_have_no_tokens_and_no_price() -> None:
    counts = TokenCounts(run_of(KNOWN, STRANGER), [])
    assert {type(one) for one in counts.counted().values()} == {Unknown}
    assert not list(reckoned([KNOWN], lambda: counts))


def test_a_run_without_cases_is_no_trouble() -> None:
    run = replace(run_of(KNOWN, STRANGER), cases={})
    assert {type(one) for one in TokenCounts(run, []).counted().values()} == {Unknown}
