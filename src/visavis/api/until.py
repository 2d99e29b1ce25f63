"""Asks in rounds, looks after each, and stops where no further case can decide anything.

A round puts the same cases to all candidates that a gap is still open for, and ends before the
next begins, so nobody runs ahead. Rounds grow with what is there: one may look as often as one
likes, but between rounds slots stand empty.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from visavis.api.request import Request
from visavis.core.candidate import Candidate
from visavis.core.case import Case
from visavis.core.outcome import Failure
from visavis.core.trial import Trial, TrialKey
from visavis.measure.asking import Means
from visavis.measure.drawing import draws, together
from visavis.measure.observe import observations
from visavis.measure.plan import Asked, Plan, plan, units
from visavis.measure.run import Ended, run
from visavis.verdict.looks import Looks, Pool

LEAST_ROUND = 16
"""Cases; two turns of a local candidate."""

GROWTH = 8
"""A round is at least an eighth of the cases that are there: so many are asked in vain, at most."""


def drawn(request: Request) -> dict[str, int]:
    """How many cases are drawn as one, at most, by benchmark; empty where all are asked."""
    if request.options.until == "all":
        return {}
    seed = request.options.seed
    return {one.benchmark.name: together(draws(one, seed)) for one in request.asked}


async def until_decided(request: Request, means: Means, stop: asyncio.Event) -> Ended:
    """Ask until every gap is decided, the cases run out, `stop` is set or the budget is spent."""
    rounds = _Rounds(request, means)
    ended = Ended(how="finished", trials=0, left=0, spent_usd=means.budget.spent_usd)
    trials = 0
    while asked := rounds.next_cases():
        of_round = replace(rounds.plan(asked), greets=trials == 0, totals={})
        ended = await run(of_round, replace(means, asked=asked, watcher=rounds), stop)
        trials += ended.trials
        if ended.left:
            return replace(ended, trials=trials, left=rounds.left())
    return replace(ended, trials=trials)


class _Rounds:
    """What to ask next. Watches the run, since what comes in decides it."""

    def __init__(self, request: Request, means: Means) -> None:
        seed = request.options.seed
        self._request = request
        self._draws = {one.benchmark.name: draws(one, seed) for one in request.asked}
        self._pools = {
            one.benchmark.name: Pool(
                trials=sum(1 for _ in units([one])),
                together=together(self._draws[one.benchmark.name]),
            )
            for one in request.asked
        }
        self._groups = {
            (one.benchmark.name, case.id): case.group for one in request.asked for case in one.cases
        }
        names = [candidate.name for candidate in request.candidates]
        self._looks = Looks(self._pools, names, request.policy)
        self._open = {(name, benchmark) for name in names for benchmark in self._pools}
        self._done: set[TrialKey] = set()
        self._counts = Counter[tuple[str, str]]()
        self._watcher = means.watcher
        self.started({of: self._pools[of[1]].trials for of in self._open})
        for trial in means.store.trials():
            if trial.key.benchmark in self._pools:
                self.finished(trial)

    def started(self, totals: Mapping[tuple[str, str], int]) -> None:
        self._watcher.started(totals)

    def finished(self, trial: Trial) -> None:
        key = trial.key
        self._done.add(key)
        self._counts[key.candidate, key.benchmark] += 1
        failed = isinstance(trial.outcome, Failure)
        self._looks.asked(key.candidate, key.benchmark, failed=failed)
        for seen in observations([trial], lambda *case: self._groups[case]):
            if seen.measure == "score":
                self._looks.scored(seen)
        self._watcher.finished(trial)

    def note(self, text: str) -> None:
        self._watcher.note(text)

    def next_cases(self) -> tuple[Asked, ...]:
        """The next round, after a look at all that came; empty where nothing is left to ask."""
        self._open = self._looks.open()
        self._watcher.started(
            {of: self._total(of) for of in self._counts}  # a bar whose gaps are decided is full
        )
        asked = (replace(one, cases=self._round(one)) for one in self._request.asked)
        return tuple(one for one in asked if one.cases)

    def plan(self, asked: tuple[Asked, ...]) -> Plan:
        """Asks each case of those for whom it may decide something."""
        everyone = self._request.candidates
        skipped = {
            TrialKey(candidate.name, *unit)
            for unit in units(asked)
            for candidate in everyone
            if (candidate.name, unit.benchmark) not in self._open
        }
        return plan(asked, everyone, done=self._done | skipped)

    def left(self) -> int:
        """Trials that may still be asked, at most."""
        return sum(self._pools[of[1]].trials - self._counts[of] for of in self._open)

    def _total(self, of: tuple[str, str]) -> int:
        return self._pools[of[1]].trials if of in self._open else self._counts[of]

    def _round(self, one: Asked) -> tuple[Case, ...]:
        """The first cases of one benchmark, in order, that those still in question lack."""
        name = one.benchmark.name
        asked_of = [c for c in self._request.candidates if (c.name, name) in self._open]
        if not asked_of:
            return ()
        share_done = min(self._counts[c.name, name] for c in asked_of) / self._pools[name].trials
        slots = max(self._request.at_once(candidate) for candidate in asked_of)
        wanted = max(LEAST_ROUND, 2 * slots, share_done * len(one.cases) / GROWTH)
        cases: list[Case] = []
        for draw in self._draws[name]:
            if len(cases) >= wanted:
                break
            if self._lacking(replace(one, cases=draw), asked_of):
                cases += draw
        return tuple(cases)

    def _lacking(self, one: Asked, asked_of: Iterable[Candidate]) -> bool:
        return any(
            TrialKey(candidate.name, *unit) not in self._done
            for unit in units([one])
            for candidate in asked_of
        )
