"""`visavis limits` from end to end, against a server whose limits are known."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from sys import stderr

import pytest

from tests.candidates.tiny_gguf import write_tiny_model
from tests.fake_limits import Truth
from tests.fake_server import FakeServer
from visavis.api.around import Surroundings
from visavis.api.limits import consents, find_limits, outline, planned
from visavis.candidates.scripted import ScriptedClient
from visavis.core.errors import OptionError, UnknownNameError
from visavis.options import LimitsOptions
from visavis.report import limits as report
from visavis.report.limits import Probed
from visavis.report.progress import Progress, screen

TRUTH = Truth(context=6000, sees_to=3500, output=700, until=date(2023, 10, 1), knows=0.9)
LOCAL = LimitsOptions(what=("context",), seed=3)
OPTIONS = LimitsOptions(
    longest=9000, lengths=("1000,2500", "5000"), repeats=2, output_tokens=2000, at_once=8
)


@pytest.fixture
def quiet(tmp_path: Path) -> Iterator[Progress]:
    with (tmp_path / "told").open("w", encoding="utf-8") as file:
        yield screen(file)


def around(home: Path, environ: Mapping[str, str] | None = None) -> Surroundings:
    return Surroundings(home=home, environ=environ or {})


def found(named: str, options: LimitsOptions, home: Path, quiet: Progress) -> Probed:
    (probed,) = find_limits(planned([named], options, around(home), quiet), quiet)
    return probed


def test_all_limits_of_a_server_are_found_where_they_are(tmp_path: Path, quiet: Progress) -> None:
    with FakeServer({"m": TRUTH.model}) as server:
        probed = found(f"{server.url}#m", OPTIONS, tmp_path, quiet)
    (data,) = json.loads(report.as_json([probed]))["candidates"]
    assert data["unfinished"] == {}
    assert 5900 <= data["context"]["accepted_tokens"] <= 5984
    assert data["context"]["refused_tokens"] > 5984
    assert data["context"]["server_states_tokens"] == 6000
    lengths = data["needle"]["lengths"]
    assert [row["cells"] for row in lengths][:2] == [[[2, 2]] * 5] * 2
    assert lengths[2]["cells"] == [[2, 2]] * 3 + [[0, 2]] * 2
    up_to = data["needle"]["found_up_to_tokens"]
    assert up_to[:3] == [pytest.approx(5000, rel=0.02)] * 3
    assert up_to[3:] == [pytest.approx(2500, rel=0.02)] * 2
    assert {(one["tokens"], one["ended"]) for one in data["output"]} == {(700, "the model stopped")}
    cutoff = data["cutoff"]
    assert cutoff["state"] == "found"
    assert date.fromisoformat(cutoff["low"]) <= TRUTH.until <= date.fromisoformat(cutoff["high"])
    assert abs(date.fromisoformat(cutoff["at"]) - TRUTH.until) < timedelta(days=90)
    told = "\n".join([*report.told(probed), *map(" ".join, report.table(probed.findings))])
    for said in ("the server says 6,000", "700 tokens", "knows 9", "2/2 2/2 2/2 0/2 0/2 60%"):
        assert said in told


def test_a_small_model_leaves_the_cutoff_undecided(tmp_path: Path, quiet: Progress) -> None:
    with FakeServer({"m": replace(TRUTH, knows=0.03).model}) as server:
        probed = found(f"{server.url}#m", replace(OPTIONS, what=("cutoff",)), tmp_path, quiet)
    told = "\n".join(report.told(probed))
    assert "undecided: knows" in told
    assert json.loads(report.as_json([probed]))["candidates"][0]["cutoff"]["state"] == "undecided"


def test_what_is_known_to_the_end_of_the_list_ends_later(tmp_path: Path, quiet: Progress) -> None:
    with FakeServer({"m": replace(TRUTH, until=date(2030, 1, 1)).model}) as server:
        probed = found(f"{server.url}#m", replace(OPTIONS, what=("cutoff",)), tmp_path, quiet)
    assert "not before 2026-" in "\n".join(report.told(probed))
    assert json.loads(report.as_json([probed]))["candidates"][0]["cutoff"]["state"] == "not before"


def test_a_server_that_counts_nothing_is_told_to(tmp_path: Path, quiet: Progress) -> None:
    client = ScriptedClient(lambda _: "read", name="mute")
    (probed,) = find_limits(planned([client], OPTIONS, around(tmp_path), quiet), quiet)
    told = "\n".join(report.told(probed))
    assert "no prompt was accepted" in told
    assert "counts no tokens" in told
    assert "not found at every depth even in the shortest" in told
    assert "length not counted by the server" in told


def test_facts_that_no_reply_came_to_are_not_called_lost(tmp_path: Path, quiet: Progress) -> None:
    few = replace(OPTIONS, what=("needle",), lengths=("8000",))
    with FakeServer({"m": TRUTH.model}) as server:
        probed = found(f"{server.url}#m", few, tmp_path, quiet)
    told = "\n".join([*report.told(probed), *map(" ".join, report.table(probed.findings))])
    assert "too few replies to tell" in told
    assert "10 without reply" in told


def test_a_context_that_is_cut_or_never_ends_is_said_to(tmp_path: Path, quiet: Progress) -> None:
    only = replace(OPTIONS, what=("context",))
    models = {
        "cut": replace(TRUTH, refusal="cut").model,
        "endless": replace(TRUTH, context=10**6).model,
    }
    with FakeServer(models) as server:
        cut = found(f"{server.url}#cut", only, tmp_path, quiet)
        endless = found(f"{server.url}#endless", only, tmp_path, quiet)
    assert "cut without a word, to 5,984" in "\n".join(report.told(cut))
    assert "the longest that was tried" in "\n".join(report.told(endless))


def test_the_price_is_told_first_and_agreed_to(tmp_path: Path, quiet: Progress) -> None:
    keyed = around(tmp_path, {"OPENAI_API_KEY": "sk-test"})
    plan = planned(["gpt-4o-mini"], LimitsOptions(), keyed, quiet)
    (told,) = outline(plan)
    assert "context, needle, output, cutoff" in told
    assert "at most" in told
    (share,) = plan.shares
    assert share.input_tokens > 1_000_000
    refuses = Progress(stderr, agrees=lambda question: "up to $0." not in question)
    assert not consents(plan, refuses)
    assert consents(replace(plan, options=replace(plan.options, yes=True)), refuses)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (LimitsOptions(what=("contxt",)), "context"),
        (LimitsOptions(lengths=("4k",)), "--lengths '4k' is no number of tokens"),
        (LimitsOptions(lengths=("9" * 5000,)), "--lengths '999"),
        (LimitsOptions(repeats=0), "--repeats 0"),
        (LimitsOptions(longest=-1), "--longest -1"),
        (LimitsOptions(output_tokens=0), "--output-tokens 0"),
        (LimitsOptions(budget=-1.0), "--budget -1"),
    ],
)
def test_a_wrong_option_is_refused_by_name(
    tmp_path: Path, quiet: Progress, options: LimitsOptions, said: str
) -> None:
    with pytest.raises((OptionError, UnknownNameError), match=said):
        planned(["scripted:Yes"], options, around(tmp_path), quiet)


def test_what_rests_on_replies_of_an_earlier_day_bears_its_date(
    tmp_path: Path, quiet: Progress
) -> None:
    output = LimitsOptions(what=("output",), output_tokens=300, yes=True)
    with FakeServer({"gpt-4o-mini-2024-07-18": TRUTH.model}) as server:
        keyed = around(tmp_path, {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url})

        def measured_on() -> date:
            (probed,) = find_limits(planned(["gpt-4o-mini"], output, keyed, quiet), quiet)
            return report.limits(probed).measured_on

        assert measured_on() == datetime.now(UTC).date()
        with sqlite3.connect(tmp_path / "replies.sqlite") as replies:
            replies.execute("UPDATE replies SET asked_at = '2026-01-05T23:00:00.000+00:00'")
        replies.close()
        assert measured_on() == date(2026, 1, 5)


def test_a_server_that_allows_less_is_asked_for_that_and_believed(
    tmp_path: Path, quiet: Progress
) -> None:
    truth = replace(TRUTH, context=10**6, output=10**6, most_output=400)
    output = replace(OPTIONS, what=("output",))
    with FakeServer({"m": truth.model}) as server:
        limits = report.limits(found(f"{server.url}#m", output, tmp_path, quiet))
    assert {(one.asked, one.turned_down, one.allowed) for one in limits.output} == {
        (400, 2000, 400)
    }
    assert limits.reach("largest_output_tokens") == (400, 400)


def test_a_local_file_is_given_the_whole_window_that_it_states(
    tmp_path: Path, quiet: Progress
) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=1536)
    plan = planned([f"gguf:{file}"], LOCAL, around(tmp_path), quiet)
    asked, slot = outline(plan)
    assert "requests with" in asked
    assert ", at most 24 requests with" in asked
    assert slot == "  its slot is 1,536 tokens, the whole window that its file states"
    (probed,) = find_limits(plan, quiet)
    found = report.limits(probed)
    assert found.context is not None
    assert found.context.slot_tokens is None  # the limit is that of the file
    assert 1450 <= found.context.accepted_tokens <= 1536
    (expected,) = plan.outlooks
    assert probed.requests <= expected.most.requests
    assert "stated: 1,536 (its file)" in "\n".join(report.told(probed))


def test_a_slot_of_ours_is_said_to_be_ours(tmp_path: Path, quiet: Progress) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=1536)
    plan = planned([f"gguf:{file}"], replace(LOCAL, longest=700), around(tmp_path), quiet)
    _, slot = outline(plan)
    assert slot == "  its slot is 700 tokens of the 1,536 that its file states: --longest says so"
    (probed,) = find_limits(plan, quiet)
    assert report.limits(probed).reach("context_window_tokens") is None
    assert "the slot of 700 tokens is ours; stated: 1,536" in "\n".join(report.told(probed))


def test_a_window_that_memory_does_not_hold_is_said_to_be_too_large(
    tmp_path: Path, quiet: Progress
) -> None:
    file = write_tiny_model(tmp_path / "tiny.gguf", context=2**31)
    plan = planned([f"gguf:{file}"], LOCAL, around(tmp_path), quiet)
    _, slot = outline(plan)
    assert slot.endswith(" that its file states: more does not fit into free memory")
