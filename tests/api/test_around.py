"""Where files may be written."""

from pathlib import Path

import pytest

from visavis.api.around import check_writable
from visavis.api.shown import save
from visavis.core.errors import OptionError


def test_a_file_is_written_into_a_folder_that_is_there(tmp_path: Path) -> None:
    assert save(tmp_path / "a.json", b"{}").read_bytes() == b"{}"
    assert save(tmp_path / "a.json", [b"[", b"]"]).read_bytes() == b"[]"
    check_writable(Path("/dev/null"))


def test_no_folder_is_made_for_a_file_since_its_name_was_mistyped(tmp_path: Path) -> None:
    missing = tmp_path / "nope" / "deep"
    for write in (check_writable, lambda file: save(file, b"")):
        with pytest.raises(OptionError, match=f"there is no folder '{missing}'; make it"):
            write(missing / "page.html")
    assert not (tmp_path / "nope").exists()


def test_a_file_may_lie_in_the_folder_that_its_run_will_make(tmp_path: Path) -> None:
    run = tmp_path / "run"
    check_writable(run / "results.json", made=run)
    with pytest.raises(OptionError, match="no folder"):
        check_writable(tmp_path / "ran" / "results.json", made=run)


def test_a_link_that_leads_nowhere_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    itself, missing, fine = (tmp_path / name for name in ("itself", "missing", "fine"))
    itself.symlink_to("itself")
    missing.symlink_to("nope/a.json")
    fine.symlink_to("a.json")
    with pytest.raises(OptionError, match="cannot be written; name another place"):
        check_writable(itself)
    with pytest.raises(OptionError, match="there is no folder"):
        check_writable(missing)
    check_writable(fine)


def test_what_is_no_file_is_refused_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OptionError, match="it is a folder; name a file in it"):
        check_writable(tmp_path)
    with pytest.raises(OptionError, match="cannot be written; name another place"):
        check_writable(tmp_path / "file" / "a.json")
