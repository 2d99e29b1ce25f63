"""The process in which sympy compares what a model wrote with a key.

Run as a file by `equal`; it loads nothing of visavis. On stdin come lines of JSON, `[key, answer]`
each; out of stdout goes `true` or `false` for each, or `null` where the time was up. `null` on
stdin is answered with `true`, to say that all is loaded. Stdin's end means that nobody wants us
any more.
"""

import json
import logging
import signal
import sys
from collections.abc import Iterable, Iterator
from typing import Any, NoReturn

from math_verify import parse, verify

CPU_LIMIT_S = 4.0
"""For one comparison, of processor time: a busy machine must not make right answers wrong.
math-verify's own limits are of wall time, in whole seconds, so they are turned off."""
MEMORY_BYTES = 2 << 30

FORBIDDEN = ("subprocess.", "socket.", "shutil.", "os.system", "os.exec", "os.posix_spawn")
"""Audit events that arithmetic has no business with. Nothing that we know of leads there: the
LaTeX goes through a grammar, and what is evaluated as Python is digits and operators alone."""


class TimeUp(BaseException):  # not to be caught by math-verify
    """The processor time for a comparison is used up."""


def compare(key: str, answer: str) -> bool | None:
    """Whether math-verify holds the two equal; False where it cannot read them."""
    before = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, CPU_LIMIT_S)
    try:
        wanted, said = (parse(f"${text}$", parsing_timeout=None) for text in (key, answer))
        return bool(verify(wanted, said, allow_set_relation_comp=True, timeout_seconds=None))
    except TimeUp:
        return None
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _stop(number: int, frame: object) -> NoReturn:
    raise TimeUp


def answers(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        pair = json.loads(line)
        yield json.dumps(pair is None or compare(*pair))


def forbid(event: str, _: Any) -> None:  # pragma: no cover  # in a process of its own
    """An audit hook: refuses what reaches out of this process."""
    if event.startswith(FORBIDDEN):
        raise PermissionError(f"{event} is not for answers")


def confine() -> None:  # pragma: no cover  # in a process of its own
    """From here on: bounded memory, and no way out."""
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.addaudithook(forbid)


if __name__ == "__main__":  # pragma: no cover  # in a process of its own
    logging.disable(logging.CRITICAL)  # it warns that its own limits are off
    confine()
    for said in answers(sys.stdin):
        sys.stdout.write(said + "\n")
        sys.stdout.flush()
