"""Adds to a candidate what its file and its provider's price list say of it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from visavis.candidates import gguf
from visavis.candidates.prices import Price, price_recorded
from visavis.core.candidate import Candidate, Fact, Unknown


def described(candidate: Candidate, price: Price | Unknown) -> Candidate:
    """The candidate with all its facts; a file that is no whole GGUF file is refused here.

    A recording has the list price of its model, which nobody pays.
    """
    facts = [*candidate.facts, *_prices(_of_its_model(candidate) or price)]
    if candidate.route != "gguf" or candidate.file is None:
        return replace(candidate, facts=tuple(facts))
    header = gguf.read(candidate.file)
    stated = {fact.name for fact in facts} | {"quantisation"}  # a field of its own
    today = datetime.now(UTC).date().isoformat()
    facts += [fact for fact in gguf.facts(header, as_of=today) if fact.name not in stated]
    return replace(
        candidate,
        facts=tuple(facts),
        quantisation=candidate.quantisation or header.quantisation,
    )


def _of_its_model(candidate: Candidate) -> Price | None:
    if candidate.kind != "recorded":
        return None
    listed = price_recorded(candidate)
    if isinstance(listed, Unknown):
        return None
    return replace(listed.price, source=f"as {listed.of}, {listed.price.source}")


def _prices(price: Price | Unknown) -> Iterator[Fact]:
    if isinstance(price, Unknown):
        return
    first, batch = price.rates[0], price.batch
    sums = {
        "input": first.input_usd,
        "cached_input": first.cached_usd,
        "output": first.output_usd,
        "batch_input": None if batch is None else batch.input_usd,
        "batch_output": None if batch is None else batch.output_usd,
    }
    for tokens, usd in sums.items():
        if usd is not None:
            name = f"usd_per_million_{tokens}_tokens"
            yield Fact(name=name, value=usd, source=price.source, as_of=price.as_of)
