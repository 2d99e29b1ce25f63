"""The hostile side: holds the model's program and answers calls of one of its functions.

Everything here shares a process with the program, so nothing here can be trusted to stay as it is
written, and nothing rests on it: whatever this process says is read as a plain value
by the tests, which are elsewhere. A program that takes over the pipe can say nothing that it could
not have returned.

Runs inside the fence: standard library only.
"""

import builtins
import sys
from collections.abc import Callable
from types import ModuleType

from visavis.scoring.fence.pipe import Line
from visavis.scoring.fence.values import Opaque, TooMuchError, decode, encode

MODULE = "solution"


def serve(line: Line, limit_processor: Callable[[float], None]) -> None:
    """Define the program, then answer one call after another, until the tests hang up."""
    match line.hear_value():
        case (str(source), str(entry_point), float(limit_s)):
            limit_processor(limit_s)
        case _:
            raise AssertionError("the tester sent no program")
    try:
        function = _defined(source, entry_point)
    except BaseException as error:  # noqa: BLE001  # the program may raise anything: SystemExit too
        line.say(_raised(error))
        return
    line.say_value(("ready",))
    while True:
        line.say(_answer(function, line.hear()))


def _defined(source: str, entry_point: str) -> Callable[..., object]:
    """Run the program's text as a module that is not `__main__`; give the function asked for."""
    module = ModuleType(MODULE)
    sys.modules[MODULE] = module  # dataclasses and typing look a class's module up here
    exec(compile(source, f"<{MODULE}>", "exec", dont_inherit=True), module.__dict__)
    if entry_point not in module.__dict__:
        raise NameError(f"the program does not define {entry_point!r}")
    function: Callable[..., object] = module.__dict__[entry_point]
    return function


def _answer(function: Callable[..., object], sent: bytes) -> bytes:
    match decode(sent):
        case (list(args), dict(kwargs)):
            pass
        case _:
            raise AssertionError("the tester sent no call")
    try:
        value = function(*args, **kwargs)
        changed = _changed(sent, [args, kwargs])
        return encode(("returned", value, changed), lenient=True)
    except TooMuchError:
        return encode(("returned", Opaque("too large a value"), None))
    except BaseException as error:  # noqa: BLE001  # the program may raise anything: SystemExit too
        return _raised(error)


def _changed(sent: bytes, held: list[object]) -> object:
    """The arguments as the program left them, or None when it left them alone."""
    args, kwargs = held
    now = encode((args, kwargs), lenient=True)
    return None if now == sent else (args, kwargs)


def _raised(error: BaseException) -> bytes:
    """An exception by the name of the nearest built-in one, with a text of bounded length."""
    names = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == builtins.__name__]
    try:
        text = str(error)[:500]
    except Exception:  # noqa: BLE001  # `__str__` is the program's own
        text = "an exception that has no text"
    return encode(("raised", names[0], text))
