"""What the page's script reckons a choice with, in any language.

The script recomputes a choice from this alone; a test holds its answers against the program's,
share by share and sentence by sentence.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite

from visavis.report.text import NBSP, line
from visavis.report.verdict import (
    FINE,
    SURE,
    limit_unit,
)
from visavis.stats.estimate import ALPHA, Estimate, TooFew, Z
from visavis.verdict.choice import HALF
from visavis.verdict.compare import Gap, MeasureRow
from visavis.verdict.consider import Choices
from visavis.verdict.flips import ENOUGH, FEWEST, FURTHEST, LEAST, PRICE, Bill
from visavis.verdict.must import LOCAL, MEASURED, MONTHLY, Must, Subject, Value
from visavis.verdict.policy import MEASURES, Policy
from visavis.verdict.policy_file import money
from visavis.verdict.worlds import FLAT, LEVEL, SMALLEST, WORLDS, criterion, errors_of, seed


def choose_data(
    choices: Choices, rows: Iterable[MeasureRow], limits: Iterable[tuple[Subject, bool]]
) -> dict[str, object]:
    names, known = choices.judgement.candidates, choices.known
    places = {name: place for place, name in enumerate(names)}
    subjects = list(known.subjects)
    return {
        "candidates": [line(name) for name in names],
        "worlds": WORLDS,
        "smallest": SMALLEST,
        "level": LEVEL,
        "flat": FLAT,
        "enough": ENOUGH,
        "half": HALF,
        "fewest": FEWEST,
        "furthest": FURTHEST,
        "least": LEAST,
        "alpha": ALPHA,
        "z": Z,
        "sure": SURE,
        "fine": FINE,
        "price": PRICE,
        "monthly": MONTHLY,
        "nbsp": NBSP,
        "rows": [_row(row, places, names) for row in rows],
        "subjects": [
            [[_ends(value) for value in known.subjects[one].get(name, ())] for name in names]
            for one in subjects
        ],
        "few": [
            [_few(known.subjects[one].get(name, ())) if one.share else None for name in names]
            for one in subjects
        ],
        "limits": {
            limit_key(one, at_most=most): {
                "subject": subjects.index(one),
                "at_most": most,
                "local": one.measure == LOCAL,
                "measured": one.measure in MEASURED,
                "share": one.share,
                "unit": limit_unit(one.measure),
            }
            for one, most in limits
        },
        "bills": [_bill(known.bills.get(name)) for name in names],
        "policies": [written(one.policy) for one in choices.taken],
    }


def written(policy: Policy) -> dict[str, object]:
    """A policy as the script holds it."""
    return {
        "name": policy.name,
        "about": policy.about,
        "matters": dict(policy.matters),
        "weights": {name: list(weight) for name, weight in policy.weights.items()},
        "must": [_must(one) for one in policy.must],
        "money": money(policy),
    }


def _must(one: Must) -> dict[str, object]:
    return {
        "key": limit_key(one.subject, at_most=one.at_most),
        "limit": one.limit,
        "text": one.text,
    }


def _row(row: MeasureRow, places: Mapping[str, int], names: Sequence[str]) -> dict[str, object]:
    of = {cell.candidate: cell.estimate for cell in row.cells}
    return {
        "measure": row.measure,
        "benchmark": row.benchmark,
        "scale": MEASURES[row.measure].scale,
        "higher_is_better": row.higher_is_better,
        "seed": seed(criterion(row)),
        "errors": seed(errors_of(criterion(row))),
        "gaps": [list(_gap(gap, places)) for gap in row.gaps],
        "values": [_value(of.get(name)) for name in names],
    }


def _value(known: Estimate | TooFew | None) -> float | None:
    return known.value if isinstance(known, Estimate) else None


def _gap(gap: Gap, places: Mapping[str, int]) -> Iterator[float | None]:
    """Two candidates; then low, value, high and the corrected chance, if there is an interval."""
    yield from (places[gap.a], places[gap.b])
    by = gap.verdict.by
    if not isinstance(by, TooFew):
        yield from (by.low, by.value, by.high, gap.p_holm)


def _ends(value: Value) -> list[float | None] | None:
    """Of an interval; None for one that lies in the infinite, which JSON has no number for."""
    match value:
        case Estimate(low=low, high=high):
            return [end if isfinite(end) else None for end in (low, high)]
        case float() | int():
            return [value, value]
        case _:
            return None


def _few(values: Iterable[Value]) -> list[int] | None:
    """How many there are, and how many it would take, where they are too few to tell."""
    found = [[one.groups, one.needed] for one in values if isinstance(one, TooFew) and one.groups]
    return found[-1] if found else None


def _bill(bill: Bill | None) -> dict[str, object] | None:
    if bill is None:
        return None
    return {"usd": bill.usd_per_million_output_tokens, "parts": dict(bill.parts)}


def limit_key(subject: Subject, *, at_most: bool) -> str:
    """As `must` writes it, without the limit."""
    share = "" if subject.share is None else f"p{100 * subject.share:g}"
    name = ".".join(part for part in (subject.measure, subject.benchmark, share) if part)
    return name if subject.measure == LOCAL else f"{name} {'<=' if at_most else '>='}"
