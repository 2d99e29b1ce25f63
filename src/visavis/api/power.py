"""`visavis power`: how many cases it takes to see a gap, before any is asked."""

from collections.abc import Iterator, Mapping
from itertools import combinations
from math import fsum

from visavis.api.around import Surroundings, find
from visavis.api.comparison import Comparison
from visavis.api.request import loaded
from visavis.api.screen import Screen
from visavis.core.errors import OptionError
from visavis.core.numbers import check_numbers
from visavis.measure.observe import observations
from visavis.options import CompareOptions, PowerOptions, flag
from visavis.report.power import Assumed, Needed
from visavis.stats.paired import shared
from visavis.stats.power import cases_to_be_alike, cases_to_show, stopping
from visavis.verdict.compare import STOPPED_BY
from visavis.verdict.methods import FIXED
from visavis.verdict.policy_file import policy_of
from visavis.verdict.tries import sorted_out

USUAL_DIFFER = 0.2
"""Share of cases that only one of two solves, where nothing better is known."""


def needed(options: PowerOptions, around: Surroundings, screen: Screen) -> tuple[Needed, ...]:
    """For each benchmark and pair: the cases that show the gap, and that show there is none."""
    _check(options)
    matters = policy_of(options.policy).matters["score"]
    gap = options.gap / 100
    return tuple(
        _needed(assumed, wanted, matters)
        for assumed in _assumptions(options, around, screen)
        for wanted in (gap, 0.0)
    )


def _check(options: PowerOptions) -> None:
    check_numbers(options, flag)
    if options.differ and options.from_:
        raise OptionError("--differ says what --from measures; give one of the two")
    if 0 < options.differ < options.gap:
        raise OptionError(
            f"a gap of {options.gap:g} points takes candidates that differ on at least as many "
            f"cases; give --differ {options.gap:g} or more"
        )


def _needed(assumed: Assumed, gap: float, matters: float) -> Needed:
    differ = max(assumed.differ, gap, _LEAST_DIFFER)
    if gap:
        fixed = (cases_to_show(gap, differ=differ, power=power) for power in (0.8, 0.95))
    else:
        fixed = (cases_to_be_alike(matters, differ=differ, power=power) for power in (0.8, 0.95))
    in_eight_of_ten, in_nineteen_of_twenty = fixed
    return Needed(
        assumed=assumed,
        differ=differ,
        gap=gap,
        matters=matters,
        fixed_80=in_eight_of_ten,
        fixed_95=in_nineteen_of_twenty,
        until_decided=stopping(gap, differ=differ, matters=matters, part=STOPPED_BY),
    )


_LEAST_DIFFER = 0.01
"""Two that never differed in a run may yet."""


def _assumptions(options: PowerOptions, around: Surroundings, screen: Screen) -> Iterator[Assumed]:
    """What is taken to be known: stated, or measured in a run; with the cases there are."""
    cases = _cases(options, around, screen)
    if not options.from_:
        differ = options.differ / 100 or USUAL_DIFFER
        for benchmark in cases or [""]:
            yield Assumed(benchmark=benchmark, differ=differ, has=cases.get(benchmark))
        return
    measured = list(_measured(Comparison(find(options.from_, around.home)), cases))
    if not measured:
        of = f" on {', '.join(cases)}" if cases else ""
        raise OptionError(f"run {options.from_!r} has no case that two candidates answered{of}")
    yield from measured


def _cases(options: PowerOptions, around: Surroundings, screen: Screen) -> dict[str, int]:
    """How many cases the benchmarks named have."""
    if not options.on:
        return {}
    every = CompareOptions(on=options.on, data=options.data, until="decided")
    return {one.benchmark.name: len(one.cases) for one in loaded((), every, around, screen)}


def _measured(run: Comparison, cases: Mapping[str, int]) -> Iterator[Assumed]:
    for benchmark, scores in _scores(run).items():
        if cases and benchmark not in cases:
            continue
        for a, b in combinations(scores, 2):
            gaps = [one - other for one, other in shared(scores[a], scores[b]).values()]
            if gaps:
                yield Assumed(
                    benchmark=benchmark,
                    pair=(a, b),
                    differ=fsum(gap**2 for gap in gaps) / len(gaps),
                    measured_on=len(gaps),
                    has=cases.get(benchmark),
                )


def _scores(run: Comparison) -> Mapping[str, Mapping[str, Mapping[str, float]]]:
    """Of each case, by benchmark and candidate."""
    every = observations(run.bare_trials, lambda benchmark, case: case)
    seen = sorted_out((one for one in every if one.measure == "score"), FIXED)
    scores: dict[str, dict[str, Mapping[str, float]]] = {}
    for (benchmark, _, candidate), tries in seen.tries.items():
        scores.setdefault(benchmark, {})[candidate] = tries.means()
    return scores
