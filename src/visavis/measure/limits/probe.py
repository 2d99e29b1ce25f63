"""One candidate's limits, asked for one after another; whatever ends it early, what is known stays.

Thin: what to ask next is decided in `context`, `needle`, `output` and the list of facts.
"""

import asyncio
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field, replace
from random import Random
from typing import Final, Literal, TypeVar

from visavis.benchmarks.dated_facts import DatedFact, is_right
from visavis.core.outcome import Failure, Outcome, Reply
from visavis.core.prompt import Prompt, ask
from visavis.measure.limits import needle as hiding
from visavis.measure.limits import output as counting
from visavis.measure.limits.asking import Asker
from visavis.measure.limits.context import REPLY_TOKENS, Bracket, is_too_long, stated_limit
from visavis.measure.limits.filler import filler
from visavis.measure.limits.needle import Needle
from visavis.measure.limits.output import Wrote

T = TypeVar("T")
What = Literal["context", "needle", "output", "cutoff"]

UNKNOWN_CONTEXT: Final = 131_072
"""Longest prompt tried where nobody states a context."""
FACT_TOKENS: Final = 256
"""Of the answer to a question about a fact, at most."""
_READ: Final = "\n\nThis was the whole text. Answer with the one word: read."
_SILENT: Final = "its tokens were spent before it said a word"
_FACTS_A_NOTE: Final = 24
"""Facts that are asked between two lines of progress; more than are in flight at once."""
OUTPUT_TRIES: Final = 12
"""Lengths of reply that are asked for until one is allowed."""
FIRST: Final = (128, 512)
"""Lengths that tell how the server counts, where its context was not asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be found out of one candidate, and how far to go."""

    what: tuple[What, ...]
    longest: int
    """Tokens of the longest prompt that is tried."""
    claimed: int | None
    """Tokens of context that somebody states."""
    slot: int | None = None
    """Tokens that a local engine holds, which is ours to say."""
    lengths: tuple[int, ...] = ()
    """Of prompts with a hidden fact; shares of the longest accepted where none are given."""
    repeats: int = 3
    """Prompts with a hidden fact of each length and depth."""
    output_tokens: int = 16_384
    """Asked for in one reply, at most."""
    facts: tuple[DatedFact, ...] = ()
    seed: int = 0

    def hidden_in(self, context: int) -> tuple[int, ...]:
        """Lengths at which facts are hidden, where so long a prompt is accepted."""
        return self.lengths or tuple(round(share * context) for share in hiding.SHARES)

    @property
    def context(self) -> int:
        """The longest prompt to be expected, where it was not probed."""
        return min(self.longest, self.expected or self.longest)

    @property
    def expected(self) -> int | None:
        """Tokens of context that it is likely to have; None where nobody says."""
        return self.slot or self.claimed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """A hidden fact, and whether it was found; None where no reply came."""

    needle: Needle
    counted: int | None
    """Tokens of the prompt, as the server counted."""
    found: bool | None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A dated fact, and whether it was known; None where no reply came."""

    fact: DatedFact
    known: bool | None
    said: str = ""


@dataclass(slots=True, kw_only=True)
class Findings:
    """What came of it; what was not asked for is empty."""

    context: Bracket | None = None
    cut_to: int | None = None
    """The server took longer prompts and read only so many tokens of them."""
    sought: list[Sought] = field(default_factory=list)
    wrote: list[Wrote] = field(default_factory=list)
    recalled: list[Recalled] = field(default_factory=list)
    unfinished: dict[What, str] = field(default_factory=dict)
    """What was not brought to its end, and why."""


async def probe(plan: Plan, asker: Asker) -> Findings:
    """All that `plan` wants to know."""
    findings = Findings()
    steps = {"context": _context, "needle": _needle, "output": _output, "cutoff": _cutoff}
    for what in plan.what:
        broken = await steps[what](plan, asker, findings) or asker.broken_off
        if broken is not None:
            findings.unfinished[what] = broken
    return findings


# --- context ------------------------------------------------------------------------------------


async def _context(plan: Plan, asker: Asker, findings: Findings) -> str | None:
    """The longest prompt that is accepted. Returns why it is not known, if it is not."""
    bracket = Bracket(longest=plan.longest, hint=plan.expected)
    findings.context = bracket
    while (wanted := bracket.next()) is not None:
        prompt = _long(wanted, asker, plan.seed)
        outcome = await asker.ask(prompt)
        if outcome is None:
            return asker.broken_off or "no more was asked"
        heard = _heard(bracket, wanted, prompt, outcome, asker)
        if isinstance(heard, str):
            return heard
        if isinstance(outcome, Reply) and outcome.usage and heard.refused != bracket.refused:
            findings.cut_to = outcome.usage.input_tokens
        asker.note(f"{asker.candidate.name}: {_told(wanted, bracket, heard)}")
        findings.context = bracket = heard
    return None


def _told(wanted: int, before: Bracket, after: Bracket) -> str:
    if after.refused != before.refused:
        return f"a prompt of about {wanted:,} tokens is too long"
    return f"a prompt of {after.accepted:,} tokens is accepted"


def _heard(
    bracket: Bracket, wanted: int, prompt: Prompt, outcome: Outcome, asker: Asker
) -> Bracket | str:
    """What an answer says of the limit; a text where it says something else."""
    if isinstance(outcome, Failure):
        if is_too_long(outcome):
            return bracket.turned_down(wanted, stated_limit(outcome.detail))
        return f"{outcome.kind}: {outcome.detail}"
    if outcome.usage is None:
        return "the server counts no tokens, so no length is known"
    counted = outcome.usage.input_tokens
    if asker.was_cut(prompt, counted):
        return bracket.turned_down(wanted)
    return bracket.took(counted)


def _long(tokens: int, asker: Asker, seed: int) -> Prompt:
    """A prompt of about so many tokens, unlike any other from its first words on."""
    words = max(1, asker.ruler.words(tokens) - len(_READ.split()))
    text = filler(Random(f"visavis context {seed} {tokens}"), words)
    return ask(" ".join(text) + _READ, max_tokens=REPLY_TOKENS)


# --- hidden facts -------------------------------------------------------------------------------


async def _needle(plan: Plan, asker: Asker, findings: Findings) -> str | None:
    """Whether hidden facts are found, by length and depth."""
    if broken := await _measure_words(plan, asker):
        return broken
    known = findings.context
    longest = known.accepted if known is not None and known.accepted else plan.context
    for tokens in plan.hidden_in(longest):
        group = hiding.needles([tokens], plan.repeats, plan.seed)
        sought = await _all([_seek(needle, plan, asker) for needle in group])
        findings.sought += sought
        found = sum(one.found is True for one in sought)
        asker.note(f"{asker.candidate.name}: {found} of {len(sought)} found in {tokens:,} tokens")
        if asker.broken_off:
            break
    return asker.broken_off


async def _measure_words(plan: Plan, asker: Asker) -> str | None:
    """Two prompts from which the server's way of counting is known; why it is not, if not."""
    for tokens in FIRST:
        if not asker.ruler.known:
            outcome = await asker.ask(_long(tokens, asker, plan.seed))
            if isinstance(outcome, Failure):
                return f"{outcome.kind}: {outcome.detail}"
    return asker.broken_off


async def _seek(needle: Needle, plan: Plan, asker: Asker) -> Sought | None:
    prompt = hiding.prompt(needle, asker.ruler.words(needle.tokens), plan.seed)
    outcome = await asker.ask(prompt)
    if outcome is None:
        return None
    if isinstance(outcome, Failure):
        return Sought(needle=needle, counted=None, found=None, detail=outcome.detail)
    counted = None if outcome.usage is None else outcome.usage.input_tokens
    if _is_silent(outcome):
        return Sought(needle=needle, counted=counted, found=None, detail=_SILENT)
    return Sought(needle=needle, counted=counted, found=hiding.is_found(needle, outcome.text))


def _is_silent(reply: Reply) -> bool:
    """Thought until its tokens were spent: that says nothing of what it knows."""
    return reply.truncated and not reply.text.strip()


# --- output -------------------------------------------------------------------------------------


async def _output(plan: Plan, asker: Asker, findings: Findings) -> str | None:
    """The longest reply that it gives."""
    asked, turned_down, allowed = plan.output_tokens, None, None
    for start in counting.STARTS:
        for _ in range(OUTPUT_TRIES):
            asker.note(f"{asker.candidate.name}: a reply of up to {asked:,} tokens is asked for")
            outcome = await asker.ask(counting.prompt(start, asked))
            if outcome is None:
                return asker.broken_off
            if isinstance(outcome, Reply):
                wrote = counting.read(outcome, start, asked)
                findings.wrote.append(replace(wrote, turned_down=turned_down, allowed=allowed))
                break
            allowed = counting.allowed(outcome.detail, asked)
            smaller = allowed or asked // 2
            if outcome.kind != "rejected" or smaller < 1:
                return f"{outcome.kind}: {outcome.detail}"
            asker.note(f"{asker.candidate.name}: no reply of {asked:,} tokens is allowed")
            asked, turned_down = smaller, asked
    return None


# --- cutoff -------------------------------------------------------------------------------------


def question(fact: DatedFact) -> Prompt:
    """How a fact is asked for."""
    return ask(
        f"{fact.question} Answer with the name alone; if you do not know it, answer: unknown.",
        max_tokens=FACT_TOKENS,
    )


async def _cutoff(plan: Plan, asker: Asker, findings: Findings) -> str | None:
    """Which facts it knows."""
    for first in range(0, len(plan.facts), _FACTS_A_NOTE):
        asked = plan.facts[first : first + _FACTS_A_NOTE]
        findings.recalled += await _all([_recall(fact, asker) for fact in asked])
        if asker.broken_off:
            break
        done = first + len(asked)
        asker.note(f"{asker.candidate.name}: {done} of {len(plan.facts)} dated facts were asked")
    return asker.broken_off


async def _recall(fact: DatedFact, asker: Asker) -> Recalled | None:
    outcome = await asker.ask(question(fact))
    if outcome is None:
        return None
    if isinstance(outcome, Failure):
        return Recalled(fact=fact, known=None, said=outcome.detail)
    if _is_silent(outcome):
        return Recalled(fact=fact, known=None, said=_SILENT)
    return Recalled(fact=fact, known=is_right(outcome.text, fact.accepted), said=outcome.text)


async def _all(jobs: Iterable[Coroutine[None, None, T | None]]) -> list[T]:
    """Of all jobs, beside each other, what came of those that were done."""
    return [done for done in await asyncio.gather(*jobs) if done is not None]
