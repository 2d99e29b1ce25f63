"""What the verdict rests on, at a glance."""

from dataclasses import replace

from tests.report.faces import of_many
from tests.report.fixtures import JUDGEMENT, QWEN, RUN, TRIALS
from visavis.report.glance import glance
from visavis.report.page import page
from visavis.report.view import view


def test_measures_that_only_explain_are_left_to_the_table() -> None:
    seen = view(JUDGEMENT, RUN, TRIALS, "en")
    labels = [row.label for row, _front in glance(seen)]
    assert {"logic", "humaneval"} <= set(labels)
    assert not any(label.startswith("tokens per reply") for label in labels)
    html = page(seen)
    assert "What the verdict rests on" in html
    assert "What the verdict rests on" not in page(view(replace(JUDGEMENT, rows=()), RUN, (), "en"))


def test_in_front_is_who_was_shown_better_than_somebody_and_worse_than_nobody() -> None:
    pair = {row.label: front for row, front in glance(view(JUDGEMENT, RUN, TRIALS, "en"))}
    assert pair["humaneval"] == {QWEN}
    assert pair["logic"] == frozenset()
    judgement, run = of_many(3)
    several = dict(glance(view(judgement, run, (), "en")))
    assert {row.label: front for row, front in several.items()}["humaneval"] == {"gpt-4o"}
