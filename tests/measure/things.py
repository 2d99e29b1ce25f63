"""What the tests of this room share: a benchmark of sums, candidates that can add, a watcher."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from visavis.benchmarks.base import Benchmark
from visavis.core.candidate import Candidate, Unknown
from visavis.core.case import Case
from visavis.core.client import Client
from visavis.core.fence import Fence, NoFence
from visavis.core.outcome import Grade, Outcome, Reply, Score, Usage
from visavis.core.prompt import Image, Prompt, ask
from visavis.core.trial import Trial
from visavis.measure.asking import Means, Ready
from visavis.measure.budget import Budget
from visavis.measure.plan import Asked, Price
from visavis.measure.replies import Replies
from visavis.measure.spec import RunSpec, describe
from visavis.measure.store import RunStore

FREE = Unknown(because="nobody is billed")


def candidate(
    name: str, kind: Literal["hosted", "local", "recorded", "scripted"] = "scripted"
) -> Candidate:
    return Candidate(name=name, kind=kind, route=kind, model=name, snapshot=f"{name}-1")


def grade_sum(case: Case, text: str, fence: Fence) -> Grade:
    return Score(value=float(text == case.target), because=f"read {text}", read=text or None)


def sums(count: int, name: str = "sums", *, runs_programs: bool = False) -> Asked:
    cases = tuple(
        Case(id=f"c{n:05}", group=f"g{n % 7}", question=f"{n} + 1 = ?", target=str(n + 1))
        for n in range(count)
    )
    benchmark = Benchmark(
        name=name,
        protocol=f"{name}@1",
        version=1,
        chance=None,
        source="made here",
        load=lambda _: cases,
        ask=lambda case: ask(case.question, max_tokens=10),
        grade=grade_sum,
        runs_programs=runs_programs,
    )
    return Asked(benchmark=benchmark, cases=cases)


def add(prompt: Prompt) -> str:
    return str(int(prompt.messages[-1].content.split()[0]) + 1)


@dataclass
class Adder:
    """Adds, after a pause; counts how many it was asked at once."""

    pause_s: float = 0.0
    answer: Callable[[Prompt], str | Outcome] = add
    asked: list[str] = field(default_factory=list)
    in_flight: int = 0
    most_in_flight: int = 0

    async def send(self, prompt: Prompt) -> Outcome:
        self.asked.append(prompt.messages[-1].content)
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.pause_s)
        finally:
            self.in_flight -= 1
        answer = self.answer(prompt)
        if isinstance(answer, str):
            return Reply(text=answer, usage=Usage(input_tokens=5, output_tokens=2))
        return answer


@dataclass(frozen=True)
class PerToken:
    """A price of so many USD for every token, read or written."""

    usd_per_token: float = 0.001

    def usd(self, usage: Usage) -> float:
        return (usage.input_tokens + usage.output_tokens) * self.usd_per_token

    def worst_usd(self, input_tokens: int, max_tokens: int) -> float:
        return (input_tokens + max_tokens) * self.usd_per_token

    def picture_tokens(self, image: Image) -> int:
        return len(image.data)


@dataclass
class Seen:
    """A watcher that remembers."""

    totals: dict[tuple[str, str], int] = field(default_factory=dict)
    trials: list[Trial] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def started(self, totals: Mapping[tuple[str, str], int]) -> None:
        self.totals.update(totals)

    def finished(self, trial: Trial) -> None:
        self.trials.append(trial)

    def note(self, text: str) -> None:
        self.notes.append(text)


def spec(asked: Iterable[Asked], candidates: Iterable[Candidate]) -> RunSpec:
    return RunSpec(candidates=tuple(candidates), benchmarks=tuple(describe(one) for one in asked))


def ready(
    name: str,
    client: Client,
    *,
    at_once: int = 4,
    price: Price | Unknown = FREE,
    kind: Literal["hosted", "local", "recorded", "scripted"] = "scripted",
) -> Ready:
    return Ready(candidate=candidate(name, kind), client=client, at_once=at_once, price=price)


def means(
    folder: Path,
    who: Iterable[Ready],
    asked: Iterable[Asked],
    *,
    replies: Replies | None = None,
    budget: Budget | None = None,
) -> Means:
    """All that a run needs, its store being the run in `folder`."""
    who, asked = tuple(who), tuple(asked)
    return Means(
        ready=who,
        asked=asked,
        store=RunStore.begin(folder, spec(asked, [r.candidate for r in who])),
        replies=replies,
        budget=budget or Budget(1.0),
        fence=NoFence(),
        watcher=Seen(),
    )


def seen(of: Means) -> Seen:
    assert isinstance(of.watcher, Seen)
    return of.watcher


def store(of: Means) -> RunStore:
    assert isinstance(of.store, RunStore)
    return of.store
