"""What a gate says: in one line, as a table, as Markdown for a pull request, as JUnit's XML."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from visavis.options import Language
from visavis.report.documents import document
from visavis.report.language import N_, Words
from visavis.report.markdown import escaped, table
from visavis.report.measures import wording
from visavis.report.text import Numbers, line
from visavis.stats.estimate import TooFew
from visavis.verdict.decide import Because
from visavis.verdict.gate import Check, Gate, Passing

PASSINGS: Mapping[Passing, str] = MappingProxyType(
    {
        "non-inferior": N_("not worse"),
        "worse": N_("worse"),
        "undecided": N_("undecided"),
    }
)
SENTENCES: Mapping[Passing, str] = MappingProxyType(
    {
        "non-inferior": N_(
            "{candidate} may replace {base}: no loss that matters is left possible."
        ),
        "worse": N_("{candidate} is worse than {base}: a loss was shown."),
        "undecided": N_(
            "Undecided whether {candidate} is worse than {base}: a loss that matters was neither "
            "shown nor ruled out."
        ),
    }
)


def headline(gate: Gate, base: str, candidate: str, lang: Language) -> str:
    """The outcome in one sentence."""
    _ = Words(lang)
    return _(SENTENCES[gate.passing], base=line(base), candidate=line(candidate))


def paired(shared: int, apart: int, lang: Language) -> str:
    """What it rests on."""
    _, num = Words(lang), Numbers(lang)
    said = _.plural("{n} shared case", "{n} shared cases", shared, n=num.count(shared))
    if not apart:
        return said
    return _("{shared}; {n} asked of one only do not count", shared=said, n=num.count(apart))


def remarks(again: int, *, elsewhere: bool, musts: int, lang: Language) -> Iterator[str]:
    """What a reader might else believe to be counted."""
    _, num = Words(lang), Numbers(lang)
    if again:
        yield _.plural(
            "{n} case shows nothing: both runs hold the same reply to it; --no-reuse asks anew",
            "{n} cases show nothing: both runs hold the same reply to them; --no-reuse asks anew",
            again,
            n=num.count(again),
        )
    if elsewhere:
        yield _("Speed does not count: it was measured on two machines.")
    if musts:
        yield _("What must hold by the policy does not count here; see 'visavis verdict'.")


def rows(gate: Gate, lang: Language) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows of the table."""
    _ = Words(lang)
    heads = (_("measure"), _("gap"), _("95 % interval"), _("allowed loss"), _("so it is"))
    return heads, [_row(check, lang) for check in gate.checks]


def as_markdown(gate: Gate, base: str, candidate: str, lang: Language) -> str:
    """A summary for a pull request or a job's page."""
    heads, cells = rows(gate, lang)
    body = table(heads, [[escaped(cell) for cell in row] for row in cells])
    return f"**{escaped(headline(gate, base, candidate, lang))}**\n\n{body}\n"


def as_junit(gate: Gate) -> bytes:
    """One test case a measure: a failure where it is worse, skipped where it is undecided."""
    worse = sum(check.passing == "worse" for check in gate.checks)
    skipped = sum(check.passing == "undecided" for check in gate.checks)
    suite = Element(
        "testsuite",
        name=f"visavis gate, policy {line(gate.policy.name)}",
        tests=str(len(gate.checks)),
        failures=str(worse),
        skipped=str(skipped),
        errors="0",
    )
    for check in gate.checks:
        case = SubElement(suite, "testcase", classname="visavis.gate", name=_label(check, "en"))
        said = "; ".join(_row(check, "en")[1:])
        if check.passing == "worse":
            SubElement(case, "failure", message=said)
        elif check.passing == "undecided":
            SubElement(case, "skipped", message=said)
    found: bytes = tostring(suite, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def as_json(gate: Gate, base: str, candidate: str) -> bytes:
    """The same as data."""
    return document(
        {
            "base": base,
            "candidate": candidate,
            "policy": gate.policy.name,
            "outcome": gate.passing,
            "checks": [_data(check) for check in gate.checks],
        }
    )


def _row(check: Check, lang: Language) -> tuple[str, ...]:
    _, num = Words(lang), Numbers(lang)
    by, is_ratio = check.gap.verdict.by, check.gap.scale == "ratio"
    gap, between = "–", _("too few")
    if not isinstance(by, TooFew):
        unit = wording(check.row.measure).unit
        gap, between = num.ratio_gap(by) if is_ratio else num.gap(unit, by)
    matters = check.row.matters
    allowed = num.share(matters) if is_ratio else num.stated(matters)
    said = _(PASSINGS[check.passing])
    if check.cases_needed is not None:
        said = _(
            "{said}, about {n} cases settle it if it is as measured",
            said=said,
            n=num.count(check.cases_needed),
        )
    if getattr(check.gap.verdict, "because", "") == Because.FAILED:
        said = _("{said}: too many cases failed", said=said)
    return _label(check, lang), gap, between, allowed, said


def _label(check: Check, lang: Language) -> str:
    _ = Words(lang)
    measure = _(wording(check.row.measure).label)
    return _("{label}: {value}", label=line(check.row.benchmark), value=measure)


def _data(check: Check) -> dict[str, Any]:
    by = check.gap.verdict.by
    few = isinstance(by, TooFew)
    return {
        "benchmark": check.row.benchmark,
        "measure": check.row.measure,
        "scale": check.gap.scale,
        "gap": None if few else by,
        "matters": check.row.matters,
        "outcome": check.passing,
        "cases_needed": check.cases_needed,
    }
