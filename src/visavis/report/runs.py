"""What a list of runs says: a few lines each, or as data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from visavis.measure.glance import Glance, State
from visavis.options import Language
from visavis.report.documents import document
from visavis.report.language import N_, NN_, Words
from visavis.report.text import Numbers, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One run in the list."""

    name: str
    """What `visavis show` takes."""
    folder: Path
    seen: Glance
    verdict: str = ""
    """In one sentence; empty where nobody has judged it yet, or there is nothing to judge."""


_STATES: Mapping[State, str] = MappingProxyType(
    {
        "done": N_("done"),
        "open": N_("until decided"),
        "being written": N_("being written"),
    }
)
_COUNTED = {
    "comparison": NN_("{n} trial", "{n} trials"),
    "speed": NN_("speed, {n} block", "speed, {n} blocks"),
}


def lines(runs: Sequence[Listed], lang: Language) -> Iterator[str]:
    """A few lines a run, in the order given."""
    _ = Words(lang)
    if not runs:
        yield _("There is no run yet; see 'visavis compare -h'.")
    for one in runs:
        yield f"{line(one.name)}  {Numbers(lang).moment(one.seen.at)}".rstrip()
        yield f"    {_told(one.seen, lang)}"
        if one.verdict:
            yield f"    {one.verdict}"
    silent = sum(not one.verdict and one.seen.state != "unreadable" for one in runs)
    if silent:
        yield _.plural(
            "{n} run has not been judged yet; 'visavis runs --verdicts' does",
            "{n} runs have not been judged yet; 'visavis runs --verdicts' does",
            silent,
            n=Numbers(lang).count(silent),
        )


def as_json(runs: Sequence[Listed]) -> bytes:
    """The same as data."""
    return document(
        {
            "runs": [
                {
                    "name": one.name,
                    "folder": str(one.folder),
                    "kind": one.seen.kind,
                    "at": one.seen.at,
                    "candidates": one.seen.candidates,
                    "benchmarks": one.seen.benchmarks,
                    "done": one.seen.done,
                    "planned": one.seen.planned,
                    "usd": one.seen.usd,
                    "state": one.seen.state,
                    "because": one.seen.because,
                    "verdict": one.verdict,
                }
                for one in runs
            ]
        }
    )


def _told(seen: Glance, lang: Language) -> str:
    """Who was asked what, how far that is, and what it cost."""
    _, num = Words(lang), Numbers(lang)
    if seen.state == "unreadable" or seen.kind == "unknown":
        return _("unreadable: {why}", why=line(seen.because))
    asked = _(
        "{candidates} on {benchmarks}",
        candidates=", ".join(map(line, seen.candidates)),
        benchmarks=", ".join(map(line, seen.benchmarks)) or "–",
    )
    counted = _.plural(*_COUNTED[seen.kind], seen.done, n=num.count(seen.done))
    paid = (num.usd(seen.usd),) if seen.usd else ()  # what nobody billed has no price
    return _("; ").join((asked, counted, _state(seen, lang), *paid))


def _state(seen: Glance, lang: Language) -> str:
    _ = Words(lang)
    left = (seen.planned or 0) - seen.done
    if seen.state == "unfinished":
        return _("{n} to come", n=Numbers(lang).count(left))
    if seen.state == "open" and seen.kind == "speed":
        return _("as many as it takes")
    return _(_STATES[seen.state])
