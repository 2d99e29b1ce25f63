"""From the replies of a run to what its judges are asked: cases like any others.

So judges are asked as candidates are: each at its own pace, local ones in turns, within a budget,
an answer that was paid for in an earlier run reused, and every answer kept as it comes.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType

from visavis.benchmarks.base import Benchmark
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Reply
from visavis.core.prompt import Prompt, ask
from visavis.core.rubric import Rubric, rubrics_of
from visavis.core.ruling import JUDGING, Item
from visavis.core.trial import Trial, TrialKey
from visavis.measure.plan import Asked
from visavis.measure.store import StoredCase
from visavis.scoring import judged
from visavis.scoring.panel import items, things_of

VERDICT_TOKENS = 1024
"""Of a judge's answer, at most: a short explanation and its verdict. A model that reasons first
does so within them."""

Stored = Mapping[tuple[str, str], StoredCase]
"""The cases of a run that have rubrics, by benchmark and id."""

_RUBRIC = "rubric"


def asked_of_judges(trials: Sequence[Trial], stored: Stored, against: str) -> Asked:
    """What each judge is to be asked; `trials` in the candidates' order."""
    texts = {one.key: _text(one.outcome) for one in trials if isinstance(one.outcome, Reply)}
    cases = {of: known.case for of, known in stored.items()}
    found: list[Case] = []
    for thing in things_of(trials, cases, against):
        known = stored[thing.benchmark, thing.case]
        rubric = next(one for one in rubrics_of(known.case) if one.name == thing.rubric)
        found += (_case(item, rubric, known, texts) for item in items(thing))
    return Asked(benchmark=_benchmark(tuple(found)), cases=tuple(found))


def _text(reply: Reply) -> str:
    return reply.text or reply.refusal or ""


def _case(item: Item, rubric: Rubric, known: StoredCase, texts: Mapping[TrialKey, str]) -> Case:
    shown = [
        texts[TrialKey(name, item.benchmark, item.case, item.repeat)]
        for name in (item.first, item.second)
        if name
    ]
    return Case(
        id=item.key("").case,
        group=known.case.group,
        question=judged.question(rubric, judged.conversation(known.prompt.messages), shown),
        target="",
        fields=MappingProxyType({_RUBRIC: json.dumps(asdict(rubric), ensure_ascii=False)}),
    )


def _benchmark(cases: tuple[Case, ...]) -> Benchmark:
    return Benchmark(
        name=JUDGING,
        protocol=JUDGING,
        version=1,
        chance=None,
        source=judged.WORDING,
        load=lambda _: cases,
        ask=_ask,
        grade=_grade,
    )


def _ask(case: Case) -> Prompt:
    return ask(case.question, max_tokens=VERDICT_TOKENS)


def _grade(case: Case, text: str, fence: Fence) -> Grade:
    return judged.read(Rubric(**json.loads(case.fields[_RUBRIC])), text)
