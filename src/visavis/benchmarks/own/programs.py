"""The check `program`: the program in a reply is tried as a task of `benchmarks.programs` says."""

from functools import cache
from importlib import import_module

from visavis.benchmarks.base import Benchmark
from visavis.benchmarks.programs.base import PROGRAMS, benchmark_of
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade
from visavis.scoring.combined import Answered

_ANY = Case(id="program", group="program", question="", target="")
"""A task grades by itself, whatever was asked."""


@cache
def task(name: str) -> Benchmark:
    """The program task of that name."""
    import_module("visavis.benchmarks.choose")  # every task is registered there
    return benchmark_of(PROGRAMS.get(name))


def program(name: str, answered: Answered, fence: Fence) -> Grade:
    """The share of the task's requirements that the program in the reply meets."""
    return task(name).grade(_ANY, answered.text, fence)
