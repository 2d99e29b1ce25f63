"""The view as Markdown, and what hostile names do in it: nothing."""

import re
from dataclasses import replace
from random import Random

import pytest

from tests.report.choosing import choices_at_random
from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from visavis.report.choose import choose_view
from visavis.report.markdown import escaped, in_code, markdown
from visavis.report.view import View, view
from visavis.verdict.policy import DEFAULT


def test_the_table_has_a_cell_for_each_candidate_gap_and_verdict(seen: View) -> None:
    written = markdown(seen).replace("\u00a0", " ")
    assert "|  | qwen2.5-coder-0.5b | smollm2-135m | gap, first to second | verdict |\n" in written
    assert (
        "| humaneval score | **56%**<br>33% to 77%, n = 16<br>1 unparsed, counted as wrong "
        "| 15%<br>4% to 42%, n = 13<br>2 truncated<br>3 failed (timed out)<br>4 reused "
        "| +41 points<br>25 to 57 | prefer qwen2.5-coder-0.5b |"
    ) in written
    assert "- qwen2.5-coder-0.5b is better at humaneval: +41 points" in written
    assert written.endswith(f"```\n{RUN.command}\n```\n")


def test_every_row_of_every_table_has_as_many_cells_as_its_head(seen: View) -> None:
    for block in re.findall(r"(?:^\|.*\n)+", markdown(seen), re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in block.splitlines()}
        assert len(widths) == 1


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a|b", r"a\|b"),
        ("<img src=x onerror=alert(1)>", r"\<img src=x onerror=alert(1)\>"),
        ("[x](javascript:alert(1))", r"\[x\](javascript:alert(1))"),
        ("`code` *and* _more_ ~", r"\`code\` \*and\* \_more\_ \~"),
        ("# head", r"\# head"),
        ("- item", r"\- item"),
        ("12. item", r"12\. item"),
        ("two\nlines", "two lines"),
        ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ("\u202eabc", "‹U+202E›abc"),
    ],
)
def test_what_others_wrote_is_text(text: str, written: str) -> None:
    assert escaped(text) == written


def test_a_command_cannot_leave_its_block(seen: View) -> None:
    evil = replace(seen, command="visavis compare '```' '<script>'")
    assert markdown(evil).endswith("````\nvisavis compare '```' '<script>'\n````\n")


def test_warnings_are_quoted_and_three_candidates_have_no_gap_column(seen: View) -> None:
    warned = replace(view(JUDGEMENT, RUN, TRIALS[:3]), heads=(*seen.heads, seen.heads[0]))
    written = markdown(warned)
    assert "\n> This run is not finished" in written
    assert "| gap |" not in written


@pytest.mark.parametrize(
    ("command", "written"),
    [
        ("visavis speed a b", "`visavis speed a b`"),
        ("a|b", "`a\\|b`"),
        ("a`b", "`` a`b ``"),
        ("a\nb", "`a b`"),
    ],
)
def test_a_command_in_a_cell_cannot_leave_it(command: str, written: str) -> None:
    assert in_code(command) == written


def test_a_use_that_commands_know_by_another_name_shows_both(seen: View) -> None:
    assert seen.choose is None
    choose = choose_view(choices_at_random(Random(1), 2, DEFAULT), RUN, "en")
    commands = (("To find out:", "visavis speed a"), ("then:", "visavis verdict r"))
    use = replace(choose.uses[0], name="gros volumes", known_as="volume", commands=commands)
    written = markdown(replace(seen, choose=replace(choose, uses=(use,))))
    assert "| **gros volumes**<br>`volume`<br>" in written
    assert "<br>To find out: `visavis speed a`; then: `visavis verdict r` |" in written
