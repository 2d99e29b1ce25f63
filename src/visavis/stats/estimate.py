"""An estimate with its interval, or the statement that there is too little to give one."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value, the 95 % interval around it, and what it rests on."""

    value: float
    low: float
    high: float
    n: int
    """Units that it rests on: cases, or blocks of requests."""
    method: str
    """Name of the interval, as a statistician would look it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TooFew:
    """No interval can be given. Neither zero nor a bare point: nothing is known yet."""

    groups: int
    needed: int
