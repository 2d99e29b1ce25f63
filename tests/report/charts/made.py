"""A run of made-up candidates that were priced, timed and failed now and then."""

from dataclasses import replace
from random import Random
from typing import NamedTuple

from tests.report import fixtures
from visavis.core.candidate import Candidate, Fact
from visavis.core.outcome import Failure, Reply, Score, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.observe import counts, observations
from visavis.measure.speed import SPEED
from visavis.report.charts.drawing import Plane
from visavis.report.run_facts import RunFacts
from visavis.verdict.compare import Judgement, judge
from visavis.verdict.policy import DEFAULT

MACHINES = {"small": 4e9, "laptop": 12e9, "another of its size": 12e9, "large": 27e9}


class Kind(NamedTuple):
    """What a candidate is like."""

    name: str
    solves: float
    usd: float | None
    first_s: float


KINDS = (
    Kind("dear and good", 0.9, 0.004, 0.5),
    Kind("cheap and middling", 0.7, 0.0003, 0.3),
    Kind("dear and bad", 0.3, 0.005, 2.0),
    Kind("free", 0.5, None, 1.0),
)


class Made(NamedTuple):
    """All that charts are drawn from."""

    judgement: Judgement
    run: RunFacts
    trials: list[Trial]


def made(kinds: tuple[Kind, ...] = KINDS, cases: int = 60, *, fails: float = 0.05) -> Made:
    """Two benchmarks of `cases`, and a speed benchmark of six blocks."""
    rng = Random(4)
    stored = {
        name: tuple(fixtures.stored(name, n) for n in range(cases))
        for name in ("logic", "humaneval")
    }
    trials = [
        _trial(kind, benchmark, case.case.id, rng, fails)
        for benchmark, several in stored.items()
        for case in several
        for kind in kinds
    ]
    trials += [_trial(kind, SPEED, f"block {n}", rng, 0.0) for n in range(6) for kind in kinds]
    names = [kind.name for kind in kinds]
    run = replace(
        fixtures.RUN,
        spec=replace(fixtures.SPEC, candidates=tuple(map(_candidate, kinds))),
        cases=stored,
        facts={names[-1]: (_measured("peak_bytes", 5e9),)},
        machines=MACHINES,
    )
    seen = observations(trials, lambda _benchmark, case: case)
    return Made(judge(seen, counts(trials), names, DEFAULT), run, trials)


def _candidate(kind: Kind) -> Candidate:
    base = fixtures.HOSTED if kind.usd is not None else fixtures.CANDIDATES[0]
    return replace(base, name=kind.name)


def _measured(name: str, value: float) -> Fact:
    return Fact(name=name, value=value, source="measured here", as_of="2026-11-22")


def _trial(kind: Kind, benchmark: str, case: str, rng: Random, fails: float) -> Trial:
    first = kind.first_s * rng.lognormvariate(0, 0.5)
    done = first + rng.lognormvariate(0, 0.4)
    right = rng.random() < kind.solves
    key = TrialKey(kind.name, benchmark, case, 0)
    if rng.random() < fails:
        failed = Failure(kind="timed out", detail="no reply in 60 s")
        return Trial(key=key, outcome=failed, grade=None, usd=None)
    return Trial(
        key=key,
        outcome=Reply(
            text="x",
            usage=Usage(input_tokens=80, output_tokens=100),
            stamps=Stamps(due=0.0, sent=0.0, first=first, last=done, done=done),
        ),
        grade=Score(value=float(right), because="by chance", read="x"),
        usd=None if kind.usd is None else kind.usd * rng.lognormvariate(0, 0.3),
    )


def check_plane(plane: Plane) -> None:
    """Everything stands within the axes, and whiskers go from their low end to their high one."""
    for dot in plane.dots:
        assert 0 <= dot.x <= 100
        assert 0 <= dot.y <= plane.height
        if dot.across:
            assert 0 <= dot.across[0] <= dot.x <= dot.across[1] <= 100
        if dot.upright:  # pixels below the upper edge
            assert plane.height >= dot.upright[0] >= dot.y >= dot.upright[1] >= 0
    for drawn in plane.lines:
        for text in (drawn.points, drawn.area):
            for x, y in points(text):
                assert 0 <= x <= 100
                assert 0 <= y <= plane.height
    for ticks, end in ((plane.x, 100.0), (plane.y, plane.height), (plane.levels, plane.height)):
        assert all(0 <= tick.at <= end for tick in ticks)
        labels = [tick.label for tick in ticks]
        assert len(set(labels)) == len(labels)


def points(text: str) -> list[tuple[float, float]]:
    """In per cent across and pixels down."""
    pairs = (point.split(",") for point in text.split())
    return [(float(x) / 10, float(y)) for x, y in pairs]
