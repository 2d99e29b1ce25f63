"""Texts about a choice that are said in two places: here, and by the page's script."""

from collections.abc import Mapping
from types import MappingProxyType

from visavis.options import Language
from visavis.report.language import N_, Words
from visavis.verdict.must import Met

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
        "only one is left": N_("Choose {best}: it alone meets what must hold: {musts}."),
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
        "less": N_("{best} scores {points} less on {name}, and {against} draws level"),
        "divided": N_("{best}, {name}: divided by {times}, and {against} draws level"),
        "multiplied": N_("{best}, {name}: {times} times as much, and {against} draws level"),
        "weight": N_(
            "{criterion}: {now} of the weight; {place}, {name} would be ahead on average, which is "
            "less than chosen"
        ),
        "dearer": N_("{name}: {now} per million output tokens; at {at}, {against} draws level"),
        "cheaper": N_(
            "{name}: {now} per million output tokens; at {at}, it draws level with {against}"
        ),
        "limit chosen": N_("{must}: {place}, the choice is {name}"),
        "limit undecided": N_("{must}: {place}, it is undecided"),
        "limit none": N_("{must}: {place}, none meets it"),
        "above": N_("above {at}"),
        "below": N_("below {at}"),
        "left out": N_("Not weighed, since it was not measured of all: {named}."),
        "locally": N_("runs locally"),
        "at most": N_("{label} at most {limit}"),
        "at least": N_("{label} at least {limit}"),
        "of requests": N_("{must} in {share} of requests"),
        "not measured": N_("{must} (not measured)"),
        "not known": N_("{must} (not known)"),
        "dominated": N_("dominated by {names}"),
        "misses": N_("misses what must hold: {musts}"),
        "may miss": N_("may miss what must hold: {musts}"),
        "and": N_("{first} and {last}"),
    }
)
"""All that is said of a choice; the page says it again by its script, when a reader moves one."""


def say(key: str, lang: Language, **fields: object) -> str:
    """One of these, its fields filled in."""
    return Words(lang)(SAID[key], **fields)
