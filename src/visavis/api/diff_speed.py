"""What changed between two speed runs: the blocks of one load on two days, never in pairs."""

from collections.abc import Sequence
from pathlib import Path

from visavis.api.diff_facts import facts_changed, stated
from visavis.api.diff_pairs import alone, paired
from visavis.core.candidate import Candidate
from visavis.measure.load.block import WARM_UP, Block, counts, observations
from visavis.measure.load.slo import objective
from visavis.measure.load.spec import SpeedSpec
from visavis.measure.load.store import LoadStore
from visavis.measure.timings import Timing
from visavis.options.runs import DiffOptions
from visavis.report.diff import Diff, LeftOut, WhatChanged, Why
from visavis.verdict.changes import Twice, Who, changes
from visavis.verdict.policy_file import policy_of

Blocks = dict[str, list[Block]]
"""Of one candidate, by load."""


class LoadSide:
    """One of the two runs."""

    def __init__(self, folder: Path) -> None:
        with LoadStore.open(folder) as store:
            self.spec: SpeedSpec = store.spec
            self._blocks = [block for block in store.blocks() if block.load != WARM_UP]

    def of(self, candidate: str) -> Blocks:
        found: Blocks = {}
        for block in self._blocks:
            if block.candidate == candidate:
                found.setdefault(block.load, []).append(block)
        return found


def speed_diff(runs: tuple[str, str], folders: Sequence[Path], options: DiffOptions) -> Diff:
    """Load by load."""
    old, new = (LoadSide(folder) for folder in folders)
    pairs = paired([old.spec.candidates, new.spec.candidates], options.candidate)
    left_out = {Who(a.name, b.name): [*_left_out(old, new, a, b)] for a, b in pairs}
    seen = [_twice(old, new, who, [one.benchmark for one in left_out[who]]) for who in left_out]
    policy = policy_of(options.policy)
    found = changes(seen, policy)
    return Diff(
        old=runs[0],
        new=runs[1],
        policy=policy.name,
        candidates=tuple(
            WhatChanged(
                who=who,
                changes=tuple(change for change in found if change.who == who),
                facts=facts_changed(
                    stated(before, old.spec.machine), stated(after, new.spec.machine)
                ),
                left_out=tuple(left_out[who]),
            )
            for who, (before, after) in zip(left_out, pairs, strict=True)
        ),
        alone=alone([old.spec.candidates, new.spec.candidates], pairs),
    )


def _left_out(old: LoadSide, new: LoadSide, a: Candidate, b: Candidate) -> list[LeftOut]:
    """Loads that cannot be compared, and why."""
    before, after = old.of(a.name), new.of(b.name)
    everything = _not_at_all(old.spec, new.spec, (a, b))
    found = []
    for load in dict.fromkeys([*before, *after]):
        why: Why | None = everything
        if load not in before:
            why = "only the new run asked it"
        elif load not in after:
            why = "only the old run asked it"
        if why is not None:
            found.append(LeftOut(load, why))
    return found


def _not_at_all(old: SpeedSpec, new: SpeedSpec, pair: tuple[Candidate, Candidate]) -> Why | None:
    cpus = {spec.machine.get("cpu") for spec in (old, new)}
    if len(cpus) > 1 and "local" in {one.kind for one in pair}:
        return "measured on another machine"
    asked = {
        (spec.prompt_tokens, spec.shared_tokens, spec.output_tokens, spec.trace_sha256)
        for spec in (old, new)
    }
    return "asked otherwise than before" if len(asked) > 1 else None


def _twice(old: LoadSide, new: LoadSide, who: Who, left_out: Sequence[str]) -> Twice:
    sides = []
    for side, name in ((old, who.old), (new, who.new)):
        of_load = side.of(name).items()
        sides.append([b for load, blocks in of_load if load not in left_out for b in blocks])
    objectives = [objective(text) for text in old.spec.slo if old.spec.slo == new.spec.slo]

    def good(timing: Timing, open_loop: bool) -> bool:
        return all(one.met_by(timing, open_loop) for one in objectives)

    seen = [tuple(observations(of, good if objectives else None)) for of in sides]
    return Twice(
        who=who,
        old=seen[0],
        new=seen[1],
        counts=(tuple(counts(sides[0])), tuple(counts(sides[1]))),
        unpaired={block.load for of in sides for block in of},
    )
