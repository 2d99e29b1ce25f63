"""Tries the checks of cases on replies known to be good or bad, to find checks that tell nothing.

Every check is tried on the good and bad replies that its case carries, and on three that nobody
need write: an empty one, one that says it does not know, and the prompt itself.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum

from visavis.benchmarks.own.asking import KNOWN, checks_of
from visavis.benchmarks.own.loading import OwnCases, Written
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score, Unscored
from visavis.scoring.checks import shown
from visavis.scoring.combined import WHEN_IT_CAME, Answered, Weighed, uses_fence

CLUELESS = "I do not know."
_MAY_HOLD = frozenset(("lacks", "length", "language"))
"""Checks that most replies pass: that they hold for all tried means little."""
_SLOT = re.compile(r"\{\{\s*[A-Za-z_][\w.]*\s*\}\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What trying has shown of one case."""

    file: str
    line: int
    said: str
    is_fault: bool = True
    """False for a hint: it may be meant so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of trying all cases."""

    findings: tuple[Finding, ...]
    replies: int
    """Good and bad replies that the cases carry."""
    bare: int
    """Cases that carry none."""
    untried: Mapping[str, int]
    """Checks that no text can be tried on, by kind: time, price, a judge."""

    @property
    def faults(self) -> int:
        return sum(finding.is_fault for finding in self.findings)


def needs_fence(own: OwnCases) -> bool:
    return any(
        uses_fence(check.kind, check.wanted) for one in own.cases for check in checks_of(one.case)
    )


def tried(own: OwnCases, fence: Fence) -> Tried:
    """Every check of every case, tried."""
    trials = [_Trial(one, fence) for one in own.cases]
    untried: dict[str, int] = {}
    for one in trials:
        for kind in one.untried:
            untried[kind] = untried.get(kind, 0) + 1
    return Tried(
        findings=tuple(finding for one in trials for finding in one.findings()),
        replies=sum(len(one.good) + len(one.bad) for one in trials),
        bare=sum(not (one.good or one.bad) for one in trials),
        untried=untried,
    )


class _Trial:
    """One case, and what its checks say of the replies tried."""

    def __init__(self, written: Written, fence: Fence) -> None:
        self._written, self._fence = written, fence
        own = written.own
        self.good, self.bad = own.good or (), own.bad or ()
        every = checks_of(written.case)
        self._checks = tuple(one for one in every if one.kind not in WHEN_IT_CAME)
        judged = [kind for one in (own, *(own.checks or ())) for kind, _ in one.judged()]
        self.untried = [one.kind for one in every if one.kind in WHEN_IT_CAME] + judged

    def findings(self) -> Iterator[Finding]:
        yield from self._slots()
        if not self._checks:
            return
        broken = dict.fromkeys(self._broken())
        yield from broken
        if not broken:
            yield from self._good()
            yield from self._bad()
            yield from self._empty()
            yield from self._idle()

    @cached_property
    def _grades(self) -> dict[str, tuple[Grade, ...]]:
        """By reply, one for each check."""
        probes = (*self._keys, "", CLUELESS, self._written.case.question)
        return {
            reply: tuple(
                KNOWN[one.kind](one.wanted, Answered(text=reply), self._fence)
                for one in self._checks
            )
            for reply in dict.fromkeys((*self.good, *self.bad, *probes))
        }

    @property
    def _keys(self) -> tuple[str, ...]:
        """What the reply must be to the letter, where a check says so: one of these must pass."""
        return next((tuple(one.wanted) for one in self._checks if one.kind == "equals"), ())

    def _passes(self, reply: str) -> bool:
        values = [grade.value for grade in self._grades[reply] if isinstance(grade, Score)]
        threshold = self._written.own.threshold
        if threshold is None:
            return all(value == 1 for value in values)
        weights = [one.weight for one in self._checks]
        share = fsum(w * v for w, v in zip(weights, values, strict=True)) / fsum(weights)
        return share >= threshold - 1e-9

    def _broken(self) -> Iterator[Finding]:
        for reply, grades in self._grades.items():
            for check, grade in zip(self._checks, grades, strict=True):
                if isinstance(grade, Unscored) and check.kind != "language":
                    said = f"{check.kind!r} cannot judge {_quoted(reply)}: {grade.because}"
                    yield self._finding(said, check)

    def _good(self) -> Iterator[Finding]:
        for reply in self.good:
            if not self._passes(reply):
                said = f"the good reply {_quoted(reply)} does not pass: {self._lost(reply)}"
                yield self._finding(said, "good")
        if self._keys and not any(map(self._passes, self._keys)):
            said = f"no reply can pass: {_quoted(self._keys[0])} fails, {self._lost(self._keys[0])}"
            yield self._finding(said, "equals")

    def _lost(self, reply: str) -> str:
        pairs = zip(self._checks, self._grades[reply], strict=True)
        return "; ".join(
            f"{check.kind!r} {grade.because}"
            for check, grade in pairs
            if isinstance(grade, Score) and grade.value < 1
        )

    def _bad(self) -> Iterator[Finding]:
        for reply in self.bad:
            if self._passes(reply):
                yield self._finding(f"the bad reply {_quoted(reply)} passes", "bad")

    def _empty(self) -> Iterator[Finding]:
        if "" not in (*self.good, *self.bad) and not self.untried and self._passes(""):
            yield self._finding("an empty reply passes; add a check that it fails", self._checks[0])

    def _idle(self) -> Iterator[Finding]:
        """Checks that held for all replies but good ones."""
        wrong = [reply for reply in self._grades if reply not in (*self.good, *self._keys)]
        for number, check in enumerate(self._checks):
            grades = [self._grades[reply][number] for reply in wrong]
            if not all(isinstance(grade, Score) and grade.value == 1 for grade in grades):
                continue
            what = f"{check.kind!r} held for all {len(wrong)} wrong replies tried"
            fault = check.kind not in _MAY_HOLD
            said = "it tells nothing" if fault else "give a bad reply that it should catch"
            if not fault and self._is_alone(check):
                continue  # told of as an empty reply that passes
            yield self._finding(f"{what}; {said}", check, is_fault=fault)

    def _is_alone(self, check: Weighed) -> bool:
        return len(self._checks) == 1 and not self.untried

    def _slots(self) -> Iterator[Finding]:
        own = self._written.own
        slot = _SLOT.search(self._written.case.question)
        if slot and own.vars is None and own.matrix is None:
            said = f"{slot[0]!r} is asked as it stands: there are no variables"
            yield self._finding(said, "prompt", is_fault=False)

    def _finding(self, said: str, at: str | Weighed, *, is_fault: bool = True) -> Finding:
        written = self._written
        line = written.lines.get(at if isinstance(at, str) else self._key(at), written.line)
        said = f"{written.case.id!r}: {said}"
        return Finding(file=written.file, line=line, said=said, is_fault=is_fault)

    def _key(self, check: Weighed) -> str:
        """Under which key a check was written."""
        own = self._written.own
        listed: Sequence[Weighed] = self._checks
        place = next(n for n, one in enumerate(listed) if one is check)
        alone = len(own.made().keys() - WHEN_IT_CAME)
        if place < alone:
            return check.kind
        made = [n for n, one in enumerate(own.checks or ()) if one.made().keys() - WHEN_IT_CAME]
        return f"checks {made[place - alone]}"


def _quoted(reply: str) -> str:
    return repr(shown(reply)) if reply.strip() else "that is empty"
