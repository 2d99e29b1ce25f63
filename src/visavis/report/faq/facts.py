"""How fast, how long, how dear, how large: answered from what was measured and what is stated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import PurePath
from shlex import quote
from types import MappingProxyType

from visavis.core.candidate import Candidate
from visavis.measure.load.arrivals import ALONE
from visavis.measure.speed import SPEED
from visavis.report.clauses import told
from visavis.report.facts import FactCell
from visavis.report.faq.asked import Answered, Asked
from visavis.report.language import N_
from visavis.report.measures import wording
from visavis.report.ranking import summary
from visavis.report.speed.words import load_label
from visavis.report.text import line
from visavis.report.token_prices import cheapest, per_solved, reckoned, token_prices
from visavis.verdict.compare import MeasureRow

TIMES = ("first_token_s", "output_tokens_per_s")
PRICE = "usd_per_solved_case"
LISTS = ("usd_per_million_input_tokens", "usd_per_million_output_tokens")
_MOST_PRICES = 2
_NO_TIMES: Mapping[str, str] = MappingProxyType(
    {
        "recorded": N_("This run cannot say: recorded replies carry no times."),
        "scripted": N_("This run cannot say: scripted replies carry no times."),
    }
)


def faster(asked: Asked) -> Answered:
    """Who answers and writes faster, and by how much."""
    _, rows = asked.say, [row for row in asked.rows(*TIMES) if row.benchmark == SPEED]
    question = asked.question(N_("Which is faster?"), N_("Which is the fastest?"))
    if rows:
        return Answered(
            question=question,
            answer=_pace(rows, asked.judgement.candidates, asked),
            rests_on=asked.of_rows(rows),
        )
    beside = _beside(asked)
    if beside:
        return Answered(question=question, answer=beside)
    kinds = {one.kind for one in asked.candidates}
    why = _NO_TIMES[kinds.pop()] if len(kinds) == 1 and kinds <= _NO_TIMES.keys() else ""
    return Answered(
        question=question,
        answer=(_(why or N_("This run cannot say: speed was not measured.")),),
        command=asked.command("speed", ("hosted", "local", "recorded")),
    )


def _pace(rows: Sequence[MeasureRow], names: Sequence[str], asked: Asked) -> tuple[str, ...]:
    _ = asked.say
    said = [told(row, _(wording(row.measure).label).capitalize(), asked.lang) for row in rows]
    return (summary(rows, names, _), *said)


def _beside(asked: Asked) -> tuple[str, ...]:
    """The same from the speed run that lies beside, under its first load: mostly one at a time."""
    run, _ = asked.run.load, asked.say
    if run is None or not run.loads:
        return ()
    load = run.loads[0]
    rows = [
        replace(row, benchmark=SPEED)
        for row in run.judgement.rows
        if row.benchmark == load and row.measure in TIMES and row.gaps
    ]
    if not rows:
        return ()
    where = _(
        "Measured in the speed run {name}, {load}.",
        name=line(PurePath(run.name).name),
        load=_("one at a time") if load == ALONE else load_label(load, asked.lang),
    )
    return (*_pace(rows, run.judgement.candidates, asked), where)


def cheaper(asked: Asked) -> Iterator[Answered]:
    """Who costs less, per solved case where that was measured, else per token."""
    _, solved, listed = asked.say, asked.rows(PRICE), _listed(asked)
    if solved or listed:
        yield Answered(
            question=_("Which is cheaper, and per what?"),
            answer=(
                *_cheapest(asked, solved),
                *listed,
                *islice(per_solved(asked.judgement, asked.run, asked.lang), _MOST_PRICES),
            ),
            rests_on=(*asked.of_facts(*LISTS), *asked.of_rows(solved)),
        )
    elif all(one.kind == "local" for one in asked.candidates):
        yield Answered(
            question=_("Which is cheaper?"),
            answer=(
                _("None has a price per token: they run on this machine."),
                _("They cost what the machine, its power and its time cost."),
            ),
            command=f"visavis money {quote(line(asked.run.label))}",
        )


def _cheapest(asked: Asked, solved: Sequence[MeasureRow]) -> Iterator[str]:
    """The answer in one sentence."""
    _, names = asked.say, asked.judgement.candidates
    prices = token_prices(asked.run)
    if solved:
        yield summary(solved, names, _)
    elif set(names) <= prices.keys():
        least = cheapest(prices, names)
        if least is None:
            yield _("By the token, that depends on how much is read and how much is written.")
        elif reckoned(asked.run):
            yield _("By the token, {name}.", name=line(least))
        else:
            yield _("By the token, {name}; per solved case that is not known.", name=line(least))


def _listed(asked: Asked) -> list[str]:
    """A million tokens of each, read and written, where there is a list."""
    _, num = asked.say, asked.num
    listed = [
        _(
            "{name} {input} and {output}",
            name=line(name),
            input=num.stated_usd(price.read),
            output=num.stated_usd(price.written),
        )
        for name, price in token_prices(asked.run).items()
    ]
    if not listed:
        return []
    return [
        _(
            "A million tokens, read and written, by the price list: {list}.",
            list=_("; ").join(listed),
        )
    ]


def runs_here(asked: Asked) -> Iterator[Answered]:
    """What memory each takes, as far as anyone can know."""
    _ = asked.say
    memory = asked.cells("peak_bytes")
    size = asked.cells("parameters")
    said: dict[str, list[str]] = {}
    for one in asked.candidates:
        text, figure = _room(one, memory[one.name], size[one.name])
        name = line(one.name)
        said.setdefault(text, []).append(_(_OF_ONE, name=name, size=figure) if figure else name)
    said.pop("", None)
    if said:
        yield Answered(
            question=_("Can they run on my own machine?"),
            answer=tuple(_(text, names=_.listed(names)) for text, names in said.items()),
            rests_on=asked.of_facts(*(fact for text, fact in _RESTS_ON.items() if text in said)),
        )


_OF_ONE = N_("{name} ({size})")
_TOOK = N_("Memory taken here, at most: {names}.")
_HOSTED = N_("With their provider, on machines that nobody here can see: {names}.")
_COUNTED = N_("Parameters known, memory not measured: {names}.")
_UNTOLD = N_("Nobody says how large: {names}.")
_RESTS_ON: Mapping[str, str] = MappingProxyType({_TOOK: "peak_bytes", _COUNTED: "parameters"})
"""The facts that these tell."""


def _room(one: Candidate, memory: FactCell, size: FactCell) -> tuple[str, str]:
    """What is known of the memory that a candidate takes, and the figure."""
    if memory.known:
        return _TOOK, memory.value
    if one.kind == "hosted":
        return _HOSTED, ""
    if size.known:
        return _COUNTED, size.value
    return (_UNTOLD, "") if one.kind == "recorded" else ("", "")
