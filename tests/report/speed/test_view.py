"""A speed run in words, figures and drawings: everything is said, nothing is made up."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import jsonschema
import pytest

from tests.measure.load.things import FAILED, block, timing
from tests.report.speed.things import CALIBRATION, NAMES, SLO, error, figures
from visavis.measure.load.slo import objective
from visavis.options import Language
from visavis.report.speed.export import SCHEMA, speed_results, speed_schema
from visavis.report.speed.figures import SpeedFigures, loaded
from visavis.report.speed.headline import speed_headline
from visavis.report.speed.markdown import speed_markdown
from visavis.report.speed.page import speed_page
from visavis.report.speed.view import LoadView, speed_view
from visavis.report.speed.words import kept, load_label, objective_label
from visavis.stats.estimate import Estimate, TooFew

LANGUAGES: tuple[Language, ...] = ("en", "fr")


@pytest.fixture(scope="module")
def seen() -> SpeedFigures:
    return figures()


def cell(load: LoadView, label: str, candidate: str) -> str:
    row = next(row for row in load.rows if plain(row.label).startswith(label))
    found = next(cell for cell in row.cells if cell.candidate == candidate)
    return plain(" | ".join([found.value, found.interval, found.n, *found.notes]))


def plain(text: str) -> str:
    """With spaces that may be broken at."""
    return text.replace("\u00a0", " ")


def test_every_load_has_a_table_with_all_that_was_measured(seen: SpeedFigures) -> None:
    view = speed_view(seen)
    assert plain(view.run).startswith("Run ")
    assert [load.label for load in view.loads] == [
        "1 at once",
        "4 at once",
        "2 a second, as independent users",
    ]
    four = view.loads[1]
    assert four.pair
    assert cell(four, "replies", NAMES[0]).startswith("174 of 180")
    assert "6 failed (overloaded)" in cell(four, "replies", NAMES[0])
    assert "95%" not in cell(four, "we may be wrong by", NAMES[0])
    assert cell(four, "time to first token within 600 ms", NAMES[1]).startswith("missed")


def test_a_latency_near_our_own_error_is_marked_and_said(seen: SpeedFigures) -> None:
    view = speed_view(seen)
    wrong = cell(view.loads[0], "we may be wrong by", NAMES[1])
    assert wrong.startswith("30")  # 16 streams were in flight at most: the next that was calibrated
    assert "more than 5% of it" in wrong
    assert "more than 5%" not in cell(view.loads[0], "we may be wrong by", NAMES[0])
    assert any("vouches for 4 requests at once, no more" in text for text in view.warnings)


def test_beyond_what_was_calibrated_nobody_knows_and_all_is_marked() -> None:
    small = replace(CALIBRATION, at=(error(1, 0.00001),))
    timings = [timing(0.0, 0.3), timing(0.1, 0.3)]
    (found,) = loaded([block(timings)], (), small).values()
    assert found.instrument is not None
    assert found.instrument.error_s is None
    assert found.flagged
    (alone,) = loaded([block(timings[:1])], (), small).values()
    assert not alone.flagged


def test_of_a_lone_block_neighbours_that_wait_together_tell_less() -> None:
    """Half of the waits are long: in a row, or every other one."""

    def width(late: range) -> float:
        timings = [timing(n, 1.3 if n in late else 0.3) for n in range(120)]
        (found,) = loaded([block(timings[::-1])], [objective(SLO[0])], None).values()
        met = found.met[SLO[0]]
        assert isinstance(met, Estimate)
        assert met.n == 120
        return met.high - met.low

    assert width(range(60, 120)) > 2.5 * width(range(0, 120, 2))


def test_our_lateness_alone_marks_a_latency() -> None:
    punctual, late = ([timing(0.0, 0.3, late_s=late_s)] for late_s in (0.01, 0.02))
    assert not next(iter(loaded([block(punctual)], (), CALIBRATION).values())).flagged
    assert next(iter(loaded([block(late)], (), CALIBRATION).values())).flagged


def test_waits_that_grow_are_said_to_grow_and_others_are_not(seen: SpeedFigures) -> None:
    assert seen.loaded["poisson rate 2", NAMES[1]].unsteady
    assert not seen.loaded["at once 4", NAMES[0]].unsteady
    assert any("not steady for" in text for text in speed_view(seen).warnings)


def test_a_server_that_answers_less_than_it_is_asked_falls_behind() -> None:
    """Of an open loop; a closed one asks no more than is answered."""
    slow = [timing(n / 10, 5.0 + n / 10) for n in range(100)]
    quick = [timing(n / 10, 0.1) for n in range(100)]
    for timings, open_loop, behind in (
        (slow, True, True),
        (slow, False, False),
        (quick, True, False),
        (quick[:3], True, False),
    ):
        (found,) = loaded([block(timings, open_loop=open_loop)], (), None).values()
        assert found.fell_behind == behind


def test_replies_shorter_than_asked_are_told_but_not_of_a_trace(seen: SpeedFigures) -> None:
    longer = replace(seen, spec=replace(seen.spec, output_tokens=128))
    short = "Replies of smollm2-135m were shorter than asked: 10 of 128 tokens."
    assert short in speed_view(longer).warnings
    assert short not in speed_view(seen).warnings
    traced = replace(
        longer,
        loads=("trace a.csv",),
        loaded={("trace a.csv", name): longer.loaded["at once 1", name] for name in NAMES},
    )
    assert short not in speed_view(traced).warnings


def test_a_candidate_without_a_reply_has_no_figure() -> None:
    failed = [timing(float(n), 0.1, outcome=FAILED) for n in range(3)]
    whole = figures()
    mute = loaded([block(failed, candidate=NAMES[0], load="at once 1")], whole.objectives, None)
    view = speed_view(replace(whole, loads=("at once 1",), loaded=mute))
    assert cell(view.loads[0], "whole reply", NAMES[0]).startswith("no reply")
    assert cell(view.loads[0], "replies", NAMES[0]).startswith("0 of 3")
    assert cell(view.loads[0], "replies", NAMES[1]).startswith("not asked")
    assert cell(view.loads[0], "we may be wrong by", NAMES[1]).startswith("no reply")
    assert cell(view.loads[0], "time to first token within", NAMES[1]).startswith("no reply")


def test_without_calibration_that_is_said() -> None:
    view = speed_view(figures(calibrated=False))
    assert cell(view.loads[0], "we may be wrong by", NAMES[0]).startswith("not calibrated so far")
    assert not any("vouches" in text for text in view.warnings)


def test_the_headline_says_who_is_better_at_what_and_where(seen: SpeedFigures) -> None:
    said = speed_headline(seen, "en")
    assert said.startswith("Prefer smollm2-135m: smollm2-135m is quicker to answer")
    assert "(4 at once, 2 a second, as independent users)" in said
    alone = speed_headline(figures(NAMES[:1]), "en")
    assert re.fullmatch(r"smollm2-135m: first token after .* in all\.", alone)
    nothing = replace(seen, loads=(), loaded={})
    assert speed_headline(nothing, "en") == "Nothing was measured."
    nobody = replace(seen, judgement=replace(seen.judgement, rows=()))
    assert speed_headline(nobody, "en") == "Nothing was compared."


def test_one_candidate_that_never_answered_says_so() -> None:
    failed = loaded([block([timing(0.0, 0.1, outcome=FAILED)], candidate=NAMES[0])], (), None)
    mute = replace(figures(NAMES[:1]), loads=("at once 2",), loaded=failed)
    assert speed_headline(mute, "en") == "2 at once: no reply."


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("at once 1024", "1,024 at once", "1\u202f024 à la fois"),
        ("rate 0.5", "0.50 a second", "0,50 par seconde"),
        ("rate 2.5-10", "2.5 to 10 a second", "2,5 à 10 par seconde"),
        ("trace at once 4", "trace at once 4", "trace at once 4"),
    ],
)
def test_loads_are_named(name: str, english: str, french: str) -> None:
    assert load_label(name, "en") == english
    assert load_label(name, "fr") == french


def test_an_objective_is_met_missed_or_open() -> None:
    wanted, always = objective(SLO[0]), objective("total_s<=2.5")
    assert (
        plain(objective_label(wanted, "en"))
        == "time to first token within 600 ms, of 95% of requests"
    )
    assert plain(objective_label(always, "en")) == "whole reply within 2.5 s, of 100% of requests"
    at_least = plain(objective_label(objective("characters_per_s.p99.5>=20"), "en"))
    assert (
        at_least
        == "output speed, in characters of at least 20.0 characters/s, of 99.5% of requests"
    )

    def known(low: float, value: float, high: float) -> Estimate:
        return Estimate(value=value, low=low, high=high, n=50, method="")

    assert kept(wanted, known(0.96, 0.98, 0.99), "en") == "met"
    assert kept(wanted, known(0.90, 0.96, 0.99), "en") == "undecided"
    assert kept(wanted, known(0.80, 0.90, 0.94), "en") == "missed"
    assert kept(always, known(0.90, 1.0, 1.0), "en") == "met"
    assert kept(wanted, TooFew(groups=0, needed=1), "en") == "undecided"


# --- the page -----------------------------------------------------------------------------------


class Read(HTMLParser):
    """What a browser would load or run."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("src", "href") and not (value or "").startswith(("#", "data:")):
                self.outside.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_loads_nothing_and_runs_nothing(seen: SpeedFigures, lang: Language) -> None:
    read = Read()
    read.feed(speed_page(speed_view(seen, lang), seen))
    assert not read.outside
    assert "script" not in read.tags
    assert read.tags.count("figure") == 3
    assert read.tags.count("table") == 6  # one a load, and the figures of each drawing


def test_names_that_are_markup_stay_text() -> None:
    evil = "<img src=x onerror=alert(1)>"
    seen = figures((evil, NAMES[1]))
    page = speed_page(speed_view(seen), seen)
    assert "<img" not in page
    assert "&lt;img src=x" in page
    told, *_ = speed_markdown(speed_view(seen)).partition("```")
    assert "<img" not in told.replace("\\<img", "")


# --- data ---------------------------------------------------------------------------------------


def test_the_schema_is_fresh_and_the_results_follow_it(seen: SpeedFigures) -> None:
    assert SCHEMA.read_bytes() == speed_schema()
    document = json.loads(speed_results(seen))
    jsonschema.validate(document, json.loads(SCHEMA.read_text(encoding="utf-8")))
    four = document["loads"][1]
    assert four["load"] == "at once 4"
    told = four["candidates"][0]
    assert (told["asked"], told["failed"], told["failures"]) == (180, 6, {"overloaded": 6})
    assert {q["share"] for q in told["latencies"]["first_token_s"]} == {0.5, 0.9, 0.95, 0.99}
    tail = told["latencies"]["first_token_s"][3]
    assert tail["known"]["low"] is None
    assert tail["value"] > 0
    assert set(told["objectives"]) == set(SLO)
    assert document["vouched_streams"] == 4
    assert document["candidates"][1]["spent_usd"] == 0.0123
    assert {row["measure"] for row in four["measures"]} >= {"first_token_s", "goodput_per_s"}
