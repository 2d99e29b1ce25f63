"""What finding the limits of a candidate may cost, by playing it against imagined servers. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from visavis.core.candidate import Unknown
from visavis.core.outcome import Usage
from visavis.measure.limits import needle, output
from visavis.measure.limits.context import MOST_TRIES, REPLY_TOKENS, Bracket
from visavis.measure.limits.probe import FACT_TOKENS, FIRST, OUTPUT_TRIES, Plan, question
from visavis.measure.plan import BYTES_A_TOKEN, MESSAGE_TOKENS, Forecast, Price, size

_SAID: Final = 16
"""Tokens of an answer that is a name or a number."""
_EIGHTHS: Final = 8
_AGAIN: Final = 4
"""Prompts that miss their length and are sent again, at most, in thousands of searches."""


class Request(NamedTuple):
    """One request."""

    input_tokens: int
    output_tokens: int
    refused: bool = False
    """Then it costs nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much is asked."""

    requests: int
    input_tokens: int
    """Of the prompts that are accepted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What finding out may come to."""

    expected: Extent
    """Where limits are as they are stated."""
    most: Extent
    price: Forecast


def outlook(candidate: str, plan: Plan, price: Price | Unknown) -> Outlook:
    """As expected, and at most: every prompt accepted, and every reply as long as allowed."""
    expected, worst = list(_expected(plan)), list(_worst(plan))
    usual = _extent(expected)
    most = _extent(worst)
    return Outlook(
        expected=usual,
        most=replace(most, requests=_most_requests(plan)),
        price=Forecast(
            candidate=candidate,
            requests=usual.requests,
            input_tokens=usual.input_tokens,
            expected_usd=_usd(expected, price),
            worst_usd=_usd(worst, price),
        ),
    )


def _extent(requests: Sequence[Request]) -> Extent:
    paid = (request.input_tokens for request in requests if not request.refused)
    return Extent(requests=len(requests), input_tokens=sum(paid))


def _usd(requests: Sequence[Request], price: Price | Unknown) -> float | Unknown:
    if isinstance(price, Unknown):
        return price
    paid = (request for request in requests if not request.refused)
    return sum(price.usd(Usage(input_tokens=r[0], output_tokens=r[1])) for r in paid)


def _most_requests(plan: Plan) -> int:
    """However wrong lengths come out, and however often it is refused."""
    asked = len(list(_others(plan, plan.longest, worst=True)))
    if "context" in plan.what:
        asked += MOST_TRIES
        asked += len(FIRST) if "needle" in plan.what else 0  # again, if no count could be believed
    if "output" in plan.what:
        asked += len(output.STARTS) * (OUTPUT_TRIES - 1)
    return asked


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
        yield from max(ways, key=lambda way: _extent(way).input_tokens)
        yield from [Request(plan.longest, REPLY_TOKENS)] * _AGAIN
    yield from _others(plan, plan.longest, worst=True)


def _bisection(plan: Plan, limit: int, *, tells: bool) -> Iterator[Request]:
    bracket = Bracket(longest=plan.longest, hint=plan.expected)
    while (wanted := bracket.next()) is not None:
        refused = wanted + REPLY_TOKENS > limit
        yield Request(wanted, REPLY_TOKENS, refused)
        if refused:
            bracket = bracket.turned_down(wanted, limit if tells else None)
        else:
            bracket = bracket.took(wanted)


def _others(plan: Plan, context: int, *, worst: bool) -> Iterator[Request]:
    if "needle" in plan.what:
        yield from _needle(plan, context, worst=worst)
    if "output" in plan.what:
        for start in output.STARTS:
            asked = size(output.prompt(start, plan.output_tokens)).text_tokens
            yield Request(asked, plan.output_tokens)
    if "cutoff" in plan.what:
        for fact in plan.facts:
            asked = size(question(fact)).text_tokens
            fair = (asked - MESSAGE_TOKENS) // BYTES_A_TOKEN + MESSAGE_TOKENS
            yield Request(asked, FACT_TOKENS) if worst else Request(fair, _SAID)


def _needle(plan: Plan, context: int, *, worst: bool) -> Iterator[Request]:
    if "context" not in plan.what:
        yield from (Request(tokens, REPLY_TOKENS) for tokens in FIRST)
    for tokens in plan.hidden_in(context):
        for _ in needle.needles([tokens], plan.repeats, plan.seed):
            yield Request(tokens, needle.REPLY_TOKENS if worst else _SAID)
