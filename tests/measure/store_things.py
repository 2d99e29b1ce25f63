"""What the tests of runs share: a small run and its trials."""

import sys
from pathlib import Path

from tests.measure.things import candidate, spec, sums
from visavis.core.errors import VisavisError
from visavis.core.outcome import Reply, Score
from visavis.core.trial import Trial, TrialKey
from visavis.measure.store import RunStore

ASKED = [sums(5)]
SPEC = spec(ASKED, [candidate("a"), candidate("b")])
ROOT = Path(__file__).parents[2]


def trial(case: str = "c00000", text: str = "1") -> Trial:
    return Trial(
        key=TrialKey("a", "sums", case, 0),
        outcome=Reply(text=text),
        grade=Score(value=1.0, because="right", read=text),
        usd=0.5,
        asked_at="2026-11-21T00:00:00.000+00:00",
    )


def fill(folder: Path) -> int:
    """Write until the disk says no; the number of trials committed before."""
    store = RunStore.begin(folder, SPEC)
    committed = 0
    try:
        for n in range(100_000):
            store.add(trial(f"c{n:05}", "x" * 1000))
            store.add(trial(f"d{n:05}", "x" * 1000))
            store.commit()
            committed += 2
    except VisavisError as error:
        sys.stdout.write(f"{error}\n")
    return committed
