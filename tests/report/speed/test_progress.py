"""What is seen while a load lasts, and before it."""

from dataclasses import replace
from io import StringIO

import pytest

from tests.measure.load.things import FAILED, timing
from tests.report.speed.things import CALIBRATION
from visavis.core.candidate import Unknown
from visavis.measure.load.arrivals import AtOnce, Rate
from visavis.measure.load.block import CALIBRATION as CALIBRATING
from visavis.measure.load.block import WARM_UP
from visavis.measure.load.course import LoadPlan
from visavis.measure.load.means import How, Quota
from visavis.measure.plan import Forecast
from visavis.measure.timings import ClockOf
from visavis.report.speed.plan import (
    instrument_heads,
    instrument_reading,
    instrument_rows,
    question,
    speed_outline,
)
from visavis.report.speed.progress import SpeedProgress, speed_screen


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_what_is_in_flight_what_came_and_what_failed_is_shown() -> None:
    clock = Clock()
    screen = SpeedProgress(StringIO(), clock=clock)
    assert screen.now() == ""
    screen.begins("a", WARM_UP, 0)
    assert screen.now() == "a, warming up"
    screen.begins("visavis", CALIBRATING, 0)
    assert screen.now() == "visavis, the instrument measures itself"
    screen.begins("a", "at once 4", 2)
    for _ in range(4):
        screen.sends()
    assert screen.now() == "a, 4 at once, block 3: 4 in flight, 0 came"
    clock.now = 2.0
    screen.ends(timing(0.0, 0.25, tokens=5))
    screen.ends(timing(0.0, 0.1, outcome=FAILED))
    assert plain(screen.now()) == (
        "a, 4 at once, block 3: 2 in flight, 2 came, 2.50 tokens/s, first token after 250 ms, "
        "1 failed"
    )


def test_where_nobody_looks_a_line_is_written_now_and_then() -> None:
    file = StringIO()
    screen = SpeedProgress(file, line_every_s=0.01)
    with screen.loading():
        screen.begins("a", WARM_UP, 0)
        screen.sends()
    assert file.getvalue().splitlines()[-1] == "a, warming up: 1 in flight, 0 came"


def test_a_usual_screen_asks_nobody() -> None:
    assert speed_screen(StringIO()).agrees("Go on?")


# --- the plan -----------------------------------------------------------------------------------


def forecast(name: str, usd: float | Unknown, requests: int = 1) -> Forecast:
    return Forecast(
        candidate=name, requests=requests, input_tokens=256, expected_usd=usd, worst_usd=usd
    )


def plan(*, seconds: float = 0.0, requests: int = 0, sweep_to: int = 0) -> LoadPlan:
    how = How(prompt_tokens=256, output_tokens=128, quota=Quota(seconds=seconds, requests=requests))
    shapes = (AtOnce(streams=1), Rate(per_s=2.0))
    return LoadPlan(shapes=() if sweep_to else shapes, sweep_to=sweep_to, blocks=6, how=how)


FREE = Unknown(because="runs on this machine, no price per token")


def test_a_plan_says_loads_lengths_and_price() -> None:
    shares = [forecast("a", FREE), forecast("b", 0.002, requests=3)]
    told = [plain(text) for text in speed_outline(plan(seconds=5.0), shares, 1.0, "en")]
    assert told == [
        "a and b: 1 at once, 2 a second",
        "  prompts of 256 tokens, replies of 128; 6 blocks, 5 s each",
        "  a: runs on this machine, no price per token",
        "  b: 3 requests: about $0.00200, $0.00200 at most; the run ends at $1.00",
    ]
    swept = list(speed_outline(plan(requests=2, sweep_to=16), shares, 1.0, "en"))
    assert "up to 16" in swept[0]
    assert "2 requests each" in swept[1]


def test_only_who_may_spend_is_asked() -> None:
    assert question([forecast("a", FREE)], 1.0, "en") is None
    asked = question([forecast("a", FREE), forecast("b", 0.1)], 0.5, "en")
    assert asked == "This may cost up to $0.50. Go on?"


# --- the instrument -----------------------------------------------------------------------------


@pytest.mark.parametrize(("clock", "said"), [("kernel", "stamped what"), ("user", "nothing here")])
def test_a_calibration_is_told_with_what_it_vouches_for(clock: ClockOf, said: str) -> None:
    found = replace(CALIBRATION, clock=clock)
    (_, first, last) = instrument_rows(found, "en")
    assert len(first) == len(instrument_heads("en"))
    assert plain(first[3]) == "0.20 ms"
    assert plain(last[3]) == "30 ms"
    told = " ".join(map(plain, instrument_reading(found, "en")))
    assert said in told
    assert "vouches for 4 requests at once, no more" in told
    good = replace(found, at=found.at[:2])
    assert "right to 1 ms" in plain(" ".join(instrument_reading(good, "en")))


def test_requests_that_were_lost_are_told() -> None:
    lost = replace(CALIBRATION, at=(replace(CALIBRATION.at[0], failed=2),))
    assert next(iter(instrument_rows(lost, "en")))[1] == "24, 2 lost"
