import hashlib
import os
from pathlib import Path

import msgspec
import pytest

from tests.pinned.file_server import FileServer, serving
from visavis.candidates.catalog import catalog
from visavis.candidates.grammar import parse
from visavis.candidates.weights import ensure, listed
from visavis.pinned.download import Wire
from visavis.pinned.fetch import Sources
from visavis.pinned.index import Indexes

SMOL = catalog().local_or_error("smollm2-135m")


def sources(server: FileServer) -> Sources:
    return Sources(
        hub=server.url,
        indexes=Indexes(urls=(f"{server.url}/simple",)),
        wire=Wire(timeout_s=5.0, pause_s=0.0),
    )


def test_nothing_is_here_at_first(tmp_path: Path) -> None:
    lines = list(listed(tmp_path))
    assert [line.model.name for line in lines] == [local.name for local in catalog().locals]
    assert not any(line.present or line.held_bytes for line in lines)
    assert all(line.model.licence for line in lines)


def test_weights_are_fetched_to_where_their_candidate_looks(tmp_path: Path) -> None:
    content = b"GGUF and weights"
    digest = hashlib.sha256(content).hexdigest()
    small = msgspec.structs.replace(SMOL, size=len(content), sha256=digest)
    notes: list[str] = []
    with serving() as server:
        assert SMOL.hub is not None
        server.files[f"/{SMOL.hub.repo}/resolve/{SMOL.hub.revision}/{SMOL.hub.path}"] = content
        for _ in range(2):
            path = ensure(
                small, tmp_path, progress=ignore, note=notes.append, sources=sources(server)
            )
        assert len(server.asked) == 1
    assert path == parse("smollm2-135m", home=tmp_path, environ={}).file
    assert len(notes) == 1
    assert "16 bytes, licence Apache-2.0" in notes[0]


def test_another_file_under_the_name_is_not_taken_for_the_model(tmp_path: Path) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / SMOL.file).write_bytes(b"GGUF")
    (folder / f".{SMOL.file}.hub").write_bytes(b"a part")
    line = next(line for line in listed(tmp_path) if line.model == SMOL)
    assert not line.present
    assert line.held_bytes == len(b"a part")


def ignore(done: int, total: int | None) -> None:
    pass


@pytest.mark.weights
def test_the_smallest_model_can_be_had_today(tmp_path: Path) -> None:
    home = Path(os.environ.get("VISAVIS_HOME", tmp_path))
    steps: list[tuple[int, int | None]] = []
    path = ensure(SMOL, home, progress=lambda *step: steps.append(step), note=lambda text: None)
    assert path.stat().st_size == SMOL.size
    assert next(line for line in listed(home) if line.model == SMOL).present
