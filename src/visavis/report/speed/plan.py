"""What `visavis speed` is about to do, and what the instrument is worth, in words."""

from collections.abc import Iterator, Sequence

from visavis.core.candidate import Unknown
from visavis.measure.calibrate import GOOD_S, Calibration, ErrorAt
from visavis.measure.load.course import LoadPlan
from visavis.measure.plan import Forecast
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.retold import retold
from visavis.report.speed.words import load_label
from visavis.report.text import Numbers, line


def speed_outline(
    plan: LoadPlan, shares: Sequence[Forecast], budget_usd: float, lang: Language
) -> Iterator[str]:
    """The plan, a line each."""
    _, num, how = Words(lang), Numbers(lang), plan.how
    loads = [load_label(shape.name, lang) for shape in plan.shapes]
    if plan.sweep_to:
        loads = [_("1, 2, 4 … at once, up to {n}", n=num.count(plan.sweep_to))]
    names = _.listed([line(share.candidate) for share in shares])
    yield _("{label}: {value}", label=names, value=", ".join(loads))
    told = [_.plural("{n} block", "{n} blocks", plan.blocks, n=num.count(plan.blocks))]
    if how.quota.seconds:
        told.append(_("{time} each", time=num.stated_seconds(how.quota.seconds)))
    if how.quota.requests:
        requests = num.count(how.quota.requests)
        told.append(
            _.plural("{n} request each", "{n} requests each", how.quota.requests, n=requests)
        )
    yield "  " + _(
        "prompts of {prompt} tokens, replies of {output}; {blocks}",
        prompt=num.count(how.prompt_tokens),
        output=num.count(how.output_tokens),
        blocks=", ".join(told),
    )
    for share in shares:
        price = _price(share, budget_usd, lang)
        yield "  " + _("{label}: {value}", label=line(share.candidate), value=price)


def _price(share: Forecast, budget_usd: float, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    if isinstance(share.worst_usd, Unknown) or isinstance(share.expected_usd, Unknown):
        because = share.worst_usd if isinstance(share.worst_usd, Unknown) else Unknown(because="")
        return line(retold(because.because, lang).text)
    told = _.plural(
        "{n} request: about {expected}, {worst} at most",
        "{n} requests: about {expected}, {worst} at most",
        share.requests,
        n=num.count(share.requests),
        expected=num.usd(share.expected_usd),
        worst=num.usd(share.worst_usd),
    )
    return _("{told}; the run ends at {budget}", told=told, budget=num.usd(budget_usd))


def question(shares: Sequence[Forecast], budget_usd: float, lang: Language) -> str | None:
    """What to ask a user who is about to spend; None where nothing is known to cost anything."""
    _ = Words(lang)
    if all(isinstance(share.worst_usd, Unknown) for share in shares):
        return None
    return _("This may cost up to {usd}. Go on?", usd=Numbers(lang).usd(budget_usd))


# --- the instrument -----------------------------------------------------------------------------


def instrument_heads(lang: Language) -> tuple[str, ...]:
    """Of the table of errors."""
    _ = Words(lang)
    return (
        _("at once"),
        _("requests"),
        _("first token, median"),
        _("99 of 100"),
        _("between tokens, 99 of 100"),
        _("sent late, 99 of 100"),
        _("processor a token"),
    )


def instrument_rows(calibration: Calibration, lang: Language) -> Iterator[tuple[str, ...]]:
    """The instrument's errors by the number of requests at once."""
    num = Numbers(lang)
    for error in calibration.at:
        yield (
            num.count(error.streams),
            _requests(error, lang),
            num.seconds(error.first_token.p50, error.first_token.p50),
            num.seconds(error.first_token.p99, error.first_token.p99),
            num.seconds(error.inter_token.p99, error.inter_token.p99),
            num.seconds(error.late.p99, error.late.p99),
            num.seconds(error.cpu_s_per_token, error.cpu_s_per_token),
        )


def instrument_reading(calibration: Calibration, lang: Language) -> Iterator[str]:
    """Against what it was measured, whose clock it goes by, and how far it can be trusted."""
    _, num, delays = Words(lang), Numbers(lang), calibration.delays
    yield _(
        "Errors beside the log of a server in another process, which sends its first token after "
        "{first}, then one each {gap}, {n} in all.",
        first=num.stated_seconds(delays.first_s),
        gap=num.stated_seconds(delays.gap_s),
        n=num.count(delays.tokens),
    )
    clocks = {
        "kernel": _("The kernel stamped what came and went."),
        "user": _("The kernel stamps nothing here: instants are those at which we looked."),
    }
    yield clocks[calibration.clock]
    vouched, most = calibration.vouched(), max(error.streams for error in calibration.at)
    good = num.stated_seconds(GOOD_S)
    if vouched == most:
        yield _(
            "It vouches for {n} requests at once: 99 of 100 first tokens are right to {good}.",
            n=num.count(vouched),
            good=good,
        )
    else:
        yield _(
            "It vouches for {n} requests at once, no more: beyond, first tokens are not right to "
            "{good} in 99 of 100.",
            n=num.count(vouched),
            good=good,
        )


def _requests(error: ErrorAt, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    told = num.count(error.requests)
    if error.failed:
        told += _(", {n} lost", n=num.count(error.failed))
    return told
