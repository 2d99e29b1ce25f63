"""Holds a session to its end, from wherever it is called, and ends it cleanly on an interrupt."""

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from visavis.api.screen import Screen

T = TypeVar("T")


def held(session: Callable[[asyncio.Event], Coroutine[Any, Any, T]], screen: Screen) -> T:
    """What a session comes to. An interrupt sets its event, for it to end cleanly; a second one
    ends the program."""

    async def stoppable(stop: asyncio.Event) -> T:
        with _told_of_interrupts(stop, screen):
            return await session(stop)

    return blocking(stoppable)


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


@contextmanager
def _told_of_interrupts(stop: asyncio.Event, screen: Screen) -> Iterator[None]:
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
