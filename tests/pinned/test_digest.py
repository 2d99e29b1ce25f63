import hashlib
from pathlib import Path

import pytest

from visavis.core.errors import DataError
from visavis.pinned.digest import sha256_of


def test_a_digest_is_remembered_until_the_file_changes(tmp_path: Path) -> None:
    file, kept = tmp_path / "file", tmp_path / "kept"
    file.write_bytes(b"one")
    first = sha256_of(file, remember=kept)
    assert first == hashlib.sha256(b"one").hexdigest()
    (marker,) = kept.iterdir()
    marker.write_text(marker.read_text().replace(first, "f" * 64))
    assert sha256_of(file, remember=kept) == "f" * 64  # believed, so not hashed again
    file.write_bytes(b"two!")
    assert sha256_of(file, remember=kept) == hashlib.sha256(b"two!").hexdigest()


@pytest.mark.parametrize("torn", ["", "nonsense", "3 4", "\xff\xfe"])
def test_a_torn_marker_is_not_believed(tmp_path: Path, torn: str) -> None:
    file, kept = tmp_path / "file", tmp_path / "kept"
    file.write_bytes(b"one")
    sha256_of(file, remember=kept)
    (marker,) = kept.iterdir()
    marker.write_text(torn, encoding="latin-1")
    assert sha256_of(file, remember=kept) == hashlib.sha256(b"one").hexdigest()


def test_a_folder_that_cannot_remember_costs_only_time(tmp_path: Path) -> None:
    file, in_the_way = tmp_path / "file", tmp_path / "kept"
    file.write_bytes(b"one")
    in_the_way.write_text("a file, no folder")
    assert sha256_of(file, remember=in_the_way) == hashlib.sha256(b"one").hexdigest()


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="gone' cannot be read"):
        sha256_of(tmp_path / "gone", remember=tmp_path)
