"""Whom to choose for what: by the policies that have a name, by what was shown, and by price."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

from visavis.report.article.quoting import heading, item
from visavis.report.guessing import is_guessed
from visavis.report.headline import deciding
from visavis.report.language import N_, Words
from visavis.report.markdown import escaped
from visavis.report.measures import wording
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import by_title, title
from visavis.report.table import winners
from visavis.report.text import Numbers, line
from visavis.report.token_prices import TokenPrice, cheaper_by, cheapest, token_prices
from visavis.report.verdict import criterion_label, share_said
from visavis.report.view import View
from visavis.verdict.choice import Because, Choice
from visavis.verdict.compare import Judgement, MeasureRow
from visavis.verdict.decide import Alike
from visavis.verdict.policy import DEFAULT

_FOR_USE = N_("for {use} (best in {share} of all that the measurements and the weights allow)")
_FOR_ANY = N_(
    "whatever counts most to you: with any weights, it comes out best in {share} of all that the "
    "measurements allow"
)
_ALONE = N_("for {use} (it alone meets what that takes)")
_FROM = N_("if this counts for {share} of the decision or more: {criterion}")
_UNDER = N_("if this counts for less than {share} of the decision: {criterion}")


@dataclass(frozen=True, kw_only=True)
class Choosing:
    """Reasons for each candidate, all of them shown or stated."""

    judgement: Judgement
    run: RunFacts
    view: View

    def written(self) -> Iterator[str]:
        """A list for each candidate, then the uses that are open."""
        _ = self._say
        for name in self.judgement.candidates:
            said = list(self._reasons(name))
            if said:
                yield heading(_("Choose {name} …", name=line(name)), 3)
                yield "\n".join(map(item, said))
            else:
                yield heading(_("When to choose {name}?", name=line(name)), 3)
                yield escaped(_("Nothing that was measured, and no price, speaks for it alone."))
        yield from self._open()

    def _reasons(self, name: str) -> Iterator[str]:
        yield from self._by_policy(name)
        yield from self._shown(name)
        yield from self._alike_and_cheaper(name)
        yield from self._cheapest(name)
        yield from self._conditions(name)

    def _by_policy(self, name: str) -> Iterator[str]:
        _ = self._say
        for one in self._taken:
            if one.chosen == name:
                text = _FOR_ANY if one.policy.name == DEFAULT.name else _FOR_USE
                if one.because == Because.ALONE:
                    text = _ALONE
                found = share_said(one.best.acceptability, self.view.lang)
                yield _(text, use=self._use(one), share=found)

    def _shown(self, name: str) -> Iterator[str]:
        """At what it was shown to be better, and than whom."""
        _, than = self._say, dict[frozenset[str], list[str]]()
        for row in self._telling:
            beaten = winners(row).get(name)
            if beaten:
                than.setdefault(frozenset(beaten), []).append(self._better(row))
        for losers, better in than.items():
            if len(losers) == len(self.judgement.candidates) - 1:
                yield _("because it was shown to be {better}", better=_.listed(better))
            else:
                named = [line(other) for other in self.judgement.candidates if other in losers]
                yield _(
                    "rather than {others}, because it was shown to be {better}",
                    others=_.listed(named),
                    better=_.listed(better),
                )

    def _alike_and_cheaper(self, name: str) -> Iterator[str]:
        """Where a dearer one was shown not to be better by anything that matters."""
        _ = self._say
        for other in self.judgement.candidates:
            times = cheaper_by(self._prices, name, other)
            alike = [self._title(row) for row in self._telling if _alike(row, name, other)]
            if times is not None and alike:
                yield _(
                    "rather than {other} for {what}, where the two are alike: by the price list, a "
                    "token of {other} costs at least {times} times as much",
                    other=line(other),
                    what=_.listed(alike),
                    times=self._num.ratio(times),
                )

    def _cheapest(self, name: str) -> Iterator[str]:
        """That nobody's tokens cost less; how many a task takes is another matter."""
        _, num = self._say, self._num
        if cheapest(self._prices, self.judgement.candidates) == name:
            taken, made = self._prices[name]
            yield _(
                "if the price per token counts most: a million tokens cost {input} read and "
                "{output} written, the least here",
                input=num.stated_usd(taken),
                output=num.stated_usd(made),
            )

    def _conditions(self, name: str) -> Iterator[str]:
        """What has to weigh how much for it to be the choice, where nobody said what does."""
        _ = self._say
        for one in self._taken:
            if one.policy.name == DEFAULT.name and one.chosen is None:
                for each in one.conditions:
                    if each.candidate == name:
                        yield _(
                            _FROM if each.above else _UNDER,
                            criterion=self._criterion(each.criterion),
                            share=self._num.share(each.share),
                        )

    def _open(self) -> Iterator[str]:
        """Uses for which nobody can be recommended, and why."""
        _ = self._say
        uses: dict[str, list[str]] = {}
        for one in self._taken:
            if one.policy.name != DEFAULT.name:
                uses.setdefault(_why_open(one), []).append(self._use(one))
        for why, named in uses.items():
            if why:
                yield escaped(_(why, uses=_("; ").join(named)))

    @cached_property
    def _say(self) -> Words:
        return Words(self.view.lang)

    @cached_property
    def _num(self) -> Numbers:
        return Numbers(self.view.lang)

    @property
    def _taken(self) -> Sequence[Choice]:
        return self.run.choices.taken if self.run.choices else ()

    @cached_property
    def _telling(self) -> list[MeasureRow]:
        """The rows that decide, but for scores by which nobody is above chance."""
        return [
            row
            for row in deciding(self.judgement)
            if row.measure != "score" or not is_guessed(row, self.run.chances.get(row.benchmark))
        ]

    @cached_property
    def _prices(self) -> Mapping[str, TokenPrice]:
        return token_prices(self.run)

    @cached_property
    def _titles(self) -> Mapping[str, str]:
        return {spec.name: title(spec, self.view.lang) for spec in self.run.spec.benchmarks}

    def _title(self, row: MeasureRow) -> str:
        return self._titles.get(row.benchmark, line(row.benchmark))

    def _criterion(self, name: str) -> str:
        with by_title(self._titles):
            return criterion_label(name, self.view.lang)

    def _better(self, row: MeasureRow) -> str:
        """What the winner is: `better at GSM8K`, `quicker to answer`."""
        _, name = self._say, self._title(row)
        return _(wording(row.measure).better, subject=name, benchmark=name)

    def _use(self, one: Choice) -> str:
        _ = self._say
        return _(line(one.policy.about)) if one.policy.about else line(one.policy.name)


_UNDECIDED = N_("What was measured does not decide: {uses}.")
_OPEN: Mapping[str, str] = MappingProxyType(
    {
        Because.NONE: N_("No candidate is known to be fit for: {uses}."),
        Because.HALF_UNMEASURED: N_("Half or more of what counts was not measured for: {uses}."),
    }
)


def _why_open(one: Choice) -> str:
    """Why a policy recommends nobody; empty where it does."""
    return "" if one.chosen else _OPEN.get(one.because, _UNDECIDED)


def _alike(row: MeasureRow, a: str, b: str) -> bool:
    return any({gap.a, gap.b} == {a, b} and isinstance(gap.verdict, Alike) for gap in row.gaps)
