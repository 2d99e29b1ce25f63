"""How strong each of several is, from duels of two, of which some end in a tie.

Bradley and Terry (1952), with ties as Davidson has them (1970): a tie counts half for each side,
and how often ties come is fitted along. One that won every duel would be infinitely strong by
plain likelihood, so it is penalised as Firth does (1993), which keeps every estimate finite and
takes the bias of few duels away. Intervals are profiles of that likelihood (Heinze and Schemper,
2002); an end on which the duels set no bound is infinite. Duels of one group rise and fall
together: a profile is then drawn as much wider as the error reckoned from groups is larger than
that of independent duels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, inf, sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from visavis.stats.estimate import Estimate, TooFew, Z, apart, student

Vector = NDArray[np.float64]
"""Log-strengths of all players, then the logarithm of how readily ties come."""

_CLOSE = 1e-9
"""Steps and gains smaller than this end a climb."""
_STEPS = 60
_FLAT = -200.0
"""Logarithm of the information's volume below which nothing more can be told apart."""
_FINE = 1e-4
"""An interval's end is sought to this part of the fall that makes it one."""
_FAR = 12.0
"""Odds of 160,000 to one: an interval that goes beyond has no end that votes could tell."""


class Duel(NamedTuple):
    """One comparison of two players, named by their places."""

    a: int
    b: int
    won: float
    """1 where `a` was better, 0 where `b` was, 0.5 for a tie."""


def strengths(
    groups: Sequence[Sequence[Duel]], players: int, *, penalty: float = 0.5
) -> tuple[Estimate | TooFew, ...]:
    """Each player's logarithm of odds against one as strong as the mean of all.

    A penalty of 0 is plain likelihood, which has a maximum only where nobody won everything.
    Too few are duels that leave some players uncompared, or that are ties throughout.
    """
    groups = [group for group in apart(groups) if group]
    duels = [duel for group in groups for duel in group]
    wins = np.zeros((players, players), dtype=bool)
    for a, b, won in duels:
        wins[a, b] |= won > 0
        wins[b, a] |= won < 1
    won_at_all = any(won != 0.5 for _, _, won in duels)
    if not (won_at_all and _reached(wins | wins.T).all()):
        return (TooFew(groups=len(groups), needed=len(groups) + 1),) * players
    fit = _Fit(groups, players, penalty)
    above = _reached(wins)
    fought = [sum(player in duel[:2] for duel in duels) for player in range(players)]
    return tuple(
        Estimate(
            value=float(fit.best[player]),
            low=fit.end(player, -1) if above[player].all() else -inf,
            high=fit.end(player, +1) if above[:, player].all() else inf,
            n=fought[player],
            method=fit.method,
        )
        for player in range(players)
    )


def _reached(wins: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Who beat or tied whom, or somebody who did, and so on; all reach themselves."""
    reached = wins | np.eye(len(wins), dtype=bool)
    for middle in range(len(wins)):
        reached |= np.outer(reached[:, middle], reached[middle])
    return reached


@dataclass(frozen=True, slots=True)
class _Level:
    """The likelihood at one point, and how it changes there."""

    at: Vector
    height: float
    slope: Vector
    information: NDArray[np.float64]
    bend: NDArray[np.float64]
    """The information with what the penalty adds to each pair's duels: what a step goes by."""


class _Fit:
    """The penalised likelihood of some duels, its highest point and its profiles."""

    def __init__(self, groups: Sequence[Sequence[Duel]], players: int, penalty: float) -> None:
        self._groups, self._players, self._penalty = groups, players, penalty
        self._duels = [duel for group in groups for duel in group]
        self._ties = any(won == 0.5 for _, _, won in self._duels)
        pairs = sorted({duel[:2] for duel in self._duels})
        self._row = {pair: row for row, pair in enumerate(pairs)}
        self._outcomes = np.zeros((len(pairs), 3, players + 1))
        for row, (a, b) in enumerate(pairs):
            self._outcomes[row, 0, [a, b]] = 0.5, -0.5
            self._outcomes[row, 1, [a, b]] = -0.5, 0.5
            self._outcomes[row, 2, players] = 1.0
        self._counts = np.zeros((len(pairs), 3))
        for duel in self._duels:
            self._counts[self._row[duel[:2]], _outcome(duel)] += 1
        self._free = self._directions(list(range(players)))
        self._top = self._climb(np.zeros(players + 1), self._free)
        self.best = self._top.at

    @property
    def method(self) -> str:
        """Name of the interval, as a statistician would look it up."""
        groups = "" if self._single else f", {len(self._groups)} groups"
        return f"Bradley-Terry, profile of Firth's penalised likelihood{groups}"

    def end(self, player: int, sign: int) -> float:
        """Where the profile of one player has fallen by what a 95 % interval allows."""
        wanted = Z * sqrt(self._widening(player) / 2)
        others = [other for other in range(self._players) if other != player]
        along, free = self._contrast(player), self._directions(others)
        inside, at, near = float(self.best[player]), self.best, 0.0
        outside = inside + sign * Z * self._error(player)
        while True:
            level = self._climb(at + (outside - at[player]) * along, free)
            far = self._fallen(level)
            if far > wanted:
                break
            if abs(outside) > _FAR:  # pragma: no cover  # no votes are known to lead here
                return sign * inf
            inside, at, near, outside = outside, level.at, far, 3 * outside - 2 * inside
        for _ in range(_STEPS):
            # The root of the fall is nearly straight, so that few steps do.
            part = min(max((wanted - near) / (far - near), 0.1), 0.9)
            middle = inside + part * (outside - inside)
            level = self._climb(at + (middle - at[player]) * along, free)
            fallen = self._fallen(level)
            if abs(fallen - wanted) < _FINE * wanted:
                return middle
            if fallen > wanted:
                outside, far = middle, fallen
            else:
                inside, at, near = middle, level.at, fallen
        return outside  # pragma: no cover  # so many steps have always done

    def _fallen(self, level: _Level) -> float:
        return sqrt(max(0.0, self._top.height - level.height))

    def _directions(self, free: list[int]) -> NDArray[np.float64]:
        """A basis of what may change: these players against each other, and how ties come."""
        basis = np.zeros((self._players + 1, len(free) - 1 + self._ties))
        for column, player in enumerate(free[1:]):
            basis[[free[0], player], column] = -1.0, 1.0
        if self._ties:
            basis[self._players, -1] = 1.0
        return basis

    def _contrast(self, player: int) -> Vector:
        """One player up by one, the mean of all unchanged."""
        along = np.full(self._players + 1, -1 / (self._players - 1))
        along[player], along[self._players] = 1.0, 0.0
        return along

    def _level(self, at: Vector) -> _Level:
        weights = self._outcomes @ at
        if not self._ties:
            weights[:, 2] = -inf
        weights -= weights.max(axis=1, keepdims=True)
        logs = weights - np.log(np.exp(weights).sum(axis=1, keepdims=True))
        chances, duels = np.exp(logs), self._counts.sum(axis=1)
        centred = self._outcomes - np.einsum("ro,rok->rk", chances, self._outcomes)[:, None]
        spreads = np.einsum("ro,rok,rol->rkl", chances, centred, centred)
        information = np.einsum("r,rkl->kl", duels, spreads)
        inner = self._free.T @ information @ self._free
        with np.errstate(divide="ignore"):
            sign, volume = np.linalg.slogdet(inner)
        if sign <= 0 or volume < _FLAT:  # pragma: no cover  # a climb that strayed is called back
            return _Level(
                at=at, height=-inf, slope=0 * at, information=information, bend=information
            )
        inverse = self._free @ np.linalg.inv(inner) @ self._free.T
        leverage = duels * np.einsum("rkl,kl->r", spreads, inverse)
        pulled = np.einsum("rok,rol,kl->ro", centred, centred, inverse)
        skew = np.einsum("r,ro,ro,rom->m", duels, chances, pulled, centred)
        seen = self._counts > 0
        return _Level(
            at=at,
            height=float(self._counts[seen] @ logs[seen] + self._penalty * volume),
            slope=np.einsum("ro,rok->k", self._counts, centred) + self._penalty * skew,
            information=information,
            bend=np.einsum("r,rkl->kl", duels + 2 * self._penalty * leverage, spreads),
        )

    def _climb(self, start: Vector, free: NDArray[np.float64]) -> _Level:
        """The highest point that can be reached in the free directions, by scoring steps."""
        level = self._level(start)
        if not free.shape[1] or level.height == -inf:
            return level
        for _ in range(_STEPS):
            slope = free.T @ level.slope
            step = free @ np.linalg.lstsq(free.T @ level.bend @ free, slope)[0]
            while (higher := self._level(level.at + step)).height < level.height - _CLOSE:
                step = step / 2
            level = higher
            if abs(step).max() < _CLOSE:
                break
        return level

    def _error(self, player: int) -> float:
        """Standard error of one player's strength, for duels that are independent."""
        along = self._pulled(player)
        return float(np.sqrt(along @ np.linalg.inv(self._inner) @ along))

    def _widening(self, player: int) -> float:
        """How much larger the variance is when each group varies as one, and for few groups."""
        if self._single:
            return 1.0
        along = np.linalg.solve(self._inner, self._pulled(player))
        pulls = [
            fsum(along @ self._free.T @ self._pull(duel) for duel in group)
            for group in self._groups
        ]
        count = len(pulls)
        grouped = count / (count - 1) * fsum(pull**2 for pull in pulls)
        return max(1.0, grouped / self._error(player) ** 2) * (student(count) / Z) ** 2

    @cached_property
    def _single(self) -> bool:
        return all(len(group) == 1 for group in self._groups)

    @property
    def _inner(self) -> NDArray[np.float64]:
        return self._free.T @ self._top.information @ self._free

    def _pulled(self, player: int) -> Vector:
        """How the player's strength, the mean taken off, changes along the free directions."""
        return np.asarray(self._free[player] - self._free[: self._players].mean(axis=0))

    def _pull(self, duel: Duel) -> Vector:
        """How much one duel alone would raise each strength."""
        outcomes = self._outcomes[self._row[duel[:2]]]
        weights = np.exp(outcomes @ self.best)
        if not self._ties:
            weights[2] = 0.0
        expected = weights @ outcomes / weights.sum()
        return np.asarray(outcomes[_outcome(duel)] - expected)


def _outcome(duel: Duel) -> int:
    """Which of the three ends a duel had: `a`, `b`, tie."""
    return {1.0: 0, 0.0: 1, 0.5: 2}[duel.won]
