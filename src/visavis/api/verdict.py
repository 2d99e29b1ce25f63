"""`visavis verdict`: an old run judged by a policy, without network or model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from visavis.api.around import Surroundings, find
from visavis.api.choices import known_of
from visavis.api.comparison import Beside, Comparison
from visavis.core.errors import OptionError
from visavis.measure.load.arrivals import ALONE
from visavis.measure.spec import is_speed
from visavis.options import VerdictOptions
from visavis.report.find_out import Named, named
from visavis.verdict.choice import Choice
from visavis.verdict.consider import consider
from visavis.verdict.policy_file import policy_of


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A choice, and what is to be known beside it."""

    choice: Choice
    by: Named
    """What further commands call the run: `last` will soon be another."""
    notes: tuple[str, ...]


def verdict(run: str, options: VerdictOptions, around: Surroundings) -> Verdict:
    """What the policy makes of what the run measured, and of what was measured beside it."""
    folder = find(run, around.home)
    if is_speed(folder):
        raise OptionError(f"run {folder.name!r} measured speed alone; a verdict needs a comparison")
    speed = None if options.speed is None else find(options.speed, around.home)
    beside = Beside(limits=options.limits, speed=speed)
    seen = Comparison(folder, policy=options.policy, beside=beside)
    _check_load(seen)
    by = replace(named(seen.facts), run=folder.name if run == "last" else run)
    return Verdict(
        choice=_chosen(seen, options.policy),
        by=replace(by, policy=options.policy),
        notes=seen.notes_on_load,
    )


def chosen(folder: Path, policy: str, limits: Sequence[str] = ()) -> Choice:
    """The choice alone, of a run's folder."""
    return _chosen(Comparison(folder, policy=policy, beside=Beside(limits=limits)), policy)


def _check_load(seen: Comparison) -> None:
    """A speed run that can tell a verdict nothing was named by mistake."""
    load = seen.load
    if load is not None and not load.of(ALONE):
        raise OptionError(
            f"speed run {Path(load.name).name!r} asked nobody one request at a time, so no verdict "
            "can go by it; measure again with '--concurrency 1'"
        )


def _chosen(seen: Comparison, policy: str) -> Choice:
    if len(seen.judgement.candidates) < 2:
        name = seen.folder.name
        raise OptionError(f"run {name!r} asked one candidate; a verdict needs a comparison")
    wanted = policy_of(policy)
    return consider(seen.judgement, wanted, known_of(seen, [one.subject for one in wanted.must]))
