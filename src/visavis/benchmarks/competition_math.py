r"""MATH: problems of school competitions whose answers are formulas; MATH-500 is a part of them.

Hendrycks et al. 2021, "Measuring Mathematical Problem Solving With the MATH Dataset", arXiv
2103.03874: 5,000 to test, seven subjects, five levels. Lightman et al. 2023, "Let's Verify Step by
Step", arXiv 2305.20050, keep 500 of them. Asked as OpenAI's simple-evals ask; equality is found by
computer algebra (`scoring.equal`) where they ask a model.

The strict reader wants the last line "Answer: …" that was asked for; the flexible one takes what
is boxed or stated in another way, else the formula in which the reply ends.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded, LoadOptions, in_order
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.figures import FLEXIBLE, STRICT, divided
from visavis.benchmarks.two_readers import TwoReaders
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.prompt import Prompt, ask
from visavis.core.tell import tell
from visavis.pinned.upstream import MATH_500
from visavis.scoring.equal import equal
from visavis.scoring.formulas import formula_in, stated_formula
from visavis.scoring.stated import begins_json, boxed, field

UPSTREAM = Upstream(
    name="math",
    title="MATH",
    licence="MIT",
    home="github.com/hendrycks/math",
)
UPSTREAM_500 = Upstream(
    name="math",
    title="MATH-500",
    licence="MIT",
    home="github.com/openai/prm800k",
    pinned=MATH_500,
)
WHOLE = "MATH/test"
PROBLEMS = 5_000
"""In the test split."""
FIVE_HUNDRED = "prm800k/math_splits/test.jsonl"

WORDING = (
    "Solve the following math problem step by step. The last line of your response should be of "
    "the form Answer: $ANSWER (without quotes) where $ANSWER is the answer to the problem.\n\n"
    "{problem}\n\n"
    'Remember to put your answer on its own line after "Answer:", and you do not need to use a '
    "\\boxed command."
)
"""Of openai/simple-evals, `math_eval.py`; MIT."""
MAX_TOKENS = 2048
"""What simple-evals allow."""

_LINE = re.compile(r"answer[ \t*_]*:([^\n]+)", re.IGNORECASE)


def load_whole(options: LoadOptions) -> tuple[Case, ...]:
    """Of the original form: a folder for each subject, a file for each problem."""
    folder = UPSTREAM.find(WHOLE, options)
    made = _cases(folder, _of_files(folder))
    if len(made) != PROBLEMS:
        options.note(f"MATH: {len(made):,} of {PROBLEMS:,} problems are in {str(folder)!r}")
    return made


def load_five_hundred(options: LoadOptions) -> tuple[Case, ...]:
    """Of prm800k's form: a line for each problem."""
    file = UPSTREAM_500.find(FIVE_HUNDRED, options)
    return _cases(file, _of_lines(file))


def ask_case(case: Case) -> Prompt:
    return ask(WORDING.format(problem=case.question), max_tokens=MAX_TOKENS)


def on_answer_line(case: Case, text: str) -> str | None:
    """What stands behind the last "Answer:"."""
    said = _LINE.findall(text)
    return formula_in(said[-1]) if said else None


def anywhere(case: Case, text: str) -> str | None:
    """What is in a field `answer`, boxed or stated; else the formula in which the reply ends.

    JSON without that field was cut short: then nothing in it is the answer.
    """
    said = field(text, "answer")
    if said or begins_json(text):
        return formula_in(said or "")
    return stated_formula(text)


def in_some_format(case: Case, text: str) -> str | None:
    """The answer where one of the formats in use wants it: JSON, a box, or "Answer:"."""
    said = field(text, "answer") or next(iter(boxed(text)[-1:]), None)
    return formula_in(said) if said else on_answer_line(case, text)


def same_value(case: Case, read: str) -> Grade:
    found = equal(case.target, read)
    if found.equal is None:
        return Unscored(because=found.how)
    because = tell("read {read}, {told}, key {key}", read=read, told=found.how, key=case.target)
    return Score(value=float(found.equal), because=because, read=read)


def figures(graded: Sequence[Graded]) -> Iterable[Figure]:
    """By level and by subject, where the cases say theirs."""
    for by in ("level", "subject"):
        if all(by in one.case.fields for one in graded):
            yield from divided(graded, by)


def _cases(place: Path, rows: Iterable[Any]) -> tuple[Case, ...]:
    try:
        made = [_case(row) for row in rows]
        if not made:
            raise ValueError("no problems")
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise DataError(
            f"{str(place)!r} is not MATH ({error!r}); get it from {UPSTREAM_500.home}"
        ) from error
    return in_order(made)


def _case(row: Mapping[str, Any]) -> Case:
    """Of either form: a line of prm800k's file, or one of MATH's own files."""
    name = f"math/{row['unique_id'].removeprefix('test/').removesuffix('.json')}"
    return Case(
        id=name,
        group=name,
        question=row["problem"],
        target=row["answer"] if "answer" in row else boxed(row["solution"])[-1],
        fields=MappingProxyType(
            {
                "level": str(row["level"]).removeprefix("Level "),
                "subject": row["subject"] if "subject" in row else row["type"],
            }
        ),
    )


def _of_files(folder: Path) -> Iterator[Any]:
    for file in folder.glob("*/*.json"):
        row = json.loads(file.read_text(encoding="utf-8"))
        yield {**row, "unique_id": f"{file.parent.name}/{file.name}"}


def _of_lines(file: Path) -> Iterator[Any]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


DEPARTURES = (
    tell(
        "Whether an answer equals the key is found by computer algebra (math-verify), not by a "
        "model."
    ),
    tell('The last "Answer:" of a reply counts, not the first.'),
)

MATH_500_ASKED = BENCHMARKS.add(
    "math500@openai-0cot",
    Benchmark(
        name="math500",
        protocol="math500@openai-0cot",
        version=1,
        chance=None,
        source=f"{UPSTREAM_500.source}, 500 cases",
        load=load_five_hundred,
        ask=ask_case,
        grade=TwoReaders(
            strict=on_answer_line, flexible=anywhere, compare=same_value, counts=STRICT
        ),
        figures=figures,
        usual_count=100,
        grades_slowly=True,
        departures=DEPARTURES,
    ),
)
BENCHMARKS.add(
    "math@openai-0cot",
    replace(
        MATH_500_ASKED,
        name="math",
        protocol="math@openai-0cot",
        source=f"{UPSTREAM.source}, 5,000 cases",
        load=load_whole,
    ),
)


grade = TwoReaders(strict=in_some_format, flexible=anywhere, compare=same_value, counts=FLEXIBLE)
"""Of a reply in a log, where the format asked for is one of those known here."""
