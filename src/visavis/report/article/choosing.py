"""Whom to choose for what: by the policies that have a name, and by what was shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from visavis.core.candidate import Unknown
from visavis.report.article.quoting import item
from visavis.report.language import N_, Words
from visavis.report.markdown import escaped
from visavis.report.measures import wording
from visavis.report.run_facts import RunFacts
from visavis.report.sentences import deciding
from visavis.report.subjects import title
from visavis.report.table import winners
from visavis.report.text import Numbers, line
from visavis.report.verdict import criterion_label, share
from visavis.report.view import View
from visavis.verdict.choice import NONE, Choice
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.decide import Alike
from visavis.verdict.policy import DEFAULT

_FROM = N_("if {criterion} counts for {share} of the decision or more")
_UNDER = N_("if {criterion} counts for less than {share} of the decision")


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """Reasons for each candidate, all of them shown or stated."""

    judgement: Judgement
    run: RunFacts
    view: View

    @cached_property
    def say(self) -> Words:
        return Words(self.view.lang)

    @cached_property
    def num(self) -> Numbers:
        return Numbers(self.view.lang)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        return {spec.name: title(spec, self.view.lang) for spec in self.run.spec.benchmarks}

    @property
    def taken(self) -> tuple[Choice, ...]:
        return self.run.choices.taken if self.run.choices else ()

    def written(self) -> Iterator[str]:
        """A list for each candidate, then the uses for which nothing is decided."""
        _ = self.say
        for name in self.judgement.candidates:
            said = list(self._reasons(name))
            if said:
                yield f"### {escaped(_('Choose {name} …', name=line(name)))}"
                yield "\n".join(map(item, said))
            else:
                yield f"### {escaped(_('When to choose {name}?', name=line(name)))}"
                yield escaped(_("Nothing that was measured, and no price, speaks for it alone."))
        named = [one for one in self.taken if one.policy.about and one.policy.name != DEFAULT.name]
        open_ = [one for one in named if one.chosen is None and one.because != NONE]
        none = [one for one in named if one.because == NONE]
        if open_:
            yield escaped(_("What was measured does not decide: {uses}.", uses=self._uses(open_)))
        if none:
            yield escaped(_("No candidate is known to be fit for: {uses}.", uses=self._uses(none)))

    def _reasons(self, name: str) -> Iterator[str]:
        yield from self._by_policy(name)
        yield from self._shown(name)
        yield from self._alike_and_cheaper(name)
        yield from self._cheapest(name)
        yield from self._conditions(name)

    def _by_policy(self, name: str) -> Iterator[str]:
        _ = self.say
        for one in self.taken:
            if one.chosen == name and one.because == "only one is left":
                yield _("for {use}: it alone meets what that takes", use=self._use(one))
            elif one.chosen == name:
                yield _(
                    "for {use}: it comes out best in {share} of all that the measurements and the "
                    "weights allow",
                    use=self._use(one),
                    share=share(one.best.acceptability, self.view.lang),
                )

    def _shown(self, name: str) -> Iterator[str]:
        """At what it was shown to be better, and than whom."""
        _ = self.say
        than: dict[frozenset[str], list[str]] = {}
        for row in deciding(self.judgement):
            beaten = winners(row).get(name)
            if beaten:
                than.setdefault(frozenset(beaten), []).append(self._label(row))
        for losers, labels in than.items():
            what = _.listed(labels)
            if len(losers) == len(self.judgement.candidates) - 1:
                yield _("if this counts: {what}. It was shown ahead there", what=what)
            else:
                named = [line(other) for other in self.judgement.candidates if other in losers]
                yield _(
                    "rather than {others}, if this counts: {what}. It was shown ahead of them "
                    "there",
                    others=_.listed(named),
                    what=what,
                )

    def _alike_and_cheaper(self, name: str) -> Iterator[str]:
        """Where a dearer one was shown not to be better by anything that matters."""
        _ = self.say
        for other in self.judgement.candidates:
            times = self._cheaper_by(name, other)
            alike = [
                self._label(row) for row in deciding(self.judgement) if _alike(row, name, other)
            ]
            if times is not None and alike:
                yield _(
                    "rather than {other}, if this is what you need: {what}. The two are alike "
                    "there, and by the price list a token of {other} costs at least {times} times "
                    "as much",
                    other=line(other),
                    what=_.listed(alike),
                    times=self.num.ratio(times),
                )

    def _cheapest(self, name: str) -> Iterator[str]:
        others = [other for other in self.judgement.candidates if other != name]
        if all(self._cheaper_by(name, other) is not None for other in others):
            _, usd = self.say, self._prices[name]
            yield _(
                "if the price per token counts most: a million tokens cost {input} read and "
                "{output} written, the least here",
                input=self.num.stated_usd(usd[0]),
                output=self.num.stated_usd(usd[1]),
            )

    def _conditions(self, name: str) -> Iterator[str]:
        """What has to weigh how much for it to be the choice, where nobody said what does."""
        for one in self.taken:
            if one.policy.name == DEFAULT.name and one.chosen is None:
                for each in one.conditions:
                    if each.candidate == name:
                        yield self.say(
                            _FROM if each.above else _UNDER,
                            criterion=criterion_label(each.criterion, self.view.lang),
                            share=self.num.share(each.share),
                        )

    @cached_property
    def _prices(self) -> Mapping[str, tuple[float, float]]:
        """Of a million tokens, read and written, where a list has them."""
        return {
            one.candidate: (one.tariff.rates[0].input_usd, one.tariff.rates[0].output_usd)
            for one in (self.run.money.candidates if self.run.money else ())
            if not isinstance(one.tariff, Unknown)
        }

    def _cheaper_by(self, name: str, other: str) -> float | None:
        """How many times as much the other's tokens cost at least; None where they do not cost
        more, both read and written."""
        if name == other or not {name, other} <= self._prices.keys():
            return None
        own, others = self._prices[name], self._prices[other]
        if not all(mine < its for mine, its in zip(own, others, strict=True)):
            return None
        return min(its / mine for mine, its in zip(own, others, strict=True) if mine)

    def _label(self, row: MeasureRow) -> str:
        name = self.titles.get(row.benchmark, line(row.benchmark))
        label = self.say(wording(row.measure).label)
        if row.measure == "score":
            return name
        return label if row.benchmark not in self.titles else f"{label} ({name})"

    def _use(self, one: Choice) -> str:
        return self.say(line(one.policy.about)) if one.policy.about else line(one.policy.name)

    def _uses(self, choices: Sequence[Choice]) -> str:
        return self.say("; ").join(map(self._use, choices))


def _alike(row: MeasureRow, a: str, b: str) -> bool:
    return any({gap.a, gap.b} == {a, b} and isinstance(gap.verdict, Alike) for gap in row.gaps)
