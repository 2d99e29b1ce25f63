"""A run of as many trials as wanted, as a real one would have left it: plausible questions and
replies of 300 to 1,000 characters, kept by the run's own store."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

from visavis.benchmarks.base import Benchmark
from visavis.core.candidate import Candidate
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Failure, Grade, Outcome, Reply, Score, Unscored, Usage
from visavis.core.prompt import Prompt, ask
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.keep import CHECKPOINT_TRIALS
from visavis.measure.plan import Asked
from visavis.measure.spec import RunSpec, describe
from visavis.measure.store import RunStore

NAMES = ("tickets", "contracts")
RIGHT = (0.81, 0.78, 0.55, 0.52)
"""Share of the cases that each candidate solves."""
_COMMIT_TRIALS = 64
_SYLLABLES = tuple(
    "barteonmolusenkaviderproestalinquafilgrache"[n : n + 2] for n in range(0, 40, 2)
)


def write_run(folder: Path, cases: int, candidates: int) -> None:
    """A run of `cases` in two benchmarks, each case put once to each candidate."""
    rng = Random(7)
    sentences = _sentences(rng, 20_000)
    asked = [
        _asked(name, _cases(name, cases // len(NAMES), sentences, Random(place)))
        for place, name in enumerate(NAMES)
    ]
    spec = RunSpec(
        candidates=tuple(map(_candidate, range(candidates))),
        benchmarks=tuple(map(describe, asked)),
        passed={"candidates": [f"recorded:model-{place}.jsonl" for place in range(candidates)]},
        machine={"at": "2026-11-22T08:00:00Z"},
    )
    with RunStore.begin(folder, spec) as store:
        store.add_cases(asked)
        for number, trial in enumerate(_trials(spec, asked, sentences, rng), start=1):
            store.add(trial)
            if number % _COMMIT_TRIALS == 0:
                store.commit()
            if number % CHECKPOINT_TRIALS == 0:
                store.checkpoint()


def _candidate(number: int) -> Candidate:
    name = f"model-{'abcdefgh'[number]}"
    return Candidate(name=name, kind="recorded", route="recorded", model=name, snapshot=name)


def _sentences(rng: Random, count: int) -> list[str]:
    """Words are frequent or rare as in a language, so that texts shrink as real ones do."""
    words = ["".join(rng.choices(_SYLLABLES, k=rng.randint(1, 4))) for _ in range(5000)]
    weights = [1 / rank for rank in range(1, len(words) + 1)]
    return [
        " ".join(rng.choices(words, weights, k=rng.randint(6, 18))).capitalize() + "."
        for _ in range(count)
    ]


def _cases(name: str, count: int, sentences: list[str], rng: Random) -> Iterator[Case]:
    for number in range(count):
        key = str(rng.randrange(1000))
        yield Case(
            id=f"{name}-{number:06}",
            group=f"{name}-{number:06}",
            question=" ".join(rng.sample(sentences, 3)),
            target=key,
        )


def _asked(name: str, cases: Iterator[Case]) -> Asked:
    benchmark = Benchmark(
        name=name,
        protocol=f"own@{name}",
        version=1,
        chance=None,
        source="made here",
        load=lambda _: (),
        ask=_prompt,
        grade=_grade,
    )
    return Asked(benchmark=benchmark, cases=tuple(cases))


def _prompt(case: Case) -> Prompt:
    return ask(case.question, max_tokens=512, system="Answer briefly; end with a number.")


def _grade(case: Case, text: str, fence: Fence) -> Grade:
    raise AssertionError("trials are written as graded")


def _trials(
    spec: RunSpec, asked: list[Asked], sentences: list[str], rng: Random
) -> Iterator[Trial]:
    for one in asked:
        for number, case in enumerate(one.cases):
            for place, candidate in enumerate(spec.candidates):
                key = TrialKey(candidate.name, one.benchmark.name, case.id, 0)
                outcome, grade = _came(case, RIGHT[place % len(RIGHT)], sentences, rng)
                at = f"2026-11-22T{8 + number // 36_000:02}:{number // 600 % 60:02}:00Z"
                yield Trial(key=key, outcome=outcome, grade=grade, usd=0.0001, asked_at=at)


def _came(
    case: Case, right: float, sentences: list[str], rng: Random
) -> tuple[Outcome, Grade | None]:
    """One in 200 fails, one in 200 has no answer, one in 1,000 could not be graded."""
    luck = rng.random()
    if luck < 0.005:
        return Failure(kind="timed out", detail="no reply in 60 s"), None
    answer = case.target if rng.random() < right else str(rng.randrange(1000))
    text = " ".join(rng.sample(sentences, rng.randint(3, 10)))
    began = 100.0 * rng.random()
    reply = Reply(
        text=f"{text}\n\nAnswer: {answer}",
        usage=Usage(input_tokens=80, output_tokens=len(text) // 4),
        stamps=Stamps(
            due=began, sent=began, first=began + 0.4, last=began + 2.5, done=began + 2.5001
        ),
    )
    if luck < 0.01:
        return replace(reply, text=text), Score(value=0.0, because="no number in the last line")
    if luck < 0.011:
        return reply, Unscored(because="the check gave no answer in 10 s")
    because = f"read {answer}, key {case.target}"
    return reply, Score(value=float(answer == case.target), because=because, read=answer)
