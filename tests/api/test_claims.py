"""`visavis claims`, with the catalog, the price list and a run of recorded answers."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

import visavis
from tests.fake_models import say
from tests.fake_server import FakeServer
from visavis.api.claims import checked
from visavis.api.entry import surroundings
from visavis.api.request import Surroundings
from visavis.core.errors import OptionError, UnknownNameError
from visavis.options import ClaimsOptions
from visavis.report.claims import as_json, heads, sources, sums, tables


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
