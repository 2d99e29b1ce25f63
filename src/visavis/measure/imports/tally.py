"""Our grades beside the source's own verdicts: how many are right, and where the two part."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count
from typing import Literal

from visavis.benchmarks.base import Benchmark
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Score
from visavis.measure.imports.base import Entry, Mark
from visavis.measure.imports.gather import Share

APART = 0.5
"""By how much two verdicts from 0 to 1 differ that are not the same."""

Kind = Literal[
    "nothing read by us",
    "no reading by the source",
    "read alike, judged differently",
    "read differently",
]
"""Of disagreements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """One answer on which we and the source judge differently."""

    name: str
    protocol: str
    case: Case
    reply: str
    ours: Score
    theirs: Mark

    @property
    def because(self) -> str:
        """Both readings, and how each came to be."""
        how = f", {self.theirs.how}" if self.theirs.how else ""
        read = "no reading" if self.theirs.read is None else f"read {self.theirs.read}"
        return f"ours: {self.ours.because}; source: {read}{how}"

    @property
    def kind(self) -> Kind:
        """What sort of disagreement it is."""
        if self.ours.read is None:
            return "nothing read by us"
        if self.theirs.read is None:
            return "no reading by the source"
        if _plain(self.ours.read) == _plain(self.theirs.read):
            return "read alike, judged differently"
        return "read differently"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of one recording's answers to one protocol."""

    share: Share
    answers: int
    failed: int
    empty: int
    truncated: int | None
    """None where the log does not say how replies ended."""
    unparsed: int
    unscored: int
    ours: float
    """Our score, summed over the scored answers."""
    marked: int
    """Answers that were scored by us and hold a verdict of the source."""
    ours_marked: float
    theirs_marked: float
    by: str
    """Whose verdict it is."""
    disagreements: tuple[Disagreement, ...]

    @property
    def scored(self) -> int:
        return self.answers - self.unscored


def tally(share: Share, benchmark: Benchmark, fence: Fence) -> Tally:
    """Grade every answer of a share by our own grader."""
    answered = [entry for entry in share.entries.values() if entry.text is not None]

    def graded(entry: Entry) -> Grade:
        return benchmark.grade(entry.case, entry.text or "", fence)

    if benchmark.runs_programs or benchmark.grades_slowly:
        with ThreadPoolExecutor(max_workers=cpu_count(), thread_name_prefix="grade") as pool:
            grades = list(pool.map(graded, answered))
    else:
        grades = [graded(entry) for entry in answered]
    scores = [grade for grade in grades if isinstance(grade, Score)]
    pairs = [
        (grade, entry.mark)
        for grade, entry in zip(grades, answered, strict=True)
        if isinstance(grade, Score) and entry.mark is not None
    ]
    finishes = [entry.finish for entry in answered]
    unsaid = all(finish == "unknown" for finish in finishes)
    return Tally(
        share=share,
        answers=len(answered),
        failed=len(share.entries) - len(answered),
        empty=sum(not (entry.text or "").strip() for entry in answered),
        truncated=None if unsaid else finishes.count("length"),
        unparsed=sum(score.read is None for score in scores),
        unscored=len(grades) - len(scores),
        ours=sum(score.value for score in scores),
        marked=len(pairs),
        ours_marked=sum(score.value for score, _ in pairs),
        theirs_marked=sum(mark.value for _, mark in pairs),
        by=pairs[0][1].by if pairs else "",
        disagreements=tuple(_disagreements(share, grades)),
    )


def _disagreements(share: Share, grades: list[Grade]) -> Iterator[Disagreement]:
    answered = (entry for entry in share.entries.values() if entry.text is not None)
    for grade, entry in zip(grades, answered, strict=True):
        mark = entry.mark
        if isinstance(grade, Score) and mark and abs(grade.value - mark.value) >= APART:
            yield Disagreement(
                name=share.name,
                protocol=share.protocol,
                case=entry.case,
                reply=entry.text or "",
                ours=grade,
                theirs=mark,
            )


def _plain(read: str) -> str:
    return read.strip(" .$\\").replace(",", "").casefold()
