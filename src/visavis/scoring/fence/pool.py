"""The fence: code that a model wrote runs here, and harms nothing.

    with open_fence("auto") as fence:
        ran = fence.run(Program(...))

Behind it stand a few resident interpreters inside bubblewrap, each of which forks for every
program (`resident`); the verdict is reached apart from the program (`tester`). The weak
fence leaves more open, and has to be asked for.
"""

import os
import platform
import pwd
import queue
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

from visavis.core.errors import FenceError
from visavis.core.fence import Check, Fence, Program, Ran
from visavis.core.tell import tell
from visavis.options import FenceChoice
from visavis.scoring.fence import syscalls
from visavis.scoring.fence.bubblewrap import WEAK, Way, ways
from visavis.scoring.fence.keeper import Keeper
from visavis.scoring.fence.talk import BrokenError

_TRIES: Final = 2
_HELP: Final = (
    "install bubblewrap and allow user namespaces (in a container: run it with "
    "`--security-opt seccomp=unconfined`), or ask for the weak fence with `--fence weak`"
)
_LOOK_OUT: Final = """
import _socket, os
def seen(home):
    found = [os.path.basename(place) for place in ("/proc", "/etc/passwd") if os.path.exists(place)]
    try:
        found.append(os.listdir(home) and "home")
    except OSError:
        pass
    try:
        found.append(_socket.socket() and "network")
    except OSError:
        pass
    return found
"""


@contextmanager
def open_fence(choice: FenceChoice = "auto", *, workers: int = 0) -> Iterator[Fence]:
    """A fence that was tried and holds; `FenceError` says how to get one where none can be had.

    `workers` programs run at the same time; 0 means as many as there are processor cores.
    """
    # bubblewrap ends with the thread that started it, so one thread that lasts starts them all.
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="fence") as starter:
        way, keeper = starter.submit(first_that_holds, _ways(choice)).result()
        pool = _Pool(way, keeper, workers or os.cpu_count() or 1, starter)
        try:
            yield pool
        finally:
            pool.close()


def _filtered() -> bool:
    return sys.platform == "linux" and syscalls.known(platform.machine())


class _Pool:
    """Residents and their queue: each job takes one, and gives it back clean or replaced."""

    def __init__(self, way: Way, first: Keeper, workers: int, starter: ThreadPoolExecutor) -> None:
        self._way = way
        self._starter = starter
        self._free: queue.LifoQueue[Keeper | None] = queue.LifoQueue()
        for _ in range(workers - 1):
            self._free.put(None)  # started when it is first needed
        self._free.put(first)
        self._workers = workers

    def run(self, job: Program | Check) -> Ran:
        """Run one job, in its turn; `no answer` only when a new resident fails it too."""
        keeper = self._free.get()
        ran = Ran(end="no answer", detail="")
        try:
            for _ in range(_TRIES):
                keeper = keeper or self._starter.submit(Keeper, self._way).result()
                try:
                    ran = keeper.ask(job)
                except BrokenError as error:
                    said = keeper.close()
                    keeper = None
                    broke = tell("the fence broke: {maybe}", maybe=f"{error} {said}".strip())
                    ran = Ran(end="no answer", detail=broke)
                if ran.end != "no answer":
                    break
        finally:
            self._free.put(keeper)
        return ran

    def close(self) -> None:
        """End all residents, once the jobs that run have ended."""
        for _ in range(self._workers):
            keeper = self._free.get()
            if keeper is not None:  # pragma: no branch  # one that died is gone, by chance
                keeper.close()


def first_that_holds(tried: Iterable[Way]) -> tuple[Way, Keeper]:
    """The first way whose resident passes the self-test, with that resident."""
    reasons: list[str] = []
    for way in tried:
        try:
            keeper = Keeper(way)
        except OSError as error:
            reasons.append(f"{way.name}: {error.strerror}")
            continue
        try:
            trouble = self_test(keeper.ask, strong=way is not WEAK)
        except BrokenError as error:
            trouble = str(error)
        if not trouble:
            return way, keeper
        reasons.append(f"{way.name}: {trouble} {keeper.close()}".strip())
    why = "; ".join(reasons) or "no bubblewrap was found"
    raise FenceError(f"no fence for code that a model wrote ({why}); {_HELP}")


def _ways(choice: FenceChoice) -> Iterable[Way]:
    if choice == "weak":
        return (WEAK,)
    return ways() if _filtered() else ()


def self_test(ask: Callable[[Program], Ran], *, strong: bool) -> str:
    """Try a fence on a program that must pass, which looks out of it, and on one that must fail.

    Gives what is wrong with it; nothing when it holds.
    """
    home = pwd.getpwuid(os.geteuid()).pw_dir
    test = f"def check(seen):\n    found = seen({home!r})\n    assert type(found) is list, found\n"
    test += "    assert not found, found\n" if strong else ""
    good = Program(solution=_LOOK_OUT, entry_point="seen", setup="", test=test)
    bad = Program(
        solution="def one(): return 2",
        entry_point="one",
        setup="",
        test="def check(one):\n    assert one() == 1",
    )
    for job, end in ((good, "passed"), (bad, "failed")):
        ran = ask(job)
        if ran.end != end:
            return f"in its self-test a program that must have {end} {ran.end}: {ran.detail}"
    return ""
