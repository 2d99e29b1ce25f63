"""`visavis verdict`: an old run judged by a policy, without network or model."""

from collections.abc import Sequence
from pathlib import Path

from visavis.api.around import Surroundings, find
from visavis.api.choices import known_of
from visavis.api.comparison import Beside, Comparison
from visavis.core.errors import OptionError
from visavis.measure.spec import is_speed
from visavis.options import VerdictOptions
from visavis.verdict.choice import Choice
from visavis.verdict.consider import consider
from visavis.verdict.policy_file import policy_of


def verdict(run: str, options: VerdictOptions, around: Surroundings) -> Choice:
    """What the policy makes of what the run measured."""
    folder = find(run, around.home)
    if is_speed(folder):
        raise OptionError(f"run {folder.name!r} measured speed alone; a verdict needs a comparison")
    return chosen(folder, options.policy, options.limits)


def chosen(folder: Path, policy: str, limits: Sequence[str] = ()) -> Choice:
    """The same, of a run's folder."""
    seen = Comparison(folder, policy=policy, beside=Beside(limits=limits))
    if len(seen.judgement.candidates) < 2:
        raise OptionError(f"run {folder.name!r} asked one candidate; a verdict needs a comparison")
    wanted = policy_of(policy)
    return consider(seen.judgement, wanted, known_of(seen, [one.subject for one in wanted.must]))
