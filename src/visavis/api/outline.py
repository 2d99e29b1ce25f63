"""What is about to be asked and what it may cost, before anything is."""

from collections.abc import Iterator

from visavis.api.judging import foreseen
from visavis.api.request import Request
from visavis.api.screen import Screen
from visavis.api.session import SPEED_BLOCKS, left_of, timed
from visavis.measure.plan import Forecast, forecast
from visavis.measure.speed import speed_asked, speed_plan
from visavis.report import forecast as worded


def outline(request: Request) -> Iterator[str]:
    """The plan, a line each: what, of whom, at what price."""
    options, judges = request.options, request.judges
    yield from worded.outline(
        request.asked, shares(request), request.budget_usd, options.lang, options.until
    )
    if judges is not None:
        yield from worded.judging(foreseen(request), judges.options.budget, options.lang)


def consents(request: Request, screen: Screen) -> bool:
    """Whether the user agrees to spend; asked only where something may cost."""
    options = request.options
    every = (*shares(request), *foreseen(request))
    question = worded.question(every, options.budget, options.lang)
    return question is None or options.yes or screen.agrees(question)


def shares(request: Request) -> tuple[Forecast, ...]:
    """What each candidate is to be asked, its speed included, and at what price."""
    left, asked = [*left_of(request).left()], request.asked
    if request.options.speed:
        blocks = SPEED_BLOCKS[request.options.suite]
        speed = speed_asked(blocks + 1)  # one for the warm-up
        left += speed_plan(speed, timed(request.candidates)).left()
        asked = (*asked, speed)
    return forecast(left, asked, request.prices)
