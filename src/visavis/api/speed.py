"""`speed`: puts candidates under load, and keeps what came."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from datetime import UTC, datetime
from hashlib import sha256
from math import fsum
from os import environ
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from visavis.api.again import passed
from visavis.api.around import surroundings
from visavis.api.describe import described
from visavis.api.interrupts import held
from visavis.api.session import fetch_weights
from visavis.api.speed_beside import growth_left, keep_growth, watched
from visavis.api.speed_doors import Reach, reached
from visavis.api.speed_request import (
    SpeedRequest,
    prepare_speed,
    speed_options_of,
)
from visavis.api.speed_run import SpeedRun
from visavis.candidates.llama_settings import own_server
from visavis.core.candidate import Candidate
from visavis.core.errors import OptionError
from visavis.measure.load.arrivals import Trace
from visavis.measure.load.block import WARM_UP, Block
from visavis.measure.load.course import Course, Enough
from visavis.measure.load.means import Means, Purse
from visavis.measure.load.run import Ending, measure_load
from visavis.measure.load.spec import SpeedSpec, known
from visavis.measure.load.store import LoadStore
from visavis.measure.probe import probe
from visavis.measure.spec import is_speed, to_json
from visavis.report.text import counted
from visavis.stats.estimate import TooFew
from visavis.stats.ratio import geometric_mean

if TYPE_CHECKING:
    from visavis.api.speed_screen import SpeedScreen


def speed(
    candidates: Sequence[str], *, screen: "SpeedScreen | None" = None, **options: Any
) -> SpeedRun:
    """Put candidates under load; the options are those of `visavis speed --help`.

    Blocks until the run has ended or was interrupted; the blocks that are whole are judged. With
    the same `out`, a run that was cut off is gone on with.
    """
    told = speed_options_of(options)
    if told.dry_run:
        raise OptionError("a dry run measures nothing; 'visavis speed --dry-run' prints the plan")
    if screen is None:
        from visavis.report.speed.progress import speed_screen

        screen = speed_screen(lang=told.lang)
    request = prepare_speed(candidates, told, surroundings(environ), screen)
    fetch_weights(request.base, screen)
    seen = run_speed(request, told.out or request.base.new_folder(), screen)
    if told.json is not None:
        seen.save_json(told.json)
    return seen


def run_speed(request: SpeedRequest, folder: Path, screen: "SpeedScreen") -> SpeedRun:
    """Measure what is left of the run in `folder`, then judge it. An interrupt keeps what is whole,
    and the same again goes on from there."""
    ended = held(lambda stop: _hold(request, folder, screen, stop), screen)
    options = request.options
    return SpeedRun(folder, policy=options.policy, lang=options.lang, ended=ended)


async def _hold(
    request: SpeedRequest, folder: Path, screen: "SpeedScreen", stop: asyncio.Event
) -> Ending:
    """One session: doors opened, loads put on, memory read, everything kept."""
    notes: list[str] = []

    def note(text: str) -> None:
        notes.append(text)
        screen.note(text)

    if is_whole(request, folder):
        screen.note("all of this was measured already")
        return "finished"
    prices = request.base.prices
    candidates = [described(one, prices[one.name]) for one in request.base.candidates]
    with ExitStack() as held:
        async with AsyncExitStack() as ways:
            reaches = [
                await ways.enter_async_context(reached(request, candidate, note))
                for candidate in candidates
            ]
            spec = _spec(request, [reach.hand.candidate for reach in reaches])
            store = held.enter_context(LoadStore.begin(folder, spec))
            _tell_of_earlier(store, note)
            means = Means(
                purse=Purse(request.options.budget, spent_usd=fsum(store.spent_usd().values())),
                watcher=screen,
                stop=stop,
                charge=store.charge,
                note=note,
            )
            try:
                async with watched(reaches, store):
                    with screen.loading():
                        ended = await measure_load(
                            request.plan,
                            [reach.hand for reach in reaches],
                            means,
                            store,
                            _enough(request),
                        )
                if request.options.memory and ended == "finished":
                    server = own_server(request.base.around.environ)
                    await keep_growth(candidates, store, note, stop, server)
                    if stop.is_set() and growth_left(candidates, store):
                        return "stopped"
                return ended
            finally:
                for text in notes:
                    store.add_note(text)
                for reach in reaches:
                    _keep_memory(reach, store)


def is_whole(request: SpeedRequest, folder: Path) -> bool:
    """Whether nothing is left to measure. Another run's folder is refused here, before an engine
    is loaded; what a server says of its model counts later."""
    if not is_speed(folder):
        return False
    named = request.base.candidates
    with LoadStore.open(folder) as store:
        there = store.spec.candidates
        same = [one.name for one in there] == [one.name for one in named]
        known(folder, _spec(request, there if same else named))
        names = [candidate.name for candidate in named]
        course = Course(request.plan, names, store.blocks(), _enough(request))
        left = request.options.memory and growth_left(named, store)
        return course.next_step() is None and not left


def _tell_of_earlier(store: LoadStore, note: Callable[[str], None]) -> None:
    blocks = [block for block in store.blocks() if block.load != WARM_UP]
    if blocks:
        at = datetime.now(UTC).isoformat(timespec="minutes")
        note(
            f"measured in more than one session: gone on with at {at}, when "
            f"{counted(len(blocks))} blocks were there"
        )


def _enough(request: SpeedRequest) -> Enough | None:
    return enough(request.options.width) if request.options.width else None


def enough(width: float) -> Enough:
    """Whether first token and output speed of all candidates are known to so many per cent."""
    most = (1 + width / 100) ** 2

    def known(blocks: Sequence[Block]) -> bool:
        names = {block.candidate for block in blocks}
        return all(
            _narrow([block for block in blocks if block.candidate == name], measure, most)
            for name in names
            for measure in ("first_token_s", "output_tokens_per_s")
        )

    return known


def _narrow(blocks: Sequence[Block], measure: str, most: float) -> bool:
    amounts = [found for block in blocks if (found := block.amounts(measure))]
    estimate = geometric_mean([[median(found)] for found in amounts])
    return not isinstance(estimate, TooFew) and estimate.high <= most * estimate.low


def _spec(request: SpeedRequest, candidates: Sequence[Candidate]) -> SpeedSpec:
    plan, options = request.plan, request.options
    traces = [shape.arrivals for shape in plan.shapes if isinstance(shape, Trace)]
    return SpeedSpec(
        candidates=tuple(candidates),
        shapes=tuple(shape.name for shape in plan.shapes),
        prompt_tokens=plan.how.prompt_tokens,
        shared_tokens=options.shared,
        output_tokens=plan.how.output_tokens,
        blocks=plan.blocks,
        quota=plan.how.quota,
        width=options.width,
        trace_sha256=sha256(to_json(traces)).hexdigest() if traces else "",
        slo=tuple(one.text for one in request.objectives),
        policy=options.policy,
        seed=options.seed,
        passed=passed(request.base.specs, request.options),
        machine=probe(),
    )


def _keep_memory(reach: Reach, store: LoadStore) -> None:
    """Peak memory and load time of a local engine."""
    if reach.llama is not None:
        for name, value in reach.llama.measured().items():
            store.add_fact(reach.hand.candidate.name, name, value)
