"""A speed run made by hand: two candidates under three loads, one of them too much for both."""

from random import Random

from tests.measure.load.things import FAILED, block, served, timing
from visavis.core.candidate import Fact
from visavis.measure.calibrate import Calibration, Delays, ErrorAt, Spread
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.slo import objective
from visavis.measure.load.spec import SpeedSpec
from visavis.report.speed.figures import SpeedFigures, judged, loaded
from visavis.verdict.policy import DEFAULT

SLO = ("first_token_s.p95<=0.6", "output_tokens_per_s.p90>=5")
NAMES = ("smollm2-135m", "qwen2.5-coder-0.5b")
LOADS = ("at once 1", "at once 4", "poisson rate 2")
FIRST_S = {"at once 1": 0.2, "at once 4": 0.35, "poisson rate 2": 0.3}
BLOCKS = 6


def error(streams: int, p99: float) -> ErrorAt:
    spread = Spread(p50=p99 / 4, p99=p99, largest=2 * p99)
    return ErrorAt(
        streams=streams,
        requests=24,
        failed=0,
        first_token=spread,
        inter_token=spread,
        chunk_gap=spread,
        doubtful=0,
        late=spread,
        longest_blind_s=0.001,
        cpu_s_per_token=2e-5,
    )


CALIBRATION = Calibration(
    clock="kernel",
    delays=Delays(first_s=0.05, gap_s=0.01, tokens=24),
    processes=1,
    at=(error(1, 0.00005), error(4, 0.0002), error(16, 0.03)),
)


def blocks(names: tuple[str, ...] = NAMES) -> list[Block]:
    """Latencies are drawn, the second candidate's twice as long; one request in 30 fails."""
    made = [block([timing(0.0, 0.3)], candidate=name, load=WARM_UP) for name in names]
    for load in LOADS:
        for number in range(BLOCKS):
            made += (_block(load, number, name, 1.0 + n) for n, name in enumerate(names))
    return made


def _block(load: str, number: int, name: str, times: float) -> Block:
    rng = Random(f"{load} {number} {name}")
    timings = []
    for n in range(30):
        grows = 1 + n / 15 if load.startswith("poisson") else 1.0
        first_s = FIRST_S[load] * times * grows * rng.lognormvariate(0, 0.15)
        gap_s = 0.08 * times * rng.lognormvariate(0, 0.1)
        told = timing(n / 3, first_s, gap_s=gap_s, tokens=10, late_s=0.002)
        if n == number + 7 and load != "at once 1":
            told = timing(n / 3, 0.01, outcome=FAILED)
        timings.append(told)
    return block(
        timings,
        candidate=name,
        load=load,
        number=number,
        open_loop=load.startswith("poisson"),
    )


def figures(names: tuple[str, ...] = NAMES, *, calibrated: bool = True) -> SpeedFigures:
    spec = SpeedSpec(
        candidates=tuple(served("http://127.0.0.1:1/v1", name) for name in names),
        shapes=LOADS,
        prompt_tokens=256,
        shared_tokens=64,
        output_tokens=11,
        blocks=BLOCKS,
        slo=SLO,
        machine={"cpu": "A processor", "system": "Linux"},
    )
    objectives = tuple(map(objective, SLO))
    calibration = CALIBRATION if calibrated else None
    found = loaded(blocks(names), objectives, calibration)
    peak = Fact(name="peak_bytes", value=5.5e8, source="measured here", as_of="2026-11-22")
    return SpeedFigures(
        name="by-hand",
        spec=spec,
        loads=LOADS,
        loaded=found,
        judgement=judged(blocks(names), spec, DEFAULT),
        objectives=objectives,
        calibration=calibration,
        facts={names[0]: (peak,)},
        spent_usd={names[-1]: 0.0123},
        notes=("the engine of 'smollm2-135m' crashed",),
        started_at="2026-11-22T03:57:46+00:00",
        command=f"visavis speed {' '.join(names)} --concurrency 1,4",
        versions={"visavis": "0.1.0"},
    )
