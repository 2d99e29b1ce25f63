"""Which benchmarks to run, and how much of each: from names, numbers and files to cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from visavis.benchmarks.base import BENCHMARKS, Benchmark, LoadOptions
from visavis.benchmarks.humaneval import HUMANEVAL_BENCHMARK
from visavis.benchmarks.logic import LOGIC
from visavis.core.case import Case
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.options import Suite

SUITES: dict[Suite, tuple[str, ...]] = {
    "quick": (f"{LOGIC.name}:24", f"{HUMANEVAL_BENCHMARK.name}:16"),
    "standard": (f"{LOGIC.name}:100", f"{HUMANEVAL_BENCHMARK.name}:80"),
    "full": (LOGIC.name, HUMANEVAL_BENCHMARK.name),
}
"""What `--suite` stands for, in the writing of `--on`."""

CASE_FILES = (".yaml", ".yml", ".jsonl")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A benchmark, and how many of its first cases to ask; None asks as many as is usual."""

    benchmark: Benchmark
    count: int | None


def chosen(on: Sequence[str], suite: Suite) -> tuple[Chosen, ...]:
    """What `--on` names, each text a comma-separated list; the suite when it names nothing."""
    named = [name.strip() for text in on for name in text.split(",") if name.strip()]
    if on and not named:
        raise OptionError(f"--on names nothing; try {', '.join(BENCHMARKS)}, or leave it out")
    asked = named or list(SUITES[suite])
    made: dict[str, Chosen] = {}
    for name in asked:
        one = _chosen(name)
        if one.benchmark.name in made:
            raise OptionError(
                f"two benchmarks would be called {one.benchmark.name!r}; "
                "name each once, and give case files names of their own"
            )
        made[one.benchmark.name] = one
    return tuple(made.values())


def cases_of(choice: Chosen, options: LoadOptions) -> tuple[Case, ...]:
    """The cases to ask, in the benchmark's order."""
    benchmark, count = choice.benchmark, choice.count
    wanted = benchmark.usual_count if count is None else count
    cases = tuple(islice(benchmark.load(options), wanted))
    if count is not None and len(cases) < count:
        raise OptionError(
            f"{benchmark.name!r} has {len(cases)} cases, {count} were asked for; "
            f"write '{benchmark.name}:{len(cases)}' or less"
        )
    return cases


def _chosen(text: str) -> Chosen:
    name, count = _counted(text)
    if name in BENCHMARKS:
        return Chosen(BENCHMARKS.get(name), count)
    if not ("/" in name or "\\" in name or Path(name).suffix.lower() in CASE_FILES):
        raise unknown("benchmark", name, BENCHMARKS)
    from visavis.benchmarks.own import load_own  # brings pydantic and a YAML reader along

    own = load_own(Path(name))
    if own.name in BENCHMARKS:
        raise OptionError(f"{name!r} would be taken for our own {own.name!r}; rename the file")
    return Chosen(own, count)


def _counted(text: str) -> tuple[str, int | None]:
    """`humaneval:20` is `humaneval` and 20."""
    name, colon, number = text.rpartition(":")
    if not colon or "/" in number or "\\" in number:
        return text, None
    if not (number.isascii() and number.isdigit() and int(number) > 0):
        raise OptionError(f"{text!r}: after the ':' comes a number of cases, such as '{name}:20'")
    return name, int(number)
