"""What other orders showed, in words: a fact with its limits, in two languages."""

import json
from dataclasses import replace

import numpy as np

from visavis.report.contamination import (
    Examined,
    Turned,
    Weighed,
    as_json,
    conclusion,
    heads,
    judged,
    reading,
    rows,
    told,
)
from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.orders import (
    Answered,
    Likelihood,
    Special,
    likelihood,
    sensitivity,
)
from visavis.stats.orders import Row as Text

RNG = np.random.default_rng(0)
NBSP, THIN = "\u00a0", "\u202f"
LETTERS = sensitivity([Answered(str(n), n % 4, (n % 4, 0, 0, 0)) for n in range(40)], RNG)
"""Right in the published order, and A in every other."""


def special(advantage: float, p_value: float) -> Special:
    low, high = advantage - 0.2, advantage + 0.2
    estimate = Estimate(value=advantage, low=low, high=high, n=30, method="made up")
    return Special(advantage=estimate, p_value=p_value)


def weighed(advantage: float, p_value: float) -> Likelihood:
    return Likelihood(
        published=special(advantage, p_value),
        control=special(0.01, 0.9),
        likeliest=Estimate(value=0.4, low=0.25, high=0.58, n=30, method="made up"),
        chance=1 / 8,
    )


def text(found: Likelihood | None, left_out: int = 0) -> Weighed:
    return Weighed(protocol="mmlu@option-orders", n=30, left_out=left_out, found=found)


ONE = Examined(
    candidate="small",
    benchmark="mmlu",
    whole=11_233,
    fitting=4_687,
    turned=Turned(protocol="mmlu@orig-loglik+turned", n=40, left_out=0, found=LETTERS),
    weighed=text(weighed(0.5, 0.0002)),
)
QUIET = replace(ONE, turned=None, weighed=text(weighed(0.1, 0.2)))
EMPTY = replace(ONE, turned=None, weighed=text(None, left_out=30))


def test_a_table_shows_every_figure_with_interval_n_and_p() -> None:
    assert heads("en") == ("", "measured", "95% interval", "n", "p")
    shown = {row.label: row for row in rows(ONE, "en")}
    assert shown["score in the published order"].value == "100.0%"
    assert shown["published order less ours, at equal letters"].value == "+75 points"
    assert shown["published order less ours, at equal letters"].p == "< 0.001"
    assert shown["score where the key is A"].n == "40"
    nats = shown["published order less ours, nats"]
    assert nats == ("published order less ours, nats", "+0.50", "0.30 to 0.70", "30", "< 0.001")
    assert shown["control: one of ours less the others, nats"].p == "0.90"
    assert shown["published order the likeliest; 12% by chance"].value == "40%"


def test_what_has_no_spread_is_said_and_not_drawn() -> None:
    same = likelihood([Text("a", (-1.0, -1.0)), Text("b", (-1.0, -1.0))], RNG)
    alone = sensitivity([Answered(str(n), 0, (0, 1)) for n in range(2)], RNG)
    turned = Turned(protocol="p", n=2, left_out=0, found=alone)
    one = replace(ONE, turned=turned, weighed=text(same))
    shown = {row.label: row for row in rows(one, "en")}
    for label in ("published order less ours, at equal letters", "published order less ours, nats"):
        assert shown[label] == (label, "no spread to judge by", "", "", "")
    assert shown["control: one of ours less the others, nats"].value == "too few (0 of 2)"
    assert one.tests == ()
    assert conclusion(one, "en") == "Nothing can be said of small: too few answers."


def test_a_share_that_cannot_be_told_says_why() -> None:
    few = replace(LETTERS, published=TooFew(groups=1, needed=2))
    assert ONE.turned is not None
    shown = list(rows(replace(ONE, turned=replace(ONE.turned, found=few)), "en"))
    assert shown[1] == ("score in the published order", "too few (1 of 2)", "", "", "")


def test_the_published_order_stands_out_only_for_the_better_and_after_correction() -> None:
    def stands_out(*each: Examined) -> list[bool]:
        return [one.stands_out for one in judged(each)]

    close = replace(QUIET, weighed=text(weighed(0.3, 0.03)))
    worse = replace(QUIET, weighed=text(weighed(-0.3, 0.0001)))
    assert stands_out(close) == [True]
    assert stands_out(close, QUIET) == [False, False]
    assert stands_out(worse, ONE) == [False, True]
    assert stands_out() == []


def test_a_fact_is_told_with_its_limits_and_never_as_proof() -> None:
    (one,) = judged([ONE])
    assert "it is not proven by this" in conclusion(one, "en")
    assert "no proof that small never read it" in conclusion(QUIET, "en")
    limits = " ".join(reading([one], "en"))
    for said in ("after Holm's correction over all 2 tests", "2.72 times", "Control", "few texts"):
        assert said in limits


def test_what_was_asked_and_what_was_left_out_is_told() -> None:
    lines = list(told(ONE, "en"))
    assert lines[0] == "small: mmlu"
    assert lines[1].startswith("4,687 of 11,233 questions")
    assert lines[1].endswith("; 40 of them were asked.")
    assert "30 texts are left out" in list(told(EMPTY, "en"))[1]
    assert not list(rows(EMPTY, "en"))
    assert list(reading([EMPTY], "en"))[-1].startswith("Nats")


def test_a_candidate_that_cannot_weigh_texts_is_told_who_can() -> None:
    chat = replace(ONE, weighed=None)
    assert "small tells no log-probabilities of a prompt" in list(told(chat, "en"))[-1]
    assert not any("Nats" in line for line in reading([chat], "en"))
    assert "there was 1 such test" in " ".join(reading([chat], "en"))


def test_all_of_it_is_told_in_french() -> None:
    (one,) = judged([ONE])
    assert list(told(one, "fr"))[1].startswith(f"4{THIN}687 questions sur 11{THIN}233")
    assert heads("fr")[2] == f"intervalle à 95{NBSP}%"
    assert conclusion(one, "fr").startswith(f"L’ordre publié ressort{NBSP}:")
    shown = {row.label: row for row in rows(one, "fr")}
    assert shown["ordre publié moins les nôtres, nats"].interval == "0,30 à 0,70"
    assert "Holm" in " ".join(reading([one], "fr"))


def test_a_hostile_name_is_shown_and_not_obeyed() -> None:
    hostile = replace(ONE, candidate="a\u202eb\n[red]")
    assert next(iter(told(hostile, "en"))) == "a‹U+202E›b [red]: mmlu"


def test_the_same_is_written_as_data() -> None:
    (one,) = json.loads(as_json(judged([ONE])))
    assert one["stands_out"] is True
    assert one["weighed"]["found"]["published"]["advantage"]["value"] == 0.5
    assert one["turned"]["found"]["by_place"][0]["n"] == 40
