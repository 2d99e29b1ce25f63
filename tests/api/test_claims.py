"""`visavis claims`, with the catalog, the price list and a run of recorded answers."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path

import pytest

import visavis
from tests.fake_models import say
from tests.fake_server import FakeServer
from tests.report.fixtures import CANDIDATES, HOSTED, JUDGEMENT, QWEN, RUN, SMOL, SPEC
from visavis.api.around import Surroundings, surroundings
from visavis.api.claims import checked
from visavis.api.claims_known import claims_of
from visavis.api.speed import run_speed
from visavis.api.speed_request import prepare_speed
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError, UnknownNameError
from visavis.options import ClaimsOptions, SpeedOptions
from visavis.report.claims import as_json, heads, sources, sums, tables
from visavis.report.run_facts import RunFacts
from visavis.report.speed.progress import SpeedProgress
from visavis.verdict.claims import Checked


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return surroundings({"VISAVIS_HOME": str(tmp_path)})


def standings(around: Surroundings, system: str) -> dict[tuple[str, str], str]:
    found = checked([system], ClaimsOptions(), around)
    return {(c.claim.criterion, c.claim.source.name): c.standing for c in found}


def test_the_articles_on_mini_disagree_on_speed_and_the_price_list_settles_the_price(
    around: Surroundings,
) -> None:
    found = standings(around, "gpt-4o-mini")
    assert found["output_speed", "A"] == found["output_speed", "B"] == "contradicts another claim"
    assert (found["price_input", "A"], found["price_input", "B"]) == ("contradicted", "consistent")
    assert found["max_output", "A"] == "consistent"


def test_a_claim_is_held_against_the_price_of_the_day_on_which_it_was_printed(
    around: Surroundings,
) -> None:
    today = datetime.now(UTC).date().isoformat()
    for one in checked(["gpt-4o-mini"], ClaimsOptions(), around):
        if one.claim.criterion == "price_input":
            (listed,) = one.known
            assert listed.as_of == (one.claim.source.published or today)


def test_a_price_may_be_that_of_any_snapshot_of_the_system(around: Surroundings) -> None:
    found = {one.claim.criterion: one for one in checked(["gpt-4o"], ClaimsOptions(), around)}
    first_day = found["price_output"]  # which the list of its first snapshot still has
    assert first_day.standing == "consistent"
    assert [known.source.partition(", genai")[0] for known in first_day.by] == [
        "OpenAI, gpt-4o-2024-05-13"
    ]
    assert found["price_input"].standing == "contradicted"
    assert {known.value for known in found["price_input"].by} == {2.5, 5.0}


def test_open_weights_have_as_many_prices_as_hosts(around: Surroundings) -> None:
    found = checked(["llama-3.1-8b"], ClaimsOptions(), around)
    (price,) = (c for c in found if c.claim.criterion == "price_input")
    assert price.standing == "cannot be checked"
    assert len(price.known) > 1


def test_a_name_that_no_claim_speaks_of_is_answered_with_the_nearest(around: Surroundings) -> None:
    with pytest.raises(UnknownNameError, match="try gpt-4o"):
        checked(["gpt4o"], ClaimsOptions(), around)


def test_a_speed_measured_in_a_run_settles_which_article_is_right(
    around: Surroundings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = say("one two three four five six", pieces=6, gap_s=0.01)
    with FakeServer({"gpt-4o-mini-2024-07-18": model}) as server:
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        visavis.compare(
            ["gpt-4o-mini", "scripted:Yes"], on=("logic:8",), out=tmp_path / "run", yes=True
        )
    found = checked(["gpt-4o-mini"], ClaimsOptions(run=str(tmp_path / "run")), around)
    speeds = [one for one in found if one.claim.criterion == "output_speed"]
    assert [one.known[0].source for one in speeds] == ["measured here"] * 2
    assert "contradicts another claim" not in {one.standing for one in speeds}
    (row, *_) = (row for row in dict(tables(speeds, "en"))["gpt-4o-mini"])
    assert "measured here" in row[3]


def test_a_run_without_a_known_system_is_turned_away(around: Surroundings, tmp_path: Path) -> None:
    cases = tmp_path / "cases.yaml"
    cases.write_text("cases: [{id: a, prompt: Say a, equals: a}]")
    visavis.compare(
        ["scripted:a", "scripted:b"], on=(str(cases),), out=tmp_path / "r", speed=False, yes=True
    )
    with pytest.raises(OptionError, match="is a system that the catalog knows"):
        checked([], ClaimsOptions(run=str(tmp_path / "r")), around)


def test_the_words_are_all_there_in_both_languages(around: Surroundings) -> None:
    found = checked([], ClaimsOptions(), around)
    for lang in ("en", "fr"):
        shown = dict(tables(found, lang))
        assert list(shown) == ["llama-3.1-8b", "gpt-4o-mini", "gpt-4o"]
        assert all(len(row) == len(heads(lang)) for rows in shown.values() for row in rows)
        assert len(list(sources(found, lang))) == 2
    assert sums(found, "en").startswith("48 claims: ")
    assert "2 contradict other claims" in sums(found, "en")
    assert [text.partition("“")[0] for text in sources(found, "en")] == ["source A: ", "source B: "]
    printed = [row[1] for row in dict(tables(found, "en"))["gpt-4o-mini"]]
    assert "182.6\u00a0tokens/s" in printed
    assert "$0.195" in printed
    assert "0,195\u00a0$US" in [row[1] for row in dict(tables(found, "fr"))["gpt-4o-mini"]]


def test_as_data_a_claim_has_its_printed_figure_and_what_speaks_for_and_against(
    around: Surroundings,
) -> None:
    found = json.loads(as_json(checked(["gpt-4o-mini"], ClaimsOptions(), around)))
    (speed, *_) = (one for one in found if one["criterion"] == "output_speed")
    assert (speed["printed"], speed["unit"], speed["standing"]) == (
        99,
        "tokens/s",
        "contradicts another claim",
    )
    assert speed["against"][0]["printed"] == 182.6
    (price, *_) = (one for one in found if one["criterion"] == "price_input")
    assert price["value"] == pytest.approx(0.195)
    assert price["known"][0]["value"] == 0.15


BLOG = """
sources:
  blog: {title: "Which model this week?", published: 2026-10-01}
claims:
  - {system: gpt-4o-mini, criterion: output_speed, value: 93, unit: tokens/s, source: blog}
  - {system: qwen2.5-coder-0.5b, criterion: parameters, value: 0.49,
     unit: billion parameters, source: blog}
  - {system: qwen2.5-coder-0.5b, criterion: humaneval, value: 61.6, unit: percent,
     protocol: humaneval@evalplus, source: blog}
"""


@pytest.fixture
def blog(tmp_path: Path) -> Path:
    file = tmp_path / "mine.yaml"
    file.write_text(BLOG)
    return file


def a_run_of(*candidates: Candidate) -> RunFacts:
    """The fixture's run, with its figures as those of these candidates."""
    named = zip(candidates, (QWEN, SMOL), strict=True)
    return replace(
        RUN, spec=replace(SPEC, candidates=tuple(replace(one, name=name) for one, name in named))
    )


def by(found: tuple[Checked, ...], candidate: str, criterion: str) -> dict[str, Checked]:
    return {
        one.claim.source.name: one
        for one in found
        if (one.candidate, one.claim.criterion) == (candidate, criterion)
    }


def test_a_run_has_the_claims_about_the_systems_that_it_reaches(blog: Path) -> None:
    mini = replace(HOSTED, system="gpt-4o-mini")
    found = claims_of(a_run_of(mini, CANDIDATES[1]), JUDGEMENT, [blog])
    assert {one.candidate for one in found} == {QWEN}
    assert {one.claim.system for one in found} == {"gpt-4o-mini"}
    assert len(found) == 25
    assert claims_of(RUN, JUDGEMENT) == ()


def test_two_ways_to_one_system_are_each_held_against_their_own(blog: Path) -> None:
    mini = replace(HOSTED, system="gpt-4o-mini")
    found = claims_of(a_run_of(mini, mini), JUDGEMENT, [blog])
    standings = [by(found, name, "output_speed")["blog"].standing for name in (QWEN, SMOL)]
    assert standings == ["contradicted", "consistent"]


def test_a_small_file_can_agree_with_a_score_and_says_what_it_is_itself(blog: Path) -> None:
    local = replace(CANDIDATES[0], system="qwen2.5-coder-0.5b")
    found = claims_of(a_run_of(local, CANDIDATES[1]), JUDGEMENT, [blog])
    assert by(found, QWEN, "parameters")["blog"].standing == "consistent"
    assert by(found, QWEN, "humaneval")["blog"].standing == "consistent"
    (measured,) = by(found, QWEN, "humaneval")["blog"].known
    assert not measured.decides


def test_prices_are_looked_up_only_where_they_are_shown() -> None:
    run = a_run_of(replace(HOSTED, system="gpt-4o-mini"), CANDIDATES[1])
    priced, not_priced = (
        by(claims_of(run, JUDGEMENT, priced=priced), QWEN, "price_input")["B"]
        for priced in (True, False)
    )
    assert (priced.standing, len(priced.known)) == ("consistent", 1)
    assert not_priced.known == ()


def test_a_run_keeps_the_claims_that_it_was_given(
    blog: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with FakeServer({"gpt-4o-mini-2024-07-18": say("Yes")}) as server:
        monkeypatch.setenv("VISAVIS_HOME", str(tmp_path))
        monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        asked = visavis.compare(
            ["gpt-4o-mini", "scripted:Yes"],
            on="logic:2",
            out=tmp_path / "run",
            speed=False,
            claims=blog,
            yes=True,
        )
    blog.unlink()
    for seen in (asked, visavis.load(tmp_path / "run")):
        assert "blog" in {one.claim.source.name for one in seen.claims}
        assert "Which model this week?" in seen.html()
    other = tmp_path / "other.toml"
    other.write_text(
        """claims = [{system = "gpt-4o-mini", criterion = "safety", value = "none", source = "x"}]
        sources.x.title = "Another page"
        """
    )
    again = visavis.load(tmp_path / "run", claims=[str(other)])
    assert {"A", "B", "blog", "x"} == {one.claim.source.name for one in again.claims}
    assert "26 more published figures" in again.table()


def test_a_faulty_file_of_claims_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"none\.yaml.*cannot be read"):
        visavis.compare(
            ["scripted:a", "scripted:b"], out=tmp_path / "r", claims=["none.yaml"], yes=True
        )
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
def test_a_speed_run_says_which_speed_you_get_one_request_at_a_time(
    around: Surroundings, tmp_path: Path
) -> None:
    model = say("word " * 8, pieces=8, first_s=0.01, gap_s=0.01)
    with FakeServer({"gpt-4o-mini-2024-07-18": model}) as server:
        environ = {"OPENAI_API_KEY": "sk-test", "OPENAI_BASE_URL": server.url}
        request = prepare_speed(
            ["gpt-4o-mini"],
            SpeedOptions(
                concurrency=("1,2",), tokens=8, prompt_tokens=40, requests=6, blocks=3, yes=True
            ),
            Surroundings(home=tmp_path, environ=environ),
            SpeedProgress(StringIO()),
        )
        run_speed(request, tmp_path / "speed", SpeedProgress(StringIO()))
    found = checked(["gpt-4o-mini"], ClaimsOptions(run=str(tmp_path / "speed")), around)
    speeds = [one for one in found if one.claim.criterion == "output_speed"]
    assert [len(one.known) for one in speeds] == [1, 1]
    assert {one.known[0].source for one in speeds} == {"measured here"}
