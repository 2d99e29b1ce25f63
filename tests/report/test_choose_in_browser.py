"""The page reckons a choice as the program does, share by share and sentence by sentence."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.report.choosing import choices_at_random, chosen_among, policy_at_random
from tests.report.chromium import NEEDED, Opened
from tests.report.fixtures import JUDGEMENT, RUN, TRIALS
from visavis.options import Language
from visavis.report.choose import choose_view
from visavis.report.page import page as html_of
from visavis.report.verdict import conditions, headline, remark, told
from visavis.report.view import view
from visavis.verdict.choice import Choice
from visavis.verdict.compare import judged_by
from visavis.verdict.consider import Choices, consider
from visavis.verdict.must import must
from visavis.verdict.policy import DEFAULT
from visavis.verdict.policy_file import policies, read
from visavis.verdict.workload import Workload

pytestmark = NEEDED

SHIPPED = [policies().get(name) for name in policies()]
OWN = replace(
    DEFAULT,
    name="own",
    must=(must("usd_per_month <= 400"),),
    workload=Workload(requests_per_day=5000, batch_share=0.25),
)
CHOICES = choices_at_random(Random(3), 3, OWN, SHIPPED)

RECKONED = """([data, words]) => {
  const found = choosing(data).consider(data.policies[0]);
  const said = {};
  for (const lang of ["en", "fr"]) {
    const says = sayings(words[lang], data, figures(lang));
    said[lang] = [says.headline(found), ...says.ifs(found), ...says.told(found),
      ...found.standings.map((one) => says.remark(one, found.policy))];
  }
  const { chosen, because, standings } = found;
  return { chosen, because, said, shares: standings.map((one) => one.acceptability) };
}"""


MOVED = """(data) => {
  const engine = choosing(data), weights = {}, spent = [];
  for (const row of data.rows) weights[`${row.measure}.${row.benchmark}`] = [0, 2];
  for (let i = 0; i < 21; i += 1) {
    weights["score.b0"] = [0, i + 1];
    const begun = performance.now();
    engine.consider({ ...data.policies[0], weights });
    spent.push(performance.now() - begun);
  }
  return spent.slice(1);
}"""


def page_of(choices: Choices) -> str:
    spoken = (
        replace(view(JUDGEMENT, RUN, TRIALS, lang), choose=choose_view(choices, RUN, lang))
        for lang in ("en", "fr")
    )
    return html_of(*spoken)


@pytest.fixture(scope="module")
def opened(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    file = tmp_path_factory.mktemp("page") / "page.html"
    file.write_text(page_of(CHOICES), encoding="utf-8")
    found = Opened(browser, file)
    yield found
    assert set(found.misdeeds) <= {found.url}
    found.tab.close()


@pytest.fixture
def tab(opened: Opened) -> Page:
    """As it is first opened: nothing moved, in English."""
    opened.tab.goto("about:blank")
    opened.tab.goto(opened.url)
    return opened.tab


def said(choice: Choice, lang: Language) -> list[str]:
    remarks = [remark(one, choice, lang) for one in choice.standings]
    return [headline(choice, lang), *conditions(choice, lang), *told(choice, lang), *remarks]


def shown(tab: Page) -> list[str]:
    """What the page says of the policy that is set."""
    place = tab.locator("#choose .policy")
    return [
        place.locator(".said").inner_text(),
        *place.locator(".ifs li").all_text_contents(),
        *place.locator(".told li").all_text_contents(),
        *place.locator(".remark").all_text_contents(),
    ]


def test_page_and_program_agree_on_100_random_policies(opened: Opened) -> None:
    met: set[str] = set()
    for number in range(100):
        rng = Random(number)
        choices = choices_at_random(rng, 2 + number % 5, policy_at_random(rng, number))
        (choice,) = choices.taken
        seen = {lang: choose_view(choices, RUN, lang) for lang in ("en", "fr")}
        words = {lang: one.words for lang, one in seen.items()}
        data = json.loads(json.dumps([seen["en"].data, words]))
        found: dict[str, Any] = opened.tab.evaluate(RECKONED, data)
        names = [one.candidate for one in choice.standings]
        assert found["because"] == choice.because
        assert (found["chosen"] is None) == (choice.chosen is None)
        assert found["chosen"] is None or names[found["chosen"]] == choice.chosen
        for one, share in zip(choice.standings, found["shares"], strict=True):
            assert (share is None) == (one.acceptability is None)
            assert share is None or share == pytest.approx(one.acceptability, abs=0.0005)
        assert found["said"] == {lang: said(choice, lang) for lang in ("en", "fr")}
        met.add(choice.because)
    assert len(met) >= 5


@pytest.mark.slow
def test_a_moved_weight_is_reckoned_in_a_tenth_of_a_second(opened: Opened) -> None:
    """For 4 candidates and 10 criteria; the quickest of 20, for others may use the machine."""
    rows = [(measure, f"b{n}") for measure in ("score", "first_token_s") for n in range(5)]
    choices = chosen_among(Random(1), 4, rows, DEFAULT)
    data = json.loads(json.dumps(choose_view(choices, RUN, "en").data))
    spent: list[float] = opened.tab.evaluate(MOVED, data)
    assert min(spent) < 100


def test_a_use_that_is_begun_with_says_what_its_row_says(tab: Page) -> None:
    for place, choice in enumerate(CHOICES.taken):
        tab.locator(".policy select").select_option(str(place))
        expect(tab.locator(".policy .said")).to_have_text(headline(choice, "en"))
        assert shown(tab) == said(choice, "en")
        row = tab.locator(".uses tbody tr").nth(place)
        assert row.locator("th").inner_text().startswith(choice.policy.name)
        assert row.locator("td p").first.inner_text().startswith(headline(choice, "en"))


def test_what_a_reader_moves_is_what_the_program_says_of_the_file(tab: Page) -> None:
    place = tab.locator(".policy")
    place.locator("select").select_option("2")
    weight = place.locator('.weight[data-key="score.logic"] input')
    weight.first.focus()
    tab.keyboard.press("ArrowRight")
    weight.last.fill("4.5")
    place.locator('[data-matters="score"]').fill("2.5")
    place.locator('[data-limit="score.logic >="]').fill("31")
    place.locator('[data-limit="first_token_s.p95 <="]').fill("0.9")
    place.locator('[data-limit="runs_locally"]').check()
    expect(place.locator("select")).to_have_value("")
    yaml = place.locator(".yaml")
    expect(yaml).to_contain_text("  - runs_locally")
    written = yaml.text_content() or ""
    assert "  - score.logic >= 0.31\n" in written
    assert "  score: 0.025\n" in written
    own = read(written, Path("mine.yaml"))
    assert own.weights["score.logic"].high == 4.5
    judgement = judged_by(CHOICES.judgement, own)
    assert shown(tab) == said(consider(judgement, own, CHOICES.known), "en")


def test_a_limit_on_a_bill_takes_its_workload_into_the_file(tab: Page) -> None:
    place = tab.locator(".policy")
    place.locator("select").select_option("1")
    expect(place.locator(".yaml")).not_to_contain_text("workload:")
    place.locator('[data-limit="usd_per_month <="]').fill("250")
    expect(place.locator(".yaml")).to_contain_text("usd_per_month <= 250")
    own = read(place.locator(".yaml").text_content() or "", Path("mine.yaml"))
    assert own.workload == OWN.workload
    judgement = judged_by(CHOICES.judgement, own)
    assert shown(tab) == said(consider(judgement, own, CHOICES.known), "en")


def test_an_emptied_field_asks_for_nothing(tab: Page) -> None:
    place = tab.locator(".policy")
    place.locator("select").select_option("1")
    field = place.locator('[data-limit="score.logic >="]')
    field.fill("99")
    expect(place.locator(".yaml")).to_contain_text("score.logic >= 0.99")
    field.fill("")
    expect(place.locator(".yaml")).not_to_contain_text("must:")
    assert shown(tab)[1:] == said(CHOICES.taken[1], "en")[1:]


def test_what_cannot_be_read_is_told_beside_its_field(tab: Page) -> None:
    place = tab.locator(".policy")
    before = place.locator(".yaml").text_content() or ""
    for name, wrong in (
        ("matters score", "-1"),
        ("matters score", ""),
        ("limit score.logic >=", "140"),
        ("limit first_token_s.p95 <=", "-2"),
    ):
        field = place.locator(f'[name="{name}"]')
        told_beside = place.locator(f""".number:has([name="{name}"]) .wrong""")
        right = field.input_value()
        field.fill(wrong)
        field.blur()
        expect(told_beside).to_contain_text("Write a number from 0")
        expect(field).to_have_attribute("aria-invalid", "true")
        assert field.input_value() == wrong
        expect(place.locator(".yaml")).to_have_text(before)
        field.fill(right)
        expect(told_beside).to_have_text("")
        place.locator("select").select_option("0")


def test_to_touch_one_weight_moves_no_other(tab: Page) -> None:
    tracks = tab.locator(".weight[data-key] input")
    values = "all => all.slice(2).map((one) => one.value)"
    before = tracks.evaluate_all(values)
    tracks.nth(1).fill("3")
    expect(tab.locator(".policy .any input").first).not_to_be_checked()
    assert tracks.evaluate_all(values) == before


def test_what_was_moved_is_kept_when_the_language_changes(tab: Page) -> None:
    tab.locator(".policy .any input").first.uncheck()
    tab.locator('.weight[data-key="score.logic"] input').last.fill("3")
    expect(tab.locator(".policy .yaml")).to_contain_text("score.logic: [0, 3]")
    written = tab.locator(".policy .yaml").text_content() or ""
    tab.locator('[data-lang="fr"]').click()
    expect(tab.locator(".policy .yaml")).to_have_text(written)
    own = read(written, Path("mine.yaml"))
    judgement = judged_by(CHOICES.judgement, own)
    assert shown(tab) == said(consider(judgement, own, CHOICES.known), "fr")


@pytest.mark.parametrize("width", [1024, 1280, 1440])
def test_the_file_is_printed_over_nothing_however_far_one_has_scrolled(
    tab: Page, width: int
) -> None:
    tab.set_viewport_size({"width": width, "height": 800})
    outcome, written = tab.locator(".policy .outcome"), tab.locator(".policy .written")
    for at in ("start", "center", "end"):
        written.evaluate("(one, block) => one.scrollIntoView({ block })", at)
        a, b = outcome.bounding_box(), written.bounding_box()
        assert a
        assert b
        assert a["x"] + a["width"] <= b["x"] or a["y"] + a["height"] <= b["y"]


def test_every_field_has_a_name_and_none_is_out_of_reach(tab: Page) -> None:
    fields = tab.locator(".policy :is(input, select, button)")
    assert fields.evaluate_all(
        "all => all.every((one) => one.labels?.length || one.ariaLabel || one.textContent)"
    )
    assert fields.evaluate_all("all => all.every((one) => one.tabIndex === 0)")
