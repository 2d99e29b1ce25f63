"""`compare` and `load`: the two ways to a `Comparison` from Python."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import datetime
from os import environ as our_environ
from pathlib import Path
from typing import Any, TypeVar, get_args

from visavis.api import judging, session
from visavis.api.around import find as find
from visavis.api.around import surroundings as surroundings
from visavis.api.comparison import Comparison
from visavis.api.request import Request, prepare
from visavis.api.screen import Screen
from visavis.candidates.scripted import ScriptedClient
from visavis.core.errors import OptionError
from visavis.core.registry import unknown
from visavis.measure.run import Ended
from visavis.options import CompareOptions, Language

T = TypeVar("T")


def compare(
    candidates: Sequence[str | ScriptedClient], *, screen: Screen | None = None, **options: Any
) -> Comparison:
    """Put candidates face to face; the options are those of `visavis compare --help`.

    Candidates are named as on the command line, or are `ScriptedClient`s. Blocks until the run
    has ended or was interrupted; what is there is judged either way.
    """
    told = options_of(options)
    if told.dry_run:
        raise OptionError(
            "a dry run asks nothing, so there is nothing to compare; "
            "'visavis compare --dry-run' prints the plan"
        )
    screen = screen or _usual_screen(told.lang)
    request = prepare(candidates, told, surroundings(our_environ), screen)
    session.fetch_weights(request, screen)
    seen = ask(request, told.out or new_folder(request), screen)
    if told.json is not None:
        seen.save_json(told.json)
    return seen


def load(
    run: str | Path,
    *,
    policy: str = "default",
    lang: str = "en",
    claims: Sequence[str] = (),
    speed: str | Path | None = None,
) -> Comparison:
    """A run of an earlier day, judged again: no network, no model. Files of `claims` are shown
    beside what it measured, and the curves of a `speed` run of its candidates are drawn."""
    if lang not in get_args(Language):
        raise unknown("language", lang, get_args(Language))
    home = surroundings(our_environ).home
    folder, loads = find(str(run), home), None if speed is None else find(str(speed), home)
    spoken: Language = "fr" if lang == "fr" else "en"
    return Comparison(folder, policy=policy, lang=spoken, claims=claims, speed=loads)


def options_of(given: Mapping[str, Any]) -> CompareOptions:
    """Options from keyword arguments; an unknown name is answered with the nearest."""
    known = {f.name for f in fields(CompareOptions)}
    for name in given:
        if name not in known:
            raise unknown("option of compare", name, sorted(known))
    told = dict(given)
    if "on" in told:
        on = [told["on"]] if isinstance(told["on"], str | Path) else told["on"] or ()
        if not isinstance(on, list | tuple):
            raise OptionError(f"'on' {on!r} is no list of benchmarks; write on=['logic:20']")
        told["on"] = tuple(map(str, on))
    told |= {name: _several(told[name]) for name in ("judge", "claims") if name in told}
    for name in ("out", "json", "data"):
        if told.get(name) is not None:
            told[name] = Path(told[name])
    return CompareOptions(**told)


def _several(given: Any) -> tuple[Any, ...]:
    """One, several or none; files by their names."""
    several = [given] if isinstance(given, str | Path) else given or ()
    return tuple(str(one) if isinstance(one, Path) else one for one in several)


def ask(request: Request, folder: Path, screen: Screen) -> Comparison:
    """Ask what is left of the run in `folder`, then judge all of it."""
    from visavis.api.claims import keep, taken

    claims = taken(request.options.claims)
    ended = blocking(lambda stop: _stoppable(request, folder, screen, stop))
    keep(claims, folder)
    return Comparison(folder, policy=request.options.policy, lang=request.options.lang, ended=ended)


def new_folder(request: Request) -> Path:
    """`runs/2026-11-21-183059-A-vs-B`, and a number where that is taken."""
    at = datetime.now().astimezone().strftime("%Y-%m-%d-%H%M%S")
    names = "-vs-".join(candidate.name for candidate in request.candidates)
    plain = "".join(c if c.isalnum() or c in "-._" else "-" for c in names)[:80]
    runs = request.around.home / "runs"
    folder, number = runs / f"{at}-{plain}", 2
    while folder.exists():
        folder, number = runs / f"{at}-{plain}-{number}", number + 1
    return folder


async def _stoppable(request: Request, folder: Path, screen: Screen, stop: asyncio.Event) -> Ended:
    """A session that an interrupt ends cleanly; a second one ends the program."""
    with told_of_interrupts(stop, screen):
        ended = await session.hold(request, folder, screen, stop)
        if request.judges is None or ended.how != "finished":
            return ended
        judged = await judging.hold(request.judges, folder, screen, stop)
        return replace(judged, trials=ended.trials + judged.trials)


@contextmanager
def told_of_interrupts(stop: asyncio.Event, screen: Screen) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before: dict[int, Any] = {}

    def asked_to_stop(number: int) -> None:
        signal.signal(number, before[number])
        loop.remove_signal_handler(number)
        screen.note("stopping; what is there is kept (again to quit at once)")
        stop.set()

    for number in map(int, (signal.SIGINT, signal.SIGTERM)):
        before[number] = signal.getsignal(number)
        loop.add_signal_handler(number, asked_to_stop, number)
    try:
        yield
    finally:
        for number in before:
            loop.remove_signal_handler(number)
            signal.signal(number, before[number])


def blocking(work: Callable[[asyncio.Event], Coroutine[Any, Any, T]]) -> T:
    """Runs a coroutine to its end, also where a loop is running already, as in a notebook.

    There it gets a thread and a loop of its own, and an interrupt sets its event.
    """
    stop = asyncio.Event()
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(work(stop))
    loop = asyncio.new_event_loop()

    def elsewhere() -> T:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            return runner.run(work(stop))

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="visavis") as pool:
        ended = pool.submit(elsewhere)
        try:
            return ended.result()
        except KeyboardInterrupt:
            loop.call_soon_threadsafe(stop.set)
            return ended.result()


def _usual_screen(lang: Language) -> Screen:
    from visavis.report.progress import screen

    return screen(lang=lang)
