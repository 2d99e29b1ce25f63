"""A whole run: warm-up, calibration, loads in paired blocks, until there is enough."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fake_models import say
from tests.fake_server import FakeServer
from tests.measure.load.things import hands, how, means, new_store, told
from tests.measure.things import PerToken
from visavis.measure.load.arrivals import Arrival, AtOnce, Rate, Shape, Trace
from visavis.measure.load.block import CALIBRATION, WARM_UP, Block
from visavis.measure.load.course import MOST_BLOCKS, LoadPlan
from visavis.measure.load.run import Dealt, dealt, measure_load, streams_of

BRISK = say("word " * 6, pieces=6, first_s=0.01, gap_s=0.001)
TWO, FOUR = AtOnce(streams=2), AtOnce(streams=4)


def plan(*shapes: Shape, blocks: int = 2, sweep_to: int = 0, calibrates: bool = False) -> LoadPlan:
    return LoadPlan(
        shapes=shapes,
        blocks=blocks,
        sweep_to=sweep_to,
        how=how(requests=2),
        calibrates=calibrates,
    )


async def test_candidates_take_turns_block_by_block_after_warm_up_and_calibration(
    tmp_path: Path,
) -> None:
    with FakeServer({"a": BRISK, "b": BRISK}) as server:
        async with hands(server.url, "a", "b") as both:
            using = means()
            with new_store(tmp_path / "run", [hand.candidate for hand in both]) as store:
                what = plan(TWO, FOUR, blocks=3, calibrates=True)
                ended = await measure_load(what, both, using, store)
                blocks, calibration = list(store.blocks()), store.calibration()
    assert ended == "finished"
    assert [(b.load, b.number, b.candidate) for b in blocks] == [
        (WARM_UP, 0, "a"),
        (WARM_UP, 0, "b"),
        *(
            (shape.name, number, name)
            for shape in (TWO, FOUR)
            for number, order in enumerate(("ab", "ba", "ab"))
            for name in order
        ),
    ]
    begun = [(b.candidate, b.load, b.number) for b in blocks]
    assert told(using).begun == [*begun[:2], ("visavis", CALIBRATION, 0), *begun[2:]]
    assert calibration is not None
    assert [error.streams for error in calibration.at] == [2, 4]
    assert calibration.error_at(3) is calibration.at[1]


async def test_blocks_are_added_until_there_is_enough_but_not_for_ever(tmp_path: Path) -> None:
    asked: list[int] = []

    def after_three(blocks: Sequence[Block]) -> bool:
        asked.append(len(blocks))
        return len(blocks) >= 3

    with FakeServer({"a": BRISK}) as server:
        async with hands(server.url, "a") as one:
            with new_store(tmp_path / "run", [one[0].candidate]) as store:
                await measure_load(plan(TWO), one, means(), store, after_three)
                assert len(list(store.blocks())) == 1 + 3
            with new_store(tmp_path / "again", [one[0].candidate]) as store:
                await measure_load(plan(TWO, blocks=1), one, means(), store, lambda _: False)
                assert len(list(store.blocks())) == 1 + MOST_BLOCKS
    assert asked == [2, 3]


async def test_a_sweep_doubles_until_nobody_gains(tmp_path: Path) -> None:
    with FakeServer({"a": BRISK}) as server:
        async with hands(server.url, "a") as one:
            with new_store(tmp_path / "run", [one[0].candidate]) as store:
                await measure_load(plan(sweep_to=4, blocks=1), one, means(), store)
                loads = [block.load for block in store.blocks()]
    assert loads[:3] == [WARM_UP, "at once 1", "at once 2"]
    assert set(loads[3:]) <= {"at once 4"}


async def test_what_is_kept_is_not_measured_again_and_each_session_warms_up(
    tmp_path: Path,
) -> None:
    with FakeServer({"a": BRISK, "b": BRISK}) as server:
        async with hands(server.url, "a", "b") as both:
            candidates = [hand.candidate for hand in both]
            with new_store(tmp_path / "run", candidates) as store:
                await measure_load(plan(TWO, blocks=1), both, means(), store)
            with new_store(tmp_path / "run", candidates) as store:
                assert await measure_load(plan(TWO), both, means(), store) == "finished"
                blocks = [(b.load, b.number, b.candidate) for b in store.blocks()]
    first = [(WARM_UP, 0, "a"), (WARM_UP, 0, "b"), (TWO.name, 0, "a"), (TWO.name, 0, "b")]
    then = [(WARM_UP, 1, "a"), (WARM_UP, 1, "b"), (TWO.name, 1, "b"), (TWO.name, 1, "a")]
    assert blocks == first + then


async def test_a_stop_keeps_the_blocks_that_are_whole(tmp_path: Path) -> None:
    with FakeServer({"a": BRISK}) as server:
        async with hands(server.url, "a") as one:
            using = means()

            def enough(_: Sequence[Block]) -> bool:
                asyncio.get_running_loop().call_soon(using.stop.set)
                return False

            with new_store(tmp_path / "run", [one[0].candidate]) as store:
                ended = await asyncio.wait_for(
                    measure_load(plan(TWO), one, using, store, enough), 30
                )
                assert 3 <= len(list(store.blocks())) <= 4
    assert ended == "stopped"


@pytest.mark.parametrize("budget_usd", [0.01, 0.7])
async def test_the_budget_ends_the_run(tmp_path: Path, budget_usd: float) -> None:
    with FakeServer({"a": BRISK}) as server:
        async with hands(server.url, "a", price=PerToken(0.001)) as one:
            using = means(budget_usd=budget_usd)
            with new_store(tmp_path / "run", [one[0].candidate]) as store:
                ended = await measure_load(plan(TWO, blocks=500), one, using, store)
    assert ended == "budget spent"
    assert using.purse.spent_usd <= budget_usd


async def test_told_to_use_two_processes_both_the_load_and_the_calibration_are_dealt_out(
    tmp_path: Path,
) -> None:
    with FakeServer({"a": BRISK}) as server:
        async with hands(server.url, "a") as one:
            with new_store(tmp_path / "run", [one[0].candidate]) as store:
                what = replace(plan(TWO, blocks=1, calibrates=True), processes=2)
                assert await measure_load(what, one, means(), store) == "finished"
                (_, block), calibration = store.blocks(), store.calibration()
    assert 1 <= block.most_in_flight <= 2  # one may be done before the other has begun
    assert len(block.counted) >= 2
    assert calibration is not None
    assert calibration.processes == 2


def test_more_processes_are_used_where_one_does_not_vouch_and_cores_are_free() -> None:
    usual = plan(FOUR)
    assert dealt(usual, 256, 256) == Dealt(1)
    assert dealt(usual, 256, 64) == Dealt(1, 64)  # no core is free
    free = replace(usual, most_processes=7)
    assert dealt(free, 256, 64) == Dealt(4, 64)
    assert dealt(free, 256, 0) == Dealt(7, 0)
    assert [dealt(free, 256, 64).among(streams) for streams in (1, 64, 65)] == [1, 1, 4]
    told = replace(usual, processes=2)
    assert dealt(told, 256, 64).among(1) == 2


def test_the_instrument_is_calibrated_at_the_runs_own_concurrency() -> None:
    assert streams_of(plan(FOUR, TWO, AtOnce(streams=9999)), 1.0) == (2, 4, 1024)
    assert streams_of(plan(Rate(per_s=3.0)), 2.0) == (13,)
    assert streams_of(plan(Rate(per_s=1.0, to_per_s=5.0)), 2.0) == (21,)
    assert streams_of(plan(sweep_to=64), 1.0) == (1, 4, 16, 64)
    burst = Trace(file="t", arrivals=tuple(Arrival(at) for at in (0, 1, 1.1, 1.2, 9)))
    assert streams_of(plan(burst), 0.5) == (6,)
