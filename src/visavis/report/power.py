"""The answer of `visavis power` in words: a table, how to read it, and the same as data."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

import msgspec

from visavis.options import Language
from visavis.report.language import Words
from visavis.report.text import Numbers, line
from visavis.stats.power import RUNS, Stopping


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumed:
    """What is taken to be known before anything is asked."""

    benchmark: str = ""
    pair: tuple[str, str] | None = None
    """Where it was measured: of whom."""
    differ: float
    """Share of cases that only one of the two solves."""
    measured_on: int | None = None
    """Cases; None where nothing was measured."""
    has: int | None = None
    """Cases of the benchmark, where one was named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """Cases that show one gap, or that there is none."""

    assumed: Assumed
    differ: float
    """As assumed, but not less than the gap."""
    gap: float
    """From 0 to 1; 0 is none."""
    matters: float
    """A gap within it changes no choice."""
    fixed_80: int
    """Asked all, they show it in 80 of 100 tries."""
    fixed_95: int
    until_decided: Stopping


def heads(lang: Language) -> tuple[str, ...]:
    """Of the table's columns."""
    _, num = Words(lang), Numbers(lang)
    return (
        "",
        _("differ"),
        _("gap"),
        _("fixed, {share}", share=num.share(0.8)),
        _("fixed, {share}", share=num.share(0.95)),
        _("until decided, {share}", share=num.share(0.5)),
        _("until decided, {share}", share=num.share(0.9)),
    )


def rows(needed: Iterable[Needed], lang: Language) -> Iterable[tuple[str, ...]]:
    """Of the table, a gap each."""
    _, num = Words(lang), Numbers(lang)
    for one in needed:
        stop = one.until_decided
        figures = (one.fixed_80, one.fixed_95, stop.median, stop.nine_in_ten)
        yield (
            _label(one.assumed, lang),
            num.share(one.differ, 0.05 if one.assumed.measured_on else 1.0),
            num.stated(one.gap) if one.gap else _("none (alike)"),
            *(_cases(n, one.assumed.has, num) for n in figures),
        )


def reading(needed: Sequence[Needed], lang: Language) -> Iterable[str]:
    """What the columns mean."""
    _, num = Words(lang), Numbers(lang)
    if any(one.assumed.measured_on for one in needed):
        yield _("Differ: the share of cases that only one of the two solved, as that run measured.")
    else:
        yield _("Differ: the share of cases that only one of the two solves; here it is assumed.")
    yield _(
        "Fixed: so many cases, all of them asked, show the gap in {some} or {most} of tries "
        "(McNemar's test), or that there is none (an interval within {matters}), where no other "
        "gap is compared. With five gaps in the table, prices and speeds included, it takes a "
        "third to a half more to show one.",
        some=num.share(0.8),
        most=num.share(0.95),
        matters=num.stated(needed[0].matters),
    )
    yield _(
        "Until decided: compare --until decided stops after no more cases than these, in {some} or "
        "{most} of {n} simulated runs of one such gap. Several gaps at once take more.",
        some=num.share(0.5),
        most=num.share(0.9),
        n=num.count(RUNS),
    )


def as_json(needed: Sequence[Needed]) -> bytes:
    """Quantities bare; shares from 0 to 1."""
    return (
        msgspec.json.format(msgspec.json.encode([asdict(one) for one in needed]), indent=1) + b"\n"
    )


def _label(assumed: Assumed, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    name = line(assumed.benchmark)
    if assumed.has is not None:
        name = _.plural(
            "{name} ({n} case)",
            "{name} ({n} cases)",
            assumed.has,
            name=name,
            n=num.count(assumed.has),
        )
    pair = _(" vs. ").join(map(line, assumed.pair or ()))
    return ", ".join(part for part in (name, pair) if part)


def _cases(n: int, has: int | None, num: Numbers) -> str:
    """A number of cases; beside it how many there are, where that is too few."""
    return num.count(n) if has is None or n <= has else f"{num.count(n)} > {num.count(has)}"
