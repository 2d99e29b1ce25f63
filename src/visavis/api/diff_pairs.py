"""Which candidate of one run is which of another."""

from collections.abc import Sequence

from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.registry import unknown


def paired(
    candidates: Sequence[Sequence[Candidate]], named: Sequence[str]
) -> list[tuple[Candidate, Candidate]]:
    """Those named, or all that both runs have: by name, by snapshot, or by system."""
    old, new = candidates
    if named:
        return [_named(text, old, new) for text in named]
    found: list[tuple[Candidate, Candidate]] = []
    for same in (_by_name, _by_snapshot, _by_system):
        left = [one for one in old if all(one is not a for a, _ in found)]
        free = [one for one in new if all(one is not b for _, b in found)]
        for one in left:
            matches = [other for other in free if same(one, other)]
            rivals = [other for other in left if same(other, one)]
            if len(matches) == len(rivals) == 1:
                found.append((one, matches[0]))
    if not found:
        raise OptionError(
            "the two runs share no candidate; name one of each: "
            f"--candidate '{old[0].name}={new[0].name}'"
        )
    return sorted(found, key=lambda pair: [*old].index(pair[0]))


def alone(
    candidates: Sequence[Sequence[Candidate]], pairs: Sequence[tuple[Candidate, Candidate]]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Candidates that are compared with nothing, of the old and of the new run."""
    old = tuple(one.name for one in candidates[0] if all(one is not a for a, _ in pairs))
    new = tuple(one.name for one in candidates[1] if all(one is not b for _, b in pairs))
    return old, new


def _by_name(one: Candidate, other: Candidate) -> bool:
    return one.name == other.name


def _by_snapshot(one: Candidate, other: Candidate) -> bool:
    return one.snapshot == other.snapshot and one.route == other.route


def _by_system(one: Candidate, other: Candidate) -> bool:
    return one.system is not None and one.system == other.system


def _named(
    text: str, old: Sequence[Candidate], new: Sequence[Candidate]
) -> tuple[Candidate, Candidate]:
    """`A`, or `A=B`; a name may hold the sign itself."""
    by_name = {one.name: one for one in old}, {one.name: one for one in new}
    splits = [(text, text)]
    splits += [(text[:at], text[at + 1 :]) for at, sign in enumerate(text) if sign == "="]
    for a, b in splits:
        if a in by_name[0] and b in by_name[1]:
            return by_name[0][a], by_name[1][b]
    a, _, b = text.partition("=")
    if a not in by_name[0]:
        raise unknown("candidate of the old run", a, sorted(by_name[0]))
    raise unknown("candidate of the new run", b or a, sorted(by_name[1]))
