"""What may be run inside the fence, and how it ended."""

from dataclasses import dataclass
from typing import Literal, Protocol

from visavis.core.tell import tell

End = Literal["passed", "failed", "raised", "timed out", "died", "no answer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A function that a model wrote, and the tests that judge it.

    `setup` and `test` are ours or the benchmark's. `solution` is hostile: it
    runs in a process of its own, apart from the one that runs the tests, so
    nothing it does can reach the verdict.
    """

    solution: str
    """Source that defines `entry_point`."""
    entry_point: str
    setup: str
    """Source that the tests need beside the function: imports, helpers."""
    test: str
    """Source that defines `check(candidate)`."""
    limit_s: float = 5.0
    """Wall time of the whole program, in seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A user's own check of a reply: `code` defines `check(reply: str) -> bool`."""

    code: str
    reply: str
    limit_s: float = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a program ended."""

    end: End
    """`passed` only when every test ran to its end and held. `no answer` is our own fault."""
    detail: str
    """One line for the reader."""

    @property
    def told(self) -> str:
        """How it ended and what is known of it, as `core.tell` tells it."""
        match self.end:
            case "passed":
                return tell("passed")
            case "failed":
                return tell("failed: {maybe}", maybe=self.detail)
            case "raised":
                return tell("raised: {maybe}", maybe=self.detail)
            case "timed out":
                return tell("timed out: {maybe}", maybe=self.detail)
            case "died":
                return tell("died: {maybe}", maybe=self.detail)
        return tell("no answer: {maybe}", maybe=self.detail)


class Fence(Protocol):
    """Runs code where it can harm nothing. Safe to call from several threads."""

    def run(self, job: Program | Check) -> Ran: ...


class NoFence:
    """For those who grade by benchmarks that run no program."""

    def run(self, job: Program | Check) -> Ran:
        raise AssertionError(f"no benchmark here declared that it runs programs: {job!r}")
