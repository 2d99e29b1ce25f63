"""IFEval: does a reply do as it was told, where a program can tell? 541 prompts, 834 instructions.

Zhou et al. 2023, "Instruction-Following Evaluation for Large Language Models", arXiv 2311.07911.
A prompt holds one to three instructions of 25 kinds, such as "in all capital letters" or "at
least 300 words". Four figures are published: the share of prompts of which every instruction is
followed and the share of instructions, each by a strict and a loose reading. The score is the
strict share of prompts; leaderboards often show the mean of all four.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded, LoadOptions, in_order
from visavis.benchmarks.data import Upstream
from visavis.benchmarks.figures import mean_share
from visavis.core.case import Case
from visavis.core.errors import DataError
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.core.prompt import Prompt, ask
from visavis.core.tell import tell
from visavis.pinned.upstream import IFEVAL
from visavis.scoring.instructions.reading import Instruction, Reading, instruction, read
from visavis.stats.estimate import Estimate, mean
from visavis.stats.proportion import share

UPSTREAM = Upstream(
    name="ifeval",
    title="IFEval",
    licence="CC BY 4.0",
    home="github.com/google-research/google-research/tree/master/instruction_following_eval",
    pinned=IFEVAL,
)
FILE, HUB_FILE = "input_data.jsonl", "ifeval_input_data.jsonl"
MAX_TOKENS = 1280

PROMPT_STRICT, PROMPT_LOOSE = "prompt strict", "prompt loose"
INSTRUCTION_STRICT, INSTRUCTION_LOOSE = "instruction strict", "instruction loose"


def load(options: LoadOptions) -> tuple[Case, ...]:
    """The cases by the SHA-256 of their id: `ifeval:100` is a fair share, and in `:200`."""
    here = UPSTREAM.look(FILE, options) or UPSTREAM.look(HUB_FILE, options)
    return cases(here or UPSTREAM.find(FILE, options))


def cases(file: Path) -> tuple[Case, ...]:
    """From upstream's file or the hub's, in which every argument stands and most are null."""
    made: dict[str, Case] = {}
    try:
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    _add(made, line, f"{str(file)!r}, line {number}")
    except OSError as error:
        raise DataError(f"{str(file)!r} cannot be read: {error.strerror or error}") from error
    if not made:
        raise DataError(f"{str(file)!r} holds no prompts; get it from {UPSTREAM.home}")
    return in_order(made.values())


def _add(made: dict[str, Case], line: bytes, place: str) -> None:
    try:
        case = _case(json.loads(line))
    except KeyError as error:
        raise DataError(f"{place}: lacks {error}; get it from {UPSTREAM.home}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise DataError(f"{place}: {error}; get it from {UPSTREAM.home}") from error
    if case.id in made:
        raise DataError(f"{place}: the key of {case.id!r} again; get it from {UPSTREAM.home}")
    made[case.id] = case


def _case(row: Mapping[str, object]) -> Case:
    prompt, key = row["prompt"], row["key"]
    if not (isinstance(prompt, str) and prompt.strip()):
        raise ValueError("'prompt' is no text")
    if not isinstance(key, int):
        raise ValueError("'key' is no number")
    fields = {name: json.dumps(row[name]) for name in ("instruction_id_list", "kwargs")}
    return Case(
        id=f"ifeval/{key}",
        group=f"ifeval/{key}",
        question=prompt,
        target=", ".join(one.kind for one in instructions(fields)),
        fields=MappingProxyType(fields),
    )


def instructions(fields: Mapping[str, str]) -> tuple[Instruction, ...]:
    """What a case's fields ask for; a ValueError or a KeyError tells what is wrong with them."""
    kinds, arguments = json.loads(fields["instruction_id_list"]), json.loads(fields["kwargs"])
    if not (isinstance(kinds, list) and isinstance(arguments, list) and kinds):
        raise ValueError("'instruction_id_list' and 'kwargs' must be lists, and not empty")
    if len(kinds) != len(arguments) or not all(isinstance(one, dict) for one in arguments):
        raise ValueError("'kwargs' must hold the arguments of each instruction")
    return tuple(map(instruction, kinds, arguments))


def ask_case(case: Case) -> Prompt:
    return ask(case.question, max_tokens=MAX_TOKENS)


def grade(case: Case, text: str, fence: Fence) -> Grade:
    """1 where every instruction is strictly followed; the marks tell each one's two readings."""
    try:
        wanted = instructions(case.fields)
    except (ValueError, KeyError) as error:
        return Unscored(because=tell("its instructions cannot be read: {error}", error=error))
    reading = read(wanted, text)
    missed = [one.kind for one, held in zip(wanted, reading.strict, strict=True) if not held]
    return Score(
        value=float(not missed),
        because=tell("does not follow {kinds}", kinds=", ".join(missed))
        if missed
        else tell("follows all"),
        read=f"{len(wanted) - len(missed)} of {len(wanted)} followed" if text.strip() else None,
        marks=MappingProxyType(dict(_marks(wanted, reading))),
    )


def _marks(wanted: Sequence[Instruction], reading: Reading) -> Iterator[tuple[str, float]]:
    yield PROMPT_LOOSE, float(all(reading.loose))
    for number, one in enumerate(wanted):
        yield f"strict/{number}/{one.kind}", float(reading.strict[number])
        yield f"loose/{number}/{one.kind}", float(reading.loose[number])


class Followed(NamedTuple):
    """What came of one instruction of a trial."""

    group: str
    kind: str
    strict: bool
    loose: bool


def followed(graded: Graded) -> Iterator[Followed]:
    """Each instruction of a trial, from the marks."""
    marks = graded.score.marks
    for name, held in marks.items():
        reading, _, place = name.partition("/")
        if reading == "strict":
            kind, loosely = place.partition("/")[2], marks[f"loose/{place}"]
            yield Followed(graded.case.group, kind, held == 1, loosely == 1)


def figures(graded: Sequence[Graded]) -> Iterator[Figure]:
    """The four published figures and their mean; then the strict share of each kind."""
    every = [one for trial in graded for one in followed(trial)]
    yield mean_share(PROMPT_STRICT, graded)
    yield mean_share(PROMPT_LOOSE, graded, _loose)
    yield _share(INSTRUCTION_STRICT, every, lambda one: one.strict)
    yield _share(INSTRUCTION_LOOSE, every, lambda one: one.loose)
    yield _mean_of_four(graded)
    for by, part_of in (("family", _family), ("kind", _kind)):
        parts = sorted({part_of(one) for one in every})
        for part in parts:
            those = [one for one in every if part_of(one) == part]
            yield _share(part, those, lambda one: one.strict, by)


def _loose(graded: Graded) -> float:
    return graded.score.marks[PROMPT_LOOSE]


def _family(one: Followed) -> str:
    return one.kind.partition(":")[0]


def _kind(one: Followed) -> str:
    return one.kind


def _share(
    name: str, every: Iterable[Followed], held: Callable[[Followed], bool], by: str = ""
) -> Figure:
    """Of all instructions, not the mean over prompts; those of one prompt vary as one."""
    groups: dict[str, list[float]] = {}
    for one in every:
        groups.setdefault(one.group, []).append(float(held(one)))
    return Figure(name=name, value=share(list(groups.values())), by=by)


def _mean_of_four(graded: Sequence[Graded]) -> Figure:
    """Each trial by what it adds to the mean: the shares of instructions are linearised ratios."""
    trials = [(trial, list(followed(trial))) for trial in graded]
    count = sum(len(every) for _, every in trials)
    held = sum(one.strict + one.loose for _, every in trials for one in every) / count
    groups: dict[str, list[float]] = {}
    for trial, every in trials:
        more = sum(one.strict + one.loose - held for one in every) * len(trials) / count
        prompt = trial.score.value + _loose(trial)
        groups.setdefault(trial.case.group, []).append((prompt + held + more) / 4)
    value = mean(list(groups.values()))
    if isinstance(value, Estimate):
        value = replace(value, low=max(0.0, value.low), high=min(1.0, value.high))
    return Figure(
        name="mean of four", value=value, doc="prompts and instructions, strictly and loosely"
    )


BENCHMARKS.add(
    "ifeval@google",
    Benchmark(
        name="ifeval",
        protocol="ifeval@google",
        version=1,
        chance=None,
        source=f"{UPSTREAM.source}, 541 prompts",
        load=load,
        ask=ask_case,
        grade=grade,
        figures=figures,
        usual_count=200,
        departures=(
            tell("Upstream names no settings: asked greedily for 1,280 tokens, as lm-eval does."),
            tell(
                "The language is the likeliest by langdetect's own statistics, where langdetect "
                "draws at random and may change its mind."
            ),
            tell(
                "Sentences end as NLTK's Punkt has it, with a shorter list of words than it learnt."
            ),
            tell(
                "Words to look for are texts, not patterns; none of upstream's has a pattern's "
                "signs."
            ),
            tell(
                "A sign to be counted, such as '#', is; the first scorer took a random letter for "
                "it."
            ),
        ),
    ),
)
