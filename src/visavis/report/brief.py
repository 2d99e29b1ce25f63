"""Who was compared, on what, and how sure one may be: what stands under the verdict."""

from collections import Counter
from collections.abc import Iterable, Sequence

from visavis.core.trial import Trial
from visavis.options import Language
from visavis.report.background import Item
from visavis.report.heads import Head
from visavis.report.language import Words
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import called
from visavis.report.table import RowView
from visavis.report.text import Numbers
from visavis.report.traces import Trace
from visavis.report.traces import trials as all_trials


def brief(
    heads: Sequence[Head],
    measures: Sequence[RowView],
    run: RunFacts,
    trials: Iterable[Trial],
    lang: Language,
) -> tuple[Item, ...]:
    """Three lines that a reader wants before any table."""
    _ = Words(lang)
    read = Trace(label=_("how to read it"), to="reading")
    who = [_("{name} ({detail})", name=head.name, detail=head.detail) for head in heads]
    return (
        Item(label=_("Who"), value=_("; ").join(who)),
        Item(label=_("On what"), value=_what(run, trials, lang), trace=all_trials("", lang)),
        Item(label=_("How sure"), value=_sure(measures, lang), trace=read),
    )


def _what(run: RunFacts, trials: Iterable[Trial], lang: Language) -> str:
    _, num, names = Words(lang), Numbers(lang), {one.name for one in run.spec.benchmarks}
    replies = sum(trial.key.benchmark in names for trial in trials)  # blocks of speed are no cases
    asked = [
        _.plural(
            "{name} ({n} case)", "{name} ({n} cases)", one.cases, name=called(one.name),
            n=num.count(one.cases),
        )
        for one in run.spec.benchmarks
    ]  # fmt: skip
    counted = _.plural("{n} reply in all", "{n} replies in all", replies, n=num.count(replies))
    return _("; ").join([_.listed(asked), counted])


def _sure(measures: Sequence[RowView], lang: Language) -> str:
    _, num = Words(lang), Numbers(lang)
    kinds = Counter(gap.kind for row in measures for gap in row.gaps)
    if not kinds:
        return _("Nothing was compared.")
    said = _.plural(
        "{n} comparison: {shown} shown, {alike} alike, {open} undecided.",
        "{n} comparisons: {shown} shown, {alike} alike, {open} undecided.",
        kinds.total(),
        n=num.count(kinds.total()),
        shown=num.count(kinds["prefer"]),
        alike=num.count(kinds["alike"]),
        open=num.count(kinds["undecided"]),
    )
    if not kinds["prefer"]:
        return said
    return f"{said} {kept_below(lang)}"


def kept_below(lang: Language) -> str:
    """What the correction for many comparisons is worth."""
    _ = Words(lang)
    return _(
        "Over all of them together, the chance of claiming a difference where there is none "
        "is kept below {share}.",
        share=Numbers(lang).share(0.05),
    )
