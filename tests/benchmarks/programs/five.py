"""The five program tasks, with their right programs and their mutants."""

from dataclasses import replace
from pathlib import Path
from typing import Final, NamedTuple

from tests.benchmarks.programs.wrong import Mutant, calc, plot, report, server, todo
from visavis.benchmarks.programs.base import ProgramTask, findings
from visavis.benchmarks.programs.csv_report import CSV_REPORT
from visavis.benchmarks.programs.parser import PARSER
from visavis.benchmarks.programs.plot import PLOT
from visavis.benchmarks.programs.todo import TODO
from visavis.benchmarks.programs.web_server import WEB_SERVER
from visavis.scoring.fence.stage import Stage

_RIGHT: Final = Path(__file__).parent / "right"


class Tried(NamedTuple):
    """A task with what is tried on it."""

    task: ProgramTask
    mutants: tuple[Mutant, ...]

    def right(self, other: str = "") -> str:
        """The right program, or the `_other` one."""
        return (_RIGHT / f"{Path(self.task.file).stem}{other}.py").read_text()


FIVE: Final = (
    Tried(TODO, todo.MUTANTS),
    Tried(CSV_REPORT, report.MUTANTS),
    Tried(PARSER, calc.MUTANTS),
    Tried(WEB_SERVER, server.MUTANTS),
    Tried(PLOT, plot.MUTANTS),
)


def failing(task: ProgramTask, source: str, stage: Stage) -> dict[str, str]:
    """What does not hold, with the reason."""
    found = zip(task.requirements, findings(task, source, stage), strict=True)
    return {one.name: finding.because for one, finding in found if not finding.holds}


def only(task: ProgramTask, names: set[str]) -> ProgramTask:
    """The task with these requirements alone."""
    return replace(task, requirements=tuple(o for o in task.requirements if o.name in names))
