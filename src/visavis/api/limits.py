"""`visavis limits`: how far candidates go, each asked for itself, within one budget."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Final, cast, get_args

from visavis.api.around import Surroundings, check_writable
from visavis.api.describe import described
from visavis.api.doors import Door, opened
from visavis.api.interrupts import held
from visavis.api.request import Request, admit
from visavis.api.screen import Screen
from visavis.api.session import fetch_weights
from visavis.benchmarks.dated_facts import dated_facts
from visavis.candidates.llama_settings import SLOT_TOKENS
from visavis.candidates.scripted import ScriptedClient
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.core.numbers import TOKENS, check_numbers
from visavis.core.registry import unknown
from visavis.measure.budget import Budget
from visavis.measure.limits.asking import Asker, Means
from visavis.measure.limits.price import forecast
from visavis.measure.limits.probe import UNKNOWN_CONTEXT, Findings, Plan, What, probe
from visavis.measure.plan import Forecast
from visavis.measure.replies import Replies
from visavis.options import CompareOptions, LimitsOptions, flag
from visavis.report import forecast as worded
from visavis.report.limits import Probed
from visavis.report.text import Numbers, line

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
    def shares(self) -> tuple[Forecast, ...]:
        prices = self.request.prices
        return tuple(forecast(name, plan, prices[name]) for name, plan in self.plans.items())


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
    plans = {one.name: _fitted(usual, one, _claimed(one, options)) for one in request.candidates}
    return Planned(request=request, options=options, plans=plans)


def outline(plan: Planned) -> Iterator[str]:
    """What is to be asked of whom, and at what price, a line each."""
    num = Numbers("en")
    for share in plan.shares:
        what = ", ".join(plan.plans[share.candidate].what)
        asked = f"{num.count(share.requests)} requests, {num.count(share.input_tokens)} tokens"
        yield f"{line(share.candidate)}: {what}; about {asked}; {worded.price(share, 'en')}"


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
    at_once = plan.options.at_once or _AT_ONCE.get(candidate.kind, _HOSTED_AT_ONCE)
    options = replace(plan.request.options, at_once=at_once)
    price = plan.request.prices[candidate.name]
    known = described(candidate, price)
    async with opened(
        replace(plan.request, options=options),
        known,
        means.note,
        slot_tokens=plan.options.longest or SLOT_TOKENS,
    ) as door:
        asker = Asker(
            door.candidate, door.careful, price, means, at_once=at_once, engine=door.engine
        )
        settled = _settled(plan.plans[candidate.name], door)
        findings: Findings = await probe(settled, asker)
        return Probed(
            candidate=door.candidate,
            plan=settled,
            findings=findings,
            slot_tokens=_slot(door),
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
        if not (word.isdecimal() and TOKENS.admits(int(word), int)):
            raise TOKENS.refusal(flag("lengths"), repr(word))
    return tuple(sorted({int(word) for word in words}))


def _claimed(candidate: Candidate, options: LimitsOptions) -> int | None:
    """Tokens of context: of a local file its slot, of another what somebody states."""
    if candidate.route == "gguf":
        return options.longest or SLOT_TOKENS
    return _stated(candidate)[0]


def _stated(candidate: Candidate) -> tuple[int | None, str]:
    """The context that is stated of a candidate, and by whom."""
    for fact in candidate.facts:
        if fact.name == "context_window_tokens" and isinstance(fact.value, int | float):
            return int(fact.value), fact.source
    return None, ""


def _fitted(plan: Plan, candidate: Candidate, claimed: int | None) -> Plan:
    """The plan for one candidate, whose context is stated."""
    beyond = round(_BEYOND * claimed) + 64 if claimed else UNKNOWN_CONTEXT
    longest = beyond if candidate.route == "gguf" else plan.longest or beyond
    return replace(plan, claimed=claimed, longest=longest)


def _settled(plan: Plan, door: Door) -> Plan:
    """A local file may hold less than was wanted of it."""
    slot = _slot(door)
    return plan if slot is None else _fitted(plan, door.candidate, slot)


def _slot(door: Door) -> int | None:
    return None if door.llama is None else door.llama.settings.slot_tokens
