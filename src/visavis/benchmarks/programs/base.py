"""Programs that a candidate is asked to write, judged requirement by requirement, by behaviour.

A task is a prompt with numbered requirements and a small contract that a checker can drive. The
program runs on a `Stage`; each requirement has a check of its own, which starts anew with an empty
folder that holds the program alone. The score is the share of requirements that hold.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from visavis.benchmarks.base import BENCHMARKS, Benchmark, LoadOptions
from visavis.core.case import Case
from visavis.core.errors import FenceError
from visavis.core.fence import Fence
from visavis.core.outcome import Evidence, Grade, Score, Unscored
from visavis.core.prompt import Message, Prompt, Settings
from visavis.core.registry import Registry
from visavis.core.tell import tell
from visavis.scoring.fence.stage import Stage, StoppedError
from visavis.scoring.fence.talk import BrokenError
from visavis.scoring.program_text import program_text

TEMPERATURE: Final = 0.7
"""Tries are to differ, so that repeating them says how often a candidate succeeds."""


class UnmetError(Exception):
    """A requirement does not hold; the text says in one line what was seen instead."""


def must(holds: bool, otherwise: str, /, **fields: object) -> None:
    """Go on only where this holds; `otherwise` says what was seen where it does not, as `tell`
    does."""
    if not holds:
        raise UnmetError(tell(otherwise, **fields))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Whether one requirement holds."""

    holds: bool
    because: str
    """What was seen, in one line for the reader."""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One thing that a program must do."""

    name: str
    """A slug: `paddle-keys`."""
    text: str
    """As the prompt says it, without its number."""
    check: Callable[[Stage], Finding]
    """Plays or runs the task's file, which lies on the stage. `StoppedError` is taken to mean
    that the requirement does not hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgramTask:
    """A program to be written."""

    name: str
    """Of the benchmark too: `arkanoid`."""
    title: str
    """What the program is, in one line: `A to-do list on the command line`."""
    file: str
    """The name under which it runs: `todo.py`."""
    contract: str
    """What it must keep to, so that it can be driven; as the prompt says it."""
    requirements: tuple[Requirement, ...]
    packages: tuple[str, ...] = ()
    """What it may import beside the standard library."""
    max_tokens: int = 4096
    version: int = 1

    @property
    def prompt(self) -> str:
        """All that a candidate is told."""
        numbered = (f"{n}. {one.text}" for n, one in enumerate(self.requirements, 1))
        may = " and ".join(("the standard library", *self.packages))
        return "\n".join(
            (
                f"Write a program in Python 3.11: {self.title[0].lower()}{self.title[1:]}.",
                "",
                "What it must do:",
                *numbered,
                "",
                "How it runs:",
                f"- It is one file, `{self.file}`, and uses {may} only.",
                self.contract.strip(),
                "",
                "Answer with the whole program in one Markdown code block.",
            )
        )


def findings(task: ProgramTask, source: str, stage: Stage) -> tuple[Finding, ...]:
    """What each check says of a program, in the order of the requirements."""
    found: list[Finding] = []
    for requirement in task.requirements:
        if not stage.left_s:
            because = tell("timed out before this was tried")
            found.append(Finding(holds=False, because=because))
            continue
        stage.clear()
        stage.write(task.file, source.encode("utf-8", "surrogatepass"))
        try:
            found.append(requirement.check(stage))
        except StoppedError as error:
            found.append(Finding(holds=False, because=str(error)))
    return tuple(found)


def score(task: ProgramTask, found: Sequence[Finding], source: str) -> Score:
    """The share of requirements that hold, each of them as a mark, and what the checks saw."""
    holds = [finding.holds for finding in found]
    named = list(zip(task.requirements, found, strict=True))
    failed: dict[str, list[str]] = {}
    for one, finding in named:
        if not finding.holds:
            failed.setdefault(finding.because, []).append(one.name)
    missed = [
        tell("{name}: {told}", name=", ".join(names), told=because)
        for because, names in failed.items()
    ]
    said = tell("{n} of {of} requirements hold", n=sum(holds), of=len(holds))
    return Score(
        value=sum(holds) / len(holds),
        because="; ".join((said, *missed))[:2000],
        read=source,
        marks=MappingProxyType({one.name: float(finding.holds) for one, finding in named}),
        evidence=tuple(seen for finding in found for seen in finding.evidence),
    )


PROGRAMS: Registry[ProgramTask] = Registry("program task")
"""By name. Each is a benchmark too."""


def offered(task: ProgramTask) -> ProgramTask:
    """Makes a task known, and the benchmark that it is."""
    benchmark = benchmark_of(task)
    BENCHMARKS.add(benchmark.protocol, benchmark)
    return PROGRAMS.add(task.name, task)


def benchmark_of(task: ProgramTask) -> Benchmark:
    """A task as a benchmark of one case, which is asked as often as its tries are repeated."""
    case = Case(id=task.name, group=task.name, question=task.prompt, target="")

    def load(options: LoadOptions) -> tuple[Case, ...]:
        Stage(packages=task.packages)  # says at once what is not installed
        return (case,)

    def ask(case: Case) -> Prompt:
        settings = Settings(max_tokens=task.max_tokens, temperature=TEMPERATURE)
        return Prompt(messages=(Message(role="user", content=case.question),), settings=settings)

    def grade(case: Case, text: str, fence: Fence) -> Grade:
        source = program_text(text)
        if source is None:
            return Score(
                value=0.0,
                because=tell("no program in the reply"),
                marks=MappingProxyType({one.name: 0.0 for one in task.requirements}),
            )
        try:
            with Stage(packages=task.packages) as stage:
                return score(task, findings(task, source, stage), source)
        except (BrokenError, FenceError) as error:
            return Unscored(because=str(error))

    return Benchmark(
        name=task.name,
        protocol=f"{task.name}@{task.version}",
        version=task.version,
        chance=None,
        source=f"written here, {len(task.requirements)} requirements checked; Apache-2.0",
        load=load,
        ask=ask,
        grade=grade,
        runs_programs=True,
    )
