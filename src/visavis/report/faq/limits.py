"""How much text, and how recent a knowledge: answered from what was asked, and what is stated."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from visavis.report.facts import FactCell
from visavis.report.faq.asked import Answered, Asked
from visavis.report.language import N_
from visavis.report.text import line

_TRIED: Mapping[str, str] = MappingProxyType(
    {
        "accepted_prompt_tokens": N_("The longest prompt accepted here, in tokens: {list}."),
        "facts_found_tokens": N_("Facts hidden in texts are found up to, in tokens: {list}."),
        "written_reply_tokens": N_("The longest reply written here, in tokens: {list}."),
    }
)


def long_texts(asked: Asked) -> Iterator[Answered]:
    """What fits in and is found there, and what can come out; what is stated beside it."""
    _ = asked.say
    taken, made = (asked.cells(f"{name}_tokens") for name in ("context_window", "largest_output"))
    tried = list(_tried(asked))
    if not tried and not any(cell.known for cell in (*taken.values(), *made.values())):
        return
    said = [_reach(line(name), taken[name], made[name], asked) for name in taken]
    yield Answered(
        question=_("Can they handle long documents?"),
        answer=(
            *(tried or [_("That was not tried in this run.")]),
            _("What is stated: {list}.", list=_("; ").join(said)),
        ),
        command="" if tried else asked.command("limits", ("hosted", "local")),
        rests_on=asked.of_facts(*_TRIED, "context_window_tokens", "largest_output_tokens"),
    )


def _tried(asked: Asked) -> Iterator[str]:
    """What was found by asking, a sentence each."""
    for name, text in _TRIED.items():
        if told := _known(asked, name):
            yield asked.say(text, list=told)


def _known(asked: Asked, fact: str) -> str:
    """What is known of each candidate, with its interval."""
    _ = asked.say
    return _("; ").join(
        _("{name} {value}", name=line(cell.candidate), value=cell.value)
        + (f" ({cell.interval})" if cell.interval else "")
        for cell in asked.cells(fact).values()
        if cell.known
    )


def _reach(name: str, taken: FactCell, made: FactCell, asked: Asked) -> str:
    _ = asked.say
    if taken.known and made.known:
        return _(
            "{name} takes in {context} tokens and writes up to {output}",
            name=name,
            context=taken.value,
            output=made.value,
        )
    if taken.known:
        return _("{name} takes in {context} tokens", name=name, context=taken.value)
    if made.known:
        return _("{name} writes up to {output} tokens", name=name, output=made.value)
    return _("of {name} nothing is known", name=name)


def recent(asked: Asked) -> Iterator[Answered]:
    """Until when they know of the world, by dated facts, and by what is stated."""
    _, found, stated = asked.say, _known(asked, "known_until"), _known(asked, "knowledge_cutoff")
    if found or stated:
        yield Answered(
            question=_("How recent is what they know?"),
            answer=(
                _("By dated facts that they were asked, they know until: {list}.", list=found)
                if found
                else _("That was not tried in this run."),
                *([_("What is stated: {list}.", list=stated)] if stated else ()),
            ),
            command="" if found else asked.command("limits", ("hosted", "local")),
            rests_on=asked.of_facts("known_until", "knowledge_cutoff"),
        )
