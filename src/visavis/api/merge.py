"""`visavis merge`: one run of several, to be shown, judged and gone on with like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from visavis.api.around import Surroundings, find, new_folder
from visavis.api.claims_kept import FOLDER, of_all
from visavis.core.errors import OptionError
from visavis.measure.glance import Glance, glance
from visavis.measure.merging import Part, merged
from visavis.measure.merging_rows import check_free, opened, write
from visavis.measure.merging_tries import most_tries, renumbered
from visavis.measure.spec import BenchmarkSpec, RunSpec
from visavis.options.runs import MergeOptions

_ASKS = ("temperature", "until", "data")
"""Options that decide what is asked beside candidates, benchmarks, tries and seed."""


@dataclass(frozen=True, kw_only=True)
class Whole:
    """A run that was made of others."""

    folder: Path
    seen: Glance
    notes: tuple[str, ...]
    resumable: bool
    """Whether what it has left can be asked by one command."""


def merge(runs: Sequence[str], options: MergeOptions, around: Surroundings) -> Whole:
    """Put the runs together in a new folder; they themselves stay as they are."""
    folders = [find(run, around.home).absolute() for run in runs]
    _check(runs, folders)
    out = options.out or new_folder(around.home, ["merged"])
    check_free(out.absolute())
    with opened(folders, runs) as sources:
        in_turn = sources
        if options.prefer == "newest":
            in_turn = sorted(sources, key=lambda source: source.part.at, reverse=True)
        tries = renumbered((source.tried() for source in in_turn), options.prefer)
        for source, brings in zip(in_turn, tries, strict=True):
            if not brings.keys:
                raise OptionError(
                    f"run {source.part.name!r} holds nothing that the others do not; leave it out"
                )
        parts = [source.part for source in sources]
        spec = merged(parts, most_tries(tries))
        passed = _passed(parts, spec)
        told = {"out": str(options.out)} if options.out else {}
        spec = replace(spec, passed={**passed, **told})
        claims = {f"{FOLDER}/{name}": text for name, text in of_all(folders).items()}
        notes = write(out.absolute(), spec, in_turn, tries, claims)
    return Whole(folder=out, seen=glance(out), notes=notes, resumable=bool(passed))


def _check(runs: Sequence[str], folders: Sequence[Path]) -> None:
    if len(runs) < 2:
        raise OptionError("a merge needs two runs or more; see 'visavis runs'")
    for number, folder in enumerate(folders):
        if any(folder.samefile(other) for other in folders[:number]):
            raise OptionError(f"run {runs[number]!r} is named twice; name each once")


def _passed(parts: Sequence[Part], spec: RunSpec) -> dict[str, Any]:
    """The options by which one command asks all that the parts asked; empty where none does.

    The command finds by itself whether it would ask the same: by the digest of all cases.
    """
    passed = [part.spec.passed for part in parts]
    if len({part.spec.seed for part in parts}) > 1 or not _same(passed):
        return {}
    items = [_item(one, parts) for one in spec.benchmarks]
    specs = {
        one.name: text
        for part in parts
        for one, text in zip(part.spec.candidates, part.spec.passed["candidates"], strict=False)
    }
    repeats = {one.repeats for one in spec.benchmarks}
    if None in items or len(repeats) > 1 or specs.keys() != {c.name for c in spec.candidates}:
        return {}
    kept = {name: passed[0][name] for name in (*_ASKS, "seed", "policy") if name in passed[0]}
    judges = list(dict.fromkeys(judge for one in passed for judge in one.get("judge", ())))
    return {
        **kept,
        **({"judge": judges} if judges else {}),
        "candidates": [specs[one.name] for one in spec.candidates],
        "on": items,
        "repeats": repeats.pop(),
        "budget": sum(float(one.get("budget", 1.0)) for one in passed),
        "speed": False,  # that of another day would be no pair
    }


def _same(passed: Sequence[Mapping[str, Any]]) -> bool:
    asked = [tuple(one.get(name) for name in _ASKS) for one in passed]
    return all("candidates" in one for one in passed) and all(a == asked[0] for a in asked)


def _item(one: BenchmarkSpec, parts: Sequence[Part]) -> str | None:
    """What `--on` says of this benchmark where a part asked all of it; None where none did."""
    for part in parts:
        of = {spec.name: n for n, spec in enumerate(part.spec.benchmarks)}
        if one.name in of and part.spec.benchmarks[of[one.name]].sha256 == one.sha256:
            on = [
                item.strip()
                for text in part.spec.passed.get("on", ())
                for item in text.split(",")
                if item.strip()
            ]
            if len(on) == len(of):
                return str(on[of[one.name]])
            return f"{one.protocol}:{one.cases}"
    return None
