"""HumanEval: write a Python function from its head and docstring; graded by running its tests.

Chen et al. 2021, "Evaluating Large Language Models Trained on Code". Asked and read by the
protocol of EvalPlus 0.3.1 (Liu et al. 2023) for chat models: greedy, its system message, its
wording, 768 tokens. See `DEPARTURES` for where we leave it.
"""

import gzip
import json
import zlib
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from visavis.benchmarks.base import BENCHMARKS, Benchmark, LoadOptions
from visavis.benchmarks.data import Upstream
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.fence import Fence, Program, Ran
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.prompt import Prompt, ask
from visavis.core.tell import tell
from visavis.pinned.humaneval import HUMANEVAL
from visavis.scoring.solution import solution

UPSTREAM = Upstream(
    name="humaneval",
    title="HumanEval",
    licence="MIT",
    home="github.com/openai/human-eval",
    pinned=MappingProxyType({HUMANEVAL.name: HUMANEVAL}),
)
SYSTEM = "You are a helpful assistant good at coding."
INSTRUCTION = (
    "Please provide a self-contained Python script that solves the following problem "
    "in a markdown code block:"
)
MAX_TOKENS = 768

DEPARTURES = (
    tell(
        "The original 164 prompts and tests, not HumanEval+'s corrected prompts and further tests."
    ),
    tell("No beginning of the answer is put into a local model's mouth: all get the API wording."),
    tell(
        "Decorated helpers, helpers without a return and replies that are only the body are kept."
    ),
    tell("All tests of a case have 5 s of wall time together."),
)


def load(options: LoadOptions) -> tuple[Case, ...]:
    """The 164 cases by the SHA-256 of their id: `humaneval:20` is a fair share, and in `:40`."""
    return cases(UPSTREAM.find(HUMANEVAL.name, options))


def cases(file: Path) -> tuple[Case, ...]:
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            made = [_case(json.loads(line)) for line in lines]
            if not made:
                raise ValueError("no cases")
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise DataError(f"{file.name!r} is not HumanEval; get {str(file)!r} anew") from error
    return tuple(sorted(made, key=lambda case: sha256(case.id.encode()).digest()))


def ask_case(case: Case) -> Prompt:
    question = f"{INSTRUCTION}\n```python\n{case.question.strip()}\n```"
    return ask(question, max_tokens=MAX_TOKENS, system=SYSTEM)


def grade(case: Case, text: str, fence: Fence) -> Grade:
    entry_point = case.fields["entry_point"]
    source = solution(text, entry_point=entry_point, prompt=case.question)
    if source is None:
        return Score(value=0.0, because=tell("no function {name!r} in the reply", name=entry_point))
    return judged(source, fence.run(program(case, source)))


def judged(source: str, ran: Ran) -> Grade:
    """What the end of a program says of it."""
    if ran.end == "no answer":
        return Unscored(because=ran.detail)
    return Score(value=float(ran.end == "passed"), because=ran.told, read=source)


def program(case: Case, source: str) -> Program:
    """What to run: some tests call helpers of the prompt, one calls the function by its name."""
    entry_point = case.fields["entry_point"]
    by_name = f"_check = check\ndef check(candidate):\n    global {entry_point}\n"
    return Program(
        solution=source,
        entry_point=entry_point,
        setup=case.question + "    pass\n",
        test=f"{case.target}\n{by_name}    {entry_point} = candidate\n    _check(candidate)\n",
    )


def _case(row: Mapping[str, str]) -> Case:
    return Case(
        id=row["task_id"],
        group=row["task_id"],
        question=row["prompt"],
        target=row["test"],
        fields=MappingProxyType(
            {name: row[name] for name in ("entry_point", "canonical_solution")}
        ),
    )


HUMANEVAL_BENCHMARK = BENCHMARKS.add(
    "humaneval@evalplus",
    Benchmark(
        name="humaneval",
        protocol="humaneval@evalplus",
        version=1,
        chance=None,
        source="openai/human-eval, 164 cases; MIT",
        load=load,
        ask=ask_case,
        grade=grade,
        runs_programs=True,
        departures=DEPARTURES,
    ),
)
