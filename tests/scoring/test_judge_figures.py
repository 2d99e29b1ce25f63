"""How far judges agree, and what else than quality moves them."""

from visavis.core.outcome import Score, Unscored, Usage
from visavis.core.ruling import Item, Ruling
from visavis.core.trial import TrialKey
from visavis.scoring.judge_figures import (
    PEOPLE,
    Agreement,
    Judged,
    JudgeFigures,
    agreements,
    judge_figures,
)
from visavis.scoring.panel import items, opinions
from visavis.stats.estimate import Estimate, TooFew

PAIRS = [Item("manners", f"c{n}", 0, "better", "a", "b") for n in range(20)]
ALONE = [Item("manners", f"c{n}", 0, "tone", name) for n in range(20) for name in "ab"]


def said(judge: str, item: Item, value: float | None, **told: object) -> Ruling:
    grade = Unscored(because="?") if value is None else Score(value=value, because="")
    known = {"usd": None, "usage": None, "total_s": None, "reused": False, **told}
    return Ruling(judge=judge, item=item, grade=grade, **known)  # type: ignore[arg-type]  # of a test's own dict


def judged(rulings: list[Ruling], things: list[Item], judges: list[str]) -> Judged:
    lengths = {
        TrialKey(name, "manners", f"c{n}", 0): 100 if name == "a" else 10
        for n in range(20)
        for name in "ab"
    }
    return Judged(
        rulings=rulings,
        opinions=opinions(rulings, things, judges),
        lengths=lengths,
        group_of=lambda item: item.case,
        charged_usd={"j": 0.5},
    )


def only(found: Judged) -> JudgeFigures:
    (figures,) = judge_figures(found)
    return figures


def value(found: Estimate | TooFew | None) -> float:
    assert isinstance(found, Estimate)
    return found.value


def in_pairs(verdict: dict[str, float], **told: object) -> list[Ruling]:
    """What the reply shown first wins, by whose it is."""
    return [
        said("j", item, verdict[item.first], **told) for thing in PAIRS for item in items(thing)
    ]


def test_a_judge_of_pairs_is_known_by_ties_contradictions_and_biases() -> None:
    found = only(judged(in_pairs({"a": 1.0, "b": 1.0}), PAIRS, ["j"]))
    assert (found.asked, found.failed) == (40, 0)
    assert value(found.ties) == value(found.contradictions) == value(found.position_bias) == 1.0
    assert isinstance(found.verbosity_bias, TooFew)  # a half won, always: no spread


def test_honest_ties_are_no_contradictions() -> None:
    found = only(judged(in_pairs({"a": 0.5, "b": 0.5}), PAIRS, ["j"]))
    assert (value(found.ties), value(found.contradictions)) == (1.0, 0.0)


def test_the_longer_reply_wins_in_pairs_and_by_marks_alike() -> None:
    pairs = only(judged(in_pairs({"a": 1.0, "b": 0.0}), PAIRS, ["j"]))
    marks = [said("j", item, 1.0 if item.first == "a" else 0.3) for item in ALONE]
    alone = only(judged(marks, ALONE, ["j"]))
    assert value(pairs.verbosity_bias) == value(alone.verbosity_bias) == 0.5
    assert (alone.ties, alone.contradictions, alone.position_bias) == (None, None, None)


def test_equal_marks_favour_no_length() -> None:
    marks = [said("j", item, 0.5) for item in ALONE]
    assert isinstance(only(judged(marks, ALONE, ["j"])).verbosity_bias, TooFew)


def test_what_a_judge_cost_leaves_out_what_was_reused() -> None:
    usage = Usage(input_tokens=7, output_tokens=2)
    fresh = said("j", ALONE[0], 1.0, usd=0.25, usage=usage, total_s=2.0)
    old = said("j", ALONE[1], 1.0, usd=0.5, usage=usage, total_s=9.0, reused=True)
    found = only(judged([fresh, old, said("j", ALONE[2], None)], ALONE, ["j"]))
    assert (found.usd, found.input_tokens, found.output_tokens) == (0.25, 7, 2)
    assert (found.total_s, found.failed, found.charged_usd) == (2.0, 1, 0.5)


def test_judges_agree_with_each_other_and_with_people_on_what_both_judged() -> None:
    alike = [said(judge, item, float(item.first == "a")) for judge in "jk" for item in ALONE]
    stern = [said("s", item, 0.0) for item in ALONE[:-1]]
    found = judged([*alike, *stern], ALONE, ["j", "k", "s"])
    labels = {item: float(item.first == "a") for item in ALONE[:20]}
    by_pair: dict[tuple[str, str], Agreement] = {
        (one.a, one.b): one for one in agreements(found, labels)
    }
    assert set(by_pair) == {
        *[("j", "k"), ("j", "s"), ("k", "s")],
        *[("j", PEOPLE), ("k", PEOPLE), ("s", PEOPLE)],
    }
    assert value(by_pair["j", "k"].kappa) == 1.0
    assert value(by_pair["s", PEOPLE].kappa) == 0.0
    raw = by_pair["j", "s"].raw
    assert isinstance(raw, Estimate)
    assert raw.n == len(ALONE) - 1
    assert len(agreements(found, {})) == 3
