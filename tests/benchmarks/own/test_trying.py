"""Checks are tried on replies known to be good or bad, so that one which tells nothing is found."""

import pytest

from tests.benchmarks.own.things import FOUR_LINES, Write
from tests.scoring.plain_fence import PlainFence
from visavis.benchmarks.own.loading import read_own
from visavis.benchmarks.own.trying import Tried, needs_fence, tried


def found(write: Write, case: str) -> Tried:
    return tried(
        read_own(write(f"cases:\n- id: a\n  prompt: What is it?\n  {case}\n")), PlainFence()
    )


@pytest.mark.parametrize(
    "case",
    [
        "number: 42\n  good: [It is 42., 42 EUR]\n  bad: [43, '']",
        "equals: [Paris, Lutetia]\n  good: paris.",
        "lacks: [yes, sure]\n  length: {words: {at_least: 3}}\n  bad: [Yes of course not, no]",
        "checks: [{contains: a, weight: 2}, {contains: b}]\n  threshold: 0.6\n  good: a\n  bad: b",
        "answer: 2026-11-22\n  good: 'Réponse : le 22 novembre 2026.'\n  bad: 'Answer: 2026-11-23'",
        "language: fr\n  good: Je ne sais pas vraiment.\n  bad: I do not really know it.",
        "matches: \\d{4}\n  good: In 1984.\n  bad: In '84.",
        "judge: Is it kind?",
        "latency: {total_s: 3}",
    ],
)
def test_checks_that_tell_good_from_bad_are_left_alone(case: str, write: Write) -> None:
    assert found(write, case).findings == ()


@pytest.mark.parametrize(
    ("case", "line", "said"),
    [
        (
            "number: 42\n  good: It is 43.",
            5,
            "the good reply 'It is 43.' does not pass: 'number' read",
        ),
        ("contains: a\n  bad: [b, cat]", 5, "the bad reply 'cat' passes"),
        ("matches: .*", 4, "an empty reply passes; add a check that it fails"),
        ("matches: .*", 4, "'matches' held for all 3 wrong replies tried; it tells nothing"),
        ("equals: x\n  matches: .*", 5, "'matches' held for all 3 wrong replies tried; it tells"),
        (
            "equals: Paris\n  contains: France",
            4,
            "no reply can pass: 'Paris' fails, 'contains' lacks",
        ),
        ("python: |\n    def check(reply):\n        return True", 4, "an empty reply passes"),
        (
            "python: |\n    def check(reply):\n        return 1 / 0",
            4,
            "'python' cannot judge that is empty: the check raised: ZeroDivisionError",
        ),
        ("lacks: foo", 4, "an empty reply passes; add a check that it fails"),
        (
            "checks:\n  - {contains: a, weight: 2}\n  - {contains: b}\n  threshold: 0.6\n  good: b",
            8,
            "the good reply 'b' does not pass: 'contains' lacks a",
        ),
        ("checks:\n  - {contains: a}\n  - {matches: .*}", 6, "'matches' held for all"),
    ],
)
def test_a_check_that_tells_nothing_is_found(case: str, line: int, said: str, write: Write) -> None:
    told = found(write, case)
    assert any(
        one.line == line and one.said.startswith(f"'a': {said}") and one.is_fault
        for one in told.findings
    ), told.findings
    assert told.faults


def test_what_may_be_meant_so_is_only_a_hint(write: Write) -> None:
    told = found(write, "contains: a\n  lacks: foo")
    said = "'lacks' held for all 3 wrong replies tried; give a bad reply that it should catch"
    assert [(one.said, one.is_fault) for one in told.findings] == [(f"'a': {said}", False)]
    told = tried(read_own(write(FOUR_LINES.replace("17 +", "{{a}} +"))), PlainFence())
    assert [(one.line, one.is_fault) for one in told.findings] == [(3, False)]


def test_what_was_tried_is_counted(write: Write) -> None:
    told = found(write, "contains: a\n  price: 0.1\n  judge: Kind?\n  good: [a, b a]\n  bad: c")
    assert (told.replies, told.bare, told.untried) == (3, 0, {"price": 1, "judge": 1})
    told = found(write, "contains: a")
    assert (told.replies, told.bare) == (0, 1)


def test_the_fence_is_needed_only_by_some_checks(write: Write) -> None:
    assert not needs_fence(read_own(write(FOUR_LINES)))
    assert needs_fence(read_own(write(FOUR_LINES + "    matches: x\n")))
