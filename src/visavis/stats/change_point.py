"""When a share falls: yes/no outcomes in time, of which fewer are yes from some moment on.

Fitted are a level before, a level after and the moment half way between them; how fast it falls is
fitted, too, from at once to over a tenth of the time (a logistic curve). For each moment and pace
the two levels have one best value, since the likelihood is concave in them; they are found by
expectation-maximisation, each outcome being a draw from one of the two levels with known odds. The
interval holds the moments whose profile likelihood is near the best (Hinkley, 1970, for the step;
Pawitan, In All Likelihood, 2001, 3.4). How near, and from which likelihood ratio on a fall is
claimed at all, was found by simulation: a jump is no smooth parameter, and the best moment is
searched for, so chi-squared's distances would be too short.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from visavis.stats.proportion import wilson

Floats = NDArray[np.float64]

_PLACES: Final = 100
"""Moments that are tried, evenly over the time and a little beyond both ends."""
_PACES: Final = (0.0, 0.01, 0.025, 0.05)
"""Scales of the logistic curve, as shares of the time: nine tenths of a fall take six of them."""
_ROUNDS: Final = 16
_FALLS: Final = 11.5
"""Twice the logarithm of the likelihood ratio against no fall, from which on one is claimed."""
_WITHIN: Final = 6.0
"""The same, up to which a moment is in the interval: in simulated series of ninety outcomes 95 of
100 have the truth within 2.4 to 6.5, by their levels and pace; chi-squared's 3.8 is too little."""
_LEAST: Final = 12
"""Outcomes from which on a fit means something."""
_HALF: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """The share fell."""

    at: float
    """Half way between the two levels."""
    low: float
    high: float
    before: float
    after: float
    n: int
    method: str = "profile likelihood of a logistic fall"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoFall:
    """No fall is to be seen, and most outcomes are yes: if it falls, then later."""

    low: float
    """From this moment on outcomes are still mostly yes, beyond chance."""
    share: float
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLow:
    """So few outcomes are yes, or they lie so, that no fall can be told."""

    share: float
    n: int


def fall(outcomes: Sequence[tuple[float, bool]]) -> Fall | NoFall | TooLow:
    """When the share of yes falls, in `(moment, yes)` in any order."""
    n = len(outcomes)
    yes = np.array([float(was) for _, was in outcomes])
    share = float(yes.mean()) if n else 0.0
    if n < _LEAST:
        return TooLow(share=share, n=n)
    times = np.array([at for at, _ in outcomes])
    places, weights = _curves(times)
    before, after = _levels(weights, yes)
    fits = _log_likelihood(weights, yes, before, after)
    best = int(fits.argmax())
    constant = float(_log_likelihood(np.ones((1, n)), yes, *np.full((2, 1), share))[0])
    step = float(places[1] - places[0])
    within = places[2 * (fits[best] - fits) <= _WITHIN]
    if 2 * (fits[best] - constant) >= _FALLS:
        alike = places[fits >= fits[best] - 1e-6]  # between two outcomes, all moments are alike
        return Fall(
            at=float(alike.min() + alike.max()) / 2,
            low=float(within.min() - step),
            high=float(within.max() + step),
            before=float(before[best]),
            after=float(after[best]),
            n=n,
        )
    low = _still_high(times, yes)
    return TooLow(share=share, n=n) if low is None else NoFall(low=low, share=share, n=n)


def _still_high(times: Floats, yes: Floats) -> float | None:
    """The latest moment from which on outcomes are still mostly yes, beyond chance."""
    order = np.argsort(-times, kind="stable")
    later, solved = np.arange(1, len(yes) + 1), yes[order].cumsum()
    mostly = [wilson(float(k), int(n))[0] > _HALF for k, n in zip(solved, later, strict=True)]
    return float(times[order][mostly.index(True)]) if any(mostly) else None


def _curves(times: Floats) -> tuple[Floats, Floats]:
    """Moments, and beside each how near every outcome is to the level before."""
    first, last = float(times.min()), float(times.max())
    span = (last - first) or 1.0
    moments = np.linspace(first - span / _PLACES, last + span / _PLACES, _PLACES)
    weights = [
        np.where(times[None, :] < moments[:, None], 1.0, 0.0)
        if pace == 0.0
        else 1 / (1 + np.exp(np.clip((times[None, :] - moments[:, None]) / (pace * span), -40, 40)))
        for pace in _PACES
    ]
    return np.tile(moments, len(_PACES)), np.concatenate(weights)


def _levels(weights: Floats, yes: Floats) -> tuple[Floats, Floats]:
    """The likeliest level before and after, of each curve; never one that rises."""
    share = float(yes.mean())
    before = np.full(len(weights), (1 + share) / 2)
    after = np.full(len(weights), share / 2)
    for _ in range(_ROUNDS):
        chance = _chance(weights, before, after)
        if_yes = weights * before[:, None] / chance
        if_no = weights * (1 - before[:, None]) / (1 - chance)
        early = np.where(yes > _HALF, if_yes, if_no)
        before = _mean(early, yes, before)
        after = _mean(1 - early, yes, after)
    rises = before < after
    return np.where(rises, share, before), np.where(rises, share, after)


def _mean(shares: Floats, yes: Floats, usual: Floats) -> Floats:
    """The level of those outcomes that belong to it, each by its share; as before where none do."""
    total = shares.sum(axis=1)
    return np.where(total > 1e-9, (shares * yes).sum(axis=1) / np.maximum(total, 1e-9), usual)


def _chance(weights: Floats, before: Floats, after: Floats) -> Floats:
    chance = weights * before[:, None] + (1 - weights) * after[:, None]
    return np.clip(chance, 1e-9, 1 - 1e-9)


def _log_likelihood(weights: Floats, yes: Floats, before: Floats, after: Floats) -> Floats:
    chance = _chance(weights, before, after)
    logs: Floats = np.where(yes > _HALF, np.log(chance), np.log1p(-chance)).sum(axis=1)
    return logs
