"""What stands under the verdict, and where it all comes from."""

from dataclasses import replace

from tests.report.fixtures import CANDIDATES, JUDGEMENT, QWEN, RUN, SMOL, SPEC, TRIALS
from visavis.core.candidate import Fact
from visavis.report.background import Item
from visavis.report.page import page
from visavis.report.provenance import provenance
from visavis.report.run_facts import RunFacts
from visavis.report.view import View, view

DAY = "2026-11-21"


def told(run: RunFacts = RUN) -> dict[str, str]:
    seen = view(JUDGEMENT, run, TRIALS)
    return {item.label: item.value.replace("\u00a0", " ") for item in seen.provenance}


def test_who_what_and_how_sure_are_said_in_three_lines(seen: View) -> None:
    who, what, sure = (item.value.replace("\u00a0", " ") for item in seen.brief)
    assert who == f"{QWEN} (on this machine, Q4_K_M); {SMOL} (on this machine, Q4_1)"
    assert what == "logic (6 cases) and humaneval (4 cases); 20 replies in all"
    assert sure.startswith(f"{sum(len(row.gaps) for row in seen.rows)} comparisons: ")
    assert sure.endswith("claiming a difference where there is none is kept below 5%.")


def test_nothing_is_claimed_of_differences_where_none_was_shown() -> None:
    alike = [row for row in JUDGEMENT.rows if row.measure == "output_tokens"]
    seen = view(replace(JUDGEMENT, rows=tuple(alike)), RUN, TRIALS)
    assert seen.brief[2].value == "1 comparison: 0 shown, 1 alike, 0 undecided."
    bare = view(replace(JUDGEMENT, rows=()), RUN, TRIALS)
    assert bare.brief[2].value == "Nothing was compared."


def test_what_was_asked_is_known_by_its_digest() -> None:
    assert told()["logic"] == (
        f"logic@generated, version 1; 6 cases with their prompts, SHA-256 {'ab' * 32}"
    )


def test_the_machine_the_engine_and_the_commit_are_named() -> None:
    engine = Fact(name="engine", value="xllamacpp, 2 threads", source="here", as_of=DAY)
    first = replace(CANDIDATES[0], facts=(*CANDIDATES[0].facts, engine))
    machine = {**SPEC.machine, "revision": "cd8b53af+"}
    spec = replace(SPEC, candidates=(first, CANDIDATES[1]), machine=machine)
    found = told(replace(RUN, spec=spec))
    assert found[f"engine of {QWEN}"] == "xllamacpp, 2 threads"
    assert found["commit of visavis"] == "cd8b53af, changed since"
    assert "commit of visavis" not in told()


def test_prices_are_those_of_a_list_and_a_day() -> None:
    price = Fact(
        name="usd_per_million_output_tokens", value=0.6, source="genai-prices 0.2.3", as_of=DAY
    )
    found = told(replace(RUN, facts={QWEN: (price, price)}))
    assert found[f"prices of {QWEN}"] == "genai-prices 0.2.3, 21 November 2026"
    assert f"prices of {SMOL}" not in found


def test_a_price_list_is_named_in_the_readers_language() -> None:
    price = Fact(
        name="usd_per_million_output_tokens",
        value=0.6,
        source="as gpt-4o at OpenAI, genai-prices 0.2.3, data to 2026-11-09",
        as_of=DAY,
    )
    items = provenance(JUDGEMENT, replace(RUN, facts={QWEN: (price,)}), TRIALS, "fr")
    (told_in_french,) = (item.value for item in items if item.value.startswith("comme gpt-4o"))
    assert "chez OpenAI" in told_in_french
    assert "2026-11-09" not in told_in_french


def test_how_it_was_judged_says_what_matters_and_what_was_not_measured() -> None:
    found = told()
    assert found["tests"].startswith("5, paired by case; the risk of any false preference")
    assert found["what matters"] == "5 points of score; 10% of anything else"
    assert found["instrument's error"] == (
        "not measured in a comparison; visavis speed states its own"
    )
    unjudged = view(replace(JUDGEMENT, rows=(), family=0), RUN, TRIALS)
    assert not {"tests", "what matters", "instrument's error"} & {
        item.label for item in unjudged.provenance
    }


def test_the_line_that_shows_it_again_quotes_the_run() -> None:
    assert told(replace(RUN, name="my run"))["to show it again"] == (
        "visavis show 'my run' --format html"
    )


def test_each_heading_stands_once_on_the_page(seen: View) -> None:
    html = page(seen)
    headings = list(dict.fromkeys(item.about for item in seen.provenance))
    assert len(headings) == 6
    assert all(html.count(f"<h3>{heading}</h3>") == 1 for heading in headings)
    assert page(replace(seen, provenance=(Item(label="a", value="b"),))).count("<dl") == html.count(
        "<dl"
    ) - (len(headings) - 1)


def test_recordings_were_compared_and_not_asked_and_ask_nobody_again() -> None:
    recorded = tuple(replace(one, kind="recorded", system=one.name) for one in CANDIDATES)
    run = replace(RUN, spec=replace(SPEC, candidates=recorded))
    found = told(run)
    assert found["compared on"] == "21 November 2026, 22:50 UTC"
    assert "last asked" not in found
    assert view(JUDGEMENT, run, TRIALS).asked_again.startswith("It asks nobody")


def test_speed_is_said_to_be_measured_anew_where_it_was_measured() -> None:
    rows = tuple(row for row in JUDGEMENT.rows if row.benchmark != "speed")
    anew = "Speed is measured anew in any case."
    assert view(JUDGEMENT, RUN, TRIALS).asked_again.endswith(anew)
    assert anew not in view(replace(JUDGEMENT, rows=rows), RUN, TRIALS).asked_again


def test_a_run_is_called_by_its_folder_and_not_by_the_way_there() -> None:
    found = told(replace(RUN, name="/home/somebody/runs/mine"))
    assert found["run"] == "mine"
    assert found["to show it again"] == "visavis show mine --format html"
