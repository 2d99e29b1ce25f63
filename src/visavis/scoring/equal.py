r"""Whether two answers to a mathematical question are the same thing, however they are written.

Three steps, each asked only where the one before left it open: the same writing (`writing`); two
plain numbers, compared exactly; else `math-verify`, which parses both into formulas and lets
sympy find out. That last step reads text that a model wrote and can take for ever, or all memory:
it works in a resident process (`equal_child`) that is ended and replaced when time is up.

What a question fixes need not be repeated: a unit, "x =", the base of a numeral, currency and
degree signs may be left out or be there. A decimal fraction counts where it agrees to six places.
An equality that is not found in time is none: `Compared.how` says so.
"""

import atexit
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Timer
from time import monotonic
from typing import Final

from visavis.core.tell import tell
from visavis.scoring.writing import LONGEST, Numeral, exact, numeral, plain, spoken, squeezed, words

LIMIT_S: Final = 30.0
"""For one comparison, of wall time. Ordinary ones take 10 ms, and the process gives up by itself
after 4 s of processor time; this is for what cannot be interrupted."""
CHILD: Final = Path(__file__).with_name("equal_child.py")
EQUAL: Final = tell("is equal")
UNEQUAL: Final = tell("is not equal")
TOO_LONG: Final = tell("could not be shown to be equal in the time allowed")
TOO_MUCH: Final = tell("could not be shown to be equal in the memory allowed")
START_LIMIT_S: Final = 120.0
"""For importing sympy, which takes 2 s on an idle machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What came of comparing a reply's answer with the key."""

    equal: bool | None
    """None when it could not be found out for a reason of our own."""
    how: str
    """Half a sentence for the reader."""


def equal(key: str, answer: str) -> Compared:
    """Compare a reply's answer with the key. May be called from several threads; may block."""
    if len(answer) > LONGEST:
        return Compared(equal=False, how=tell("is longer than {most:d} characters", most=LONGEST))
    a, b = plain(key), plain(answer)
    if squeezed(a) == squeezed(b) != "":
        return Compared(equal=True, how=tell("is written alike"))
    decided = _as_words(a, b)
    if decided is None:
        decided = _as_numerals(a, b)
    if decided is None:
        decided = _as_numbers(a, b)
    if decided is not None:
        return Compared(equal=decided, how=EQUAL if decided else UNEQUAL)
    return RESIDENT.compare(a, b)


def _as_words(key: str, answer: str) -> bool | None:
    """Of a key in words: whether the answer is those. As formulas, "east" and "seat" are equal."""
    wanted = words(key)
    return None if wanted is None else wanted == spoken(answer)


def _as_numerals(key: str, answer: str) -> bool | None:
    """Of a key in a base of its own: whether the digits agree, and the base where it is said."""
    wanted = numeral(key)
    if wanted is None:
        return None
    said = numeral(answer) or Numeral(answer.strip(), wanted.base)
    return said == wanted


def _as_numbers(key: str, answer: str) -> bool | None:
    """Of two plain numbers; None where one is rounded, and the last places must be looked at."""
    wanted, said = exact(key), exact(answer)
    if wanted is None or said is None:
        return None
    if wanted == said:
        return True
    return None if "." in key or "." in answer or "%" in key + answer else False


class Resident:
    """A process that compares formulas, started when first asked, replaced when it hangs."""

    def __init__(self, limit_s: float = LIMIT_S, child: Path = CHILD) -> None:
        self._limit_s = limit_s
        self._child = child
        self._lock = Lock()
        self._process: subprocess.Popen[str] | None = None

    def compare(self, key: str, answer: str) -> Compared:
        """One comparison, in its turn."""
        with self._lock:
            if self._process is None and not self._start():
                return Compared(equal=None, how=tell("could not be compared: sympy did not start"))
            since = monotonic()
            line = self._exchange(json.dumps([key, answer]), self._limit_s)
            found = json.loads(line) if line else None
            if found is not None:
                return Compared(equal=found, how=EQUAL if found else UNEQUAL)
            if not line:
                self._end()
            late = line or monotonic() - since >= self._limit_s
            return Compared(equal=False, how=TOO_LONG if late else TOO_MUCH)

    def close(self) -> None:
        """End the process, if there is one."""
        with self._lock:
            self._end()

    def _start(self) -> bool:
        self._process = subprocess.Popen(
            # -P, or the folder of the file would come first on the path, and shadow modules
            [sys.executable, "-P", str(self._child)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for the run to handle
            # sympy walks through sets: with another order of hashes, other answers take too long
            env={**os.environ, "PYTHONHASHSEED": "0"},
        )
        if self._exchange("null", START_LIMIT_S):
            return True
        self._end()
        return False

    def _exchange(self, line: str, limit_s: float) -> str:
        """The process's answer to a line; nothing when it died, or is killed because time is up."""
        process = self._process
        assert process is not None
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(limit_s, process.kill)
        timer.start()
        try:
            process.stdin.write(line + "\n")
            process.stdin.flush()
            return process.stdout.readline()
        except OSError:  # it is dead
            return ""
        finally:
            timer.cancel()

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            with suppress(BrokenPipeError):  # of what it was still to be told
                self._process.communicate()
            self._process = None


RESIDENT: Final = Resident()
"""The one of this process: sympy takes 100 MB and 2 s, for whoever asks first."""
atexit.register(RESIDENT.close)
