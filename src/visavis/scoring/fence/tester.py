"""The trusted side: runs the tests here, and the function they test in another process.

The tests hold a `Candidate`, which looks like the function and sends each call over a pipe. The
verdict is reached in this process, which the program cannot see, name or signal; so the only way
to pass is to return what the tests accept, each time, until they end.

Runs inside the fence: standard library only.
"""

import builtins
import contextlib
from collections.abc import Mapping
from typing import Any, Final

from visavis.scoring.fence.pipe import ClosedError, Line
from visavis.scoring.fence.values import MalformedError, TooMuchError, encode

Told = tuple[str, str]
"""How it ended, in the words of `core.fence.Ran`, and one line about it."""

_TEST: Final = "<test>"
_NEVER_PASSED_ON: Final = (StopIteration, StopAsyncIteration)
"""They would end a test's own loop early, and so skip what is left of it."""


class GoneError(BaseException):
    """The program can answer no more: `Candidate.lost` says why. No test should catch this."""


class CandidateError(Exception):
    """The program raised something that is no ordinary built-in exception."""


class Candidate:
    """Stands for the function under test, which lives in the process at the other end."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._defined = False
        self.raised: Exception | None = None
        """What the last call raised."""
        self.lost: Told | None = None
        """Why no call can be answered any more; stays, even if a test swallowed the exception."""

    def __call__(self, *args: object, **kwargs: object) -> object:
        self.raised = None
        self._say(encode((list(args), kwargs)))
        self.settle()
        match self._hear():
            case ("returned", value, changed):
                _follow(args, kwargs, changed)
                return value
            case ("raised", str(name), str(text)):
                self.raised = _exception(name, text)
                raise self.raised
        raise self._gone("died", "it sent what is no answer")

    def define(self, solution: str, entry_point: str, limit_s: float) -> None:
        """Hand the program over, and go on: it is defined while the tests are read."""
        self._say(encode((solution, entry_point, limit_s)))

    def settle(self) -> None:
        """Wait until the program is defined, unless it is known to be."""
        if self._defined:
            return
        match self._hear():
            case ("ready",):
                self._defined = True
            case ("raised", str(name), str(text)):
                raise self._gone("raised", f"{name}: {text}")
            case _:
                raise self._gone("died", "it sent what is no answer")

    def _say(self, message: bytes) -> None:
        if self.lost is not None:
            raise GoneError
        with contextlib.suppress(ClosedError):  # what it said before it ended is still heard
            self._line.say(message)

    def _hear(self) -> object:
        try:
            return self._line.hear_value()
        except ClosedError:
            raise self._gone("died", "it ended before the tests did") from None
        except MalformedError as error:
            raise self._gone("died", f"it sent what is no answer: {error}") from None

    def _gone(self, end: str, detail: str) -> GoneError:
        self.lost = self.lost or (end, _line(detail))
        return GoneError(detail)


def judge(job: Mapping[str, str], limit_s: float, candidate: Candidate) -> Told:
    """Run one job's tests on the function that its program defines."""
    try:
        candidate.define(job["solution"], job["entry_point"], limit_s)
        told = _checked(job, candidate) if "reply" in job else _tested(job, candidate)
    except BaseException as error:  # noqa: BLE001  # a test may raise anything, and that is a verdict
        told = _failed(error, job, candidate)
    return candidate.lost or told


def _tested(job: Mapping[str, str], candidate: Candidate) -> Told:
    names: dict[str, object] = {"__name__": "test"}
    try:
        exec(compile(job["setup"], "<setup>", "exec", dont_inherit=True), names)
        # Tests of one process call the function by its name too.
        names[job["entry_point"]] = candidate
        exec(compile(job["test"], _TEST, "exec", dont_inherit=True), names)
    except Exception as error:  # noqa: BLE001  # whatever it is, the program had no part in it
        return ("no answer", _line(f"the tests cannot be read: {_named(error)}"))
    check = names.get("check")
    if not callable(check):
        return ("no answer", "the tests define no 'check'")
    check(candidate)
    candidate.settle()  # tests that never called it pass only a program that can be defined
    return ("passed", "every test held")


def _checked(job: Mapping[str, str], candidate: Candidate) -> Told:
    said = candidate(job["reply"])
    if said is True:
        return ("passed", "check returned True")
    if said is False:
        return ("failed", "check returned False")
    return ("raised", _line(f"TypeError: check returned {said!r}, which is no bool"))


def _failed(error: BaseException, job: Mapping[str, str], candidate: Candidate) -> Told:
    if error is candidate.raised:
        return ("raised", _line(_named(error)))
    if isinstance(error, TooMuchError):
        return ("no answer", _line(f"the tests hand over what cannot cross: {error}"))
    told = [_where(error, job), "" if _bare(error) else _named(error)]
    return ("failed", _line(": ".join(part for part in told if part)))


def _bare(error: BaseException) -> bool:
    """An `assert` without a message, of which its line says all."""
    return isinstance(error, AssertionError) and not error.args


def _where(error: BaseException, job: Mapping[str, str]) -> str:
    """The line of the tests that did not hold."""
    lines, at, step = job.get("test", "").splitlines(), 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == _TEST:
            at = step.tb_lineno
        step = step.tb_next
    return lines[at - 1].strip()[:140] if 0 < at <= len(lines) else ""


def _named(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _line(text: str) -> str:
    """One line of bounded length, printable on any terminal."""
    return " ".join(text.encode("utf-8", "replace").decode().split())[:300]


def _exception(name: str, text: str) -> Exception:
    kind = getattr(builtins, name, None)
    if isinstance(kind, type) and issubclass(kind, Exception) and kind not in _NEVER_PASSED_ON:
        try:
            return kind(text)
        except TypeError:  # a few, UnicodeDecodeError among them, want more than a text
            pass
    return CandidateError(f"{name}: {text}")


def _follow(args: tuple[object, ...], kwargs: dict[str, object], changed: object) -> None:
    """Let the tests see what the program did to the lists and dictionaries they passed."""
    match changed:
        case (list(new_args), dict(new_kwargs)):
            for mine, theirs in zip(args, new_args, strict=False):
                _replace(mine, theirs)
            for name, mine in kwargs.items():
                _replace(mine, new_kwargs.get(name))


def _replace(mine: Any, theirs: Any) -> None:
    """Make `mine` hold what `theirs` does; any other kind than a container cannot change."""
    if not isinstance(mine, type(theirs)):
        return
    if isinstance(theirs, list | bytearray):
        mine[:] = theirs
    elif isinstance(theirs, dict | set):
        mine.clear()
        mine.update(theirs)
