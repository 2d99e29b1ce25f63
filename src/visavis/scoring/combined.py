"""Several checks of one reply: all must hold, or each adds its weight.

A check is known by the name under which a case asks for it. Those of time and price need to know
how the reply came, and cannot be made of a text alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from types import MappingProxyType
from typing import Any

from visavis.core.fence import Fence
from visavis.core.outcome import Evidence, Grade, Score, Unscored
from visavis.core.tell import tell
from visavis.scoring import checks
from visavis.scoring.answer import answer
from visavis.scoring.manner import language, length


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A reply's text, and what is known of how it came."""

    text: str
    first_token_s: float | None = None
    total_s: float | None = None
    usd: float | None = None


Check = Callable[[Any, Answered, Fence], Grade]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One check of a case, and what it counts beside the others."""

    kind: str
    wanted: Any
    weight: float = 1.0


def latency(expected: Mapping[str, float], answered: Answered, fence: Fence) -> Grade:
    """The reply began and ended within so many seconds of being asked for."""
    took = {"first_token_s": answered.first_token_s, "total_s": answered.total_s}
    told = []
    for name, limit_s in expected.items():
        seconds = took[name]
        if seconds is None:
            return Unscored(because=tell("no {name} is known of this reply", name=name))
        told.append((seconds <= limit_s, _took(name, seconds, limit_s)))
    held = all(ok for ok, _ in told)
    because = "; ".join(text for ok, text in told if ok is held)
    return Score(value=float(held), because=because, read=checks.shown(answered.text) or None)


def _took(name: str, seconds: float, limit_s: float) -> str:
    return tell(
        "{name} {seconds:.3g}, at most {limit:g}", name=name, seconds=seconds, limit=limit_s
    )


def price(expected: Mapping[str, float], answered: Answered, fence: Fence) -> Grade:
    """The reply cost at most so many USD."""
    if answered.usd is None:
        return Unscored(because=tell("no price is known of this reply"))
    limit_usd = expected["usd"]
    return Score(
        value=float(answered.usd <= limit_usd),
        because=tell("{usd:.3g} USD, at most {limit:g}", usd=answered.usd, limit=limit_usd),
        read=checks.shown(answered.text) or None,
    )


def _of_text(check: Callable[[Any, str, Fence], Grade]) -> Check:
    return lambda wanted, answered, fence: check(wanted, answered.text, fence)


CHECKS: Mapping[str, Check] = {
    "equals": _of_text(checks.equals),
    "contains": _of_text(checks.contains),
    "lacks": _of_text(checks.lacks),
    "number": _of_text(checks.number),
    "answer": _of_text(answer),
    "length": _of_text(length),
    "latency": latency,
    "price": price,
    "json_schema": _of_text(checks.json_schema),
    "language": _of_text(language),
    "matches": _of_text(checks.matches),
    "python": _of_text(checks.python),
}
"""By the name under which a case asks for it; the quick ones first."""

WHEN_IT_CAME = frozenset(("latency", "price"))
"""Checks of how a reply came: no text by itself passes or fails them."""


def all_of(
    wanted: Mapping[str, Any],
    answered: Answered,
    fence: Fence,
    known: Mapping[str, Check] = CHECKS,
) -> Grade:
    """1 if every check holds; 0 as soon as one does not, even if another could not be made. One
    that holds in part gives its part."""
    grades = []
    for name in (name for name in known if name in wanted):
        grade = known[name](wanted[name], answered, fence)
        if isinstance(grade, Score) and grade.value == 0:
            return grade
        grades.append(grade)
    unscored = next((grade for grade in grades if isinstance(grade, Unscored)), None)
    scores = [grade for grade in grades if isinstance(grade, Score)]
    return unscored or min(scores, key=lambda score: score.value)


def weighed(
    wanted: Sequence[Weighed],
    answered: Answered,
    fence: Fence,
    known: Mapping[str, Check] = CHECKS,
    threshold: float | None = None,
) -> Grade:
    """The share of all weight that holds; with a threshold 1 where the share reaches it, else 0.

    What each check gave is among the marks, under its name.
    """
    grades = [known[one.kind](one.wanted, answered, fence) for one in wanted]
    total = fsum(one.weight for one in wanted)
    pairs = list(zip(wanted, grades, strict=True))
    share = fsum(w.weight * g.value for w, g in pairs if isinstance(g, Score)) / total
    unsure = fsum(w.weight for w, g in pairs if isinstance(g, Unscored)) / total
    value = _passed(share, unsure, threshold) if threshold is not None else share
    unscored = next((grade for grade in grades if isinstance(grade, Unscored)), None)
    if unscored is not None and (threshold is None or value is None):
        return unscored
    assert value is not None
    return Score(
        value=value,
        because=_reason(pairs, share),
        read=next((g.read for g in grades if isinstance(g, Score) and g.read), None),
        marks=MappingProxyType(dict(_marks(pairs))),
        evidence=tuple(_evidence(grades)),
    )


def _passed(share: float, unsure: float, threshold: float) -> float | None:
    """None where checks that could not be made would decide."""
    if share >= threshold - _ROUNDING:
        return 1.0
    return None if share + unsure >= threshold - _ROUNDING else 0.0


_ROUNDING = 1e-9


def _marks(pairs: Iterable[tuple[Weighed, Grade]]) -> Iterable[tuple[str, float]]:
    seen: dict[str, int] = {}
    for one, grade in pairs:
        seen[one.kind] = seen.get(one.kind, 0) + 1
        name = one.kind if seen[one.kind] == 1 else f"{one.kind} {seen[one.kind]}"
        if isinstance(grade, Score):
            yield name, grade.value


def _reason(pairs: Sequence[tuple[Weighed, Grade]], share: float) -> str:
    lost = (
        tell("{name}: {told}", name=w.kind, told=g.because)
        for w, g in pairs
        if not (isinstance(g, Score) and g.value == 1)
    )
    return "; ".join((tell("{share:.0%} of the weight", share=share), *lost))


def _evidence(grades: Iterable[Grade]) -> Iterable[Evidence]:
    for grade in grades:
        if isinstance(grade, Score):
            yield from grade.evidence


def uses_fence(kind: str, wanted: Any) -> bool:
    """Whether this check may run something inside the fence."""
    return kind in ("matches", "python", "program") or (
        kind == "json_schema" and "pattern" in str(wanted)
    )
