"""A choice in words: what is open says why, and what would find it out; a use has its name."""

from dataclasses import replace

import pytest

from tests.verdict.apart import two
from visavis.report.verdict import after, headline, musts, share, share_said, to_find_out
from visavis.report.verdict_words import use_name
from visavis.stats.estimate import TooFew
from visavis.verdict.choice import Choice
from visavis.verdict.consider import Known, consider
from visavis.verdict.must import Value, must
from visavis.verdict.policy import DEFAULT, Policy
from visavis.verdict.policy_file import policies

QUICK = must("first_token_s.p95 <= 1.0")
SIX = TooFew(groups=6, needed=72)
TOLD = "time to first token at most 1.00 s in 95% of requests"


def choice(a: Value, b: Value, policy: Policy = DEFAULT) -> Choice:
    known = Known(subjects={QUICK.subject: {"a": (a,), "b": (b,)}})
    return consider(two({"score.x": 5.0}), replace(policy, must=(QUICK,)), known)


def test_requests_too_few_for_a_percentile_are_not_called_unmeasured() -> None:
    found = choice(SIX, None)
    few = "n = 6 is too few; 72 are needed"
    said = headline(found, "en").replace("\u00a0", " ")
    assert said.endswith(f"meets what must hold: {TOLD} ({few}).")
    _, [row] = musts(found, "en")
    assert [cell.replace("\u00a0", " ") for cell in row] == [TOLD, few, "not known"]


def test_what_was_not_measured_at_all_is_called_so() -> None:
    found = choice(None, None)
    assert headline(found, "en").replace("\u00a0", " ").endswith(f"{TOLD} (not measured).")
    assert to_find_out(found) == ""


def test_what_too_few_requests_leave_open_comes_with_the_command_that_finds_it_out() -> None:
    command = "visavis speed a b --concurrency 1 --requests 90 --slo 'first_token_s.p95<=1.0'"
    found = choice(SIX, replace(SIX, needed=90))
    assert to_find_out(found) == command
    assert f"To find out: {command}" in list(after(found, "en"))


def test_what_would_change_a_choice_is_put_under_a_head_as_conditions() -> None:
    found = consider(two({"score.x": 5.0}), DEFAULT, Known())
    _, head, first, *_ = after(found, "en")
    assert head == "What would change it, each by itself:"
    assert first.startswith("- if a scored ")
    assert first.endswith(" less on x, b would draw level")


@pytest.mark.parametrize(
    ("of_worlds", "in_a_table", "in_a_sentence"),
    [
        (1.0, "> 99.9%", "more than 99.9%"),
        (0.0, "< 0.1%", "less than 0.1%"),
        (0.871, "87.1%", "87.1%"),
        (None, "–", "–"),
    ],
)
def test_near_certainty_is_a_sign_in_a_table_and_words_in_a_sentence(
    of_worlds: float | None, in_a_table: str, in_a_sentence: str
) -> None:
    assert share(of_worlds, "en").replace("\u00a0", " ") == in_a_table
    assert share_said(of_worlds, "en") == in_a_sentence


def test_a_shipped_use_has_a_name_and_a_file_keeps_its_own() -> None:
    assert [use_name(policies().get(name), "en") for name in policies()] == list(policies())
    mine = replace(policies().get("volume"), about="mine")
    assert use_name(policies().get("volume"), "fr") == "gros volumes"
    assert use_name(mine, "fr") == "volume"
