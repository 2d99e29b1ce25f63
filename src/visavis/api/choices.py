"""What a run knows for a choice, and what every policy makes of it."""

from collections.abc import Iterable, Iterator
from math import fsum, inf
from typing import TYPE_CHECKING

from visavis.api.limits_beside import reach_of
from visavis.core.candidate import Candidate
from visavis.core.outcome import Reply
from visavis.core.trial import Trial
from visavis.measure.limits.found import Reach
from visavis.measure.load.arrivals import ALONE
from visavis.measure.observe import observations
from visavis.stats.estimate import Estimate
from visavis.stats.quantile import quantile
from visavis.verdict.compare import judged_by
from visavis.verdict.consider import Choices, Known, consider
from visavis.verdict.flips import Bill
from visavis.verdict.must import FACTS, LOCAL, MEASURED, MONTHLY, PERCENTILES, Subject, Value
from visavis.verdict.policy import MEASURES
from visavis.verdict.policy_file import policies, policy_of

if TYPE_CHECKING:
    from visavis.api.comparison import Comparison

OUTPUT_PRICE = "usd_per_million_output_tokens"
PERCENTILE = 0.95
"""Of the requests, that the page offers to set a limit for."""


def choices_of(seen: "Comparison", own: str) -> Choices | None:
    """Under the policy of this name or file, and then every policy that comes with the program;
    None where there is nobody to choose from."""
    if len(seen.judgement.candidates) < 2:
        return None
    first, shipped = policy_of(own), [policies().get(name) for name in policies()]
    asked = [first, *(each for each in shipped if each != first)]
    limits = (one.subject for each in asked for one in each.must)
    known = known_of(seen, dict.fromkeys((*_offered(seen), *limits)))
    return Choices(
        judgement=seen.judgement,
        known=known,
        taken=tuple(consider(judged_by(seen.judgement, each), each, known) for each in asked),
    )


def known_of(seen: "Comparison", subjects: Iterable[Subject]) -> Known:
    """What is known of each candidate on these subjects, and what its output costs."""
    candidates = seen.facts.spec.candidates
    return Known(
        subjects={
            each: {one.name: tuple(_values(each, one, seen)) for one in candidates}
            for each in subjects
        },
        bills={one.name: bill for one in candidates if (bill := bill_of(one, seen.bare_trials))},
    )


def _offered(seen: "Comparison") -> Iterator[Subject]:
    """On what a reader may want to set a limit: all that was measured, and what is known of any."""
    rows = seen.judgement.rows
    for measure in (name for name in MEASURED if MEASURES[name].decides):
        found = [row.benchmark for row in rows if row.measure == measure]
        yield from (Subject(measure, benchmark) for benchmark in found)
        if found and measure in PERCENTILES:
            yield Subject(measure, share=PERCENTILE)
    for fact in (*FACTS, LOCAL):
        subject = Subject(fact)
        known = (_values(subject, one, seen) for one in seen.facts.spec.candidates)
        if any(value is not None for values in known for value in values):
            yield subject


def _values(subject: Subject, candidate: Candidate, seen: "Comparison") -> Iterator[Value]:
    if subject.measure == LOCAL:
        yield {"local": 1.0, "hosted": 0.0}.get(candidate.kind)
    elif subject.measure == MONTHLY:
        yield seen.usd_per_month.get(candidate.name)
    elif subject.measure in FACTS:
        yield from _stated(subject.measure, candidate, seen)
    elif subject.share is not None:
        yield _percentile(subject, candidate.name, subject.share, seen)
    else:
        for row in seen.judgement.rows:
            if row.measure == subject.measure and subject.benchmark in ("", row.benchmark):
                yield from (c.estimate for c in row.cells if c.candidate == candidate.name)


def _stated(name: str, candidate: Candidate, seen: "Comparison") -> Iterator[Value]:
    """What sources say, each of which has to meet it; where that was found to be wrong, and where
    nobody says anything, what was found."""
    found = reach_of(seen.facts.limits.get(candidate.name, ()), name)
    stated = [
        float(fact.value) if isinstance(fact.value, int | float) else None
        for fact in (*candidate.facts, *seen.facts.facts.get(candidate.name, ()))
        if fact.name == name
    ]
    known = [each for each in stated if found is None or (each is not None and found.holds(each))]
    yield from known
    if found is not None and (len(known) < len(stated) or not stated):
        yield _bounds(found)


def _bounds(found: Reach) -> Estimate:
    """From what is proven to what is not ruled out."""
    least, most = float(found.least), inf if found.most is None else float(found.most)
    return Estimate(value=least, low=least, high=most, n=1, method="found by asking")


def _percentile(subject: Subject, name: str, share: float, seen: "Comparison") -> Value:
    """Of single requests, not of their mean: of those that a speed run sent one at a time, where
    one was named that measured this candidate so; else of the comparison's own."""
    measure, load = subject.measure, None if subject.benchmark else seen.load
    if load is not None and (alone := load.loaded.get((ALONE, name))) is not None:
        return alone.first_token_within(share)
    groups: dict[str, list[float]] = {}
    asked = {(name, row.benchmark) for row in seen.judgement.rows if row.measure == measure}
    mine = (t for t in seen.bare_trials if (t.key.candidate, t.key.benchmark) in asked)
    for one in observations(mine, lambda benchmark, case: case):
        if one.measure == measure:
            groups.setdefault(one.group, []).append(one.value)
    return quantile(list(groups.values()), share) if groups else None


def bill_of(candidate: Candidate, trials: Iterable[Trial]) -> Bill | None:
    """None where its output has no one price, or what was paid was not paid by it."""
    prices = {fact.value for fact in candidate.facts if fact.name == OUTPUT_PRICE}
    price = prices.pop() if len(prices) == 1 else None
    if not isinstance(price, int | float) or not price:
        return None
    output: dict[str, list[float]] = {}
    paid: dict[str, list[float]] = {}
    for trial in trials:
        reply = trial.outcome
        if trial.key.candidate != candidate.name or not trial.usd:
            continue
        if isinstance(reply, Reply) and reply.usage is not None:
            output.setdefault(trial.key.benchmark, []).append(
                reply.usage.output_tokens * price / 1e6
            )
            paid.setdefault(trial.key.benchmark, []).append(trial.usd)
    parts = {name: fsum(output[name]) / fsum(paid[name]) for name in paid}
    if not parts or max(parts.values()) > 1 + 1e-9:  # paid by another price than is stated
        return None
    return Bill(
        usd_per_million_output_tokens=float(price),
        parts={name: min(1.0, part) for name, part in parts.items()},
    )
