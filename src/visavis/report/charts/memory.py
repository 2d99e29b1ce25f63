"""Memory that local candidates take, against what common machines have."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from visavis.core.candidate import Candidate
from visavis.report.charts.drawing import (
    Chart,
    Dot,
    Key,
    Panel,
    Row,
    Rows,
    Setting,
    Table,
    Tick,
    across,
)
from visavis.report.charts.scale import Scale, logarithmic
from visavis.report.language import N_, Words
from visavis.report.run_facts import RunFacts
from visavis.report.text import Numbers, line

_MOST_LINES: Final = 3
"""Of machines: the largest that do not do, and the smallest that do, tell it all."""

_WITHIN: Final = (4.0, 94.0)
"""Per cent of the width, so that what is written at the ends has room."""

MACHINES: Final = (
    N_("phone or small board, 8 GB"),
    N_("laptop, 16 GB"),
    N_("laptop or desktop, 32 GB"),
    N_("Apple silicon, 64 GB (its GPU)"),
    N_("GPU with 8 GB"),
    N_("GPU with 24 GB"),
    N_("GPU with 48 GB"),
    N_("GPU with 80 GB"),
    N_("GPU with 141 GB"),
    N_("server with 8 GPUs of 80 GB"),
)
"""As a run names them, to be said in the reader's language."""


class Size(NamedTuple):
    """One local candidate, in bytes."""

    place: int
    file: float | None
    peak: float | None
    """Resident, at most, while it answered this run; None where it was not measured."""


def sizes(run: RunFacts) -> list[Size]:
    """Of candidates of which a size is known."""
    found = []
    for place, candidate in enumerate(run.spec.candidates):
        facts = _known(candidate, run)
        if candidate.kind == "local" and ("file_bytes" in facts or "peak_bytes" in facts):
            found.append(Size(place, facts.get("file_bytes"), facts.get("peak_bytes")))
    return found


def _known(candidate: Candidate, run: RunFacts) -> dict[str, float]:
    facts = (*candidate.facts, *run.facts.get(candidate.name, ()))
    return {fact.name: float(fact.value) for fact in facts if isinstance(fact.value, int | float)}


def memory(run: RunFacts, here: Setting) -> Chart | None:
    """None where no candidate runs on this machine."""
    _, num, found = Words(here.lang), Numbers(here.lang), sizes(run)
    if not found:
        return None
    along, machines = _axis(found, run.machines)
    return Chart(
        name="memory",
        title=_("Memory"),
        caption=_(
            "From the size of a candidate's file (hollow) to the most memory its engine took in "
            "this run, all contexts included (filled). The upright lines say what is left for a "
            "model on common machines."
        ),
        places=(),
        keys=(
            Key(kind="hollow", label=_("file size")),
            Key(kind="filled", label=_("peak memory")),
        ),
        panels=(
            Panel(
                title="",
                described=_("; ").join(
                    _("{label}: {value}", label=here.names[one.place], value=_told(one, here))
                    for one in found
                ),
                drawing=Rows(
                    rows=tuple(_row(one, along, here) for one in found),
                    ticks=tuple(
                        Tick(
                            at=across(along, tick, _WITHIN), label=num.size(tick, along.grain(tick))
                        )
                        for tick in along.ticks()
                    ),
                    lines=tuple(
                        Tick(at=across(along, usable, _WITHIN), label=_(line(name)))
                        for name, usable in machines.items()
                    ),
                ),
            ),
        ),
        table=Table(
            heads=(_("candidate"), _("file size"), _("peak memory"), _("smallest common machine")),
            rows=tuple(
                (
                    here.names[one.place],
                    *(num.size(x) if x is not None else _("not measured") for x in one[1:]),
                    _holder(one, run.machines, here),
                )
                for one in found
            ),
        ),
    )


def _axis(found: Sequence[Size], machines: Mapping[str, float]) -> tuple[Scale, dict[str, float]]:
    """The axis, and the few machines that tell something on it."""
    seen = [size for one in found for size in one[1:] if size is not None]
    by_size: dict[float, str] = {}
    for name, usable in sorted(machines.items(), key=lambda item: item[1]):
        by_size.setdefault(usable, name)
    above = [usable for usable in by_size if usable >= max(seen)][:_MOST_LINES]
    below = [usable for usable in by_size if min(seen) < usable < max(seen)]
    drawn = [*below[-_MOST_LINES:], *above][: _MOST_LINES + 1]
    return logarithmic([*seen, *drawn]), {by_size[usable]: usable for usable in drawn}


def _row(one: Size, along: Scale, here: Setting) -> Row:
    _, num, name = Words(here.lang), Numbers(here.lang), here.names[one.place]
    labels = ((one.file, True, _("file size")), (one.peak, False, _("peak memory")))
    return Row(
        place=one.place,
        label=name,
        told=_told(one, here),
        dots=tuple(
            Dot(
                place=one.place,
                x=across(along, size, _WITHIN),
                y=0.0,
                hollow=hollow,
                told=f"{name}, {label}: {num.size(size)}",
            )
            for size, hollow, label in labels
            if size is not None
        ),
    )


def _told(one: Size, here: Setting) -> str:
    _, num = Words(here.lang), Numbers(here.lang)
    parts = []
    if one.file is not None:
        parts.append(_("file {size}", size=num.size(one.file)))
    if one.peak is not None:
        parts.append(_("at most {size} in memory", size=num.size(one.peak)))
    return ", ".join(parts)


def _holder(one: Size, machines: Mapping[str, float], here: Setting) -> str:
    """The first that has room for what was measured."""
    _ = Words(here.lang)
    if one.peak is None:
        return _("not measured")
    fitting = [name for name, usable in machines.items() if usable >= one.peak]
    if not fitting:
        return _("none of those known")
    return _(line(min(fitting, key=lambda name: machines[name])))
