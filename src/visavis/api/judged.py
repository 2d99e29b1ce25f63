"""A run as its judges see it: scores that wait for them, and what is shown of the judges."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from visavis.candidates.kinship import kinship
from visavis.core.case import Case
from visavis.core.outcome import Grade, Reply
from visavis.core.rubric import RUBRICS
from visavis.core.ruling import ruling
from visavis.core.trial import Trial, TrialKey
from visavis.measure.judging.store import Judgements, judgements_in
from visavis.measure.store import StoredCase
from visavis.report.run_facts import RunFacts
from visavis.scoring.heard import Heard, heard
from visavis.scoring.judge_figures import Judged, Judging, Kin, agreements, judge_figures
from visavis.scoring.panel import Opinions, judged, opinions, things_of


def with_rubrics(run: RunFacts) -> dict[tuple[str, str], StoredCase]:
    """The cases that a judge is to judge, by benchmark and id."""
    return {
        (name, stored.case.id): stored
        for name, kept in run.cases.items()
        for stored in kept
        if RUBRICS in stored.case.fields
    }


def in_candidates_order(run: RunFacts, trials: Sequence[Trial]) -> list[Trial]:
    """Pairs are made in this order, whoever replied first."""
    places = {one.name: place for place, one in enumerate(run.spec.candidates)}
    return sorted(trials, key=lambda trial: places[trial.key.candidate])


@dataclass(frozen=True, kw_only=True)
class JudgedRun:
    """What the judges of a run made of its trials."""

    folder: Path
    run: RunFacts
    as_asked: tuple[Trial, ...]
    """Of the cases that judges judge: with the grades of checks that need no judge."""

    def graded(self, trial: Trial) -> Trial:
        """With what the judges said in its grade."""
        return replace(trial, grade=self._grades[trial.key]) if trial.key in self._grades else trial

    @cached_property
    def _grades(self) -> Mapping[TrialKey, Grade | None]:
        found = judged(self.as_asked, self._cases, self._opinions)
        return {trial.key: trial.grade for trial in found}

    @cached_property
    def heard(self) -> Mapping[TrialKey, Heard]:
        """What each judge said of each reply, and what that made of its grade."""
        if not self._opinions:
            return {}
        return heard(self.as_asked, self._cases, self._opinions, self._kept.trials)

    @cached_property
    def judging(self) -> Judging | None:
        """What is shown of the judges; None where none was asked."""
        if not self._opinions:
            return None
        groups = {of: case.group for of, case in self._cases.items()}
        seated = set(self._opinions)
        found = Judged(
            rulings=[ruling(one) for one in self._kept.trials if one.key.candidate in seated],
            opinions=self._opinions,
            lengths={
                one.key: len(one.outcome.text)
                for one in self.as_asked
                if isinstance(one.outcome, Reply)
            },
            group_of=lambda item: f"{item.benchmark} {groups.get(item[:2], item.case)}",
            charged_usd=self._kept.charged_usd,
        )
        return Judging(
            judges=judge_figures(found),
            agreements=agreements(found, dict(self._kept.labels)),
            kin=tuple(self._kin()),
        )

    def _kin(self) -> list[Kin]:
        return [
            Kin(judge=judge.name, candidate=one.name, how=how)
            for judge in self._kept.judges
            for one in self.run.spec.candidates
            if (how := kinship(judge, one)) is not None
        ]

    @cached_property
    def _cases(self) -> Mapping[tuple[str, str], Case]:
        return {of: stored.case for of, stored in with_rubrics(self.run).items()}

    @cached_property
    def _kept(self) -> Judgements:
        return judgements_in(self.folder)

    @cached_property
    def _opinions(self) -> Opinions:
        if not self._cases:
            return {}
        kept = self._kept
        asked = things_of(in_candidates_order(self.run, self.as_asked), self._cases, kept.against)
        return opinions(map(ruling, kept.trials), asked, [judge.name for judge in kept.judges])
