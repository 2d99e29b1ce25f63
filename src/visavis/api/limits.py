"""`visavis limits`: how far candidates go, each asked for itself, within one budget."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, cast, get_args

import psutil

from visavis.api.around import Surroundings, check_writable
from visavis.api.describe import described
from visavis.api.doors import opened
from visavis.api.interrupts import held
from visavis.api.request import Request, admit
from visavis.api.screen import Screen
from visavis.api.session import fetch_weights
from visavis.benchmarks.dated_facts import dated_facts
from visavis.candidates import gguf
from visavis.candidates.fit import slot_within
from visavis.candidates.llama_settings import SLOT_TOKENS
from visavis.candidates.scripted import ScriptedClient
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.numbers import TOKENS, check_numbers, whole_number
from visavis.core.registry import unknown
from visavis.measure.budget import Budget
from visavis.measure.limits.asking import Asker, Means
from visavis.measure.limits.price import Extent, Outlook, outlook
from visavis.measure.limits.probe import UNKNOWN_CONTEXT, Findings, Plan, What, probe
from visavis.measure.plan import Forecast
from visavis.measure.replies import Replies
from visavis.options import CompareOptions, LimitsOptions, flag
from visavis.report import forecast as worded
from visavis.report.limits import Probed, requests
from visavis.report.text import counted, line

_FREE_PART: Final = 0.9
"""Of the memory that is free, a local engine may take."""
_BEYOND: Final = 1.1
"""Prompts are tried up to so many times the context that is stated, and 64 tokens more."""
_AT_ONCE: Final = {"local": 1}
_HOSTED_AT_ONCE: Final = 8


@dataclass(frozen=True, kw_only=True)
class Planned:
    """What is to be found out, checked as far as it can be without asking."""

    request: Request
    options: LimitsOptions
    plans: Mapping[str, Plan]
    """By candidate."""

    @property
    def outlooks(self) -> tuple[Outlook, ...]:
        prices = self.request.prices
        return tuple(outlook(name, plan, prices[name]) for name, plan in self.plans.items())

    @property
    def shares(self) -> tuple[Forecast, ...]:
        return tuple(one.price for one in self.outlooks)


def planned(
    named: Sequence[str | ScriptedClient],
    options: LimitsOptions,
    around: Surroundings,
    screen: Screen,
) -> Planned:
    """The plan, or the one line that says what is wrong with it."""
    what, lengths = _what(options), _lengths(options)
    check_numbers(options, flag)
    if options.json is not None:
        check_writable(options.json)
    asked = CompareOptions(
        at_once=options.at_once,
        seed=options.seed,
        budget=options.budget,
        yes=options.yes,
        dry_run=options.dry_run,
    )
    request = admit(named, asked, around, screen)
    for candidate in request.candidates:
        if candidate.kind == "recorded":
            raise OptionError(f"{candidate.name!r} is a recording, which has no limits to find")
    usual = Plan(
        what=what,
        longest=options.longest,
        claimed=None,
        lengths=lengths,
        repeats=options.repeats,
        output_tokens=options.output_tokens,
        facts=dated_facts(),
        seed=options.seed,
    )
    plans = {one.name: _fitted(usual, one, options) for one in request.candidates}
    return Planned(request=request, options=options, plans=plans)


def outline(plan: Planned) -> Iterator[str]:
    """What is to be asked of whom, and at what price, a line each."""
    for seen in plan.outlooks:
        name = seen.price.candidate
        of = plan.plans[name]
        usual, most = _extent(seen.expected), _extent(seen.most)
        asked = f"{usual} if limits are as stated, at most {most}"
        yield f"{line(name)}: {', '.join(of.what)}; {asked}; {worded.price(seen.price, 'en')}"
        if of.slot is not None:
            yield f"  {_told_slot(of, plan.options.longest)}"


def _extent(extent: Extent) -> str:
    return f"{requests(extent.requests)} with {counted(extent.input_tokens)} tokens"


def _told_slot(plan: Plan, longest: int) -> str:
    """Which context a local file is given, and why no more."""
    slot = counted(plan.slot or 0)
    if plan.claimed is None:
        return f"its slot is {slot} tokens; its file does not say how many it takes"
    if plan.slot == plan.claimed:
        return f"its slot is {slot} tokens, the whole window that its file states"
    why = "--longest says so" if plan.slot == longest else "more does not fit into free memory"
    return f"its slot is {slot} tokens of the {counted(plan.claimed)} that its file states: {why}"


def consents(plan: Planned, screen: Screen) -> bool:
    """Whether the user agrees to spend; asked only where something may cost."""
    question = worded.question(plan.shares, plan.options.budget)
    return question is None or plan.options.yes or screen.agrees(question)


def find_limits(plan: Planned, screen: Screen) -> list[Probed]:
    """All that is planned, candidate after candidate; an interrupt leaves what is found by then."""
    fetch_weights(plan.request, screen)
    return held(lambda stop: _all(plan, screen, stop), screen)


async def _all(plan: Planned, screen: Screen, stop: asyncio.Event) -> list[Probed]:
    with closing(Replies(plan.request.around.home / "replies.sqlite", screen.note)) as replies:
        means = Means(
            budget=Budget(plan.options.budget), replies=replies, stop=stop, note=screen.note
        )
        return [
            await _one(candidate, plan, means)
            for candidate in plan.request.candidates
            if not stop.is_set()
        ]


async def _one(candidate: Candidate, plan: Planned, means: Means) -> Probed:
    at_once = _at_once(candidate, plan.options)
    options = replace(plan.request.options, at_once=at_once)
    price = plan.request.prices[candidate.name]
    settled = _fitted(plan.plans[candidate.name], candidate, plan.options)  # its file is here now
    async with opened(
        replace(plan.request, options=options),
        described(candidate, price),
        means.note,
        slot_tokens=settled.slot or SLOT_TOKENS,
    ) as door:
        asker = Asker(
            door.candidate, door.careful, price, means, at_once=at_once, engine=door.engine
        )
        findings: Findings = await probe(settled, asker)
        return Probed(
            candidate=door.candidate,
            plan=settled,
            findings=findings,
            stated=_stated(candidate)[1],
            requests=asker.requests,
            reused=asker.reused,
            since=asker.since,
            usd=asker.usd,
        )


# --- what to ask --------------------------------------------------------------------------------


def _what(options: LimitsOptions) -> tuple[What, ...]:
    """In the order in which one serves the next."""
    known = get_args(What)
    named = [word for words in options.what for word in words.split(",") if word]
    for word in named:
        if word not in known:
            raise unknown("limit", word, known)
    return tuple(cast(What, word) for word in known if word in named or not named)


def _lengths(options: LimitsOptions) -> tuple[int, ...]:
    words = [word for words in options.lengths for word in words.split(",") if word]
    for word in words:
        if not TOKENS.admits(whole_number(word), int):
            raise TOKENS.refusal(flag("lengths"), repr(word))
    return tuple(sorted({int(word) for word in words}))


def _stated(candidate: Candidate) -> tuple[int | None, str]:
    """The context that is stated of a candidate, and by whom."""
    if candidate.route == "gguf" and candidate.file is not None and candidate.file.exists():
        return gguf.read(candidate.file).context_tokens, "its file"
    for fact in candidate.facts:
        if fact.name == "context_window_tokens" and isinstance(fact.value, int | float):
            return int(fact.value), fact.source
    return None, ""


def _slot(candidate: Candidate, stated: int | None, options: LimitsOptions) -> int | None:
    """Tokens that a local engine is to hold: those wanted, or all that its file states, as far as
    they fit into memory. None of what is asked elsewhere."""
    if candidate.route != "gguf" or candidate.file is None:
        return None
    wanted = options.longest or stated or SLOT_TOKENS
    wanted = min(wanted, stated or wanted)
    if not candidate.file.exists():  # it is fetched once all is agreed to
        return wanted
    header, streams = gguf.read(candidate.file), _at_once(candidate, options)
    free = _FREE_PART * psutil.virtual_memory().available
    return slot_within(header, free, wanted=wanted, streams=streams)


def _at_once(candidate: Candidate, options: LimitsOptions) -> int:
    return options.at_once or _AT_ONCE.get(candidate.kind, _HOSTED_AT_ONCE)


def _fitted(plan: Plan, candidate: Candidate, options: LimitsOptions) -> Plan:
    """The plan for one candidate."""
    stated, _ = _stated(candidate)
    slot = _slot(candidate, stated, options)
    end = slot or stated
    beyond = round(_BEYOND * end) + 64 if end else UNKNOWN_CONTEXT
    longest = beyond if slot else plan.longest or beyond
    return replace(plan, claimed=stated, slot=slot, longest=longest)
