"""Quantiles, with intervals from order statistics: no shape of the distribution is assumed.

The interval's ends are values that were seen, their ranks chosen so that the truth lies between
them in 95 of 100 experiments (binomial tails of 2.5 % each; David and Nagaraja, Order Statistics,
2003, 7.1). Requests of one block rise and fall together, so they are first counted by what they
are worth (Woodruff, 1952, who inverts the interval of the share below the quantile): of blocks that
differ, the interval is wider. Where too few were seen, the interval has no end, and none is given.
"""

from itertools import chain
from math import ceil, floor, log

from visavis.stats.estimate import ALPHA, Estimate, Groups, TooFew, apart
from visavis.stats.proportion import worth

_TAIL = ALPHA / 2


def quantile(groups: Groups, share: float) -> Estimate | TooFew:
    """The value below which a `share` of all lie, by nearest rank."""
    groups = apart(groups)
    ranked = sorted(chain.from_iterable(groups))
    n = len(ranked)
    if not n:
        return TooFew(groups=0, needed=least(share))
    value = at(ranked, share)
    size = _worth(groups, value, share)
    if size < _enough(share):
        return TooFew(groups=n, needed=ceil(_enough(share) * n / size))
    low = floor(_rank(share, size, 1 - _TAIL) * n / size)
    high = ceil(_rank(share, size, _TAIL) * n / size)
    method = "order statistics" if size == n else f"order statistics, worth {size:.1f} independent"
    return Estimate(
        value=value,
        low=min(ranked[max(low, 1) - 1], value),
        high=max(ranked[min(high, n) - 1], value),
        n=n,
        method=method,
    )


def at(ranked: list[float], share: float) -> float:
    """The quantile itself, by nearest rank: a value that was seen."""
    return ranked[max(1, ceil(share * len(ranked) - 1e-9)) - 1]


def least(share: float) -> int:
    """Independent values that it takes to give both ends of the interval."""
    return ceil(_enough(share))


def _worth(groups: Groups, value: float, share: float) -> float:
    """Independent values that tell as much of the share below the quantile, itself or not."""
    if all(len(group) == 1 for group in groups):
        return float(len(groups))  # as `worth` would say, after a while
    without = [[float(x < value) for x in group] for group in groups]
    within = [[float(x <= value) for x in group] for group in groups]
    sizes = (worth(below, share * (1 - share)) for below in (without, within))
    return min(size for size in sizes if size is not None)


def _enough(share: float) -> float:
    return max(log(_TAIL) / log(share), log(_TAIL) / log(1 - share))


def _rank(share: float, size: float, chance: float) -> float:
    """The rank that at least so many of `size` values fall below with just this chance: with
    whole sizes the binomial's tail, between them its continuation."""
    from scipy.special import betainc  # slow to import, and needed only to judge

    within, beyond = 0.0, size
    while beyond - within > 1e-9:
        rank = (within + beyond) / 2
        if betainc(rank, size - rank + 1, share) >= chance:
            within = rank
        else:
            beyond = rank
    return within if chance > 0.5 else beyond
