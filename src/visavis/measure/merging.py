"""What several runs are as one: whether they can be, who was asked what in it. Pure.

A run may add candidates, benchmarks, cases or tries to another. What would make the whole say
something else than its parts is refused: one name for two candidates, one benchmark asked in two
ways, one case in two wordings.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any, NamedTuple

from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.measure.contamination import is_of_orders
from visavis.measure.spec import BenchmarkSpec, MergedPart, RunSpec, identity_of, way_of

OfCase = tuple[str, str]
"""Benchmark and case."""


class CaseRow(NamedTuple):
    """A case as a run keeps it: JSON of the case and of its prompt."""

    body: str
    prompt: str


@dataclass(frozen=True, kw_only=True)
class Part:
    """One run, as far as it decides what the whole is."""

    name: str
    spec: RunSpec
    cases: Mapping[OfCase, CaseRow]
    """In the order asked."""
    trials: int

    @property
    def at(self) -> str:
        """When it began."""
        return str(self.spec.machine.get("at", ""))

    @property
    def told(self) -> MergedPart:
        """What is kept of it in the whole."""
        return MergedPart(
            name=self.name,
            candidates=tuple(one.name for one in self.spec.candidates),
            benchmarks=tuple(one.protocol for one in self.spec.benchmarks),
            seed=self.spec.seed,
            trials=self.trials,
            machine=self.spec.machine,
            passed=self.spec.passed,
        )


def merged(parts: Sequence[Part], repeats: Mapping[str, int]) -> RunSpec:
    """The head of the whole, in which so many tries of a benchmark's cases are at most; what was
    passed is for whoever asks to say."""
    names = dict.fromkeys(one.name for part in parts for one in part.spec.benchmarks)
    drawn = _drawn(parts)
    return RunSpec(
        candidates=_candidates(parts),
        benchmarks=tuple(_benchmark(name, parts, repeats.get(name, 1)) for name in names),
        repeats=max(repeats.values(), default=1),
        seed=parts[0].spec.seed,
        drawn=drawn,
        defaulted=parts[0].spec.defaulted,
        machine=_machine([part.spec.machine for part in parts]),
        parts=tuple(part.told for part in parts),
    )


def _candidates(parts: Sequence[Part]) -> tuple[Candidate, ...]:
    """Each once, with the facts of the newest day."""
    found: dict[str, Candidate] = {}
    for part in parts:
        for one in part.spec.candidates:
            before = found.setdefault(one.name, one)
            if identity_of(before) != identity_of(one):
                raise OptionError(
                    f"{one.name!r} is {before.snapshot!r} in one run and {one.snapshot!r} in "
                    f"{part.name!r}; see what changed by 'visavis diff'"
                )
    for part in sorted(parts, key=lambda part: part.at):
        found |= {one.name: one for one in part.spec.candidates}
    return tuple(found.values())


def _benchmark(name: str, parts: Sequence[Part], repeats: int) -> BenchmarkSpec:
    """As all parts asked it; its cases are those of all."""
    asked = [(part, one) for part in parts for one in part.spec.benchmarks if one.name == name]
    first, like = asked[0]
    for part, one in asked:
        if is_of_orders(one.protocol):
            raise OptionError(f"run {part.name!r} tries other orders; it cannot be merged")
        if way_of(one) != way_of(like):
            raise OptionError(
                f"{name!r} was asked in two ways: as {_said(like)} in {first.name!r}, as "
                f"{_said(one)} in {part.name!r}"
            )
    of = {part.name: [key for key in part.cases if key[0] == name] for part, _ in asked}
    every = set().union(*of.values())
    whole = next((one for part, one in asked if set(of[part.name]) == every), None)
    if whole is not None:
        return replace(whole, cases=max(whole.cases, len(every)), repeats=repeats)
    return replace(like, cases=len(every), sha256=_digest(name, parts), repeats=repeats)


def _said(one: BenchmarkSpec) -> str:
    departures = "".join(f", {text}" for text in one.departures)
    return f"{one.protocol!r}, version {one.version}{departures}"


def _digest(name: str, parts: Sequence[Part]) -> str:
    """Of cases that no run had all of."""
    digest = sha256()
    for (benchmark, _), row in all_cases(parts).items():
        if benchmark == name:
            digest.update("\0".join(row).encode())
    return digest.hexdigest()


def all_cases(parts: Iterable[Part]) -> dict[OfCase, CaseRow]:
    """Of all parts, each once, in the order of the parts."""
    found: dict[OfCase, CaseRow] = {}
    for part in parts:
        for key, row in part.cases.items():
            found.setdefault(key, row)
    return found


def _drawn(parts: Sequence[Part]) -> dict[str, int]:
    """Benchmarks that were asked until decided; in all parts that have them, or in none."""
    found: dict[str, int] = {}
    for part in parts:
        for name, together in part.spec.drawn.items():
            found[name] = max(found.get(name, 0), together)
    for part in parts:
        for one in part.spec.benchmarks:
            if one.name in found and one.name not in part.spec.drawn:
                raise OptionError(
                    f"{one.name!r} was asked until decided in one run, and in full in "
                    f"{part.name!r}; one verdict cannot hold for both"
                )
    return found


def _machine(machines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What is the same on all; else each in words, no number, and of days the newest."""
    found: dict[str, Any] = {}
    for name in dict.fromkeys(name for one in machines for name in one):
        values = [one[name] for one in machines if name in one]
        if name == "at":
            found[name] = max(map(str, values))
        elif all(isinstance(value, Mapping) for value in values):
            found[name] = _machine(values)
        elif all(value == values[0] for value in values):
            found[name] = values[0]
        elif all(isinstance(value, str) for value in values):
            found[name] = " / ".join(dict.fromkeys(values))
    return found
