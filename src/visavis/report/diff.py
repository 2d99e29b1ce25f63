"""What changed from one run to a later one, in words: a table a candidate, what flipped, drift."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from visavis.options import Language
from visavis.report.documents import document
from visavis.report.language import N_, NN_, Words
from visavis.report.measures import fact_wording, wording
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.changes import Becomes, Change, Who
from visavis.verdict.drift import Drift, Sign

Value = str | float
Why = Literal[
    "only the old run asked it",
    "only the new run asked it",
    "another protocol",
    "another version of the benchmark",
    "asked otherwise than before",
    "nothing was asked anew",
    "one of the runs has no trial of it",
    "stopped when decided, on other cases",
    "measured on another machine",
]
"""Why something cannot be compared: a closed set, so that each can be translated."""

WHYS: tuple[Why, ...] = (
    N_("only the old run asked it"),  # type: ignore[assignment]  # marked for translation alone
    N_("only the new run asked it"),
    N_("another protocol"),
    N_("another version of the benchmark"),
    N_("asked otherwise than before"),
    N_("nothing was asked anew"),
    N_("one of the runs has no trial of it"),
    N_("stopped when decided, on other cases"),
    N_("measured on another machine"),
)
BECOMES: Mapping[Becomes, str] = MappingProxyType(
    {
        "better": N_("better"),
        "worse": N_("worse"),
        "more": N_("more"),
        "less": N_("less"),
        "unchanged": N_("unchanged"),
        "undecided": N_("undecided"),
    }
)
SIGNS: Mapping[Sign, str] = MappingProxyType(
    {
        "replies": N_("it says other things than before, more than its own tries differ"),
        "score": N_("its score moved"),
        "tokens": N_("its replies have another length"),
        "finish": N_("its replies end otherwise"),
    }
)
LABELS: Mapping[str, str] = MappingProxyType(
    {
        "name": N_("name"),
        "snapshot": N_("snapshot"),
        "model": N_("model id"),
        "route": N_("route"),
        "address": N_("address"),
        "lifecycle": N_("lifecycle"),
        "shutdown": N_("day of shutdown"),
        "processor": N_("processor"),
        "visavis": N_("visavis"),
        "served": N_("model that answered"),
        "fingerprint": N_("system fingerprint"),
    }
)
"""Of what is stated beside facts, which have words of their own."""
DIGEST = 19
"""Letters of a file's digest that are shown: enough to know it again."""
SHOWN = 5
"""Cases that are named of those that flipped; all are in the data."""


class LeftOut(NamedTuple):
    """A benchmark, or a load, that cannot be compared."""

    benchmark: str
    why: Why
    again: int = 0
    """Cases of which the new run took a reply from the old one."""


class Flips(NamedTuple):
    """Cases of a benchmark whose mark fell, or rose; of so many that both runs asked."""

    benchmark: str
    lost: tuple[str, ...]
    won: tuple[str, ...]
    shared: int


class FactChange(NamedTuple):
    """Something stated that is not the same any more."""

    name: str
    old: tuple[Value, ...]
    new: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatChanged:
    """All that is to be said of one candidate."""

    who: Who
    changes: tuple[Change, ...]
    drift: Drift | None = None
    """None where the two runs ask different snapshots, or speed alone was measured."""
    flips: tuple[Flips, ...] = ()
    facts: tuple[FactChange, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    again: int = 0
    """Cases that do not count, since the new run took a reply from the old one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Diff:
    """What changed from one run to another."""

    old: str
    new: str
    policy: str
    candidates: tuple[WhatChanged, ...]
    alone: tuple[tuple[str, ...], tuple[str, ...]]
    """Candidates of the old, and of the new run that are compared with nothing."""


def heads(lang: Language) -> tuple[str, ...]:
    """Of the table of changes."""
    _ = Words(lang)
    return _("measure"), _("old"), _("new"), _("gap"), _("so it is"), _("compared")


def title(one: WhatChanged, lang: Language) -> str:
    """Whom a table is of."""
    _, (old, new) = Words(lang), map(line, one.who)
    return old if old == new else _("{new}, before: {old}", new=new, old=old)


def rows(one: WhatChanged, lang: Language) -> list[tuple[str, ...]]:
    """A line for each measure."""
    return [_row(change, lang) for change in one.changes]


def remarks(one: WhatChanged, lang: Language) -> Iterator[str]:
    """What stands below the table: drift, what flipped, what is stated otherwise, what is left
    out."""
    _, num = Words(lang), Numbers(lang)
    if one.drift is not None:
        yield from _drift(one.drift, lang)
    for flips in one.flips:
        yield from _flips(flips, lang)
    for fact in one.facts:
        label = _label(fact.name, lang)
        change = _(
            "{old} → {new}", old=_stated(fact, fact.old, lang), new=_stated(fact, fact.new, lang)
        )
        yield _("{label}: {value}", label=label, value=change)
    if one.again:
        yield _.plural(
            "{n} case does not count: its reply was taken from the old run; --no-reuse asks anew",
            "{n} cases do not count: their replies were taken from the old run; --no-reuse asks "
            "anew",
            one.again,
            n=num.count(one.again),
        )
    for left in one.left_out:
        why = _("not compared: {why}", why=_(left.why))
        yield _("{label}: {value}", label=line(left.benchmark), value=why)


def lonely(found: Diff, lang: Language) -> Iterator[str]:
    """Candidates that only one run has."""
    _ = Words(lang)
    old, new = ([line(name) for name in names] for names in found.alone)
    if old:
        yield _("Only in the old run: {names}.", names=_.listed(old))
    if new:
        yield _("Only in the new run: {names}.", names=_.listed(new))


def footnote(found: Diff, lang: Language) -> str:
    """How the table is to be read."""
    _, family = Words(lang), sum(_is_tested(c) for one in found.candidates for c in one.changes)
    return _.plural(
        "A gap is new less old, or new by old (times), with its 95% interval. Better and worse are "
        "said where a difference was shown, allowance made for {n} comparison; unchanged, where "
        "any difference is too small to matter.",
        "A gap is new less old, or new by old (times), with its 95% interval. Better and worse are "
        "said where a difference was shown, allowance made for {n} comparisons at once (Holm); "
        "unchanged, where any difference is too small to matter.",
        family,
        n=Numbers(lang).count(family),
    )


def _is_tested(change: Change) -> bool:
    return change.gap.p_holm is not None


def _row(change: Change, lang: Language) -> tuple[str, ...]:
    _, num = Words(lang), Numbers(lang)
    by, known = change.gap.verdict.by, wording(change.row.measure)
    gap = _("too few")
    if isinstance(by, Estimate):
        told = num.ratio_gap(by) if change.gap.scale == "ratio" else num.gap(known.unit, by)
        gap = _("{value} ({interval})", value=told[0], interval=told[1])
    said = _(BECOMES[change.becomes])
    if change.cases_needed is not None:
        said = _(
            "{said}, about {n} cases settle it if it is as measured",
            said=said,
            n=num.count(change.cases_needed),
        )
    n = f", {num.rests_on(by)}" if isinstance(by, Estimate) else ""
    return (
        _("{label}: {value}", label=line(change.row.benchmark), value=_(known.label)),
        _amount(change.old, known.unit, lang),
        _amount(change.new, known.unit, lang),
        gap,
        said,
        (_("in pairs") if change.paired else _("each for itself")) + n,
    )


def _amount(known: Estimate | TooFew, unit: Any, lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    if isinstance(known, TooFew):
        return num.value(unit, known.mean) if known.mean is not None else _("too few")
    value = num.value(unit, known.value, known.high - known.low)
    return _("{value} ({interval})", value=value, interval=num.interval(unit, known))


def _drift(drift: Drift, lang: Language) -> Iterator[str]:
    _, num = Words(lang), Numbers(lang)
    name, snapshot = line(drift.of.who.new), line(drift.of.snapshot)
    if snapshot.startswith("sha256:"):
        snapshot = f"{snapshot[:DIGEST]}…"
    signs = list(dict.fromkeys(_(SIGNS[one.sign]) for one in drift.signals if one.shown))
    if drift.says_so:
        signs.insert(0, _("its server says that another answers"))
    if signs:
        yield _(
            "! {name} has drifted, though its snapshot is {snapshot} in both runs: {signs}.",
            name=name,
            snapshot=snapshot,
            signs=_.listed(signs),
        )
    elif drift.of.asked:
        yield _(
            "No drift of {name} was shown, whose snapshot is {snapshot} in both runs.",
            name=name,
            snapshot=snapshot,
        )
    for benchmark, share in drift.identical.items():
        said = _("{share} of the replies are word for word as before", share=num.share(share))
        yield _(
            "{label}: {value}", label=line(benchmark), value=said + _without(drift, benchmark, lang)
        )


def _without(drift: Drift, benchmark: str, lang: Language) -> str:
    """That nobody can say how many should be, where no case was tried twice in one run."""
    _ = Words(lang)
    tried = any(
        len(tries) > 1
        for asking in drift.of.asked
        if asking.benchmark == benchmark
        for side in (asking.old, asking.new)
        for tries in side.values()
    )
    if tried or drift.identical[benchmark] == 1.0:
        return ""
    return _("; how many luck explains, only --repeats can tell")


def _flips(flips: Flips, lang: Language) -> Iterator[str]:
    _, num = Words(lang), Numbers(lang)
    for cases, one, many in (
        (flips.lost, *NN_("{n} case got worse: {cases}", "{n} cases got worse: {cases}")),
        (flips.won, *NN_("{n} case got better: {cases}", "{n} cases got better: {cases}")),
    ):
        if cases:
            named = ", ".join(map(line, cases[:SHOWN])) + (" …" if len(cases) > SHOWN else "")
            said = _.plural(one, many, len(cases), n=num.count(len(cases)), cases=named)
            yield _("{label}: {value}", label=line(flips.benchmark), value=said)


def _label(name: str, lang: Language) -> str:
    return Words(lang)(LABELS[name] if name in LABELS else fact_wording(name).label)


def _stated(fact: FactChange, values: Sequence[Value], lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    unit = None if fact.name in LABELS else fact_wording(fact.name).unit
    said = [
        line(one) if isinstance(one, str) else num.value(unit, one) if unit else num.decimal(one)
        for one in values
    ]
    return ", ".join(said) or _("nothing")


def as_json(found: Diff) -> bytes:
    """The same as data, all flipped cases included."""
    return document(
        {
            "old": found.old,
            "new": found.new,
            "policy": found.policy,
            "candidates": [_data(one) for one in found.candidates],
            "only_old": found.alone[0],
            "only_new": found.alone[1],
        }
    )


def _data(one: WhatChanged) -> dict[str, Any]:
    return {
        "old": one.who.old,
        "new": one.who.new,
        "changes": [
            {
                "benchmark": change.row.benchmark,
                "measure": change.row.measure,
                "old": _known(change.old),
                "new": _known(change.new),
                "scale": change.gap.scale,
                "gap": _known(change.gap.verdict.by),
                "p_value": change.gap.p_value,
                "p_holm": change.gap.p_holm,
                "paired": change.paired,
                "becomes": change.becomes,
                "cases_needed": change.cases_needed,
            }
            for change in one.changes
        ],
        "drift": None if one.drift is None else _drift_data(one.drift),
        "flips": [flips._asdict() for flips in one.flips],
        "facts": [fact._asdict() for fact in one.facts],
        "not_compared": [left._asdict() for left in one.left_out],
        "replies_of_the_old_run": one.again,
    }


def _known(estimate: Estimate | TooFew) -> Estimate | None:
    return estimate if isinstance(estimate, Estimate) else None


def _drift_data(drift: Drift) -> dict[str, Any]:
    return {
        "snapshot": drift.of.snapshot,
        "found": drift.found,
        "the_server_says_so": drift.says_so,
        "identical": dict(drift.identical),
        "signals": [
            {
                "benchmark": signal.benchmark,
                "sign": signal.sign,
                "gap": None if isinstance(signal.tested, TooFew) else signal.tested.gap,
                "p_value": None if isinstance(signal.tested, TooFew) else signal.tested.p_value,
                "p_holm": signal.p_holm,
                "shown": signal.shown,
            }
            for signal in drift.signals
        ],
    }
