"""A run as an article: every part says what the run shows, and nothing in it is more than text."""

import re
from dataclasses import replace
from typing import Literal

import pytest

from tests.report.fixtures import BENCHMARKS, JUDGEMENT, QWEN, RUN, SMOL, TRIALS, est, gap, row
from tests.report.hostile import HOSTILE, hostile
from visavis.core.candidate import Unknown
from visavis.core.tariff import Rates, Tariff
from visavis.options import Language
from visavis.report.article.quoting import heading, item, quoted, shortened
from visavis.report.article.written import article
from visavis.report.run_facts import RunFacts
from visavis.report.view import view
from visavis.verdict.choice import Because, Choice, Standing
from visavis.verdict.claims import Checked, Claim, Known, Source
from visavis.verdict.compare import Judgement
from visavis.verdict.consider import Choices
from visavis.verdict.consider import Known as ToChoose
from visavis.verdict.decide import Alike
from visavis.verdict.flips import Condition
from visavis.verdict.money import Money
from visavis.verdict.policy import DEFAULT, Policy
from visavis.verdict.workload import Costed

NOTHING = Unknown(because="nobody counted them")


def written(run: RunFacts = RUN, judgement: Judgement = JUDGEMENT, lang: Language = "en") -> str:
    return article(view(judgement, run, TRIALS, lang), judgement, run)


def section(title: str, text: str) -> str:
    """What stands under a heading, up to the next of its rank."""
    return re.split(r"\n## ", text.split(f"\n## {title}\n", 1)[1])[0]


def listed(usd_in: float, usd_out: float) -> Tariff:
    rates = Rates(above=0, input_usd=usd_in, output_usd=usd_out, cached_usd=usd_in)
    return Tariff(rates=(rates,), batch=None, source="a list", as_of="2026-11-22")


PRICED = Money(
    candidates=(
        Costed(candidate=QWEN, tariff=listed(2.5, 10.0), tokens=NOTHING),
        Costed(candidate=SMOL, tariff=listed(0.15, 0.6), tokens=NOTHING, listed_for="smol at Host"),
    )
)


def taken(policy: Policy, chosen: str | None, because: Because, **more: object) -> Choice:
    places = tuple(
        Standing(candidate=name, musts={}, acceptability=share, central=None, dominated_by=())
        for name, share in ((QWEN, 0.9), (SMOL, 0.1))
    )
    plain = Choice(policy=policy, standings=places, chosen=chosen, because=because, worlds=None)
    return replace(plain, **more)  # type: ignore[arg-type]  # as the fields of Choice are typed


def considered(*choices: Choice) -> RunFacts:
    every = Choices(judgement=JUDGEMENT, known=ToChoose(), taken=choices)
    return replace(RUN, choices=every, money=PRICED)


CODING = replace(DEFAULT, name="coding", about="writing code that has to run")


def test_the_parts_come_in_the_order_of_such_articles() -> None:
    titles = re.findall(r"^## (.*)$", written(replace(RUN, money=PRICED)), re.MULTILINE)
    assert titles == [
        "Specifications",
        "Benchmarks",
        "Practical tests",
        "Prices",
        "Verdict: which to choose?",
        "Frequently asked questions",
        "Method and source",
    ]


def test_it_begins_with_who_and_what_and_the_verdict() -> None:
    said = written()
    assert said.startswith(f"# {QWEN} or {SMOL}: which to choose?\n\n21\u00a0November 2026\n\n")
    assert "on the same 10 cases: Logic puzzles (6) and HumanEval (4)." in said
    assert "**It depends: " in said


def test_where_replies_come_from_is_said() -> None:
    def origin(*kinds: Literal["recorded", "local"]) -> str:
        candidates = tuple(
            replace(one, kind=kind) for one, kind in zip(RUN.spec.candidates, kinds, strict=True)
        )
        return written(replace(RUN, spec=replace(RUN.spec, candidates=candidates)))

    assert "recorded elsewhere and published" in origin("recorded", "recorded")
    assert "Some of the replies were recorded elsewhere" in origin("recorded", "local")
    assert "Each got the very same questions" in origin("local", "local")


def test_a_warning_stands_above_all_tables() -> None:
    said = written()
    assert said.index("> ") < said.index("## Specifications")


def test_scores_have_their_intervals_and_what_they_show() -> None:
    lines = section("Benchmarks", written()).splitlines()
    coding = next(one for one in lines if one.startswith("| HumanEval"))
    assert "**56% (33% to 77%)**<br>n" in coding
    assert coding.endswith("| prefer qwen2.5-coder-0.5b<br>+41 points (25 to 57) |")


def test_a_published_figure_stands_beside_the_measured_one_and_in_a_part_of_its_own() -> None:
    claim = Claim(
        system="x",
        criterion="humaneval",
        value=87.2,
        unit="percent",
        source=Source(name="A", title="An article", published="2025-12-20"),
    )
    known = Known(value=0.56, low=0.33, high=0.77, source="measured here", as_of="2026-11-21")
    checked = Checked(
        claim=claim,
        standing="contradicted",
        because="what is known differs from it",
        known=(known,),
        against=(),
        candidate=QWEN,
    )
    said = written(replace(RUN, claims=(checked,)))
    beside = "published: 87.2% (“An article”, 20\u00a0December 2025), contradicted"
    assert beside in section("Benchmarks", said)
    part = section("Do the published figures hold?", said)
    assert part.startswith("\nOf 1 published figure, agreeing with what is known: 0; contradicted")
    assert (
        f"- {QWEN}, HumanEval: 87.2% (“An article”, 20\u00a0December 2025) contradicted by" in part
    )
    assert "Who printed them: “An article”, 20" in part


def test_practical_tests_are_the_first_cases_on_which_candidates_part() -> None:
    part = section("Practical tests", written())
    assert part.index("### Logic puzzles") < part.index("### HumanEval")
    assert "The right answer: no" in part
    assert f"**{QWEN}: solved**" in part
    assert f"**{SMOL}: wrong**" in part
    assert "```text\nYes, because zorks are yorks.\n```" in part


def test_no_case_is_shown_where_all_did_the_same() -> None:
    alike = [one for one in TRIALS if one.key.case == "logic/1"]
    seen = view(JUDGEMENT, RUN, alike)
    assert "Practical tests" not in article(seen, JUDGEMENT, RUN)


def test_prices_are_told_to_the_digit_with_whose_they_are() -> None:
    part = section("Prices", written(replace(RUN, money=PRICED)))
    assert f"| {QWEN} | \\$2.50 | \\$2.50 | \\$10.00 | none listed |" in part
    assert f"| {SMOL}<br><sub>smol at Host</sub> | \\$0.15" in part
    assert part.rstrip().endswith("Source: a list, 22\u00a0November 2026.")


def test_what_runs_here_is_said_to_have_no_price() -> None:
    assert "have no price per token" in section("Prices", written())


def test_a_use_is_recommended_as_far_as_worlds_say() -> None:
    chosen = taken(CODING, QWEN, Because.BEST)
    part = section("Verdict: which to choose?", written(considered(chosen)))
    assert "- for writing code that has to run (best in 90.0% of all that" in part
    alone = taken(CODING, QWEN, Because.ALONE)
    part = section("Verdict: which to choose?", written(considered(alone)))
    assert "- for writing code that has to run (it alone meets what that takes)" in part
    any_ = taken(DEFAULT, QWEN, Because.BEST)
    part = section("Verdict: which to choose?", written(considered(any_)))
    assert "- whatever counts most to you: with any weights, it comes out best in 90.0%" in part


def test_what_was_shown_and_what_is_cheaper_are_reasons() -> None:
    part = section("Verdict: which to choose?", written(considered()))
    assert f"### Choose {QWEN} …\n\n- because it was shown to be better at HumanEval\n" in part
    assert "- because it was shown to be quicker to answer and faster at writing\n" in part
    assert "a million tokens cost \\$0.15 read and \\$0.60 written, the least here" in part


def test_one_that_is_alike_and_cheaper_is_the_choice_there() -> None:
    level = row(
        "score",
        JUDGEMENT.rows[0].cells,
        (gap(Alike(within=0.05, by=est(0.01, -0.01, 0.03))),),
        "humaneval",
        up=True,
    )
    judgement = replace(JUDGEMENT, rows=(level,))
    part = section("Verdict: which to choose?", written(considered(), judgement))
    assert (
        f"- rather than {QWEN} for HumanEval, where the two are alike: by the price list, a token "
        f"of {QWEN} costs at least 16.7 times as much"
    ) in part
    assert f"### When to choose {QWEN}?\n\nNothing that was measured" in part


def test_conditions_are_told_where_nothing_is_chosen() -> None:
    conditions = tuple(
        Condition(candidate=name, criterion="score.logic", above=above, share=0.6, worlds=0.5)
        for name, above in ((QWEN, True), (SMOL, False))
    )
    open_ = taken(DEFAULT, None, Because.SELDOM_BEST, conditions=conditions)
    part = section("Verdict: which to choose?", written(considered(open_)))
    assert "- if this counts for 60% of the decision or more: Logic puzzles" in part
    assert "- if this counts for less than 60% of the decision: Logic puzzles" in part


def test_uses_that_nothing_decides_are_named_with_the_reason() -> None:
    part = section(
        "Verdict: which to choose?",
        written(
            considered(
                taken(CODING, None, Because.SELDOM_BEST),
                taken(replace(CODING, name="b", about="x"), None, Because.NONE),
                taken(replace(CODING, name="c", about="y"), None, Because.HALF_UNMEASURED),
            )
        ),
    )
    assert "What was measured does not decide: writing code that has to run." in part
    assert "No candidate is known to be fit for: x." in part
    assert "Half or more of what counts was not measured for: y." in part


def test_questions_are_numbered_and_commands_of_this_run_left_out() -> None:
    part = section("Frequently asked questions", written())
    assert "**Q1: Which is better at reasoning?**" in part
    assert "```\nvisavis limits" in part
    assert RUN.name not in part


def test_paths_of_the_machine_are_not_published() -> None:
    command = (
        "visavis compare x=gguf:/home/me/a.gguf http://h/v1#m --data /home/me/files --on 'a b'"
    )
    said = written(replace(RUN, command=command))
    assert "visavis compare x=gguf:a.gguf 'http://h/v1#m' --data files --on 'a b'" in said
    assert "/home" not in said


def test_french_is_french_throughout() -> None:
    said = written(considered(), lang="fr")
    assert said.startswith(f"# {QWEN} ou {SMOL}\u00a0: lequel choisir\u202f?")
    for english in ("shown", "Which", "better", "published", "cases"):
        assert english not in said


def test_hostile_replies_are_quoted_and_inert() -> None:
    seen = hostile()
    texts = "\n\n".join(quoted(text) for text in HOSTILE)
    said = article(seen, JUDGEMENT, replace(RUN, notes=HOSTILE, command=HOSTILE[1])) + texts
    outside = re.sub(r"^(`{3,})text\n.*?\n\1$", "", said, flags=re.MULTILINE | re.DOTALL)
    outside = re.sub(r"^(`{3,})\n.*?\n\1$", "", outside, flags=re.MULTILINE | re.DOTALL)
    assert not re.search(r"<(?!br>|/?sub>)", outside.replace("\\<", ""))
    assert "](" not in outside
    assert not re.search(r"[\u200b\u202e\x00\x1b]", said)


@pytest.mark.parametrize("fence", ["```", "````\n```", "a ``` b"])
def test_a_quotation_is_fenced_longer_than_anything_in_it(fence: str) -> None:
    made = quoted(fence).splitlines()
    assert set(made[0].removesuffix("text")) == {"`"}
    assert made[0] == made[-1] + "text"
    assert max(len(run) for run in re.findall("`+", fence)) < len(made[-1])


def test_a_long_text_keeps_its_beginning_and_its_end() -> None:
    text = "a" * 1000 + " b" * 1000
    short = shortened(text)
    assert len(short) < 710
    assert short.startswith("aaa")
    assert short.endswith("b b")
    assert " […] " in short
    assert shortened("short") == "short"


def test_headings_and_points_are_escaped() -> None:
    assert heading("a*b") == "## a\\*b"
    assert item("# x") == "- \\# x"


def test_the_spec_of_each_benchmark_is_named_by_protocol() -> None:
    part = section("Method and source", written())
    for spec in BENCHMARKS:
        assert spec.protocol in part
