"""A choice in words: what is open says why, and what would find it out; a use has its name."""

from dataclasses import replace

import pytest

from tests.verdict.apart import two
from visavis.report.find_out import Named, to_find_out
from visavis.report.verdict import after, headline, musts, share, share_said
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
    assert to_find_out(found, Named(run="r")) == ()


def test_what_too_few_requests_leave_open_comes_with_the_command_that_finds_it_out() -> None:
    found = choice(SIX, replace(SIX, needed=15_909), policies().get("chat"))
    by = Named(run="my run", candidates={"a": "a=http://127.0.0.1:8080/v1#x"})
    measures = (
        "visavis speed 'a=http://127.0.0.1:8080/v1#x' b --concurrency 1 --requests 73 --blocks 73 "
        "--tokens 16 --slo 'first_token_s.p95<=1.0'"
    )
    decides = "visavis verdict 'my run' --policy chat --speed last"
    assert to_find_out(found, by) == (measures, decides)
    _, first, second, *_ = after(found, by, "en")
    assert (first, second) == (f"To find out: {measures}", f"then: {decides}")


def test_a_policy_of_ones_own_is_called_as_it_was_given_or_as_its_file_may_be() -> None:
    found = choice(SIX, None, replace(DEFAULT, name="mine"))
    _, decides = to_find_out(found, Named(run="r"))
    assert decides == "visavis verdict r --policy mine.yaml --speed last"
    _, decides = to_find_out(found, Named(run="r", policy="other.yaml"))
    assert decides == "visavis verdict r --policy other.yaml --speed last"


def test_a_limit_on_one_benchmark_is_not_found_out_by_a_speed_run() -> None:
    one = must("first_token_s.x.p95 <= 1.0")
    known = Known(subjects={one.subject: {"a": (SIX,), "b": (SIX,)}})
    found = consider(two({"score.x": 5.0}), replace(DEFAULT, must=(one,)), known)
    assert found.few
    assert to_find_out(found, Named(run="r")) == ()


def test_no_more_blocks_are_asked_for_than_a_run_may_have() -> None:
    one = must("first_token_s.p99.8 <= 1.0")
    known = Known(subjects={one.subject: {"a": (SIX,), "b": (SIX,)}})
    found = consider(two({"score.x": 5.0}), replace(DEFAULT, must=(one,)), known)
    measures, _ = to_find_out(found, Named(run="r"))
    assert "--requests 1917 --blocks 1000 " in measures


def test_what_would_change_a_choice_is_put_under_a_head_as_conditions() -> None:
    found = consider(two({"score.x": 5.0}), DEFAULT, Known())
    _, head, first, *_ = after(found, Named(run="r"), "en")
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
