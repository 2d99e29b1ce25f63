"""The check `program`: the program in a reply is tried as a task of `benchmarks.programs` says."""

from functools import cache

from visavis.benchmarks.base import Benchmark
from visavis.benchmarks.programs.base import benchmark_of
from visavis.benchmarks.programs.tasks import PROGRAMS
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade
from visavis.scoring.combined import Answered

_ANY = Case(id="program", group="program", question="", target="")
"""A task grades by itself, whatever was asked."""


@cache
def task(name: str) -> Benchmark:
    """The program task of that name."""
    return benchmark_of(PROGRAMS.get(name))


def program(name: str, answered: Answered, fence: Fence) -> Grade:
    """The share of the task's requirements that the program in the reply meets."""
    return task(name).grade(_ANY, answered.text, fence)
