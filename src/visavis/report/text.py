"""Every number, date and foreign text is written here and nowhere else.

Digits follow the interval: a value is never written finer than two figures of its interval's
width. Signs, spaces, money and dates are those of Unicode's CLDR for English (dates the British
way) and French, by a test, but for three things on purpose: a true minus sign, one kind of
no-break space before every unit (CLDR's differ from unit to unit), and the French first of a
month as `1er`, which CLDR has no pattern for.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from math import floor, inf, isinf, log10
from typing import Literal

from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.stats.estimate import Estimate

NBSP = "\u00a0"
THIN = "\u202f"
MINUS = "\u2212"
PIPED_COLUMNS = 120
"""Columns of a text for which no terminal says how many there are."""

Unit = Literal[
    "share",
    "s",
    "per_s",
    "characters_per_s",
    "words_per_s",
    "requests_per_s",
    "usd",
    "bytes",
    "count",
    "plain",
]
"""What a number counts; decides how it is written."""

_RATES: dict[Unit, str] = {
    "per_s": N_("tokens/s"),
    "characters_per_s": N_("characters/s"),
    "words_per_s": N_("words/s"),
    "requests_per_s": N_("requests/s"),
}

HIDDEN = (
    (0x00, 0x08), (0x0B, 0x1F), (0x7F, 0x9F),  # controls, but for tab and line feed
    (0xAD, 0xAD), (0x034F, 0x034F), (0x061C, 0x061C), (0x115F, 0x1160), (0x17B4, 0x17B5),
    (0x180B, 0x180F), (0x200B, 0x200F), (0x2028, 0x202E), (0x2060, 0x206F), (0x3164, 0x3164),
    (0xD800, 0xDFFF), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0), (0xFFF9, 0xFFFB), (0xE0000, 0xE0FFF),
)  # fmt: skip
"""Code points that act unseen or turn the writing round: Unicode's Default_Ignorable set without
the selectors that emoji need, the bidirectional controls, and halves of a surrogate pair."""

_HIDDEN = re.compile("[" + "".join(f"{chr(low)}-{chr(high)}" for low, high in HIDDEN) + "]")

_BLANKS = re.compile(rf"[^\S{NBSP}{THIN}]+")
"""What separates words and lines."""

_FINEST = 12
"""Decimals where nothing else limits them; beyond a double's own grain."""

_MONTHS = (
    N_("January"), N_("February"), N_("March"), N_("April"), N_("May"), N_("June"), N_("July"),
    N_("August"), N_("September"), N_("October"), N_("November"), N_("December"),
)  # fmt: skip


def escaped(document: str) -> str:
    """JSON with each unseen character as `\\u202e`, which a terminal shows and does not obey."""
    return _HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], document)


def visible(text: str) -> str:
    """`text` with each unseen character written out as `‹U+202E›`."""
    return _HIDDEN.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)


def line(text: str) -> str:
    """`visible`, on one line: for names, notes and details. No-break spaces stay."""
    return visible(_BLANKS.sub(" ", text).strip())


def cut(text: str, most: int) -> str:
    """`line`, no longer than so many characters."""
    plain = line(text)
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _places(width: float) -> int:
    """Decimals that show two figures of an interval this wide."""
    if isinf(width) or width <= 0:
        return _FINEST
    return max(0, 1 - floor(log10(width)))


def _figures(value: float, figures: int) -> int:
    """Decimals that show this many significant figures of a value."""
    return max(0, figures - 1 - floor(log10(abs(value)))) if value and not isinf(value) else 0


def _shows_something(written: str) -> bool:
    return any(digit in written for digit in "123456789∞")


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes numbers for readers of one language."""

    lang: Language

    def decimal(self, value: float, places: int = 0) -> str:
        """`1,234.5`, with a true minus sign; a zero has no sign."""
        written = "∞" if isinf(value) else f"{abs(value):,.{places}f}"
        if self.lang == "fr":
            written = written.replace(",", THIN).replace(".", ",")
        return (MINUS if value < 0 and _shows_something(written) else "") + written

    def signed(self, value: float, places: int = 0) -> str:
        written = self.decimal(value, places)
        return "+" + written if value > 0 and _shows_something(written) else written

    def count(self, n: float) -> str:
        return self.decimal(round(n))

    def roughly(self, n: int) -> str:
        """A number of cases that nobody knows the third figure of, rounded up."""
        grain = 10 ** max(0, len(str(n)) - 2)
        return self.count(-(-n // grain) * grain)

    def n(self, n: int, groups: int | None = None) -> str:
        """How many cases or measurements, and in how many groups, where they come in such."""
        said = f"n{NBSP}={NBSP}{self.count(n)}"
        if groups is None:
            return said
        _ = Words(self.lang)
        return _.plural(
            "{n} in {groups} group",
            "{n} in {groups} groups",
            groups,
            n=said,
            groups=self.count(groups),
        )

    def rests_on(self, found: Estimate) -> str:
        """What an estimate rests on: `n = 24 in 12 groups`."""
        return self.n(found.n, found.groups)

    def share(self, value: float, width: float = 1.0) -> str:
        """A proportion in per cent; tenths once the interval is narrower than ten points."""
        space = NBSP if self.lang == "fr" else ""
        return self.decimal(100 * value, _share_places(width)) + space + "%"

    def seconds(self, value: float, width: float = 0.0) -> str:
        """Milliseconds below one second, seconds below two minutes, then minutes; microseconds
        where a tenth of a millisecond is too much."""
        if 120 <= abs(value) < inf:
            minutes, rest = divmod(round(value), 60)
            return f"{self.count(minutes)}{NBSP}min{NBSP}{rest:02d}{NBSP}s"
        if 0 < abs(value) < 1e-4:
            return self._measured(1e6 * value, 1e6 * width) + NBSP + "µs"
        if 0 < abs(value) < 1:
            return self._measured(1000 * value, 1000 * width) + NBSP + "ms"
        return self._measured(value, width) + NBSP + "s"

    def stated_seconds(self, value: float) -> str:
        """A time that somebody set: `2.5 s`, `10 ms`, without digits that were not written."""
        unit, scaled = ("s", value) if value >= 1 else ("ms", 1000 * value)
        places = next(n for n in range(_FINEST) if round(scaled, n) == round(scaled, _FINEST))
        return self.decimal(scaled, places) + NBSP + unit

    def wait(self, seconds: float) -> str:
        """A time still to be waited, to the second below two minutes, to the minute above."""
        if seconds < 120:
            return f"{self.count(seconds)}{NBSP}s"
        hours, minutes = divmod(round(seconds / 60), 60)
        if hours < 2:
            return f"{self.count(60 * hours + minutes)}{NBSP}min"
        return f"{self.count(hours)}{NBSP}h{NBSP}{minutes:02d}"

    def rate(self, value: float, width: float = 0.0, unit: Unit = "per_s") -> str:
        """Tokens, characters, words or requests a second."""
        _ = Words(self.lang)
        return self._measured(value, width) + NBSP + _(_RATES[unit])

    def usd(self, value: float, width: float = 0.0) -> str:
        """Two decimals from ten cents up, three figures below: small sums stay readable."""
        places = 2
        if 0 < abs(value) < 0.1:
            places = max(2, min(_figures(value, 3), _places(width)))
        return self._dollars(value, places)

    def stated_usd(self, value: float) -> str:
        """A price that somebody set, to the digit: `$2.50`, `$0.075`."""
        places = next(n for n in range(2, _FINEST) if round(value, n) == round(value, _FINEST))
        return self._dollars(value, places)

    def printed(self, unit: Literal["usd", "per_s"], value: float, places: int) -> str:
        """A figure of another's with the decimals that they gave it, cents at least."""
        if unit == "usd":
            return self._dollars(value, max(2, places))
        return self.decimal(value, places) + NBSP + Words(self.lang)(_RATES[unit])

    def _dollars(self, value: float, places: int) -> str:
        written = self.decimal(abs(value), places)
        sign = MINUS if value < 0 else ""
        return f"{sign}{written}{NBSP}$US" if self.lang == "fr" else f"{sign}${written}"

    def size(self, value: float, width: float = 0.0) -> str:
        """Bytes in powers of a thousand: `491 MB`, `491 Mo`."""
        power = int(min(4, log10(abs(value)) // 3)) if abs(value) >= 1 else 0
        scale = 1000.0**power
        unit = ("B", "kB", "MB", "GB", "TB")[power]
        if self.lang == "fr":
            unit = unit.replace("B", "o")
        written = self.count(value) if power == 0 else self._measured(value / scale, width / scale)
        return written + NBSP + unit

    def joules(self, value: float, width: float = 0.0) -> str:
        """Energy: `0.42 J`."""
        return self._measured(value, width) + NBSP + "J"

    def watts(self, value: float) -> str:
        return self._measured(value, 0.0) + NBSP + "W"

    def times(self, value: float, width: float = 0.0) -> str:
        """A ratio: `3.1 times`."""
        _ = Words(self.lang)
        return _("{ratio} times", ratio=self.ratio(value, width))

    def ratio(self, value: float, width: float = 0.0) -> str:
        """A bare ratio: two decimals near one, three figures elsewhere, none above a hundred."""
        places = min(2, _figures(value, 3) if value else 2)
        return self.decimal(value, min(places, _places(width)))

    def big(self, value: float) -> str:
        """A number of parameters: `135 million`, `1.54 billion`."""
        _ = Words(self.lang)
        if value >= 1e9:
            scaled = value / 1e9
            x = self.decimal(scaled, min(2, _figures(scaled, 3)))
            return _.plural("{x} billion", "{x} billion", int(scaled), x=x)
        if value >= 1e6:
            scaled = value / 1e6
            x = self.decimal(scaled, min(1, _figures(scaled, 3)))
            return _.plural("{x} million", "{x} million", int(scaled), x=x)
        return self.count(value)

    def day(self, iso: str) -> str:
        """`2026-11-21` as `21 November 2026`, `2023-10` as `October 2023`; else as it is given."""
        _, parts = Words(self.lang), iso[:10].split("-")
        try:
            days = [int(part) for part in parts]
            date(*[*days, 1, 1][:3])
        except ValueError:
            return line(iso)
        if len(days) == 1:
            return iso[:10]
        named = f"{_(_MONTHS[days[1] - 1])} {days[0]}"
        if len(days) == 2:
            return named
        first = "1er" if self.lang == "fr" and days[2] == 1 else str(days[2])
        return f"{first}{NBSP}{named}"

    def moment(self, iso: str) -> str:
        """A day with its time in UTC, to the minute."""
        time = re.fullmatch(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d).*", iso)
        return f"{self.day(time[1])}, {time[2]}{NBSP}UTC" if time else self.day(iso)

    def value(self, unit: Unit, value: float, width: float = 0.0) -> str:
        """A value with its unit; `width` is that of its interval, 0 when it has none."""
        match unit:
            case "share":
                return self.share(value, width)
            case "s":
                return self.seconds(value, width)
            case "per_s" | "characters_per_s" | "words_per_s" | "requests_per_s":
                return self.rate(value, width, unit)
            case "usd":
                return self.usd(value, width)
            case "bytes":
                return self.size(value, width)
            case "count":
                return self.decimal(value, 0 if abs(value) >= 100 else 1)
        return self._measured(value, width)

    def interval(self, unit: Unit, estimate: Estimate) -> str:
        """The 95 % interval: `33% to 77%`, `604 to 641 ms`."""
        width = estimate.high - estimate.low
        low, high = (self.value(unit, end, width) for end in (estimate.low, estimate.high))
        return self.between(low, high)

    def gap(self, unit: Unit, gap: Estimate) -> tuple[str, str]:
        """A difference and its interval: `+41 points`, `25 to 57`; signs where they differ."""
        width = gap.high - gap.low
        ends = (gap.low, gap.high)
        crosses = gap.low < 0 < gap.high
        if unit == "share":
            places = _share_places(width)
            write = self.signed if crosses else self.decimal
            low, high = (write(100 * end, places) for end in ends)
            return self.points(gap.value, width), self.between(low, high)
        plus = "+" if gap.value > 0 else ""
        low, high = (self.value(unit, end, width) for end in ends)
        return plus + self.value(unit, gap.value, width), self.between(low, high)

    def points(self, value: float, width: float = 1.0, *, sign: bool = True) -> str:
        """A difference of shares: `+41 points`."""
        places = _share_places(width)
        written = (self.signed if sign else self.decimal)(100 * value, places)
        size = abs(round(100 * value, places))
        # English has one plural from 1.1 and below 1 on, French from 2 on: 0 takes both right.
        form = 1 if size == 1 else 0 if size < 2 else 2
        _ = Words(self.lang)
        return _.plural("{x} point", "{x} points", form, x=written)

    def stated(self, value: float) -> str:
        """A share that somebody set rather than measured: `5 points`, `2.5 points`."""
        return self.points(value, 1.0 if round(100 * value, 6).is_integer() else 0.0, sign=False)

    def stated_times(self, value: float) -> str:
        """A ratio that somebody set: `5 times`, `1.25 times`."""
        _ = Words(self.lang)
        return _("{ratio} times", ratio=self.decimal(value, 0 if value.is_integer() else 2))

    def ratio_gap(self, gap: Estimate) -> tuple[str, str]:
        """A ratio and its interval: `3.1 times`, `2.9 to 3.3`."""
        width = gap.high - gap.low
        low, high = (self.ratio(end, width) for end in (gap.low, gap.high))
        return self.times(gap.value, width), self.between(low, high)

    def between(self, low: str, high: str) -> str:
        """A range; a unit that both ends share is written once."""
        number, space, unit = low.partition(NBSP)
        if space and NBSP not in unit and high.endswith(NBSP + unit):
            low = number
        _ = Words(self.lang)
        return _("{low} to {high}", low=low, high=high)

    def _measured(self, value: float, width: float) -> str:
        return self.decimal(value, min(_figures(value, 3), _places(width)))


def counted(n: float) -> str:
    """A number of things, in what is said in English alone: errors, and commands without --lang."""
    return Numbers("en").count(n)


def _share_places(width: float) -> int:
    return min(1, _places(100 * width))


def figure_words(lang: Language) -> dict[str, str | list[str]]:
    """What `figures.js` writes beside digits, as `Numbers` does."""
    _ = Words(lang)
    return {
        **{unit: _(text) for unit, text in _RATES.items()},
        "times": _("{ratio} times"),
        "between": _("{low} to {high}"),
        "points": [_.plural("{x} point", "{x} points", n, x="{x}") for n in (1, 2)],
    }
