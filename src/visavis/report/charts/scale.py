"""Axes: from where to where, and which values are written on them."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log, log10

DECADE = 10.0
"""What spans so much is drawn on a logarithmic axis."""
MOST_TICKS = 5
"""On a logarithmic axis, for short labels not to meet on a telephone."""
_ROUND = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """An axis. Of a logarithmic one, `low` is above zero."""

    low: float
    high: float
    log: bool

    def share(self, value: float) -> float:
        """How far along the axis, from 0 to 1; what lies beyond stands at its end."""
        if value <= self.low:
            return 0.0
        if value >= self.high:
            return 1.0
        if self.log:
            return log(value / self.low) / log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int = MOST_TICKS) -> tuple[float, ...]:
        """The round values to be written along it, a handful; of logarithmic ones `most`."""
        return tuple(self._logs(most) if self.log else self._steps())

    def grain(self, tick: float) -> float:
        """How finely a tick is to be written, as the width of an interval around it."""
        if self.log:
            return 10.0 * 10.0 ** floor(log10(tick) + 1e-9)
        return 10 * _step(self.high - self.low)

    def _steps(self) -> Iterable[float]:
        step = _step(self.high - self.low)
        first = ceil(self.low / step - 1e-6)
        last = floor(self.high / step + 1e-6)
        return (round(n * step, 12) for n in range(first, last + 1))

    def _logs(self, most: int) -> Iterable[float]:
        first, last = floor(log10(self.low)), ceil(log10(self.high))
        for stride, digits in ((1, (1, 2, 5)), (1, (1, 3)), (1, (1,)), (2, (1,)), (4, (1,))):
            found = [
                float(f"{digit}e{power}")
                for power in range(first, last + 1, stride)
                for digit in digits
            ]
            within = [x for x in found if self.low * 0.999 <= x <= self.high * 1.001]
            if len(within) <= most:
                break
        return within


def logarithmic(values: Iterable[float]) -> Scale:
    """Over positive values, with round ends."""
    known = [value for value in values if value > 0 and isfinite(value)] or [1.0]
    low, high = _round_down(min(known) / 1.1), _round_up(1.1 * max(known))
    return Scale(low=low, high=high, log=True)


def from_zero(values: Iterable[float]) -> Scale:
    """From zero to a round value above all."""
    most = max((value for value in values if isfinite(value)), default=0.0)
    step = _step(1.05 * most or 1.0)
    return Scale(low=0.0, high=round(step * ceil(1.05 * most / step or 1), 12), log=False)


def spanning(values: Iterable[float]) -> Scale:
    """Logarithmic where values span a decade, else from zero."""
    known = [value for value in values if value > 0 and isfinite(value)]
    wide = bool(known) and max(known) >= DECADE * min(known)
    return logarithmic(known) if wide else from_zero(known)


def shares(values: Iterable[float]) -> Scale:
    """Around shares, within 0 and 1."""
    known = list(values)
    low, high = min(known, default=0.0), max(known, default=1.0)
    reach = max(0.04, (high - low) * 0.08)
    low, high = max(0.0, low - reach), min(1.0, high + reach)
    for _coarser in range(2):  # round ends are further apart, and may ask for a larger step
        step = _step(high - low)
        low = max(0.0, round(floor(low / step + 1e-9) * step, 12))
        high = min(1.0, round(ceil(high / step - 1e-9) * step, 12))
    return Scale(low=low, high=high, log=False)


def _step(span: float) -> float:
    """A round step, of which four or five make the span."""
    return _round_up(span / 5)


def _round_up(value: float) -> float:
    power = floor(log10(value))
    return next(x for n in _ROUND if (x := float(f"{n:g}e{power}")) >= value * (1 - 1e-9))


def _round_down(value: float) -> float:
    power = floor(log10(value))
    return max(x for n in _ROUND if (x := float(f"{n:g}e{power}")) <= value * (1 + 1e-9))
