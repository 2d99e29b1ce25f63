"""The view as GitHub's Markdown. Whatever others wrote is escaped, so it can only be read."""

import re
from collections.abc import Iterable, Iterator, Sequence

from visavis.report.background import Item
from visavis.report.breakdown import FigureCell, FigureRow
from visavis.report.choose import UseView
from visavis.report.facts import FactCell
from visavis.report.heads import Tabled
from visavis.report.judges_said import brief
from visavis.report.language import Words
from visavis.report.money_prices import Row
from visavis.report.table import CellView, GapView
from visavis.report.text import line
from visavis.report.view import View

_ACTIVE = re.compile(r"([\\`*_\[\]<>|~&$])")
"""Whatever opens a link, a tag, an entity, code, emphasis, a formula or the next table cell."""
_LEADING = re.compile(r"^(\s*)([-+](?=[-+\s]|$)|[#=]|\d+[.)](?=\s))")
"""Whatever makes a list, a heading or a rule at the beginning of a line."""


def escaped(text: str) -> str:
    """One line that Markdown shows as it is written."""
    flat = _ACTIVE.sub(r"\\\1", line(text))
    return _LEADING.sub(lambda found: found[1] + _guarded(found[2]), flat)


def _guarded(opening: str) -> str:
    return opening[:-1] + "\\" + opening[-1]


def markdown(view: View) -> str:
    """The whole view but for the transcripts, which are for the page."""
    _ = Words(view.lang)
    parts = [
        f"# {escaped(view.title)}",
        escaped(view.run),
        f"**{escaped(view.headline)}**",
        "\n".join(f"> {escaped(warning)}" for warning in view.warnings),
        table(*measures(view)),
        "\n".join(f"- {escaped(said.text)}" for said in view.sentences),
        *_uses(view),
        "  \n".join(escaped(text) for text in view.reading),
        *_breakdowns(view),
        *_judged(view),
        *_votes(view),
        *_money(view),
        f"## {escaped(_('Facts'))}",
        table(*_facts(view)),
        *_claims(view),
        f"## {escaped(_('Benchmarks'))}",
        "\n".join(_benchmarks(view)),
        *source(view.provenance, view.command, _),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def source(items: Iterable[Item], command: str, _: Words) -> Iterator[str]:
    """Where figures come from, and the line that asks the same again."""
    yield f"## {escaped(_('Where this comes from'))}"
    yield "\n".join(
        "- " + escaped(_("{label}: {value}", label=item.label, value=item.value)) for item in items
    )
    yield code(command)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Cells that are escaped already, as a table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def measures(view: Tabled) -> tuple[list[str], list[list[str]]]:
    """Heads and rows of the table of measures."""
    _ = Words(view.lang)
    heads = ["", *(escaped(head.name) for head in view.heads)]
    if view.pair:
        heads += [escaped(_("gap, first to second")), escaped(_("verdict"))]
    rows = []
    for row in view.rows:
        label = " ".join(part for part in (row.label, row.detail) if part)
        cells = [escaped(label), *(_cell(cell) for cell in row.cells)]
        if view.pair and row.compared:
            cells += _gap(row.gaps[0]) if row.gaps else [escaped(_("not compared")), _("none")]
        elif view.pair:
            cells += ["", ""]
        rows.append(cells)
    return heads, rows


def _cell(cell: CellView) -> str:
    value = f"**{escaped(cell.value)}**" if cell.best else escaped(cell.value)
    around = ", ".join(part for part in (cell.interval, cell.n) if part)
    return "<br>".join([value, *(escaped(part) for part in (around, *cell.notes) if part)])


def _gap(gap: GapView) -> list[str]:
    return [
        "<br>".join(escaped(part) for part in gap.told if part),
        "<br>".join(escaped(part) for part in (gap.verdict, gap.settle) if part),
    ]


def _to_find_out(use: UseView, _: Words) -> str:
    told = (f"{escaped(head)} {in_code(command)}" for head, command in use.commands)
    return _("; ").join(told)


def _uses(view: View) -> Iterable[str]:
    """What to choose, a row a use."""
    _ = Words(view.lang)
    if view.choose:
        yield f"## {escaped(_('Choose'))}"
        yield table(
            [escaped(_("use")), escaped(_("choose")), escaped(_("why"))],
            [
                [
                    "<br>".join(
                        (
                            f"**{escaped(use.name)}**",
                            *map(in_code, filter(None, [use.known_as])),
                            *(escaped(text) for text in (use.about, use.matters) if text),
                        )
                    ),
                    escaped(use.answer),
                    "<br>".join(
                        (
                            *map(escaped, use.why),
                            *filter(None, [_to_find_out(use, _)]),
                        )
                    ),
                ]
                for use in view.choose.uses
            ],
        )


def _breakdowns(view: View) -> Iterable[str]:
    _ = Words(view.lang)
    if view.breakdowns:
        yield f"## {escaped(_('Behind the scores'))}"
    for part in view.breakdowns:
        title = _("{benchmark}, by {part}", benchmark=part.benchmark, part=part.by)
        yield f"**{escaped(title if part.by else part.benchmark)}**"
        heads = ["", *(escaped(cell.candidate) for cell in part.rows[0].cells)]
        yield table(heads, [[_labelled(row), *map(_figure, row.cells)] for row in part.rows])


def _judged(view: View) -> Iterable[str]:
    """What judges said, reply by reply; of a judge's own words the beginning."""
    if view.judged is None:
        return
    yield f"## {escaped(Words(view.lang)('What judges said'))}"
    lines: list[str] = []
    for reply in view.judged.replies:
        lines.append(f"- **{escaped(reply.case)}**, {escaped(reply.candidate)}")
        for part in reply.heard.parts:
            lines.append(f"  - {escaped(part.told)}")
            for voice in part.voices:
                own = f" “{escaped(brief(voice.text))}”" if voice.text else ""
                lines.append(f"    - {escaped(voice.told)}.{own}")
        if reply.heard.together:
            lines.append(f"  - {escaped(reply.heard.together)}")
    yield "\n".join(lines)
    yield escaped(view.judged.left_out)


def _votes(view: View) -> Iterable[str]:
    _ = Words(view.lang)
    if view.votes:
        yield f"## {escaped(_('Votes'))}"
        yield "\n".join(f"- {escaped(text)}" for text in view.votes.lines)


def _money(view: View) -> Iterable[str]:
    _, money = Words(view.lang), view.money
    if money is None:
        return
    yield f"## {escaped(_('Money'))}"
    yield table(["", *map(escaped, money.names)], map(_priced, money.prices))
    yield "\n\n".join(escaped(text) for text in (*money.about, money.workload))
    yield table([escaped(head) for head in money.month_heads], map(_priced, money.month))
    yield "\n".join(f"- {escaped(text)}" for text in money.told)


def _priced(row: Row) -> list[str]:
    cells = ((cell.value, cell.around) for cell in row.cells)
    return [escaped(row.label), *("<br>".join(escaped(p) for p in cell if p) for cell in cells)]


def _claims(view: View) -> Iterable[str]:
    """What was published beside what was measured; and that there is more."""
    seen = view.claims
    if seen is None:
        return
    yield f"## {escaped(Words(view.lang)('Published figures'))}"
    if seen.rows:
        yield table(list(map(escaped, seen.heads)), [list(map(escaped, row)) for row in seen.rows])
    yield "  \n".join(escaped(text) for text in (*seen.sources, seen.further) if text)


def _labelled(row: FigureRow) -> str:
    return escaped(row.label) + (f"<br><sub>{escaped(row.doc)}</sub>" if row.doc else "")


def _figure(cell: FigureCell) -> str:
    around = f"<br>{escaped(f'{cell.interval}, {cell.n}')}" if cell.interval else ""
    return escaped(cell.value) + around


def _facts(view: View) -> tuple[list[str], list[list[str]]]:
    heads = ["", *(escaped(head.name) for head in view.heads)]
    return heads, [[escaped(row.label), *(_fact(cell) for cell in row.cells)] for row in view.facts]


def _fact(cell: FactCell) -> str:
    parts = [escaped(part) for part in (cell.value, cell.around, *cell.notes) if part]
    return "<br>".join([*parts, *([f"<sub>{escaped(cell.source)}</sub>"] if cell.source else [])])


def _benchmarks(view: View) -> Iterable[str]:
    for known in view.benchmarks:
        yield f"- **{escaped(known.name)}** ({escaped(known.protocol)})"
        yield from (f"  - {escaped(told.text)}" for told in known.lines)


def code(command: str) -> str:
    """A fenced block; the fence is longer than any in it."""
    fence = _fence(command, 3)
    return f"{fence}\n{line(command)}\n{fence}"


def in_code(command: str) -> str:
    """The same in a cell of a table."""
    fence, room = _fence(command, 1), " " if "`" in command else ""
    return f"{fence}{room}{line(command)}{room}{fence}".replace("|", "\\|")


def _fence(command: str, least: int) -> str:
    return "`" * max([least, *(len(found) + 1 for found in re.findall("`+", command))])
