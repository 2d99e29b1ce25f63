"""`visavis import`: from the files that were named to recordings that can be compared."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from visavis.api.around import check_writable
from visavis.api.screen import Screen
from visavis.api.shown import save
from visavis.benchmarks.base import in_order
from visavis.benchmarks.imported import benchmark_of
from visavis.core.case import Case
from visavis.core.errors import OptionError
from visavis.core.fence import Fence, NoFence
from visavis.measure.imports import formats, keep
from visavis.measure.imports.gather import Gathered, gather
from visavis.measure.imports.reading import opened
from visavis.measure.imports.tally import Tally, tally
from visavis.options import ImportOptions
from visavis.report.disagreements import check_form, listed
from visavis.report.text import counted
from visavis.scoring.fence.pool import open_fence


@dataclass(frozen=True, kw_only=True)
class Brought:
    """What an import has brought."""

    tallies: tuple[Tally, ...]
    cases: Mapping[str, int]
    """Cases of each protocol, those of earlier imports among them."""
    known: frozenset[tuple[str, str]]
    """Recordings and protocols that were here already, word for word."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.share.name for one in self.tallies))

    @property
    def protocols(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.share.protocol for one in self.tallies))


def bring(
    format_name: str, paths: Sequence[Path], options: ImportOptions, home: Path, screen: Screen
) -> Brought:
    """Read, check and grade everything; then keep all of it, or nothing."""
    wanted = formats.format_of(format_name)
    columns = columns_of(options.columns)
    if options.disagreements is not None:
        check_form(options.disagreements)
        check_writable(options.disagreements)
    logs = []
    for path in paths:
        file = opened(path)
        logs.append((file, formats.read(file, wanted, columns)))
    found = gather(logs, options)
    with keep.kept_alone(home):
        if not options.name:
            keep.meet_models(home, found)
        known = set() if options.replace else keep.meet_answers(home, found)
        keep.meet_kept(home, found, replace=options.replace)
        tallies = _graded(found)
        _tell(found, screen)
        if known != found.shares.keys():
            keep.write(home, found, datetime.now(UTC).date())
    if options.disagreements is not None:
        save(options.disagreements, listed(tallies, options.disagreements, options.lang))
    return Brought(
        tallies=tallies,
        cases={protocol: len(cases) for protocol, cases in found.cases.items()},
        known=frozenset(known),
    )


def columns_of(told: Sequence[str]) -> dict[str, str]:
    """`id=case,text=output` as a mapping."""
    pairs = [pair for text in told for pair in text.split(",") if pair.strip()]
    found: dict[str, str] = {}
    for pair in pairs:
        ours, sign, theirs = (part.strip() for part in pair.partition("="))
        if not (ours and sign and theirs):
            raise OptionError(f"--columns {pair!r} is no pair; write 'text=THEIR COLUMN'")
        if ours in found:
            raise OptionError(f"--columns names {ours!r} twice")
        found[ours] = theirs
    return found


def _graded(found: Gathered) -> tuple[Tally, ...]:
    benchmarks = {
        protocol: benchmark_of(protocol, in_order(cases.values()))
        for protocol, cases in found.cases.items()
    }
    with ExitStack() as held:
        fence: Fence = NoFence()
        if any(_runs_code(cases) for cases in found.cases.values()):
            fence = held.enter_context(open_fence("auto"))
        return tuple(
            tally(share, benchmarks[protocol], fence)
            for (_, protocol), share in found.shares.items()
        )


def _runs_code(cases: Mapping[str, Case]) -> bool:
    return any(case.fields["check"] == "humaneval" for case in cases.values())


def _tell(found: Gathered, screen: Screen) -> None:
    for protocol, count in found.rewords.items():
        if count:
            screen.note(
                f"{counted(count)} cases of {protocol!r} were put in other words to one model than "
                "to another (a chat template, perhaps): their scores differ by that, too"
            )
