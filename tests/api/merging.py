"""What the tests of merges share."""

from collections.abc import Callable
from pathlib import Path

from visavis.api.merge import Whole
from visavis.core.trial import Trial, TrialKey
from visavis.measure.store import RunStore

Merge = Callable[..., Whole]
LATER = "2026-11-22T10:00:00+00:00"


def trials(folder: Path) -> dict[TrialKey, Trial]:
    with RunStore.open(folder) as store:
        return {trial.key: trial for trial in store.trials(texts=True)}
