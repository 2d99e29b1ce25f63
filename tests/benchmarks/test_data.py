"""Where a benchmark's files are looked for, and what a user is told of them."""

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from tests.benchmarks.upstream import options
from tests.pinned.file_server import FileServer, serving
from tests.pinned.hub import COMMIT, add_repo
from visavis.benchmarks.data import Upstream
from visavis.core.errors import DataError, OptionError
from visavis.pinned.file import HubPlace, PinnedFile, StatedFile, WheelPart

CONTENT = b'{"question": "1 + 1?", "answer": "#### 2"}\n' * 100
REPO = "datasets/maker/sums"


def place(path: str) -> HubPlace:
    return HubPlace(repo=REPO, revision=COMMIT, path=path)


UPSTREAM = Upstream(
    name="sums",
    title="Sums",
    licence="MIT",
    home="github.com/maker/sums",
    pinned=MappingProxyType(
        {
            "main/test.jsonl": PinnedFile(
                name="test.jsonl",
                size=len(CONTENT),
                sha256=hashlib.sha256(CONTENT).hexdigest(),
                licence="MIT",
                hub=place("main/test.jsonl"),
            ),
            "main/dev.jsonl": StatedFile(
                name="dev.jsonl", licence="MIT", hub=place("main/dev.jsonl")
            ),
        }
    ),
)
TEST, DEV = UPSTREAM.pinned


@pytest.fixture
def server() -> Iterator[FileServer]:
    with serving() as found:
        add_repo(found, REPO, {TEST: CONTENT, DEV: CONTENT[::-1]})
        yield found


def put(file: Path, content: bytes = CONTENT) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


@pytest.mark.parametrize("inner", ["sums/", ""])
def test_ones_own_folder_comes_first(tmp_path: Path, inner: str) -> None:
    mine = put(tmp_path / f"data/{inner}{TEST}", b"my part of it")
    put(tmp_path / f"home/data/sums/{TEST}")
    assert UPSTREAM.find(TEST, options(tmp_path / "home", data=tmp_path / "data")) == mine


def test_ones_own_file_that_is_not_the_published_one_is_used_and_said_to_differ(
    tmp_path: Path,
) -> None:
    notes: list[str] = []
    how = replace(options(tmp_path / "home", data=tmp_path), note=notes.append)
    put(tmp_path / "sums" / TEST)
    UPSTREAM.find(TEST, how)
    assert notes == []
    changed = put(tmp_path / "sums" / TEST, CONTENT + b"{}\n")
    assert UPSTREAM.find(TEST, how) == changed
    assert notes == [f"{str(changed)!r} is not the published file: other bytes, used as they are"]


def test_source_and_licence_are_told_before_the_first_download(
    server: FileServer, tmp_path: Path
) -> None:
    notes: list[str] = []
    loading = options(tmp_path, server=server, notes=notes)
    assert UPSTREAM.find(TEST, loading).read_bytes() == CONTENT
    assert notes == [
        "Sums is fetched from huggingface.co/datasets/maker/sums, commit cccccccc, licence MIT"
    ]
    assert UPSTREAM.find(DEV, loading).read_bytes() == CONTENT[::-1]
    assert len(notes) == 1


def test_a_file_of_the_web_is_told_with_its_address(server: FileServer, tmp_path: Path) -> None:
    server.files["/raw/a.tsv"] = CONTENT
    address = f"{server.url}/raw/a.tsv"
    digest = hashlib.sha256(CONTENT).hexdigest()
    file = PinnedFile(name="a.tsv", size=None, sha256=digest, licence="MIT", web=(address,))
    notes: list[str] = []
    upstream = replace(UPSTREAM, pinned=MappingProxyType({"a.tsv": file}))
    loading = options(tmp_path, server=server, notes=notes)
    assert upstream.find("a.tsv", loading).read_bytes() == CONTENT
    assert notes == [f"Sums is fetched from {address}, licence MIT"]


def test_a_file_in_a_wheel_is_told_with_its_name(server: FileServer, tmp_path: Path) -> None:
    server.add_wheel("sums-data", "1.0", {"sums/a.tsv": CONTENT})
    file = PinnedFile(
        name="a.tsv",
        size=None,
        sha256=hashlib.sha256(CONTENT).hexdigest(),
        licence="MIT",
        wheels=(WheelPart(distribution="sums-data", version="1.0", member="sums/a.tsv"),),
    )
    notes: list[str] = []
    upstream = replace(UPSTREAM, pinned=MappingProxyType({"a.tsv": file}))
    loading = options(tmp_path, server=server, notes=notes)
    assert upstream.find("a.tsv", loading).read_bytes() == CONTENT
    assert notes == ["Sums is fetched from the wheel sums-data 1.0, licence MIT"]


def test_what_is_not_in_ones_own_folder_is_told_at_each_loading(
    server: FileServer, tmp_path: Path
) -> None:
    notes: list[str] = []
    loading = options(tmp_path / "home", data=tmp_path, server=server, notes=notes)
    for path in (TEST, DEV, TEST):
        UPSTREAM.find(path, loading)
    told = f"Sums is not in {str(tmp_path)!r}; a fetched copy is used"
    assert [note for note in notes if "is not in" in note] == [told, told]


def test_what_was_fetched_needs_no_network(server: FileServer, tmp_path: Path) -> None:
    for path in (TEST, DEV):
        UPSTREAM.find(path, options(tmp_path, server=server))
    notes: list[str] = []
    without = options(tmp_path, notes=notes)
    assert UPSTREAM.find(TEST, without).read_bytes() == CONTENT
    assert UPSTREAM.find(DEV, without).read_bytes() == CONTENT[::-1]
    assert notes == []


@pytest.mark.parametrize("path", [TEST, DEV])
def test_a_file_that_was_changed_is_fetched_anew(
    server: FileServer, tmp_path: Path, path: str
) -> None:
    notes: list[str] = []
    loading = options(tmp_path, server=server, notes=notes)
    file = UPSTREAM.find(path, loading)
    held = file.read_bytes()
    file.write_bytes(b"tampered with")
    assert UPSTREAM.find(path, loading).read_bytes() == held
    assert notes[-1] == f"{str(file)!r} was changed since it was fetched: it is fetched anew"


@pytest.mark.parametrize("path", [TEST, DEV])
def test_a_changed_file_that_cannot_be_fetched_is_not_used(
    server: FileServer, tmp_path: Path, path: str
) -> None:
    UPSTREAM.find(path, options(tmp_path, server=server)).write_bytes(b"tampered with")
    with pytest.raises(DataError, match="could not be fetched"):
        UPSTREAM.find(path, options(tmp_path))


def test_a_wrong_hash_is_told(server: FileServer, tmp_path: Path) -> None:
    add_repo(server, REPO, {TEST: CONTENT[::-1]})
    with pytest.raises(DataError, match="other bytes came: SHA-256"):
        UPSTREAM.find(TEST, options(tmp_path, server=server))


def test_a_download_that_is_cut_short_is_told_and_goes_on(
    server: FileServer, tmp_path: Path
) -> None:
    server.cut_after = [1_000, 0]
    with pytest.raises(DataError, match=r"'test\.jsonl' could not be fetched"):
        UPSTREAM.find(TEST, options(tmp_path, server=server))
    assert UPSTREAM.find(TEST, options(tmp_path, server=server)).read_bytes() == CONTENT
    assert server.asked[-1][1] == "bytes=1000-"


def test_a_file_that_cannot_be_fetched_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"Sums needs 'extra\.tsv'.*'sums/extra\.tsv' by --data"):
        UPSTREAM.find("extra.tsv", options(tmp_path))
    mine = put(tmp_path / "data/sums/extra.tsv")
    assert UPSTREAM.find("extra.tsv", options(tmp_path)) == mine


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="is no folder; --data names one"):
        UPSTREAM.find(TEST, options(tmp_path, data=tmp_path / "nowhere"))


def test_parquet_that_could_not_be_read_is_not_fetched(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # as Python marks what cannot be imported
    table = StatedFile(name="a.parquet", licence="MIT", hub=place("a.parquet"))
    upstream = replace(UPSTREAM, pinned=MappingProxyType({"a.parquet": table}))
    with pytest.raises(DataError, match=r"'a\.parquet' is Parquet.*visavis\[data\]"):
        upstream.find("a.parquet", options(tmp_path, server=server))
    assert server.asked == []


def test_a_source_is_one_line() -> None:
    assert UPSTREAM.source == "github.com/maker/sums; MIT"
