"""A model you could choose, with the way it is reached, and the facts known of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from visavis.core.prompt import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A property that nobody here can know, and why. Never drawn as a number."""

    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A property shown and never averaged, with where it comes from."""

    name: str
    """Named with its unit: `context_window_tokens`, `file_bytes`, `parameters`, `quantisation`."""
    value: float | str | Unknown
    source: str
    """Who says so: a page, a package with its data date, `read from the file`, `measured here`."""
    as_of: str
    """ISO date of the statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifecycle:
    """How long a hosted snapshot can still be asked."""

    status: Literal["active", "deprecated", "shut down"]
    shutdown_date: str | None
    """ISO date, or None when none is announced."""
    successor: str | None
    source: str
    as_of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A model you could choose, with the way it is reached.

    Holds no secret: `key_name` names the environment variable, the key itself
    is read at the door and lives in the client alone.
    """

    name: str
    """What the user called it; unique in a run, and the column head of every table."""
    kind: Literal["hosted", "local", "recorded", "scripted"]
    """`local` computes on this machine: a file, or a server at a loopback address."""
    route: str
    """`openai`, `azure`, `openrouter`, `groq`, `together`, `ollama`, `http`, `gguf`, `recorded`,
    `scripted`, or another provider of the catalog."""
    model: str
    """The model id on the wire; for a file, its name without folders."""
    snapshot: str
    """What exactly is asked: a dated model id, `sha256:…` of a file, or the id as given."""
    system: str | None = None
    """The catalog entry that this is a way to reach, if any: `gpt-4o-mini`."""
    base_url: str | None = None
    """Up to and including `/v1`; None for a local file."""
    key_name: str | None = None
    """Environment variable that holds the key; None when none is needed."""
    file: Path | None = None
    """A GGUF file or a recording."""
    quantisation: str | None = None
    """For a file: `Q4_K_M` …; a quantised file is a candidate of its own."""
    ways: tuple[Way, ...] = ("chat",)
    """How it can be asked."""
    sees_images: bool | None = None
    """None where nobody here knows: asking will tell."""
    protocols: tuple[str, ...] | None = None
    """All that a recording can answer; None where nothing is prescribed."""
    facts: tuple[Fact, ...] = ()
    lifecycle: Lifecycle | None = None
