"""What the report needs to know of a run, as plain data; whoever read the run fills it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from types import MappingProxyType
from typing import TYPE_CHECKING

from visavis.benchmarks.base import Figure
from visavis.core.candidate import Fact
from visavis.core.outcome import Evidence
from visavis.core.trial import TrialKey
from visavis.measure.limits.found import Limits
from visavis.measure.spec import RunSpec, tries_of
from visavis.measure.store import StoredCase
from visavis.report.charts.gathered import Gathered
from visavis.scoring.heard import Heard
from visavis.scoring.judge_figures import Judging
from visavis.verdict.claims import Checked
from visavis.verdict.consider import Choices
from visavis.verdict.money import Money
from visavis.verdict.votes import Poll

if TYPE_CHECKING:
    from visavis.report.speed.figures import SpeedFigures


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """One run: who was asked what, when, by what. Everything here is shown, nothing is judged."""

    name: str
    """What `visavis show` takes: the folder that the user named, or its name in VISAVIS_HOME."""
    spec: RunSpec
    cases: Mapping[str, tuple[StoredCase, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """Cases with their prompts, by benchmark."""
    facts: Mapping[str, tuple[Fact, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """Facts beyond a candidate's own, by its name: prices, and what this run measured of it."""
    figures: Mapping[str, Mapping[str, tuple[Figure, ...]]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """What lies behind the scores, by benchmark and candidate."""
    charged_usd: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """Money perhaps spent beside the trials, at most, by candidate: warm-ups, replies lost."""
    pictures: Mapping[TrialKey, tuple[Evidence, ...]] = field(
        default_factory=lambda: MappingProxyType({})
    )
    """What checks saw of replies: frames and clips, as many as a page can hold."""
    started_at: str
    """UTC, ISO 8601."""
    command: str
    """The line that runs it again, free of keys."""
    versions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """visavis, Python, the engine, the price library with its data date."""
    judging: Judging | None = None
    """What is known of the models that judged replies, where any did."""
    heard: Mapping[TrialKey, Heard] = field(default_factory=lambda: MappingProxyType({}))
    """What each judge said of each reply that was judged."""
    votes: Poll | None = None
    """What people's blind votes come to, where there are any."""
    gathered: Callable[[], Gathered] | None = None
    """Says what drawings need of its trials; None where that is to be gathered from them."""
    load: "SpeedFigures | None" = None
    """A speed run of the same candidates, whose curves are to be drawn."""
    limits: Mapping[str, tuple[Limits, ...]] = field(default_factory=lambda: MappingProxyType({}))
    """What `visavis limits` found of its candidates, by name; no part of it twice."""
    machines: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    """What common machines have left for a model, in bytes, by their names."""
    claims: tuple[Checked, ...] = ()
    """What was published of the systems that its candidates reach, and how it stands; each names
    its candidate."""
    money: Money | None = None
    """What the candidates cost; None where nobody reckoned it."""
    choices: Choices | None = None
    """What to choose for each use; None where there is nobody to choose from, or none was asked."""
    notes: tuple[str, ...] = ()
    """Lines that the run told its watcher: rate limits, a model id that changed."""

    @property
    def label(self) -> str:
        """Its folder's name, without the way there: that is nobody's business but its maker's."""
        return PurePath(self.name).name

    @property
    def chances(self) -> dict[str, float | None]:
        """What a guesser scores, by benchmark; None where nothing can be guessed."""
        return {one.name: one.chance for one in self.spec.benchmarks}

    @property
    def groups(self) -> dict[tuple[str, str], str]:
        """The group that each case is in, by benchmark and case."""
        return {
            (benchmark, stored.case.id): stored.case.group
            for benchmark, cases in self.cases.items()
            for stored in cases
        }

    @property
    def group_of(self) -> Callable[[str, str], str]:
        """Tells the same; a case that is not kept is a group of its own."""
        groups = self.groups
        return lambda benchmark, case: groups.get((benchmark, case), case)

    @property
    def planned(self) -> int:
        """Trials of the whole run."""
        each = sum(one.cases * tries_of(one, self.spec) for one in self.spec.benchmarks)
        return each * len(self.spec.candidates)
