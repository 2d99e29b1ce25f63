"""What others wrote, quoted in Markdown: shortened, and inert."""

import re

from visavis.report.markdown import escaped
from visavis.report.text import visible

LONGEST = 700
"""Characters of a quotation."""
_TAIL = 250
"""Of these, how many are its end: that is where most replies give their answer."""
_CUT = " […] "


def shortened(text: str, longest: int = LONGEST) -> str:
    """The beginning and the end of a long text."""
    text = text.strip()
    if len(text) <= longest:
        return text
    head, tail = text[: longest - _TAIL], text[-_TAIL:]
    return head.rstrip() + _CUT + tail.lstrip()


def quoted(text: str, longest: int = LONGEST) -> str:
    """A fenced block, longer fenced than anything in it: nothing in it is Markdown, or markup."""
    shown = visible(shortened(text, longest)).replace("\r", "\n")
    runs = [len(found) for found in re.findall("`+", shown)]
    fence = "`" * max([3, *(n + 1 for n in runs)])
    return f"{fence}text\n{shown}\n{fence}"


def heading(text: str, level: int = 2) -> str:
    """A title within the article."""
    return f"{'#' * level} {escaped(text)}"


def item(text: str) -> str:
    """A point of a list."""
    return f"- {escaped(text)}"
