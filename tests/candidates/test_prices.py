import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from visavis.candidates.grammar import parse
from visavis.candidates.prices import Listed, Price, price_of, price_recorded
from visavis.core.candidate import Candidate, Unknown
from visavis.core.outcome import Usage
from visavis.core.tariff import Rates

TODAY = date(2026, 11, 21)


def candidate(text: str) -> Candidate:
    environ = {"AZURE_BASE_URL": "https://r.example/openai/v1"}
    return parse(text, home=Path("/no/home"), environ=environ)


def priced(text: str, today: date = TODAY) -> Price:
    found = price_of(candidate(text), today=today)
    assert isinstance(found, Price)
    return found


@pytest.mark.parametrize("text", ["gpt-4o", "gpt-4o-2024-11-20", "azure:gpt-4o", "openai:gpt-4o"])
def test_gpt_4o_costs_what_its_list_says(text: str) -> None:
    found = priced(text)
    assert found.rates == (Rates(above=0, input_usd=2.5, output_usd=10.0, cached_usd=1.25),)
    assert found.batch is not None
    assert (found.batch.input_usd, found.batch.output_usd) == (1.25, 5.0)


def test_gpt_4o_mini_costs_what_its_list_says() -> None:
    found = priced("gpt-4o-mini")
    assert found.rates == (Rates(above=0, input_usd=0.15, output_usd=0.60, cached_usd=0.075),)
    assert found.batch is not None
    assert (found.batch.input_usd, found.batch.output_usd) == (0.075, 0.30)


def test_a_price_says_where_and_from_when_it_is() -> None:
    found = priced("gpt-4o")
    assert found.source.startswith("genai-prices ")
    assert "data to 2026-" in found.source
    assert found.as_of == "2026-11-21"


def test_a_dated_price_is_that_of_its_day() -> None:
    before = priced("openrouter:meta-llama/llama-3.1-8b-instruct", date(2026, 10, 18))
    after = priced("openrouter:meta-llama/llama-3.1-8b-instruct", date(2026, 10, 19))
    assert (before.rates[0].input_usd, after.rates[0].input_usd) == (0.02, 0.05)


def test_tokens_cost_their_rates_and_cached_ones_less() -> None:
    price = priced("gpt-4o")
    usage = Usage(input_tokens=1000, output_tokens=100, cached_tokens=400)
    assert price.usd(usage) == pytest.approx((600 * 2.5 + 400 * 1.25 + 100 * 10) / 1e6)
    assert price.worst_usd(1000, 100) == pytest.approx((1000 * 2.5 + 100 * 10) / 1e6)


def test_cached_input_without_a_price_of_its_own_costs_as_other_input() -> None:
    price = priced("openai:gpt-4o-2024-05-13")
    assert price.rates[0].cached_usd == price.rates[0].input_usd == 5.0


def test_a_long_prompt_pays_the_rates_of_long_prompts_for_all_its_tokens() -> None:
    short = Rates(above=0, input_usd=1.0, output_usd=2.0, cached_usd=0.5)
    long = Rates(above=1001, input_usd=3.0, output_usd=4.0, cached_usd=0.5)
    price = replace(priced("gpt-4o"), rates=(short, long), batch=None)
    assert price.worst_usd(1000, 10) == pytest.approx(1020 / 1e6)
    assert price.worst_usd(1001, 10) == pytest.approx((3003 + 40) / 1e6)


def test_the_librarys_tiers_are_read() -> None:
    rates = priced("openai:gpt-5.4").rates
    assert len(rates) == 2
    assert rates[0].input_usd < rates[1].input_usd


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("smollm2-135m", "runs on this machine, no price per token"),
        ("ollama:llama3.1:8b", "runs on this machine, no price per token"),
        ("scripted:echo", "no model is asked"),
        ("http://far.example/v1#m", "no price list covers the route 'http'"),
        ("openai:no-such-model", "no price of 'no-such-model' at OpenAI"),
        ("azure:my-deployment", "no price of 'my-deployment' at Azure OpenAI"),
        ("groq:whisper-large-v3", "no price per token for 'whisper-large-v3'"),
    ],
)
def test_where_no_price_is_known_the_reason_is(text: str, because: str) -> None:
    found = price_of(candidate(text), today=TODAY)
    assert isinstance(found, Unknown)
    assert because in found.because


def test_prices_need_no_network() -> None:
    code = """
import sys
from pathlib import Path
def refuse(event, args):
    assert not event.startswith("socket."), event
sys.addaudithook(refuse)
from visavis.candidates.grammar import parse
from visavis.candidates.prices import price_of
print(price_of(parse("gpt-4o", home=Path("."), environ={})).rates[0].input_usd)
"""
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "2.5"


def recorded(model: str, system: str | None) -> Candidate:
    return Candidate(
        name="r",
        kind="recorded",
        route="recorded",
        model=model,
        snapshot="sha256:ab",
        system=system,
    )


@pytest.mark.parametrize(
    ("model", "system", "of", "output_usd"),
    [
        ("openai/gpt-4o-2024-11-20", "gpt-4o", "gpt-4o-2024-11-20 at OpenAI", 10.0),
        ("gpt-4o", "gpt-4o", "gpt-4o-2024-08-06 at OpenAI", 10.0),
        (
            "meta-llama/Meta-Llama-3.1-8B-Instruct",
            "llama-3.1-8b",
            "meta-llama/llama-3.1-8b-instruct at OpenRouter",
            0.08,
        ),
    ],
)
def test_a_recording_costs_what_its_model_costs_where_it_is_still_served(
    model: str, system: str, of: str, output_usd: float
) -> None:
    found = price_recorded(recorded(model, system), today=TODAY)
    assert isinstance(found, Listed)
    assert (found.of, found.price.rates[0].output_usd) == (of, output_usd)


@pytest.mark.parametrize("system", [None, "no-such-system"])
def test_a_recording_of_nobody_knows_what_has_no_price(system: str | None) -> None:
    found = price_recorded(recorded("some/model", system), today=TODAY)
    assert found == Unknown(because="no price list covers the model that was recorded")
