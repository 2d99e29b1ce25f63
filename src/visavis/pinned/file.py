"""Files known by their content: where the bytes can be had does not matter, the hash does."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

Progress = Callable[[int, int | None], None]
"""Called with the bytes had so far and the bytes in all, None where nobody knows."""

Note = Callable[[str], None]
"""Tells the user one line: a source tried, a licence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HubPlace:
    """A file on the Hugging Face hub, at one revision."""

    repo: str
    """`maker/model`; a data set's begins with `datasets/`."""
    revision: str
    """A commit, so that the place means the same bytes tomorrow; or `main`, where no commit could
    be learned."""
    path: str

    def url(self, endpoint: str) -> str:
        return f"{endpoint.rstrip('/')}/{self.repo}/resolve/{self.revision}/{quote(self.path)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelPart:
    """A member of a wheel that holds the file, or one part of it. The wheel is only ever read."""

    distribution: str
    version: str
    member: str
    """Path inside the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedFile:
    """A file that anyone may hand us: its SHA-256 says whether it is the one."""

    name: str
    """The file's name in its folder."""
    size: int | None
    """Bytes; None where only the hash is known."""
    sha256: str
    licence: str
    hub: HubPlace | None = None
    web: tuple[str, ...] = ()
    """Addresses of the file, each a commit's or one whose bytes its owner does not change."""
    wheels: tuple[WheelPart, ...] = ()
    """Their members, joined in this order, are the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedFile:
    """A file whose hash nobody told us: the hub, which names a commit's files by their content,
    states it at the first fetch, and is held to it from then on (`pinned.stated`)."""

    name: str
    """The file's name in its folder."""
    licence: str
    hub: HubPlace
