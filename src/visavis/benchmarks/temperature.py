"""Benchmarks asked at another temperature than their protocol's; what repeats at 0 are worth."""

from collections.abc import Sequence
from dataclasses import replace

from visavis.benchmarks.base import Benchmark
from visavis.core.case import Case
from visavis.core.prompt import Prompt
from visavis.core.tell import tell


def at_temperature(benchmark: Benchmark, temperature: float | None) -> Benchmark:
    """The same benchmark with every reply drawn at this temperature: a departure, and said to be
    one. None leaves it as it is; so does a way of asking in which nothing is drawn."""
    if temperature is None or benchmark.way == "choose":
        return benchmark

    def ask(case: Case) -> Prompt:
        prompt = benchmark.ask(case)
        return replace(prompt, settings=replace(prompt.settings, temperature=temperature))

    departure = tell(
        "Asked at temperature {temperature:g}, whatever the protocol says.", temperature=temperature
    )
    return replace(benchmark, ask=ask, departures=(*benchmark.departures, departure))


def vain_repeats(benchmark: Benchmark, cases: Sequence[Case], repeats: int) -> str | None:
    """Why several tries of each case may tell no more than one, in a line; None where they do."""
    if repeats < 2 or not cases:
        return None
    if benchmark.way == "choose":
        return (
            f"{benchmark.name!r} is asked {repeats} times a case for log-probabilities, of which "
            "nothing is drawn: one try would tell as much"
        )
    if benchmark.ask(cases[0]).settings.temperature == 0:
        return (
            f"{benchmark.name!r} is asked {repeats} times a case at temperature 0, where a "
            "candidate may say the same every time; draw with --temperature 0.7"
        )
    return None
