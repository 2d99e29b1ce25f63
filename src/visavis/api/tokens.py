"""What each candidate's requests took, in tokens: by its server's count, else counted here."""

from collections.abc import Iterable, Mapping
from math import ceil
from statistics import fmean

from visavis.core.candidate import Unknown
from visavis.core.outcome import Reply, Score, Usage
from visavis.core.trial import Trial
from visavis.measure.reference_tokens import Reference, reference
from visavis.measure.speed import SPEED
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import TooFew
from visavis.stats.means import means
from visavis.verdict.workload import Counted

AT_MOST = 1000
"""Cases of a run that are counted here, evenly spread: a report must not wait for more."""

Unit = tuple[str, str]
"""A benchmark and a case."""
Tokens = dict[Unit, tuple[float, float]]
"""Input and output tokens of a case, on average over its tries."""


class TokenCounts:
    """Tokens of every candidate of a run, case by case."""

    def __init__(self, run: RunFacts, trials: Iterable[Trial]) -> None:
        cases = [(name, one) for name, stored in run.cases.items() for one in stored]
        self.group_of = {(name, one.case.id): (name, one.case.group) for name, one in cases}
        self._prompts = {(name, one.case.id): one.prompt for name, one in cases}
        self._replies: dict[str, list[tuple[Unit, Reply]]] = {}
        self._scores: dict[tuple[str, Unit], list[float]] = {}
        for trial in trials:
            key, reply = trial.key, trial.outcome
            if key.benchmark != SPEED and isinstance(reply, Reply):
                of = self._replies.setdefault(key.candidate, [])
                unit = key.benchmark, key.case
                of.append((unit, reply))
                if isinstance(trial.grade, Score):
                    self._scores.setdefault((key.candidate, unit), []).append(trial.grade.value)
        self.by_case: dict[str, Tokens] = {}
        self.by: dict[str, str | Unknown] = {}
        """The tokenizer that counted; empty for the server; or why nobody did."""
        for candidate in run.spec.candidates:
            mine = self._replies.get(candidate.name, [])
            self.by_case[candidate.name] = counted = _stated(mine)
            self.by[candidate.name] = ""
            if not counted and candidate.kind == "recorded":
                self._count_here(candidate.name, mine)
            elif not counted:
                self.by[candidate.name] = Unknown(because="nobody counted its tokens")

    def _count_here(self, name: str, mine: list[tuple[Unit, Reply]]) -> None:
        found = reference()
        if isinstance(found, Unknown):
            self.by[name] = found
            return
        every = ceil(len(self._prompts) / AT_MOST)
        chosen = set(sorted(self._prompts)[::every])
        here = [(unit, self._count(unit, reply, found)) for unit, reply in mine if unit in chosen]
        self.by_case[name], self.by[name] = _averaged(here), found.name

    def _count(self, unit: Unit, reply: Reply, by: Reference) -> Usage:
        """Of the texts, without what a server puts around its messages."""
        read = sum(by.count(message.content) for message in self._prompts[unit].messages)
        return Usage(input_tokens=read, output_tokens=by.count(reply.text))

    def solved(self, name: str, unit: Unit) -> float | None:
        """How far a case was, on average over its tries; None where it was not graded."""
        scores = self._scores.get((name, unit))
        return fmean(scores) if scores else None

    def counted(self) -> Mapping[str, Counted | Unknown]:
        """By candidate; the first whose tokens are known is the yardstick."""
        known = [name for name, tokens in self.by_case.items() if tokens]
        found: dict[str, Counted | Unknown] = {}
        for name, by in self.by.items():
            found[name] = by if isinstance(by, Unknown) else self._beside(name, known[0], by)
        return found

    def _beside(self, name: str, yardstick: str, by: str) -> Counted | Unknown:
        """On the cases that both answered, with each case counted once."""
        groups: dict[tuple[str, str], list[tuple[float, ...]]] = {}
        other = self.by_case[yardstick]
        for unit, tokens in self.by_case[name].items():
            if unit in other:
                group = self.group_of.get(unit, unit)
                groups.setdefault(group, []).append((*tokens, *other[unit]))
        taken = means(list(groups.values())) if groups else TooFew(groups=0, needed=2)
        if isinstance(taken, TooFew):
            return Unknown(because="its tokens were counted on too few cases")
        return Counted(means=taken, by=by, is_yardstick=name == yardstick)


def _stated(replies: list[tuple[Unit, Reply]]) -> Tokens:
    return _averaged([(unit, reply.usage) for unit, reply in replies if reply.usage is not None])


def _averaged(usages: list[tuple[Unit, Usage]]) -> Tokens:
    tries: dict[Unit, list[Usage]] = {}
    for unit, usage in usages:
        tries.setdefault(unit, []).append(usage)
    return {
        unit: (
            sum(usage.input_tokens for usage in of) / len(of),
            sum(usage.output_tokens for usage in of) / len(of),
        )
        for unit, of in tries.items()
    }
