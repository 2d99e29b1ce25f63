"""The head of a column, and what every table of measures has: heads and rows."""

from dataclasses import dataclass
from typing import Protocol

from visavis.core.candidate import Candidate
from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.table import RowView
from visavis.report.text import Numbers, line


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A candidate as the head of a column."""

    name: str
    detail: str
    """What exactly was asked: how it is reached, its quantisation or dated snapshot."""


class Tabled(Protocol):
    """What has a table of measures."""

    @property
    def lang(self) -> Language: ...

    @property
    def heads(self) -> tuple[Head, ...]: ...

    @property
    def rows(self) -> tuple[RowView, ...]: ...

    @property
    def pair(self) -> bool:
        """Two candidates: each measure has one gap, and the table has room for it."""


def which_run(name: str, started_at: str, lang: Language) -> str:
    """Which run figures are of, for whoever asked for the last one."""
    _ = Words(lang)
    return _("Run {name}, {moment}", name=line(name), moment=Numbers(lang).moment(started_at))


_KINDS = {
    "hosted": N_("hosted"),
    "local": N_("on this machine"),
    "recorded": N_("a recording"),
    "scripted": N_("a script"),
}


def head(candidate: Candidate, lang: Language) -> Head:
    """A candidate's name, and how it is reached."""
    what = [Words(lang)(_KINDS[candidate.kind])]
    if candidate.kind == "hosted":
        what += [candidate.route, candidate.snapshot]
    if candidate.quantisation is not None:
        what.append(candidate.quantisation)
    return Head(name=line(candidate.name), detail=line(", ".join(what)))
