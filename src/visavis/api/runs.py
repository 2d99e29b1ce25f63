"""`visavis runs`: all runs there are, at a glance, and what each came to where that is known."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

import visavis
from visavis.api.around import Surroundings, find
from visavis.api.shown import Shown
from visavis.core.errors import OptionError, VisavisError
from visavis.measure.glance import glance, stamp
from visavis.measure.glances import Glances
from visavis.measure.run_folder import HEAD
from visavis.measure.spec import is_speed
from visavis.measure.store import RunStore
from visavis.options import Language
from visavis.options.runs import RunsOptions
from visavis.report.heads import which_run
from visavis.report.runs import Listed


def listed(
    folders: Sequence[str], options: RunsOptions, around: Surroundings
) -> tuple[Listed, ...]:
    """The runs of VISAVIS_HOME and of the folders named, newest first."""
    named = _named(folders, around.home)
    kept, stamps = Glances(around.home), {folder: stamp(folder) for folder in named}
    seen = kept.seen(stamps)
    fresh = {folder: glance(folder) for folder in named if folder not in seen}
    kept.keep(fresh, stamps)
    seen |= fresh
    judged = {folder: _judged_as(of) for folder, of in stamps.items()}
    said = kept.verdicts(judged, options.lang)
    if options.verdicts:
        unsaid = (f for f in named if f not in said and seen[f].state != "unreadable")
        new = {folder: _verdict(folder, options.lang) for folder in unsaid}
        kept.keep_verdicts(new, judged, options.lang)
        said |= new
    found = [
        Listed(name=name, folder=folder, seen=seen[folder], verdict=said.get(folder, ""))
        for folder, name in named.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.seen.at, one.name), reverse=True))


def heading(run: str, lang: Language, around: Surroundings) -> str:
    """Which run it is that was named: `last` says nothing of that."""
    folder = find(run, around.home).absolute()
    with RunStore.open(folder) as store:
        return which_run(folder.name, str(store.spec.machine.get("at", "")), lang)


def names(home: Path) -> list[str]:
    """Of the runs of VISAVIS_HOME: what is offered where a run is to be named."""
    return sorted(folder.name for folder in _runs_in(home / "runs"))


def keep_verdict(seen: Shown, home: Path) -> None:
    """Remember what a run came to that was just judged, as nobody chose otherwise."""
    if seen.policy == "default":
        folder = seen.folder.absolute()
        stamps = {folder: _judged_as(stamp(folder))}
        Glances(home).keep_verdicts({folder: seen.verdict}, stamps, seen.lang)


def _named(folders: Sequence[str], home: Path) -> dict[Path, str]:
    """Each run with its name; those of VISAVIS_HOME are known by that of their folder alone."""
    found = {folder.absolute(): str(folder) for folder in _in_all(folders)}
    return found | {folder.absolute(): folder.name for folder in _runs_in(home / "runs")}


def _in_all(folders: Sequence[str]) -> Iterator[Path]:
    for text in folders:
        place = Path(text).expanduser()
        if not place.is_dir():
            raise OptionError(f"{text!r} is no folder; name one that is a run, or holds runs")
        yield from [place] if (place / HEAD).exists() else _runs_in(place)


def _runs_in(place: Path) -> Iterator[Path]:
    """Not those that are still being put together, whose names begin with a dot."""
    with suppress(OSError):
        for folder in place.iterdir():
            if not folder.name.startswith(".") and (folder / HEAD).exists():
                yield folder


def _judged_as(of: str) -> str:
    """Another version may judge otherwise."""
    return of and f"{of}; visavis {visavis.__version__}"


_UNJUDGED = (
    VisavisError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError,
    RecursionError, sqlite3.Error,
)  # fmt: skip
"""What comes of a folder that holds anything, written by anyone."""


def _verdict(folder: Path, lang: Language) -> str:
    """Nothing of a run that cannot be judged: it keeps nobody from the next one."""
    try:
        if not is_speed(folder):
            from visavis.api.comparison import Comparison  # judging is all that needs numbers

            return Comparison(folder, lang=lang).verdict
        from visavis.api.speed_run import SpeedRun

        return SpeedRun(folder, lang=lang).verdict
    except _UNJUDGED:
        return ""
