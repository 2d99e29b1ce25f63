"""A run of which the page has all to say that it can: prices, claims, charts, votes, failures."""

from dataclasses import replace
from pathlib import Path

from tests.measure.things import spec, sums
from visavis.api.comparison import Comparison
from visavis.core.candidate import Candidate, Fact
from visavis.core.observation import Observation
from visavis.core.outcome import Failure, Reply, Score, Usage
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.core.vote import Choice, Vote
from visavis.measure.store import RunStore
from visavis.measure.votes import VoteStore

BIG, SMALL, HERE = "gpt-4o", "gpt-4o-mini", "qwen2.5-coder-0.5b"
CASES = 48
ENGINE = "xllamacpp 2026.10, 4 slots of 4096 tokens, 2 threads"
_RIGHT_OF_16 = {BIG: 15, SMALL: 12, HERE: 5}


def everything(folder: Path) -> Comparison:
    """Three candidates, one of them on this machine, as if two hosted ones had been asked."""
    asked = (sums(CASES, "gsm8k"), sums(CASES, "mmlu"))
    told = spec(asked, (_recorded(BIG), _recorded(SMALL), _local()))
    machine = {"cpu": "AMD EPYC", "cores": 2, "memory_bytes": 25_769_803_776, "system": "Linux"}
    told = replace(
        told, machine={**machine, "at": "2026-11-21T22:49:12Z", "revision": "cd8b53af29fb+"}
    )
    with RunStore.begin(folder, told) as store:
        store.add_cases(asked)
        for one in asked:
            for number, case in enumerate(one.cases):
                for name in (BIG, SMALL, HERE):
                    store.add(_trial(name, one.benchmark.name, case.id, number))
        store.add_note("downloads: none")
        store.commit()
        store.add_peak(
            Observation(
                candidate=HERE, axis="memory", measure="peak_bytes", benchmark="engine",
                unit_id="run", group="run", value=612e6,
            )
        )  # fmt: skip
    with VoteStore(folder) as votes:
        choices: tuple[Choice, ...] = ("left", "left", "tie", "right", "left", "left")
        for number, choice in enumerate(choices):
            votes.add(
                Vote(
                    benchmark="gsm8k", case=f"c{number:05}", repeat=0, left=BIG, right=SMALL,
                    choice=choice, seconds=4.0, voter="Ana",
                )
            )  # fmt: skip
    return Comparison(folder)


def _recorded(name: str) -> Candidate:
    return Candidate(
        name=name,
        kind="recorded",
        route="recorded",
        model=f"openai/{name}",
        snapshot=f"{name}-2024-08-06",
        system=name,
        facts=(
            Fact(name="context_window_tokens", value=128_000, source="a list", as_of="2026-05"),
            Fact(name="largest_output_tokens", value=16_384, source="a list", as_of="2026-05"),
        ),
    )


def _local() -> Candidate:
    return Candidate(
        name=HERE,
        kind="local",
        route="gguf",
        model=f"{HERE}.gguf",
        snapshot="sha256:" + "1d9614638d18024d" * 4,
        system=HERE,
        quantisation="Q4_K_M",
        facts=(
            Fact(name="parameters", value=630e6, source="the file's header", as_of="2026-11-21"),
            Fact(name="engine", value=ENGINE, source="here", as_of="2026-11-21"),
        ),
    )


def _trial(name: str, benchmark: str, case: str, number: int) -> Trial:
    place = 5 * number % 16
    right = place < _RIGHT_OF_16[name]
    asked_at = f"2026-11-21T22:{number:02}:00+00:00"
    key = TrialKey(name, benchmark, case, 0)
    if name == HERE and number == 3:
        late = Failure(kind="timed out", detail="no reply in 60 s")
        return Trial(key=key, outcome=late, grade=None, usd=None, asked_at=asked_at)
    waited = 0.2 + 0.01 * place
    said = str(number + right)
    counted = "".join(f"Count {n}.\n" for n in range(0 if number else 60))  # one scrolls in place
    reply = Reply(
        text=f"{counted}{number} and one make {said}.\n\n{said}",
        usage=Usage(input_tokens=60 + place, output_tokens=30 + 2 * place),
        stamps=Stamps(due=0.0, sent=0.0, first=waited, last=1.1, done=1.12),
    )
    grade = Score(value=float(right), because=f"read {said}, key {number + 1}", read=said)
    return Trial(key=key, outcome=reply, grade=grade, usd=None, asked_at=asked_at)
