"""How loads, percentiles and objectives of a speed run are named."""

import re

from visavis.measure.load.arrivals import streams_in
from visavis.measure.load.slo import Objective
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.measures import wording
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate, TooFew

_RATE = re.compile(r"(poisson )?rate ([\d.e+]+)(?:-([\d.e+]+))?")

LABELS = {
    "first_token_s": N_("time to first token"),
    "inter_token_s": N_("time between tokens"),
    "longest_gap_s": N_("longest pause"),
    "total_s": N_("whole reply"),
}


def load_label(name: str, lang: Language) -> str:
    """A load as its name in the store says it: `4 at once`, `2 a second`."""
    _, num = Words(lang), Numbers(lang)
    streams, rate = streams_in(name), _RATE.fullmatch(name)
    if streams is not None:
        return _("{n} at once", n=num.count(streams))
    if rate is None:
        return _("trace {name}", name=line(name.removeprefix("trace ")))
    low = _number(rate[2], num)
    label = _("{n} a second", n=low)
    if rate[3] is not None:
        label = _("{low} to {high} a second", low=low, high=_number(rate[3], num))
    return _("{load}, as independent users", load=label) if rate[1] else label


def percentile(measure: str, share: float, lang: Language) -> str:
    """`time to first token, 95 of 100 within`."""
    _, num = Words(lang), Numbers(lang)
    label = _(LABELS[measure])
    if share == 0.5:
        return _("{measure}, median", measure=label)
    return _("{measure}, {n} of 100 within", measure=label, n=num.count(100 * share))


def objective_label(wanted: Objective, lang: Language) -> str:
    """`time to first token within 800 ms, of 95% of requests`."""
    _, num = Words(lang), Numbers(lang)
    label = _(LABELS.get(wanted.measure) or wording(wanted.measure).label)
    limit = num.value(wording(wanted.measure).unit, wanted.limit)
    if wanted.at_most:
        limit = num.stated_seconds(wanted.limit)
    text = _("{measure} within {limit}", measure=label, limit=limit)
    if not wanted.at_most:
        text = _("{measure} of at least {limit}", measure=label, limit=limit)
    return _(
        "{objective}, of {share} of requests",
        objective=text,
        share=num.share(wanted.share, 1.0 if round(100 * wanted.share, 6).is_integer() else 0.0),
    )


def kept(wanted: Objective, known: Estimate | TooFew, lang: Language) -> str:
    """Whether the objective is met, as far as the requests tell."""
    _ = Words(lang)
    if isinstance(known, TooFew):
        return _("undecided")
    if known.low >= wanted.share or (known.value == wanted.share == 1.0):
        return _("met")
    return _("missed") if known.high < wanted.share else _("undecided")


def _number(text: str, num: Numbers) -> str:
    value = float(text)
    return num.decimal(value, 0 if value.is_integer() else 2 if value < 1 else 1)
