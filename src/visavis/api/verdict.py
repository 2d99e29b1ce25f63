"""`visavis verdict`: an old run judged by a policy, without network or model."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from visavis.api.comparison import Comparison
from visavis.api.entry import find
from visavis.api.request import Surroundings
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.measure.observe import observations
from visavis.measure.spec import is_speed
from visavis.options import VerdictOptions
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.quantile import quantile
from visavis.verdict.choice import Choice, choose
from visavis.verdict.must import FACTS, LOCAL, Met, Must
from visavis.verdict.policy_file import policy_of

Value = Estimate | TooFew | float | None


def verdict(run: str, options: VerdictOptions, around: Surroundings) -> Choice:
    """What the policy makes of what the run measured."""
    folder = find(run, around.home)
    if is_speed(folder):
        raise OptionError(f"run {folder.name!r} measured speed alone; a verdict needs a comparison")
    return chosen(folder, options.policy)


def chosen(folder: Path, policy: str) -> Choice:
    """The same, of a run's folder."""
    seen, wanted = Comparison(folder, policy=policy), policy_of(policy)
    musts = {
        candidate.name: {one: met(one, candidate, seen) for one in wanted.must}
        for candidate in seen.facts.spec.candidates
    }
    return choose(seen.judgement, wanted, musts)


def met(must: Must, candidate: Candidate, seen: Comparison) -> Met:
    """Whether everything that was measured of it meets it."""
    found = {must.met_by(value) for value in _values(must, candidate, seen)}
    if "missed" in found:
        return "missed"
    return "met" if found == {"met"} else "may be missed"


def _values(must: Must, candidate: Candidate, seen: Comparison) -> Iterator[Value]:
    if must.measure == LOCAL:
        yield {"local": 1.0, "hosted": 0.0}.get(candidate.kind)
    elif must.measure in FACTS:
        yield from _stated(must.measure, candidate, seen.facts.facts)
    elif must.share is not None:
        yield _percentile(must, candidate.name, must.share, seen)
    else:
        for row in seen.judgement.rows:
            if row.measure == must.measure and must.benchmark in ("", row.benchmark):
                yield from (c.estimate for c in row.cells if c.candidate == candidate.name)


def _stated(
    name: str, candidate: Candidate, measured: Mapping[str, Iterable[object]]
) -> Iterator[Value]:
    """What sources say; each of them has to meet it."""
    for fact in (*candidate.facts, *measured.get(candidate.name, ())):
        if getattr(fact, "name", "") == name:
            value = getattr(fact, "value", None)
            yield float(value) if isinstance(value, int | float) else None


def _percentile(must: Must, name: str, share: float, seen: Comparison) -> Value:
    """Of single requests, not of their mean."""
    groups: dict[str, list[float]] = {}
    for one in observations(seen.trials, lambda benchmark, case: case):
        if (one.candidate, one.measure) == (name, must.measure):
            groups.setdefault(one.group, []).append(one.value)
    return quantile(list(groups.values()), share) if groups else None
