"""How far to trust it: in French, beside published figures, how sure, and what would change it."""

from dataclasses import replace

import pytest

from tests.report.faq.asking import answer, asked
from tests.report.fixtures import (
    JUDGEMENT,
    QWEN,
    RUN,
    SMOL,
    est,
)
from visavis.benchmarks.base import Figure
from visavis.verdict.choice import Because, Choice
from visavis.verdict.choice import Standing as Place
from visavis.verdict.claims import Checked, Claim, Known, Source, Standing
from visavis.verdict.consider import Choices
from visavis.verdict.consider import Known as ToChoose
from visavis.verdict.flips import BreakEven
from visavis.verdict.policy import DEFAULT


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-0.2, -0.1, "worse"), (0.1, 0.2, "better"), (-0.1, 0.1, "no difference was shown")],
)
def test_french_is_asked_about_where_puzzles_were_put_in_both_languages(
    low: float, high: float, words: str
) -> None:
    figure = Figure(name="French less English", value=est((low + high) / 2, low, high, 40))
    run = replace(RUN, figures={"logic": {QWEN: (figure,), SMOL: ()}})
    said = answer("Do they do as well in French?", asked(run))
    assert words in said
    assert "on the same puzzles" in said


def claim(standing: Standing) -> Checked:
    return Checked(
        claim=Claim(
            system="x",
            criterion="mmlu",
            value=73.0,
            unit="percent",
            source=Source(name="A", title="T"),
        ),
        standing=standing,
        because="what is known differs from it",
        known=(Known(value=0.6, source="measured here", as_of="2026-11-22", protocol="mmlu@1"),),
        against=(),
        candidate=QWEN,
    )


def test_published_figures_are_counted_and_those_contradicted_are_named() -> None:
    run = replace(RUN, claims=(claim("contradicted"), claim("cannot be checked")))
    said = answer("Are the published figures right?", asked(run))
    assert said.startswith("Of 2 published figures, agreeing with what is known: 0; contradicted")
    assert f"Contradicted: {QWEN}, MMLU: 73.0% (“T”, undated)." in said


def test_how_sure_it_is_counts_what_was_shown_and_what_is_left() -> None:
    said = answer("How sure is this?", asked())
    assert said.startswith("5 comparisons were made: 3 with a difference shown, 1 without any")
    assert "kept below 5%" in said
    assert said.endswith(
        "about 350 cases would be needed of Logic puzzles, if its gap is as measured."
    )


def test_what_would_change_the_choice_is_told_of_a_choice_that_was_made() -> None:
    flips = tuple(
        BreakEven(criterion=f"score.{name}", against=SMOL, scale="difference", by=by)
        for name, by in (("humaneval", 0.2), ("logic", 0.9))
    )
    places = tuple(
        Place(candidate=name, musts={}, acceptability=share, central=None, dominated_by=())
        for name, share in ((QWEN, 0.97), (SMOL, 0.03))
    )
    taken = Choice(
        policy=DEFAULT,
        standings=places,
        chosen=QWEN,
        because=Because.BEST,
        worlds=None,
        flips=flips,
    )
    run = replace(
        RUN,
        choices=Choices(judgement=JUDGEMENT, known=ToChoose(), taken=(taken,)),
    )
    said = answer("When would the answer change?", asked(run))
    assert "scored 20 points less on humaneval, smollm2-135m would draw level" in said
    assert "logic" not in said, "a score cannot fall by more than it is"
    commands = [one.command for one in asked(run) if one.command]
    assert commands[-1].endswith(" --policy default")
    for name in ("mine.yaml", "coding"):
        own = replace(taken, policy=replace(DEFAULT, name=name))
        by_own = Choices(judgement=JUDGEMENT, known=ToChoose(), taken=(own,))
        told = [one.command for one in asked(replace(RUN, choices=by_own))]
        assert not any("--policy" in one for one in told), "what a file holds has no name"
    many = replace(taken, policy=replace(DEFAULT, name="volume", about="high volume"))
    for_many = Choices(judgement=JUDGEMENT, known=ToChoose(), taken=(many,))
    seen = asked(replace(RUN, choices=for_many))
    assert "When would the choice change, for high volume?" in [one.question for one in seen]
    undecided = replace(run.choices, taken=(replace(taken, chosen=None),)) if run.choices else None
    questions = [one.question for one in asked(replace(run, choices=undecided))]
    assert "When would the answer change?" not in questions
