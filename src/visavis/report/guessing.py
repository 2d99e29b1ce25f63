"""Where guessing would do as well: who is ahead there may know nothing more of the matter."""

from collections.abc import Mapping

from visavis.stats.estimate import Estimate
from visavis.verdict.compare import MeasureRow
from visavis.verdict.decide import Prefer

Chances = Mapping[str, float | None]
"""What a guesser scores, by benchmark; None where nothing can be guessed."""


def is_guessed(row: MeasureRow, chance: float | None) -> bool:
    """Whether nobody is above chance, so that whoever is ahead may know nothing of the matter."""
    return chance is not None and not any(_above(cell.estimate, chance) for cell in row.cells)


def led_by_guessing(row: MeasureRow, chances: Chances) -> bool:
    """Whether somebody is shown ahead in score, and nobody above chance."""
    shown = any(isinstance(gap.verdict, Prefer) for gap in row.gaps)
    return shown and row.measure == "score" and is_guessed(row, chances.get(row.benchmark))


def guessed_by(name: str, row: MeasureRow, chances: Chances) -> float | None:
    """The chance that one candidate's score is not above; None where it is, or none is known."""
    chance = chances.get(row.benchmark) if row.measure == "score" else None
    of = {cell.candidate: cell.estimate for cell in row.cells}
    return None if _above(of.get(name), chance) else chance


def _above(found: object, chance: float | None) -> bool:
    return chance is None or (isinstance(found, Estimate) and found.low > chance)
