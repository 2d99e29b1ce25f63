"""What stands in a view beside the table: facts, warnings, provenance, transcripts."""

from dataclasses import replace

import pytest

from tests.report.fixtures import (
    ADD,
    CANDIDATES,
    HOSTED,
    JUDGEMENT,
    PASSED,
    QWEN,
    RUN,
    SMOL,
    SPEC,
    TRIALS,
    reply,
    trial,
)
from visavis.core.candidate import Candidate, Fact, Lifecycle, Unknown
from visavis.core.outcome import Reply, Score
from visavis.core.trial import Trial
from visavis.report.marks import mark
from visavis.report.run_facts import RunFacts
from visavis.report.subjects import by_title, called, titles_of
from visavis.report.view import View, view
from visavis.verdict.compare import Judgement


def fact(seen: View, label: str) -> list[str]:
    return [cell.value for row in seen.facts if row.label == label for cell in row.cells]


def hosted(life: Lifecycle | None = HOSTED.lifecycle) -> View:
    other = replace(HOSTED, lifecycle=life)
    run = replace(RUN, spec=replace(SPEC, candidates=(other, CANDIDATES[1])))
    judgement = Judgement(candidates=(HOSTED.name, SMOL), rows=(), policy="default", family=0)
    return view(judgement, run, ())


def test_facts_carry_unit_source_and_date(seen: View) -> None:
    assert fact(seen, "file size") == ["491\u00a0MB", "98.4\u00a0MB"]
    assert fact(seen, "parameters") == ["494 million", "135 million"]
    assert fact(seen, "context window, tokens") == ["8,192", "8,192"]
    assert fact(seen, "quantisation") == ["Q4_K_M", "Q4_1"]
    assert seen.facts[0].cells[0].source == "read from the file, 21\u00a0November 2026"


def test_an_unknown_fact_says_why_and_is_never_zero_or_blank(seen: View) -> None:
    assert (
        fact(seen, "price per million input tokens")
        == ["unknown: runs on this machine, no price per token"] * 2
    )
    assert fact(seen, "knowledge cutoff") == ["unknown: its maker does not say", "October 2023"]
    assert fact(hosted(), "file size") == ["unknown: the provider does not say", "98.4\u00a0MB"]
    assert all(cell.value for row in (*seen.facts, *hosted().facts) for cell in row.cells)


def test_what_was_measured_beside_the_trials_is_a_fact(seen: View) -> None:
    assert fact(seen, "peak memory") == ["612\u00a0MB", "unknown: not measured in this run"]
    assert fact(seen, "load time")[0] == "1.52\u00a0s"


@pytest.mark.parametrize("kind", ["recorded", "scripted"])
def test_candidates_without_a_model_behind_them_say_so(kind: str) -> None:
    other = Candidate(name="A", kind=kind, route=kind, model="A", snapshot="A")  # type: ignore[arg-type]  # parametrised
    run = replace(RUN, spec=replace(SPEC, candidates=(other,)))
    judgement = Judgement(candidates=("A",), rows=(), policy="default", family=0)
    assert fact(view(judgement, run, ()), "file size")[0].startswith("unknown: a ")


def test_recordings_without_counts_have_no_row_of_tokens() -> None:
    candidates = tuple(replace(c, kind="recorded") for c in CANDIDATES)
    run = replace(RUN, spec=replace(SPEC, candidates=candidates))
    counted = trial(QWEN, "logic", 0, reply("no", 12), PASSED)
    uncounted = replace(counted, outcome=replace(reply("no", 12), usage=None))
    labels = [
        {row.label for row in view(JUDGEMENT, run, (one,)).facts} for one in (counted, uncounted)
    ]
    assert ["tokens read and written" in those for those in labels] == [True, False]


def test_a_part_of_a_benchmark_is_called_so_in_every_table() -> None:
    hardest = replace(SPEC.benchmarks[0], name="math", protocol="math@zeroeval")
    run = replace(RUN, spec=replace(SPEC, benchmarks=(hardest,)))
    judged = replace(JUDGEMENT, rows=(replace(JUDGEMENT.rows[0], benchmark="math"),))
    seen = view(judged, run, ())
    assert (seen.rows[0].label, seen.rows[0].benchmark) == ("MATH, level 5", "math")
    assert seen.benchmarks[0].lines[0].text.startswith("Competition problems, only of the hardest")


def test_who_reads_sees_titles_and_who_types_sees_names() -> None:
    typed = view(JUDGEMENT, RUN, TRIALS, "en")
    with by_title(titles_of(SPEC.benchmarks, "en")):
        read = view(JUDGEMENT, RUN, TRIALS, "en")
    assert "humaneval" in typed.headline
    assert "HumanEval" not in typed.headline
    assert "HumanEval" in read.headline
    assert "humaneval" not in read.headline
    for said in (*(one.text for one in read.sentences), *(one.value for one in read.brief)):
        assert "humaneval" not in said
    assert [(one.name, one.title) for one in read.benchmarks][-1] == ("humaneval", "HumanEval")
    assert [row.benchmark for row in read.rows] == [row.benchmark for row in typed.rows]
    panels = [panel.title for chart in read.charts() for panel in chart.panels]
    assert "HumanEval" in panels
    assert "humaneval" not in panels
    assert called("humaneval") == "humaneval"


def test_two_protocols_of_a_benchmark_have_titles_of_their_own() -> None:
    one, other = (
        replace(SPEC.benchmarks[0], name=name, protocol=name)
        for name in ("humaneval@openai", "humaneval@evalplus")
    )
    titles = titles_of((one, other), "en")
    assert titles[one.name] == "HumanEval (humaneval@openai)"
    assert titles["mmlu"] == "MMLU"


def test_a_price_is_shown_as_it_was_stated() -> None:
    stated = Fact(name="usd_per_million_input_tokens", value=0.05, source="a list", as_of="")
    told = replace(HOSTED, facts=(stated,))
    run = replace(RUN, spec=replace(SPEC, candidates=(told, CANDIDATES[1])))
    seen = view(JUDGEMENT, run, ())
    assert fact(seen, "price per million input tokens")[0] == "$0.05"


def test_what_a_run_took_is_counted_and_reused_replies_are_not() -> None:
    fresh = trial(QWEN, "logic", 0, reply("no", 12), PASSED)
    again = replace(trial(QWEN, "logic", 1, reply("no", 500), PASSED), reused=True, usd=5.0)
    paid = replace(fresh, usd=0.0012)
    seen = view(JUDGEMENT, RUN, (paid, again))
    assert fact(seen, "trials") == ["2", "0"]
    assert fact(seen, "tokens read and written") == [
        "80 read, 12 written",
        "unknown: nobody counted them",
    ]
    assert fact(seen, "spent in this run")[0] == "$0.00120"


def test_replies_that_were_all_reused_cost_nothing_and_are_said_to_be_reused() -> None:
    again = replace(trial(QWEN, "logic", 1, reply("no", 500), PASSED), reused=True, usd=5.0)
    seen = view(JUDGEMENT, RUN, (again,))
    assert fact(seen, "tokens read and written")[0] == "none: every reply was reused"
    assert fact(seen, "spent in this run")[0] == "none: every reply was reused"


def test_money_that_may_have_been_spent_beside_the_trials_is_shown() -> None:
    assert "spent beside it, at most" not in {row.label for row in view(JUDGEMENT, RUN, ()).facts}
    seen = view(JUDGEMENT, replace(RUN, charged_usd={QWEN: 0.25}), TRIALS)
    assert fact(seen, "spent beside it, at most") == ["$0.25", "$0.00"]


def test_where_sources_disagree_each_is_shown_with_what_it_says() -> None:
    def cutoff(month: str, source: str) -> Fact:
        return Fact(name="knowledge_cutoff", value=month, source=source, as_of="2026")

    said = (
        cutoff("2023-09", "a list"),
        cutoff("2023-10", "its maker"),
        cutoff("2023-10", "a card"),
    )
    run = replace(RUN, spec=replace(SPEC, candidates=(replace(CANDIDATES[0], facts=said),)))
    found = next(r for r in view(JUDGEMENT, run, ()).facts if r.label == "knowledge cutoff")
    assert found.cells[0].value == "September 2023 or October 2023"
    assert found.cells[0].source == (
        "September 2023: a list, 2026; October 2023: its maker, 2026; a card, 2026"
    )


def test_a_base_model_is_warned_of() -> None:
    base = Fact(name="training", value="base: continues text", source="-", as_of="2026")
    run = replace(RUN, spec=replace(SPEC, candidates=(replace(CANDIDATES[0], facts=(base,)),)))
    assert any("is a base model" in text for text in view(JUDGEMENT, run, ()).warnings)


def test_a_candidate_that_failed_too_often_is_named_with_the_reason(seen: View) -> None:
    assert "smollm2-135m failed in 1 of 6 trials of logic (timed out): too many for a verdict." in (
        seen.warnings
    )


def test_a_snapshot_that_will_be_shut_down_is_warned_of() -> None:
    assert [text.replace("\u00a0", " ") for text in hosted().warnings if "shut" in text] == [
        "gpt-4o-mini (gpt-4o-mini-2024-07-18, openai) will be shut down (14 January 2027). "
        "Its successor: gpt-6-luna. Source: second-hand write-ups, 28 October 2026."
    ]


@pytest.mark.parametrize(
    ("status", "day", "said"),
    [
        ("shut down", "2026-10-23", "was shut down (23\u00a0October 2026)"),
        ("deprecated", "2026-03", "was shut down (March 2026)"),
        ("deprecated", None, "is marked deprecated; no date is given."),
    ],
)
def test_every_end_of_a_snapshot_has_its_sentence(status: str, day: str | None, said: str) -> None:
    life = Lifecycle(
        status=status,  # type: ignore[arg-type]  # parametrised
        shutdown_date=day,
        successor=None,
        source="a list",
        as_of="2026-10-28",
    )
    assert any(said in text for text in hosted(life).warnings)


def test_a_snapshot_without_an_end_is_not_warned_of() -> None:
    active = Lifecycle(
        status="active", shutdown_date=None, successor=None, source="a list", as_of="2026"
    )
    assert not any("gpt-4o-mini" in text for text in hosted(active).warnings)
    assert not any("gpt-4o-mini" in text for text in hosted(None).warnings)


def test_a_run_with_trials_to_come_says_how_to_go_on(seen: View) -> None:
    assert not any("not finished" in text for text in seen.warnings)
    partial = view(JUDGEMENT, RUN, TRIALS[:5])
    assert partial.warnings[0] == (
        "This run is not finished: 5 of 20 trials are in. "
        "Go on with: visavis resume 2026-11-21-2250-qwen-smollm2"
    )


def test_benchmarks_state_protocol_source_chance_and_departures(seen: View) -> None:
    logic, humaneval = seen.benchmarks
    assert logic.protocol == "logic@generated, version 1"
    assert tuple(told.text for told in logic.lines) == (
        "6 cases; made here from a seed, Apache-2.0",
        "Guessing scores 50%.",
    )
    assert humaneval.lines[-1].text == (
        "Departs from the published procedure: Only the first 16 problems were asked."
    )


def test_provenance_says_where_and_with_what(seen: View) -> None:
    told = {item.label: item.value.replace("\u00a0", " ") for item in seen.provenance}
    assert told["machine"] == "AMD EPYC, 2 cores, 25.8 GB of memory, Linux"
    assert told["versions"] == "visavis 0.1.0, Python 3.11.7, xllamacpp 2026.10"
    assert told["further options"] == "--suite quick, --speed"
    assert told["last asked"] == "21 November 2026, 22:50 UTC"
    assert told[f"snapshot of {QWEN}"].startswith("sha256:")
    unsaid = view(JUDGEMENT, RUN, ())
    assert "last asked" not in {item.label for item in unsaid.provenance}


@pytest.mark.parametrize(
    ("number", "expected"),
    [(0, "solved"), (1, "wrong"), (7, "unparsed"), (9, "failed"), (11, "ungraded")],
)
def test_what_became_of_a_trial_is_one_word(number: int, expected: str) -> None:
    assert mark(TRIALS[number]) == expected


def test_partial_credit_and_an_ungraded_reply_have_words_too() -> None:
    half = trial(QWEN, "logic", 0, reply("no"), Score(value=0.5, because="half", read="x"))
    assert mark(half) == "partly"
    assert mark(replace(half, grade=None)) == "ungraded"
    (exchange,) = view(JUDGEMENT, RUN, (half,)).exchanges
    told = exchange.replies[0].measured
    assert (told.score, told.output_tokens, told.total_s) == (0.5, 12, 1.12)


def test_transcripts_follow_cases_and_candidates_and_keep_texts_as_they_are(seen: View) -> None:
    found = list(seen.exchanges)
    assert [e.case for e in found][:2] == ["logic/0", "logic/1"]
    humaneval = found[6]
    assert humaneval.replies[0].text == ADD
    assert humaneval.prompt.startswith("[system]\nComplete the function.\n\n[user]\n")
    assert found[0].prompt == ""
    failed = found[4].replies[1]
    assert (failed.failure, failed.because) == ("timed out", "no reply in 60 s")
    assert found[7].replies[0].measured.truncated
    assert found[8].replies[1].measured.reused
    assert found[9].replies[0].reasoning == "Add them."


def test_a_marked_refusal_is_shown_when_there_is_no_other_text() -> None:
    refused = Reply(text="", refusal="I won't.")
    shown = view(JUDGEMENT, RUN, (trial(QWEN, "logic", 0, refused, None),))
    (exchange,) = shown.exchanges
    assert exchange.replies[0].text == "I won't."


def test_repeats_stand_in_their_order() -> None:
    def nth(repeat: int) -> Trial:
        made = trial(QWEN, "logic", 0, reply(f"try {repeat}"), PASSED)
        return replace(made, key=made.key._replace(repeat=repeat))

    shown = view(JUDGEMENT, RUN, (nth(1), nth(0)))
    (exchange,) = shown.exchanges
    assert [r.text for r in exchange.replies] == ["try 0", "try 1"]


def test_speed_trials_count_as_no_case(seen: View) -> None:
    timed = trial(QWEN, "speed", 1, reply("a river"), None)
    assert [*view(JUDGEMENT, RUN, (*TRIALS, timed)).exchanges] == [*seen.exchanges]


def test_heads_say_what_exactly_was_asked(seen: View) -> None:
    assert seen.heads[0].detail == "on this machine, Q4_K_M"
    assert hosted().heads[0].detail == "hosted, openai, gpt-4o-mini-2024-07-18"


def test_names_and_notes_cannot_turn_the_writing_round() -> None:
    evil = replace(CANDIDATES[0], name="a\u202eb", facts=())
    run: RunFacts = replace(RUN, spec=replace(SPEC, candidates=(evil,)), notes=("x\x1b[2J",))
    judgement = Judgement(candidates=("a\u202eb",), rows=(), policy="p", family=0)
    shown = view(judgement, run, ())
    assert shown.title == "a‹U+202E›b"
    assert shown.provenance[-1].value == "x‹U+001B›[2J"


def test_an_unknown_value_of_a_fact_keeps_its_reason_and_source() -> None:
    cells = [row.cells[0] for row in hosted().facts if row.label == "parameters"]
    assert cells[0].value == "unknown: its maker does not say"
    assert cells[0].source.startswith("a list")
    assert isinstance(HOSTED.facts[1].value, Unknown)
