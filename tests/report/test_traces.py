"""What a figure rests on has a place on the page, in every language."""

import re
from collections import Counter
from html import unescape
from urllib.parse import parse_qsl

import pytest

from tests.report.everything import BIG, HERE, SMALL, everything
from tests.report.faces import shown
from visavis.report.page import fragment, page
from visavis.report.traces import in_table, place, showing, trials, weights
from visavis.report.view import View

LINK = re.compile(r'<a[^>]* href="#([^"]*)"(?: data-sets="([^"]*)")?')
PLACE = re.compile(r'<[a-z0-9]+[^>]* id="([^"]+)"')


@pytest.fixture(scope="module")
def of_all(tmp_path_factory: pytest.TempPathFactory) -> str:
    made = tmp_path_factory.mktemp("traces")
    file = everything(made / "run").save_html(made / "page.html")
    return file.read_text(encoding="utf-8")


def each_language(html: str) -> list[str]:
    """The page's body in one language, then in the others."""
    first, *others = html.split("<template data-title=")
    return [first, *others]


def test_every_link_within_a_page_leads_to_a_place_of_it(of_all: str) -> None:
    spoken = each_language(of_all)
    assert len(spoken) == 2
    for body in spoken:
        places = Counter(PLACE.findall(body))
        assert [one for one, times in places.items() if times > 1] == []
        led = [to for to, _sets in LINK.findall(body)]
        assert len(led) > 50
        assert [to for to in led if to not in places] == []


def test_what_a_link_sets_are_fields_of_the_page_and_what_they_can_hold(of_all: str) -> None:
    for body in each_language(of_all):
        fields = set(re.findall(r'<(?:select|input)[^>]* name="([^"]+)"', body))
        kinds = set(re.findall(r'name="kind" value="([^"]+)"', body))
        asked = [parse_qsl(unescape(sets)) for _to, sets in LINK.findall(body) if sets]
        assert {name for one in asked for name, _value in one} <= fields
        assert {value for one in asked for name, value in one if name == "kind"} <= kinds


def test_each_verdict_leads_to_the_cases_of_its_two_candidates(of_all: str) -> None:
    told = re.findall(r'<li class="(?:prefer|alike|undecided)[^"]*">(.*?)</li>', of_all, re.DOTALL)
    names = [BIG, SMALL, HERE]
    scores = [one for one in told if "better at" in one]
    assert scores
    for one in scores:
        ((to, sets),) = LINK.findall(one)
        pair = dict(parse_qsl(unescape(sets)))["pair"].split(",")
        assert to == "transcripts"
        assert all(re.search(rf"\b{names[int(who)]}\b", one) for who in pair)
        assert "kind=disagree" in sets


def test_a_sentence_of_speed_leads_to_its_row() -> None:
    seen = shown()
    rows = {row.place for group in seen.face.groups for row in group.rows}
    assert {one.trace.to for one in seen.sentences if one.trace} <= {"transcripts", *rows}
    assert place("first_token_s", "speed") in rows


def test_a_notebook_shows_no_link_to_what_it_does_not_hold() -> None:
    seen: View = shown()
    assert "#transcripts" in page(seen)
    assert 'href="#' not in fragment(seen)


def test_a_place_has_a_name_that_an_address_can_hold() -> None:
    assert place("peak_bytes") == "face-peak_bytes"
    assert place("score", "own cases/é") == "face-score.own%20cases%2F%C3%A9"
    assert in_table("GSM8K", "score", "gsm8k").to == "face-score.gsm8k"


def test_what_is_shown_is_said_as_a_query() -> None:
    assert showing("a&b", "only0", (0, 2)) == "benchmark=a%26b&pair=0%2C2&search=&kind=only0"
    assert trials("", "en").sets == "benchmark=&pair=&search=&kind=all"
    assert weights(3, "en").sets == "use=3"
