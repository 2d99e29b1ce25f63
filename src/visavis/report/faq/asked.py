"""What an answer is made from, and what it is."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from shlex import quote

from visavis.core.candidate import Candidate
from visavis.options import Language
from visavis.report.facts import FactCell, FactRow
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.table import subject
from visavis.report.text import Numbers, line
from visavis.report.traces import Trace, in_table
from visavis.verdict.compare import Judgement, MeasureRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A question with its answer: one to four plain sentences."""

    question: str
    answer: tuple[str, ...]
    command: str = ""
    """What would tell more; empty where nothing would."""
    rests_on: tuple[Trace, ...] = ()
    """Where its figures stand on the page, each once."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A run, as far as questions are asked of it."""

    judgement: Judgement
    run: RunFacts
    facts: Mapping[str, FactRow]
    """By name."""
    lang: Language

    @cached_property
    def say(self) -> Words:
        return Words(self.lang)

    @cached_property
    def num(self) -> Numbers:
        return Numbers(self.lang)

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        return self.run.spec.candidates

    @cached_property
    def names(self) -> list[str]:
        """As sentences name them."""
        return [line(one.name) for one in self.candidates]

    def rows(self, *measures: str) -> list[MeasureRow]:
        """Those of some measures that were compared, in the table's order."""
        return [row for row in self.judgement.rows if row.measure in measures and row.gaps]

    def cells(self, fact: str) -> Mapping[str, FactCell]:
        """Of one fact by candidate; empty where no row tells of it."""
        return (
            {cell.candidate: cell for cell in self.facts[fact].cells} if fact in self.facts else {}
        )

    def of_rows(self, rows: Iterable[MeasureRow]) -> tuple[Trace, ...]:
        """Of measures, where the table has them."""
        return tuple(in_table(subject(row, self.lang), row.measure, row.benchmark) for row in rows)

    def of_facts(self, *names: str) -> tuple[Trace, ...]:
        """Of facts, where the table has them: those of which anything is known."""
        return tuple(
            in_table(self.facts[name].label, name)
            for name in names
            if any(cell.known for cell in self.cells(name).values())
        )

    def question(self, of_two: str, of_many: str) -> str:
        """The question as it is put of two candidates, or of more."""
        return self.say(of_two if len(self.names) == 2 else of_many)

    def command(self, what: str, kinds: Iterable[str]) -> str:
        """`visavis WHAT …` of all candidates of these kinds, of recorded ones by their system."""
        wanted = set(kinds)
        named = [
            one.system if one.kind == "recorded" else one.name
            for one in self.candidates
            if one.kind in wanted
        ]
        known = [quote(line(name)) for name in named if name]
        return " ".join(["visavis", what, *dict.fromkeys(known)]) if known else ""
