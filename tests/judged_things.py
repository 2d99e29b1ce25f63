"""Cases with rubrics, candidates that answer them, and judges with habits."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from io import StringIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

from visavis.api import judge
from visavis.api.around import Surroundings
from visavis.api.comparison import Comparison
from visavis.api.entry import ask as ask_all
from visavis.api.request import admit
from visavis.api.session import fetch_weights
from visavis.benchmarks.base import Benchmark
from visavis.candidates.scripted import ScriptedClient
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Outcome
from visavis.core.prompt import Prompt, ask
from visavis.core.rubric import RUBRICS, TO_BE_JUDGED, Rubric, written
from visavis.measure.plan import Asked
from visavis.options import CompareOptions, JudgeOptions
from visavis.report.progress import Progress, screen

TONE = Rubric(name="tone", kind="rubric", text="The answer is friendly.", pass_mark=6)
MARKED = Rubric(name="marked", kind="rubric", text="The answer is friendly.", highest=5)
BETTER = Rubric(name="better", kind="pairwise", text="The friendlier answer is better.")


def case(number: int, *rubrics: Rubric, **fields: str) -> Case:
    told = {RUBRICS: written(rubrics), **fields} if rubrics else fields
    return Case(
        id=f"c{number}",
        group=f"c{number}",
        question=f"How are you, {number}?",
        target="",
        fields=MappingProxyType(told),
    )


def waits(_: Case, text: str, fence: Fence) -> Grade:
    return TO_BE_JUDGED


def asked(
    count: int,
    *rubrics: Rubric,
    grade: Callable[[Case, str, Fence], Grade] = waits,
    repeats: int = 1,
    fields: Mapping[str, str] = MappingProxyType({}),
) -> Asked:
    cases = tuple(case(n, *rubrics, **fields) for n in range(count))
    benchmark = Benchmark(
        name="manners",
        protocol="manners@1",
        version=1,
        chance=None,
        source="made here",
        load=lambda _: cases,
        ask=lambda one: ask(one.question, max_tokens=20),
        grade=grade,
    )
    return Asked(benchmark=benchmark, cases=cases, repeats=repeats)


def says(name: str, text: str | Callable[[Prompt], str | Outcome]) -> ScriptedClient:
    return ScriptedClient(text if callable(text) else lambda _: text, name=name)


def shown(prompt: Prompt) -> list[str]:
    """The answers that a judge was shown, in order."""
    text = prompt.messages[-1].content
    pattern = (
        r"\[The start of (?:the assistant's answer|Assistant [AB]'s answer) ([0-9a-f]{16})\]\n"
        r"(.*?)\n\[The end of [^\]]* \1\]"
    )
    return [found[2] for found in re.finditer(pattern, text, re.DOTALL)]


def fair(prompt: Prompt) -> str:
    """A judge that likes thanks: the more, the better."""
    thanks = [text.lower().count("thank") for text in shown(prompt)]
    if len(thanks) == 2:
        verdict = "C" if thanks[0] == thanks[1] else "A" if thanks[0] > thanks[1] else "B"
        return f"I counted the thanks.\n[[{verdict}]]"
    top = int(re.findall(r"scale of \d+ to (\d+)", prompt.messages[-1].content)[0])
    return f"I counted the thanks.\nRating: [[{min(top, 1 + 5 * thanks[0])}]]"


def first_wins(prompt: Prompt) -> str:
    return "The first is better.\n[[A]]" if len(shown(prompt)) == 2 else "Good.\nRating: [[8]]"


def longer_wins(prompt: Prompt) -> str:
    a, b = map(len, shown(prompt))
    return "I like words.\n" + ("[[C]]" if a == b else "[[A]]" if a > b else "[[B]]")


Named = Sequence[str | ScriptedClient]


def quiet() -> Progress:
    """A screen that nobody looks at."""
    return screen(StringIO())


def compared(
    folder: Path,
    candidates: Named,
    of: Asked,
    judges: Named = (),
    home: Path | None = None,
    **options: Any,
) -> Comparison:
    """A whole run in `folder`, its home beside it where none is told."""
    around = Surroundings(home=home or folder.parent / "home", environ={})
    told = CompareOptions(speed=False, **options)
    request = replace(admit(candidates, told, around, quiet()), asked=(of,))
    if judges:
        request = replace(request, judges=admit(judges, told, around, quiet()))
        fetch_weights(request, quiet())
    return ask_all(request, folder, quiet())


def judged_again(folder: Path, judges: Named, **options: Any) -> Comparison:
    """The same run as `visavis judge` leaves it."""
    around = Surroundings(home=folder.parent / "home", environ={})
    told = judge.prepare(folder, judges, JudgeOptions(**options), around, quiet())
    if told is not None:
        judge.judge_again(told, quiet())
    return Comparison(folder)
