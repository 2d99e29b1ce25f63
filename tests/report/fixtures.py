"""A plausible run and its judgement, as a measured one would be handed to the report."""

from dataclasses import replace

from visavis.benchmarks.base import Figure
from visavis.core.candidate import Candidate, Fact, Lifecycle, Unknown
from visavis.core.case import Case
from visavis.core.observation import Counts
from visavis.core.outcome import Failure, Reply, Score, Unscored, Usage
from visavis.core.prompt import ask
from visavis.core.stamps import Stamps
from visavis.core.trial import Trial, TrialKey
from visavis.measure.spec import BenchmarkSpec, RunSpec
from visavis.measure.store import StoredCase
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.compare import Cell, Gap, Judgement, MeasureRow
from visavis.verdict.decide import Alike, Because, Prefer, Undecided, Verdict

QWEN, SMOL = "qwen2.5-coder-0.5b", "smollm2-135m"


def est(value: float, low: float, high: float, n: int = 16) -> Estimate:
    return Estimate(value=value, low=low, high=high, n=n, method="as in the fixture")


def local(name: str, quantisation: str, size: float, parameters: float, cutoff: bool) -> Candidate:
    day = "2026-11-21"
    known = (Fact(name="knowledge_cutoff", value="2023-10", source="model card", as_of=day),)
    return Candidate(
        name=name,
        kind="local",
        route="gguf",
        model=f"{name}.gguf",
        snapshot="sha256:" + "1d9614638d18024d" * 4,
        quantisation=quantisation,
        facts=(
            Fact(name="file_bytes", value=size, source="read from the file", as_of=day),
            Fact(name="parameters", value=parameters, source="read from the file", as_of=day),
            Fact(name="context_window_tokens", value=8192, source="read from the file", as_of=day),
            *(known if cutoff else ()),
        ),
    )


CANDIDATES = (
    local(QWEN, "Q4_K_M", 491_400_064, 494_032_768, cutoff=False),
    local(SMOL, "Q4_1", 98_362_432, 134_515_008, cutoff=True),
)

HOSTED = Candidate(
    name="gpt-4o-mini",
    kind="hosted",
    route="openai",
    model="gpt-4o-mini-2024-07-18",
    snapshot="gpt-4o-mini-2024-07-18",
    base_url="http://127.0.0.1:1/v1",
    key_name="OPENAI_API_KEY",
    facts=(
        Fact(name="largest_output_tokens", value=16384, source="a list", as_of="2026-11-21"),
        Fact(
            name="parameters",
            value=Unknown(because="its maker does not say"),
            source="a list",
            as_of="2026-11-21",
        ),
    ),
    lifecycle=Lifecycle(
        status="deprecated",
        shutdown_date="2027-01-14",
        successor="gpt-6-luna",
        source="second-hand write-ups",
        as_of="2026-10-28",
    ),
)

BENCHMARKS = (
    BenchmarkSpec(
        name="logic",
        protocol="logic@generated",
        version=1,
        chance=0.5,
        source="made here from a seed, Apache-2.0",
        departures=(),
        cases=6,
        sha256="ab" * 32,
    ),
    BenchmarkSpec(
        name="humaneval",
        protocol="humaneval@evalplus",
        version=1,
        chance=None,
        source="HumanEval of OpenAI, MIT licence",
        departures=("Only the first 16 problems were asked.",),
        cases=4,
        sha256="cd" * 32,
    ),
)


def counts(candidate: str, benchmark: str, asked: int, **other: int) -> Counts:
    failed, unscored = other.get("failed", 0), other.get("unscored", 0)
    return Counts(
        candidate=candidate,
        benchmark=benchmark,
        asked=asked,
        scored=asked - failed - unscored,
        failed=failed,
        unscored=unscored,
        unparsed=other.get("unparsed", 0),
        truncated=other.get("truncated", 0),
        reused=other.get("reused", 0),
        failures=(("timed out", failed),) if failed else (),
    )


def gap(verdict: Verdict, scale: str = "difference", a: str = QWEN, b: str = SMOL) -> Gap:
    return Gap(a=a, b=b, scale=scale, p_value=0.01, p_holm=0.03, verdict=verdict)


def row(
    measure: str,
    cells: tuple[Cell, ...],
    gaps: tuple[Gap, ...],
    benchmark: str = "speed",
    *,
    up: bool = False,
    matters: float = 0.1,
) -> MeasureRow:
    return MeasureRow(
        measure=measure,
        benchmark=benchmark,
        higher_is_better=up,
        matters=matters,
        cells=cells,
        gaps=gaps,
    )


def cell(candidate: str, estimate: Estimate | TooFew, counted: Counts | None = None) -> Cell:
    return Cell(candidate=candidate, estimate=estimate, counts=counted)


ROWS = (
    row(
        "score",
        (
            cell(QWEN, est(0.5625, 0.3318, 0.769), counts(QWEN, "humaneval", 16, unparsed=1)),
            cell(
                SMOL,
                est(0.1538, 0.0433, 0.4222, 13),
                counts(SMOL, "humaneval", 16, truncated=2, failed=3, reused=4),
            ),
        ),
        (gap(Prefer(winner=QWEN, by=est(0.41, 0.25, 0.57))),),
        "humaneval",
        up=True,
        matters=0.05,
    ),
    row(
        "score",
        (
            cell(QWEN, est(0.5833, 0.4428, 0.7115, 48), counts(QWEN, "logic", 48)),
            cell(SMOL, est(0.5, 0.3639, 0.6361, 48), counts(SMOL, "logic", 48, unparsed=7)),
        ),
        (
            gap(
                Undecided(
                    by=est(0.0833, -0.0512, 0.2144, 48), cases_needed=347, because=Because.TOO_WIDE
                )
            ),
        ),
        "logic",
        up=True,
        matters=0.05,
    ),
    row(
        "first_token_s",
        (cell(QWEN, est(0.622, 0.604, 0.641, 12)), cell(SMOL, est(0.238, 0.231, 0.247, 12))),
        (gap(Prefer(winner=SMOL, by=est(2.61, 2.48, 2.75, 12)), "ratio"),),
    ),
    row(
        "output_tokens_per_s",
        (cell(QWEN, est(25.1, 24.4, 25.9, 12)), cell(SMOL, est(93.4, 90.2, 96.6, 12))),
        (gap(Prefer(winner=SMOL, by=est(0.269, 0.258, 0.281, 12)), "ratio"),),
        up=True,
    ),
    row(
        "output_tokens",
        (cell(QWEN, est(118.2, 101.4, 137.0, 64)), cell(SMOL, est(121.6, 99.8, 141.0, 64))),
        (gap(Alike(within=0.1, by=est(0.972, 0.931, 1.04, 64)), "ratio"),),
        "humaneval",
    ),
)

JUDGEMENT = Judgement(candidates=(QWEN, SMOL), rows=ROWS, policy="default", family=5)

QUESTIONS = {
    "logic": "All zorks are yorks. Some yorks are sporks. "
    "Does it follow that some zorks are sporks? Answer yes or no.",
    "humaneval": 'def add(x: int, y: int) -> int:\n    """Add two numbers x and y."""\n',
}


def stored(benchmark: str, number: int) -> StoredCase:
    question = QUESTIONS[benchmark]
    case = Case(
        id=f"{benchmark}/{number}",
        group=f"{benchmark}/{number}",
        question=question,
        target="no" if benchmark == "logic" else "check(add)",
    )
    system = "Complete the function." if benchmark == "humaneval" else None
    return StoredCase(case, ask(question, max_tokens=512, system=system))


CASES = {
    "logic": tuple(stored("logic", n) for n in range(6)),
    "humaneval": tuple(stored("humaneval", n) for n in range(4)),
}


def reply(text: str, tokens: int = 12) -> Reply:
    return Reply(
        text=text,
        usage=Usage(input_tokens=80, output_tokens=tokens),
        stamps=Stamps(due=0.0, sent=0.0, first=0.24, last=1.1, done=1.12),
    )


def trial(
    candidate: str,
    benchmark: str,
    number: int,
    outcome: Reply | Failure,
    grade: Score | Unscored | None,
) -> Trial:
    return Trial(
        key=TrialKey(candidate, benchmark, f"{benchmark}/{number}", 0),
        outcome=outcome,
        grade=grade,
        usd=None,
        asked_at="2026-11-21T22:50:00Z",
    )


RIGHT = Score(value=1.0, because="read no, key no", read="no")
WRONG = Score(value=0.0, because="read yes, key no", read="yes")
UNPARSED = Score(value=0.0, because="neither yes nor no")
PASSED = Score(value=1.0, because="every test held", read="def add")
FAILED = Score(value=0.0, because="AssertionError in test 2", read="def add")

ADD = "```python\ndef add(x: int, y: int) -> int:\n    return x + y\n```"

TRIALS = (
    trial(QWEN, "logic", 0, reply("No. Some yorks are sporks, but perhaps not zorks."), RIGHT),
    trial(SMOL, "logic", 0, reply("Yes, because zorks are yorks."), WRONG),
    trial(QWEN, "logic", 1, reply("no"), RIGHT),
    trial(SMOL, "logic", 1, reply("No."), RIGHT),
    trial(QWEN, "logic", 2, reply("Yes."), WRONG),
    trial(SMOL, "logic", 2, reply("no"), RIGHT),
    trial(QWEN, "logic", 3, reply("yes"), WRONG),
    trial(SMOL, "logic", 3, reply("Zorks! Zorks everywhere."), UNPARSED),
    trial(QWEN, "logic", 4, reply("no"), RIGHT),
    trial(SMOL, "logic", 4, Failure(kind="timed out", detail="no reply in 60 s"), None),
    trial(QWEN, "logic", 5, reply("no"), RIGHT),
    trial(SMOL, "logic", 5, reply("no", 2), Unscored(because="the fence gave no answer")),
    trial(QWEN, "humaneval", 0, reply(ADD, 34), PASSED),
    trial(SMOL, "humaneval", 0, reply(ADD.replace("+", "-"), 34), FAILED),
    trial(QWEN, "humaneval", 1, replace(reply(ADD, 512), finish="length"), PASSED),
    trial(SMOL, "humaneval", 1, reply("def add(x, y): pass", 9), FAILED),
    trial(QWEN, "humaneval", 2, reply(ADD, 34), PASSED),
    replace(trial(SMOL, "humaneval", 2, reply(ADD, 34), PASSED), reused=True),
    trial(QWEN, "humaneval", 3, replace(reply(ADD, 90), reasoning="Add them."), PASSED),
    trial(SMOL, "humaneval", 3, reply("I cannot help with that.", 7), FAILED),
)

SPEC = RunSpec(
    candidates=CANDIDATES,
    benchmarks=BENCHMARKS,
    passed={"on": ["logic:6", "humaneval:4"]},
    defaulted={"suite": "quick", "speed": True},
    machine={"cpu": "AMD EPYC", "cores": 2, "memory_bytes": 25_769_803_776, "system": "Linux"},
)

RUN = RunFacts(
    name="2026-11-21-2250-qwen-smollm2",
    spec=SPEC,
    cases=CASES,
    figures={
        "humaneval": {
            QWEN: (
                Figure(name="strict", value=est(0.5, 0.28, 0.72, 16)),
                Figure(name="Matthews correlation", value=est(-0.1, -0.3, 0.1, 16), is_share=False),
                Figure(name="strings", value=est(0.75, 0.3, 0.95, 4), by="subject"),
            ),
            SMOL: (Figure(name="strict", value=TooFew(groups=1, needed=2)),),
        },
    },
    facts={
        QWEN: (
            Fact(name="peak_bytes", value=612_000_000, source="measured here", as_of="2026-11-21"),
            Fact(name="load_s", value=1.52, source="measured here", as_of="2026-11-21"),
        ),
    },
    started_at="2026-11-21T22:49:12Z",
    command=f"visavis compare {QWEN} {SMOL} --on logic:6,humaneval:4",
    versions={"visavis": "0.1.0", "Python": "3.11.7", "xllamacpp": "2026.10"},
    notes=("downloads: none, both files were here",),
)
