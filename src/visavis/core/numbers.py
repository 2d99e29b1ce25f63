"""Numbers that a user gives: what each is, how it looks, and from where to where it may be.

The type of an option says which it is (`budget: Usd`); what is none of it is refused in one line
that says how one looks, whoever gives it.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from visavis.core.errors import OptionError


@dataclass(frozen=True, slots=True)
class Number:
    """A kind of number."""

    noun: str
    like: str
    """One of them, as it is written."""
    least: float
    most: float

    def refusal(self, name: str, given: object) -> OptionError:
        """What to say of something that is none."""
        bounds = f"{self.least:,} to {self.most:,}"
        return OptionError(f"{name} {given} is no {self.noun}; give {bounds}, such as {self.like}")

    def admits(self, value: object, kind: type) -> bool:
        kinds = (int, float) if kind is float else int
        is_number = isinstance(value, kinds) and not isinstance(value, bool)
        return is_number and self.least <= value <= self.most  # type: ignore[operator]  # it is one


USD_A_MONTH: Final = Number("amount of USD", "500", 0, 10**12)
USD_A_MACHINE: Final = Number("price in USD", "2000", 0, 10**9)
USD_A_KWH: Final = Number("price in USD", "0.25", 0, 100)
REQUESTS_A_DAY: Final = Number("number of requests", "1000", 0, 10**9)
TOKENS_A_REQUEST: Final = Number("number of tokens", "500", 0, 10**8)
TOKENS_A_SECOND: Final = Number("number of tokens a second", "400", 0.001, 10**8)
SHARE: Final = Number("share", "0.5", 0, 1)
TOKENS: Final = Number("number of tokens", "8192", 1, 10**8)
LOAD: Final = Number("share", "0.5", 0.01, 1)
YEARS: Final = Number("number of years", "3", 0.1, 100)
HOURS_A_DAY: Final = Number("number of hours", "24", 0.1, 24)
WATTS: Final = Number("power in watts", "300", 0, 10**6)

Usd = Annotated[float, Number("amount of USD", "0.50", 0, 10**6)]
UsdAMonth = Annotated[float, USD_A_MONTH]
UsdAMachine = Annotated[float, USD_A_MACHINE]
UsdAKwh = Annotated[float, USD_A_KWH]
RequestsADay = Annotated[float, REQUESTS_A_DAY]
TokensARequest = Annotated[float, TOKENS_A_REQUEST]
TokensASecond = Annotated[float, TOKENS_A_SECOND]
Share = Annotated[float, SHARE]
Load = Annotated[float, LOAD]
Years = Annotated[float, YEARS]
HoursADay = Annotated[float, HOURS_A_DAY]
Watts = Annotated[float, WATTS]
Temperature = Annotated[float, Number("temperature", "0.7", 0, 2)]
Points = Annotated[float, Number("gap in points", "5", 0.01, 100)]
Percent = Annotated[float, Number("share in %", "20", 0.01, 100)]
Seconds = Annotated[float, Number("number of seconds", "30", 0.01, 86_400)]
Seed = Annotated[int, Number("seed", "7", 0, 2**53)]  # JSON holds no larger number exactly
AtOnce = Annotated[int, Number("number of requests", "8", 1, 4096)]
Tries = Annotated[int, Number("number of tries", "3", 1, 1000)]
Cases = Annotated[int, Number("number of cases", "40", 1, 10**6)]
Level = Annotated[int, Number("level", "2 (medium)", 1, 3)]
Requests = Annotated[int, Number("number of requests", "200", 1, 10**6)]
Tokens = Annotated[int, TOKENS]
ReplyTokens = Annotated[int, Number("number of tokens", "128", 2, 100_000)]
PromptTokens = Annotated[int, Number("number of tokens", "256", 1, 10**6)]
MOST_BLOCKS: Final = 1000
Blocks = Annotated[int, Number("number of blocks", "6", 1, MOST_BLOCKS)]
Processes = Annotated[int, Number("number of processes", "2", 1, 64)]
Port = Annotated[int, Number("port", "8080", 1, 65_535)]


_MOST_DIGITS: Final = 15


def whole_number(text: str) -> int | None:
    """What digits within a longer option say, as `gsm8k:20` does; None where they say nothing, or
    more than anybody means."""
    said = text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS
    return int(text) if said else None


def number_of(hint: Any) -> tuple[type, Number] | None:
    """Of an annotation, whether it may hold a number, and which."""
    for one in (hint, *get_args(hint)):
        if get_origin(one) is Annotated:
            kind, *said = get_args(one)
            return next(((kind, number) for number in said if isinstance(number, Number)), None)
    return None


def check_numbers(options: Any, spelled: Callable[[str], str]) -> None:
    """Refuse what is out of bounds, by its name as the user spells it. A default stands for
    itself, whatever it is: many a 0 leaves the choice to us."""
    hints = get_type_hints(type(options), include_extras=True)
    for field in fields(options):
        value, held = getattr(options, field.name), number_of(hints[field.name])
        if held is not None and value != field.default and not held[1].admits(value, held[0]):
            raise held[1].refusal(spelled(field.name), repr(value))
