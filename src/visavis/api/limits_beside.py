"""What `visavis limits` found, beside a comparison: where it was found of candidates of ours."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from visavis.candidates.catalog import catalog
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.tell import tell
from visavis.measure.limits.found import Cutoff, Ends, Limits, NotBefore, Reach, check_once, read
from visavis.verdict.claims import CRITERIA, HERE, Known

CUTOFF = "knowledge_cutoff"


def limits_of(
    ours: Sequence[Candidate], files: Sequence[str | Path]
) -> tuple[dict[str, tuple[Limits, ...]], tuple[str, ...]]:
    """By candidate, and a line on each of whom it is not shown. A recording has the limits that
    its model was found to have, at its maker's before any other host."""
    found = [(one, Path(file)) for file in files for one in read(Path(file))]
    check_once(found)
    own = {
        candidate.name: tuple(
            sorted(
                (one for one, file in found if _is_of(one, candidate, file)),
                key=lambda one: not is_own(one.system, one.route),
            )
        )
        for candidate in ours
    }
    shown = [one for those in own.values() for one in those]
    notes = []
    for file in dict.fromkeys(file for _, file in found):
        told = [one for one, of in found if of == file]
        left = ", ".join(repr(one.candidate) for one in told if one not in shown)
        if not any(one in shown for one in told):
            raise OptionError(
                f"limits file {str(file)!r} tells of {left}, and none of them is in this "
                "comparison; name a file of its candidates"
            )
        if left:
            notes.append(
                tell(
                    "limits file {file!r} also tells of {names}, not in this comparison: left out",
                    file=file.name,
                    names=left,
                )
            )
    return {name: those for name, those in own.items() if those}, tuple(notes)


def _is_of(one: Limits, candidate: Candidate, file: Path) -> bool:
    if candidate.kind == "recorded":
        ways = catalog().recorded(candidate.system, candidate.model)
        return one.system == candidate.system and one.snapshot in {w.snapshot.name for w in ways}
    if one.candidate != candidate.name:
        return False
    asked, known = ((by.route, by.snapshot) for by in (one, candidate))
    if asked != known:
        raise OptionError(
            f"limits file {str(file)!r} tells of {one.candidate!r} as {' '.join(asked)!r}, and "
            f"this comparison asked {' '.join(known)!r}; find the limits of the same snapshot"
        )
    return True


def is_own(system: str | None, route: str) -> bool:
    """Whether this is a system at its maker's."""
    known, way = catalog().system(system), catalog().route(route)
    return known is not None and way is not None and way.title == known.maker


def reach_of(limits: Sequence[Limits], fact: str) -> Reach | None:
    """Where a limit lies that others state, as far as it was found."""
    return next((reach for one in limits if (reach := one.reach(fact)) is not None), None)


def known_limits(one: Limits, decides: Callable[[str], bool]) -> Iterator[tuple[str, Known]]:
    """What claims can be held against, by criterion; `decides` says of a fact whether it can
    contradict them."""
    day = one.measured_on.isoformat()
    for criterion in ("context_window", "max_output"):
        (fact,) = CRITERIA[criterion].facts
        reach = one.reach(fact)
        if reach is not None:
            has_end = reach.most is not None
            known = Known(
                value=float(reach.least),
                low=float(reach.least) if has_end else None,
                high=float(reach.most) if reach.most is not None else None,
                source=HERE,
                as_of=day,
                decides=decides(fact),
                at_least=not has_end,
                unsettled=has_end and not reach.is_settled,
            )
            yield criterion, known
    if one.cutoff is not None:
        for known in _known_until(one.cutoff, day):
            yield CUTOFF, replace(known, decides=decides(CUTOFF))


def _known_until(found: Cutoff, day: str) -> Iterator[Known]:
    """What is written of an event grows for months after it, so the last of what was read is
    little known: a cutoff may be later than it seems."""
    match found:
        case Ends():
            at, low, high = (each.isoformat() for each in (found.at, found.low, found.high))
            yield Known(value=at, low=low, high=high, source=HERE, as_of=day, at_least=True)
        case NotBefore(low=low):
            yield Known(value=low.isoformat(), source=HERE, as_of=day, at_least=True)
