"""The checks of Arkanoid are tried themselves: on right games, on games with one fault each, and
on programs that mean harm or only say the right words."""

import time
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec

import pytest

from tests.benchmarks.programs.arkanoid_mutants import (
    HOSTILE,
    MUTANTS,
    OTHER,
    REFERENCE,
    WORDS_ONLY,
    changed,
)
from visavis.benchmarks.programs.arkanoid import ARKANOID
from visavis.benchmarks.programs.base import Finding, findings
from visavis.scoring.fence.stage import LASTS_S, Stage

pytestmark = pytest.mark.skipif(
    find_spec("pygame") is None, reason="the extra 'programs' is not installed"
)
NAMES = [requirement.name for requirement in ARKANOID.requirements]
QUICK = ("window", "paddle", "lives")
EACH = [(name, fault) for name, faults in MUTANTS.items() for fault in faults]


def tried(
    source: str, names: Sequence[str] = NAMES, lasts_s: float = LASTS_S
) -> dict[str, Finding]:
    """What the checks of these requirements say."""
    asked = tuple(one for one in ARKANOID.requirements if one.name in names)
    task = replace(ARKANOID, requirements=asked)
    with Stage(packages=task.packages, lasts_s=lasts_s) as stage:
        return dict(zip([one.name for one in asked], findings(task, source, stage), strict=True))


def unmet(found: dict[str, Finding]) -> dict[str, str]:
    return {name: finding.because for name, finding in found.items() if not finding.holds}


def test_every_requirement_has_two_faults_that_can_be_made() -> None:
    assert list(MUTANTS) == NAMES
    assert len(NAMES) == 10
    for name, faults in MUTANTS.items():
        assert len(faults) >= 2, name
        for changes in faults.values():
            assert changed(changes) != REFERENCE


def test_what_is_quickly_seen_of_a_right_game_holds() -> None:
    found = tried(REFERENCE, QUICK)
    assert unmet(found) == {}
    assert all(finding.evidence for finding in found.values())
    assert found["window"].evidence[0].data.startswith(b"\x89PNG")


@pytest.mark.parametrize(("name", "fault"), [one for one in EACH if one[0] in QUICK[:2]])
def test_a_quickly_seen_fault_is_told(name: str, fault: str) -> None:
    assert list(unmet(tried(changed(MUTANTS[name][fault]), QUICK[:2]))) == [name]


def test_right_words_alone_meet_no_requirement() -> None:
    found = tried(WORDS_ONLY)
    assert list(unmet(found)) == NAMES


@pytest.mark.slow
def test_a_game_that_drips_along_is_timed_out_over_all_checks_and_its_evidence_stays() -> None:
    start = time.monotonic()
    found = tried(HOSTILE["drips"], lasts_s=8.0)
    assert time.monotonic() - start < 40
    said = [finding.because for finding in found.values()]
    (cut,) = (n for n, text in enumerate(said) if "it took more than 8 s over all checks" in text)
    assert said[cut].startswith("timed out: ")
    assert said[cut + 1 :] == ["timed out before this was tried"] * (len(NAMES) - cut - 1)
    assert len(said[cut + 1 :]) >= 5
    assert any(finding.evidence for finding in list(found.values())[: cut + 1])


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "drips"])
def test_a_hostile_program_is_contained_and_told(name: str) -> None:
    start = time.monotonic()
    found = tried(HOSTILE[name])
    assert list(unmet(found)) == NAMES
    assert time.monotonic() - start < 60
    assert all(
        finding.because.strip() and "\n" not in finding.because for finding in found.values()
    )


@pytest.mark.slow
@pytest.mark.parametrize("source", [REFERENCE, OTHER], ids=["reference", "another"])
def test_right_games_meet_all_ten(source: str) -> None:
    assert unmet(tried(source)) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "fault"), EACH)
def test_one_fault_fails_one_requirement_and_no_other(name: str, fault: str) -> None:
    assert list(unmet(tried(changed(MUTANTS[name][fault])))) == [name]


@pytest.mark.slow
def test_a_game_that_drips_along_keeps_nobody_for_more_than_a_minute() -> None:
    start = time.monotonic()
    found = tried(HOSTILE["drips"])
    assert LASTS_S <= time.monotonic() - start < LASTS_S + 60
    assert "timed out before this was tried" in [one.because for one in found.values()]


@pytest.mark.slow
def test_the_same_program_gives_the_same_findings() -> None:
    assert tried(OTHER, ["ball", "lives"]) == tried(OTHER, ["ball", "lives"])
