"""What makes one benchmark differ from another: load, ask, grade. Nothing else varies."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Reply, Score
from visavis.core.prompt import Prompt, Way
from visavis.core.registry import Registry
from visavis.pinned.fetch import Sources
from visavis.stats.estimate import Estimate, TooFew


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadOptions:
    """What a loader may need to know."""

    home: Path
    """VISAVIS_HOME, where fetched files are kept."""
    seed: int
    note: Callable[[str], None]
    """Tells the user one line: a download, its source and licence."""
    progress: Callable[[int, int | None], None] = lambda done, of: None
    """Bytes fetched so far, and in all where that is known."""
    sources: Sources | None = None
    """Where pinned files are asked for; None means the usual places."""
    data: Path | None = None
    """The user's own folder of upstream files, looked into first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Graded:
    """One scored trial, as figures are made from."""

    case: Case
    score: Score


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A further figure of one candidate on one benchmark. Shown, never judged by."""

    name: str
    """`macro average`, `strict`, `Matthews correlation`; with `by`, which of them: `anatomy`."""
    value: Estimate | TooFew
    by: str = ""
    """What the cases were divided by: `subject`, `language`, `level`; empty for all together."""
    is_share: bool = True
    """From 0 to 1; a correlation is not, it is from -1 to 1."""
    doc: str = ""
    """What it is, where the name does not say it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """All that makes one benchmark differ from another."""

    name: str
    """As the user asks for it: `logic`, `humaneval`, a file's name."""
    protocol: str
    """`humaneval@evalplus`: two protocols are never mixed in one column."""
    version: int
    """Raised whenever any number it yields could change."""
    chance: float | None
    """What a guesser scores; None where guessing means nothing. The report marks results that
    do not beat it."""
    source: str
    """Where the cases come from, with licence, in one line."""
    load: Callable[[LoadOptions], Iterable[Case]]
    """All cases, in an order of which every beginning is a fair share."""
    ask: Callable[[Case], Prompt]
    grade: Callable[[Case, str, Fence], Grade]
    grade_reply: Callable[[Case, Reply, float | None, Fence], Grade] | None = None
    """In the place of `grade` where a mark depends on how the reply came: with its stamps and
    tokens, and its price in USD where that is known."""
    asks_anew: bool = False
    """Replies of earlier runs are of no use: they do not say how long they took."""
    figures: Callable[[Sequence[Graded]], Iterable[Figure]] = lambda graded: ()
    """What the mean score leaves out: by subject, by reader, other measures of the same answers."""
    usual_count: int | None = None
    """Cases asked where the user gives no number; None asks them all."""
    repeats: int = 1
    """Tries a case that the protocol prescribes."""
    way: Way = "chat"
    """How it asks: a candidate that cannot be asked so cannot run it."""
    needs_sight: bool = False
    """Its cases hold pictures."""
    only_recorded: str = ""
    """What an imported log lacks of what was asked; where it lacks something, nobody else can be
    asked the same."""
    runs_programs: bool = False
    """`grade` runs what a model wrote, and needs the fence."""
    grades_slowly: bool = False
    """`grade` takes milliseconds or more, as one that runs programs does: it gets a thread."""
    departures: tuple[str, ...] = ()
    """Where this leaves the published procedure, one sentence each."""

    @property
    def family(self) -> str:
        """`humaneval` of `humaneval@evalplus`."""
        return self.protocol.partition("@")[0]


def short_hash(*texts: str) -> str:
    """The beginning of the SHA-256 of some texts: an id that no row number can change."""
    return sha256("\n".join(texts).encode()).hexdigest()[:16]


class Names:
    """Ids of rows that may stand twice in a file: `a`, then `a/2`."""

    def __init__(self) -> None:
        self._seen: Counter[str] = Counter()

    def next(self, name: str) -> str:
        self._seen[name] += 1
        return name if self._seen[name] == 1 else f"{name}/{self._seen[name]}"


def in_order(cases: Iterable[Case]) -> tuple[Case, ...]:
    """By the SHA-256 of their ids: every beginning is a fair share, and the same on any machine."""
    return tuple(sorted(cases, key=lambda case: sha256(case.id.encode()).digest()))


BENCHMARKS: Registry[Benchmark] = Registry("benchmark")
"""By protocol. Of a family's protocols, the first added is the one usually asked."""


def protocols_of(family: str) -> Iterator[Benchmark]:
    """Every protocol of a family, preferred first."""
    return (one for one in map(BENCHMARKS.get, BENCHMARKS) if one.family == family)
