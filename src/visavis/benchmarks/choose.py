"""Which benchmarks to run, and how much of each: from names, numbers and files to cases."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from os.path import isdir
from pathlib import Path

from visavis.benchmarks import (
    competition_math,
    glue,
    gsm8k,
    humaneval,
    humaneval_plus,
    humaneval_protocols,
    ifeval,
    logic,
    mgsm,
    mmlu,
    mmmu,
)
from visavis.benchmarks.base import BENCHMARKS, Benchmark, LoadOptions
from visavis.benchmarks.generated.families import MODULES as GENERATED
from visavis.benchmarks.programs.tasks import MODULES as PROGRAMS
from visavis.benchmarks.shelf import Shelf
from visavis.core.candidate import Candidate
from visavis.core.case import Case
from visavis.core.errors import DataError, OptionError
from visavis.core.numbers import whole_number
from visavis.core.registry import unknown
from visavis.options import Suite

SUITES: dict[Suite, tuple[str, ...]] = {
    "quick": ("logic:24", "humaneval:16"),
    "standard": ("logic:100", "humaneval:80"),
    "full": ("logic", "humaneval"),
}
"""What `--suite` stands for, in the writing of `--on`."""

ROOMS = (
    *(logic, humaneval, humaneval_protocols, humaneval_plus, mmlu, gsm8k, competition_math, mgsm),
    *(ifeval, glue, mmmu),
    *GENERATED,
    *PROGRAMS,
)
"""Modules whose benchmarks are known by name: importing one registers its protocols."""

CASE_FILES = (".yaml", ".yml", ".jsonl", ".csv")


@dataclass(frozen=True, slots=True)
class Chosen:
    """A benchmark, and how many of its first cases to ask; None asks as many as is usual."""

    benchmark: Benchmark
    count: int | None


def known(protocol: str) -> Benchmark | None:
    """The benchmark of this protocol; None for a case file's, or one of another program."""
    return BENCHMARKS.get(protocol) if protocol in BENCHMARKS else None


def chosen(
    on: Sequence[str],
    suite: Suite,
    candidates: Sequence[Candidate] = (),
    note: Callable[[str], None] = lambda text: None,
    home: Path | None = None,
) -> tuple[Chosen, ...]:
    """What `--on` names, each text a comma-separated list; the suite when it names nothing, or
    what recordings among the candidates hold answers to.

    A bare name stands for the first protocol of its family that all candidates can run; what was
    imported is known where `home` is.
    """
    shelf = Shelf(home)
    named = [name.strip() for text in on for name in text.split(",") if name.strip()]
    if on and not named:
        raise OptionError(f"--on names nothing; try {', '.join(shelf.families)}, or leave it out")
    asked = named or _held_by_all(candidates) or SUITES[suite]
    made: dict[str, Chosen] = {}
    notes: list[str] = []
    for name in asked:
        one = _chosen(name, candidates, notes.append, shelf)
        _check_once(one.benchmark, made)
        made[one.benchmark.name] = one
    for text in notes:  # now that all of it can be run
        note(text)
    return tuple(made.values())


def _check_once(benchmark: Benchmark, made: Mapping[str, Chosen]) -> None:
    """Refuse what would be asked twice, or could not be told apart."""
    name, protocol = benchmark.name, benchmark.protocol
    if name in made:
        raise OptionError(
            f"two benchmarks would be called {name!r}; "
            "name each once, and give case files names of their own"
        )
    for other in made:
        if made[other].benchmark.protocol == protocol:
            raise OptionError(f"{other!r} and {name!r} are both {protocol!r}; name it once")


def cases_of(choice: Chosen, options: LoadOptions) -> tuple[Case, ...]:
    """The cases to ask, in the benchmark's order."""
    benchmark, count = choice.benchmark, choice.count
    wanted = benchmark.usual_count if count is None else count
    cases = tuple(islice(benchmark.load(options), wanted))
    seen = Counter(case.id for case in cases)
    again = next((name for name, times in seen.items() if times > 1), None)
    if again is not None:
        raise DataError(
            f"{benchmark.name!r} has case {again!r} more than once; get its file anew, or leave "
            "one of them"
        )
    if count is not None and len(cases) < count:
        raise OptionError(
            f"{benchmark.name!r} has {len(cases)} cases, {count} were asked for; "
            f"write '{benchmark.name}:{len(cases)}' or less"
        )
    return cases


def _held_by_all(candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """The protocols to which every recording holds answers; none where there is no recording."""
    held = {c.name: c.protocols for c in candidates if c.protocols is not None}
    if not held:
        return ()
    shared = set.intersection(*map(set, held.values()))
    if not shared:
        each = "; ".join(f"{name!r} to {', '.join(of)}" for name, of in held.items())
        raise OptionError(f"these recordings hold answers to no protocol in common: {each}")
    return tuple(sorted(shared))


def _chosen(
    text: str, candidates: Sequence[Candidate], note: Callable[[str], None], shelf: Shelf
) -> Chosen:
    name, count = counted(text)
    if name in shelf.families:
        return Chosen(_of_family(shelf.of(name), candidates, note), count)
    if name in shelf:
        return Chosen(_of_protocol(shelf.get(name), shelf, candidates), count)
    path, tag = tagged(name)
    looks_like_path = "/" in name or "\\" in name or isdir(path)
    if not (looks_like_path or path.suffix.lower() in CASE_FILES):
        raise unknown("benchmark", name, [*shelf.families, *shelf])
    from visavis.benchmarks.own.loading import load_own  # brings pydantic and a YAML reader along

    own = load_own(path, tag)
    if own.name in shelf.families or own.name in shelf:
        raise OptionError(f"{name!r} would be taken for our own {own.name!r}; rename the file")
    for reason in hindrances(own, candidates):
        raise OptionError(reason)
    return Chosen(own, count)


def tagged(name: str) -> tuple[Path, str]:
    """`cases.yaml#maths` is the cases of a file, or of a folder, that have the tag `maths`."""
    path, sign, tag = name.rpartition("#")
    if sign and tag and not Path(name).exists():
        return Path(path), tag
    return Path(name), ""


def hindrances(benchmark: Benchmark, candidates: Sequence[Candidate]) -> Iterator[str]:
    """Why candidates cannot run a protocol, a line for each that cannot."""
    for candidate in candidates:
        held, name, protocol = candidate.protocols, candidate.name, benchmark.protocol
        if held is not None and protocol not in held:
            yield f"{name!r} holds no answers to {protocol!r}, only to {', '.join(held)}"
        elif benchmark.way not in candidate.ways:
            yield f"{protocol!r} {_NEEDS[benchmark.way]}, which {name!r} does not give"
        elif benchmark.needs_sight and candidate.sees_images is False:
            yield f"{protocol!r} shows pictures, which {name!r} cannot see"
        elif benchmark.only_recorded and candidate.kind in ("hosted", "local"):
            yield (
                f"{protocol!r} cannot be asked of {name!r}, only of recordings: its log lacks "
                f"{benchmark.only_recorded}"
            )


_NEEDS = {
    "chat": "needs a conversation",
    "continue": "has raw texts gone on with",
    "choose": "needs log-probabilities of a prompt",
}


def _of_family(
    protocols: Sequence[Benchmark], candidates: Sequence[Candidate], note: Callable[[str], None]
) -> Benchmark:
    family = protocols[0].family
    able = _able(protocols, candidates)
    if not able:
        reasons = [reason for one in protocols for reason in hindrances(one, candidates)]
        raise OptionError(f"no protocol of {family!r} can be asked of all: {'; '.join(reasons)}")
    if len(protocols) > 1:
        others = ", ".join(one.protocol for one in protocols if one is not able[0])
        note(f"{family!r} is asked by {able[0].protocol!r}; there are also {others}")
    return replace(able[0], name=family)


def _of_protocol(benchmark: Benchmark, shelf: Shelf, candidates: Sequence[Candidate]) -> Benchmark:
    reasons = list(hindrances(benchmark, candidates))
    if reasons:
        able = _able(shelf.of(benchmark.family), candidates)
        nearest = f"; try {able[0].protocol!r}" if able else ""
        raise OptionError("; ".join(reasons) + nearest)
    return replace(benchmark, name=benchmark.protocol)


def _able(protocols: Sequence[Benchmark], candidates: Sequence[Candidate]) -> tuple[Benchmark, ...]:
    return tuple(one for one in protocols if not any(hindrances(one, candidates)))


def counted(text: str) -> tuple[str, int | None]:
    """`humaneval:20` is `humaneval` and 20; a bare name has no number."""
    name, colon, number = text.rpartition(":")
    if not colon or "/" in number or "\\" in number:
        return text, None
    if not (many := whole_number(number)):
        raise OptionError(f"{text!r}: after the ':' comes a number of cases, such as '{name}:20'")
    return name, many
