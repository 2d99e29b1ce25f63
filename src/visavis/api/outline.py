"""What is about to be asked and what it may cost, before anything is."""

from collections.abc import Iterator

from visavis.api.request import Request
from visavis.api.screen import Screen
from visavis.api.session import left_of
from visavis.core.candidate import Unknown
from visavis.measure.plan import Forecast, forecast


def outline(request: Request) -> Iterator[str]:
    """The plan, a line each: what, of whom, at what price."""
    cases = ", ".join(f"{one.benchmark.protocol} ({len(one.cases)})" for one in request.asked)
    names = " and ".join(candidate.name for candidate in request.candidates)
    yield f"{names}: {cases}"
    for share in _forecast(request):
        yield f"  {share.candidate}: {share.requests:,} requests, {_price(share)}"


def consents(request: Request, screen: Screen) -> bool:
    """Whether the user agrees to spend; asked only where something may cost."""
    worst = sum(
        share.worst_usd for share in _forecast(request) if not isinstance(share.worst_usd, Unknown)
    )
    if not worst or request.options.yes:
        return True
    most = min(worst, request.options.budget)
    return screen.agrees(f"This may cost up to {most:.2f} USD. Go on?")


def _forecast(request: Request) -> tuple[Forecast, ...]:
    return forecast(left_of(request), request.asked, request.prices)


def _price(share: Forecast) -> str:
    if isinstance(share.expected_usd, Unknown) or isinstance(share.worst_usd, Unknown):
        unknown = share.worst_usd if isinstance(share.worst_usd, Unknown) else share.expected_usd
        return unknown.because if isinstance(unknown, Unknown) else ""
    return f"about {share.expected_usd:.4f} USD, at most {share.worst_usd:.4f}"
