"""Which block of a speed run comes next, whatever is there already."""

from collections.abc import Sequence

from tests.measure.load.things import block, how, timing
from visavis.measure.load.arrivals import Arrival, AtOnce, Shape, Trace
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.course import MOST_BLOCKS, Course, LoadPlan, cut

TWO, FOUR = AtOnce(streams=2), AtOnce(streams=4)
Key = tuple[str, int, str]


def plan(*shapes: Shape, blocks: int = 2, sweep_to: int = 0) -> LoadPlan:
    return LoadPlan(shapes=shapes, blocks=blocks, sweep_to=sweep_to, how=how(requests=2))


def made(load: str, number: int, candidate: str) -> Block:
    return block([timing(1.0, 0.5)], load=load, number=number, candidate=candidate)


def ran(course: Course, most: int = 99) -> list[Key]:
    """All that it wants, done."""
    steps: list[Key] = []
    while (step := course.next_step()) is not None and len(steps) < most:
        assert course.next_step() == step  # asking changes nothing
        steps.append((step.shape.name, step.number, step.candidate))
        course.add(made(*steps[-1]))
    return steps


WHOLE = [
    ("at once 2", 0, "a"),
    ("at once 2", 0, "b"),
    ("at once 2", 1, "b"),
    ("at once 2", 1, "a"),
    ("at once 4", 0, "a"),
    ("at once 4", 0, "b"),
    ("at once 4", 1, "b"),
    ("at once 4", 1, "a"),
]


def test_wherever_a_run_was_cut_off_the_rest_follows_in_the_same_order() -> None:
    assert ran(Course(plan(TWO, FOUR), "ab")) == WHOLE
    for done in range(len(WHOLE) + 1):
        kept = [made(WARM_UP, 0, "a"), *(made(*key) for key in WHOLE[:done])]
        course = Course(plan(TWO, FOUR), "ab", kept)
        assert course.begun == done
        assert ran(course) == WHOLE[done:]


def test_blocks_are_added_until_there_is_enough_also_after_a_cut() -> None:
    asked: list[int] = []

    def after_three(blocks: Sequence[Block]) -> bool:
        asked.append(len(blocks))
        return len(blocks) >= 3

    kept = [made("at once 2", 0, "a"), made("at once 2", 1, "a")]
    assert ran(Course(plan(TWO), "a", kept, after_three)) == [("at once 2", 2, "a")]
    assert set(asked) == {2, 3}
    endless = ran(Course(plan(TWO, blocks=1), "a", (), lambda _: False))
    assert len(endless) == MOST_BLOCKS


def test_a_sweep_that_was_cut_off_goes_on_where_it_was() -> None:
    sweep = plan(sweep_to=8, blocks=1)
    steps = ran(Course(sweep, "a"))
    assert [load for load, _, _ in steps] == ["at once 1", "at once 2"]  # brought no more
    assert ran(Course(sweep, "a", [made("at once 1", 0, "a")])) == steps[1:]


def test_the_loads_of_a_sweep_end_where_throughput_does() -> None:
    brought = {"at once 1": 10.0, "at once 2": 19.0, "at once 4": 30.0, "at once 8": 31.0}
    sweep = plan(sweep_to=64)
    loads = sweep.loads(lambda load: {"a": brought[load], "b": 5.0})
    assert [shape.name for shape in loads] == list(brought)


def test_a_trace_is_cut_into_parts_of_equal_time_and_nothing_is_lost() -> None:
    whole = Trace(file="t", arrivals=tuple(Arrival(n / 7) for n in range(100)))
    parts = [cut(whole, number, 6) for number in range(6)]
    assert sum(len(part.arrivals) for part in parts) == 100
    assert all(part.arrivals[0].due_s < 1 / 7 for part in parts)
    each_s = whole.arrivals[-1].due_s / 6
    assert max(a.due_s for part in parts for a in part.arrivals) <= each_s + 1e-9
    at_once = Trace(file="t", arrivals=(Arrival(0.0), Arrival(0.0)))
    assert [len(cut(at_once, number, 2).arrivals) for number in range(2)] == [2, 0]
