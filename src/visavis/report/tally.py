"""How far a run is: counters that cost nothing to keep, and their wording when someone looks."""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from visavis.core.outcome import Failure, Score
from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.text import NBSP, Numbers
from visavis.stats.estimate import Estimate
from visavis.stats.proportion import wilson

LOOKS_KEPT = 240
"""The pace is that of the last so many looks: a minute on a terminal, longer in a log."""


@dataclass(slots=True)
class Count:
    """One candidate on one benchmark, so far."""

    total: int
    done: int = 0
    scored: int = 0
    failed: int = 0
    solved: float = 0.0


class Tally:
    """Everything that is counted of a run while it runs."""

    def __init__(self, lang: Language, clock: Callable[[], float]) -> None:
        self.counts: dict[tuple[str, str], Count] = {}
        self._usd: float | None = None
        self._lang = lang
        self._clock = clock
        self._looks: deque[tuple[float, dict[str, int]]] = deque(maxlen=LOOKS_KEPT)

    def expect(self, totals: Mapping[tuple[str, str], int]) -> None:
        """Add what is to come, what is done already included; a total may change on the way."""
        known = self.counts
        self.counts = known | {
            at: replace(known.get(at, Count(total=n)), total=n) for at, n in totals.items()
        }

    def add(self, trial: Trial) -> None:
        """Count a trial. Called on the event loop for each of them: nothing is worded here."""
        count = self.counts.get((trial.key.candidate, trial.key.benchmark))
        if count is None:
            return
        count.done += 1
        grade = trial.grade
        if isinstance(grade, Score):
            count.scored += 1
            count.solved += grade.value
        elif isinstance(trial.outcome, Failure):
            count.failed += 1
        if trial.usd is not None and not trial.reused:
            self._usd = (self._usd or 0.0) + trial.usd

    def score(self, count: Count, *, interval: bool) -> str:
        """The running score, with its interval where there is room; empty before the first."""
        if not count.scored:
            return ""
        num = Numbers(self._lang)
        low, high = wilson(count.solved, count.scored)
        value = count.solved / count.scored
        said = num.share(value, high - low)
        if not interval:
            return said
        found = Estimate(value=value, low=low, high=high, n=count.scored, method="Wilson score")
        return f"{said} ({num.interval('share', found)})"

    def done(self, count: Count) -> str:
        num = Numbers(self._lang)
        return f"{num.count(count.done)}/{num.count(count.total)}"

    def failed(self, count: Count) -> str:
        if not count.failed:
            return ""
        n = Numbers(self._lang).count(count.failed)
        return Words(self._lang).plural("{n} failed", "{n} failed", count.failed, n=n)

    def rest(self) -> str:
        """Price so far and time left, as far as they are known. Looking sets the pace."""
        _, num = Words(self._lang), Numbers(self._lang)
        parts = []
        if self._usd is not None:
            parts.append(_("{usd} so far", usd=num.usd(self._usd)))
        left_s = self._left_s()
        if left_s is not None and left_s >= 1:
            parts.append(_("about {time} left", time=num.wait(left_s)))
        return ", ".join(parts)

    def line(self) -> str:
        """All of it on one line, for a log; what is finished is left out while more is to come."""
        going = {at: count for at, count in self.counts.items() if count.done < count.total}
        told = [
            " ".join(part for part in self._told(at, count) if part)
            for at, count in (going or self.counts).items()
        ]
        return "; ".join(part for part in [*told, self.rest()] if part)

    def _told(self, at: tuple[str, str], count: Count) -> tuple[str, ...]:
        candidate, benchmark = at
        score = self.score(count, interval=False)
        return (f"{candidate}{NBSP}{benchmark}", self.done(count), score, self.failed(count))

    def _left_s(self) -> float | None:
        """Seconds until the slowest candidate is through, at its pace over the last looks."""
        now, done, left = self._clock(), dict[str, int](), dict[str, int]()
        for (candidate, _benchmark), count in list(self.counts.items()):
            done[candidate] = done.get(candidate, 0) + count.done
            left[candidate] = left.get(candidate, 0) + count.total - count.done
        self._looks.append((now, done))
        then, before = self._looks[0]
        waits = []
        for candidate, n in left.items():
            made = done[candidate] - before.get(candidate, 0)
            if n and made <= 0:
                return None
            if n:
                waits.append(n * (now - then) / made)
        return max(waits, default=None)
