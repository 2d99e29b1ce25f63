"""Files whose hash the hub states: learned once, checked, and held to."""

import hashlib
import json
from pathlib import Path

import pytest

from tests.pinned.file_server import FileServer
from tests.pinned.hub import COMMIT, add_repo
from visavis.core.errors import DataError
from visavis.pinned.download import Wire
from visavis.pinned.fetch import Sources, fetch
from visavis.pinned.file import HubPlace, PinnedFile, StatedFile
from visavis.pinned.stated import kept, pin

REPO, PATH = "datasets/maker/set", "standard (10 options)/test.parquet"
CONTENT = b"rows" * 5_000
FILE = StatedFile(
    name="test.parquet", licence="MIT", hub=HubPlace(repo=REPO, revision=COMMIT, path=PATH)
)


def sources(server: FileServer) -> Sources:
    return Sources(hub=server.url, wire=Wire(timeout_s=5.0, pause_s=0.0, tries=1))


def get(file: PinnedFile, folder: Path, server: FileServer) -> Path:
    return fetch(file, folder, progress=lambda done, of: None, note=print, sources=sources(server))


@pytest.mark.parametrize("small", [False, True])
def test_a_file_is_what_the_hub_states(server: FileServer, tmp_path: Path, small: bool) -> None:
    add_repo(server, REPO, {PATH: CONTENT}, small=small)
    found = pin(FILE, tmp_path, sources(server))
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert found.size == len(CONTENT)
    assert get(found, tmp_path, server).read_bytes() == CONTENT


def test_what_was_stated_is_not_asked_again(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {PATH: CONTENT})
    first = pin(FILE, tmp_path, sources(server))
    asked = len(server.asked)
    assert pin(FILE, tmp_path, sources(server)) == first == kept(FILE, tmp_path)
    assert len(server.asked) == asked


def test_a_file_at_the_root_is_listed_there(server: FileServer, tmp_path: Path) -> None:
    file = StatedFile(
        name="a.tsv", licence="MIT", hub=HubPlace(repo=REPO, revision=COMMIT, path="a.tsv")
    )
    add_repo(server, REPO, {"a.tsv": b"x\ty\n"}, small=True)
    assert pin(file, tmp_path, sources(server)).size == 4


def test_bytes_that_change_later_are_refused(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {PATH: CONTENT})
    found = pin(FILE, tmp_path, sources(server))
    add_repo(server, REPO, {PATH: CONTENT[::-1]})
    with pytest.raises(DataError, match="other bytes came"):
        get(pin(FILE, tmp_path, sources(server)), tmp_path, server)
    assert not (tmp_path / found.name).exists()


def test_a_large_file_that_is_not_as_stated_is_refused(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {PATH: CONTENT}, stated={PATH: CONTENT[::-1]})
    with pytest.raises(DataError, match="other bytes came"):
        get(pin(FILE, tmp_path, sources(server)), tmp_path, server)


def test_a_small_file_that_is_not_as_stated_is_refused(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {PATH: CONTENT}, small=True, stated={PATH: CONTENT[::-1]})
    with pytest.raises(DataError, match="other bytes came than the hub states"):
        pin(FILE, tmp_path, sources(server))
    assert kept(FILE, tmp_path) is None


def test_a_file_that_is_not_listed_is_told(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {"standard (10 options)/other.parquet": CONTENT})
    with pytest.raises(DataError, match=r"lists no .*test\.parquet.* at commit cccccccc.*--data"):
        pin(FILE, tmp_path, sources(server))


@pytest.mark.parametrize("page", [b"<html>", b"[1]", b'{"error": 1}'])
def test_a_list_that_cannot_be_read_is_told(
    server: FileServer, tmp_path: Path, page: bytes
) -> None:
    add_repo(server, REPO, {PATH: CONTENT})
    listed = next(path for path in server.files if path.startswith("/api"))
    server.files[listed] = page
    with pytest.raises(DataError, match="cannot be read"):
        pin(FILE, tmp_path, sources(server))


@pytest.mark.parametrize(
    "entry", [{"size": "many"}, {"size": 3, "lfs": {}}, {"size": 3}, {"size": 11 << 20, "oid": ""}]
)
def test_a_list_that_says_too_little_is_told(
    server: FileServer, tmp_path: Path, entry: dict[str, object]
) -> None:
    add_repo(server, REPO, {PATH: b"abc"})
    listed = next(path for path in server.files if path.startswith("/api"))
    server.files[listed] = json.dumps([{"path": PATH, "type": "file", **entry}]).encode()
    with pytest.raises(DataError, match="could not be learned from the hub"):
        pin(FILE, tmp_path, sources(server))


def test_a_small_file_that_does_not_come_is_told(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {PATH: CONTENT}, small=True)
    server.files = {path: c for path, c in server.files.items() if path.startswith("/api")}
    with pytest.raises(DataError, match="404"):
        pin(FILE, tmp_path, sources(server))


def test_a_hub_out_of_reach_is_told(tmp_path: Path) -> None:
    nowhere = Sources(hub="http://127.0.0.1:9", wire=Wire(pause_s=0.0))
    with pytest.raises(DataError, match=r"'test\.parquet'.*try again later"):
        pin(FILE, tmp_path, nowhere)


def test_a_note_of_another_commit_or_a_torn_one_counts_for_nothing(
    server: FileServer, tmp_path: Path
) -> None:
    add_repo(server, REPO, {PATH: CONTENT})
    pin(FILE, tmp_path, sources(server))
    moved = StatedFile(
        name=FILE.name, licence="MIT", hub=HubPlace(repo=REPO, revision="d" * 40, path=PATH)
    )
    assert kept(moved, tmp_path) is None
    next((tmp_path / ".pins").iterdir()).write_text('{"size": 3', encoding="utf-8")
    assert kept(FILE, tmp_path) is None


def test_a_folder_that_cannot_be_written_is_told(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {PATH: CONTENT})
    (tmp_path / "taken").write_text("a file, no folder", encoding="utf-8")
    with pytest.raises(DataError, match="cannot be written"):
        pin(FILE, tmp_path / "taken", sources(server))
