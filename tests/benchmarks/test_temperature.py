"""Another temperature than the protocol's, and repeats that may tell no more than one try."""

from dataclasses import replace

import pytest

from visavis.benchmarks.base import Benchmark
from visavis.benchmarks.logic import LOGIC
from visavis.benchmarks.temperature import at_temperature, vain_repeats
from visavis.core.case import Case
from visavis.core.prompt import choose

CASE = Case(id="a", group="a", question="Is it?", target="yes", fields={"language": "en"})


@pytest.fixture
def likelihoods() -> Benchmark:
    return replace(LOGIC, way="choose", ask=lambda case: choose(case.question, ("yes", "no")))


def test_every_reply_is_drawn_at_the_temperature_asked_for_and_it_is_said() -> None:
    warmer = at_temperature(LOGIC, 0.7)
    before, after = LOGIC.ask(CASE), warmer.ask(CASE)
    assert after == replace(before, settings=replace(before.settings, temperature=0.7))
    assert warmer.departures[-1] == "Asked at temperature 0.7, whatever the protocol says."
    assert (warmer.name, warmer.protocol) == (LOGIC.name, LOGIC.protocol)


def test_without_one_and_where_nothing_is_drawn_all_stays_as_it_is(likelihoods: Benchmark) -> None:
    assert at_temperature(LOGIC, None) is LOGIC
    assert at_temperature(likelihoods, 0.7) is likelihoods


def test_a_user_hears_where_repeats_may_tell_no_more_than_one_try(likelihoods: Benchmark) -> None:
    assert "at temperature 0" in (vain_repeats(LOGIC, [CASE], 5) or "")
    assert "one try would tell as much" in (vain_repeats(likelihoods, [CASE], 5) or "")
    assert vain_repeats(LOGIC, [CASE], 1) is None
    assert vain_repeats(LOGIC, [], 5) is None
    assert vain_repeats(at_temperature(LOGIC, 0.7), [CASE], 5) is None
