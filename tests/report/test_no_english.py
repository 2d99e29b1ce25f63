"""A French page has no English of ours left in it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.report import packed
from tests.report.catalogue import extracted, read
from tests.report.everything import ENGINE, everything
from visavis.api.comparison import Comparison
from visavis.benchmarks.base import BENCHMARKS
from visavis.benchmarks.temperature import at_temperature
from visavis.report.background import benchmarks
from visavis.report.retold import retold

SILENT = {"script", "style", "template"}
VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "rect", "line", "path", "circle"}


class French(HTMLParser):
    """What a French page says, but for what it says to be in another language."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = [("", True)]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        heard = self._open[-1][1] and tag not in SILENT and held.get("lang", "fr") == "fr"
        if heard:
            self.said += [held.get(name) or "" for name in ("aria-label", "title", "data-label")]
        if tag not in VOID:
            self._open.append((tag, heard))

    def handle_endtag(self, tag: str) -> None:
        while tag in (name for name, _ in self._open) and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self._open[-1][1]:
            self.said.append(data)


def english() -> Iterator[str]:
    """What only an English text has: pieces of two words and more that no French one has."""
    own = " ".join(str(message.string) for message in read())
    for message in extracted():
        forms = (message.id,) if isinstance(message.id, str) else message.id
        for piece in (part for form in forms for part in re.split(r"\{[^{}]*\}|%s", form)):
            if len(piece.strip(" .,;:()").split()) > 1 and len(piece) > 9 and piece not in own:
                yield piece


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return everything(tmp_path_factory.mktemp("french") / "run")


@pytest.fixture(scope="module")
def html(run: Comparison) -> str:
    return Comparison(run.folder, lang="fr").html()


def test_no_english_text_of_ours_is_left_in_a_french_page(html: str) -> None:
    body = html.partition("<body")[2]
    said = " ".join(" ".join(French("<body" + body).said).split())
    assert "Bancs d’essai" in said
    assert not [piece for piece in english() if piece in said]


def test_nor_in_french_markdown_and_articles(run: Comparison) -> None:
    french = Comparison(run.folder, lang="fr")
    for text in (french.markdown(), french.article()):
        assert not [piece for piece in english() if piece in text]


def test_reasons_travel_in_both_languages(html: str) -> None:
    reasons = [reply[3] for case in packed.cases(html) for reply in case[5]]
    assert reasons
    for held in reasons:
        assert _is_in_both(held) or held == "no reply in 60 s"  # which no room of ours told


def _is_in_both(held: Any) -> bool:
    return isinstance(held, dict) and held["en"].startswith("read ") and held["fr"] != held["en"]


@pytest.mark.parametrize("protocol", sorted(BENCHMARKS))
def test_every_departure_of_a_benchmark_is_said_in_french(protocol: str) -> None:
    own = BENCHMARKS.get(protocol)
    for benchmark in (own, at_temperature(own, 0.7)):
        for departure in benchmark.departures:
            assert retold(departure, "fr").lang == "fr"


def test_the_engine_line_is_said_in_french(html: str) -> None:
    assert retold(ENGINE, "fr").text in html


def test_what_nobody_can_say_in_french_says_that_it_is_english(run: Comparison) -> None:
    (spec, *_) = run.facts.spec.benchmarks
    own = replace(spec, departures=("Asked upside down.",))
    (view,) = benchmarks([own], "fr")
    assert view.lines[-1] == (
        "Departs from the published procedure: Asked upside down.",
        "en",
    )


def test_a_note_of_the_users_own_says_so_too(html: str) -> None:
    assert re.search(r'<dd lang="en">downloads: none</dd>', html)
