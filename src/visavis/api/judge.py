"""`visavis judge`: a run before judges once more, or its judges before what people said."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from visavis.api.around import Surroundings
from visavis.api.facts import facts_of
from visavis.api.interrupts import held
from visavis.api.judged import with_rubrics
from visavis.api.judging import hold, to_judge
from visavis.api.labels import labels_in
from visavis.api.request import Request, admit, check_against
from visavis.api.screen import Screen
from visavis.api.session import fetch_weights
from visavis.candidates.kinship import told_of_kin
from visavis.candidates.scripted import ScriptedClient
from visavis.core.errors import OptionError
from visavis.measure.judging.store import JudgementStore
from visavis.measure.plan import Forecast, forecast, plan
from visavis.measure.run import Ended
from visavis.measure.spec import is_speed
from visavis.measure.store import RunStore
from visavis.options import CompareOptions, JudgeOptions
from visavis.report.run_facts import RunFacts


@dataclass(frozen=True, kw_only=True)
class Rejudging:
    """Who is to judge the replies of a run."""

    folder: Path
    judges: Request
    shares: tuple[Forecast, ...]
    """What each is to be asked at most: what the run holds already is not asked again."""


def prepare(
    folder: Path,
    named: Sequence[str | ScriptedClient],
    options: JudgeOptions,
    around: Surroundings,
    screen: Screen,
) -> Rejudging | None:
    """What judging this run anew comes to; None where no judge is named. Keeps labels, if told."""
    known = _known(folder)
    if not named and options.labels is None:
        raise OptionError("nothing to do: name judges by --judge, or what people said by --labels")
    candidates = [one.name for one in known.spec.candidates]
    check_against(options.against, candidates)
    if options.labels is not None:
        labels = labels_in(options.labels, with_rubrics(known), candidates)
        with JudgementStore(folder) as store:
            store.label(labels)
    if not named:
        return None
    asking = CompareOptions(
        at_once=options.at_once,
        budget=options.budget,
        against=options.against,
        lang=options.lang,
        dry_run=options.dry_run,
    )
    judges = admit(named, asking, around, screen)
    for text in told_of_kin(judges.candidates, known.spec.candidates):
        screen.note(text)
    asked = (to_judge(folder, options.against),)
    left = [*plan(asked, judges.candidates).left()]
    return Rejudging(folder=folder, judges=judges, shares=forecast(left, asked, judges.prices))


def judge_again(told: Rejudging, screen: Screen) -> Ended:
    """Ask what the run does not hold yet; from now on these are its judges."""
    fetch_weights(told.judges, screen)
    return held(lambda stop: hold(told.judges, told.folder, screen, stop), screen)


def _known(folder: Path) -> RunFacts:
    if is_speed(folder):
        raise OptionError(f"run {folder.name!r} measured speed; it holds no replies to judge")
    with RunStore.open(folder) as store:
        known = facts_of(store)
    if not with_rubrics(known):
        raise OptionError(f"no case of run {folder.name!r} has a rubric; see docs/how-to/judges.md")
    return known
