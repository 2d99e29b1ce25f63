"""The page as text: complete, self-contained, and dead to whatever a model wrote."""

import re
import time
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

from tests.report import packed
from tests.report.fixtures import JUDGEMENT, PASSED, QWEN, RUN, SMOL, reply, stored, trial
from tests.report.hostile import HOSTILE, LONG, hostile
from visavis.report.page import fragment, page
from visavis.report.view import View, view


class Outline(HTMLParser):
    """Tags with their attributes, and the text of scripts and styles."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self._in = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in = tag

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in in self.raw:
            self.raw[self._in].append(data)

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def test_nothing_is_loaded_from_anywhere(seen: View) -> None:
    outline = Outline(page(seen))
    for tag, attributes in outline.tags:
        assert tag not in ("img", "iframe", "object", "embed", "base")
        assert "src" not in attributes
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        href = attributes.get("href") or "#"
        assert href[0] == "#" or href == "data:,"
    assert "url(" not in "".join(outline.raw["style"])
    assert "@import" not in "".join(outline.raw["style"])


def test_the_policy_allows_our_style_and_script_by_hash_and_nothing_else(seen: View) -> None:
    outline = Outline(page(seen))
    policy = next(m["content"] for m in outline.named("meta") if "http-equiv" in m)

    def hashed(text: str) -> str:
        return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()

    assert policy == (
        f"default-src 'none'; style-src '{hashed(''.join(outline.raw['style']))}'; "
        f"script-src '{hashed(outline.raw['script'][-1])}'; img-src data:; base-uri 'none'; "
        "form-action 'none'"
    )


def test_a_hostile_reply_adds_no_element(seen: View) -> None:
    evil = Outline(page(replace(hostile(), charts=seen.charts)))  # of other trials, so others
    calm = Outline(page(seen))
    for tag in ("style", "meta", "svg", "img", "iframe", "a", "link"):
        assert len(evil.named(tag)) == len(calm.named(tag)), tag
    scripts = [[s for s in o.named("script") if "data-chunk" not in s] for o in (evil, calm)]
    assert len(scripts[0]) == len(scripts[1])
    assert all(s["type"] == "text/plain" for s in evil.named("script") if "data-chunk" in s)


def test_transcripts_travel_whole_and_as_they_were_written() -> None:
    html = page(hostile())
    replies = [found[4] for case in packed.cases(html) for found in case[5]]
    assert replies == [text for text in (*HOSTILE, LONG) for _ in (QWEN, SMOL)]
    data = html[html.index('data-for="transcripts">') :]
    assert "<" not in data[24 : data.index("</script>")]


def test_notes_and_commands_are_shown_as_text() -> None:
    html = page(hostile())
    assert "&lt;img src=x onerror=&#34;alert(&#39;img&#39;)&#34;&gt;" in html
    assert "left ‹U+202E›right‹U+202C›" in html


def test_the_page_can_be_heard_and_reached_without_a_mouse(seen: View) -> None:
    outline = Outline(page(seen))
    assert outline.named("html")[0]["lang"] == "en"
    assert len(outline.named("caption")) == len(outline.named("table"))
    assert all(head.get("scope") in ("col", "row", "rowgroup") for head in outline.named("th"))
    assert len(outline.named("h1")) == 1
    labelled = {a["aria-labelledby"] for a in outline.named("section")}
    assert labelled <= {a.get("id") for _, a in outline.tags}
    drawings = [a for a in outline.named("svg") if a.get("role") == "img"]
    assert len({a["aria-labelledby"] for a in drawings}) == len(drawings)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique(seen: View) -> None:
    ids = [a["id"] for _, a in Outline(page(seen)).tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_a_page_without_gaps_has_no_chart(seen: View) -> None:
    bare = replace(seen, rows=tuple(replace(row, gaps=()) for row in seen.rows))
    assert 'id="gaps"' not in page(bare)


def test_french_pages_are_french(vu: View) -> None:
    html = page(vu)
    assert '<html lang="fr" dir="ltr">' in html
    assert "seul smollm2-135m a juste" in html
    assert '"key":"R\\u00e9ponse attendue\\u00a0:"' in html


def test_three_candidates_get_a_filter_each(seen: View) -> None:
    more = replace(seen, heads=(*seen.heads, replace(seen.heads[0], name="third")))
    html = page(more)
    assert "only third right" in html
    assert "none right" in html


def test_a_notebook_gets_table_and_verdict_without_a_script(seen: View) -> None:
    html = fragment(seen)
    assert "<script" not in html
    assert "qwen2.5-coder-0.5b is better at humaneval" in html
    assert len(Outline(html).named("table")) == 1


def test_the_style_of_a_notebook_stays_in_its_own_output(seen: View) -> None:
    style = "".join(Outline(fragment(seen)).raw["style"])
    rules = re.findall(r"^([^{}]+)\{", style, re.MULTILINE)
    assert all(part.strip().startswith(".visavis") for rule in rules for part in rule.split(","))


def test_twenty_thousand_trials_are_written_in_seconds() -> None:
    cases = tuple(stored("logic", n) for n in range(10_000))
    trials = [
        trial(name, "logic", n, reply("no " * 50), PASSED)
        for n in range(10_000)
        for name in (QWEN, SMOL)
    ]
    began = time.process_time()
    html = page(view(JUDGEMENT, replace(RUN, cases={"logic": cases}), trials))
    assert time.process_time() - began < 20.0
    assert len(packed.cases(html)) == 10_000
