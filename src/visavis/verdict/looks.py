"""Which gaps are still open while scores come in: what a run that stops when decided goes by.

Each look judges by the very methods and the correction of the judgement at the end, so a run never
stops at a gap that its report then calls undecided.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from visavis.core.observation import Observation
from visavis.verdict.compare import Question, compared
from visavis.verdict.decide import FAILED_AT_MOST, Undecided
from visavis.verdict.methods import RowKey, Sheet, scored
from visavis.verdict.policy import Policy
from visavis.verdict.tries import Tries


class Pool(NamedTuple):
    """The cases of one benchmark that may be asked."""

    trials: int
    """Of each candidate, when every case has been asked in every repeat."""
    together: int
    """Cases drawn as one, at most."""


class Looks:
    """Scores and failures as they come in, and what they leave open."""

    def __init__(
        self, pools: Mapping[str, Pool], candidates: Sequence[str], policy: Policy
    ) -> None:
        self._pools = pools
        self._candidates = candidates
        self._policy = policy
        self._scores: dict[str, dict[str, Tries]] = {name: {} for name in pools}
        self._groups: dict[str, dict[str, str]] = {name: {} for name in pools}
        self._asked = Counter[tuple[str, str]]()
        self._failed = Counter[tuple[str, str]]()

    def asked(self, candidate: str, benchmark: str, *, failed: bool) -> None:
        """One trial has come in."""
        self._asked[candidate, benchmark] += 1
        self._failed[candidate, benchmark] += failed

    def scored(self, seen: Observation) -> None:
        """And has this score."""
        tries = self._scores[seen.benchmark].setdefault(seen.candidate, Tries())
        tries.add(seen.unit_id, seen.value)
        single = self._pools[seen.benchmark].together == 1
        self._groups[seen.benchmark][seen.unit_id] = seen.unit_id if single else seen.group

    def open(self) -> set[tuple[str, str]]:
        """Candidates, each with a benchmark, of which further cases may decide a gap."""
        drawn = {name: pool.together for name, pool in self._pools.items()}
        failing = {of for of, n in self._asked.items() if self._failed[of] > FAILED_AT_MOST * n}
        gaps = compared(
            {RowKey(name, "score"): self._sheet(name) for name in self._pools},
            self._candidates,
            self._policy,
            failing,
            drawn,
        )
        undecided = {
            question
            for question in self._questions()
            if question not in gaps or isinstance(gaps[question].verdict, Undecided)
        }
        return {
            (name, row.benchmark)
            for row, a, b in undecided
            if not any(self._lost(name, row.benchmark) for name in (a, b))
            for name in (a, b)
        }

    def _questions(self) -> Iterator[Question]:
        for name in self._pools:
            for a, b in combinations(self._candidates, 2):
                yield Question(RowKey(name, "score"), a, b)

    def _lost(self, candidate: str, benchmark: str) -> bool:
        """So many cases have failed that no verdict can be given, whatever the rest do."""
        most = FAILED_AT_MOST * self._pools[benchmark].trials
        return self._failed[candidate, benchmark] > most

    def _sheet(self, benchmark: str) -> Sheet[float]:
        return Sheet(
            method=scored(self._pools[benchmark].together),
            groups=self._groups[benchmark],
            units={name: tries.means() for name, tries in self._scores[benchmark].items()},
        )
