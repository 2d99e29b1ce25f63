"""A judged run, and every form in which it can be shown."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from visavis.api.around import check_writable
from visavis.api.choices import choices_of
from visavis.api.claims_kept import kept
from visavis.api.claims_known import claims_of
from visavis.api.collector import not_collecting
from visavis.api.facts import facts_of
from visavis.api.figures import figures_of_run
from visavis.api.judged import JudgedRun, with_rubrics
from visavis.api.reckoned import reckoned
from visavis.api.shown import Shown, save
from visavis.api.tokens import TokenCounts
from visavis.candidates.fit import machines
from visavis.core.candidate import Unknown
from visavis.core.observation import Counts
from visavis.core.trial import Trial, TrialKey
from visavis.measure.observe import counts, observations
from visavis.measure.run import Ended
from visavis.measure.store import RunStore, Tried
from visavis.options import Language
from visavis.report.charts.gathered import Gathered, gathered
from visavis.report.run_facts import RunFacts
from visavis.report.transcripts import tried
from visavis.verdict.compare import Judgement, judge
from visavis.verdict.policy_file import policy_of

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from visavis.report.speed.figures import SpeedFigures
    from visavis.report.transcripts_packed import Aside
    from visavis.report.view import View
    from visavis.scoring.heard import Heard
    from visavis.verdict.claims import Checked
    from visavis.verdict.consider import Choices
    from visavis.verdict.money import Money
    from visavis.verdict.votes import Poll
    from visavis.verdict.workload import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What a run is shown with that lies elsewhere."""

    claims: Sequence[str] = ()
    """Files of published figures."""
    limits: Sequence[str] = ()
    """Files of what `visavis limits` found."""
    speed: Path | None = None
    """The folder of a speed run."""


class Comparison(Shown):
    """A run, judged under a policy. Reads its folder alone: no network, no model."""

    held_trials = 20_000
    """A run of no more is held with its texts: some 40 MB."""

    def __init__(
        self,
        folder: Path,
        *,
        policy: str = "default",
        lang: Language = "en",
        ended: Ended | None = None,
        beside: Beside | None = None,
    ) -> None:
        super().__init__(folder, policy=policy, lang=lang)
        self._beside = beside or Beside()
        self.ended = ended
        """How the session that made it ended; None for a run of an earlier day."""

    @cached_property
    def trials(self) -> tuple[Trial, ...]:
        """Every trial, in the order in which they ended, graded also by the run's judges."""
        return self._read(texts=True)

    @cached_property
    def bare_trials(self) -> tuple[Trial, ...]:
        """The same without texts, as `RunStore.trials` leaves them out: all that judging needs. Of
        a run that is not large they are `trials`, so that it is read once."""
        return self.trials if self._held else self._read(texts=False)

    @property
    def _held(self) -> bool:
        """Whether all texts are in memory, or may well be."""
        if "trials" in vars(self):
            return True
        with RunStore.open(self.folder) as store:
            return store.count() <= self.held_trials

    @not_collecting()
    def _read(self, *, texts: bool) -> tuple[Trial, ...]:
        with RunStore.open(self.folder) as store:
            return tuple(map(self._judged.graded, store.trials(texts=texts)))

    def _every(self) -> Iterator[Trial]:
        """Trial by trial with all that was said, none of it held unless it is already."""
        if self._held:
            yield from self.trials
            return
        with RunStore.open(self.folder) as store:
            yield from map(self._judged.graded, store.trials())

    def _case_by_case(self) -> Iterator[Tried]:
        """The same by case."""
        if self._held:
            yield from tried(self.facts, self.trials)
            return
        with RunStore.open(self.folder) as store:
            for one in store.tried():
                yield one._replace(trials=[*map(self._judged.graded, one.trials)])

    @cached_property
    def _judged(self) -> JudgedRun:
        with RunStore.open(self.folder) as store:
            mine = with_rubrics(self.facts)
            own = (trial for trial in store.trials() if trial.key[1:3] in mine) if mine else ()
            return JudgedRun(folder=self.folder, run=self.facts, as_asked=tuple(own))

    @property
    def heard(self) -> "Mapping[TrialKey, Heard]":
        """What each judge said of each reply, and what that made of its grade; empty where no
        model judged."""
        return self._judged.heard

    @cached_property
    @not_collecting()
    def judgement(self) -> Judgement:
        """Every measure, every pair: estimates, gaps and verdicts as data."""
        names = [candidate.name for candidate in self.facts.spec.candidates]
        seen = chain(
            observations(self.bare_trials, self.facts.group_of),
            reckoned(self.facts.spec.candidates, lambda: self.tokens),
        )
        policy, drawn = policy_of(self._policy), self.facts.spec.drawn
        return judge(seen, self._counts(), names, policy, drawn)

    @cached_property
    def tokens(self) -> TokenCounts:
        """What each candidate read and wrote, case by case."""
        return TokenCounts(self.facts, self.bare_trials)

    def _counts(self) -> list[Counts]:
        """In the order asked: cases whose grading takes long end after those of later ones."""
        asked = [benchmark.name for benchmark in self.facts.spec.benchmarks]
        place = {name: number for number, name in enumerate(asked)}
        return sorted(
            counts(self.bare_trials), key=lambda one: place.get(one.benchmark, len(place))
        )

    @cached_property
    def view(self) -> "View":
        """The whole report in words, as every renderer shows it."""
        return self._in(self.lang)

    def _in(self, lang: Language) -> "View":
        from visavis.report.subjects import by_title, titles_of
        from visavis.report.view import view

        judged, trials = self.judgement, self.bare_trials
        with by_title(titles_of(self.facts.spec.benchmarks, lang)):
            return view(judged, self._published, trials, lang, self._case_by_case)

    @cached_property
    @not_collecting()
    def facts(self) -> RunFacts:
        with RunStore.open(self.folder) as store:
            facts = facts_of(store)
        if not self._beside.limits:
            return facts
        from visavis.api.limits_beside import limits_of

        limits, notes = limits_of(facts.spec.candidates, self._beside.limits)
        return replace(facts, limits=limits, notes=(*facts.notes, *notes))

    @cached_property
    def _told(self) -> RunFacts:
        """The facts, with what lies behind the scores."""
        figures = figures_of_run(self.facts, self.bare_trials)
        judging = self._judged.judging
        claims = self._checked(priced=False)
        return replace(
            self.facts,
            figures=figures,
            judging=judging,
            heard=self.heard,
            votes=self.poll,
            choices=self.choices,
            claims=claims,
            gathered=lambda: self._gathered,
            load=self.load,
            notes=(*self.facts.notes, *self.notes_on_load),
            machines={one.name: one.bytes * one.usable for one in machines()},
        )

    @cached_property
    def _gathered(self) -> Gathered:
        """What drawings need of the trials."""
        return gathered(self.facts.spec, self.facts.group_of, self.bare_trials)

    @cached_property
    def load(self) -> "SpeedFigures | None":
        """The speed run that was named, where its candidates are among ours."""
        if self._beside.speed is None:
            return None
        from visavis.api.under_load import figures_of_ours  # it loads what times requests

        return figures_of_ours(self.facts.spec.candidates, self._beside.speed, self._policy)

    @property
    def notes_on_load(self) -> tuple[str, ...]:
        """Whose must-haves the speed run tells of; nothing where none was named."""
        if self.load is None:
            return ()
        from visavis.api.under_load import notes_on

        return notes_on(self.facts.spec.candidates, self.load)

    @cached_property
    def _published(self) -> RunFacts:
        """The same, with list prices: claims are held against them, and workloads have a price."""
        return replace(self._told, claims=self.claims, money=self.money)

    @cached_property
    def money(self) -> "Money":
        """What the candidates cost, as data."""
        from visavis.api.costs import money_for, with_speed

        money = money_for(self.facts, self.tokens, self.judgement, policy_of(self._policy))
        return with_speed(money, self.load) if self.load else money

    @cached_property
    def usd_per_month(self) -> "Mapping[str, Amount]":
        """Of the policy's workload, by candidate, where it is known; empty where it has none."""
        from visavis.verdict.money import monthly

        policy = policy_of(self._policy)
        if policy.workload is None:
            return {}
        bills = {
            one.candidate: monthly(one, policy.workload, policy.hardware)
            for one in self.money.candidates
        }
        return {name: bill for name, bill in bills.items() if not isinstance(bill, Unknown)}

    @cached_property
    def claims(self) -> "tuple[Checked, ...]":
        """What was published of the systems that the candidates reach, and how it stands."""
        return self._checked(priced=True)

    def _checked(self, *, priced: bool) -> "tuple[Checked, ...]":
        files = [*kept(self.folder), *map(Path, self._beside.claims)]
        return claims_of(self.facts, self.judgement, files, priced=priced)

    @cached_property
    def choices(self) -> "Choices | None":
        """What to choose for each use, as data; None where there is nobody to choose from."""
        return choices_of(self, self._policy)

    @cached_property
    def poll(self) -> "Poll | None":
        """What people's blind votes come to, as data; None where there are none."""
        from visavis.api.votes import poll_of

        return poll_of(self.folder, self.facts, self)

    @property
    def verdict(self) -> str:
        """The verdict in one sentence."""
        from visavis.report.headline import headline

        return headline(self.judgement, self.lang, self.facts.chances)

    @not_collecting()
    def _print(self, file: Any, columns: int | None) -> None:
        from visavis.report.terminal import show
        from visavis.report.view import view

        # It shows no price list, and looking those up takes longer than all else.
        show(view(self.judgement, self._told, self.bare_trials, self.lang), file, columns=columns)

    def markdown(self) -> str:
        from visavis.report import markdown

        return markdown.markdown(self.view)

    def article(self) -> str:
        from visavis.report.article.written import article

        if len(self.facts.spec.candidates) < 2:
            return super().article()
        return article(self.view, self.judgement, self._published)

    def html(self) -> str:
        """One page with everything in it, in every language; it loads nothing from anywhere."""
        return self._page(None)

    def save_html(self, file: str | Path) -> Path:
        """Write the page; transcripts that are too many for it lie in a folder beside it."""
        from visavis.report.transcripts_beside import Beside

        target = Path(file)
        check_writable(target)
        if target.exists() and not target.is_file():  # a pipe, beside which nothing can lie
            return super().save_html(target)
        beside = Beside(target)
        saved = save(target, self._page(beside).encode())
        beside.tidy()
        return saved

    @not_collecting()
    def _page(self, aside: "Aside | None") -> str:
        from visavis.report import page

        others = (self._in(lang) for lang in page.LANGUAGES if lang != self.lang)
        return page.page(self.view, *others, aside=aside)

    def json(self) -> bytes:
        """As `results.schema.json` says."""
        return b"".join(self._written())

    def save_json(self, file: str | Path) -> Path:
        """Write it trial by trial."""
        return save(Path(file), self._written())

    @not_collecting()
    def _written(self) -> Iterator[bytes]:
        from visavis.report.export import written

        return written(self.judgement, self._published, self.bare_trials, self._every())

    def to_polars(self) -> "pl.DataFrame":
        """One row a trial."""
        from visavis.report.export_trials import to_polars

        return to_polars(self._every(), self.heard)

    def to_pandas(self) -> "pd.DataFrame":
        """One row a trial."""
        from visavis.report.export_trials import to_pandas

        return to_pandas(self._every(), self.heard)

    def __iter__(self) -> Iterator[Trial]:
        return iter(self.trials)

    def _repr_html_(self) -> str:
        from visavis.report.page import fragment

        return fragment(self.view)
