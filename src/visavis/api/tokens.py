"""What each candidate's requests took, in tokens: by its server's count, else counted here."""

from collections.abc import Collection, Mapping
from functools import cached_property
from math import ceil
from statistics import fmean

from visavis.core.candidate import Unknown
from visavis.core.outcome import Reply, Score, Usage
from visavis.core.prompt import Prompt
from visavis.core.tell import tell
from visavis.core.trial import Trial
from visavis.measure.reference_tokens import Reference, reference
from visavis.measure.speed import SPEED
from visavis.report.run_facts import RunFacts
from visavis.stats.estimate import TooFew
from visavis.stats.means import means
from visavis.verdict.workload import Counted

AT_MOST = 10_000
"""Cases of a run that are counted here, evenly spread: a report must not wait for more."""

Unit = tuple[str, str]
"""A benchmark and a case."""
Tokens = dict[Unit, tuple[float, float]]
"""Input and output tokens of a case, on average over its tries."""


class TokenCounts:
    """Tokens of every candidate of a run, case by case."""

    def __init__(self, run: RunFacts, trials: Collection[Trial]) -> None:
        self._run = run
        self._trials = trials
        replies: dict[str, list[tuple[Unit, Reply]]] = {}
        units: dict[Unit, Unit] = {}
        """Each once: all candidates have the same."""
        for (name, benchmark, case, _), reply in ((one.key, one.outcome) for one in trials):
            if benchmark != SPEED and isinstance(reply, Reply):
                unit = benchmark, case
                replies.setdefault(name, []).append((units.setdefault(unit, unit), reply))
        self.by_case: dict[str, Tokens] = {}
        self.by: dict[str, str | Unknown] = {}
        """The tokenizer that counted; empty for the server; or why nobody did."""
        for candidate in run.spec.candidates:
            mine = replies.get(candidate.name, [])
            self.by_case[candidate.name] = counted = _stated(mine)
            self.by[candidate.name] = ""
            if not counted and candidate.kind == "recorded":
                self._count_here(candidate.name, mine)
            if not self.by_case[candidate.name] and self.by[candidate.name] == "":
                self.by[candidate.name] = Unknown(because=tell("nobody counted its tokens"))

    @cached_property
    def group_of(self) -> Mapping[Unit, Unit]:
        """The group that a case is in."""
        return {unit: (unit[0], group) for unit, group in self._run.groups.items()}

    @cached_property
    def _chosen(self) -> Mapping[Unit, Prompt]:
        """How the cases were asked that are counted here."""
        cases = self._run.cases.items()
        prompts = {(name, one.case.id): one.prompt for name, all_ in cases for one in all_}
        every = max(1, ceil(len(prompts) / AT_MOST))
        return {unit: prompts[unit] for unit in sorted(prompts)[::every]}

    def _count_here(self, name: str, mine: list[tuple[Unit, Reply]]) -> None:
        found = reference()
        if isinstance(found, Unknown):
            self.by[name] = found
            return
        asked = self._chosen
        here = [
            (unit, _counted(asked[unit], reply, found)) for unit, reply in mine if unit in asked
        ]
        if here:
            self.by_case[name], self.by[name] = _averaged(here), found.name

    def solved(self, name: str, unit: Unit) -> float | None:
        """How far a case was, on average over its tries; None where it was not graded."""
        scores = self._scores.get(name, {}).get(unit)
        return fmean(scores) if scores else None

    @cached_property
    def _scores(self) -> Mapping[str, Mapping[Unit, list[float]]]:
        """Of all tries of each case, by candidate."""
        found: dict[str, dict[Unit, list[float]]] = {}
        for trial in self._trials:
            (name, *unit, _), grade = trial.key, trial.grade
            if isinstance(trial.outcome, Reply) and isinstance(grade, Score):
                found.setdefault(name, {}).setdefault((unit[0], unit[1]), []).append(grade.value)
        return found

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
            return Unknown(because=tell("its tokens were counted on too few cases"))
        return Counted(means=taken, by=by, is_yardstick=name == yardstick)


def _counted(prompt: Prompt, reply: Reply, by: Reference) -> Usage:
    """Of the texts, without what a server puts around its messages."""
    read = sum(by.count(message.content) for message in prompt.messages)
    return Usage(input_tokens=read, output_tokens=by.count(reply.text))


def _stated(replies: list[tuple[Unit, Reply]]) -> Tokens:
    return _averaged([(unit, reply.usage) for unit, reply in replies if reply.usage is not None])


def _averaged(usages: list[tuple[Unit, Usage]]) -> Tokens:
    sums: dict[Unit, tuple[int, int, int]] = {}
    for unit, usage in usages:
        read, made, tries = sums.get(unit, (0, 0, 0))
        sums[unit] = read + usage.input_tokens, made + usage.output_tokens, tries + 1
    return {unit: (read / tries, made / tries) for unit, (read, made, tries) in sums.items()}
