"""The five programs where a model's programs run: on a stage behind the fence."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import pytest

from tests.benchmarks.programs.five import FIVE, Tried, failing, only
from tests.benchmarks.programs.wrong import Mutant
from visavis.benchmarks.programs.todo import TODO
from visavis.core.errors import FenceError
from visavis.scoring.fence.stage import Stage

TASKS = [pytest.param(one, id=one.task.name) for one in FIVE]
MUTANTS = [
    pytest.param(one, mutant, id=f"{one.task.name}-{mutant.breaks}-{number}")
    for one in FIVE
    for number, mutant in enumerate(one.mutants)
]


@contextmanager
def opened(packages: Sequence[str] = ()) -> Iterator[Stage]:
    """A stage, where one can be had."""
    with ExitStack() as until:
        try:
            stage = until.enter_context(Stage(packages=packages))
        except FenceError as error:
            pytest.skip(str(error))
        yield stage


@pytest.mark.parametrize("tried", TASKS)
def test_a_right_program_meets_a_requirement_behind_the_fence(tried: Tried) -> None:
    task = only(tried.task, {tried.task.requirements[0].name, "at-once"})

    with opened(task.packages) as stage:
        assert failing(task, tried.right(), stage) == {}


@pytest.mark.slow
@pytest.mark.parametrize("other", ["", "_other"])
@pytest.mark.parametrize("tried", TASKS)
def test_right_programs_meet_every_requirement_behind_the_fence(tried: Tried, other: str) -> None:
    with opened(tried.task.packages) as stage:
        assert failing(tried.task, tried.right(other), stage) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("tried", "mutant"), MUTANTS)
def test_a_mutant_fails_what_it_breaks_behind_the_fence(tried: Tried, mutant: Mutant) -> None:
    task = only(tried.task, {mutant.breaks})

    with opened(task.packages) as stage:
        assert set(failing(task, mutant.of(tried.right()), stage)) == {mutant.breaks}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        pytest.param("while True:\n    pass\n", "stopped: not done in time", id="endless loop"),
        pytest.param(
            "while True:\n    print('1' * 9999)\n", "stopped: it wrote more than", id="flood"
        ),
        pytest.param("import os\nwhile True:\n    os.fork()\n", "PermissionError", id="fork bomb"),
        pytest.param(
            "import subprocess\nsubprocess.run(['/python/bin/python3', '-c', ''])\n",
            "PermissionError",
            id="another program",
        ),
        pytest.param(
            "import socket\nsocket.create_connection(('192.0.2.1', 80), 1)\n",
            "Network is unreachable",
            id="network",
        ),
        pytest.param("open('/etc/visavis', 'w')\n", "Read-only file system", id="writes outside"),
        pytest.param("held = bytearray(1 << 40)\n", "MemoryError", id="memory"),
    ],
)
def test_a_hostile_program_is_contained_and_its_end_is_told(source: str, told: str) -> None:
    task = only(TODO, {"add"})

    with opened() as stage:
        assert told in failing(task, source, stage)["add"]


def test_a_server_that_ends_or_never_listens_is_told() -> None:
    web = next(one.task for one in FIVE if one.task.name == "web-server")
    task = only(web, {"read"})

    with opened() as stage:
        ended = failing(task, "raise SystemExit('no server today')\n", stage)["read"]
        silent = failing(task, "import time\ntime.sleep(60)\n", stage)["read"]

    assert "no server today" in ended
    assert "nobody listens" in silent
    assert "the server goes on" in silent
