"""What a speed run was asked to do: the readable head of its folder, `run.json`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec

from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError, StoreError
from visavis.measure.load.means import Quota
from visavis.measure.run_folder import HEAD
from visavis.measure.spec import identity_of, is_speed, to_json

FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedSpec:
    """What a speed run was asked to do, and where. Holds no secret."""

    candidates: tuple[Candidate, ...]
    shapes: tuple[str, ...]
    """Names of the loads, in order; none of a sweep, which finds them as it goes."""
    prompt_tokens: int
    shared_tokens: int
    output_tokens: int
    blocks: int
    quota: Quota = field(default_factory=Quota)
    """Of each block."""
    width: float = 0.0
    trace_sha256: str = ""
    """Of the requests of a trace."""
    slo: tuple[str, ...] = ()
    policy: str = "default"
    seed: int = 0
    passed: Mapping[str, Any] = field(default_factory=dict)
    """Options as the user gave them, in plain JSON: what `resume` goes by."""
    machine: Mapping[str, Any] = field(default_factory=dict)


class _Document(msgspec.Struct):
    """`run.json` of a speed run."""

    format: int
    kind: str
    speed: SpeedSpec


def write(spec: SpeedSpec) -> bytes:
    """The text of `run.json`. A candidate's file is named by `model`, never by its path."""
    pathless = tuple(replace(candidate, file=None) for candidate in spec.candidates)
    document = _Document(FORMAT, "speed", replace(spec, candidates=pathless))
    return msgspec.json.format(to_json(document)) + b"\n"


def read(folder: Path) -> SpeedSpec:
    """The spec of the run in this folder."""
    try:
        document = msgspec.json.decode((folder / HEAD).read_bytes(), type=_Document)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise StoreError(
            f"'run.json' of run {str(folder)!r} is torn or no speed run's ({error})"
        ) from None
    if document.format > FORMAT:
        raise StoreError(f"run {str(folder)!r} is of a newer format; update visavis")
    return document.speed


def known(folder: Path, wanted: SpeedSpec) -> SpeedSpec | None:
    """The spec of the run in this folder, if there is one and it is the one wanted."""
    if not (folder / HEAD).exists():
        return None
    odd: str | None = "a comparison"
    if is_speed(folder):
        here = read(folder)
        odd = difference(here, wanted)
        if odd is None:
            return here
    raise OptionError(f"{str(folder)!r} holds another run: {odd}; choose a new folder")


def difference(here: SpeedSpec, wanted: SpeedSpec) -> str | None:
    """What makes two speed runs different runs, in words; None when one may go on with the other.

    By what the verdicts go, and what may be spent, is no part of it. The machine is: speed on two
    would be no one's.
    """
    if [*map(identity_of, here.candidates)] != [*map(identity_of, wanted.candidates)]:
        told = ", ".join(f"{one.name} = {one.snapshot}" for one in here.candidates)
        return f"its candidates are {told}"
    if here.machine.get("cpu") != wanted.machine.get("cpu"):
        return f"it was measured on another machine ({here.machine.get('cpu')})"
    for name, told_of in _TOLD.items():
        if getattr(here, name) != getattr(wanted, name):
            return told_of(here)
    return None


_TOLD: Mapping[str, Callable[[SpeedSpec], str]] = {
    "shapes": lambda it: f"its loads are {', '.join(it.shapes) or '1, 2, 4 … at once'}",
    "trace_sha256": lambda it: "its trace had other requests",
    "prompt_tokens": lambda it: f"it was measured with --prompt-tokens {it.prompt_tokens}",
    "shared_tokens": lambda it: f"it was measured with --shared {it.shared_tokens}",
    "output_tokens": lambda it: f"it was measured with --tokens {it.output_tokens}",
    "blocks": lambda it: f"it was measured with --blocks {it.blocks}",
    "quota": lambda it: f"each of its blocks counts {_listed(it.quota)}",
    "width": lambda it: f"it was measured with --width {it.width:g}",
    "seed": lambda it: f"it was measured with --seed {it.seed}",
    "slo": lambda it: f"its objectives are {', '.join(it.slo) or 'none'}",
}
"""What is to be the same, and how to say what it was."""


def _listed(quota: Quota) -> str:
    told = [f"{quota.seconds:g} s"] if quota.seconds else []
    told += [f"{quota.requests:,} requests"] if quota.requests else []
    return " or ".join(told) or "all that comes"
