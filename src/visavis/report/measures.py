"""How each measure and each fact is named and worded. An unknown one is worded by its unit."""

from dataclasses import dataclass

from visavis.core.candidate import Candidate
from visavis.report.language import N_
from visavis.report.text import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words for one measure; each is a text to translate."""

    label: str
    unit: Unit
    better: str = N_("ahead on {subject}")
    """What the winner *is*."""
    ratio: str = N_("{ratio} times as much as {loser}")
    """The evidence when the gap is a ratio, turned so that it is above one."""


MEASURES = {
    "score": Wording(
        label=N_("score"),
        unit="share",
        better=N_("better at {subject}"),
    ),
    "first_token_s": Wording(
        label=N_("time to first token"),
        unit="s",
        better=N_("quicker to answer"),
        ratio=N_("{loser} takes {ratio} times as long"),
    ),
    "output_tokens_per_s": Wording(
        label=N_("output speed"),
        unit="per_s",
        better=N_("faster at writing"),
        ratio=N_("{ratio} times as many tokens per second as {loser}"),
    ),
    "characters_per_s": Wording(
        label=N_("output speed, in characters"),
        unit="characters_per_s",
        better=N_("faster at writing, in characters"),
        ratio=N_("{ratio} times as many characters per second as {loser}"),
    ),
    "words_per_s": Wording(
        label=N_("output speed, in words"),
        unit="words_per_s",
        better=N_("faster at writing, in words"),
        ratio=N_("{ratio} times as many words per second as {loser}"),
    ),
    "throughput_tokens_per_s": Wording(
        label=N_("throughput"),
        unit="per_s",
        better=N_("ahead in throughput"),
        ratio=N_("{ratio} times as many tokens per second as {loser}"),
    ),
    "goodput_per_s": Wording(
        label=N_("goodput"),
        unit="requests_per_s",
        better=N_("better at keeping to the objective"),
        ratio=N_("{ratio} times as many requests per second as {loser} that met it"),
    ),
    "output_tokens": Wording(
        label=N_("tokens per reply"),
        unit="count",
        better=N_("briefer on {benchmark}"),
        ratio=N_("{loser} writes {ratio} times as many tokens"),
    ),
    "usd_per_solved_case": Wording(
        label=N_("price per solved case"),
        unit="usd",
        better=N_("cheaper per solved case of {benchmark}"),
        ratio=N_("{loser} costs {ratio} times as much"),
    ),
    "usd_per_month": Wording(label=N_("price per month"), unit="usd"),
}

_SUFFIXES: tuple[tuple[str, Unit], ...] = (
    ("_per_s", "per_s"),
    ("_s", "s"),
    ("_bytes", "bytes"),
    ("_tokens", "count"),
)


def wording(measure: str) -> Wording:
    """The words for a measure; one that this page does not know is read by its unit."""
    known = MEASURES.get(measure)
    if known is not None:
        return known
    unit: Unit = "usd" if "usd" in measure.split("_") else "plain"
    unit = next((u for suffix, u in _SUFFIXES if measure.endswith(suffix)), unit)
    return Wording(label=measure.replace("_", " "), unit=unit)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactWording:
    """The words for one fact, and why it may be unknown, by kind of candidate."""

    label: str
    unit: Unit | None = None
    """None for words; `parameters` and dates are known by name."""
    local: str = N_("the file does not say")
    hosted: str = N_("the provider does not say")


_NO_PRICE = N_("runs on this machine, no price per token")
_NO_LIST = N_("no price is known for this route")

FACTS = {
    "file_bytes": FactWording(label=N_("file size"), unit="bytes"),
    "parameters": FactWording(label=N_("parameters")),
    "quantisation": FactWording(label=N_("quantisation")),
    "context_window_tokens": FactWording(label=N_("context window, tokens"), unit="count"),
    "largest_output_tokens": FactWording(
        label=N_("largest output, tokens"), unit="count", local=N_("only the run's own limit")
    ),
    "knowledge_cutoff": FactWording(
        label=N_("knowledge cutoff"), local=N_("its maker does not say")
    ),
    "usd_per_million_input_tokens": FactWording(
        label=N_("price per million input tokens"), unit="usd", local=_NO_PRICE, hosted=_NO_LIST
    ),
    "usd_per_million_output_tokens": FactWording(
        label=N_("price per million output tokens"), unit="usd", local=_NO_PRICE, hosted=_NO_LIST
    ),
    "peak_bytes": FactWording(
        label=N_("peak memory"),
        unit="bytes",
        local=N_("not measured in this run"),
        hosted=N_("runs on the provider's machines"),
    ),
    "load_s": FactWording(
        label=N_("load time"),
        unit="s",
        local=N_("not measured in this run"),
        hosted=N_("runs on the provider's machines"),
    ),
}
"""The facts every report shows, known or not, in this order."""

FURTHER_FACTS = {
    "usd_per_million_cached_input_tokens": FactWording(
        label=N_("price per million cached input tokens"), unit="usd", local=_NO_PRICE
    ),
    "usd_per_million_batch_input_tokens": FactWording(
        label=N_("price per million input tokens, batch"), unit="usd", local=_NO_PRICE
    ),
    "usd_per_million_batch_output_tokens": FactWording(
        label=N_("price per million output tokens, batch"), unit="usd", local=_NO_PRICE
    ),
    "anonymous_bytes": FactWording(
        label=N_("peak memory of its own"),
        unit="bytes",
        hosted=N_("runs on the provider's machines"),
    ),
    "file_backed_bytes": FactWording(
        label=N_("peak memory mapped from the file"),
        unit="bytes",
        hosted=N_("runs on the provider's machines"),
    ),
    "licence": FactWording(label=N_("licence")),
    "architecture": FactWording(label=N_("architecture")),
    "training": FactWording(label=N_("training"), local=N_("its maker does not say")),
    "engine": FactWording(
        label=N_("engine"),
        local=N_("its server does not say"),
        hosted=N_("runs on the provider's machines"),
    ),
}
"""Facts shown when at least one candidate has them."""


FROM_BELOW = (
    N_("read from the file"),
    N_("measured here"),
    N_("as it was started here"),
    N_("the file's header"),
    N_("the file's header, its separate output head counted"),
    N_("its maker's name for it"),
    N_("instructions"),
    N_("base: continues text, was not taught to follow instructions"),
    N_("base: the file has no chat template, so it continues text"),
)
"""Facts, reasons and sources that other rooms state in English, to be said in the reader's
language."""


def fact_wording(name: str) -> FactWording:
    """The words for a fact; one that this page does not know is read by its unit."""
    known = FACTS.get(name) or FURTHER_FACTS.get(name)
    if known is not None:
        return known
    found = wording(name)
    return FactWording(label=found.label, unit=None if found.unit == "plain" else found.unit)


def why_unknown(name: str, candidate: Candidate) -> str:
    """Why a fact that nobody stated is not known of this candidate; a text to translate."""
    match candidate.kind:
        case "local":
            return fact_wording(name).local
        case "hosted":
            return fact_wording(name).hosted
        case "recorded":
            return N_("a recording does not say")
        case "scripted":
            return N_("a script has none")
