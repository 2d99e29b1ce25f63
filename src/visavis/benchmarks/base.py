"""What makes one benchmark differ from another: load, ask, grade. Nothing else varies."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade
from visavis.core.prompt import Prompt
from visavis.core.registry import Registry
from visavis.pinned.fetch import Sources


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
    usual_count: int | None = None
    """Cases asked where the user gives no number; None asks them all."""
    runs_programs: bool = False
    """`grade` uses the fence, takes milliseconds, and is called from a thread."""
    departures: tuple[str, ...] = ()
    """Where this leaves the published procedure, one sentence each."""


BENCHMARKS: Registry[Benchmark] = Registry("benchmark")
