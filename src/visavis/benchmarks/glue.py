"""GLUE: nine tasks of understanding English, and a diagnostic set (AX).

Wang et al. 2019, "GLUE: A Multi-Task Benchmark and Analysis Platform for Natural Language
Understanding", arXiv 1804.07461. Each task is a benchmark, `glue-cola` to `glue-ax`; `glue` is all
of them together, in equal parts while the smallest lasts (71 cases). Each is asked in two ways:

- `@loglik`: the likeliest of the answers, for models whose probabilities can be had, in the
  wordings of lm-evaluation-harness 0.4.13 without examples.
- `@generative`: a chat is asked for one word. This protocol is our own: no published score is to
  be set beside it.

A case's score is whether the label is right; for STS-B, whose keys are amounts from 0 to 5, it is
one less the distance to the key over 5. The paper's measures stand beside it as figures: Matthews
for CoLA and AX, F1 with accuracy for MRPC and QQP, Pearson and Spearman for STS-B, and the GLUE
score, which averages a task's measures first and then the tasks.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from visavis.benchmarks.base import BENCHMARKS, Benchmark, Figure, Graded, LoadOptions
from visavis.benchmarks.figures import FLEXIBLE, mean_share, parts
from visavis.benchmarks.glue_files import HOME, LICENCE, load_all, load_task
from visavis.benchmarks.glue_tasks import TASK, TASKS, Measure, Task
from visavis.benchmarks.two_readers import TwoReaders
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.core.prompt import Prompt, ask, choose
from visavis.core.tell import tell
from visavis.scoring.extract import yes_no
from visavis.scoring.numbers import last_number, stated_number
from visavis.scoring.stated import statements
from visavis.stats.metrics import average, f1, matthews, pearson, spearman

MAX_TOKENS = 256
"""For one word; a model that reasons regardless is not cut off at once."""
MOST = 5.0
"""The greatest amount of STS-B."""
PAPER = tuple(task.name for task in TASKS if task.name != "ax")
"""The tasks of the GLUE score."""
UNREAD = ""
"""The label of a reply in which none could be read."""


def task_of(case: Case) -> Task:
    return TASK[case.fields["task"]]


def ask_choice(case: Case) -> Prompt:
    task, texts = task_of(case), _texts(case)
    stopped = texts[-1].strip().removesuffix(".") + "."
    return choose(
        task.loglik.format(*texts, stopped=stopped),
        tuple(f" {choice}" for choice in task.choices),
    )


def ask_word(case: Case) -> Prompt:
    task = task_of(case)
    wanted = f"one word: {' or '.join(task.labels)}" if task.labels else "a number alone"
    return ask(f"{task.asked.format(*_texts(case))} Answer with {wanted}.", max_tokens=MAX_TOKENS)


def _texts(case: Case) -> tuple[str, ...]:
    return tuple(case.fields[name] for name in ("first", "second") if name in case.fields)


def grade_choice(case: Case, text: str, fence: Fence) -> Grade:
    task, said = task_of(case), text.strip()
    if said not in task.choices:
        return Score(value=0.0, because=tell("none of the choices"))
    return compare(case, task.labels[task.choices.index(said)] if task.labels else said)


_DRESS = "*_`\"'“”«».!\n\t :"


def only_answer(case: Case, text: str) -> str | None:
    """The reply, if it is a label and nothing else; for STS-B, a number."""
    said = text.strip(_DRESS)
    if not task_of(case).labels:
        return said if re.fullmatch(r"[0-5](\.\d+)?", said) else None
    return next((label for label in task_of(case).labels if label == said.lower()), None)


def some_answer(case: Case, text: str) -> str | None:
    """The label that the reply states, else the only one that it names; for STS-B, a number."""
    if not task_of(case).labels:
        number = stated_number(text) or last_number(text)
        within = number and [one for one in number.readings if 0 <= one <= MOST]
        return f"{within[0]:g}" if within else None
    if set(task_of(case).labels) == {"yes", "no"}:
        return yes_no(text)
    for said in reversed(statements(text)):
        named = _named(case, said)
        if len(named) == 1:
            return named.pop()
    named = _named(case, text)
    return named.pop() if len(named) == 1 else None


def _named(case: Case, text: str) -> set[str]:
    """Labels that stand in the text, but for those it denies."""
    labels = "|".join(task_of(case).labels)
    found = re.findall(rf"(\bnot (?:an? )?)?\b({labels})\b", text, re.IGNORECASE)
    return {label.lower() for denied, label in found if not denied}


def compare(case: Case, read: str) -> Grade:
    value = float(read == case.target)
    if not task_of(case).labels:
        value = max(0.0, 1 - abs(float(read) - float(case.target)) / MOST)
    return Score(
        value=value, because=tell("read {read}, key {key}", read=read, key=case.target), read=read
    )


def task_figures(graded: Sequence[Graded]) -> Iterator[Figure]:
    """The paper's measures of one task, but for the accuracy, which is the score."""
    found = measures(task_of(graded[0].case), graded)
    yield from (figure for figure in found if figure.name != "accuracy")


def all_figures(graded: Sequence[Graded]) -> Iterator[Figure]:
    """Each task's measures, and their average."""
    scores = {}
    for name, part in parts(graded, "task").items():
        found = list(measures(TASK[name], part))
        for figure in found:
            yield Figure(
                name=f"{TASK[name].folder}, {figure.name}",
                value=figure.value,
                by="task",
                is_share=figure.is_share,
            )
        scores[name] = average([figure.value for figure in found], independent=False)
    for name, tasks in (("GLUE score", PAPER), ("GLUE score without WNLI", PAPER[:-1])):
        if set(tasks) <= set(scores):
            yield Figure(
                name=name,
                value=average([scores[task] for task in tasks], independent=True),
                is_share=False,
                doc="mean of the tasks' measures, on the validation split",
            )


def measures(task: Task, graded: Sequence[Graded]) -> Iterator[Figure]:
    """All measures by which the paper scores a task."""
    for measure in task.measures:
        yield from _MEASURES[measure](task, graded)


def _accuracy(task: Task, graded: Sequence[Graded]) -> Iterator[Figure]:
    for part, of_part in parts(graded, "", lambda one: one.case.fields.get("part", "")).items():
        yield mean_share(f"{part} accuracy".lstrip(), of_part)


def _matthews(task: Task, graded: Sequence[Graded]) -> Iterator[Figure]:
    value = matthews([[_labels(one) for one in group] for group in _groups(graded)])
    yield Figure(name="Matthews correlation", value=value, is_share=False)


def _f1(task: Task, graded: Sequence[Graded]) -> Iterator[Figure]:
    positive = task.labels[-1]
    pairs = [[_labels(one) for one in group] for group in _groups(graded)]
    yield Figure(
        name="F1",
        value=f1([[(key == positive, said == positive) for key, said in group] for group in pairs]),
        doc=f"of the label {positive!r}",
    )


def _correlations(task: Task, graded: Sequence[Graded]) -> Iterator[Figure]:
    """Of the replies in which an amount could be read."""
    read = [one for one in graded if one.score.read is not None]
    pairs = [[_amounts(one) for one in group] for group in _groups(read)]
    for name, measure in (("Pearson", pearson), ("Spearman", spearman)):
        yield Figure(name=f"{name} correlation", value=measure(pairs), is_share=False)


_MEASURES: dict[Measure, Callable[[Task, Sequence[Graded]], Iterator[Figure]]] = {
    "accuracy": _accuracy,
    "Matthews": _matthews,
    "F1": _f1,
    "correlations": _correlations,
}


def _groups(graded: Sequence[Graded]) -> list[list[Graded]]:
    return list(parts(graded, "", lambda one: one.case.group).values())


def _labels(one: Graded) -> tuple[str, str]:
    return one.case.target, one.score.read or UNREAD


def _amounts(one: Graded) -> tuple[float, float]:
    return float(one.case.target), float(one.score.read or 0.0)


_SPLIT = tell("The validation split: the labels of the test split are not public.")
_OWN = tell("Wording and reader are our own; the paper trained a model for each task.")
_STSB = tell(
    "lm-evaluation-harness has no STS-B: the wording and the six whole amounts are our own."
)


def _departures(task: Task | None, way: str) -> tuple[str, ...]:
    if way == "generative":
        return _SPLIT, _OWN
    return (_SPLIT, _STSB) if task is None or task.name == "stsb" else (_SPLIT,)


def _add(
    family: str,
    load: Callable[[LoadOptions], tuple[Case, ...]],
    figures: Callable[[Sequence[Graded]], Iterable[Figure]],
    task: Task | None = None,
) -> None:
    words = TwoReaders(strict=only_answer, flexible=some_answer, compare=compare, counts=FLEXIBLE)
    for way in ("loglik", "generative"):
        BENCHMARKS.add(
            f"{family}@{way}",
            Benchmark(
                name=family,
                protocol=f"{family}@{way}",
                version=1,
                chance=task.chance if task else None,
                source=f"{HOME}; {LICENCE}" + (f"; {task.whole:,} cases" if task else ""),
                load=load,
                ask=ask_choice if way == "loglik" else ask_word,
                grade=grade_choice if way == "loglik" else words,
                figures=figures,
                way="choose" if way == "loglik" else "chat",
                departures=_departures(task, way),
            ),
        )


_add("glue", load_all, all_figures)
for _task in TASKS:
    _add(f"glue-{_task.name}", partial(load_task, _task), task_figures, _task)
