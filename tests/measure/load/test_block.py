"""What a block brought, from instants alone."""

from itertools import groupby

import pytest

from tests.measure.load.things import FAILED, block, timing
from visavis.core.outcome import Reply
from visavis.measure.load.block import WARM_UP, counts, goodput_per_s, observations
from visavis.measure.load.slo import objective
from visavis.measure.timings import Timing


def test_in_an_open_loop_latencies_count_from_due_in_a_closed_one_from_sending() -> None:
    late = [timing(1.0, 0.5, late_s=0.25)]
    closed, opened = block(late), block(late, open_loop=True)
    assert closed.amounts("first_token_s") == [0.5]
    assert opened.amounts("first_token_s") == [0.75]
    assert closed.amounts("total_s") == pytest.approx([0.9])
    assert opened.amounts("total_s") == pytest.approx([1.15])
    assert closed.amounts("late_s") == opened.amounts("late_s") == [0.25]


def test_speeds_and_gaps_are_those_of_each_reply() -> None:
    told = block([timing(1.0, 0.5, gap_s=0.1, tokens=5)])
    assert told.amounts("inter_token_s") == pytest.approx([0.1])
    assert told.amounts("longest_gap_s") == pytest.approx([0.1])
    assert told.amounts("output_tokens_per_s") == pytest.approx([10.0])
    assert told.amounts("characters_per_s") == pytest.approx([50.0])
    assert told.amounts("words_per_s") == pytest.approx([10.0])


def test_a_failure_has_no_latency_and_is_counted() -> None:
    told = block([timing(1.0, 0.5), timing(2.0, 0.01, outcome=FAILED)])
    assert told.amounts("first_token_s") == [0.5]
    (count,) = counts([told])
    assert (count.asked, count.failed, count.unscored) == (2, 1, 1)
    assert count.failures == (("overloaded", 1),)
    assert count.benchmark == "at once 2"


def test_throughput_is_what_arrived_in_the_time_whoever_asked_for_it() -> None:
    # five tokens each, at 9.8, 9.9, 10.0 …: two of the second reply's came in time
    told = block([timing(1.0, 0.5), timing(9.0, 0.8)], span=(0.0, 9.95))
    assert told.throughput_tokens_per_s == pytest.approx((5 + 2) / 9.95)
    assert told.requests_per_s == pytest.approx(1 / 9.95)


def test_without_a_count_of_tokens_there_is_no_throughput_in_tokens() -> None:
    silent = timing(1.0, 0.5, outcome=Reply(text="word"))
    heard = Timing(
        outcome=silent.outcome, due=1.0, sent=1.0, chunks=timing(1.0, 0.5).chunks, end=2.0
    )
    assert block([heard]).throughput_tokens_per_s is None
    assert block([timing(1.0, 0.5)], span=(0.0, 0.0)).throughput_tokens_per_s is None
    assert block([timing(1.0, 0.5)], span=(0.0, 0.0)).requests_per_s == 0.0


def test_what_is_in_flight_at_once_is_counted_from_sending_to_end() -> None:
    assert block([]).most_in_flight == 0
    told = block([timing(1.0, 0.5, tokens=1), timing(1.2, 0.5, tokens=1), timing(1.5, 0.2)])
    assert told.most_in_flight == 2


def test_observations_are_of_a_block_and_paired_by_it() -> None:
    blocks = [
        block([timing(1.0, first), timing(2.0, 3 * first), timing(3.0, 9 * first)],
              candidate=name, number=n)
        for n in range(2)
        for name, first in (("a", 0.1), ("b", 0.2))
    ]  # fmt: skip
    found = list(observations(blocks))
    by_measure = {
        m: list(group)
        for m, group in groupby(sorted(found, key=lambda o: o.measure), lambda o: o.measure)
    }
    assert set(by_measure) == {
        "characters_per_s",
        "first_token_s",
        "output_tokens_per_s",
        "throughput_tokens_per_s",
        "words_per_s",
    }
    firsts = by_measure["first_token_s"]
    assert [(o.candidate, o.unit_id, round(o.value, 9)) for o in firsts] == [
        ("a", "block 1", 0.3),
        ("b", "block 1", 0.6),
        ("a", "block 2", 0.3),
        ("b", "block 2", 0.6),
    ]
    assert {o.benchmark for o in found} == {"at once 2"}


def test_the_warm_up_is_neither_observed_nor_counted() -> None:
    warm = block([timing(1.0, 0.5)], load=WARM_UP)
    assert not list(observations([warm]))
    assert counts([warm]) == []


def test_goodput_is_of_those_that_met_the_objective_failures_not_among_them() -> None:
    good = objective("first_token_s<=0.8").met_by
    told = block(
        [timing(1.0, 0.5), timing(2.0, 0.9), timing(3.0, 0.1, outcome=FAILED)], span=(0.0, 5.0)
    )
    assert goodput_per_s(told, good) == 0.2
    (one,) = (o for o in observations([told], good) if o.measure == "goodput_per_s")
    assert one.value == 0.2
    assert goodput_per_s(block([], span=(1.0, 1.0)), good) == 0.0
