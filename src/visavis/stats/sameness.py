"""Does a source still say the same? What two occasions say alike, against what each repeats itself.

On each occasion every case was tried; tries agree or they do not. If nothing changed from one
occasion to the other, two tries of different occasions agree as often, in each case, as two of one
occasion. So the difference of those two shares, case by case, has mean zero, whatever the cases
and however fickle the source (it is the energy distance of Székely and Rizzo, 2013, for things
that are equal or not). Its mean over cases takes Student's t. If something did change, the mean is
below zero and never above, so the test looks at that side alone: occasions that agree more than
each does with itself do so by chance.
"""

from collections import Counter
from collections.abc import Hashable, Sequence
from math import comb

from visavis.stats.estimate import TooFew, apart, mean, student, two_sided
from visavis.stats.paired import PairedTest

Tries = tuple[Sequence[Hashable], Sequence[Hashable]]
"""What one case got on either occasion."""


def across_less_within(groups: Sequence[Sequence[Tries]]) -> PairedTest | TooFew:
    """How much less often tries of two occasions agree than tries of one; no gap is 0.

    Only cases tried more than once on an occasion tell; too few where there are none.
    """
    gaps = [[gap for tries in group if (gap := _gap(*tries)) is not None] for group in groups]
    known = apart([group for group in gaps if group])
    if not known:
        return TooFew(groups=0, needed=2)
    found = mean(known)
    if isinstance(found, TooFew):
        return found
    error = (found.high - found.low) / 2 / student(len(known))
    chance = two_sided(found.value / error, len(known) - 1) / 2
    return PairedTest(gap=found, p_value=chance if found.value < 0 else 1 - chance, error=error)


def alike(tries: Tries) -> float:
    """The share of pairs, one try of either occasion, that agree."""
    first, second = (Counter(side) for side in tries)
    pairs = first.total() * second.total()
    return sum(times * second[said] for said, times in first.items()) / pairs


def _gap(first: Sequence[Hashable], second: Sequence[Hashable]) -> float | None:
    if not (first and second):
        return None
    within = [share for side in (first, second) if (share := _within(side)) is not None]
    return alike((first, second)) - sum(within) / len(within) if within else None


def _within(side: Sequence[Hashable]) -> float | None:
    if len(side) < 2:
        return None
    return sum(comb(times, 2) for times in Counter(side).values()) / comb(len(side), 2)
