"""Whole reports, in both languages, as they were last read by a person."""

import pytest

from tests.report.whole import FOLDER, reports

REPORTS = dict(reports())


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_a_report_reads_as_it_was_last_read(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == REPORTS[name]


def test_no_snapshot_is_left_behind() -> None:
    assert {file.name for file in FOLDER.iterdir()} == set(REPORTS)
