"""What the tests of imports and of merges begin with."""

from pathlib import Path
from typing import Any

import pytest

from tests.api.imports_things import Import
from tests.api.merging import Merge
from visavis.api.around import Surroundings
from visavis.api.imports import Brought, bring
from visavis.api.merge import Whole, merge
from visavis.options import ImportOptions
from visavis.options.runs import MergeOptions, Prefer
from visavis.report.progress import screen


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("VISAVIS_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def imported(home: Path) -> Import:
    def bring_in(*files: Path, kind: str = "auto", **options: Any) -> Brought:
        return bring(kind, files, ImportOptions(**options), home, screen())

    return bring_in


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(home=tmp_path / "home", environ={})


@pytest.fixture
def joined(tmp_path: Path, around: Surroundings) -> Merge:
    def whole(*runs: Path, out: str = "whole", prefer: Prefer = "all") -> Whole:
        options = MergeOptions(out=tmp_path / out, prefer=prefer)
        return merge([*map(str, runs)], options, around)

    return whole
