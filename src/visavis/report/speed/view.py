"""One view of a speed run, already worded: a table a load, verdicts, warnings, how to read it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from math import inf
from pathlib import PurePath

from visavis.core.candidate import Candidate
from visavis.measure.calibrate import GOOD_SHARE
from visavis.measure.load.arrivals import streams_in
from visavis.options import Language
from visavis.report.background import Item
from visavis.report.heads import Head, head, which_run
from visavis.report.language import Words
from visavis.report.retold import retold
from visavis.report.sentences import Sentence, sentences
from visavis.report.speed.beside_words import beside_items, reference_cell
from visavis.report.speed.figures import Loaded, SpeedFigures
from visavis.report.speed.headline import speed_headline
from visavis.report.speed.words import kept, load_label, objective_label, percentile
from visavis.report.table import CellView, RowView, failures, rows
from visavis.report.text import Numbers, line
from visavis.stats.estimate import Estimate
from visavis.verdict.compare import Judgement

_SHORT = 0.9
"""Of the tokens asked for: fewer are told."""
_TAILS = (("first_token_s", 0.95), ("total_s", 0.95))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadView:
    """One load as a table; the same shape as the table of a comparison."""

    name: str
    label: str
    lang: Language
    heads: tuple[Head, ...]
    rows: tuple[RowView, ...]

    @property
    def pair(self) -> bool:
        return len(self.heads) == 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedView:
    """A whole speed report in words."""

    lang: Language
    title: str
    run: str
    """Its name, and when it began."""
    day: str
    headline: str
    sentences: tuple[Sentence, ...]
    warnings: tuple[str, ...]
    heads: tuple[Head, ...]
    loads: tuple[LoadView, ...]
    reading: tuple[str, ...]
    items: tuple[Item, ...]
    """What was sent, by what it was timed, and what else was measured."""
    command: str


def speed_view(figures: SpeedFigures, lang: Language = "en") -> SpeedView:
    """Word a speed run."""
    _ = Words(lang)
    names = _(" vs. ").join(line(candidate.name) for candidate in figures.spec.candidates)
    return SpeedView(
        lang=lang,
        title=_("{names}, under load", names=names),
        run=which_run(PurePath(figures.name).name, figures.started_at, lang),
        day=Numbers(lang).day(figures.started_at),
        headline=speed_headline(figures, lang),
        sentences=tuple(_sentences(figures, lang)),
        warnings=tuple(_warnings(figures, lang)),
        heads=tuple(head(candidate, lang) for candidate in figures.spec.candidates),
        loads=tuple(_load(figures, name, lang) for name in figures.loads),
        reading=tuple(_reading(figures, lang)),
        items=tuple(_items(figures, lang)),
        command=line(figures.command),
    )


def part(judgement: Judgement, load: str) -> Judgement:
    """What was judged under one load. The load goes without saying then."""
    mine = (row for row in judgement.rows if row.benchmark == load)
    return replace(judgement, rows=tuple(replace(row, benchmark="") for row in mine))


def _sentences(figures: SpeedFigures, lang: Language) -> Iterator[Sentence]:
    """The verdicts, load by load."""
    _ = Words(lang)
    for name in figures.loads:
        for said in sentences(part(figures.judgement, name), lang):
            text = _("{label}: {value}", label=load_label(name, lang), value=said.text)
            yield replace(said, text=text)


# --- the table of a load ------------------------------------------------------------------------


def _load(figures: SpeedFigures, name: str, lang: Language) -> LoadView:
    candidates = {candidate.name: candidate for candidate in figures.spec.candidates}
    judged = rows(part(figures.judgement, name), candidates, {}, lang, priced=False)
    return LoadView(
        name=name,
        label=load_label(name, lang),
        lang=lang,
        heads=tuple(head(candidate, lang) for candidate in candidates.values()),
        rows=(*judged, *_plain_rows(name, figures, list(candidates), lang)),
    )


def _plain_rows(
    load: str, figures: SpeedFigures, names: list[str], lang: Language
) -> Iterator[RowView]:
    """What is shown and not compared."""
    _ = Words(lang)
    of = {one.candidate: one for one in figures.of(load)}

    def row(label: str, cells: Iterable[CellView]) -> RowView:
        return RowView(label=label, detail="", cells=tuple(cells), gaps=(), compared=False)

    for measure, share in _TAILS:
        cells = (_tail(of.get(name), name, (measure, share), lang) for name in names)
        yield row(percentile(measure, share, lang), cells)
    if isinstance(figures.beside.tokenizer, str) and figures.beside.tokenizer:
        told = (reference_cell(figures.beside, load, name, lang) for name in names)
        yield row(_("output speed, in reference tokens"), told)
    yield row(_("replies"), (_replies(of.get(name), name, lang) for name in names))
    for wanted in figures.objectives:
        cells = (_kept(of.get(name), name, wanted.text, figures, lang) for name in names)
        yield row(objective_label(wanted, lang), cells)
    yield row(_("we may be wrong by"), (_wrong_by(of.get(name), name, lang) for name in names))


def _cell(
    name: str, value: str, *, interval: str = "", n: str = "", notes: Iterable[str] = ()
) -> CellView:
    return CellView(
        candidate=name, value=value, interval=interval, n=n, notes=tuple(notes), best=False
    )


def _nothing(name: str, lang: Language) -> CellView:
    return _cell(name, Words(lang)("no reply"))


def _tail(found: Loaded | None, name: str, which: tuple[str, float], lang: Language) -> CellView:
    """A percentile with its interval; where there are too few replies, how many it takes."""
    _, num = Words(lang), Numbers(lang)
    quantile = None if found is None else found.quantile(*which)
    if quantile is None:
        return _nothing(name, lang)
    if isinstance(quantile.known, Estimate):
        known = quantile.known
        width = known.high - known.low
        value, interval = num.seconds(known.value, width), num.interval("s", known)
        return _cell(name, value, interval=interval, n=num.n(known.n))
    few = _("no interval: it takes {n} replies", n=num.count(quantile.known.needed))
    return _cell(name, num.seconds(quantile.value), interval=few, n=num.n(quantile.known.groups))


def _replies(found: Loaded | None, name: str, lang: Language) -> CellView:
    """How many came, how many failed and why, how many a second."""
    _, num = Words(lang), Numbers(lang)
    if found is None:
        return _cell(name, _("not asked"))
    told = found.counts
    value = _("{n} of {all}", n=num.count(told.asked - told.failed), all=num.count(told.asked))
    notes = []
    if told.failed:
        failed = _.plural("{n} failed", "{n} failed", told.failed, n=num.count(told.failed))
        notes.append(f"{failed} ({failures(told, lang)})")
    return _cell(
        name, value, interval=num.rate(found.requests_per_s, unit="requests_per_s"), notes=notes
    )


def _kept(
    found: Loaded | None, name: str, text: str, figures: SpeedFigures, lang: Language
) -> CellView:
    num = Numbers(lang)
    if found is None:
        return _nothing(name, lang)
    known = found.met[text]
    wanted = next(one for one in figures.objectives if one.text == text)
    said = kept(wanted, known, lang)
    if not isinstance(known, Estimate):
        return _cell(name, said)
    share = num.share(known.value, 0.0)
    interval = num.interval("share", known)
    return _cell(name, f"{said}, {share}", interval=interval, n=num.n(known.n))


def _wrong_by(found: Loaded | None, name: str, lang: Language) -> CellView:
    """The instrument's own error, with a word where that is not small beside what it measured."""
    _, num = Words(lang), Numbers(lang)
    if found is None or found.instrument is None:
        return _nothing(name, lang)
    instrument, notes = found.instrument, []
    if found.flagged:
        notes.append(_("more than {share} of it", share=num.share(GOOD_SHARE)))
    late = _("sent {time} late", time=num.seconds(instrument.late_s, instrument.late_s))
    if instrument.error_s is None:
        return _cell(name, _("not calibrated so far"), interval=late, notes=notes)
    return _cell(
        name, num.seconds(instrument.error_s, instrument.error_s), interval=late, notes=notes
    )


# --- around the tables --------------------------------------------------------------------------


def _warnings(figures: SpeedFigures, lang: Language) -> Iterator[str]:
    _, num = Words(lang), Numbers(lang)
    for name in figures.loads:
        unsteady = [line(one.candidate) for one in figures.of(name) if one.unsteady]
        if unsteady:
            yield _(
                "{load}: not steady for {candidates}: waits grew, or requests came faster than "
                "replies. It is more than can be served, or the blocks are too short; the figures "
                "hold for a load of this length.",
                load=load_label(name, lang),
                candidates=_.listed(unsteady),
            )
    for candidate in figures.spec.candidates:
        mine = (one for one in figures.loaded.values() if one.candidate == candidate.name)
        wrote = min((one.output_tokens for one in mine if one.output_tokens), default=inf)
        if wrote < _SHORT * _asked(figures):
            yield _(
                "Replies of {candidate} were shorter than asked: {had} of {wanted} tokens.",
                candidate=line(candidate.name),
                had=num.count(wrote),
                wanted=num.count(_asked(figures)),
            )
    if any(one.flagged for one in figures.loaded.values()):
        yield from _instrument_warning(figures, lang)
    for note in figures.notes:
        yield line(retold(note, lang).text)


def _asked(figures: SpeedFigures) -> int:
    """Tokens of each reply; a trace has its own."""
    traced = any(name.startswith("trace") for name in figures.loads)
    return 0 if traced else figures.spec.output_tokens


def _instrument_warning(figures: SpeedFigures, lang: Language) -> Iterator[str]:
    _, num, vouched = Words(lang), Numbers(lang), figures.vouched()
    yield _(
        "Some first tokens came within twenty times what we may be wrong by, or were sent as late; "
        "they are marked."
    )
    if vouched is not None and vouched < max(one.streams for one in figures.errors):
        yield _(
            "On this machine the instrument vouches for {n} requests at once, no more.",
            n=num.count(vouched),
        )


def _reading(figures: SpeedFigures, lang: Language) -> Iterator[str]:
    _ = Words(lang)
    yield _(
        "With each figure stands its 95% interval. n counts blocks where candidates are compared "
        "(the median of each block, A and B in turn), replies in the rows below."
    )
    if any(streams_in(name) is None for name in figures.loads):
        yield _(
            "Where requests come at a rate or from a trace, every wait counts from when a request "
            "was due, so that a server that stalls cannot hide it."
        )
    yield _(
        "Output speed: of one reply, after its first token. Throughput: of all together. Tokens "
        "are as each server counts them: those of two models are not the same unit, characters and "
        "words are."
    )
    if isinstance(figures.beside.tokenizer, str) and figures.beside.tokenizer:
        yield _(
            "Reference tokens are those of one tokenizer for all candidates ({name}), counted in "
            "the texts that came.",
            name=figures.beside.tokenizer,
        )
    yield _(
        "We may be wrong by: 99 of 100 errors of our first tokens were smaller, as measured before "
        "the run on a server of known delays with as many requests at once; or, where that is "
        "more, so long had we not looked when they came."
    )


def _items(figures: SpeedFigures, lang: Language) -> Iterator[Item]:
    _, num, spec = Words(lang), Numbers(lang), figures.spec
    sent = _(
        "{prompt} tokens in, {output} out, {blocks} blocks",
        prompt=num.count(spec.prompt_tokens),
        output=num.count(spec.output_tokens),
        blocks=num.count(spec.blocks),
    )
    if spec.shared_tokens:
        sent = _("{sent}, {n} tokens of each prompt the same", sent=sent, n=spec.shared_tokens)
    yield Item(label=_("asked"), value=sent)
    for candidate in spec.candidates:
        yield Item(label=line(candidate.name), value=_counted(figures, candidate, lang))
    yield from beside_items(figures.beside, spec.candidates, lang)
    if figures.calibration is not None:
        clocks = {"kernel": _("the kernel's"), "user": _("the program's own")}
        yield Item(label=_("clock"), value=clocks[figures.calibration.clock])
    for label, version in figures.versions.items():
        yield Item(label=line(label), value=line(version))
    machine = spec.machine
    if machine:
        value = f"{machine.get('cpu', '')}, {machine.get('system', '')}"
        yield Item(label=_("machine"), value=line(value))


def _counted(figures: SpeedFigures, candidate: Candidate, lang: Language) -> str:
    """What its server counted, what it cost, what else was measured of it."""
    _, num = Words(lang), Numbers(lang)
    mine = [one for one in figures.loaded.values() if one.candidate == candidate.name]
    told = [head(candidate, lang).detail]
    for label, values in (
        (_("{n} tokens in"), [one.prompt_tokens for one in mine]),
        (_("{n} of them from a cache"), [one.cached_tokens for one in mine]),
        (_("{n} out"), [one.output_tokens for one in mine]),
    ):
        known = [value for value in values if value]
        if known:
            told.append(label.format(n=num.count(sum(known) / len(known))))
    spent = figures.spent_usd.get(candidate.name)
    if spent is not None:
        told.append(num.usd(spent))
    told += (
        _("peak memory {size}", size=num.size(fact.value))
        for fact in figures.facts.get(candidate.name, ())
        if fact.name == "peak_bytes" and isinstance(fact.value, float)
    )
    return ", ".join(told)
