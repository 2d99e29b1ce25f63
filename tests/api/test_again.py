"""The line that asks a run again."""

from dataclasses import replace

from tests.report.fixtures import RUN
from visavis.api.again import again, passed
from visavis.api.entry import options_of
from visavis.options import CasesRunOptions


def test_what_was_given_several_times_is_said_as_often_since_a_name_may_hold_a_comma() -> None:
    kept = {
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
    assert again(replace(RUN.spec, passed=kept)) == (
        "visavis compare a 'b c' --on logic:6,gsm8k --budget 2 --temperature 0.7 --no-speed "
        "--judge j --judge k --claims '1,000 figures.yaml' --claims b.yaml"
    )


def test_cases_run_without_speed_are_gone_on_with_without_speed() -> None:
    kept = passed(("scripted:Yes",), CasesRunOptions(on=("mine.yaml",)))
    assert kept == {"candidates": ["scripted:Yes"], "on": ("mine.yaml",), "speed": False}
    assert options_of({k: v for k, v in kept.items() if k != "candidates"}).speed is False
