"""What the same workload costs on hardware of one's own. Pure.

A machine's price is spread evenly over its years; it takes power for the hours that it is on, and
no machine is planned to be busy all the time: requests do not come evenly. Where the load is more
than one machine carries, there are several. Room, network, repair and people are not in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, inf
from types import MappingProxyType

from visavis.core.candidate import Unknown
from visavis.core.numbers import (
    HOURS_A_DAY,
    LOAD,
    REQUESTS_A_DAY,
    SHARE,
    TOKENS_A_REQUEST,
    TOKENS_A_SECOND,
    USD_A_KWH,
    USD_A_MACHINE,
    USD_A_MONTH,
    WATTS,
    YEARS,
    Number,
)
from visavis.core.tell import tell
from visavis.stats.estimate import Estimate, TooFew
from visavis.verdict.workload import (
    MONTH_DAYS,
    Amount,
    Costed,
    Workload,
    ends,
    per_million_written,
    written,
)

_NUMBERS: Mapping[str, Number] = MappingProxyType(
    {
        "requests_per_day": REQUESTS_A_DAY,
        "input_tokens": TOKENS_A_REQUEST,
        "output_tokens": TOKENS_A_REQUEST,
        "cached_share": SHARE,
        "batch_share": SHARE,
        "usd": USD_A_MACHINE,
        "years": YEARS,
        "usd_per_kwh": USD_A_KWH,
        "hours_per_day": HOURS_A_DAY,
        "load": LOAD,
        "watts": WATTS,
        "tokens_per_s": TOKENS_A_SECOND,
        "limit_usd": USD_A_MONTH,
    }
)
BOUNDS: Mapping[str, tuple[float, float]] = MappingProxyType(
    {name: (float(one.least), float(one.most)) for name, one in _NUMBERS.items()}
)
"""What each figure of a workload and of hardware can be, ends included."""
SECONDS_AN_HOUR = 3600
JOULES_A_KWH = 3_600_000
NO_SPEED = Unknown(because=tell("its throughput was not measured; say how many tokens a second"))
NO_POWER = Unknown(because=tell("its power was not measured; say how many watts"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """Machines of one kind, bought."""

    usd: float
    """Of one machine."""
    years: float = 3.0
    """For which it is used."""
    usd_per_kwh: float = 0.25
    hours_per_day: float = 24.0
    """For which it is on."""
    load: float = 0.5
    """Part of what it can do that it is planned to do."""
    watts: float | None = None
    """That it takes while it is on; None for what was measured of it."""
    tokens_per_s: float | None = None
    """Output of all replies together; None for what was measured of each candidate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """The monthly bill of one way to have a candidate, by requests a day."""

    candidate: str
    owned: bool = False
    usd_per_request: float
    usd_per_request_ends: tuple[float, float] | None = None
    """Of its interval, where it has one."""
    usd_per_machine: float = 0.0
    """A month, however much is asked."""
    requests_per_machine: float = inf
    """A day, at most."""

    def machines(self, requests_per_day: float) -> int:
        """How many it takes; one stands there where nothing is asked."""
        if self.requests_per_machine == inf:
            return 1
        return max(1, ceil(requests_per_day / self.requests_per_machine))

    def usd(self, requests_per_day: float) -> float:
        """A month."""
        each = self.usd_per_request * MONTH_DAYS
        variable = each * requests_per_day if each else 0.0  # however many
        return variable + self.usd_per_machine * self.machines(requests_per_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlay:
    """What the workload costs one way."""

    curve: Curve
    usd_per_month: Amount
    usd_per_million_tokens: float | None
    """Of output, all told; None where none is written."""
    machines: int = 0
    """Of one's own; none by a price list."""
    busy: float = 0.0
    """Part of what all those machines can do."""


def stated(name: str, value: object) -> float:
    """A figure of a workload or of hardware that somebody set, or why it is none."""
    number = _NUMBERS[name]
    if not number.admits(value, float):
        raise number.refusal(name, repr(value))
    return float(str(value))


def owned(one: Costed, workload: Workload, hardware: Hardware) -> Outlay | Unknown:
    """What the workload takes and costs there, or why nobody knows."""
    tokens = written(one, workload)
    if isinstance(tokens, Unknown):
        return tokens
    speed, power = _speed(one, hardware), _power(one, hardware)
    if isinstance(speed, Unknown):
        return speed
    if isinstance(power, Unknown):
        return power
    watts, joules = power
    asked = workload.requests_per_day
    best, curve, worst = (
        _curve(one.candidate, hardware, watts, figures)
        for figures in zip(ends(tokens), reversed(ends(speed)), ends(joules), strict=True)
    )
    usd, machines = curve.usd(asked), curve.machines(asked)
    return Outlay(
        curve=curve,
        usd_per_month=_between(tokens, best.usd(asked), usd, worst.usd(asked)),
        usd_per_million_tokens=per_million_written(usd, ends(tokens)[1], workload),
        machines=machines,
        busy=hardware.load * asked / (machines * curve.requests_per_machine),
    )


def _speed(one: Costed, hardware: Hardware) -> Amount | Unknown:
    if hardware.tokens_per_s is not None:
        return hardware.tokens_per_s
    return NO_SPEED if one.engine is None else one.engine.tokens_per_s


def _power(one: Costed, hardware: Hardware) -> tuple[float, Amount] | Unknown:
    """Watts while it is on, and joules beside for each token."""
    if hardware.watts is not None:
        return hardware.watts, 0.0
    engine = one.engine
    if engine is None or engine.idle_w is None or engine.joules_per_token is None:
        return NO_POWER
    return engine.idle_w, engine.joules_per_token


def _curve(
    candidate: str, hardware: Hardware, watts: float, figures: tuple[float, float, float]
) -> Curve:
    tokens, tokens_per_s, joules = figures
    a_day = tokens_per_s * hardware.hours_per_day * SECONDS_AN_HOUR * hardware.load
    kwh = watts / 1000 * hardware.hours_per_day * MONTH_DAYS
    return Curve(
        candidate=candidate,
        owned=True,
        usd_per_request=joules * tokens / JOULES_A_KWH * hardware.usd_per_kwh,
        usd_per_machine=hardware.usd / (12 * hardware.years) + kwh * hardware.usd_per_kwh,
        requests_per_machine=a_day / tokens if tokens else inf,
    )


def _between(tokens: Amount, low: float, value: float, high: float) -> Amount:
    """With the interval that the ends of what was measured leave; it holds the truth oftener than
    95 times in 100."""
    if isinstance(tokens, TooFew):
        return TooFew(groups=tokens.groups, needed=tokens.needed, mean=value, n=tokens.n)
    if low == high:
        return value
    n = tokens.n if isinstance(tokens, Estimate) else 1
    return Estimate(value=value, low=low, high=high, n=n, method="both ends of what was measured")
