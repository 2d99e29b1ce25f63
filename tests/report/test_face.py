"""The candidates face to face, topic by topic."""

from dataclasses import replace
from importlib import import_module

import pytest

from tests.report.faces import CLAIMS, RUN_WITH_CLAIMS, claim, of_many, rows_of, shown
from tests.report.fixtures import BENCHMARKS, JUDGEMENT, QWEN, RUN, SMOL, SPEC, TRIALS
from visavis.benchmarks.base import BENCHMARKS as ASKABLE
from visavis.report.face import GROUPS, PRACTICAL
from visavis.report.page import page
from visavis.report.view import view
from visavis.verdict.claims import CRITERIA, check


def titles() -> list[str]:
    return [group.title for group in shown().face.groups]


def test_topics_come_in_the_articles_order() -> None:
    assert titles() == [
        "The model",
        "Speed",
        "Benchmarks",
        "Practical tests",
        "Price and tokens",
        "Memory and machine",
        "Safety",
        "Uses and availability",
        "In this run",
    ]
    labels = list(rows_of(shown().face))
    assert labels.index("MMLU") < labels.index("HumanEval") < labels.index("logic")


def test_every_claim_has_a_topic_of_its_own_or_of_what_was_measured() -> None:
    topics = {topic for _title, own in GROUPS.values() for topic in own}
    for one in CRITERIA.values():
        assert {*one.facts, one.measure, one.family, one.name} & topics


def test_cases_made_here_are_practical_tests() -> None:
    import_module("visavis.benchmarks.choose")  # which makes all benchmarks known
    made = {
        one.family
        for one in map(ASKABLE.get, ASKABLE)
        if "made here" in one.source or one.runs_programs
    }
    assert made - {"humaneval", "humaneval+"} <= set(PRACTICAL)


def test_a_measured_figure_has_its_interval_its_source_and_its_trials() -> None:
    row = rows_of(shown().face)["HumanEval"]
    qwen, smol = row.cells
    assert (qwen.value, qwen.interval, qwen.n) == ("56%", "33% to 77%", "n\u00a0=\u00a016")
    assert qwen.source == "measured here, 21\u00a0November 2026"
    assert (row.trials, row.detail) == ("humaneval", "score, humaneval@evalplus")
    assert "3 failed (timed out)" in smol.notes


def test_a_winner_is_marked_only_where_a_difference_was_shown() -> None:
    rows = rows_of(shown().face)
    assert [cell.won for cell in rows["HumanEval"].cells] == ["shown better", ""]
    assert [cell.won for cell in rows["logic"].cells] == ["", ""]
    (found,) = rows["logic"].findings
    assert (found.kind, found.text) == ("undecided", "undecided")
    assert found.evidence == ("+8 points (−5 to +21)", "about 350 cases would settle it")


def test_a_claim_stands_beside_what_was_measured_of_the_same() -> None:
    qwen, smol = rows_of(shown().face)["HumanEval"].cells
    assert [(one.printed, one.source, one.standing) for one in qwen.claims] == [
        ("61.6%", "“Which <b>model</b>?”, 1\u00a0October 2026", "consistent"),
        ("87.2%", "“Which <b>model</b>?”, 1\u00a0October 2026", "cannot be checked"),
    ]
    assert "33% to 77% (humaneval@evalplus, measured here" in qwen.claims[0].told
    assert qwen.claims[1].told == "cannot be checked: it does not say by which protocol"
    assert smol.claims == ()


def test_what_was_published_and_not_measured_has_a_row_of_its_own() -> None:
    rows = rows_of(shown().face)
    row = rows["MMLU"]
    assert (row.kind, row.trials, row.findings) == ("published", None, ())
    assert [cell.value for cell in row.cells] == ["", ""]
    assert "published, not measured here" in page(shown())
    speed = rows["output speed"].cells[0]
    assert [one.standing for one in speed.claims] == ["contradicts another claim"] * 2
    assert "contradicts another claim (“Another”: 182.6" in speed.claims[0].told


def test_a_price_is_also_shown_as_it_was_printed() -> None:
    (price,) = rows_of(shown().face)["price per million input tokens"].cells[0].claims
    assert price.printed == "$0.195 (printed: $0.000195 per 1,000 tokens)"
    assert price.told == "contradicted by $0.15 (a list, 21\u00a0November 2026)"


def test_what_two_sources_print_alike_is_told_once() -> None:
    twice = [claim("mmlu", 82.0, "percent", source=one.source) for one in CLAIMS[4:6]]
    run = replace(RUN, claims=check(twice, lambda of: (), QWEN))
    (one,) = rows_of(shown(run).face)["MMLU"].cells[0].claims
    assert one.source == "“Which <b>model</b>?”, 1\u00a0October 2026; “Another”, undated"


def test_a_claim_goes_to_the_protocol_that_it_was_made_by() -> None:
    protocols = ("humaneval@openai", "humaneval@evalplus")
    benchmarks = tuple(replace(BENCHMARKS[1], name=name, protocol=name) for name in protocols)
    rows = [replace(JUDGEMENT.rows[0], benchmark=name) for name in protocols]
    run = replace(RUN_WITH_CLAIMS, spec=replace(SPEC, benchmarks=benchmarks), cases={}, figures={})
    seen = view(replace(JUDGEMENT, rows=tuple(rows)), run, (), "en")
    first, second = (rows_of(seen.face)[name].cells[0].claims for name in protocols)
    assert [one.printed for one in first] == ["87.2%"]
    assert [one.printed for one in second] == ["61.6%"]


def test_what_is_known_of_nobody_is_gathered() -> None:
    face = shown(replace(RUN, claims=())).face
    assert "price per million input tokens" not in rows_of(face)
    assert any(
        text.startswith("price per million input tokens; price per million output tokens")
        and text.endswith("unknown: runs on this machine, no price per token")
        for text in face.unknown
    )


def test_more_than_two_are_told_in_words() -> None:
    judgement, run = of_many(4)
    rows = rows_of(view(judgement, run, (), "en").face)
    row = rows["HumanEval"]
    better, *others = row.findings
    assert better.text == (
        "gpt-4o is shown better than gpt-4o-mini, llama and "
        "a-model-with-a-very-long-name-indeed-v2.5-instruct-q4_k_m"
    )
    assert [one.kind for one in others] == ["alike", "undecided", "undecided"]
    assert row.cells[0].won == "shown better than all others"
    uses = rows["shown to be better"]
    assert [cell.value for cell in uses.cells][1:] == ["at nothing that was measured here"] * 3


def test_many_open_pairs_are_counted() -> None:
    judgement, run = of_many(6)
    texts = [one.text for one in rows_of(view(judgement, run, (), "en").face)["logic"].findings]
    assert "7 pairs are undecided" in texts


def test_whom_one_is_better_than_is_named_where_it_is_not_all() -> None:
    judgement, run = of_many(3)
    row = judgement.rows[0]
    gaps = tuple(replace(gap, verdict=judgement.rows[1].gaps[-1].verdict) for gap in row.gaps[1:])
    seen = view(replace(judgement, rows=(replace(row, gaps=(row.gaps[0], *gaps)),)), run, (), "en")
    uses = rows_of(seen.face)["shown to be better"]
    assert uses.cells[0].value == "HumanEval (than gpt-4o-mini)"


def test_one_candidate_alone_is_compared_with_nobody() -> None:
    judgement, run = of_many(2)
    one = replace(run, spec=replace(run.spec, candidates=run.spec.candidates[:1]))
    rows = tuple(replace(row, cells=row.cells[:1], gaps=()) for row in judgement.rows)
    alone = replace(judgement, candidates=judgement.candidates[:1], rows=rows)
    face = view(alone, one, (), "en").face
    assert "shown to be better" not in rows_of(face)


def test_a_recorded_answer_was_graded_here_and_not_measured() -> None:
    candidates = [replace(one, kind="recorded") for one in SPEC.candidates]
    run = replace(RUN, spec=replace(SPEC, candidates=tuple(candidates)))
    cell = rows_of(view(JUDGEMENT, run, TRIALS, "en").face)["HumanEval"].cells[0]
    assert cell.source == "graded here, 21\u00a0November 2026"


def test_the_sources_are_named_once() -> None:
    assert shown().face.sources == (
        "“Which <b>model</b>?”, 1\u00a0October 2026",
        "“Another”, undated",
    )
    assert "Which &lt;b&gt;model&lt;/b&gt;?" in page(shown())


def test_terminal_and_markdown_have_the_claims_that_something_was_measured_of() -> None:
    claims = shown().claims
    assert claims is not None
    assert [row[:3] for row in claims.rows] == [
        (QWEN, "HumanEval", "61.6% (source blog)"),
        (QWEN, "HumanEval", "87.2% (source blog)"),
    ]
    assert claims.sources == ("source blog: “Which <b>model</b>?”, 1\u00a0October 2026",)
    assert claims.further == "7 more published figures: on the page, or by visavis claims."
    assert shown(RUN).claims is None


@pytest.mark.parametrize("name", [QWEN, SMOL])
def test_each_row_has_a_cell_for_each_candidate_in_order(name: str) -> None:
    place = (QWEN, SMOL).index(name)
    for row in rows_of(shown().face).values():
        assert row.cells[place].candidate == name
