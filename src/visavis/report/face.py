"""The candidates face to face: one row a topic, in the order of the articles that this replaces.

What was measured, what is stated and what was published stand in one cell, each with who says so
and when. A winner is marked only where a difference was shown, and always in words.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Literal

from visavis.core.candidate import Candidate
from visavis.measure.speed import SPEED
from visavis.options import Language
from visavis.report.claims import CRITERIA, ClaimView, claim_views, printers
from visavis.report.facts import FactCell, FactRow
from visavis.report.findings import Finding, findings, shown_better, won
from visavis.report.heads import head
from visavis.report.language import N_, Words
from visavis.report.run_facts import RunFacts
from visavis.report.table import CellView, RowView
from visavis.report.text import Numbers
from visavis.report.traces import place
from visavis.verdict.claims import CRITERIA as ABOUT
from visavis.verdict.claims import FURTHER_FAMILIES, Checked

PRACTICAL = (
    "logic", "case_zorks", "arkanoid", "case_arkanoid",
    "grid", "ordering", "schedule", "rule", "table", "trace", "money", "units",
    "csv-report", "parser", "plot", "todo", "web-server",
)  # fmt: skip
"""Families of cases made here, and the two tries that the articles tell of."""

Name = Literal[
    "specifications", "speed", "benchmarks", "practical", "price", "memory", "safety", "uses", "run"
]

GROUPS: Mapping[Name, tuple[str, tuple[str, ...]]] = {
    "specifications": (
        N_("The model"),
        ("architecture", "parameters", "quantisation", "context_window_tokens",
         "accepted_prompt_tokens", "facts_found_tokens", "largest_output_tokens",
         "written_reply_tokens", "knowledge_cutoff", "known_until", "training", "licence"),
    ),
    "speed": (
        N_("Speed"),
        ("output_tokens_per_s", "first_token_s", "characters_per_s", "words_per_s",
         "throughput_tokens_per_s", "goodput_per_s"),
    ),
    "benchmarks": (
        N_("Benchmarks"),
        ("mmlu", "humaneval", "math", "glue", "mmmu", *FURTHER_FAMILIES, "multilingual"),
    ),
    "practical": (N_("Practical tests"), PRACTICAL),
    "price": (
        N_("Price and tokens"),
        ("usd_per_million_input_tokens", "usd_per_million_output_tokens",
         "usd_per_million_cached_input_tokens", "usd_per_million_batch_input_tokens",
         "usd_per_million_batch_output_tokens", "usd_per_solved_case", "output_tokens", "spent",
         "charged"),
    ),
    "memory": (
        N_("Memory and machine"),
        ("file_bytes", "peak_bytes", "anonymous_bytes", "file_backed_bytes", "load_s", "engine"),
    ),
    "safety": (N_("Safety"), ("safety",)),
    "uses": (N_("Uses and availability"), ("uses", "availability")),
    "run": (N_("In this run"), ("trials", "tokens")),
}  # fmt: skip
"""Groups of rows with their topics, in the articles' order. A topic is a fact, a measure, the
family of a benchmark, or what claims alone are about."""

ALL_TRIALS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceCell:
    """One candidate on one topic."""

    candidate: str
    value: str = ""
    """Empty where nothing but a published figure is known, if that."""
    known: bool = False
    """False where `value` says why there is none."""
    interval: str = ""
    n: str = ""
    source: str = ""
    """Who says so, and when."""
    notes: tuple[str, ...] = ()
    won: str = ""
    """That it was shown to be better than all others, in words."""
    claims: tuple[ClaimView, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceRow:
    """One topic."""

    topic: str
    place: str
    """Its id on the page."""
    group: Name
    """Where a topic belongs that no group names."""
    kind: Literal["measured", "stated", "published"]
    label: str
    detail: str = ""
    protocol: str = ""
    """Of a score."""
    trials: str | None = None
    """The benchmark whose trials lie behind its figures; empty for those of all, None for none."""
    cells: tuple[FaceCell, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def source(self) -> str:
        """Who says all that is known of it; empty where that is not one alone."""
        of = {cell.source for cell in self.cells if cell.known}
        return of.pop() if len(of) == 1 else ""

    @property
    def notes(self) -> tuple[str, ...]:
        """What all of its figures have to be read with."""
        first, *others = self.cells
        return tuple(note for note in first.notes if all(note in cell.notes for cell in others))

    @property
    def traced(self) -> bool:
        """Whether cells have sources of their own, or what others have published."""
        return any(cell.claims or (cell.source and not self.source) for cell in self.cells)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceGroup:
    """Topics that belong together."""

    name: Name
    title: str
    rows: tuple[FaceRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """The whole table."""

    groups: tuple[FaceGroup, ...]
    unknown: tuple[str, ...]
    """What is known of no candidate, with the reason: gathered, and left out of the groups."""
    sources: tuple[str, ...]
    """Who printed the published figures."""


def face(run: RunFacts, rows: Sequence[RowView], facts: Sequence[FactRow], lang: Language) -> Face:
    """What the run's measures, facts and claims say, by topic."""
    rows = [_titled(row, run, lang) for row in rows]
    made = [
        *(_stated(row) for row in facts),
        *(_measured(row, run, lang) for row in rows),
        *_uses(run, rows, lang),
        _availability(run, lang),
    ]
    claimed = [*_with_claims(made, run, lang)]
    made = [row for row in claimed if any(_says_something(cell) for cell in row.cells)]
    return Face(
        groups=tuple(
            FaceGroup(name=name, title=Words(lang)(title), rows=own)
            for name, (title, topics) in GROUPS.items()
            if (own := tuple(_in_group(name, topics, made)))
        ),
        unknown=tuple(_gathered([row for row in claimed if row not in made], lang)),
        sources=printers(run.claims, lang),
    )


def _titled(row: RowView, run: RunFacts, lang: Language) -> RowView:
    """A benchmark as claims about it call it, where it goes by its usual name."""
    of = {one.name: one.protocol.partition("@")[0] for one in run.spec.benchmarks}
    known = CRITERIA.get(row.label) if of.get(row.label) == row.label else None
    return replace(row, label=Words(lang)(known[0])) if known else row


def _says_something(cell: FaceCell) -> bool:
    return cell.known or bool(cell.notes) or bool(cell.claims)


def _gathered(rows: Iterable[FaceRow], lang: Language) -> Iterator[str]:
    """What is unknown of all, by its reasons."""
    _, labels = Words(lang), dict[tuple[str, ...], list[str]]()
    for row in rows:
        why = tuple(dict.fromkeys(cell.value for cell in row.cells))
        labels.setdefault(why, []).append(row.label)
    for why, those in labels.items():
        yield _("{label}: {value}", label=_("; ").join(those), value=_("; ").join(why))


def _in_group(name: Name, topics: Sequence[str], rows: Iterable[FaceRow]) -> list[FaceRow]:
    """In the order of its topics; those that it does not name come last."""
    order = {topic: place for place, topic in enumerate(topics)}
    named = {topic for _title, own in GROUPS.values() for topic in own}
    own = [
        row for row in rows if row.topic in order or (row.group == name and row.topic not in named)
    ]
    return sorted(own, key=lambda row: order.get(row.topic, len(order)))


def _stated(row: FactRow) -> FaceRow:
    counted = row.name in ("trials", "tokens", "spent")
    return FaceRow(
        topic=row.name,
        place=place(row.name),
        group="specifications",
        kind="stated",
        label=row.label,
        trials=ALL_TRIALS if counted else None,
        cells=tuple(_fact(cell) for cell in row.cells),
    )


def _fact(cell: FactCell) -> FaceCell:
    return FaceCell(
        candidate=cell.candidate,
        value=cell.value,
        known=cell.known,
        interval=cell.interval or cell.n,
        n=cell.n if cell.interval else "",
        source=cell.source,
        notes=cell.notes,
    )


def _measured(row: RowView, run: RunFacts, lang: Language) -> FaceRow:
    protocols = {one.name: one.protocol for one in run.spec.benchmarks}
    protocol = protocols.get(row.benchmark, "") if row.measure == "score" else ""
    own_cases = protocol.startswith("own")
    return FaceRow(
        topic=protocol.partition("@")[0] or row.measure,
        place=place(row.measure, row.benchmark),
        group="practical" if own_cases else "benchmarks" if protocol else "speed",
        kind="measured",
        label=row.label,
        detail=", ".join(part for part in (row.detail, protocol) if part),
        protocol=protocol,
        trials=row.benchmark if row.benchmark in protocols and row.benchmark != SPEED else None,
        cells=tuple(
            _figure(cell, candidate, row, run, lang)
            for cell, candidate in zip(row.cells, run.spec.candidates, strict=True)
        ),
        findings=findings(row.gaps, lang),
    )


def _figure(
    cell: CellView, candidate: Candidate, row: RowView, run: RunFacts, lang: Language
) -> FaceCell:
    _, day = Words(lang), Numbers(lang).day(run.started_at)
    graded = candidate.kind == "recorded"
    source = _("graded here, {day}", day=day) if graded else _("measured here, {day}", day=day)
    return FaceCell(
        candidate=cell.candidate,
        value=cell.value,
        known=bool(cell.interval),
        interval=cell.interval,
        n=cell.n,
        source=source if cell.interval else "",
        notes=cell.notes,
        won=won(cell, row, lang),
    )


def _uses(run: RunFacts, rows: Sequence[RowView], lang: Language) -> Iterator[FaceRow]:
    """At what each was shown to be better; a use follows from that, and from nothing else."""
    if len(run.spec.candidates) < 2:
        return
    _ = Words(lang)
    cells = []
    for one in run.spec.candidates:
        said = shown_better(one.name, rows, len(run.spec.candidates), lang)
        value = _("; ").join(said) or _("at nothing that was measured here")
        cells.append(FaceCell(candidate=one.name, value=value, known=True))
    yield FaceRow(
        topic="uses",
        place=place("uses"),
        group="uses",
        kind="stated",
        label=_("shown to be better"),
        cells=tuple(cells),
    )


def _availability(run: RunFacts, lang: Language) -> FaceRow:
    return FaceRow(
        topic="availability",
        place=place("availability"),
        group="uses",
        kind="stated",
        label=Words(lang)("availability"),
        cells=tuple(
            FaceCell(candidate=one.name, value=head(one, lang).detail, known=True)
            for one in run.spec.candidates
        ),
    )


def _with_claims(rows: Iterable[FaceRow], run: RunFacts, lang: Language) -> Iterator[FaceRow]:
    """Each row with what was published of the same, then rows for all else that was."""
    of: dict[str, list[Checked]] = {}
    for one in run.claims:
        of.setdefault(_topic(one), []).append(one)
    rows, left = list(rows), dict(of)
    for row in rows:
        same = [other.protocol for other in rows if other.topic == row.topic]
        own = [one for one in of.get(row.topic, ()) if _goes_to(row, one, same)]
        left.pop(row.topic, None)
        yield replace(row, cells=tuple(_claimed(cell, own, lang) for cell in row.cells))
    for topic, own in left.items():
        yield FaceRow(
            topic=topic,
            place=place(topic),
            group="benchmarks",
            kind="published",
            label=Words(lang)(CRITERIA[own[0].claim.criterion][0]),
            cells=tuple(
                _claimed(FaceCell(candidate=one.name), own, lang) for one in run.spec.candidates
            ),
        )


def _topic(one: Checked) -> str:
    """The row that a claim belongs to: the same fact, measure or benchmark."""
    about = ABOUT[one.claim.criterion]
    return next(chain(about.facts, filter(None, (about.measure, about.family))), about.name)


def _goes_to(row: FaceRow, one: Checked, protocols: Sequence[str]) -> bool:
    """Where a benchmark was asked by several protocols, its own, else the first."""
    wanted = one.claim.protocol if one.claim.protocol in protocols else protocols[0]
    return row.protocol == wanted


def _claimed(cell: FaceCell, claims: Iterable[Checked], lang: Language) -> FaceCell:
    own = [one for one in claims if one.candidate == cell.candidate]
    return replace(cell, claims=claim_views(own, lang)) if own else cell
