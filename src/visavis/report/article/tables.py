"""The article's tables: specifications, measurements with what was published, prices."""

from collections.abc import Iterator, Sequence

from visavis.core.candidate import Unknown
from visavis.core.tariff import Rates
from visavis.report.claims import STANDINGS, ClaimView
from visavis.report.face import FaceCell, FaceRow, Name
from visavis.report.findings import Finding
from visavis.report.language import N_, Words
from visavis.report.markdown import escaped, table
from visavis.report.run_facts import RunFacts
from visavis.report.sources import told_source
from visavis.report.subjects import title
from visavis.report.text import Numbers, line
from visavis.report.view import View
from visavis.verdict.workload import Costed


def specifications(view: View) -> str:
    """What is stated and what was measured of the models themselves."""
    _ = Words(view.lang)
    rows = list(_rows(view, ("specifications", "speed", "memory")))
    made = [[escaped(row.label), *_cells(row, _("not known"), view)] for row in rows]
    return _table(view, made)


def benchmarks(view: View, run: RunFacts) -> str:
    """Scores with their intervals, what was published beside them, and what they show."""
    _ = Words(view.lang)
    titles = {spec.protocol: title(spec, view.lang) for spec in run.spec.benchmarks}
    made = [
        [
            escaped(titles.get(row.protocol, row.label)),
            *_cells(row, _("not measured here"), view),
            "<br>".join(map(_finding, row.findings)),
        ]
        for row in _rows(view, ("benchmarks", "practical"))
    ]
    return _table(view, made, [_("what that shows")])


def _rows(view: View, groups: Sequence[Name]) -> Iterator[FaceRow]:
    """Rows of which something is known, or was published."""
    for group in view.face.groups:
        if group.name in groups:
            yield from (row for row in group.rows if any(c.known or c.claims for c in row.cells))


def _table(view: View, rows: Sequence[Sequence[str]], further: Sequence[str] = ()) -> str:
    heads = ["", *(head.name for head in view.heads), *further]
    return table([escaped(head) for head in heads], rows) if rows else ""


def _cells(row: FaceRow, absent: str, view: View) -> list[str]:
    return [_cell(cell, row, absent, view) for cell in row.cells]


def _cell(cell: FaceCell, row: FaceRow, absent: str, view: View) -> str:
    value = escaped(cell.value if cell.known else absent)
    if cell.interval:
        value += f" ({escaped(cell.interval)})"
    parts = [f"**{value}**" if cell.won else value]
    parts += [escaped(note) for note in (cell.n, *cell.notes) if note]
    parts += [_published(claim, view) for claim in cell.claims]
    if cell.known and row.kind == "stated" and cell.source:
        parts.append(f"<sub>{escaped(cell.source)}</sub>")
    return "<br>".join(parts)


def _published(claim: ClaimView, view: View) -> str:
    _ = Words(view.lang)
    told = _(
        "published: {printed} ({source}), {standing}",
        printed=claim.printed,
        source=claim.source,
        standing=_(STANDINGS[claim.standing]),
    )
    return f"<sub>{escaped(told)}</sub>"


def _finding(found: Finding) -> str:
    return "<br>".join(escaped(text) for text in (found.text, *found.evidence))


def prices(view: View, run: RunFacts) -> Iterator[str]:
    """What a million tokens cost by the price lists, and whose lists they are."""
    _, num, listed = Words(view.lang), Numbers(view.lang), run.money.candidates if run.money else ()
    told: dict[str, None] = {}
    rows = []
    for one in listed:
        if not isinstance(one.tariff, Unknown):
            first, batch = one.tariff.rates[0], one.tariff.batch
            costs = [
                _usd(usd, view) for usd in (first.input_usd, first.cached_usd, first.output_usd)
            ]
            rows.append([_model(one, view), *map(escaped, [*costs, _batch(batch, view)])])
            told[f"{told_source(one.tariff.source, view.lang)}, {num.day(one.tariff.as_of)}"] = None
    if rows:
        heads = (N_("model"), N_("input"), N_("cached input"), N_("output"), N_("output by batch"))
        yield table([escaped(_(head)) for head in heads], rows)
        sources = _("; ").join(told)
        yield escaped(_("In US dollars for a million tokens. Source: {sources}.", sources=sources))


def _model(one: Costed, view: View) -> str:
    whose = (
        f"<br><sub>{escaped(told_source(one.listed_for, view.lang))}</sub>"
        if one.listed_for
        else ""
    )
    return escaped(line(one.candidate)) + whose


def _usd(usd: float, view: View) -> str:
    return Numbers(view.lang).stated_usd(usd)


def _batch(batch: Rates | None, view: View) -> str:
    _ = Words(view.lang)
    return _("none listed") if batch is None else _usd(batch.output_usd, view)
