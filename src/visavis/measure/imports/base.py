"""What every format is read into: one `Entry` for each answer of a foreign log."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from visavis.core.case import Case
from visavis.core.outcome import Finish, Usage
from visavis.measure.imports.reading import LogFile

Columns = Mapping[str, str]
"""For plain files: our name of a column, and the file's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What the source itself says of an answer. Kept and compared, never used as our score."""

    value: float
    """0 to 1."""
    by: str
    """Its scorer: `exact_match, flexible-extract`."""
    read: str | None = None
    """The answer that it read, where it says so."""
    how: str = ""
    """How it came to that reading, in words, where we can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One case as it was put to one model, and what came."""

    model: str
    """As the log names it."""
    task: str
    """The tool's name of what was asked; with the tool's own it makes the protocol."""
    case: Case
    text: str | None
    """The reply; None where the log holds an error in its place."""
    finish: Finish = "unknown"
    usage: Usage | None = None
    reasoning: str | None = None
    logprobs: tuple[float, ...] | None = None
    mark: Mark | None = None
    check: str | None = None
    """How to grade, where the log leaves no doubt: one of `benchmarks.imported.GRADERS`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """All of one file."""

    tool: str
    """What follows the `@` of the protocol."""
    entries: tuple[Entry, ...]
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """How the answers were drawn, as far as the log says: temperature, version of the tool."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One kind of log."""

    name: str
    title: str
    is_like: Callable[[LogFile], bool]
    """Whether a file looks like one of these; must be quick, and raises nothing."""
    read: Callable[[LogFile, Columns], Log]
