"""What was found of a candidate's limits, in words: never more than was found."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from tests.found_limits import UNTIL, context, limits, needle, wrote
from tests.report.fixtures import JUDGEMENT, QWEN, RUN, SMOL, SPEC, TRIALS
from visavis.measure.limits.found import Limits, NotBefore, Undecided
from visavis.options import Language
from visavis.report.facts import FactCell, fact_rows
from visavis.report.faq.answers import answers
from visavis.report.faq.asked import Answered
from visavis.report.run_facts import RunFacts
from visavis.report.text import NBSP

PROMPT, NEEDLE = "accepted_prompt_tokens", "facts_found_tokens"
REPLY, UNTIL_WHEN = "written_reply_tokens", "known_until"


def with_limits(*found: Limits, candidate: str = QWEN) -> RunFacts:
    return replace(RUN, limits={candidate: found})


def cells(fact: str, *found: Limits, lang: Language = "en") -> tuple[FactCell, ...]:
    rows = {row.name: row for row in fact_rows(with_limits(*found), TRIALS, lang)}
    return rows[fact].cells


def told(fact: str, found: Limits) -> tuple[str, ...]:
    """Value, interval, number and notes."""
    cell = cells(fact, found)[0]
    return tuple(part for part in (cell.value, cell.interval, *cell.notes) if part)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (context(19_900, 20_084), ("19,900", "refused from about 20,084 on")),
        (
            context(19_900, 20_084, server_states_tokens=20_000, stated_tokens=128_000),
            ("19,900", "refused from about 20,084 on", "the server says 20,000"),
        ),
        (
            context(19_900, 20_084, server_states_tokens=20_000, stated_tokens=20_000),
            ("19,900", "refused from about 20,084 on"),
        ),
        (
            context(5_900, 6_100, cut_to_tokens=5_984),
            (
                "5,900",
                "refused from about 6,100 on",
                "longer ones are cut without a word, to 5,984 tokens",
            ),
        ),
        (context(9_000), ("at least 9,000", "no longer one was tried")),
        (
            context(4_080, 4_100, slot_tokens=4_096, server_states_tokens=4_096),
            ("at least 4,080", "the slot of 4,096 tokens was given to it here"),
        ),
        (context(0), ("no prompt was accepted",)),
    ],
)
def test_a_context_is_at_least_what_was_accepted(found: object, said: tuple[str, ...]) -> None:
    assert told(PROMPT, limits(context=found)) == said


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ((wrote(5_000, "the model stopped"),), ("at least 5,000", "the model stopped there")),
        ((wrote(16_384),), ("at least 16,384", "no longer one was asked for")),
        ((wrote(4_095, "the server's limit"),), ("4,095", "the server ended it there")),
        ((wrote(4_096, allowed=4_096, turned_down=16_384),), ("4,096", "the server allows 4,096")),
        (
            (wrote(4_096, turned_down=8_192), wrote(90)),
            ("at least 4,096", "no longer one was asked for", "the server does not allow 8,192"),
        ),
        ((wrote(None),), ("its server counts no tokens",)),
    ],
)
def test_a_reply_is_as_long_as_the_longest(
    found: tuple[object, ...], said: tuple[str, ...]
) -> None:
    assert told(REPLY, limits(output=found)) == said


def test_facts_are_found_up_to_where_most_are_found_at_every_depth() -> None:
    assert told(NEEDLE, limits(needle=needle(4000, 4000))) == (
        "at least 4,000",
        "90% found, 60% to 98%",
    )
    assert told(NEEDLE, limits(needle=needle(4000, 1000))) == (
        "1,000",
        "90% found, 60% to 98%",
        "in 4,000 tokens: 90% found, 60% to 98%",
    )
    assert told(NEEDLE, limits(needle=needle(4000, 0)))[0] == (
        "not at every depth, even in the shortest"
    )
    assert cells(NEEDLE, limits(needle=needle(4000, 4000)))[0].n == f"n{NBSP}={NBSP}20"


def test_a_text_to_which_no_reply_came_says_nothing() -> None:
    made = needle(4000, 4000)
    (first, last) = made.lengths
    mute = replaced(first, cells=((0, 0), (1, 1)), share=None)
    assert told(NEEDLE, limits(needle=replaced(made, lengths=(mute, last)))) == (
        "too few replies to tell",
    )
    few = replaced(first, share=None)
    (_value, interval, *_rest) = told(
        NEEDLE, limits(needle=replaced(made, found_up_to_tokens=(1000, 1000), lengths=(few, last)))
    )
    assert interval == "too few replies to tell"


def replaced(of: object, **changed: object) -> object:
    from msgspec.structs import replace as other

    return other(of, **changed)  # type: ignore[type-var]  # it is a struct


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (
            UNTIL,
            (
                f"14{NBSP}October 2023",
                f"between 3{NBSP}September 2023 and 10{NBSP}November 2023",
                "knows 90% of facts before, 2% after",
            ),
        ),
        (
            NotBefore(low=date(2026, 1, 5), share=0.8, n=94),
            (f"not before 5{NBSP}January 2026", "knows 80% of the facts asked"),
        ),
        (Undecided(share=0.1, n=94), ("undecided: knows 10% of the facts asked",)),
    ],
)
def test_a_cutoff_has_its_interval_or_says_why_it_has_none(
    found: object, said: tuple[str, ...]
) -> None:
    assert told(UNTIL_WHEN, limits(cutoff=found)) == said


def test_what_was_broken_off_is_said_to_be() -> None:
    broken = limits(
        context=context(500, 9_000), output=(wrote(90),), unfinished={"context": "a\x1b[31m"}
    )
    assert told(PROMPT, broken) == (
        "at least 500",
        "refused from about 9,000 on",
        "not brought to its end",
    )
    assert "not brought to its end" not in told(REPLY, broken)
    for found in (UNTIL, NotBefore(low=date(2026, 5, 1), share=0.9, n=9), Undecided(share=0, n=9)):
        stopped = limits(cutoff=found, unfinished={"cutoff": "the budget is spent"})
        assert told(UNTIL_WHEN, stopped)[-1] == "not brought to its end"


def test_who_was_not_asked_is_not_said_to_lack_anything() -> None:
    mine, other = cells(PROMPT, limits(context=context(9_000)))
    assert mine.source == f"measured here of m, 20{NBSP}November 2026"
    assert (other.value, other.known, other.source) == ("unknown: not asked for", False, "")
    assert PROMPT not in {row.name for row in fact_rows(RUN, TRIALS, "en")}
    assert UNTIL_WHEN not in {
        row.name for row in fact_rows(with_limits(limits(context=context(9))), TRIALS, "en")
    }


def asked(run: RunFacts, lang: Language = "en") -> dict[str, Answered]:
    found = answers(JUDGEMENT, run, fact_rows(run, TRIALS, lang), lang)
    return {one.question: one for one in found}


LONG, RECENT = "Can they handle long documents?", "How recent is what they know?"


def of_one(found: Iterable[Limits]) -> dict[str, Answered]:
    return asked(with_limits(*found))


def test_questions_on_long_texts_and_recent_events_are_answered_from_what_was_found() -> None:
    whole = limits(
        context=context(19_900, 20_084),
        needle=needle(4000, 1000),
        output=(wrote(5_000, "the model stopped"),),
        cutoff=UNTIL,
    )
    found = of_one([whole])
    assert found[LONG].answer[:3] == (
        f"The longest prompt accepted here, in tokens: {QWEN} 19,900 (refused from about 20,084 "
        "on).",
        f"Facts hidden in texts are found up to, in tokens: {QWEN} 1,000 (90% found, 60% to 98%).",
        f"The longest reply written here, in tokens: {QWEN} at least 5,000.",
    )
    assert found[LONG].command == found[RECENT].command == ""
    assert found[RECENT].answer == (
        f"By dated facts that they were asked, they know until: {QWEN} 14{NBSP}October 2023 "
        f"(between 3{NBSP}September 2023 and 10{NBSP}November 2023).",
        f"What is stated: {SMOL} October 2023.",
    )


def test_what_was_not_tried_is_said_with_the_command_that_tries_it() -> None:
    found = asked(RUN)
    assert found[RECENT].answer == (
        "That was not tried in this run.",
        f"What is stated: {SMOL} October 2023.",
    )
    assert found[RECENT].command == found[LONG].command == f"visavis limits {QWEN} {SMOL}"
    silent = tuple(replace(one, facts=()) for one in SPEC.candidates)
    nothing = asked(replace(RUN, spec=replace(SPEC, candidates=silent)))
    assert RECENT not in nothing
    assert LONG not in nothing
