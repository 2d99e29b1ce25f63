"""How far a run is: counters that cost nothing to keep, and their wording when someone looks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from visavis.core.outcome import Failure, Score
from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.language import Words
from visavis.report.pace import Pace
from visavis.report.text import NBSP, Numbers
from visavis.stats.estimate import Estimate
from visavis.stats.proportion import wilson


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

    def __init__(self, lang: Language, clock: Callable[[], float], *, since: str = "") -> None:
        """What was asked before `since` (UTC, ISO 8601) is counted, and says nothing of the pace
        of what is still to come."""
        self.counts: dict[tuple[str, str], Count] = {}
        self._usd: float | None = None
        self._lang = lang
        self._clock = clock
        self._since = since
        self._pace = Pace()

    def expect(self, totals: Mapping[tuple[str, str], int]) -> None:
        """Add what is to come, what is done already included; a total may change on the way."""
        known = self.counts
        self._pace.begin(self._clock())
        self.counts = known | {
            at: replace(known.get(at, Count(total=n)), total=n) for at, n in totals.items()
        }

    def add(self, trial: Trial) -> None:
        """Count a trial. Called on the event loop for each of them: nothing is worded here."""
        at = trial.key.candidate, trial.key.benchmark
        count = self.counts.get(at)
        if count is None:
            return
        count.done += 1
        if trial.asked_at >= self._since and not trial.reused:
            self._pace.ended(at, self._clock())
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
        """Price so far and time left, as far as they are known."""
        _, num = Words(self._lang), Numbers(self._lang)
        parts = []
        if self._usd is not None:
            parts.append(_("{usd} so far", usd=num.usd(self._usd)))
        waiting = {at: (one.total - one.done, one.total) for at, one in [*self.counts.items()]}
        left = self._pace.left(waiting, self._clock())
        if left.seconds >= 1:
            time = num.wait(left.seconds)
            least = left.is_least
            parts.append(
                _("more than {time} left", time=time)
                if least
                else _("about {time} left", time=time)
            )
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
