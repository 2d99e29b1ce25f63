"""Transcripts in a real Chromium: in the page or beside it, searched, with differences marked."""

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.report.chromium import NEEDED, Opened
from tests.report.fixtures import JUDGEMENT, PASSED, QWEN, RUN, SMOL, WRONG, reply, stored, trial
from tests.report.hostile import hostile
from visavis.report.page import page as html_of
from visavis.report.transcripts_beside import Beside
from visavis.report.view import View, view
from visavis.scoring.heard import Heard, Part, Spoken

pytestmark = NEEDED


def written(folder: Path, *shown: View, beside: bool = False) -> Path:
    file = folder / "page.html"
    aside = Beside(file, beyond_bytes=0) if beside else None
    file.write_text(html_of(*shown, aside=aside), encoding="utf-8")
    return file


def settled(tab: Page) -> None:
    expect(tab.locator("#cases:not([aria-busy]) article").first).to_be_visible(timeout=30_000)


def loaded(found: Opened, file: Path) -> set[str]:
    """What the page loaded, all of which has to lie in its folder."""
    place = file.with_suffix(".transcripts").as_uri()
    names = {url for url in found.misdeeds if url.startswith(place) and url.endswith(".js")}
    found.misdeeds = [what for what in found.misdeeds if what not in names]
    return names


@pytest.mark.parametrize("beside", [False, True])
def test_hostile_replies_do_nothing_wherever_they_lie_and_however_they_are_marked(
    browser: Browser, tmp_path: Path, beside: bool
) -> None:
    file = written(tmp_path, hostile(apart=True), beside=beside)
    found = Opened(browser, file)
    tab = found.tab
    settled(tab)
    tab.get_by_label("Mark the words that differ").check()
    expect(tab.locator(".reply mark").first).to_be_visible()
    for summary in tab.locator("article summary").all():
        summary.click()
    inside = "a, img, script, iframe, svg, style, link, meta, object, embed, form, input"
    assert tab.locator("article").locator(inside).count() == 0
    replies = tab.locator(".reply .text").all_inner_texts()
    assert "<script>alert('script')</script>" in replies[0]
    assert any("[click](javascript:alert('link'))" in text for text in replies)
    seen = set(tab.locator(".reply .text .unseen").all_inner_texts())
    assert {"U+202E", "U+200B", "U+0000", "U+001B", "U+2028", "U+E0041", "U+D83D"} <= seen
    assert "\u202e" not in tab.locator("#cases").inner_text()
    long = tab.locator("article").last.locator(".reply").first
    assert len(long.locator("pre").first.inner_text()) == 4000
    assert "Too long to be held against another." in long.inner_text()
    tab.wait_for_timeout(300)
    assert bool(loaded(found, file)) is beside
    assert found.misdeeds == []
    assert tab.url == found.url
    tab.close()


def words_of(tab: Page, text: str) -> list[str]:
    words: list[str] = tab.evaluate(
        "(text) => text.match(/[\\p{L}\\p{M}\\p{N}_]+|[^\\s]/gu) ?? []", text
    )
    return words


def test_the_fewest_words_differ(browser: Browser, tmp_path: Path, seen: View) -> None:
    tab = Opened(browser, written(tmp_path, seen)).tab
    rng = Random(4)
    alphabet = ["a", "b", "déjà", "x_1", ",", "🙂", "\u202e"]
    pairs = [
        [" ".join(rng.choices(alphabet, k=rng.randrange(25))) for _ in "ab"] for _ in range(300)
    ]
    found: list[Any] = tab.evaluate("(pairs) => pairs.map((pair) => differences(...pair))", pairs)
    for pair, told in zip(pairs, found, strict=True):
        kept = [_kept(text, one["ranges"]) for text, one in zip(pair, told, strict=True)]
        assert kept[0] == kept[1]
        split = [text.split() for text in pair]
        assert len(kept[0]) == _common(*split)
        assert told[0]["differing"] == len(split[0]) - len(kept[0])
    assert tab.evaluate("differences('x'.repeat(2e6), 'x')") is None
    far = tab.evaluate(
        "(n) => differences(...[1, 2].map((s) => Array.from({ length: n }, (_, i) => s * i)"
        ".join(' ')))"
        ".map(({ differing, words }) => [differing, words])",
        4000,
    )
    assert all(0 < differing <= words == 4000 for differing, words in far)
    tab.close()


def _kept(text: str, ranges: list[list[int]]) -> list[str]:
    """The words outside the ranges; JavaScript counts UTF-16 units."""
    units = text.encode("utf-16-le")
    for begin, end in reversed(ranges):
        units = units[: 2 * begin] + units[2 * end :]
    return units.decode("utf-16-le").split()


def _common(a: list[str], b: list[str]) -> int:
    """Length of the longest common subsequence, by the textbook."""
    row = [0] * (len(b) + 1)
    for x in a:
        before = row[:]
        for j, y in enumerate(b):
            row[j + 1] = before[j] + 1 if x == y else max(before[j + 1], row[j])
    return row[-1]


def test_differences_are_marked_in_both_replies_and_counted(
    browser: Browser, tmp_path: Path, seen: View
) -> None:
    tab = Opened(browser, written(tmp_path, seen)).tab
    settled(tab)
    assert tab.locator("mark").count() == 0
    tab.get_by_label("Mark the words that differ").check()
    second = tab.locator("article").nth(1)
    expect(second.locator("mark")).to_have_text(["no", "No."])
    assert "2 of 2 words differ from those of qwen2.5-coder-0.5b." in second.inner_text()
    style = "(mark) => getComputedStyle(mark).textDecorationLine"
    assert second.locator("mark").first.evaluate(style) == "underline"
    same = tab.locator("article").nth(8)
    assert "Word for word what qwen2.5-coder-0.5b says." in same.inner_text()
    tab.get_by_label("Mark the words that differ").uncheck()
    expect(tab.locator("mark")).to_have_count(0)
    tab.close()


def many(cases: int) -> View:
    asked = tuple(stored("logic", n) for n in range(cases))
    trials = [
        trial(name, "logic", n, reply(f"needle {n} " + "no " * 2000), PASSED if n % 3 else WRONG)
        for n in range(cases)
        for name in (QWEN, SMOL)
    ]
    return view(JUDGEMENT, replace(RUN, cases={"logic": asked}), trials)


def test_chunks_are_opened_when_they_are_looked_at(browser: Browser, tmp_path: Path) -> None:
    file = written(tmp_path, many(300), beside=True)
    found = Opened(browser, file)
    tab = found.tab
    settled(tab)
    assert len(loaded(found, file)) == 1
    tab.locator("label", has_text="neither right").click()
    expect(tab.locator("#status")).to_have_text("100 of 300 cases")
    settled(tab)
    assert len(loaded(found, file)) <= 1
    tab.get_by_role("searchbox").fill("NEEDLE 299 ")
    expect(tab.locator("article")).to_have_count(0)
    tab.locator("label", has_text="all").first.click()
    expect(tab.locator("article h3")).to_have_text(["logic/299logic"])
    expect(tab.locator("#searching")).to_be_hidden()
    assert found.status() == "1 of 300 cases"
    loaded(found, file)
    tab.get_by_role("searchbox").fill("logic/17")
    expect(tab.locator("#status")).to_have_text("11 of 300 cases")
    assert found.shown()[1].startswith("logic/170")
    loaded(found, file)
    assert found.misdeeds == []
    tab.close()


STOP_AT_ONCE = """() => {
  const place = document.querySelector("#searching");
  const watch = new MutationObserver(() => {
    if (place.hidden) return;
    watch.disconnect();
    place.querySelector("button").click();
  });
  watch.observe(place, { attributes: true });
}"""


def test_a_search_can_be_stopped(browser: Browser, tmp_path: Path) -> None:
    found = Opened(browser, written(tmp_path, many(600)))
    tab = found.tab
    settled(tab)
    tab.evaluate(STOP_AT_ONCE)
    tab.get_by_role("searchbox").fill("needle")
    expect(tab.locator("#status")).to_have_text("Stopped: 0 found, with 0% searched.")
    tab.wait_for_timeout(300)
    expect(tab.locator("article")).to_have_count(0)
    assert found.misdeeds == []
    tab.close()


def test_a_folder_that_is_not_there_is_named_and_filters_still_count(
    browser: Browser, tmp_path: Path, seen: View, vu: View
) -> None:
    file = written(tmp_path, seen, vu, beside=True)
    file.with_suffix(".transcripts").rename(tmp_path / "elsewhere")
    tab = Opened(browser, file).tab
    told = tab.get_by_text("The transcripts lie in the folder “page.transcripts”")
    expect(told).to_be_visible()
    tab.locator("label", has_text="neither right").click()
    expect(tab.locator("#status")).to_have_text("1 of 10 cases")
    (tmp_path / "elsewhere").rename(file.with_suffix(".transcripts"))
    tab.locator("label", has_text="they disagree").click()
    expect(tab.locator("article")).to_have_count(5)
    expect(told).to_be_hidden()
    tab.close()


def test_what_was_sought_outlasts_a_change_of_language(
    browser: Browser, tmp_path: Path, seen: View, vu: View
) -> None:
    found = Opened(browser, written(tmp_path, seen, vu))
    tab = found.tab
    settled(tab)
    tab.get_by_role("searchbox").fill("zorks everywhere")
    tab.get_by_label("Mark the words that differ").check()
    expect(tab.locator("article")).to_have_count(1)
    tab.locator("[data-lang=fr]").click()
    expect(tab.locator("article")).to_have_count(1)
    expect(tab.locator("article mark").first).to_be_visible()
    assert "12\u00a0jetons" in tab.locator(".reply small").first.inner_text()
    assert found.misdeeds == []
    tab.close()


def test_what_judges_said_is_opened_beside_the_reply_and_is_text(
    browser: Browser, tmp_path: Path
) -> None:
    evil = Spoken(
        judge="<b>%s</b>",
        beside=SMOL,
        shown_first=False,
        text="<img src=x onerror=alert(1)>\n" + "x" * 9000,
        read="B",
        earned=1.0,
        because="",
    )
    part = Part(
        name="tone",
        kind="pairwise",
        asked="<i>Friendly</i>",
        scale=None,
        pass_mark=None,
        weight=2.5,
        earned=0.75,
        because="",
        spoken=(evil, replace(evil, shown_first=True, earned=0.5)),
    )
    mark = replace(evil, beside="", read="7", text="")
    marked = replace(part, kind="rubric", scale=(1, 10), pass_mark=6.0, weight=1.0)
    none = replace(mark, read=None, earned=None, because="it said nothing")
    marked = replace(marked, name="short", spoken=(mark, none), asked="")
    lost = replace(marked, name="lost", earned=None, because="j on lost: it said nothing")
    checks = replace(lost, kind="checks", earned=0.0, spoken=())
    first = trial(QWEN, "logic", 0, reply("Kind."), PASSED)
    heard = Heard(parts=(part, marked, lost, checks), share=0.64, needed=0.6)
    run = replace(RUN, heard={first.key: heard}, cases={"logic": (stored("logic", 0),)})
    english, french = (view(JUDGEMENT, run, [first], lang) for lang in ("en", "fr"))
    found = Opened(browser, written(tmp_path, english, french))
    tab = found.tab
    settled(tab)
    judges = tab.locator(".reply .judges")
    assert judges.inner_text().strip() == "What judges said"
    judges.locator("summary").first.click()
    expect(judges.locator("h5").first).to_have_text("tone: earns 75%, weight 2.50")
    assert judges.locator("h5").all_inner_texts()[1:] == [
        "short: earns 75%",
        "lost: no verdict: j on lost: it said nothing",
        "the case's other checks: earns 0%",
    ]
    assert judges.locator("li > p").all_inner_texts()[:4] == [
        f"<b>%s</b>, shown that of {SMOL} first, then this reply: this reply is better",
        f"<b>%s</b>, shown this reply first, then that of {SMOL}: a tie",
        "<b>%s</b>: mark 7, on a scale of 1 to 10, enough",
        "<b>%s</b>: no verdict: it said nothing",
    ]
    assert judges.locator(".asked-of-judges").all_inner_texts() == ["<i>Friendly</i>"]
    assert judges.locator(".together").inner_text() == "together 64%, right from 60% on"
    own = judges.locator("li details").first
    own.locator("summary").click()
    expect(own.locator("pre")).to_contain_text("<img src=x onerror=alert(1)>")
    assert len(own.locator("pre").inner_text()) == 4000
    assert judges.locator("img, b, i, script").count() == 0
    assert found.misdeeds == []
    tab.close()
