"""The line that asks a run again."""

from dataclasses import replace

from tests.report.fixtures import RUN
from visavis.api.again import again


def test_what_was_given_several_times_is_said_as_often_since_a_name_may_hold_a_comma() -> None:
    passed = {
        "candidates": ["a", "b c"],
        "on": ["logic:6,gsm8k"],
        "budget": 2.0,
        "temperature": 0.7,
        "speed": False,
        "judge": ["j", "k"],
        "claims": ["1,000 figures.yaml", "b.yaml"],
        "json": "j.json",
        "yes": True,
    }
    assert again(replace(RUN.spec, passed=passed)) == (
        "visavis compare a 'b c' --on logic:6,gsm8k --budget 2 --temperature 0.7 --no-speed "
        "--judge j --judge k --claims '1,000 figures.yaml' --claims b.yaml"
    )
