"""Where a figure leads on the page: to its trials, its row of the table, the weights behind it.

A `Trace` is all that any section says of it; `traces.js` goes there and sets what is to be set.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from visavis.options import Language
from visavis.report.language import Words
from visavis.verdict.compare import Gap, Judgement, MeasureRow

TRIALS = "transcripts"
WEIGHTS = "choose-own"
TOKENS = "money-tokens"
Pair = Sequence[int]
"""The places of two candidates in the run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A place on the page that a figure rests on."""

    label: str
    """What is there, as the words of a link."""
    to: str
    """Its id."""
    sets: str = ""
    """What the fields there are set to, as a query."""


def showing(benchmark: str, kind: str = "all", pair: Pair = ()) -> str:
    """What the transcripts' filters are set to: the cases of one benchmark, or of all where it is
    empty, of one kind, for all candidates or for two of them."""
    between = ",".join(map(str, pair))
    return urlencode({"benchmark": benchmark, "pair": between, "search": "", "kind": kind})


def trials(benchmark: str, lang: Language, kind: str = "all", pair: Pair = ()) -> Trace:
    sets = showing(benchmark, kind, pair)
    return Trace(label=Words(lang)("trials"), to=TRIALS, sets=sets)


def place(topic: str, benchmark: str = "") -> str:
    """The id of a row of the face-to-face table: a measure's, a fact's, or that of claims alone."""
    return quote(f"face-{topic}.{benchmark}" if benchmark else f"face-{topic}", safe="")


def in_table(label: str, topic: str, benchmark: str = "") -> Trace:
    return Trace(label=label, to=place(topic, benchmark))


def weights(use: int, lang: Language) -> Trace:
    """What a use weighs, and the share of each candidate; `use` is its place among the uses."""
    sets = urlencode({"use": use})
    return Trace(label=Words(lang)("weights and shares"), to=WEIGHTS, sets=sets)


def of_gaps(
    judgement: Judgement, asked: Collection[str], lang: Language
) -> Callable[[MeasureRow, Gap], Trace]:
    """What a gap rests on: of a score the cases that tell the two apart, of tokens and prices all
    that both were asked; of what is no benchmark that was `asked`, its row of the table."""
    names = judgement.candidates

    def trace(row: MeasureRow, gap: Gap) -> Trace:
        if row.benchmark not in asked:
            return in_table(Words(lang)("in the table"), row.measure, row.benchmark)
        kind = "disagree" if row.measure == "score" else "all"
        return trials(row.benchmark, lang, kind, (names.index(gap.a), names.index(gap.b)))

    return trace
