"""What an import keeps: all of it or nothing, also when it is killed."""

from pathlib import Path

import pytest

import visavis
from tests.api.imports_things import HALF, RIGHT, Import, kept, zeroeval
from tests.measure.imports import logs
from visavis.candidates.recordings import recorded_protocols
from visavis.core.errors import DataError, OptionError
from visavis.measure.imports import keep


def test_the_same_import_again_changes_nothing(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    file = zeroeval(tmp_path, "a", RIGHT)
    imported(file)
    before = kept(home)
    assert imported(file).known == {("a", "gsm8k@zeroeval")}
    assert kept(home) == before


def test_other_answers_under_the_same_name_need_a_word(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    before = kept(home)
    other = zeroeval(tmp_path, "a", HALF)
    with pytest.raises(OptionError, match="another --name, or take its place by --replace"):
        imported(other)
    assert kept(home) == before
    imported(other, name="a2")
    (replaced,) = imported(other, replace=True).tallies
    assert replaced.ours == 1.0
    assert recorded_protocols(home, "a2") == {"gsm8k@zeroeval"}


def test_cases_that_nobody_answers_any_more_bind_nobody(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    rows = logs.zeroeval({"1": '{"answer": "6"}'}, model="openai/a")
    rows[0]["answer"] = "# 6"
    brought = imported(logs.write(tmp_path / "a.json", rows), replace=True)
    assert brought.cases == {"gsm8k@zeroeval": 1}
    assert brought.tallies[0].ours == 1.0


def test_what_goes_wrong_while_writing_leaves_what_was_there(
    imported: Import, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    before = kept(home)
    renamed = Path.rename

    def full(self: Path, target: Path) -> Path:
        if self.parent.name.startswith(".import-") and not self.name.startswith("."):
            raise OSError(28, "No space left on device")
        return renamed(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", full)
        with pytest.raises(visavis.VisavisError, match="disk is full"):
            imported(zeroeval(tmp_path, "a", HALF), replace=True)
    assert kept(home) == before


@pytest.mark.parametrize("next_one", ["names it", "imports"])
def test_killed_between_two_renames_an_import_has_lost_nothing(
    imported: Import, home: Path, tmp_path: Path, next_one: str
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT), zeroeval(tmp_path, "b", HALF))
    before = kept(home)
    torn = home / "recorded/.import-x"
    (torn / "a").mkdir(parents=True)  # what was to take its place
    (home / "recorded/a").rename(torn / ".a.before")
    if next_one == "imports":
        imported(zeroeval(tmp_path, "b", HALF))
    else:
        visavis.compare(["recorded:a", "recorded:b"], out=tmp_path / "run")
    assert not torn.exists()
    there = kept(home)
    assert {name: there.get(name) for name in before} == before


def test_a_torn_recording_is_told_and_not_added_to(
    imported: Import, home: Path, tmp_path: Path
) -> None:
    imported(zeroeval(tmp_path, "a", RIGHT))
    (home / "recorded" / "a" / "answers.jsonl").write_text("{torn")
    before = kept(home)
    with pytest.raises(DataError, match="recording 'a' is torn"):
        imported(zeroeval(tmp_path, "a", RIGHT, dataset="math-l5"))
    assert kept(home) == before


def test_only_one_import_writes_at_a_time(home: Path) -> None:
    with keep.kept_alone(home):
        assert (home / "recorded" / ".lock").exists()
