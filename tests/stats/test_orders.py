"""Orders of texts and of options: what is seen of each, and how seldom chance looks like memory."""

import numpy as np
import pytest

from visavis.stats.estimate import Estimate, TooFew
from visavis.stats.orders import (
    Answered,
    Row,
    Special,
    control,
    likelihood,
    sensitivity,
    special,
)

ORDERS = 8
RNG = np.random.default_rng(0)


def drawn(rng: np.random.Generator, count: int, memory: float = 0.0) -> list[Row]:
    """Texts whose orders differ wildly by chance; of a share of them the first is remembered."""
    noise = 3 * rng.standard_t(2, size=(count, ORDERS))
    noise[rng.random(count) < memory, 0] += 15
    return [Row(str(number), tuple(map(float, row))) for number, row in enumerate(noise)]


def picks(rng: np.random.Generator, count: int, bias: float, memory: float) -> list[Answered]:
    """A candidate that knows half of the answers, likes the first place, and remembers a share of
    the published questions."""
    made = []
    for number in range(count):
        key, base = int(rng.integers(4)), rng.normal(size=4)
        base[key] += 3 * (rng.random() < 0.5)
        liked = bias * np.array([1, 0, 0, 0])
        places = [
            int(np.argmax(np.roll(base, turn) + liked + rng.normal(size=4) / 2))
            for turn in range(4)
        ]
        if rng.random() < memory:
            places[0] = key
        made.append(Answered(str(number), key, tuple(places)))
    return made


def p_value(rows: list[Row], rng: np.random.Generator) -> float:
    found = special(rows, rng)
    assert found is not None
    return found.p_value


def held(found: Special | None) -> bool:
    """Whether there is no sign of memory."""
    assert found is not None
    return found.p_value >= 0.05 or _value(found.advantage) < 0


def most(runs: int) -> float:
    """5 %, and what chance may add to it in so many runs."""
    return 0.05 + 2 * float(np.sqrt(0.05 * 0.95 / runs))


@pytest.mark.parametrize("count", [8, 40])
def test_an_order_that_nobody_knows_stands_out_in_at_most_5_percent(count: int) -> None:
    rng, runs = np.random.default_rng(count), 300
    found = np.array([p_value(drawn(rng, count), rng) for _ in range(runs)])
    assert np.mean(found < 0.05) <= most(runs)
    assert np.mean(found < 0.5) == pytest.approx(0.5, abs=0.1)  # and not by being blind


def test_an_order_that_is_remembered_stands_out() -> None:
    rng = np.random.default_rng(5)
    runs = [special(drawn(rng, 40, memory=0.5), rng) for _ in range(40)]
    assert sum(map(held, runs)) < 4


def test_in_the_control_nothing_is_remembered() -> None:
    rng, runs = np.random.default_rng(6), 200
    found = [p_value(control(drawn(rng, 20, memory=0.9)), rng) for _ in range(runs)]
    assert np.mean(np.array(found) < 0.05) <= most(runs)


@pytest.mark.slow
@pytest.mark.parametrize("bias", [0.0, 2.0, 20.0])
def test_a_liking_for_a_letter_is_taken_for_memory_in_at_most_5_percent(bias: float) -> None:
    rng, runs, taken, clear = np.random.default_rng(7), 300, 0, 0
    for _ in range(runs):
        gap = sensitivity(picks(rng, 30, bias, memory=0.0), rng).gap
        assert gap is not None
        taken += gap.p_value < 0.05
        clear += isinstance(gap.advantage, Estimate) and not (
            gap.advantage.low <= 0 <= gap.advantage.high
        )
    assert taken / runs <= most(runs)
    assert clear / runs <= most(runs) + 0.01  # Student's t on so few steps


def test_at_equal_letters_a_key_that_often_stands_at_the_liked_letter_is_no_memory() -> None:
    """The published keys are A, and A is what the candidate always says."""
    found = sensitivity([Answered(str(n), 0, always(0)) for n in range(20)], RNG)
    assert (_value(found.published), _value(found.others)) == (1.0, 0.0)
    assert found.gap is not None
    assert found.gap.p_value == 1.0


def test_answers_that_are_remembered_in_the_published_order_make_a_gap() -> None:
    found = sensitivity(picks(np.random.default_rng(8), 60, bias=1.0, memory=0.6), RNG)
    assert found.gap is not None
    assert isinstance(found.gap.advantage, Estimate)
    assert found.gap.advantage.low > 0.1
    assert found.gap.p_value < 0.001
    assert held(found.control)


def test_the_published_order_of_a_tie_is_the_likeliest_in_part() -> None:
    texts = [Row("a", (-1.0, -1.0, -2.0)), Row("b", (-1.0, -3.0, -2.0)),
             Row("c", (-2.0, -1.0, -1.0))]  # fmt: skip
    found = likelihood(texts, RNG)
    assert isinstance(found.likeliest, Estimate)
    assert found.likeliest.value == pytest.approx(1.5 / 3)
    assert found.chance == pytest.approx(1 / 3)


def test_orders_that_are_all_alike_show_nothing() -> None:
    found = special([Row("a", (-1.0, -1.0)), Row("b", (-3.0, -3.0))], RNG)
    assert found is not None
    assert found.p_value == 1.0
    assert isinstance(found.advantage, TooFew)


def test_texts_of_two_orders_have_no_control() -> None:
    assert control([Row("a", (-1.0, -2.0))]) == []
    assert likelihood([Row("a", (-1.0, -2.0))], RNG).control is None


def always(place: int) -> tuple[int | None, ...]:
    return (place,) * 4


def knowing(key: int) -> tuple[int | None, ...]:
    return tuple((key + turn) % 4 for turn in range(4))


def test_who_knows_the_answer_goes_by_content_and_who_likes_a_letter_by_letter() -> None:
    known = sensitivity([Answered(str(key), key, knowing(key)) for key in range(4)], RNG)
    liked = sensitivity([Answered(str(key), key, always(2)) for key in range(4)], RNG)
    assert _value(known.by_content) == _value(liked.by_letter) == 1.0
    assert _value(known.by_letter) == _value(liked.by_content) == 0.0
    assert [_value(place) for place in known.by_place] == [1.0] * 4
    assert [_value(place) for place in liked.by_place] == [0.0, 0.0, 1.0, 0.0]
    assert _value(liked.others) == pytest.approx(0.25)


def test_a_reply_that_could_not_be_read_goes_by_neither() -> None:
    found = sensitivity([Answered("a", 0, (0, None, 0, 0)), Answered("b", 1, always(1))], RNG)
    assert _value(found.by_letter) == 0.5


def test_two_options_leave_no_control_and_a_third_letter_only_those_who_have_it() -> None:
    two = [Answered(str(n), n % 2, (0, 0)) for n in range(6)]
    assert sensitivity(two, RNG).control is None
    mixed = sensitivity([*two, Answered("three", 2, (2, 0, 1))], RNG)
    assert len(mixed.by_place) == 3
    third = mixed.by_place[2]
    assert isinstance(third, Estimate)
    assert third.n == 1


def _value(found: Estimate | TooFew) -> float:
    assert isinstance(found, Estimate)
    return found.value
