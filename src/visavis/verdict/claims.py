"""Published figures held against what is known: consistent, contradicted, or neither.

A claim was printed with so many digits, and stands for every value that rounds to it. What was
measured has an interval; they agree where the two overlap. Two protocols of one benchmark are two
quantities, so a figure that does not say how it was asked is held against none. Agreement with
anything known makes a claim consistent, unless it is only stated and a measurement differs; and
only what decides can contradict it: another host's price says nothing about this one's, and what
was tried up to some point nothing about what lies beyond, or before the point that was refused.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

Standing = Literal["consistent", "contradicted", "contradicts another claim", "cannot be checked"]

Because = Literal[
    "what is known agrees with it",
    "what is known differs from it",
    "another source states another figure",
    "it is no figure",
    "one try proves nothing",
    "its maker does not say, and nobody else can know",
    "nothing of the kind was measured here",
    "it does not say by which protocol",
    "it was measured by another protocol only",
    "only other hosts' figures are known",
    "what was tried does not reach so far",
    "of the last months before a cutoff little is known",
]
"""Why a claim stands as it does: a closed set, so that each can be translated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who printed it."""

    name: str
    title: str
    published: str = ""
    """ISO date; empty where it bears none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One figure of one system, as printed."""

    system: str
    criterion: str
    value: float | str
    """With the digits printed: 73 stands for 72.5 to 73.5, 73.0 for 72.95 to 73.05."""
    unit: str
    source: Source
    note: str = ""
    protocol: str = ""
    """Of a score: how its publisher is known to have asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What a claim may be about, and what can be held against it."""

    name: str
    facts: tuple[str, ...] = ()
    """Facts of a candidate that state the same."""
    measure: str = ""
    """The measure that is the same quantity."""
    family: str = ""
    """The benchmark, of which a score is held against a score by the same protocol."""
    hopeless: Because | None = None
    """Why nothing can be held against it."""
    units: tuple[str, ...] = ()
    """In which it can be printed; empty for words."""


FURTHER_FAMILIES = ("humaneval+", "math500", "mmmu-pro", "gsm8k", "mgsm", "ifeval")
"""Benchmarks that the two articles do not name."""

MONTH = "month"
BY_THOUSAND = "USD/1k tokens"
PRICES = (BY_THOUSAND, "USD/1M tokens")

CRITERIA: Mapping[str, Criterion] = MappingProxyType(
    {
        one.name: one
        for one in (
            Criterion(
                name="parameters",
                facts=("parameters",),
                units=("parameters", "million parameters", "billion parameters"),
            ),
            Criterion(name="context_window", facts=("context_window_tokens",), units=("tokens",)),
            Criterion(name="max_output", facts=("largest_output_tokens",), units=("tokens",)),
            Criterion(name="knowledge_cutoff", facts=("knowledge_cutoff",), units=(MONTH,)),
            Criterion(name="output_speed", measure="output_tokens_per_s", units=("tokens/s",)),
            Criterion(name="time_to_first_token", measure="first_token_s", units=("s", "ms")),
            *(
                Criterion(name=family, family=family, units=("percent",))
                for family in ("mmlu", "humaneval", "math", "glue", "mmmu", *FURTHER_FAMILIES)
            ),
            Criterion(name="case_zorks", hopeless="one try proves nothing"),
            Criterion(name="case_arkanoid", hopeless="one try proves nothing"),
            Criterion(name="price_input", facts=("usd_per_million_input_tokens",), units=PRICES),
            Criterion(name="price_output", facts=("usd_per_million_output_tokens",), units=PRICES),
            Criterion(name="memory", facts=("peak_bytes",), units=("GB", "MB")),
            Criterion(name="multilingual", hopeless="it is no figure"),
            Criterion(name="safety", hopeless="it is no figure"),
            Criterion(name="availability", hopeless="it is no figure"),
        )
    }
)
"""What the articles' tables are about, in their order, with what others print beside it."""

UNITS: Mapping[str, float] = MappingProxyType(
    {
        "percent": 0.01,
        BY_THOUSAND: 1000,
        "ms": 0.001,
        "MB": 1_000_000,
        "GB": 1_000_000_000,
        "million parameters": 1_000_000,
        "billion parameters": 1_000_000_000,
    }
)
"""By how much a claim's figure is multiplied to be in the unit in which it is known."""

HERE = "measured here"
"""The source of what a run measured."""

GRAIN = 0.01
"""What is counted in tokens is found to so fine a share of it."""

UNDISCLOSED = ("parameters", "memory")
"""What a hosted system's maker may keep to itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What a claim can be held against."""

    value: float | str
    low: float | str | None = None
    """Ends of the 95 % interval of what was measured; days of a day."""
    high: float | str | None = None
    source: str
    as_of: str
    """ISO date."""
    protocol: str = ""
    """Of a score."""
    decides: bool = True
    """Whether it can contradict a claim, or only agree with it."""
    at_least: bool = False
    """Whether more may be true for all that is known, so that it contradicts nothing above it."""
    unsettled: bool = False
    """Whether it tells only of what lies beyond its ends: between them nothing was shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A claim with all that speaks for or against it."""

    claim: Claim
    standing: Standing
    because: Because
    known: tuple[Known, ...]
    against: tuple[Claim, ...]
    """What others claim of the same."""
    candidate: str = ""
    """Of whose measurements it was held against, where a run has several ways to its system."""

    @property
    def by(self) -> tuple[Known, ...]:
        """What it is consistent with, or contradicted by."""
        match self.standing:
            case "consistent":
                return tuple(
                    one for one in _comparable(self.claim, self.known) if _meets(self.claim, one)
                )
            case "contradicted":
                return tuple(
                    one for one in _comparable(self.claim, self.known) if _differs(self.claim, one)
                )
        return ()

    @property
    def measured(self) -> tuple[Known, ...]:
        """What was measured here and says something of it: what was tried up to some point says
        nothing of what is claimed beyond."""
        return tuple(
            one for one in self.known if one.source == HERE and not _is_silent(self.claim, one)
        )


def check(
    claims: Sequence[Claim],
    known_of: Callable[[Claim], Sequence[Known]],
    candidate: str = "",
    system: str | None = None,
) -> tuple[Checked, ...]:
    """Each claim in its order, held against what is known of it and what others claim; of one
    `system` alone where one is named."""
    return tuple(
        _checked(one, known_of(one), _against(one, claims), candidate)
        for one in claims
        if system in (None, one.system)
    )


def printed_places(claim: Claim) -> int:
    """Decimals that the printed figure has in the unit in which it is known."""
    known = Decimal(repr(claim.value)) * Decimal(repr(UNITS.get(claim.unit, 1)))
    return max(0, -_exponent(known.normalize()))


def figure(claim: Claim) -> float | str:
    """In the unit in which it is known: shares from 0 to 1, USD per million tokens, bytes."""
    if isinstance(claim.value, str):
        return claim.value
    return claim.value * UNITS.get(claim.unit, 1.0)


def agree(claim: Claim, low: float | str, high: float | str) -> bool:
    """Whether values from `low` to `high` hold one that would be printed so.

    Tokens are counted in thousands of 1,000 and of 1,024: 128K is 128,000 and 131,072. A month
    stands for each of its days.
    """
    value = figure(claim)
    if isinstance(value, str) or isinstance(low, str) or isinstance(high, str):
        low, value, high = str(low), str(value), str(high)
        if _dated(claim):
            return low[: len(value)] <= value <= high[: len(value)]
        return value == low == high
    reach = _reach(claim)
    read_as = [value, value * 1.024, value / 1.024] if claim.unit == "tokens" else [value]
    return any(low <= one + reach and one - reach <= high for one in read_as)


def _checked(
    claim: Claim, known: Sequence[Known], against: tuple[Claim, ...], candidate: str
) -> Checked:
    standing, because = _standing(claim, known, against)
    return Checked(
        claim=claim,
        standing=standing,
        because=because,
        known=tuple(known),
        against=against,
        candidate=candidate,
    )


def _standing(
    claim: Claim, known: Sequence[Known], against: Sequence[Claim]
) -> tuple[Standing, Because]:
    criterion, comparable = CRITERIA[claim.criterion], _comparable(claim, known)
    measured = [one for one in comparable if one.source == HERE]
    for those in (measured, comparable):
        if any(_meets(claim, one) for one in those):
            return "consistent", "what is known agrees with it"
        if any(_differs(claim, one) for one in those):
            return "contradicted", "what is known differs from it"
    if against:
        return "contradicts another claim", "another source states another figure"
    return "cannot be checked", criterion.hopeless or _why_not(claim, known, comparable)


def _why_not(claim: Claim, known: Sequence[Known], comparable: Sequence[Known]) -> Because:
    if any(one.decides for one in comparable):
        if _dated(claim) and any(one.high for one in comparable):
            return "of the last months before a cutoff little is known"
        return "what was tried does not reach so far"
    if comparable:
        return "only other hosts' figures are known"
    if known:
        if not claim.protocol:
            return "it does not say by which protocol"
        return "it was measured by another protocol only"
    if claim.criterion in UNDISCLOSED:
        return "its maker does not say, and nobody else can know"
    return "nothing of the kind was measured here"


def _against(claim: Claim, claims: Iterable[Claim]) -> tuple[Claim, ...]:
    return tuple(
        other
        for other in claims
        if (other.system, other.criterion) == (claim.system, claim.criterion)
        and other.source != claim.source
        and not _compatible(claim, other)
    )


def _compatible(claim: Claim, other: Claim) -> bool:
    """Whether one value may have been printed as both; words are not held against words."""
    value = figure(other)
    if isinstance(value, str):
        return not _dated(claim) or not _dated(other) or value == claim.value
    if claim.protocol and other.protocol and claim.protocol != other.protocol:
        return True
    reach = _reach(other)
    return agree(claim, value - reach, value + reach) or agree(claim, value, value)


def _dated(claim: Claim) -> bool:
    return claim.unit == MONTH


def _comparable(claim: Claim, known: Iterable[Known]) -> list[Known]:
    """Two protocols of one benchmark are two quantities."""
    family = CRITERIA[claim.criterion].family
    return [one for one in known if not family or _same_protocol(claim, one)]


def _meets(claim: Claim, known: Known) -> bool:
    return not known.unsettled and agree(claim, *_ends(known))


def _differs(claim: Claim, known: Known) -> bool:
    """Whether it contradicts the claim."""
    return known.decides and not _meets(claim, known) and not _is_silent(claim, known)


def _is_silent(claim: Claim, known: Known) -> bool:
    """Whether more is claimed than was tried, or what lies between the tries."""
    if agree(claim, *_ends(known)):
        return known.unsettled
    if not known.at_least:
        return False
    value, high = figure(claim), _ends(known)[1]
    if isinstance(value, str) or isinstance(high, str):
        return str(value) > str(high)
    return value > high


def _same_protocol(claim: Claim, known: Known) -> bool:
    return bool(claim.protocol) and claim.protocol == known.protocol


def _ends(known: Known) -> tuple[float | str, float | str]:
    low = known.value if known.low is None else known.low
    high = known.value if known.high is None else known.high
    if known.at_least and known.high is None and not isinstance(high, str):
        high *= 1 + GRAIN
    return low, high


def _reach(claim: Claim) -> float:
    """Half a unit of the last digit printed, in the unit in which it is known."""
    return 0.5 * 10.0 ** _exponent(Decimal(repr(claim.value))) * UNITS.get(claim.unit, 1.0)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int), "a claims file holds finite figures only"
    return exponent
