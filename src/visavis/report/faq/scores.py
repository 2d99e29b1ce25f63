"""Which is better at what: one question a field, answered benchmark by benchmark."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from visavis.measure.spec import BenchmarkSpec
from visavis.report.clauses import told
from visavis.report.faq.asked import Answered, Asked
from visavis.report.guessing import is_guessed
from visavis.report.language import N_
from visavis.report.ranking import summary
from visavis.report.subjects import Field, field_of, title
from visavis.report.text import line
from visavis.verdict.compare import MeasureRow

QUESTIONS: Mapping[Field, str] = MappingProxyType(
    {
        "code": N_("Which is better at writing code?"),
        "mathematics": N_("Which is better at mathematics?"),
        "knowledge": N_("Which knows more?"),
        "reasoning": N_("Which is better at reasoning?"),
        "pictures": N_("Which is better at understanding pictures?"),
        "language": N_("Which is better at understanding English texts?"),
        "instructions": N_("Which is better at following instructions?"),
    }
)
Scored = tuple[BenchmarkSpec, MeasureRow]
_MOST_ROWS = 2
"""Benchmarks that one answer tells of; a table tells of all."""


def better(asked: Asked) -> Iterator[Answered]:
    """Which is better, field by field; of benchmarks of one's own, one by one."""
    scores = {row.benchmark: row for row in asked.rows("score")}
    fields: dict[str, list[BenchmarkSpec]] = {}
    for spec in asked.run.spec.benchmarks:
        if spec.name in scores:
            fields.setdefault(field_of(spec.protocol) or line(spec.name), []).append(spec)
    for field, specs in fields.items():
        rows = [(spec, scores[spec.name]) for spec in specs]
        yield Answered(
            question=_question(field, asked),
            answer=tuple(_answer(rows, asked)),
            rests_on=asked.of_rows(row for _spec, row in rows),
        )


def _question(field: str, asked: Asked) -> str:
    _, known = asked.say, next((text for name, text in QUESTIONS.items() if name == field), None)
    return _(known) if known else _("Which is better on {benchmark}?", benchmark=field)


def _answer(asked_of: Sequence[Scored], asked: Asked) -> Iterator[str]:
    _, num, rows = asked.say, asked.num, [row for _spec, row in asked_of]
    if all(is_guessed(row, spec.chance) for spec, row in asked_of):
        yield _("That was not shown: nobody does better than guessing would.")
    else:
        yield summary(rows, asked.judgement.candidates, _)
    for spec, row in asked_of[:_MOST_ROWS]:
        said = told(row, title(spec, asked.lang), asked.lang)
        if spec.chance is not None and is_guessed(row, spec.chance):
            said += " " + _("Guessing scores {share}.", share=num.share(spec.chance))
        yield said
    left = len(rows) - _MOST_ROWS
    if left > 0:
        yield _.plural(
            "{n} further benchmark: in the table.",
            "{n} further benchmarks: in the table.",
            left,
            n=num.count(left),
        )
