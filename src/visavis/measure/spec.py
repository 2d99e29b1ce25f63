"""What a run was asked to do: the readable head of its folder, `run.json`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import msgspec

from visavis.core.candidate import Candidate
from visavis.core.errors import StoreError
from visavis.measure.plan import Asked
from visavis.measure.run_folder import HEAD

FORMAT = 2
"""Raised when a reader of the former format would misread a run."""
WRITTEN: Final = "python:"
"""Begins the name under which a run keeps a candidate that exists in a Python program alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BenchmarkSpec:
    """A benchmark as it was when the run began."""

    name: str
    protocol: str
    version: int
    chance: float | None
    source: str
    departures: tuple[str, ...]
    cases: int
    sha256: str
    """Of all cases and prompts, in order."""
    repeats: int = 0
    """Tries of each case; 0 in runs from before there were protocols with a number of their own:
    then it is the run's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedPart:
    """One of the runs of which a run was merged."""

    name: str
    candidates: tuple[str, ...]
    benchmarks: tuple[str, ...]
    """Protocols."""
    seed: int
    trials: int
    machine: Mapping[str, Any] = field(default_factory=dict)
    passed: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSpec:
    """What a run was asked to do, and where. Holds no secret and no path of the machine, apart
    from those the user wrote among the options."""

    candidates: tuple[Candidate, ...]
    benchmarks: tuple[BenchmarkSpec, ...]
    repeats: int = 1
    """Tries of each case as the user set them; 0 leaves them to each protocol."""
    seed: int = 0
    passed: Mapping[str, Any] = field(default_factory=dict)
    """Options as the user gave them, in plain JSON: what `resume` goes by."""
    drawn: Mapping[str, int] = field(default_factory=dict)
    """Benchmarks asked in random order until decided, with how many cases, at most, were drawn as
    one. `BenchmarkSpec.cases` is then what may be asked."""
    defaulted: Mapping[str, Any] = field(default_factory=dict)
    machine: Mapping[str, Any] = field(default_factory=dict)
    """What `probe` found; of a merged run what is true of all its parts, the newest day among
    them."""
    parts: tuple[MergedPart, ...] = ()
    """The runs of which it was merged, if it was."""


OWN: Final = "own@"
"""Begins the protocol of cases of one's own."""


class _Head(msgspec.Struct):
    """`run.json` as far as every version can read it."""

    format: int


class _Kind(msgspec.Struct):
    """`run.json` as far as all kinds of runs share it."""

    kind: str = "comparison"


class _Document(msgspec.Struct):
    """`run.json` of this version."""

    format: int
    run: RunSpec


def describe(asked: Asked) -> BenchmarkSpec:
    """What identifies one benchmark and the cases chosen from it."""
    digest = sha256()
    for case in asked.cases:
        digest.update(to_json((case, asked.benchmark.ask(case))))
    benchmark = asked.benchmark
    return BenchmarkSpec(
        name=benchmark.name,
        protocol=benchmark.protocol,
        version=benchmark.version,
        chance=benchmark.chance,
        source=benchmark.source,
        departures=benchmark.departures,
        cases=len(asked.cases),
        sha256=digest.hexdigest(),
        repeats=asked.repeats,
    )


def difference(here: RunSpec, wanted: RunSpec) -> str | None:
    """What makes two runs different runs, in words; None when one may go on with the other.

    Facts, prices and lifecycle may have changed in the catalog since; they are no part of it.
    """
    if [identity_of(c) for c in here.candidates] != [identity_of(c) for c in wanted.candidates]:
        return (
            f"its candidates are {_listed([c.name + ' = ' + c.snapshot for c in here.candidates])}"
        )
    if here.seed != wanted.seed or _tried_otherwise(here, wanted):
        return f"it has --repeats {' and '.join(map(str, tries(here)))} and --seed {here.seed}"
    if here.drawn.keys() != wanted.drawn.keys():
        return f"it was asked with --until {'decided' if here.drawn else 'all'}"
    if _untried(here) != _untried(wanted):
        return f"its benchmarks are {_listed([_sized(b) for b in here.benchmarks])}"
    return None


def tries(spec: RunSpec) -> tuple[int, ...]:
    """The numbers of tries that cases get in this run, each once, in the benchmarks' order."""
    return tuple(dict.fromkeys(tries_of(one, spec) for one in spec.benchmarks))


def tries_of(benchmark: BenchmarkSpec, spec: RunSpec) -> int:
    """Tries of each case of one of the run's benchmarks."""
    return benchmark.repeats or spec.repeats


def to_json(thing: object) -> bytes:
    """JSON of nouns; read-only mappings as objects."""
    return msgspec.json.encode(thing, enc_hook=_plain)


def write(spec: RunSpec) -> bytes:
    """The text of `run.json`. A candidate's file is named by `model`, never by its path."""
    pathless = tuple(replace(candidate, file=None) for candidate in spec.candidates)
    document = _Document(format=FORMAT, run=replace(spec, candidates=pathless))
    return msgspec.json.format(to_json(document), indent=2) + b"\n"


def read(text: bytes, *, of: str) -> RunSpec:
    """The spec in a `run.json`; `of` names the folder in error texts."""
    try:
        written_in = msgspec.json.decode(text, type=_Head).format
        if written_in > FORMAT:
            raise StoreError(
                f"run {of!r} is of format {written_in}, this visavis reads {FORMAT}; update visavis"
            )
        return msgspec.json.decode(text, type=_Document).run
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(
            f"'run.json' of run {of!r} is torn or not ours ({error}); take another folder"
        ) from None


def way_of(one: BenchmarkSpec) -> tuple[object, ...]:
    """What is to be the same where two runs are said to have asked one benchmark.

    The protocol of cases of one's own is the digest of their file: there each case speaks for
    itself, with its key and its checks.
    """
    protocol = OWN if one.protocol.startswith(OWN) else one.protocol
    return protocol, one.version, one.chance, one.departures


def is_speed(folder: Path) -> bool:
    """Whether the run in this folder measured speed under load, and is no comparison."""
    try:
        return msgspec.json.decode((folder / HEAD).read_bytes(), type=_Kind).kind == "speed"
    except (OSError, msgspec.DecodeError, UnicodeDecodeError):
        return False


def identity_of(candidate: Candidate) -> Candidate:
    """Who it is: what the catalog, prices and this machine say of it left out."""
    bare = replace(candidate, file=None, facts=(), lifecycle=None, key_name=None)
    return replace(bare, ways=(), sees_images=None, protocols=None)


def _tried_otherwise(here: RunSpec, wanted: RunSpec) -> bool:
    numbers = {one.name: tries_of(one, wanted) for one in wanted.benchmarks}
    return any(numbers.get(b.name, tries_of(b, here)) != tries_of(b, here) for b in here.benchmarks)


def _untried(spec: RunSpec) -> list[BenchmarkSpec]:
    return [replace(benchmark, repeats=0) for benchmark in spec.benchmarks]


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names)


def _sized(benchmark: BenchmarkSpec) -> str:
    return f"{benchmark.protocol} ({benchmark.cases} cases, {benchmark.sha256[:8]})"


def _plain(thing: object) -> object:
    if isinstance(thing, Mapping):
        return dict(thing)
    raise TypeError(f"{type(thing).__name__} has no JSON form")
