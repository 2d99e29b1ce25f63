"""What finding the limits of a candidate may cost, by playing it against imagined servers. Pure."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from visavis.core.candidate import Unknown
from visavis.core.outcome import Usage
from visavis.measure.limits import needle, output
from visavis.measure.limits.context import REPLY_TOKENS, Bracket
from visavis.measure.limits.probe import FACT_TOKENS, Plan, question
from visavis.measure.plan import BYTES_A_TOKEN, MESSAGE_TOKENS, Forecast, Price, size

_SAID: Final = 16
"""Tokens of an answer that is a name or a number."""
_EIGHTHS: Final = 8


class Request(NamedTuple):
    """One request that is paid for."""

    input_tokens: int
    output_tokens: int


def forecast(candidate: str, plan: Plan, price: Price | Unknown) -> Forecast:
    """Expected, and at most: every prompt accepted, and every reply as long as allowed."""
    expected, worst = list(_expected(plan)), list(_worst(plan))
    return Forecast(
        candidate=candidate,
        requests=len(expected),
        input_tokens=sum(request.input_tokens for request in expected),
        expected_usd=_usd(expected, price),
        worst_usd=_usd(worst, price),
    )


def _usd(requests: list[Request], price: Price | Unknown) -> float | Unknown:
    if isinstance(price, Unknown):
        return price
    return sum(price.usd(Usage(input_tokens=r[0], output_tokens=r[1])) for r in requests)


def _expected(plan: Plan) -> Iterator[Request]:
    """The server's limit is the one that somebody states, and it names it."""
    if "context" in plan.what:
        yield from _bisection(plan, plan.context, tells=True)
    yield from _others(plan, plan.context, worst=False)


def _worst(plan: Plan) -> Iterator[Request]:
    """The server's limit is where most tokens are needed to find it, and it names none."""
    if "context" in plan.what:
        limits = (plan.longest * eighth // _EIGHTHS for eighth in range(1, _EIGHTHS + 1))
        ways = [list(_bisection(plan, limit, tells=False)) for limit in limits]
        yield from max(ways, key=lambda way: sum(request.input_tokens for request in way))
    yield from _others(plan, plan.longest, worst=True)


def _bisection(plan: Plan, limit: int, *, tells: bool) -> Iterator[Request]:
    bracket = Bracket(longest=plan.longest, hint=plan.claimed)
    while (wanted := bracket.next()) is not None:
        if wanted + REPLY_TOKENS <= limit:
            bracket = bracket.took(wanted)
            yield Request(wanted, REPLY_TOKENS)
        else:
            bracket = bracket.turned_down(wanted, limit if tells else None)


def _others(plan: Plan, context: int, *, worst: bool) -> Iterator[Request]:
    if "needle" in plan.what:
        said = needle.REPLY_TOKENS if worst else _SAID
        for tokens in plan.hidden_in(context):
            for _ in needle.needles([tokens], plan.repeats, plan.seed):
                yield Request(tokens, said)
    if "output" in plan.what:
        for start in output.STARTS:
            asked = size(output.prompt(start, plan.output_tokens)).text_tokens
            yield Request(asked, plan.output_tokens)
    if "cutoff" in plan.what:
        for fact in plan.facts:
            asked = size(question(fact)).text_tokens
            fair = (asked - MESSAGE_TOKENS) // BYTES_A_TOKEN + MESSAGE_TOKENS
            yield Request(asked, FACT_TOKENS) if worst else Request(fair, _SAID)
