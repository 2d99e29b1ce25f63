"""That the checks of the five programs check: right programs, mutants, and programs that pretend.

Here they run without a fence, which is a hundred times as fast; `test_five_programs_fenced` runs
them where a model's programs run.
"""

import pytest

from tests.benchmarks.programs.bare_stage import BareStage
from tests.benchmarks.programs.five import FIVE, Tried, failing, only
from tests.benchmarks.programs.wrong import Mutant
from visavis.benchmarks.base import BENCHMARKS
from visavis.benchmarks.programs.base import findings

TASKS = [pytest.param(one, id=one.task.name) for one in FIVE]
MUTANTS = [
    pytest.param(one, mutant, id=f"{one.task.name}-{mutant.breaks}-{number}")
    for one in FIVE
    for number, mutant in enumerate(one.mutants)
]


@pytest.mark.parametrize("other", ["", "_other"])
@pytest.mark.parametrize("tried", TASKS)
def test_two_right_programs_of_different_kinds_meet_every_requirement(
    tried: Tried, other: str, bare_stage: BareStage
) -> None:
    assert failing(tried.task, tried.right(other), bare_stage) == {}


@pytest.mark.parametrize(("tried", "mutant"), MUTANTS)
def test_a_mutant_fails_the_requirement_it_breaks(
    tried: Tried, mutant: Mutant, bare_stage: BareStage
) -> None:
    task = only(tried.task, {mutant.breaks})

    assert set(failing(task, mutant.of(tried.right()), bare_stage)) == {mutant.breaks}


@pytest.mark.slow
@pytest.mark.parametrize(("tried", "mutant"), MUTANTS)
def test_a_mutant_fails_no_other_requirement(
    tried: Tried, mutant: Mutant, bare_stage: BareStage
) -> None:
    assert set(failing(tried.task, mutant.of(tried.right()), bare_stage)) == {mutant.breaks}


@pytest.mark.parametrize("tried", TASKS)
def test_every_requirement_has_two_mutants_at_the_least(tried: Tried) -> None:
    for requirement in tried.task.requirements:
        assert sum(mutant.breaks == requirement.name for mutant in tried.mutants) >= 2


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("", id="does nothing"),
        pytest.param("import sys\nsys.stderr.write('no')\nsys.exit(2)\n", id="refuses all"),
        pytest.param("import time\nprint('1', flush=True)\nraise SystemExit(1)\n", id="ends badly"),
        pytest.param("this is no program\n", id="no Python"),
    ],
)
@pytest.mark.parametrize("tried", TASKS)
def test_a_program_that_does_none_of_it_meets_no_requirement(
    tried: Tried, source: str, bare_stage: BareStage
) -> None:
    found = findings(tried.task, source, bare_stage)

    assert not any(finding.holds for finding in found)


@pytest.mark.parametrize("tried", TASKS)
def test_a_program_that_only_prints_the_right_words_meets_no_requirement(
    tried: Tried, bare_stage: BareStage
) -> None:
    words = f"print({tried.task.prompt!r})\nprint(1)\nprint('1 [ ] milk')\nprint('error at 1')\n"

    assert len(failing(tried.task, words, bare_stage)) == len(tried.task.requirements)


@pytest.mark.parametrize("tried", TASKS)
def test_what_was_seen_is_kept_as_evidence(tried: Tried, bare_stage: BareStage) -> None:
    first = tried.task.requirements[0]
    (finding,) = findings(only(tried.task, {first.name}), tried.right(), bare_stage)

    assert {seen.name for seen in finding.evidence} == {first.name}
    assert f"$ python {tried.task.file}".encode() in finding.evidence[-1].data
    pictures = [seen.data for seen in finding.evidence if seen.media_type == "image/png"]
    assert len(pictures) == (tried.task.name == "plot")


@pytest.mark.parametrize("tried", TASKS)
def test_the_same_program_meets_the_same_inputs_and_another_one_others(
    tried: Tried, bare_stage: BareStage
) -> None:
    task = only(tried.task, {tried.task.requirements[0].name})
    sources = (tried.right(), tried.right(), f"{tried.right()}\n# changed\n")
    traces = [findings(task, source, bare_stage)[0].evidence[-1].data for source in sources]

    assert traces[0] == traces[1] != traces[2]


@pytest.mark.parametrize("tried", TASKS)
def test_each_task_is_a_benchmark_whose_prompt_numbers_what_is_checked(tried: Tried) -> None:
    task = tried.task
    benchmark = BENCHMARKS.get(f"{task.name}@1")

    assert benchmark.runs_programs
    for number, requirement in enumerate(task.requirements, 1):
        assert f"\n{number}. {requirement.text}\n" in task.prompt
