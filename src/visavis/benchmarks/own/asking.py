"""A case of one's own as it is kept, asked and graded. Needs no reader of files."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from visavis.benchmarks.own.programs import program
from visavis.core.case import Case
from visavis.core.fence import Fence
from visavis.core.outcome import Grade, Reply
from visavis.core.prompt import Image, Message, Prompt, Settings
from visavis.core.rubric import TO_BE_JUDGED
from visavis.scoring.combined import CHECKS, Answered, Check, Weighed, all_of, weighed

KNOWN: Mapping[str, Check] = {**CHECKS, "program": program}

Said = tuple[str, str, int]
"""A turn: role, content, and how many pictures go with it."""


def ask_case(case: Case) -> Prompt:
    """System message, conversation and question, in this order, with their pictures."""
    turns: list[Said] = json.loads(case.fields.get("turns", "[]"))
    system = case.fields.get("system")
    if system is not None:
        turns.insert(0, ("system", system, 0))
    shown = sum(count for _, _, count in turns)
    turns.append(("user", case.question, len(case.images) - shown))
    return Prompt(
        messages=tuple(_messages(turns, case.images)),
        settings=Settings(max_tokens=int(case.fields["max_tokens"])),
    )


def _messages(turns: Iterable[Sequence[Any]], images: tuple[Image, ...]) -> Iterable[Message]:
    at = 0
    for role, content, count in turns:
        yield Message(role=role, content=content, images=images[at : at + count])
        at += count


def grade(case: Case, text: str, fence: Fence) -> Grade:
    """By the case's checks, as far as they can be made of a text alone."""
    return grade_answered(case, Answered(text=text), fence)


def grade_reply(case: Case, reply: Reply, usd: float | None, fence: Fence) -> Grade:
    """By the case's checks, those of time and price among them."""
    stamps = reply.stamps
    answered = Answered(
        text=reply.text,
        first_token_s=stamps.first_token_s if stamps else None,
        total_s=stamps.total_s if stamps else None,
        usd=usd,
    )
    return grade_answered(case, answered, fence)


def grade_answered(case: Case, answered: Answered, fence: Fence) -> Grade:
    wanted = json.loads(case.target)
    if not wanted:
        return TO_BE_JUDGED
    if "checks" in wanted:
        checks = [Weighed(**one) for one in wanted["checks"]]
        return weighed(checks, answered, fence, KNOWN, wanted.get("threshold"))
    return all_of(wanted, answered, fence, KNOWN)


def checks_of(case: Case) -> tuple[Weighed, ...]:
    """The checks that a program makes, one by one."""
    wanted = json.loads(case.target)
    if "checks" in wanted:
        return tuple(Weighed(**one) for one in wanted["checks"])
    return tuple(Weighed(kind=kind, wanted=inner) for kind, inner in wanted.items())
