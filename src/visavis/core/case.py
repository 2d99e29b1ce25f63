"""A case: one question with its key."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from visavis.core.prompt import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question, put in the same words to every candidate.

    A published case never changes. A corrected case takes a new `id`, so two
    runs that share an id are known to have asked the same thing.
    """

    id: str
    """Unique in its benchmark; the key on which candidates are paired."""
    group: str
    """Cases that rise and fall together: one subject, one source text."""
    question: str
    target: str
    """The key, in the benchmark's own writing; only its `grade` reads it."""
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Further columns of the source's row that `ask` and `grade` need."""
    images: tuple[Image, ...] = ()
    """The pictures that go with the question; `ask` puts them into the prompt."""
