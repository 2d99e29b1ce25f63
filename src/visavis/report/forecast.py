"""The plan in words: what is about to be asked of whom, and what it may cost."""

from collections.abc import Iterable, Iterator, Sequence

from visavis.core.candidate import Unknown
from visavis.measure.plan import Asked, Forecast
from visavis.options import Language, Until
from visavis.report.language import Words
from visavis.report.retold import retold
from visavis.report.text import Numbers, line


def outline(
    asked: Iterable[Asked],
    shares: Sequence[Forecast],
    budget_usd: float,
    lang: Language = "en",
    until: Until = "all",
) -> Iterator[str]:
    """The plan, a line each."""
    _, num = Words(lang), Numbers(lang)
    names = _.listed([line(share.candidate) for share in shares])
    cases = (f"{one.benchmark.protocol} ({num.count(len(one.cases))})" for one in asked)
    yield _("{label}: {value}", label=names, value=", ".join(cases))
    for share in shares:
        yield "  " + _("{label}: {value}", label=line(share.candidate), value=_told(share, lang))
    if until == "decided":
        yield _("These are at most: asking stops where every gap in score is decided.")
    most_usd = _most_usd(shares)
    if most_usd > budget_usd:
        yield _(
            "At most {most} in all; no case is asked beyond the budget of {budget}.",
            most=num.usd(most_usd),
            budget=num.usd(budget_usd),
        )


def judging(shares: Sequence[Forecast], budget_usd: float, lang: Language = "en") -> Iterator[str]:
    """What judges are to be asked, a line each; their price is apart from the candidates'."""
    _, num = Words(lang), Numbers(lang)
    yield _("Judges, once the replies are here:")
    for share in shares:
        yield "  " + _("{label}: {value}", label=line(share.candidate), value=_told(share, lang))
    if _most_usd(shares) > budget_usd:
        yield _(
            "Judges are asked nothing beyond their part of the budget, {budget}.",
            budget=num.usd(budget_usd),
        )


def _told(share: Forecast, lang: Language) -> str:
    """Requests and price."""
    _, n = Words(lang), share.requests
    requests = _.plural("{n} request", "{n} requests", n, n=Numbers(lang).count(n))
    return f"{requests}, {price(share, lang)}"


def question(shares: Iterable[Forecast], budget_usd: float, lang: Language = "en") -> str | None:
    """What to ask a user who is about to spend; None where nothing is known to cost anything."""
    most_usd = min(budget_usd, _most_usd(shares))
    if not most_usd:
        return None
    _ = Words(lang)
    return _("This may cost up to {usd}. Go on?", usd=Numbers(lang).usd(most_usd))


def _most_usd(shares: Iterable[Forecast]) -> float:
    """The worst of all that has a price."""
    worst = (share.worst_usd for share in shares)
    return sum(usd for usd in worst if not isinstance(usd, Unknown))


def price(share: Forecast, lang: Language) -> str:
    """What one candidate may cost, or why nobody can know."""
    _, num = Words(lang), Numbers(lang)
    if isinstance(share.worst_usd, Unknown):
        return line(retold(share.worst_usd.because, lang).text)
    if isinstance(share.expected_usd, Unknown):
        return line(retold(share.expected_usd.because, lang).text)
    expected, worst = num.usd(share.expected_usd), num.usd(share.worst_usd)
    return _("about {expected}, {worst} at most", expected=expected, worst=worst)
