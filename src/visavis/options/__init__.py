"""Every option of every command, once.

The flags of the command line, the keyword arguments of `visavis.compare` and the table in the
docs are all made from these fields.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from visavis.core.numbers import (
    AtOnce,
    Blocks,
    HoursADay,
    Load,
    Percent,
    Points,
    Port,
    Processes,
    PromptTokens,
    ReplyTokens,
    Requests,
    RequestsADay,
    Seconds,
    Seed,
    Share,
    Temperature,
    Tokens,
    TokensARequest,
    TokensASecond,
    Tries,
    Usd,
    UsdAKwh,
    UsdAMachine,
    UsdAMonth,
    Watts,
    Years,
)

T = TypeVar("T")

Language = Literal["en", "fr"]
Suite = Literal["quick", "standard", "full"]
FenceChoice = Literal["auto", "weak"]
Until = Literal["all", "decided"]
Format = Literal["terminal", "markdown", "article", "json", "html"]
ImportCheck = Literal["auto", "equals", "contains", "number", "letter", "math", "json", "none"]


def option(default: T, doc: str) -> T:
    """A field whose one sentence of documentation serves flag, docs and docstring alike."""
    made: Any = field(default=default, metadata={"doc": doc})
    return made  # type: ignore[no-any-return]  # as `dataclasses.field` is typed: the default's type


def flag(name: str, *, no: bool = False) -> str:
    """An option as the command line has it; `from_` is no keyword, `--from` may be."""
    return f"--{'no-' * no}{name.rstrip('_').replace('_', '-')}"


@dataclass(frozen=True, kw_only=True)
class CompareOptions:
    """What to ask, how to ask it, and what to write of it."""

    on: tuple[str, ...] = option(
        (), "Benchmarks (`logic`, `humaneval:20`) or case files, comma-separated or repeated."
    )
    suite: Suite = option("quick", "Which set of benchmarks to run when --on is not given.")
    data: Path | None = option(
        None, "Your folder of benchmark files as published; VISAVIS_DATA when not given."
    )
    until: Until = option(
        "all", "When to stop asking: after all cases, or where each gap is decided (or --budget)."
    )
    at_once: AtOnce = option(
        0, "Requests in flight per candidate; 0 picks 4 for local, 16 for hosted."
    )
    repeats: Tries = option(0, "Times each case is asked; 0 as its protocol says, mostly once.")
    temperature: Temperature | None = option(
        None, "Temperature at which replies are drawn; that of each protocol when not given."
    )
    seed: Seed = option(0, "Seed of every random choice in the run.")
    budget: Usd = option(1.0, "USD that hosted candidates may cost in this run, at most.")
    policy: str = option("default", "What difference matters: a policy's name, or a YAML file.")
    out: Path | None = option(
        None, "Folder of the run; a new one under VISAVIS_HOME when not given."
    )
    json: Path | None = option(None, "Also write the results as JSON to this file.")
    lang: Language = option("en", "Language of table, verdict and page.")
    fence: FenceChoice = option(
        "auto", "Fence for code that models write; `weak` allows one without namespaces."
    )
    speed: bool = option(True, "Measure speed after the cases, one request at a time.")
    reuse: bool = option(True, "Take replies paid for in an earlier run where nothing has changed.")
    judge: tuple[str, ...] = option(
        (), "Candidate that judges the replies to cases with a rubric; repeat it for several."
    )
    against: str = option(
        "", "Candidate beside which judges put each other one; every pair when not given."
    )
    claims: tuple[str, ...] = option((), "Published figures to show too: a YAML file; repeatable.")
    yes: bool = option(
        False, "Answer yes to every question. Piped, none is asked; --budget holds all the same."
    )
    dry_run: bool = option(
        False, "Print the plan and its price, ask nothing; needs no key, may fetch benchmark files."
    )


@dataclass(frozen=True, kw_only=True)
class JudgeOptions:
    """Who is to judge a run, and what people said of it."""

    judge: tuple[str, ...] = option(
        (), "Candidate that judges the replies to cases with a rubric; repeat it for several."
    )
    against: str = option(
        "", "Candidate beside which judges put each other one; every pair when not given."
    )
    labels: Path | None = option(
        None, "JSON lines in which people judged the same: `case`, `candidate`, `label`."
    )
    at_once: AtOnce = option(0, "Requests in flight per judge; 0 picks 4 for local, 16 for hosted.")
    budget: Usd = option(1.0, "USD that hosted judges may cost in this run, at most.")
    policy: str = option("default", "What difference matters: a policy's name, or a YAML file.")
    json: Path | None = option(None, "Also write the results as JSON to this file.")
    lang: Language = option("en", "Language of table, verdict and page.")
    yes: bool = option(
        False, "Answer yes to every question. Piped, none is asked; --budget holds all the same."
    )
    dry_run: bool = option(False, "Print the plan and its price, ask nothing.")


@dataclass(frozen=True, kw_only=True)
class CasesRunOptions(CompareOptions):
    """How to ask cases of one's own; speed is not measured unless asked for."""

    speed: bool = option(False, "Measure speed after the cases, one request at a time.")


@dataclass(frozen=True, kw_only=True)
class ShowOptions:
    """In which form to show a run."""

    format: Format = option("terminal", "Form of the output.")
    out: Path | None = option(None, "File to write; the terminal when not given (html: required).")
    policy: str = option("default", "What difference matters: a policy's name, or a YAML file.")
    speed: str | None = option(
        None, "A speed run of the same candidates: drawn on the page, and decides limits on `.p95`."
    )
    claims: tuple[str, ...] = option((), "Published figures to show too: a YAML file; repeatable.")
    limits: tuple[str, ...] = option((), "What `visavis limits --json` wrote; repeatable.")
    lang: Language = option("en", "Language of the output.")


@dataclass(frozen=True, kw_only=True)
class VerdictOptions:
    """By what to judge a run, and what to write of it."""

    policy: str = option("default", "What counts: a policy's name, or a YAML file.")
    speed: str | None = option(
        None, "A speed run of the same candidates: decides limits on `.p95` and the like."
    )
    limits: tuple[str, ...] = option((), "What `visavis limits --json` wrote; repeatable.")
    json: Path | None = option(None, "Also write the verdict as JSON to this file.")
    lang: Language = option("en", "Language of the verdict.")


@dataclass(frozen=True, kw_only=True)
class ArenaOptions:
    """Which replies a person is to compare, and on which page."""

    on: tuple[str, ...] = option(
        (), "Benchmarks of the run, comma-separated or repeated; all when not given."
    )
    port: Port = option(0, "Port on this machine; a free one when not given.")
    voter: str = option("", "Your name, kept with your votes; each voter judges every pair once.")
    seed: Seed = option(0, "Seed of the order of pairs, and of which reply stands on which side.")
    lang: Language = option("en", "Language of the page, which can switch it.")
    browser: bool = option(True, "Open the page in a browser.")


@dataclass(frozen=True, kw_only=True)
class ImportOptions:
    """What to make of another tool's logs."""

    name: str = option("", "Name of the recording; that of the model in the log when not given.")
    protocol: str = option(
        "", "Protocol of its cases, `FAMILY@SOURCE`; by task and tool when not given."
    )
    check: ImportCheck = option(
        "auto", "How answers are graded; auto where the log or the benchmark leaves no doubt."
    )
    columns: tuple[str, ...] = option(
        (), "For plain files: `id=…,question=…,text=…,target=…,source_score=…`, comma-separated."
    )
    disagreements: Path | None = option(
        None, "Also list where our grade is not the source's, in this .md or .jsonl file."
    )
    replace: bool = option(False, "Take the place of answers that the recording holds already.")
    lang: Language = option("en", "Language of the list of disagreements, in a .md file.")


@dataclass(frozen=True, kw_only=True)
class ClaimsOptions:
    """What published figures to hold against what."""

    run: str = option("", "A run whose measurements they are held against: its folder or name.")
    file: tuple[str, ...] = option((), "Further claims, in a YAML file of your own; repeatable.")
    limits: tuple[str, ...] = option((), "What `visavis limits --json` wrote; repeatable.")
    json: Path | None = option(None, "Also write the claims as JSON to this file.")
    lang: Language = option("en", "Language of the table.")


@dataclass(frozen=True, kw_only=True)
class MoneyOptions:
    """A workload, and hardware of one's own that may carry it."""

    policy: str = option("", "A policy whose `workload:` and `hardware:` are taken: a YAML file.")
    requests_per_day: RequestsADay | None = option(None, "Requests a day; 1,000 when not given.")
    input_tokens: TokensARequest | None = option(
        None, "Input tokens of a request, by the first candidate's count; as measured if not given."
    )
    output_tokens: TokensARequest | None = option(None, "Output tokens of a request, likewise.")
    cached_share: Share | None = option(None, "Part of the input read from a cache, 0 to 1.")
    batch_share: Share | None = option(None, "Part of the requests that can wait a day, 0 to 1.")
    limit_usd: UsdAMonth | None = option(
        None, "What a month may cost: up to which volume it lasts."
    )
    price: tuple[str, ...] = option(
        (), "`CANDIDATE=INPUT/OUTPUT`, USD per million tokens, in the place of a list; repeatable."
    )
    day: str = option("", "Day whose list prices hold, YYYY-MM-DD; the run's when not given.")
    own: tuple[str, ...] = option(
        (), "Candidate to run on your own hardware; all that run on this machine when not given."
    )
    hardware_usd: UsdAMachine | None = option(None, "Price of one such machine, in USD.")
    years: Years | None = option(None, "Years for which it is used; 3 when not given.")
    watts: Watts | None = option(None, "Power that it takes; as measured when not given.")
    usd_per_kwh: UsdAKwh | None = option(None, "Price of electricity; 0.25 when not given.")
    hours_per_day: HoursADay | None = option(None, "Hours for which it is on; 24 when not given.")
    tokens_per_s: TokensASecond | None = option(
        None, "Output of all replies; as measured if not given."
    )
    load: Load | None = option(None, "Part of that which is planned for; 0.5 when not given.")
    speed: str = option("", "A speed run of the same candidates, for throughput and energy.")
    json: Path | None = option(None, "Also write the figures as JSON to this file.")
    lang: Language = option("en", "Language of the output.")


@dataclass(frozen=True, kw_only=True)
class FitOptions:
    """How a model is to be held in memory."""

    quant: str = option("Q4_K_M", "How the weights of a model of a given size are stored.")
    context: Tokens = option(8192, "Tokens of prompt and reply together, for each stream.")
    streams: AtOnce = option(1, "Requests answered at once.")
    kv: str = option("f16", "Type of the KV cache: f32, f16, q8_0 or q4_0.")
    json: Path | None = option(None, "Also write the parts, in bytes, as JSON to this file.")


@dataclass(frozen=True, kw_only=True)
class PowerOptions:
    """Which gap is to be seen, and what is known beforehand."""

    gap: Points = option(5.0, "Gap in score that is to be seen, in points.")
    differ: Percent = option(
        0.0, "Share of cases that only one of the two solves, in %; 20 when not known otherwise."
    )
    from_: str = option("", "A run in which that share was measured, for each pair in it.")
    on: tuple[str, ...] = option(
        (), "Benchmarks to say of how many cases they have, comma-separated or repeated."
    )
    data: Path | None = option(
        None, "Your folder of benchmark files as published; VISAVIS_DATA when not given."
    )
    policy: str = option("default", "What difference matters: a policy's name, or a YAML file.")
    lang: Language = option("en", "Language of the output.")
    json: Path | None = option(None, "Also write the figures as JSON to this file.")


@dataclass(frozen=True, kw_only=True)
class ContaminationOptions:
    """Of which texts to try other orders, and how to ask."""

    on: tuple[str, ...] = option(
        (), "Benchmarks with options (`mmlu:100`) or a known file (`gsm8k:100`), comma-separated."
    )
    data: Path | None = option(
        None, "Your folder of benchmark files as published; VISAVIS_DATA when not given."
    )
    at_once: AtOnce = option(
        0, "Requests in flight per candidate; 0 picks 4 for local, 16 for hosted."
    )
    seed: Seed = option(0, "Seed of the orders that are drawn.")
    budget: Usd = option(1.0, "USD that each hosted candidate may cost, at most.")
    lang: Language = option("en", "Language of the output.")
    json: Path | None = option(None, "Also write the figures as JSON to this file.")
    yes: bool = option(False, "Answer yes to every question. Piped, none is asked.")


@dataclass(frozen=True, kw_only=True)
class LimitsOptions:
    """Which limits to find, and how far to go for them."""

    what: tuple[str, ...] = option(
        (), "Of `context`, `needle`, `output`, `cutoff`, comma-separated; all when not given."
    )
    longest: Tokens = option(
        0, "Longest prompt tried, in tokens, and a local file's slot; 0: what is stated of it."
    )
    lengths: tuple[str, ...] = option(
        (), "Tokens in which facts are hidden; shares of the longest accepted when not given."
    )
    repeats: Tries = option(3, "Facts hidden at each length and depth.")
    output_tokens: Tokens = option(16_384, "Longest reply asked for, in tokens.")
    at_once: AtOnce = option(0, "Requests in flight; 0 picks 1 for local, 8 for hosted.")
    seed: Seed = option(0, "Seed of texts and hidden facts.")
    budget: Usd = option(1.0, "USD that hosted candidates may cost, at most.")
    json: Path | None = option(None, "Also write the findings as JSON to this file.")
    yes: bool = option(
        False, "Answer yes to every question. Piped, none is asked; --budget holds all the same."
    )
    dry_run: bool = option(False, "Print the plan and its price, ask nothing.")


@dataclass(frozen=True, kw_only=True)
class CalibrateOptions:
    """On how many streams to measure the instrument itself."""

    streams: tuple[str, ...] = option(
        (), "Requests in flight at once, comma-separated; 1,16,64,256 when not given."
    )
    processes: Processes = option(1, "Processes among which the streams are dealt out.")
    lang: Language = option("en", "Language of the output.")
    json: Path | None = option(None, "Also write the errors, in seconds, as JSON to this file.")


@dataclass(frozen=True, kw_only=True)
class SpeedOptions:
    """Which loads to put on candidates, for how long, and what to write of it."""

    concurrency: tuple[str, ...] = option(
        (), "Requests in flight at once, 1,4 when not given; `auto` doubles them while it helps."
    )
    rate: tuple[str, ...] = option(
        (), "Instead: requests a second, come what may, comma-separated; `1-10` rises in a block."
    )
    poisson: bool = option(False, "With --rate: users independent of each other, no even pace.")
    trace: Path | None = option(
        None, "Instead: a CSV or JSONL file with `due_s`, `prompt_tokens`, `output_tokens`."
    )
    tokens: ReplyTokens = option(
        128, "Output tokens of each reply; servers that can are told to go on."
    )
    prompt_tokens: PromptTokens = option(
        256, "Prompt tokens of each request, as the server counts them."
    )
    shared: PromptTokens = option(
        0, "Of these, tokens that begin every prompt: what a cache is worth; 0: each is new."
    )
    slo: tuple[str, ...] = option(
        (), "Objective for goodput, such as `first_token_s.p95<=0.8`; several hold together."
    )
    seconds: Seconds = option(
        0.0, "Seconds that count, of each candidate and load; 0 is 30 where --requests is not set."
    )
    requests: Requests = option(
        0, "Requests that count, of each candidate and load; 0 sets no number."
    )
    width: Percent = option(
        0.0, "Add blocks until first token and output speed are known to within so many %."
    )
    blocks: Blocks = option(6, "Blocks of each load, in which candidates take turns.")
    memory: bool = option(
        False, "Also measure local files with 1k to 8k tokens of context filled; takes minutes."
    )
    processes: Processes = option(
        0, "Processes among which loads are dealt out; 0 is 1, more where it takes and cores allow."
    )
    seed: Seed = option(0, "Seed of the times at which independent users come.")
    budget: Usd = option(1.0, "USD that hosted candidates may cost in this run, at most.")
    policy: str = option("default", "What difference matters: a policy's name, or a YAML file.")
    out: Path | None = option(
        None, "Folder of the run; a new one under VISAVIS_HOME when not given."
    )
    json: Path | None = option(None, "Also write the results as JSON to this file.")
    lang: Language = option("en", "Language of the report.")
    yes: bool = option(
        False, "Answer yes to every question. Piped, none is asked; --budget holds all the same."
    )
    dry_run: bool = option(False, "Print the plan and its price, ask nothing.")
