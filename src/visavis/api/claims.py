"""`visavis claims`: published figures beside what the catalog, the price list and a run know."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from visavis.api.around import Surroundings, find
from visavis.api.claims_known import (
    Measured,
    Seen,
    all_claims,
    found_limits,
    list_prices,
    measured,
    seen_in,
    stated,
)
from visavis.api.comparison import Comparison
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.measure.limits.found import check_once
from visavis.measure.limits.found import read as read_limits
from visavis.measure.load.arrivals import ALONE
from visavis.measure.spec import is_speed
from visavis.options import ClaimsOptions
from visavis.verdict.claims import Checked, Claim, Known, check


def checked(
    systems: Sequence[str], options: ClaimsOptions, around: Surroundings
) -> tuple[Checked, ...]:
    """All claims about some systems, or about all that claims are made of."""
    claims = all_claims(options.file)
    spoken_of = dict.fromkeys(claim.system for claim in claims)
    for system in systems:
        if system not in spoken_of:
            raise unknown("system that claims are made of", system, spoken_of)
    here = list(_in_run(find(options.run, around.home))) if options.run else []
    limits = [(one, Path(file)) for file in options.limits for one in read_limits(Path(file))]
    check_once(limits)
    here += chain(*(found_limits(one) for one, _ in limits))

    def known_of(claim: Claim) -> Sequence[Known]:
        mine = [known for about, known in here if about == (claim.system, claim.criterion)]
        return [*stated(claim), *list_prices(claim), *mine]

    found = check(claims, known_of)
    return tuple(one for one in found if not systems or one.claim.system in systems)


def _in_run(folder: Path) -> Iterator[Measured]:
    """What a run measured of the systems that its candidates reach."""
    candidates, seen = _seen_under_load(folder) if is_speed(folder) else _seen(folder)
    reached = [one for one in candidates if one.system is not None]
    if not reached:
        raise OptionError(
            f"no candidate of run {folder.name!r} is a system that the catalog knows; "
            "claims are held against those"
        )
    for candidate in reached:
        yield from measured(candidate, seen)


def _seen(folder: Path) -> tuple[Sequence[Candidate], Seen]:
    run = Comparison(folder)
    return run.facts.spec.candidates, seen_in(run.facts, run.judgement)


def _seen_under_load(folder: Path) -> tuple[Sequence[Candidate], Seen]:
    """Only what was asked one at a time: nobody publishes at what load else a speed was met."""
    from visavis.api.speed_run import SpeedRun  # it loads what times requests

    run = SpeedRun(folder).figures
    rows = tuple(row for row in run.judgement.rows if row.benchmark == ALONE)
    return run.spec.candidates, Seen(replace(run.judgement, rows=rows), {}, run.started_at[:10])
