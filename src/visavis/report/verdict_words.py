"""Texts about a choice that are said in two places: here, and by the page's script."""

from collections.abc import Mapping
from types import MappingProxyType

from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.report.text import line
from visavis.verdict.must import Met
from visavis.verdict.policy import Policy
from visavis.verdict.policy_file import is_shipped

METS: Mapping[Met, str] = MappingProxyType(
    {
        "met": N_("met"),
        "missed": N_("missed"),
        "may be missed": N_("may be missed"),
        "not known": N_("not known"),
    }
)
USES = (
    N_("nobody knows what counts how much"),
    N_("real-time chat, a person waiting for each answer"),
    N_("complex reasoning, where a wrong answer costs more than a slow one"),
    N_("writing code that has to run"),
    N_("long texts in one go"),
    N_("high volume at a low price"),
    N_("research and specialised content, where depth counts and the bill does not"),
    N_("everyday content, good enough, quick and cheap"),
    N_("small and mobile devices, on the machine itself"),
)
"""Of the policies that come with the program, as they stand in their file."""
SAID: Mapping[str, str] = MappingProxyType(
    {
        "only one is left": N_(
            "Choose {best}: it alone meets what must hold: {musts}. Nothing else was weighed."
        ),
        "it is best in nearly all worlds": N_(
            "Choose {best}: it is best in {share} of the worlds that the measurements and the "
            "policy allow."
        ),
        "none meets what must hold": N_("Choose none of them: none meets what must hold: {musts}."),
        "nothing that it weighs tells anyone apart": N_(
            "Undecided: by what the policy weighs, this run tells nobody apart; run more cases, or "
            "name another policy."
        ),
        "half of what it weighs was not measured": N_(
            "Undecided: half or more of what the policy weighs was not measured of all: {named}."
        ),
        "no one is best in nearly all worlds": N_(
            "Undecided: {best} is best most often, in {share} of the worlds that the measurements "
            "and the policy allow; {enough} would be needed."
        ),
        "it may miss what must hold": N_(
            "Undecided: {best} is best most often, but may miss what must hold: {musts}."
        ),
        "what must hold is not known": N_(
            "Undecided: of none is it known whether it meets what must hold: {musts}."
        ),
        "no difference was shown": N_(
            "Undecided: {best} is best most often, but no difference was shown on anything that "
            "counts."
        ),
        "from": N_("Choose {name} if {criterion} counts for {share} of the weight or more."),
        "under": N_("Choose {name} if {criterion} counts for less than {share} of the weight."),
        "less": N_("if {best} scored {points} less on {name}, {against} would draw level"),
        "divided": N_(
            "if the {name} of {best} were divided by {times}, {against} would draw level"
        ),
        "multiplied": N_(
            "if the {name} of {best} were {times} times as much, {against} would draw level"
        ),
        "weight": N_(
            "if {criterion} counted for {place} of the weight (it counts for {now}), {name} would "
            "be ahead on average"
        ),
        "dearer": N_(
            "if a million output tokens of {name} cost {at} (they cost {now}), {against} would "
            "draw level"
        ),
        "cheaper": N_(
            "if a million output tokens of {name} cost {at} (they cost {now}), it would draw level "
            "with {against}"
        ),
        "limit chosen": N_("{must}: if the limit were {place}, the choice would be {name}"),
        "limit undecided": N_("{must}: if the limit were {place}, it would be undecided"),
        "limit none": N_("{must}: if the limit were {place}, none would meet it"),
        "more": N_("more than {at}"),
        "less than": N_("less than {at}"),
        "left out": N_("Not weighed, since it was not measured of all: {named}."),
        "locally": N_("runs locally"),
        "at most": N_("{label} at most {limit}"),
        "at least": N_("{label} at least {limit}"),
        "of requests": N_("{must} in {share} of requests"),
        "doubt": N_("{must} ({why})"),
        "not measured": N_("not measured"),
        "not known": METS["not known"],
        "too few": N_("{n} is too few; {needed} are needed"),
        "dominated": N_("dominated by {names}"),
        "misses": N_("misses what must hold: {musts}"),
        "may miss": N_("may miss what must hold: {musts}"),
        "and": N_("{first} and {last}"),
    }
)
"""All that is said of a choice; the page says it again by its script, when a reader moves one."""


_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "default": N_("default"),
        "chat": N_("chat"),
        "reasoning": N_("reasoning"),
        "coding": N_("coding"),
        "long-outputs": N_("long-outputs"),
        "volume": N_("volume"),
        "research": N_("research"),
        "everyday": N_("everyday"),
        "small": N_("small"),
    }
)
"""Of the policies that come with the program: in English, what commands know them by."""


def use_name(policy: Policy, lang: Language) -> str:
    """What a reader calls a policy."""
    known = _NAMES.get(policy.name) if is_shipped(policy) else None
    return Words(lang)(known) if known else line(policy.name)


def say(key: str, lang: Language, **fields: object) -> str:
    """One of these, its fields filled in."""
    return Words(lang)(SAID[key], **fields)
