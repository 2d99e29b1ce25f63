"""The plan in words: every candidate, every price, and a question only where money is at stake."""

from tests.report.fixtures import QWEN
from visavis.benchmarks.logic import LOGIC
from visavis.core.candidate import Unknown
from visavis.measure.plan import Asked, Forecast
from visavis.report.forecast import outline, question

ASKED = (Asked(benchmark=LOGIC, cases=()),)
DEAR = Forecast(
    candidate="gpt-4o", requests=1_207, input_tokens=9, expected_usd=0.0123, worst_usd=0.5
)
NO_PRICE = Unknown(because="runs on this machine, no price per token")
FREE = Forecast(
    candidate=QWEN, requests=1, input_tokens=9, expected_usd=NO_PRICE, worst_usd=NO_PRICE
)


def test_the_plan_names_cases_requests_and_prices() -> None:
    assert list(outline(ASKED, (DEAR, FREE), 100.0)) == [
        "gpt-4o and qwen2.5-coder-0.5b: logic@1 (0)",
        "  gpt-4o: 1,207 requests, about $0.0123, $0.50 at most",
        "  qwen2.5-coder-0.5b: 1 request, runs on this machine, no price per token",
    ]


def test_the_plan_is_told_in_french_too() -> None:
    told = list(outline(ASKED, (DEAR, FREE), 100.0, "fr"))
    assert told[1].endswith("environ 0,0123\u00a0$US, 0,50\u00a0$US au plus")
    assert told[2].endswith("1 requête, fonctionne sur cette machine, pas de prix par jeton")


def test_nobody_is_asked_to_agree_to_what_costs_nothing() -> None:
    assert question((FREE,), 1.0) is None
    assert question((DEAR,), 0.0) is None


def test_what_may_be_spent_is_the_worst_price_or_the_budget() -> None:
    assert question((DEAR, FREE), 1.0) == "This may cost up to $0.50. Go on?"
    assert question((DEAR, FREE), 0.02) == "This may cost up to $0.0200. Go on?"


def test_a_plan_beyond_the_budget_says_that_no_case_is_asked_beyond_it() -> None:
    assert "beyond the budget of $0.001" in list(outline(ASKED, (DEAR, FREE), 0.001))[-1]


def test_a_plan_that_stops_when_decided_says_that_its_numbers_are_the_most() -> None:
    assert "at most" in list(outline(ASKED, (FREE,), 1.0, until="decided"))[-1]
    assert not any("at most" in line for line in outline(ASKED, (FREE,), 1.0))
