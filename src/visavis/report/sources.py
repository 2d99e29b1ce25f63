"""Where a figure comes from: what other rooms state in English, said in the reader's language."""

import re

from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.text import Numbers, line

KNOWN = (
    N_("Meta's model card"),
    N_("Meta's model card; a server may allow less"),
    N_("OpenAI's model page as quoted in public"),
    N_("its conversions on the Hugging Face hub"),
    N_("made here from a seed, answers proven; Apache-2.0"),
)
"""Said whole; any other that fits no pattern stays as it is."""
ABOUT = (
    N_("grid puzzles with one solution"),
    N_("syllogisms over invented words"),
    N_("sums of money in several steps"),
    N_("orders of arrival with one solution"),
    N_("rules that go against intuition"),
    N_("dates in schedules"),
    N_("tables to be read"),
    N_("short programs to be traced by hand"),
    N_("sums across units"),
)
"""What the generated families are about."""
_AS_ITS_MODEL = re.compile(r"as (?P<of>.+ at [^,;]+), (?P<source>.+)")
"""Of a recorded candidate's price: whose it is, then who says so."""
_PATTERNS = (
    (re.compile(r"(?P<who>.+), data to (?P<day>\d{4}-\d\d-\d\d)"), N_("{who}, data to {day}")),
    (re.compile(r"(?P<what>.+), at (?P<host>[^,;]+)"), N_("{what}, at {host}")),
    (re.compile(r"(?P<what>\S+) at (?P<host>[^,;]+)"), N_("{what} at {host}")),
    (re.compile(r"(?P<what>.+), (?P<n>[\d,]+) cases"), N_("{what}, {n} cases")),
    (
        re.compile(r"(?P<what>.+), (?P<n>[\d,]+) cases; (?P<licence>.+)"),
        N_("{what}, {n} cases; {licence}"),
    ),
    (
        re.compile(r"as logged by (?P<tool>[^;]+); under the licence of its source"),
        N_("as logged by {tool}; under the licence of its source"),
    ),
    (
        re.compile(r"(?P<about>.+); made here from a seed, answers proven; Apache-2\.0"),
        N_("{about}; made here from a seed, answers proven; Apache-2.0"),
    ),
    (
        re.compile(r"written here, (?P<n>[\d,]+) requirements checked; Apache-2\.0"),
        N_("written here, {n} requirements checked; Apache-2.0"),
    ),
    (re.compile(r"your own file (?P<name>.+)"), N_("your own file {name}")),
    (re.compile(r"your own folder (?P<name>.+)"), N_("your own folder {name}")),
)


def told_source(source: str, lang: Language) -> str:
    """A source as it is said in this language, its numbers and days too."""
    _ = Words(lang)
    if (found := _AS_ITS_MODEL.fullmatch(source)) is not None:
        of, listed = (told_source(part, lang) for part in found.groups())
        return line(_("as {of}, {source}", of=of, source=listed))
    if source not in KNOWN:
        for pattern, text in _PATTERNS:
            found = pattern.fullmatch(source)
            if found is not None:
                return line(_(text, **_fields(found.groupdict(), lang)))
    return line(_(line(source)))


def _fields(parts: dict[str, str], lang: Language) -> dict[str, str]:
    num = Numbers(lang)
    if "n" in parts:
        parts["n"] = num.count(int(parts["n"].replace(",", "")))
    if "about" in parts:
        parts["about"] = Words(lang)(parts["about"])
    if "day" in parts:
        parts["day"] = num.day(parts["day"])
    return parts
