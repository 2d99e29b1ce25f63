"""In which order cases are asked of which nobody knows how many will be: at random, by the seed.

A case's place is the SHA-256 of the seed and its name, so it is the same on every machine, on the
day on which a run is resumed, and in a larger pool. Cases that share a group rise and fall
together: a small group (a puzzle and its French twin) is drawn as one. A large group is a part of
the benchmark, such as a subject; its cases are drawn singly, as the benchmark mixes them.
"""

from hashlib import sha256

from visavis.core.case import Case
from visavis.measure.plan import Asked

LARGEST_DRAW = 16
"""Cases of a group, at most, for it to be drawn as one: as many as are asked between two looks."""

Draw = tuple[Case, ...]


def draws(asked: Asked, seed: int) -> tuple[Draw, ...]:
    """All cases, in the order in which they are to be asked; those drawn as one side by side."""
    groups: dict[str, list[Case]] = {}
    for case in asked.cases:
        groups.setdefault(case.group, []).append(case)
    if any(len(group) > LARGEST_DRAW for group in groups.values()):
        groups = {case.id: [case] for case in asked.cases}
    drawn = sorted(groups, key=lambda name: _place(seed, asked.benchmark.name, name))
    return tuple(tuple(groups[name]) for name in drawn)


def together(drawn: tuple[Draw, ...]) -> int:
    """Cases in the largest draw."""
    return max(map(len, drawn), default=1)


def _place(seed: int, benchmark: str, name: str) -> bytes:
    return sha256(f"{seed}\n{benchmark}\n{name}".encode()).digest()
