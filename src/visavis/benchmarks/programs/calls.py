"""How a program that is started anew for every call is asked, and what came of it is kept."""

from collections.abc import Callable
from hashlib import sha256
from typing import Final

from visavis.benchmarks.programs.base import Finding, Requirement, UnmetError, must
from visavis.benchmarks.programs.draw import Draw
from visavis.core.outcome import Evidence
from visavis.core.tell import tell
from visavis.scoring.fence.stage import Done, Stage, StoppedError

CALL_S: Final = 10.0
"""Wall time of one call: many times what is needed, since the machine may be busy."""
TRACE_CHARACTERS: Final = 6_000
"""Of one requirement's trace; what comes after that is counted, not kept."""
_SHOWN: Final = 400
"""Characters of one input or output in it."""
_BRIEF: Final = 120


def brief(thing: object) -> str:
    """A value as a sentence can hold it."""
    text = repr(thing)
    return text if len(text) <= _BRIEF else f"{text[:_BRIEF]}…"


class Trace:
    """What went in and what came out, as a reader can follow it."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._room = TRACE_CHARACTERS
        self._left_out = 0
        self.picture: Callable[[], bytes] | None = None
        """Makes a PNG file of the latest picture."""

    def add(self, *lines: str) -> None:
        part = "\n".join(map(_cut, lines))
        if len(part) > self._room:
            self._left_out += 1
        else:
            self._room -= len(part)
            self._parts.append(part)

    def evidence(self, name: str) -> tuple[Evidence, ...]:
        """The last picture, where there is one, and the trace."""
        end = [f"… and {self._left_out} more"] if self._left_out else []
        text = "\n".join([*self._parts, *end]).encode(errors="replace")
        return (
            *(
                Evidence(name=name, media_type="image/png", data=picture())
                for picture in [self.picture]
                if picture
            ),
            Evidence(name=name, media_type="text/plain", data=text),
        )


def called(file: str, name: str, text: str, check: "Callable[[Calls, Draw], str]") -> Requirement:
    """A requirement of a program that is started anew for every call."""
    return checked(
        file, name, text, lambda stage, trace, draw: check(Calls(stage, file, trace), draw)
    )


def checked(
    file: str, name: str, text: str, check: Callable[[Stage, Trace, Draw], str]
) -> Requirement:
    """A requirement whose check says what it saw, and raises `UnmetError` where it does not hold.

    Inputs are drawn from the program's own text: the same program always meets the same, and
    none can hold the answers to its own.
    """

    def find(stage: Stage) -> Finding:
        trace = Trace()
        draw = Draw(name, sha256(stage.read(file) or b"").hexdigest())
        try:
            because, holds = check(stage, trace, draw), True
        except (UnmetError, StoppedError) as error:
            because, holds = str(error), False
        line = _cut(" ".join(because.split()))
        return Finding(holds=holds, because=line, evidence=trace.evidence(name))

    return Requirement(name=name, text=text, check=find)


class Calls:
    """Calls of the program on a stage: `call.ok("add", "milk")`."""

    def __init__(self, stage: Stage, file: str, trace: Trace) -> None:
        self._stage = stage
        self._file = file
        self._trace = trace

    def __call__(self, *arguments: str, stdin: str = "", limit_s: float = CALL_S) -> Done:
        """Call it, however it ends; too long or too much of anything ends the check."""
        done = self._stage.run([self._file, *arguments], stdin.encode(), limit_s)
        self._trace.add(
            f"$ python {' '.join(map(_quoted, [self._file, *arguments]))}",
            *(f"< {line}" for line in stdin.splitlines()[:20]),
            *(f"{line}" for line in _lines(done.stdout)),
            *(f"! {line}" for line in _lines(done.stderr)),
            *([f"[{ending(done)}]"] if done.code != 0 else []),
        )
        if done.timed_out:
            self._stage.within(0.0)  # says so where the stage's own time is over
        stopped = done.breach or (tell("not done in time") if done.timed_out else "")
        if stopped:
            raise UnmetError(tell("stopped: {maybe}", maybe=stopped))
        return done

    def ok(self, *arguments: str, stdin: str = "", limit_s: float = CALL_S) -> str:
        """Call it, and read what it printed; it must end well."""
        done = self(*arguments, stdin=stdin, limit_s=limit_s)
        if done.code != 0:
            last = (_lines(done.stderr) or [tell("nothing said")])[-1]
            called = " ".join([self._file, *arguments])
            raise UnmetError(
                tell(
                    "{called} ended with {told_ending}: {maybe}",
                    called=brief(called),
                    told_ending=ending(done),
                    maybe=_cut(last),
                )
            )
        return text(done.stdout)

    def refused(self, *arguments: str) -> None:
        """Call it; it must refuse: exit code 2, a message on standard error, and no output."""
        done = self(*arguments)
        called = brief(" ".join([self._file, *arguments]))
        must(
            done.code == 2,
            "{called} ended with {told_ending}, not exit code 2",
            called=called,
            told_ending=ending(done),
        )
        must(bool(done.stderr.strip()), "{called} was refused without a message", called=called)
        must(
            not done.stdout.strip(),
            "{called} was refused, but printed {stdout}",
            called=called,
            stdout=brief(done.stdout),
        )

    def put(self, name: str, data: bytes) -> None:
        self._stage.write(name, data)
        self._trace.add(f"[{name!r} is put there, {len(data):,} bytes]", *_lines(data)[:8])

    def find(self, name: str) -> bytes | None:
        """A file, or None where there is none."""
        return self._stage.read(name)

    def file(self, name: str) -> bytes:
        """A file that must be there."""
        data = self.find(name)
        if not data:
            raise UnmetError(tell("there is no file {name!r}, or nothing in it", name=name))
        return data

    def show(self, picture: Callable[[], bytes]) -> None:
        """Keep a picture as evidence, which makes a PNG file of itself."""
        self._trace.picture = picture


def text(data: bytes) -> str:
    """What should be UTF-8."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise UnmetError(tell("{data} is not UTF-8", data=brief(data))) from error


def ending(done: Done) -> str:
    if done.code is None:
        return tell("no exit code")
    if done.code >= 0:
        return tell("exit code {code}", code=done.code)
    return tell("signal {signal}", signal=-done.code)


def _lines(data: bytes) -> list[str]:
    return data.decode(errors="replace").splitlines()


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


def _quoted(argument: str) -> str:
    plain = argument.isascii() and argument and not set(argument) & set(" \"'\\\n`$<>&;|*?(){}")
    return argument if plain else repr(argument)
